"""Weighted scores of the findings that hold now, exact.

Source: F. R. David, Strategic Management (IFE, EFE and IE matrices); the adverse side counts with the rating reversed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from kb.model import AXES, Finding, Knowledge

# Rows by EFE from high to low, columns by IFE from high to low.
_CELLS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


class Line(NamedTuple):
    """One finding's part in its axis: `normalised` = weight / Σ weight, `score` = normalised × rating."""

    finding: str
    weight: int
    rating: int
    normalised: Fraction
    score: Fraction


@dataclass(frozen=True, slots=True)
class Scores:
    """Sums by side, their differences, IFE and EFE (None on an empty axis), and both margins."""

    s: Fraction
    w: Fraction
    o: Fraction
    t: Fraction
    ife: Fraction | None
    efe: Fraction | None
    ie_cell: str | None
    margin_x: Fraction
    margin_y: Fraction
    lines: tuple[Line, ...]

    @property
    def x(self) -> Fraction:
        return self.s - self.w

    @property
    def y(self) -> Fraction:
        return self.o - self.t


# Few fractions, asked for again and again.
share = lru_cache(maxsize=4096)(Fraction)


def score(knowledge: Knowledge, held: Iterable[Finding]) -> Scores:
    """Scores of the findings that hold, in order of finding id within each axis."""
    findings = sorted(held, key=lambda f: f.id)
    axes = {axis: [f for f in findings if f.side in sides] for axis, sides in AXES.items()}
    lines: list[Line] = []
    sums: dict[str, Fraction] = {}
    evaluation: dict[str, Fraction | None] = {}
    for axis, members in axes.items():
        total = sum(knowledge.factors[f.factor].weight for f in members)
        reversed_sum = 0
        side_sums = dict.fromkeys(AXES[axis], 0)
        for finding in members:
            weight = knowledge.factors[finding.factor].weight
            weighted = weight * finding.rating
            lines.append(Line(finding.id, weight, finding.rating, share(weight, total), share(weighted, total)))
            side_sums[finding.side] += weighted
            reversed_sum += weight * (finding.rating if finding.sign > 0 else 5 - finding.rating)
        for side, value in side_sums.items():
            sums[side] = Fraction(value, total) if total else Fraction(0)
        evaluation[axis] = Fraction(reversed_sum, total) if total else None
    ife, efe = evaluation["internal"], evaluation["external"]
    unit = knowledge.table.tie_unit

    def margin(axis: str) -> Fraction:
        return Fraction(sum(_part(knowledge, finding) for finding in axes[axis]), unit)

    return Scores(
        s=sums["strength"],
        w=sums["weakness"],
        o=sums["opportunity"],
        t=sums["threat"],
        ife=ife,
        efe=efe,
        ie_cell=ie_cell(ife, efe),
        margin_x=margin("internal"),
        margin_y=margin("external"),
        lines=tuple(lines),
    )


def margin_part(weight: int, rating: int, sign: int, band: int, unit: int) -> int:
    """A finding's part in its margin, in units of 1/unit: weight · (±rating − tie band)."""
    return weight * (sign * rating * unit - band)


def margin_parts(knowledge: Knowledge) -> Mapping[str, int]:
    """Part of every finding in its margin, by finding id, in units of 1/tie_unit."""
    return {finding.id: _part(knowledge, finding) for finding in knowledge.findings.values()}


def _part(knowledge: Knowledge, finding: Finding) -> int:
    weight, table = knowledge.factors[finding.factor].weight, knowledge.table
    return margin_part(weight, finding.rating, finding.sign, table.tie_band, table.tie_unit)


def ie_cell(ife: Fraction | None, efe: Fraction | None) -> str | None:
    """Cell of the internal-external matrix; None when an axis is empty or a value lies outside 1 to 4."""
    if ife is None or efe is None or not (1 <= ife <= 4 and 1 <= efe <= 4):
        return None
    return _CELLS[3 * _column(efe) + _column(ife)]


def _column(value: Fraction) -> int:
    """0 for [3, 4], 1 for [2, 3), 2 for [1, 2)."""
    return 0 if value >= 3 else 1 if value >= 2 else 2


def four_decimals(value: Fraction) -> str:
    """Rounded half away from zero to four decimals, never -0.0000."""
    scaled = abs(value) * 10**4
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    text = f"{whole // 10**4}.{whole % 10**4:04d}"
    return f"-{text}" if value < 0 and whole else text
