"""When a pattern is recommended to a firm of a class of which everything is known, as a condition on facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.compile import Program
from engine.diff.merged import Merged
from engine.diff.plain import renamed
from engine.executors.reference import holds
from engine.expand import in_facts, settled
from engine.prove.outcomes import possible
from kb.condition import NEVER, All, Any, Condition, Not, terms_of
from kb.model import Pattern
from kb.values import Code


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
