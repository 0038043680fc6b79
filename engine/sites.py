"""Where a rule base holds its conditions, and the rule base with another one put there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from kb.condition import Condition
from kb.derivation import Bands
from kb.law import ALWAYS_IN_FORCE, Period
from kb.model import Clause, Eligibility, Entry, Factor, Finding, Knowledge, Pattern, Principle
from kb.problem import Mark

T = TypeVar("T")
Put = Callable[[Knowledge, Condition | None, Period], Knowledge]


class Site(NamedTuple):
    """One written condition with its period: the ids of the rules it serves, and how another is put in its place.

    `dated`: another period can be put here as well.
    """

    about: str
    kind: str
    rules: tuple[str, ...]
    when: Condition | None
    period: Period
    mark: Mark
    put: Put
    dated: bool = True


def sites_of(knowledge: Knowledge) -> Iterator[Site]:
    """Every condition of a rule, in the order of the stages; then the limits of facts that are read off bands."""
    for term in knowledge.eligibility.values():
        for place, entry in enumerate(term.entries):
            name = f"{term.id}.{place + 1}_{term.domain.values[entry.value]}"
            yield Site(name, "eligibility", (name,), entry.when, entry.period, entry.mark, _entry(term.id, place))
    for factor in knowledge.factors.values():
        for place, one in enumerate(factor.findings):
            yield Site(one.id, "finding", (one.id,), one.when, one.period, one.mark, _finding(factor.id, place))
    for pattern in knowledge.patterns.values():
        yield from _of_pattern(pattern)
    for principle in knowledge.principles.values():
        yield from _of_principle(principle, knowledge)
    for name, action in knowledge.actions.items():
        yield Site(name, "action", (name,), action.when, action.period, action.mark, _programme("actions", name))
    for name, caution in knowledge.cautions.items():
        yield Site(name, "caution", (name,), caution.when, caution.period, caution.mark, _programme("cautions", name))
    for fact in knowledge.facts.values():
        if isinstance(fact.derived, Bands):
            for place, (when, _, mark) in enumerate(fact.derived.limits):
                yield Site(fact.id, "band", (), when, ALWAYS_IN_FORCE, mark, _band(fact.id, place))


def _of_pattern(pattern: Pattern) -> Iterator[Site]:
    fields = (
        ("requires", "requires", (pattern.requires,) if pattern.requires else ()),
        ("eligible", "eligible", pattern.eligible),
        ("bars", "bar", pattern.bars),
        ("cautions", "pattern_caution", pattern.cautions),
        ("prepare", "prepare", pattern.prepare),
    )
    for name, kind, clauses in fields:
        for place, one in enumerate(clauses):
            yield Site(one.id, kind, (one.id,), one.when, one.period, one.mark, _clause(pattern.id, name, place))


def _of_principle(principle: Principle, knowledge: Knowledge) -> Iterator[Site]:
    usual = tuple(f"{name}.{principle.id}" for name in knowledge.patterns if name not in principle.tests)
    every = tuple(f"{name}.{principle.id}" for name in knowledge.patterns)
    name, period, mark = principle.id, principle.period, principle.mark
    # The period belongs to the principle as a whole, which the last site is for.
    yield Site(name, "principle", usual, principle.default, period, mark, _principle(name, ""), False)
    for pattern, when in principle.tests.items():
        about = f"{pattern}.{name}"
        yield Site(about, "principle", (about,), when, period, mark, _principle(name, pattern), False)
    yield Site(name, "principle", every, None, period, mark, _principle_period(name))


def swap(items: Sequence[T], place: int, other: T) -> tuple[T, ...]:
    """The items with another at one place."""
    return (*items[:place], other, *items[place + 1 :])


def put_in(old: Mapping[str, T], name: str, other: T) -> dict[str, T]:
    """The mapping with another value under one name, in the same order."""
    return {**old, name: other}


def put_finding(knowledge: Knowledge, factor: str, place: int, other: Finding) -> Knowledge:
    """The rule base with another finding at a place of a factor."""
    old = knowledge.factors[factor]
    return put_factor(knowledge, old._replace(findings=swap(old.findings, place, other)))


def put_factor(knowledge: Knowledge, other: Factor) -> Knowledge:
    return replace(knowledge, factors=put_in(knowledge.factors, other.id, other))


def put_pattern(knowledge: Knowledge, other: Pattern) -> Knowledge:
    return replace(knowledge, patterns=put_in(knowledge.patterns, other.id, other))


def put_entries(knowledge: Knowledge, term: str, entries: tuple[Entry, ...]) -> Knowledge:
    old: Eligibility = knowledge.eligibility[term]
    return replace(knowledge, eligibility=put_in(knowledge.eligibility, term, old._replace(entries=entries)))


def _entry(term: str, place: int) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        old = knowledge.eligibility[term].entries
        return put_entries(knowledge, term, swap(old, place, old[place]._replace(when=when, period=period)))

    return put


def _finding(factor: str, place: int) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        assert when is not None
        old = knowledge.factors[factor].findings[place]
        return put_finding(knowledge, factor, place, old._replace(when=when, period=period))

    return put


def _clause(pattern: str, field: str, place: int) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        old = knowledge.patterns[pattern]
        held = getattr(old, field)
        clauses: tuple[Clause, ...] = (held,) if isinstance(held, Clause) else held
        new = swap(clauses, place, clauses[place]._replace(when=when, period=period))
        changed: dict[str, Any] = {field: new[0] if isinstance(held, Clause) else new}
        return put_pattern(knowledge, old._replace(**changed))

    return put


def _principle(name: str, pattern: str) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        assert when is not None
        old = knowledge.principles[name]
        new = old._replace(tests=put_in(old.tests, pattern, when)) if pattern else old._replace(default=when)
        return replace(knowledge, principles=put_in(knowledge.principles, name, new))

    return put


def _principle_period(name: str) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        old = knowledge.principles[name]
        return replace(knowledge, principles=put_in(knowledge.principles, name, old._replace(period=period)))

    return put


def _programme(field: str, name: str) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        if field == "actions":
            action = knowledge.actions[name]._replace(when=when, period=period)
            return replace(knowledge, actions=put_in(knowledge.actions, name, action))
        caution = knowledge.cautions[name]._replace(when=when, period=period)
        return replace(knowledge, cautions=put_in(knowledge.cautions, name, caution))

    return put


def _band(fact: str, place: int) -> Put:
    def put(knowledge: Knowledge, when: Condition | None, period: Period) -> Knowledge:
        old = knowledge.facts[fact]
        assert isinstance(old.derived, Bands)
        _, code, mark = old.derived.limits[place]
        derived = old.derived._replace(limits=swap(old.derived.limits, place, (when, code, mark)))
        return replace(knowledge, facts=put_in(knowledge.facts, fact, replace(old, derived=derived)))

    return put
