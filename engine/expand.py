"""Conditions of later stages told in facts alone, so that one question to the solver spans all stages.

A finding stands for its condition, an eligibility term for its entries with the earlier ones denied. Negation goes down
to single tests, so that what is asked for is Kleene's "true", also for firms of which a part is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import NamedTuple

from engine.compile import Program
from engine.executors.reference import passes
from kb.complete import base_facts
from kb.condition import ALWAYS, GRADE, KNOWN, NEVER, All, Any, Condition, Not, Test, fact_of, terms_of
from kb.normal import alternatives, opposite
from kb.values import Code
from kb.vocabulary import GRADES

NOTHING: frozenset[str] = frozenset()


class Query(NamedTuple):
    """One way for a rule to hold: `when`, on facts alone; the class the firm must be in ('' any); base facts that
    must be unknown; the least grade (place in GRADES) of facts whose grade matters, others being as well known as need
    be."""

    when: Condition
    in_class: str
    unknown: frozenset[str]
    grades: Mapping[str, int]


def queries(condition: Condition, program: Program) -> tuple[Query, ...]:
    """Every way for a resolved condition of any stage to be true on the program's day."""
    terms = terms_of(condition)
    if not any(term == "class" or term.startswith((KNOWN, GRADE)) for term in terms):
        return (Query(in_facts(condition, program), "", NOTHING, {}),)
    found: list[Query] = []
    for alternative in alternatives(condition):
        plain = All(tuple(test for test in alternative if fact_of(test.term) == test.term != "class"))
        classes = [test for test in alternative if test.term == "class"]
        wanted = [c.id for c in program.knowledge.table.classes if all(passes(test, c.id) for test in classes)]
        for unknown, grades in _knowledge(alternative, program):
            when = in_facts(plain, program, unknown)
            found += [Query(when, name, unknown, grades) for name in (wanted if classes else [""])]
    return tuple(found)


def _knowledge(alternative: tuple[Test, ...], program: Program) -> list[tuple[frozenset[str], Mapping[str, int]]]:
    """Ways to meet the tests of knowledge of an alternative: facts that must be unknown, and grades of others."""
    about: dict[str, list[Test]] = {}
    for test in alternative:
        if test.term.startswith((KNOWN, GRADE)):
            about.setdefault(fact_of(test.term), []).append(test)
    ways: list[list[tuple[str, int]]] = []
    for name, tests in about.items():
        # -1 is unknown, as it is for the engine; the highest grade first, because it is the usual example.
        fitting = [
            (name, grade)
            for grade in range(len(GRADES) - 1, -2, -1)
            if all(passes(t, grade if t.term.startswith(GRADE) else int(grade >= 0)) for t in tests)
        ]
        ways.append([way for way in fitting if way[1] < 0] + [way for way in fitting if way[1] >= 0][:1])
    found: list[tuple[frozenset[str], Mapping[str, int]]] = []
    for chosen in product(*ways):
        unknown = frozenset(b for name, grade in chosen if grade < 0 for b in base_facts(name, program.knowledge.facts))
        found.append((unknown, {name: grade for name, grade in chosen if grade >= 0}))
    return found


def in_facts(
    condition: Condition, program: Program, unknown: frozenset[str] = NOTHING, wanted: bool = True
) -> Condition:
    """A condition on facts alone that is true exactly where this one comes out as `wanted`.

    Tests of the class or of knowledge have no such form: see `queries`. What rests on an `unknown` fact is not true
    and not false.
    """
    if isinstance(condition, Not):
        return in_facts(condition.part, program, unknown, not wanted)
    if isinstance(condition, Test):
        return _test(condition, program, unknown, wanted)
    parts = [in_facts(part, program, unknown, wanted) for part in condition.parts]
    return _joined(parts, every=isinstance(condition, All) == wanted)


def _joined(parts: list[Condition], every: bool) -> Condition:
    """`all` or `any`, without what decides nothing."""
    idle, decisive = (ALWAYS, NEVER) if every else (NEVER, ALWAYS)
    if decisive in parts:
        return decisive
    kept = tuple(dict.fromkeys(part for part in parts if part != idle))
    if len(kept) == 1:
        return kept[0]
    return All(kept) if every else Any(kept)


def _test(test: Test, program: Program, unknown: frozenset[str], wanted: bool) -> Condition:
    knowledge = program.knowledge
    if test.term in knowledge.facts:
        if unknown and unknown & set(base_facts(test.term, knowledge.facts)):
            return NEVER
        denied: list[Condition] = [Test(test.term, (opposite(bound),)) for bound in test.bounds]
        return test if wanted else _joined(denied, every=False)
    if test.term in knowledge.findings:
        rule = program.stages["findings"].rules.get(test.term)
        # A finding that is not in force on the day does not hold.
        values = [value for value in (1, 0) if passes(test, value) == wanted]
        when = rule.when if rule is not None else NEVER
        return _joined([in_facts(when, program, unknown, bool(value)) for value in values], every=False)
    entries = knowledge.eligibility[test.term].entries
    found: list[Condition] = []
    earlier: list[Condition] = []
    for rule in program.of("eligibility", test.term):
        value: Code = entries[int(rule.id.removeprefix(f"{test.term}.").split("_", 1)[0]) - 1].value
        if passes(test, value) == wanted:
            found.append(_joined([in_facts(rule.when, program, unknown), *earlier], every=True))
        earlier.append(in_facts(rule.when, program, unknown, wanted=False))
    return _joined(found, every=False)
