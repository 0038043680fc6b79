"""Sums, evaluation and class of an experts' own SWOT table, and every place where its arithmetic does not add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """`sums` by side as Σ weight × rating; None on an axis without rows. `printed` sums the authors' own scores."""

    rows: tuple[MatrixRow, ...]
    sums: Mapping[str, Fraction | None]
    printed: Mapping[str, Fraction | None]
    differences: Mapping[str, Fraction | None]
    evaluations: Mapping[str, Fraction | None]
    ie_cell: str | None
    verdict: Class | None
    borderline: bool
    warnings: tuple[str, ...]


def weigh(matrix: Matrix, table: ClassTable, normalise: bool = False, ratings: str = "reversed") -> MatrixResult:
    """Evaluate a table.

    With `ratings` reversed the adverse sides are rated 1 for the gravest, as in David's IFE and EFE, so their size is
    5 − rating; with magnitude their rating is the size. Sums by side are as printed in either case.
    """
    rows = tuple(_normalised(row, matrix.rows) for row in matrix.rows) if normalise else matrix.rows
    warnings = [] if normalise else _weight_warnings(rows)
    warnings += _score_warnings(matrix.rows, matrix)
    sums: dict[str, Fraction | None] = dict.fromkeys("SWOT")
    printed: dict[str, Fraction | None] = dict.fromkeys("SWOT")
    differences: dict[str, Fraction | None] = {}
    evaluations: dict[str, Fraction | None] = {}
    margins: dict[str, Fraction] = {}
    weights: dict[str, Fraction] = {}
    band = Fraction(table.tie_band, table.tie_unit)
    for axis, (good, adverse, name) in AXES.items():
        mine = [row for row in rows if row.side in (good, adverse)]
        differences[axis] = evaluations[axis] = None
        if not mine:
            warnings.append(f"the {name} axis has no rows: {axis} and the class cannot be told")
            continue
        for side in (good, adverse):
            sums[side] = sum((r.weight * r.rating for r in mine if r.side == side), Fraction(0))
            given = [r.score for r in matrix.rows if r.side == side]
            if given and all(score is not None for score in given):
                printed[side] = sum((score for score in given if score is not None), Fraction(0))
        sizes = [_size(row, ratings) for row in mine]
        x = sum((s * r.weight if r.side == good else -s * r.weight for s, r in zip(sizes, mine)), Fraction(0))
        differences[axis] = x
        evaluations[axis] = sum((_evaluated(row, ratings) * row.weight for row in mine), Fraction(0))
        weights[axis] = sum((r.weight for r in mine), Fraction(0))
        margins[axis] = x - band * weights[axis]
        odd = [row for row in mine if not 1 <= row.rating <= 4]
        warnings += [f"{_name(row)}: rating {_shown(row.rating)} is outside 1 to 4; no IE cell" for row in odd]
    whole = len(margins) == 2
    bad_rating = any(not 1 <= row.rating <= 4 for row in rows)
    cell = None if bad_rating else ie_cell(evaluations["x"], evaluations["y"])
    if whole and cell is None and not bad_rating:
        warnings.append("IFE or EFE lies outside 1 to 4; no IE cell")
    verdict = table.at(margins["x"] > 0, margins["y"] > 0) if whole else None
    # The band is a share of the axis' weight, which is 1 in a table that is normalised.
    near = any(abs(d) <= band * weights[axis] for axis, d in differences.items() if d is not None)
    return MatrixResult(
        rows, sums, printed, differences, evaluations, cell, verdict, near or not whole, tuple(warnings)
    )


def _size(row: MatrixRow, ratings: str) -> Fraction:
    return 5 - row.rating if ratings == "reversed" and row.side in "WT" else row.rating


def _evaluated(row: MatrixRow, ratings: str) -> Fraction:
    return 5 - row.rating if ratings == "magnitude" and row.side in "WT" else row.rating


def _normalised(row: MatrixRow, rows: tuple[MatrixRow, ...]) -> MatrixRow:
    sides = next((g, a) for g, a, _ in AXES.values() if row.side in (g, a))
    total = sum((r.weight for r in rows if r.side in sides), Fraction(0))
    return MatrixRow(row.side, row.text, row.weight / total if total else row.weight, row.rating, row.score, row.mark)


def _weight_warnings(rows: tuple[MatrixRow, ...]) -> list[str]:
    found = []
    for good, adverse, name in AXES.values():
        mine = [r.weight for r in rows if r.side in (good, adverse)]
        total = sum(mine, Fraction(0))
        if mine and abs(total - 1) > Fraction(5, 1000):
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
