"""Printing an evaluated SWOT table."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tabulate import tabulate

from engine.matrix import AXES, MatrixResult, other_reading
from engine.say.phrases import phrase
from engine.scores import four_decimals
from kb.matrix import Matrix


def matrix_json(result: MatrixResult, matrix: Matrix, lang: str) -> dict[str, Any]:
    """The answer of `matrix`; numbers as text with four decimals."""
    sums = {side: _four(value) for side, value in result.sums.items()}
    return {
        "title": matrix.title or None,
        "ratings": result.ratings,
        "rows": [
            {
                "side": row.side,
                "text": row.text,
                "weight": four_decimals(row.weight),
                "rating": four_decimals(row.rating),
                "score": four_decimals(row.weight * row.rating),
                "printed_score": _four(row.score),
                "line": row.mark.line,
            }
            for row in result.rows
        ],
        "scores": {
            **sums,
            "x": _four(result.differences["x"]),
            "y": _four(result.differences["y"]),
            "IFE": _four(result.evaluations["x"]),
            "EFE": _four(result.evaluations["y"]),
            "IE_cell": result.ie_cell,
        },
        "sizes": {side: _four(value) for side, value in result.sizes.items()},
        "positive_above": {axis: _four(value) for axis, value in result.thresholds.items()},
        "printed": {side: _four(value) for side, value in result.printed.items()},
        "class": None
        if result.verdict is None
        else {"id": result.verdict.id, "label": result.verdict.label.say(lang), "borderline": result.borderline},
        "class_by_other_ratings": None
        if result.other_verdict is None
        else {
            "ratings": other_reading(result.ratings),
            "id": result.other_verdict.id,
            "label": result.other_verdict.label.say(lang),
            "differs": result.other_verdict != result.verdict,
        },
        "warnings": list(result.warnings),
    }


def _four(value: Fraction | None) -> str | None:
    return None if value is None else four_decimals(value)


def matrix_text(result: MatrixResult, matrix: Matrix, lang: str) -> str:
    say = phrase(lang)
    rows = [
        [
            r.side,
            r.text,
            four_decimals(r.weight),
            four_decimals(r.rating),
            four_decimals(r.weight * r.rating),
            _four(r.score),
        ]
        for r in result.rows
    ]
    header = [say(key) for key in ("side", "text", "weight of row", "rating", "score", "printed")]
    lines = [
        *([matrix.title] if matrix.title else []),
        tabulate(rows, header, "simple", maxcolwidths=[None, 50] + [None] * 4, disable_numparse=True),
    ]
    sums = [[side, *(_four(of[side]) or "—" for of in (result.sums, result.printed, result.sizes))] for side in "SWOT"]
    header = [say(key) for key in ("side", "score", "printed", "size")]
    lines += ["", tabulate(sums, header, "simple", disable_numparse=True), ""]
    if any(row.side in "WT" for row in result.rows):
        lines.append(_reading("reading of ratings", result.ratings, lang))
    lines += [_difference(axis, result, lang) for axis in AXES]
    told = (("IFE", result.evaluations["x"]), ("EFE", result.evaluations["y"]))
    compared = ", ".join(f"{name} = {_four(value) or '—'}" for name, value in told)
    lines.append(f"{compared}, {say('IE cell')} {result.ie_cell or '—'}. {say('matrix only to compare')}")
    lines += _class(result, lang)
    lines += [f"! {warning}" for warning in result.warnings]
    return "\n".join(lines) + "\n"


def _difference(axis: str, result: MatrixResult, lang: str) -> str:
    """How x or y comes about, with what it must exceed."""
    difference, border = result.differences[axis], result.thresholds[axis]
    if difference is None or border is None:
        return f"{axis} = —"
    good, adverse, _ = AXES[axis]
    above = phrase(lang)("positive above").format(border=four_decimals(border))
    figures = f"{_four(result.sizes[good])} − {_four(result.sizes[adverse])}"
    return f"{axis} = {good} − {adverse} = {figures} = {four_decimals(difference)} ({above})"


def _class(result: MatrixResult, lang: str) -> list[str]:
    say = phrase(lang)
    if result.verdict is None:
        return [f"{say('Class')}: —"]
    lines = [f"{say('Class')}: {result.verdict.label.say(lang)}. {result.verdict.says.say(lang)}"]
    if result.borderline:
        lines.append(say("borderline"))
    if result.other_verdict is not None and result.other_verdict != result.verdict:
        other = result.other_verdict.label.say(lang)
        lines.append(_reading("other reading", other_reading(result.ratings), lang, other))
    return lines


def _reading(key: str, ratings: str, lang: str, label: str = "") -> str:
    say = phrase(lang)
    gravest, size = say(f"{ratings} gravest"), say(f"{ratings} size")
    return say(key).format(gravest=gravest, size=size, ratings=ratings, label=label)
