"""Verdicts on dimensions: how far each group of factors is fulfilled, over every completion of what is unknown.

A dimension's share is Σ ±weight · rating over the findings of its factors that hold, as a part of the most it could
reach, 4 · Σ weight over its factors in force: from -1 to 1. Bounds are exact, as those of the axes are.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.decision import DimensionVerdict
from engine.executors.reference import Truth
from engine.margins import Group, Margins
from engine.possible import groups, spread
from kb.dimension import Dimension
from kb.values import Code

HIGHEST_RATING = 4


def judge_dimensions(
    plain: Margins | None, base: Mapping[str, Code], trace: Mapping[str, Truth]
) -> tuple[DimensionVerdict, ...]:
    """One verdict for each dimension, in the order of their ids; `plain` are margins without a tie band."""
    if plain is None:
        return ()
    knowledge = plain.program.knowledge
    members: dict[str, list[str]] = {}
    for factor in knowledge.factors.values():
        members.setdefault(factor.dimension, []).append(factor.id)
    live = {part.factor: part for axis in plain.axes.values() for part in axis}
    return tuple(
        _judge(dimension, tuple(live[f] for f in members.get(name, ()) if f in live), plain, base, trace)
        for name, dimension in knowledge.dimensions.items()
    )


def _judge(
    dimension: Dimension, factors: Group, plain: Margins, base: Mapping[str, Code], trace: Mapping[str, Truth]
) -> DimensionVerdict:
    unit = plain.program.knowledge.table.tie_unit
    most = HIGHEST_RATING * unit * sum(plain.program.knowledge.factors[f.factor].weight for f in factors)
    found = spread(plain, groups(factors, base), base)
    low = Fraction(sum(b.low for _, b in found), most) if most else Fraction(0)
    high = Fraction(sum(b.high for _, b in found), most) if most else Fraction(0)
    reached = [_level(dimension, share) for share in (low, high)]
    # Without a factor in force on the day there is nothing to judge by.
    possible = tuple(v.value for v in dimension.levels[reached[1] : reached[0] + 1]) if most else ()
    names = [part.finding for factor in factors for part in factor.parts]
    open_ones = {b for f in factors for name, bases in f.part_bases.items() if trace[name] is None for b in bases}
    return DimensionVerdict(
        dimension=dimension.id,
        level=possible[0] if len(possible) == 1 else None,
        possible=possible,
        low=low,
        high=high,
        findings=tuple(name for name in names if trace[name]),
        waits_for=tuple(sorted(b for b in open_ones if b not in base)),
    )


def _level(dimension: Dimension, share: Fraction) -> int:
    """The place of the level a share reaches, 0 for the highest."""
    return next(n for n, level in enumerate(dimension.levels) if level.above is None or share > level.above)
