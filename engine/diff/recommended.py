"""Which firms keep their class and get another recommendation: asked of the solver class by class.

For a firm of which everything is known a recommendation is a condition on facts and class. Where the conditions of
both rule bases are the same nothing is asked; else a firm is looked for that one recommends a pattern and the other
does not, first in any class, then in the class meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.compile import Program
from engine.derive import derive
from engine.diff.asking import Asking
from engine.diff.classes import Margins, Signs, bounds
from engine.diff.merged import Merged, renamed
from engine.diff.sums import Group, amount, signs
from engine.executors.reference import holds
from engine.expand import in_facts, settled
from engine.prove.outcomes import possible
from engine.solve import Sum, Unsolved
from kb.complete import base_facts
from kb.condition import ALWAYS, NEVER, All, Any, Condition, Not, terms_of
from kb.model import AXES, Pattern
from kb.values import Code

# How many ways of being recommended otherwise are looked for in one class on one day.
MOST = 8


class Moved(NamedTuple):
    """Patterns recommended no longer, and those recommended from now on."""

    lost: tuple[str, ...]
    gained: tuple[str, ...]


class Differing(NamedTuple):
    """For a class, the patterns whose conditions of being recommended differ: old and new condition by pattern."""

    conditions: Mapping[str, tuple[Condition, Condition]]

    @property
    def anywhere(self) -> Condition:
        return Any(tuple(_apart(old, new) for old, new in self.conditions.values()))

    def moved(self, values: Mapping[str, Code]) -> Moved:
        """What a firm loses and gains."""
        told = {name: (holds(old, values) is True, holds(new, values) is True) for name, (old, new) in self.pairs()}
        lost = tuple(name for name, (before, after) in told.items() if before and not after)
        return Moved(lost, tuple(name for name, (before, after) in told.items() if after and not before))

    def pairs(self) -> Iterator[tuple[str, tuple[Condition, Condition]]]:
        yield from sorted(self.conditions.items())

    def just(self, moved: Moved) -> Condition:
        """The condition of losing and gaining exactly these."""
        parts: list[Condition] = []
        for name, (old, new) in self.pairs():
            lost, gained = All((old, Not(new))), All((new, Not(old)))
            same = Not(_apart(old, new))
            parts.append(lost if name in moved.lost else gained if name in moved.gained else same)
        return All(tuple(parts))


def _apart(old: Condition, new: Condition) -> Condition:
    return Any((All((old, Not(new))), All((new, Not(old)))))


def recommends(program: Program, in_class: str, names: Mapping[str, str]) -> dict[str, Condition]:
    """When each pattern is recommended to a firm of a class of which everything is known, as conditions on facts."""
    patterns = program.knowledge.patterns
    opened = {}
    for name, pattern in patterns.items():
        written = possible(pattern, program)
        told = in_facts(settled(written, in_class), program) if written is not None else NEVER
        opened[name] = renamed(told, names)
    found: dict[str, Condition] = {}
    for name, pattern in patterns.items():
        if pattern.fallback:
            # The fallback waits until no other pattern is open, whatever the others' ranks.
            ahead = [other for other, one in patterns.items() if not one.fallback]
        elif in_class in pattern.suits:
            rank = pattern.suits[in_class].rank
            suited = [other for other, one in patterns.items() if not one.fallback and in_class in one.suits]
            ahead = [other for other in suited if patterns[other].suits[in_class].rank < rank]
        else:
            continue
        denied = [Not(opened[other]) for other in ahead if opened[other] != NEVER]
        found[name] = NEVER if opened[name] == NEVER else All((opened[name], *denied))
    return found


def inputs(merged: Merged) -> tuple[object, object]:
    """All that recommendations rest on beside the class, as each rule base has it: where both are equal nobody need ask
    what comes of it."""
    both = []
    for program, names in ((merged.old, {}), (merged.new, merged.names)):
        kinds = ("requires", "eligible", "bar")
        rules = {r.id: (r.kind, r.owner, renamed(r.when, names)) for r in program.stages["patterns"].rules.values()}
        patterns = {
            name: (p.fallback, p.period.holds(program.as_of), possible(p, program) is None, [*_ranks(p).items()])
            for name, p in program.knowledge.patterns.items()
        }
        clauses = {name: rule for name, rule in rules.items() if rule[0] in kinds}
        read = {term for _, _, when in clauses.values() for term in terms_of(when)}
        knowledge = program.knowledge
        entries = [
            (name, knowledge.eligibility[name].domain.values, [(r.id, renamed(r.when, names)) for r in rules_])
            for name in sorted(read & {*knowledge.eligibility})
            for rules_ in [program.of("eligibility", name)]
        ]
        live = program.stages["findings"].rules
        findings = [
            (n, renamed(live[n].when, names) if n in live else None) for n in sorted(read & {*knowledge.findings})
        ]
        both.append((patterns, clauses, entries, findings))
    return both[0], both[1]


def _ranks(pattern: Pattern) -> dict[str, int]:
    return {name: suit.rank for name, suit in sorted(pattern.suits.items())}


def differing(merged: Merged, in_class: str) -> Differing:
    """The patterns whose conditions are not written alike, for firms in a class of that name in both."""
    old, new = recommends(merged.old, in_class, {}), recommends(merged.new, in_class, merged.names)
    both = {name: (old.get(name, NEVER), new.get(name, NEVER)) for name in {*old, *new}}
    return Differing({name: two for name, two in sorted(both.items()) if two[0] != two[1]})


class Findings(NamedTuple):
    """Ways of being recommended otherwise, each with a firm; whether there are more, and what was not settled."""

    firms: Mapping[Moved, Mapping[str, Code]]
    more: bool
    open: tuple[str, ...]


def otherwise(
    one: Margins, x: Signs, y: Signs, differ: Differing, asking: Asking, shown: Iterable[Mapping[str, Code]] = ()
) -> Findings:
    """A firm for each way of being recommended otherwise, among firms whose margins have these signs.

    First among firms at hand, those `shown` for other days before all; then the solver lists the ways there are for any
    firm, and each is looked for in the class. At most `MOST` are found.
    """
    found: dict[Moved, Mapping[str, Code]] = {}
    open_: list[str] = []
    for firm in (*shown, *one.firms):
        values = derive(one.merged.steps, firm)
        if _has(one, x, y, values):
            moved = differ.moved(values)
            if moved != Moved((), ()):
                found.setdefault(moved, firm)
    looked: list[tuple[Moved, dict[str, Code]]] = []

    def again(firm: dict[str, Code]) -> Condition | None:
        values = derive(one.merged.steps, {**one.firms[0], **firm})
        looked.append((differ.moved(values), firm))
        return Not(differ.just(looked[-1][0])) if len(looked) < MOST else None

    whole = False
    try:
        known = (Not(differ.just(moved)) for moved in found)
        whole = asking.each(All((differ.anywhere, *known)), one.merged, again)
    except Unsolved as fault:
        open_.append(str(fault))
    for moved, anywhere in looked:
        try:
            here = _firm(one, x, y, differ.just(moved), anywhere, asking)
        except Unsolved as fault:
            open_.append(str(fault))
            continue
        if here is not None:
            found[moved] = here
    if not whole and not found and not open_:
        # Every way that was looked at is closed to this class; whether another is open was not asked.
        open_.append(f"more than {MOST} ways of being recommended otherwise")
    return Findings(found, not whole, tuple(open_))


def _has(one: Margins, x: Signs, y: Signs, values: Mapping[str, Code]) -> bool:
    return signs(one.units, values) == ((int(x[0]), int(x[1])), (int(y[0]), int(y[1])))


def _firm(
    one: Margins, x: Signs, y: Signs, asked: Condition, anywhere: Mapping[str, Code], asking: Asking
) -> dict[str, Code] | None:
    """A firm that meets a condition and whose margins have these signs, made from one that meets it `anywhere`, or the
    solver's. Raises Unsolved."""
    read = {one.merged.tied(base) for term in terms_of(asked) for base in base_facts(term, one.merged.facts)}
    mine = {name: code for name, code in anywhere.items() if one.merged.tied(name) in read}
    for firm in one.firms:
        mixed = {**firm, **mine}
        values = derive(one.merged.steps, mixed)
        if _has(one, x, y, values) and holds(asked, values):
            return mixed
    near, far = _touched(one, read)
    if x[0] != x[1] or y[0] != y[1] or not one.separate:
        near, far = one.groups, ()
    for exact in (False, True):
        found = asking.find(asked, one.merged, [*_sums(one, near, far, (x, y), exact, asking)])
        if found is not None:
            mine = {name: code for name, code in found.items() if one.merged.tied(name) in read | _bases(near)}
            return _whole(one, far, (x, y), mine, asking if exact else None)
        if not far:
            break
    return None


