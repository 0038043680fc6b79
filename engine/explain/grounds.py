"""The minimal sufficient set of facts behind a class: with these known and all others not, the class still follows.

Facts are let go one by one, the least telling first, while the sign of the margin stays settled. Knowing less only
widens the bounds, so one pass leaves a set in which every fact is needed.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.decision import Ground
from engine.executors.reference import Truth
from engine.possible import Bounds, FactorParts, Margins, group_bounds, groups
from kb.model import AXES
from kb.values import Code

_Groups = list[tuple[tuple[FactorParts, ...], Bounds]]


def grounds(margins: Margins, base: Mapping[str, Code], trace: Mapping[str, Truth]) -> tuple[Ground, ...]:
    """Grounds of both axes, those settled; facts in alphabetical order within an axis."""
    found: list[Ground] = []
    for axis in AXES:
        for fact in sufficient(margins, axis, base):
            reading = [f for f in margins.axes[axis] if fact in f.bases]
            parts = [
                part.finding for factor in reading for part in factor.parts if fact in factor.part_bases[part.finding]
            ]
            holds = tuple(p for p in parts if trace.get(p) is True)
            silent = tuple(p for p in parts if trace.get(p) is False)
            found.append(Ground(fact, base[fact], axis, holds, silent))
    return tuple(found)


def sufficient(margins: Margins, axis: str, base: Mapping[str, Code]) -> tuple[str, ...]:
    """A minimal set of known facts that settles the sign of an axis' margin; empty when it is not settled."""
    factors = margins.axes[axis]
    state: _Groups = [(g, group_bounds(margins, g, base)) for g in groups(factors, base)]
    low, high = sum(b.low for _, b in state), sum(b.high for _, b in state)
    if low <= 0 < high:
        return ()
    positive = low > 0
    known = {b: base[b] for f in factors for b in f.bases if b in base}
    slack = low - 1 if positive else -high

    def cost(fact: str, state: _Groups, known: dict[str, Code]) -> tuple[int, _Groups]:
        """How far the threatened bound moves when a fact is let go, and the groups after."""
        touched = [(g, b) for g, b in state if any(fact in f.bases for f in g)]
        rest = {name: value for name, value in known.items() if name != fact}
        members = [f for g, _ in touched for f in g]
        after = [(g, group_bounds(margins, g, rest)) for g in groups(members, rest)]
        if positive:
            return sum(b.low for _, b in touched) - sum(b.low for _, b in after), after
        return sum(b.high for _, b in after) - sum(b.high for _, b in touched), after

    order = sorted(known, key=lambda fact: (cost(fact, state, known)[0], fact))
    for fact in order:
        moved, after = cost(fact, state, known)
        if moved <= slack:
            slack -= moved
            state = [(g, b) for g, b in state if not any(fact in f.bases for f in g)] + after
            del known[fact]
    return tuple(sorted(known))
