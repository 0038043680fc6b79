"""Printing weights from paired comparisons: tables, JSON, and the file an expert copies from."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from tabulate import tabulate

from engine.proposal import Proposal, Proposed
from engine.say.phrases import phrase
from engine.weigh import TOLERATED, Judged, Priorities
from kb.compare import Comparisons
from kb.model import Factor

_WIDTH = 100
# Names in a sentence, and experts side by side in a table.
_MANY = 5


def weigh_json(told: Proposal, read: Comparisons, day: str, lang: str) -> dict[str, Any]:
    """The answer of `weigh`; numbers as text with four decimals, weights of the rules as whole numbers."""
    return {
        "title": read.title or None,
        "axis": read.axis or None,
        "day": day,
        "scale": [read.low, read.top],
        "items": [
            {
                "item": row.item,
                "share": _four(row.share),
                "least": _four(row.least),
                "greatest": _four(row.greatest),
                "variation": _four_or_none(row.deviation),
                "weight": row.weight,
                "old_weight": row.old,
                "old_share": _four_or_none(row.old_share),
                "difference": None if row.old is None else row.weight - row.old,
            }
            for row in told.items
        ],
        "experts": [
            {
                "expert": one.name,
                **_priorities(one.priorities),
                "mend": None
                if one.mend is None
                else {**one.mend._asdict(), **{k: str(getattr(one.mend, k)) for k in ("stated", "proposed", "implied")}}
                | {"ratio": _four(one.mend.ratio)},
            }
            for one in told.judged
        ],
        "group": _priorities(told.group),
        "agreement": _four_or_none(told.agreement),
        "rounding_moves_at_most": {"share": _four(told.moved), "item": told.moved_item},
        "warnings": _warnings(told, lang),
    }


def _priorities(of: Priorities) -> dict[str, Any]:
    weights = {item: _four(weight) for item, weight in of.weights.items()}
    told = {"eigenvalue": _four(of.eigenvalue), "consistency_ratio": _four(of.ratio)}
    return {"weights": weights, **told, "tolerable": of.tolerable}


def _four(value: float) -> str:
    return f"{value:.4f}"


def _four_or_none(value: float | None) -> str | None:
    return None if value is None else _four(value)


def _warnings(told: Proposal, lang: str) -> list[str]:
    return [phrase(lang)(doubt.key).format(**doubt.gaps, tolerated=TOLERATED) for doubt in told.doubts]


def weigh_text(told: Proposal, read: Comparisons, factors: Mapping[str, Factor], day: str, lang: str) -> str:
    """The proposal first, then what each expert judged and how consistently; warnings last."""
    say = phrase(lang)
    title = say("weigh title").format(experts=len(told.judged), items=len(told.items), day=day)
    lines = [*([read.title] if read.title else []), title, ""]
    lines += [_proposed_table(told, read, factors, lang), ""]
    lines.append(say("weigh scale").format(low=read.low, top=read.top))
    lines.append(say("weigh moved").format(moved=_four(told.moved), item=told.moved_item))
    lines += ["", _experts_table(told, lang), ""]
    lines.append(say("weigh tolerated").format(tolerated=TOLERATED))
    if told.agreement is not None:
        lines.append(say("weigh agreement").format(agreement=_four(told.agreement)))
    if 1 < len(told.judged) <= _MANY:
        lines += ["", _shares_table(told, lang)]
    warnings = _warnings(told, lang)
    lines += ["", *(f"! {warning}" for warning in warnings)] if warnings else []
    return "\n".join(lines) + "\n"


def _proposed_table(told: Proposal, read: Comparisons, factors: Mapping[str, Factor], lang: str) -> str:
    say = phrase(lang)
    keys = ["item", "share", "least", "greatest", "variation", "proposed"]
    rows = [
        [
            f"{factors[row.item].label.say(lang)} [{row.item}]" if read.factors else row.item,
            *(_four(of) for of in (row.share, row.least, row.greatest)),
            _four_or_none(row.deviation) or "—",
            str(row.weight),
            *_beside(row),
        ]
        for row in told.items
    ]
    keys += ["now", "difference", "share now"] if read.factors else []
    return _table(rows, [say(key) for key in keys])


def _beside(row: Proposed) -> list[str]:
    if row.old is None or row.old_share is None:
        return []
    return [str(row.old), f"{row.weight - row.old:+d}" if row.weight != row.old else "0", _four(row.old_share)]


def _experts_table(told: Proposal, lang: str) -> str:
    say = phrase(lang)
    rated = [(one.name, one.priorities) for one in told.judged] + [(say("the group"), told.group)]
    rows = [[name, _four(of.eigenvalue), _four(of.ratio) + ("" if of.tolerable else " !")] for name, of in rated]
    return _table(rows, [say(key) for key in ("expert", "eigenvalue", "consistency ratio")])


def _shares_table(told: Proposal, lang: str) -> str:
    """What each expert's own judgements come to; only while they fit side by side (JSON has them all)."""
    rows = [[row.item, *(_four(one.priorities.weights[row.item]) for one in told.judged)] for row in told.items]
    return _table(rows, [phrase(lang)("shares of"), *(one.name for one in told.judged)])


def _table(rows: list[list[Any]], header: list[str]) -> str:
    right = ("left", *["right"] * (len(header) - 1))
    widths = [40, *[None] * (len(header) - 1)]
    return tabulate(
        rows,
        header,
        "simple",
        colalign=right,
        maxcolwidths=widths,
        maxheadercolwidths=[40, *[18] * (len(header) - 1)],
        disable_numparse=True,
    )


def proposal_yaml(told: Proposal, read: Comparisons, day: str, lang: str) -> str:
    """The proposal as YAML to copy from: per item the old and the new weight and a draft of `why` in both languages.

    It is written out by hand so that texts stay wrapped as in the rules; names are quoted, whatever is in them.
    """
    lines = [f"# {line}" for line in textwrap.wrap(phrase(lang)("weigh out"), _WIDTH)]
    lines += [f"title: {_quoted(read.title)}"] if read.title else []
    lines += [f"day: {day}", f"scale: [{read.low}, {read.top}]", f"group_consistency_ratio: {_four(told.group.ratio)}"]
    lines += ["experts:", *(_expert_line(one) for one in told.judged), "proposal:"]
    for row in told.items:
        lines += [f"  - {'factor' if read.factors else 'item'}: {row.item}"]
        lines += [f"    old_weight: {row.old}"] if row.old is not None else []
        lines += [f"    weight: {row.weight}", f"    share: {_four(row.share)}", "    why:"]
        for tongue in ("id", "en"):
            lines += [f"      {tongue}: >-", *_wrapped(_why(row, told, read, day, tongue))]
    return "\n".join(lines) + "\n"


def _expert_line(one: Judged) -> str:
    return f"  - {{expert: {_quoted(one.name)}, consistency_ratio: {_four(one.priorities.ratio)}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wrapped(text: str) -> list[str]:
    # Broken at spaces only, which folding gives back.
    indent = " " * 8
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _why(row: Proposed, told: Proposal, read: Comparisons, day: str, lang: str) -> str:
    say = phrase(lang)
    names, ratios = [one.name for one in told.judged], [_four(one.priorities.ratio) for one in told.judged]
    if len(names) > _MANY:
        names = [*names[:_MANY], say("and others").format(number=len(names) - _MANY)]
        ratios = [f"{min(ratios)}-{max(ratios)}"]
    return say("weigh why").format(
        weight=row.weight,
        low=read.low,
        top=read.top,
        experts=", ".join(names),
        day=day,
        ratio=_four(told.group.ratio),
        ratios=", ".join(ratios),
    )
