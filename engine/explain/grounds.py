"""The minimal sufficient set of facts behind a class: with these known and all others not, the class still follows.

Facts are let go one by one, the least telling first, while the sign of the margin stays settled. Knowing less only
widens the bounds, so one pass leaves a set in which every fact is needed (`MOST_JOINED` tells the exception).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

from engine.decision import Ground
from engine.executors.reference import Truth
from engine.margins import Bounds, Group, Margins
from engine.possible import Spread, groups, spread
from kb.values import Code

# Factors joined by facts let go are bounded together up to this many. Beyond, each is bounded alone, which can only
# make the margin seem wider: the facts left settle the class all the same, though one of them might not be needed.
MOST_JOINED = 12


def _apart(found: list[Group]) -> list[Group]:
    """Groups of a size that can be bounded quickly."""
    return [part for group in found for part in ([group] if len(group) <= MOST_JOINED else [(one,) for one in group])]


class _Letting(NamedTuple):
    """What letting a fact go does: how far the threatened bound moves, the groups touched and those after."""

    moved: int
    touched: list[int]
    after: Spread


def grounds(
    margins: Margins,
    spreads: Mapping[str, Spread],
    totals: Mapping[str, Bounds],
    known: Mapping[str, Code],
    base: Mapping[str, Code],
    trace: Mapping[str, Truth],
) -> tuple[Ground, ...]:
    """Grounds of both axes, those settled; facts in alphabetical order within an axis.

    `spreads` and `totals` are the groups and bounds of each axis for `known`, the stand-ins of the facts in `base`.
    """
    found: list[Ground] = []
    for axis, groups_of in spreads.items():
        for fact in sufficient(margins, axis, groups_of, totals[axis], known):
            parts = [
                part.finding
                for factor in margins.readers[fact]
                for part in factor.parts
                if fact in factor.part_bases[part.finding]
            ]
            holds = tuple(p for p in parts if trace.get(p) is True)
            silent = tuple(p for p in parts if trace.get(p) is False)
            found.append(Ground(fact, base[fact], axis, holds, silent))
    return tuple(found)


def sufficient(margins: Margins, axis: str, start: Spread, bounds: Bounds, base: Mapping[str, Code]) -> tuple[str, ...]:
    """A minimal set of known facts that settles the sign of an axis' margin; empty when it is not settled."""
    low, high = bounds
    if low <= 0 < high:
        return ()
    positive = low > 0
    # The bound that must not pass zero: the low one of a positive margin, else the high one.
    side = 0 if positive else 1
    slack = low - 1 if positive else -high
    known = {b: base[b] for factor in margins.axes[axis] for b in factor.bases if b in base}
    numbers = count()
    state = {next(numbers): group for group in start}
    place = {factor.factor: number for number, (group, _) in state.items() for factor in group}

    def let_go(fact: str) -> _Letting:
        touched = list({place[factor.factor] for factor in margins.readers[fact]})
        value = known.pop(fact)
        members = [factor for number in touched for factor in state[number][0]]
        after = spread(margins, _apart(groups(members, known)), known)
        known[fact] = value
        before = sum([state[number][1][side] for number in touched])
        return _Letting(abs(before - sum([limits[side] for _, limits in after])), touched, after)

    first = {fact: let_go(fact) for fact in tuple(known)}
    for fact in sorted(first, key=lambda fact: (first[fact].moved, fact)):
        letting = first[fact]
        if not all(number in state for number in letting.touched):
            letting = let_go(fact)
        if letting.moved <= slack:
            slack -= letting.moved
            for number in letting.touched:
                del state[number]
            for group in letting.after:
                number = next(numbers)
                state[number] = group
                place |= dict.fromkeys((factor.factor for factor in group[0]), number)
            del known[fact]
    return tuple(sorted(known))
