"""Bounds of a margin over every completion of the unknown facts, exact.

Margins are sums over factors, so factors that share no unknown fact vary independently: each group of factors that
do share some is bounded alone and the bounds add up. Within a group one unknown fact after another is tried at every
cell of its domain (`engine.cells`), the one that most factors share first, so that the group falls apart again. Where
two unknowns meet in arithmetic, the bounds are taken between a wider and a narrower world (`_meeting`), and where
these differ a solver takes over (`engine.solve`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine import solve
from engine.cells import alone, between, candidates, open_operands, thresholds
from engine.compile import Program
from engine.derive import Step, derive
from engine.executors.reference import holds
from engine.scores import margin_parts
from kb.complete import base_facts
from kb.condition import Condition
from kb.model import AXES
from kb.values import Code

MAX_CELLS = 5_000
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
    """A factor's live findings, the base facts they rest on, together and finding by finding, and the derived steps."""

    factor: str
    parts: tuple[Part, ...]
    bases: tuple[str, ...]
    part_bases: Mapping[str, frozenset[str]]
    steps: tuple[Step, ...]
    terms: tuple[str, ...]


Group = tuple[FactorParts, ...]
# The groups of an axis with their bounds.
Spread = list[tuple[Group, Bounds]]


@dataclass(frozen=True, slots=True)
class Margins:
    """What bounds need of a program: factors by axis and by base fact, and the thresholds of every term.

    `grid` has the thresholds, in order, of the base facts that are read by tests alone.
    """

    program: Program
    axes: Mapping[str, Group]
    readers: Mapping[str, Group]
    cuts: Mapping[str, set[Code]]
    grid: Mapping[str, list[int]]
    cache: dict[object, Bounds | None] = field(default_factory=dict)


def margins_of(program: Program) -> Margins:
    """Everything about margins that is the same for every firm."""
    knowledge = program.knowledge
    amounts = margin_parts(knowledge)
    rules = program.stages["findings"].rules
    axes: dict[str, list[FactorParts]] = {axis: [] for axis in AXES}
    readers: dict[str, list[FactorParts]] = {}
    for factor in knowledge.factors.values():
        live = [rules[f.id] for f in factor.findings if f.id in rules]
        if not live:
            continue
        by_part = {r.id: frozenset(b for t in r.terms for b in base_facts(t, knowledge.facts)) for r in live}
        needed = _needed([t for r in live for t in r.terms], program)
        steps = tuple(s for s in program.steps if s.term in needed)
        bases = tuple(sorted(frozenset().union(*by_part.values())))
        parts = tuple(Part(r.id, r.when, amounts[r.id]) for r in live)
        found = FactorParts(factor.id, parts, bases, by_part, steps, (*bases, *(s.term for s in steps)))
        axes[factor.axis].append(found)
        for base in bases:
            readers.setdefault(base, []).append(found)
    cuts = thresholds([rule.when for rule in rules.values()], program.steps)
    counted = {name for step in program.steps for name in open_operands(step, {})}
    grid = {
        name: sorted(c for c in cuts[name] if isinstance(c, int))
        for name in readers
        if knowledge.facts[name].domain.low is not None and name in cuts and name not in counted
    }
    whole = {axis: tuple(members) for axis, members in axes.items()}
    return Margins(program, whole, {name: tuple(members) for name, members in readers.items()}, cuts, grid)


def _needed(terms: list[str], program: Program) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += program.knowledge.facts[term].operands()
    return frozenset(found)


def stand_ins(margins: Margins, base: Mapping[str, Code]) -> dict[str, Code]:
    """The known facts that factors read, each number replaced by the one that stands for its cell.

    No test can tell the two apart, and firms that differ within cells alone find their bounds remembered.
    """
    found: dict[str, Code] = {}
    for name, value in base.items():
        if name in margins.readers:
            cuts = margins.grid.get(name)
            found[name] = value if cuts is None or isinstance(value, str) else _stand_in(value, cuts)
    return found


def _stand_in(value: Code, cuts: list[int]) -> Code:
    place = bisect_left(cuts, value)
    if place < len(cuts) and cuts[place] == value:
        return value
    return cuts[place - 1] + 1 if place else cuts[0] - 1


def bounds(margins: Margins, axis: str, base: Mapping[str, Code]) -> Bounds:
    """Bounds of an axis' margin over completions of the base facts that `base` lacks."""
    return total(spread(margins, groups(margins.axes[axis], base), base))


def spread(margins: Margins, members: Iterable[Group], base: Mapping[str, Code]) -> Spread:
    """Groups with their bounds."""
    return [(group, group_bounds(margins, group, base)) for group in members]


def total(found: Spread) -> Bounds:
    """Bounds of independent groups add up."""
    return Bounds(sum(b.low for _, b in found), sum(b.high for _, b in found))


def groups(factors: Iterable[FactorParts], base: Mapping[str, Code]) -> list[Group]:
    """Factors joined wherever they share an unknown fact; a factor without one stands alone."""
    found: list[Group] = []
    open_groups: list[tuple[list[FactorParts], set[str]]] = []
    for factor in factors:
        unknown = {b for b in factor.bases if b not in base}
        if not unknown:
            found.append((factor,))
            continue
        joined = [g for g in open_groups if g[1] & unknown]
        if joined:
            open_groups = [g for g in open_groups if not g[1] & unknown]
        members = [f for g in joined for f in g[0]] + [factor]
        open_groups.append((members, unknown.union(*(g[1] for g in joined))))
    return found + [tuple(sorted(members, key=lambda f: f.factor)) for members, _ in open_groups]


