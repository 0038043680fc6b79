"""Sums, evaluation and class of an experts' own SWOT table, and every place where its arithmetic does not add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.scores import four_decimals, ie_cell
from kb.matrix import Matrix, MatrixRow
from kb.model import Class, ClassTable

AXES = {"x": ("S", "W", "internal"), "y": ("O", "T", "external")}
RATINGS = ("reversed", "magnitude")
# Printed scores are rounded by their authors; what differs by less than this is rounding.
_ROUNDING = Fraction(6, 1000)


@dataclass(frozen=True, slots=True)
class MatrixResult:
    """`sums` by side as Σ weight × rating; None on an axis without rows. `printed` sums the authors' own scores.

    `sizes` by side are what `differences` subtract under the reading `ratings`; `thresholds` are what a difference
    must exceed to be positive. `other_verdict` is the class under the other reading.
    """

    rows: tuple[MatrixRow, ...]
    sums: Mapping[str, Fraction | None]
    printed: Mapping[str, Fraction | None]
    sizes: Mapping[str, Fraction | None]
    differences: Mapping[str, Fraction | None]
    thresholds: Mapping[str, Fraction | None]
    evaluations: Mapping[str, Fraction | None]
    ie_cell: str | None
    verdict: Class | None
    borderline: bool
    warnings: tuple[str, ...]
    ratings: str
    other_verdict: Class | None


def weigh(matrix: Matrix, table: ClassTable, normalise: bool = False, ratings: str = "reversed") -> MatrixResult:
    """Evaluate a table.

    With `ratings` reversed the adverse sides are rated 1 for the gravest, as in David's IFE and EFE, so their size is
    5 − rating; with magnitude their rating is the size. Sums by side are as printed in either case.
    """
    rows = _normalised(matrix.rows) if normalise else matrix.rows
    sizes = _sizes(rows, ratings)
    evaluations = _evaluations(rows, ratings)
    differences, thresholds = _differences(sizes), _thresholds(rows, table)
    cell, doubts = _cell(rows, evaluations)
    slips = _weight_warnings(rows) + _score_warnings(matrix.rows, matrix)
    pairs = [(differences[axis], thresholds[axis]) for axis in AXES]
    near = any(x is None or band is None or abs(x) <= band for x, band in pairs)
    return MatrixResult(
        rows=rows,
        sums=_by_side(rows, lambda row: row.weight * row.rating),
        printed=_printed(matrix.rows),
        sizes=sizes,
        differences=differences,
        thresholds=thresholds,
        evaluations=evaluations,
        ie_cell=cell,
        verdict=_verdict(differences, thresholds, table),
        borderline=near,
        warnings=(*slips, *doubts),
        ratings=ratings,
        other_verdict=_verdict(_differences(_sizes(rows, other_reading(ratings))), thresholds, table),
    )


def other_reading(ratings: str) -> str:
    """The reading of ratings that is not this one."""
    return next(reading for reading in RATINGS if reading != ratings)


def _by_side(rows: tuple[MatrixRow, ...], amount: Callable[[MatrixRow], Fraction]) -> dict[str, Fraction | None]:
    """Sums by side; zero for a side without rows, None where its whole axis has none."""
    found: dict[str, Fraction | None] = dict.fromkeys("SWOT")
    for good, adverse, _ in AXES.values():
        mine = [row for row in rows if row.side in (good, adverse)]
        for side in (good, adverse) if mine else ():
            found[side] = sum((amount(row) for row in mine if row.side == side), Fraction(0))
    return found


def _sizes(rows: tuple[MatrixRow, ...], ratings: str) -> dict[str, Fraction | None]:
    def size(row: MatrixRow) -> Fraction:
        return row.weight * (5 - row.rating if ratings == "reversed" and row.side in "WT" else row.rating)

    return _by_side(rows, size)


def _evaluations(rows: tuple[MatrixRow, ...], ratings: str) -> dict[str, Fraction | None]:
    """IFE and EFE rate the gravest 1 whichever way the table does."""

    def rated(row: MatrixRow) -> Fraction:
        return row.weight * (5 - row.rating if ratings == "magnitude" and row.side in "WT" else row.rating)

    found = _by_side(rows, rated)
    return {axis: _with(found, good, adverse, 1) for axis, (good, adverse, _) in AXES.items()}


def _differences(sizes: Mapping[str, Fraction | None]) -> dict[str, Fraction | None]:
    return {axis: _with(sizes, good, adverse, -1) for axis, (good, adverse, _) in AXES.items()}


def _with(sums: Mapping[str, Fraction | None], good: str, adverse: str, sign: int) -> Fraction | None:
    first, second = sums[good], sums[adverse]
    return None if first is None or second is None else first + sign * second


def _thresholds(rows: tuple[MatrixRow, ...], table: ClassTable) -> dict[str, Fraction | None]:
    """The band is a share of the axis' weight, which is 1 in a table that is normalised."""
    band = Fraction(table.tie_band, table.tie_unit)
    weights = _by_side(rows, lambda row: row.weight)
    totals = {axis: _with(weights, good, adverse, 1) for axis, (good, adverse, _) in AXES.items()}
    # Where nothing weighs anything, nothing is told.
    return {axis: band * total if total else None for axis, total in totals.items()}


