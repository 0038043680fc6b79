"""Weighted scores of the findings that hold now, exact.

Source: F. R. David, Strategic Management (IFE, EFE and IE matrices); the adverse side counts with the rating reversed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


class Scores(NamedTuple):
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
    table = knowledge.table
    lines: list[Line] = []
    sums: dict[str, Fraction] = {}
    evaluation: dict[str, Fraction | None] = {}
    margins: dict[str, Fraction] = {}
    for axis, sides in AXES.items():
        members = [(f, knowledge.factors[f.factor].weight) for f in findings if f.side in sides]
        total = sum([weight for _, weight in members])
        reversed_sum = margin = 0
        side_sums = dict.fromkeys(sides, 0)
        for finding, weight in members:
            rating, sign = finding.rating, finding.sign
            lines.append(Line(finding.id, weight, rating, share(weight, total), share(weight * rating, total)))
            side_sums[finding.side] += weight * rating
            reversed_sum += weight * (rating if sign > 0 else 5 - rating)
            margin += margin_part(weight, rating, sign, table.tie_band, table.tie_unit)
        for side, value in side_sums.items():
            sums[side] = share(value, total) if total else Fraction(0)
        evaluation[axis] = share(reversed_sum, total) if total else None
        margins[axis] = Fraction(margin, table.tie_unit)
    ife, efe = evaluation["internal"], evaluation["external"]
    return Scores(
        s=sums["strength"],
        w=sums["weakness"],
        o=sums["opportunity"],
        t=sums["threat"],
        ife=ife,
        efe=efe,
        ie_cell=ie_cell(ife, efe),
        margin_x=margins["internal"],
        margin_y=margins["external"],
        lines=tuple(lines),
    )


def margin_part(weight: int, rating: int, sign: int, band: int, unit: int) -> int:
    """A finding's part in its margin, in units of 1/unit: weight · (±rating − tie band)."""
    return weight * (sign * rating * unit - band)


def margin_parts(knowledge: Knowledge, tied: bool = True) -> Mapping[str, int]:
    """Part of every finding in its margin, by id, in units of 1/tie_unit; without the tie band unless `tied`."""
    band, unit = knowledge.table.tie_band if tied else 0, knowledge.table.tie_unit
    return {
        finding.id: margin_part(factor.weight, finding.rating, finding.sign, band, unit)
        for factor in knowledge.factors.values()
        for finding in factor.findings
    }


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
