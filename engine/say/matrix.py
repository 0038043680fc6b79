"""Printing an evaluated SWOT table."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tabulate import tabulate

from engine.matrix import MatrixResult
from engine.say.phrases import phrase
from engine.scores import four_decimals
from kb.matrix import Matrix


def matrix_json(result: MatrixResult, matrix: Matrix, lang: str) -> dict[str, Any]:
    """The answer of `matrix`; numbers as text with four decimals."""
    sums = {side: _four(value) for side, value in result.sums.items()}
    return {
        "title": matrix.title or None,
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
        "printed": {side: _four(value) for side, value in result.printed.items()},
        "class": None
        if result.verdict is None
        else {"id": result.verdict.id, "label": result.verdict.label.say(lang), "borderline": result.borderline},
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
    sums = [[side, _four(result.sums[side]) or "—", _four(result.printed[side]) or "—"] for side in "SWOT"]
    lines += ["", tabulate(sums, [say("side"), say("score"), say("printed")], "simple", disable_numparse=True), ""]
    told = [("x", result.differences["x"]), ("y", result.differences["y"])]
    told += [("IFE", result.evaluations["x"]), ("EFE", result.evaluations["y"])]
    lines.append(
        ", ".join(f"{name} = {_four(v) or '—'}" for name, v in told) + f", {say('IE cell')} {result.ie_cell or '—'}"
    )
    if result.verdict is None:
        lines.append(f"{say('Class')}: —")
    else:
        lines.append(f"{say('Class')}: {result.verdict.label.say(lang)}. {result.verdict.says.say(lang)}")
        if result.borderline:
            lines.append(say("borderline"))
    lines += [f"! {warning}" for warning in result.warnings]
    return "\n".join(lines) + "\n"