def _bases(groups: tuple[Group, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(group.bases for group in groups))


def _touched(one: Margins, read: set[str]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Groups that the condition meets or whose sums can differ, and the others."""
    near = tuple(g for g in one.groups if g.bases & read or any(unit in one.apart for unit in g.units))
    return near, tuple(g for g in one.groups if g not in near)


def _sums(
    one: Margins,
    near: tuple[Group, ...],
    far: tuple[Group, ...],
    wanted: tuple[Signs, Signs],
    exact: bool,
    asking: Asking,
) -> Iterator[Sum]:
    """The sums of the touched groups, with what the others can add at best: as firms at hand show, or at the most."""
    units = [unit for group in near for unit in group.units]
    for axis, two in zip(AXES, wanted, strict=True):
        spare = 0
        for group in far:
            if group.units[0].axis == axis:
                low, high = _extremes(one, group, exact, asking)
                spare += high if two[0] else low
        for bound in bounds(units, axis, two):
            low_end = None if bound.low is None else bound.low - spare
            high_end = None if bound.high is None else bound.high - spare
            yield Sum(bound.parts, low_end, high_end)


def _extremes(one: Margins, group: Group, exact: bool, asking: Asking) -> tuple[int, int]:
    if exact:
        return asking.extremes([part for unit in group.units for part in unit.old], one.merged)
    found = _amounts(one, group)
    return min(found), max(found)


def _amounts(one: Margins, group: Group) -> list[int]:
    return [sum([amount(unit.old, values) for unit in group.units]) for values in one.values]


def _whole(
    one: Margins, far: tuple[Group, ...], wanted: tuple[Signs, Signs], mine: dict[str, Code], asking: Asking | None
) -> dict[str, Code]:
    """The firm found, with every other group at its best: as firms at hand have it, or as the solver is asked for.

    Raises Unsolved where facts that are tied to one another do not let every group have its best.
    """
    firm = dict(one.firms[0])
    for group in far:
        up = dict(zip(AXES, wanted, strict=True))[group.units[0].axis][0]
        amounts = _amounts(one, group)
        best = (max if up else min)(amounts)
        facts: Mapping[str, Code] = one.firms[amounts.index(best)]
        if asking is not None:
            low, high = _extremes(one, group, True, asking)
            parts = tuple(part for unit in group.units for part in unit.old)
            better = None
            if best != (high if up else low):
                end = Sum(parts, high, None) if up else Sum(parts, None, low)
                better = asking.find(ALWAYS, one.merged, [end])
            facts = {**facts, **(better or {})}
        firm |= {name: code for name, code in facts.items() if one.merged.tied(name) in group.bases}
    firm |= mine
    if not _has(one, *wanted, derive(one.merged.steps, firm)):
        raise Unsolved("facts that are tied to one another leave it open")
    return firm