def _verdict(
    differences: Mapping[str, Fraction | None], thresholds: Mapping[str, Fraction | None], table: ClassTable
) -> Class | None:
    x, y, over_x, over_y = differences["x"], differences["y"], thresholds["x"], thresholds["y"]
    if x is None or y is None or over_x is None or over_y is None:
        return None
    return table.at(x > over_x, y > over_y)


def _cell(rows: tuple[MatrixRow, ...], evaluations: Mapping[str, Fraction | None]) -> tuple[str | None, list[str]]:
    """The cell of the internal-external matrix, and why there is none."""
    doubts = []
    for axis, (good, adverse, name) in AXES.items():
        if evaluations[axis] is None:
            doubts.append(f"the {name} axis has no rows: {axis} and the class cannot be told")
        odd = [row for row in rows if row.side in (good, adverse) and not 1 <= row.rating <= 4]
        doubts += [f"{_name(row)}: rating {_shown(row.rating)} is outside 1 to 4; no IE cell" for row in odd]
    if any(not 1 <= row.rating <= 4 for row in rows):
        return None, doubts
    cell = ie_cell(evaluations["x"], evaluations["y"])
    if cell is None and None not in evaluations.values():
        doubts.append("IFE or EFE lies outside 1 to 4; no IE cell")
    return cell, doubts


def _printed(rows: tuple[MatrixRow, ...]) -> dict[str, Fraction | None]:
    found: dict[str, Fraction | None] = dict.fromkeys("SWOT")
    for side in found:
        given = [row.score for row in rows if row.side == side]
        if given and None not in given:
            found[side] = sum((score for score in given if score is not None), Fraction(0))
    return found


def _normalised(rows: tuple[MatrixRow, ...]) -> tuple[MatrixRow, ...]:
    """Weights as shares of their axis. Each axis is summed once: a table may have a hundred thousand rows."""
    weights = _by_side(rows, lambda row: row.weight)
    totals: dict[str, Fraction | None] = {}
    for good, adverse, _ in AXES.values():
        totals[good] = totals[adverse] = _with(weights, good, adverse, 1)
    return tuple(replace(row, weight=row.weight / (totals[row.side] or 1)) for row in rows)


def _weight_warnings(rows: tuple[MatrixRow, ...]) -> list[str]:
    found = []
    for good, adverse, name in AXES.values():
        mine = [r.weight for r in rows if r.side in (good, adverse)]
        total = sum(mine, Fraction(0))
        if mine and total == 0:
            found.append(f"{name} weights are all zero: the class cannot be told; give each row its weight")
        elif mine and abs(total - 1) > Fraction(5, 1000):
            sides = [sum((r.weight for r in rows if r.side == s), Fraction(0)) for s in (good, adverse)]
            each = " (each side sums to about 1 by itself)" if all(abs(s - 1) < Fraction(5, 100) for s in sides) else ""
            found.append(f"{name} weights sum to {_shown(total)}, not 1{each}; --normalise rescales them")
    return found


def _score_warnings(rows: tuple[MatrixRow, ...], matrix: Matrix) -> list[str]:
    found = []
    for row in rows:
        product = row.weight * row.rating
        if row.score is not None and abs(product - row.score) > _ROUNDING:
            found.append(
                f"{_name(row)}: printed score {_shown(row.score)}, but "
                f"{_shown(row.weight)} × {_shown(row.rating)} = {_shown(product)}"
            )
    for side, total in matrix.printed:
        scores = [row.score for row in rows if row.side == side]
        if scores and all(s is not None for s in scores):
            own = sum((s for s in scores if s is not None), Fraction(0))
            if abs(own - total) > _ROUNDING:
                found.append(f"printed total {side} {_shown(total)}, but its printed scores sum to {_shown(own)}")
        product = sum((r.weight * r.rating for r in rows if r.side == side), Fraction(0))
        if abs(product - total) > 2 * _ROUNDING:
            found.append(f"printed total {side} {_shown(total)}, but weight × rating sums to {_shown(product)}")
    return found


def _name(row: MatrixRow) -> str:
    return f"line {row.mark.line} ({row.side}: {row.text})" if row.text else f"line {row.mark.line} ({row.side})"


def _shown(number: Fraction) -> str:
    text = four_decimals(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
