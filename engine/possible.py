"""Bounds of a margin over every completion of the unknown facts, exact.

Margins are sums over factors, so factors that share no unknown fact vary independently: each group of factors that
do share some is bounded alone and the bounds add up. Within a group every cell of the unknown facts' domains is tried
(`engine.cells`); where two unknowns meet in arithmetic or cells are too many, a solver takes over (`engine.solve`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from engine import solve
from engine.cells import TooEntangled, candidates
from engine.compile import Program
from engine.derive import Step, derive
from engine.executors.reference import holds
from engine.scores import margin_parts
from kb.complete import base_facts
from kb.condition import Condition
from kb.model import AXES
from kb.values import Code

MAX_CELLS = 2_000
_CACHE_SIZE = 50_000


class Part(NamedTuple):
    """One finding's part in a margin: its condition and its weight in units of 1/tie_unit."""

    finding: str
    when: Condition
    amount: int


class Bounds(NamedTuple):
    """Least and greatest margin over completions, in units of 1/tie_unit."""

    low: int
    high: int

    @property
    def signs(self) -> frozenset[bool]:
        """Which of positive (True) and not positive (False) are possible."""
        return frozenset(s for s, possible in ((True, self.high > 0), (False, self.low <= 0)) if possible)


class FactorParts(NamedTuple):
    """A factor's live findings and the base facts they rest on, together and finding by finding."""

    factor: str
    parts: tuple[Part, ...]
    bases: frozenset[str]
    part_bases: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Margins:
    """What bounds need of a program: parts by axis and factor, and the derived steps each factor rests on."""

    program: Program
    axes: Mapping[str, tuple[FactorParts, ...]]
    steps: Mapping[str, tuple[Step, ...]]
    cache: dict[object, Bounds] = field(default_factory=dict)


def margins_of(program: Program) -> Margins:
    knowledge = program.knowledge
    amounts = margin_parts(knowledge)
    rules = program.stages["findings"].rules
    axes: dict[str, tuple[FactorParts, ...]] = {}
    steps: dict[str, tuple[Step, ...]] = {}
    for axis in AXES:
        found = []
        for factor in knowledge.factors.values():
            live = [f for f in factor.findings if f.id in rules]
            if factor.axis != axis or not live:
                continue
            parts = tuple(Part(f.id, rules[f.id].when, amounts[f.id]) for f in live)
            by_part = {
                f.id: frozenset(b for t in rules[f.id].terms for b in base_facts(t, knowledge.facts)) for f in live
            }
            found.append(FactorParts(factor.id, parts, frozenset().union(*by_part.values()), by_part))
            needed = _needed(tuple(t for f in live for t in rules[f.id].terms), program)
            steps[factor.id] = tuple(s for s in program.steps if s.term in needed)
        axes[axis] = tuple(found)
    return Margins(program, axes, steps)


def _needed(terms: tuple[str, ...], program: Program) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += program.knowledge.facts[term].operands()
    return frozenset(found)


def bounds(margins: Margins, axis: str, base: Mapping[str, Code]) -> Bounds:
    """Bounds of an axis' margin over completions of the base facts that `base` lacks."""
    low = high = 0
    for group in groups(margins.axes[axis], base):
        found = group_bounds(margins, group, base)
        low, high = low + found.low, high + found.high
    return Bounds(low, high)


def groups(factors: Iterable[FactorParts], base: Mapping[str, Code]) -> Iterator[tuple[FactorParts, ...]]:
    """Factors joined wherever they share an unknown fact; a factor without one stands alone."""
    open_groups: list[tuple[list[FactorParts], set[str]]] = []
    for factor in factors:
        unknown = {b for b in factor.bases if b not in base}
        if not unknown:
            yield (factor,)
            continue
        joined = [g for g in open_groups if g[1] & unknown]
        open_groups = [g for g in open_groups if not g[1] & unknown]
        members = [f for g in joined for f in g[0]] + [factor]
        open_groups.append((members, unknown.union(*(g[1] for g in joined))))
    for members, _ in open_groups:
        yield tuple(sorted(members, key=lambda f: f.factor))


def group_bounds(margins: Margins, group: tuple[FactorParts, ...], base: Mapping[str, Code]) -> Bounds:
    """Bounds of one group, remembered by what is known of the facts it reads."""
    bases = frozenset().union(*(f.bases for f in group))
    key = (tuple(f.factor for f in group), tuple(sorted((b, base[b]) for b in bases if b in base)))
    found = margins.cache.get(key)
    if found is None:
        if len(margins.cache) >= _CACHE_SIZE:
            margins.cache.clear()
        found = margins.cache[key] = _group_bounds(margins, group, {b: base[b] for b in bases if b in base}, bases)
    return found


def _group_bounds(
    margins: Margins, group: tuple[FactorParts, ...], known: dict[str, Code], bases: frozenset[str]
) -> Bounds:
    steps = tuple(dict.fromkeys(s for f in group for s in margins.steps[f.factor]))
    parts = [part for f in group for part in f.parts]
    unknown = sorted(b for b in bases if b not in known)
    facts = margins.program.knowledge.facts
    try:
        cells = candidates(unknown, [p.when for p in parts], steps, known, facts, MAX_CELLS)
    except TooEntangled:
        return Bounds(*solve.extremes([(p.when, p.amount) for p in parts], steps, known, unknown, facts))
    totals = set()
    for completion in product(*(cells[name] for name in unknown)):
        values = derive(steps, known | dict(zip(unknown, completion)))
        totals.add(sum(part.amount for part in parts if holds(part.when, values)))
    return Bounds(min(totals), max(totals))
