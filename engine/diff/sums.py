"""Both margins of one firm under two rule bases: factors side by side, and what their sums can come to together.

A margin is a sum over factors, and factors that share no fact vary freely. So what matters of a group of factors that
do share some is which pairs of amounts it can add, one for each rule base; the rest is addition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import lcm
from typing import NamedTuple

from engine.compile import Program
from engine.diff.merged import Merged
from engine.diff.plain import renamed
from engine.executors.reference import holds
from engine.scores import margin_parts
from kb.complete import base_facts
from kb.condition import Condition, terms_of
from kb.model import AXES
from kb.values import Code

Parts = tuple[tuple[Condition, int], ...]
Pair = tuple[int, int]


class Unit(NamedTuple):
    """A factor on one axis as both rule bases have it; a side where it is not there has no parts."""

    factor: str
    axis: str
    old: Parts
    new: Parts
    bases: frozenset[str]

    @property
    def same(self) -> bool:
        return self.old == self.new


class Group(NamedTuple):
    """Units that share base facts, directly or through one another."""

    units: tuple[Unit, ...]
    bases: frozenset[str]


def units_of(merged: Merged) -> tuple[Unit, ...]:
    """The factors of both rule bases, amounts in one unit."""
    unit = lcm(merged.old.knowledge.table.tie_unit, merged.new.knowledge.table.tie_unit)
    old = _parts(merged.old, {}, unit)
    new = _parts(merged.new, merged.names, unit)
    found = []
    for axis, factor in sorted({*old, *new}):
        before, after = old.get((axis, factor), ()), new.get((axis, factor), ())
        read = {merged.tied(b) for when, _ in (*before, *after) for t in terms_of(when) for b in _bases(t, merged)}
        found.append(Unit(factor, axis, before, after, frozenset(read)))
    return tuple(found)


def _bases(term: str, merged: Merged) -> tuple[str, ...]:
    return base_facts(term, merged.facts)


def _parts(program: Program, names: Mapping[str, str], unit: int) -> dict[tuple[str, str], Parts]:
    amounts = margin_parts(program.knowledge)
    scale = unit // program.knowledge.table.tie_unit
    rules = program.stages["findings"].rules
    found: dict[tuple[str, str], Parts] = {}
    for factor in program.knowledge.factors.values():
        live = [(renamed(rules[f.id].when, names), amounts[f.id] * scale) for f in factor.findings if f.id in rules]
        if live:
            found[factor.axis, factor.id] = tuple(sorted(live, key=repr))
    return found


def groups_of(units: Iterable[Unit]) -> tuple[Group, ...]:
    """Units joined wherever they share a base fact."""
    found: list[Group] = []
    for unit in units:
        joined = [group for group in found if group.bases & unit.bases]
        found = [group for group in found if not group.bases & unit.bases]
        members = tuple(u for group in joined for u in group.units)
        found.append(Group((*members, unit), unit.bases.union(*(group.bases for group in joined))))
    return tuple(found)


def separate(groups: Iterable[Group]) -> bool:
    """Whether no group has factors of both axes, so that the axes vary freely."""
    return all(len({unit.axis for unit in group.units}) == 1 for group in groups)


def amount(parts: Parts, values: Mapping[str, Code]) -> int:
    return sum([number for when, number in parts if holds(when, values)])


def pair(units: Iterable[Unit], values: Mapping[str, Code]) -> Pair:
    """What units add to the margin of their axis, old and new."""
    old = new = 0
    for unit in units:
        here = amount(unit.old, values)
        old += here
        new += here if unit.same else amount(unit.new, values)
    return old, new


def signs(units: Iterable[Unit], values: Mapping[str, Code]) -> tuple[Pair, Pair]:
    """Whether each margin is positive, by axis and then old and new."""
    whole = list(units)
    x, y = (pair((u for u in whole if u.axis == axis), values) for axis in AXES)
    return (int(x[0] > 0), int(x[1] > 0)), (int(y[0] > 0), int(y[1] > 0))


class Option(NamedTuple):
    """One pair of amounts that a group can add, with facts for which it does."""

    pair: Pair
    facts: Mapping[str, Code]


def reach(options: Sequence[Sequence[Option]], wanted: tuple[bool, bool]) -> dict[str, Code] | None:
    """Facts for which the sum over all groups has the wanted signs, old and new; None where no choice among the options
    gives them. Exact for the options given.

    Groups that add the same to both sums all at once, as one set of totals (the bits of a number); of the others only
    the best new sum for each old one, because what is added later is added to both.
    """
    alike = [g for g in options if all(o.pair[0] == o.pair[1] for o in g)]
    apart = [g for g in options if any(o.pair[0] != o.pair[1] for o in g)]
    layers, low = _totals(alike)
    best = max if wanted[1] else min
    states: dict[int, tuple[int, _Trail]] = {0: (0, ())}
    for group in apart:
        ahead: dict[int, tuple[int, _Trail]] = {}
        for old, (new, trail) in states.items():
            for option in group:
                one, other = old + option.pair[0], new + option.pair[1]
                if one not in ahead or best(other, ahead[one][0]) == other != ahead[one][0]:
                    ahead[one] = (other, (trail, option))
        states = ahead
    for old, (new, trail) in states.items():
        least = max([1 - total for total, sign in ((old, wanted[0]), (new, wanted[1])) if sign], default=low)
        most = min([-total for total, sign in ((old, wanted[0]), (new, wanted[1])) if not sign], default=None)
        total = _between(layers[-1], least - low, None if most is None else most - low)
        if total is not None:
            return _facts(trail) | _back(alike, layers, total)
    return None


_Trail = tuple["_Trail", Option] | tuple[()]


def _totals(groups: Sequence[Sequence[Option]]) -> tuple[list[int], int]:
    """After each group the sums so far as bits, counted from the least possible one; and the least sum of all."""
    layers, low = [1], 0
    for group in groups:
        least = min(option.pair[0] for option in group)
        bits = 0
        for option in group:
            bits |= layers[-1] << (option.pair[0] - least)
        layers.append(bits)
        low += least
    return layers, low


def _between(bits: int, least: int, most: int | None) -> int | None:
    """A set bit from `least` to `most`, both included."""
    least = max(least, 0)
    if most is not None:
        if most < least:
            return None
        bits &= (1 << (most + 1)) - 1
    bits >>= least
    return None if not bits else least + (bits & -bits).bit_length() - 1


def _back(groups: Sequence[Sequence[Option]], layers: Sequence[int], total: int) -> dict[str, Code]:
    facts: dict[str, Code] = {}
    for group, before in zip(reversed(groups), reversed(layers[:-1]), strict=True):
        least = min(option.pair[0] for option in group)
        for option in group:
            rest = total - (option.pair[0] - least)
            if rest >= 0 and before >> rest & 1:
                facts |= option.facts
                total = rest
                break
    return facts


def _facts(trail: _Trail) -> dict[str, Code]:
    facts: dict[str, Code] = {}
    while trail:
        trail, option = trail
        facts |= option.facts
    return facts
