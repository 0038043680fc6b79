"""Bounds of a margin over every completion of the unknown facts, exact.

Margins are sums over factors, so factors that share no unknown fact vary independently: each group of factors that
do share some is bounded alone and the bounds add up. Within a group one unknown fact after another is tried at every
cell of its domain (`engine.cells`), the one that most factors share first, so that the group falls apart again. Where
two unknowns meet in arithmetic, the bounds are taken between a wider and a narrower world (`_meeting`), and where
these differ a solver takes over (`engine.solve`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine import solve
from engine.cells import alone, between, candidates, open_operands
from engine.derive import Step, derive
from engine.executors.reference import holds
from engine.margins import Bounds, FactorParts, Group, Margins
from kb.values import Code

MAX_CELLS = 5_000
_CACHE_SIZE = 50_000
# The groups of an axis with their bounds.
Spread = list[tuple[Group, Bounds]]


def bounds(margins: Margins, axis: str, base: Mapping[str, Code]) -> Bounds:
    """Bounds of an axis' margin over completions of the base facts that `base` lacks."""
    return total(spread(margins, groups(margins.axes[axis], base), base))


def spread(margins: Margins, members: Iterable[Group], base: Mapping[str, Code]) -> Spread:
    """Groups with their bounds."""
    return [(group, group_bounds(margins, group, base)) for group in members]


def spread_of_axis(margins: Margins, axis: str, base: Mapping[str, Code], truths: Mapping[str, bool | None]) -> Spread:
    """Spread of an axis where the findings have been judged: what rests on known facts alone need not be tried."""
    found: Spread = []
    still_open = []
    for factor in margins.axes[axis]:
        if factor.needs <= base.keys():
            amount = sum([part.amount for part in factor.parts if truths[part.finding]])
            found.append(((factor,), Bounds(amount, amount)))
        else:
            still_open.append(factor)
    return found + spread(margins, groups(still_open, base), base)


def total(found: Spread) -> Bounds:
    """Bounds of independent groups add up."""
    return Bounds(sum([b.low for _, b in found]), sum([b.high for _, b in found]))


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
    if len(group) == 1:
        return (group[0].factor, *map(base.get, group[0].terms))
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