def group_bounds(margins: Margins, group: Group, base: Mapping[str, Code]) -> Bounds:
    """Bounds of one group, remembered by what is known of the terms it reads."""
    key = _key(group, base)
    found = margins.cache.get(key)
    if found is None:
        known = {term: base[term] for factor in group for term in factor.terms if term in base}
        found = _by_cells(margins, group, known, MAX_CELLS)
        if found is None:
            found = _solved(margins, group, known)
        _remember(margins, key, found)
    return found


def _key(group: Group, base: Mapping[str, Code]) -> object:
    return tuple([(factor.factor, *map(base.get, factor.terms)) for factor in group])


def _remember(margins: Margins, key: object, found: Bounds | None) -> None:
    if len(margins.cache) >= _CACHE_SIZE:
        margins.cache.clear()
    margins.cache[key] = found


def _solved(margins: Margins, group: Group, known: dict[str, Code]) -> Bounds:
    parts = [(part.when, part.amount) for factor in group for part in factor.parts]
    unknown = sorted({base for factor in group for base in factor.bases if base not in known})
    steps = _open_steps(group, known)
    return Bounds(*solve.extremes(parts, steps, known, unknown, margins.program.knowledge.facts))


def _open_steps(group: Group, known: Mapping[str, Code]) -> tuple[Step, ...]:
    return tuple(dict.fromkeys(step for factor in group for step in factor.steps if step.term not in known))


def _by_cells(margins: Margins, group: Group, known: dict[str, Code], room: int) -> Bounds | None:
    """Bounds of a group by trying at most `room` cells; None when that cannot tell."""
    steps = _open_steps(group, known)
    unknown: dict[str, int] = {}
    for base in [base for factor in group for base in factor.bases if base not in known]:
        unknown[base] = unknown.get(base, 0) + 1
    if not unknown:
        amount = _amount(group, steps, known)
        return Bounds(amount, amount)
    for name in sorted(unknown, key=lambda name: (-unknown[name], name)):
        values_of = candidates(name, margins.cuts, steps, known, margins.program.knowledge.facts)
        if values_of is not None:
            return _over(margins, group, known, name, values_of, room)
    return _meeting(margins, group, known, steps, room)


def _amount(group: Group, steps: tuple[Step, ...], known: dict[str, Code]) -> int:
    """The margin of a group of which everything is known."""
    values = derive(steps, known) if steps else known
    return sum([part.amount for factor in group for part in factor.parts if holds(part.when, values)])


def _over(
    margins: Margins, group: Group, known: dict[str, Code], name: str, values: Sequence[Code], room: int
) -> Bounds | None:
    """Bounds over some values of one term, everything else as it may be; None when cells cannot tell."""
    if len(values) > room:
        return None
    settled = known | {name: values[0]}
    parts = [(part, _open_steps(part, settled), _settled(part, settled)) for part in groups(group, settled)]
    lows, highs = [], []
    for value in values:
        settled[name] = value
        low = high = 0
        for part, steps, is_settled in parts:
            if is_settled:
                amount = _amount(part, steps, settled)
                found: Bounds | None = Bounds(amount, amount)
            else:
                found = _tried(margins, part, settled, room // len(values))
            if found is None:
                return None
            low, high = low + found.low, high + found.high
        lows.append(low)
        highs.append(high)
    return Bounds(min(lows), max(highs))


def _settled(group: Group, known: Mapping[str, Code]) -> bool:
    return all(base in known for factor in group for base in factor.bases)


def _tried(margins: Margins, group: Group, known: dict[str, Code], room: int) -> Bounds | None:
    """What `_by_cells` says, remembered."""
    key = _key(group, known)
    if key not in margins.cache:
        mine = {term: known[term] for factor in group for term in factor.terms if term in known}
        _remember(margins, key, _by_cells(margins, group, mine, room))
    return margins.cache[key]


def _meeting(
    margins: Margins, group: Group, known: dict[str, Code], steps: tuple[Step, ...], room: int
) -> Bounds | None:
    """Bounds where unknowns meet in arithmetic, if two worlds agree on them; else None.

    The wider world lets the derived number take any value whatever its operands are; the narrower one lets one operand
    take only its ends and the values at which its own tests change. The truth lies between: where both agree, it is
    found.
    """
    facts = margins.program.knowledge.facts
    step = next((s for s in steps if len(open_operands(s, known)) > 1), None)
    if step is None:
        return None
    operand = open_operands(step, known)[-1]
    many = between(margins.cuts.get(step.term, set()), facts[step.term].domain)
    domain = facts[operand].domain
    ends = {end for end in (domain.low, domain.high) if end is not None}
    few = alone(domain, margins.cuts.get(operand, set()) | ends)
    wide = _over(margins, group, known, step.term, many, room // 2)
    narrow = _over(margins, group, known, operand, few, room // 2) if wide is not None else None
    return wide if wide == narrow else None
