"""Conditions of later stages told in facts alone, so that one question to the solver spans all stages.

A finding stands for its condition, an eligibility term for its entries with the earlier ones denied. Negation goes
down to single tests, so that what is asked for is Kleene's "true". `in_parts` also counts what is known of a firm:
every test then asks that its facts are known, as `known:fact`, so that firms known in part are among the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.compile import Program
from engine.executors.reference import passes
from kb.complete import base_facts
from kb.condition import ALWAYS, GRADE, KNOWN, NEVER, All, Any, Bound, Condition, Not, Test, fact_of, terms_of
from kb.derivation import Ratio
from kb.normal import opposite
from kb.rules import value_given
from kb.values import Code, Domain
from kb.vocabulary import GRADES, Fact


class Query(NamedTuple):
    """One way for a rule to hold: `when`, on facts alone (with `known:` and `grade:` of facts where that matters), and
    the class the firm must be in, '' for any."""

    when: Condition
    in_class: str


def asks_of_knowledge(condition: Condition) -> bool:
    """Whether a condition asks how well a fact is known."""
    return any(term.startswith((KNOWN, GRADE)) for term in terms_of(condition))


def queries(condition: Condition, program: Program, partly: bool = False) -> tuple[Query, ...]:
    """Every way for a resolved condition of any stage to be true on the program's day.

    Of firms known in full, unless the condition asks of knowledge or firms known `partly` are wanted as well.
    """
    counted = partly or asks_of_knowledge(condition)
    tell = in_parts if counted else in_facts
    if "class" not in terms_of(condition):
        return (Query(tell(condition, program), ""),)
    names = [one.id for one in program.knowledge.table.classes]
    return tuple(Query(tell(settled(condition, name), program), name) for name in names)


def beyond(wider: Condition, narrower: Condition, program: Program, partly: bool) -> tuple[Query, ...]:
    """Every way for the first condition to be true where the second is not: false, or not known to hold."""
    counted = partly or asks_of_knowledge(wider) or asks_of_knowledge(narrower)
    tell = in_parts if counted else in_facts
    classes = [one.id for one in program.knowledge.table.classes]
    names = classes if "class" in (*terms_of(wider), *terms_of(narrower)) else [""]
    found = []
    for name in names:
        one, other = (settled(c, name) if name else c for c in (wider, narrower))
        found.append(Query(_joined([tell(one, program), Not(tell(other, program))], every=True), name))
    return tuple(found)


def knowledge_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The vocabulary with `known:` and `grade:` of every base fact as facts of their own, for the solver."""
    found = dict(facts)
    for name, fact in facts.items():
        if fact.derived is None:
            found[KNOWN + name] = Fact(KNOWN + name, fact.label, Domain("boolean"), fact.mark)
            found[GRADE + name] = Fact(GRADE + name, fact.label, Domain("level", GRADES), fact.mark)
    return found


def in_facts(condition: Condition, program: Program, wanted: bool = True) -> Condition:
    """A condition on facts alone that is true exactly where this one comes out as `wanted`.

    Tests of the class or of knowledge have no such form: see `queries`.
    """
    return _told(condition, program, wanted, counted=False)


def in_parts(condition: Condition, program: Program, wanted: bool = True) -> Condition:
    """As `in_facts`, for firms of which anything may be unknown: each test asks that what it reads is known."""
    return _told(condition, program, wanted, counted=True)


def settled(condition: Condition, name: str) -> Condition:
    """The condition for a firm of one class."""
    if isinstance(condition, Not):
        return Not(settled(condition.part, name))
    if isinstance(condition, Test):
        if condition.term != "class":
            return condition
        return ALWAYS if passes(condition, name) else NEVER
    parts = tuple(settled(part, name) for part in condition.parts)
    return All(parts) if isinstance(condition, All) else Any(parts)


def _told(condition: Condition, program: Program, wanted: bool, counted: bool) -> Condition:
    if isinstance(condition, Not):
        return _told(condition.part, program, not wanted, counted)
    if isinstance(condition, Test):
        return _test(condition, program, wanted, counted)
    parts = [_told(part, program, wanted, counted) for part in condition.parts]
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


def _test(test: Test, program: Program, wanted: bool, counted: bool) -> Condition:
    knowledge = program.knowledge
    if test.term.startswith((KNOWN, GRADE)):
        return _of_knowledge(test, knowledge.facts, wanted)
    if test.term in knowledge.facts:
        denied: list[Condition] = [Test(test.term, (opposite(bound),)) for bound in test.bounds]
        plain = test if wanted else _joined(denied, every=False)
        return _joined([*_known(test.term, knowledge.facts), plain], every=True) if counted else plain
    if test.term in knowledge.findings:
        rule = program.stages["findings"].rules.get(test.term)
        # A finding that is not in force on the day does not hold.
        values = [value for value in (1, 0) if passes(test, value) == wanted]
        when = rule.when if rule is not None else NEVER
        return _joined([_told(when, program, bool(value), counted) for value in values], every=False)
    return _eligibility(test, program, wanted, counted)


def _eligibility(test: Test, program: Program, wanted: bool, counted: bool) -> Condition:
    """The entries whose value passes, each with those before it denied; an earlier one of that value may be open."""
    term = program.knowledge.eligibility[test.term]
    found: list[Condition] = []
    earlier: list[tuple[Code, Condition]] = []
    for rule in program.of("eligibility", test.term):
        value = value_given(rule.id, term)
        if passes(test, value) == wanted:
            before = [denied for other, denied in earlier if other != value]
            found.append(_joined([_told(rule.when, program, True, counted), *before], every=True))
        earlier.append((value, _told(rule.when, program, False, counted)))
    return _joined(found, every=False)


def _known(term: str, facts: Mapping[str, Fact]) -> list[Condition]:
    """When a term has a value: its operands have. A ratio has one at a divisor of zero whatever its dividend is."""
    derived = facts[term].derived
    if derived is None:
        return [Test(KNOWN + term, (Bound("is", "in", (1,)),))]
    parts = [part for operand in facts[term].operands() for part in _known(operand, facts)]
    if isinstance(derived, Ratio) and derived.when_zero is not None:
        zero = Test(derived.denominator, (Bound("is", "in", (0,)),))
        at_zero = _joined([*_known(derived.denominator, facts), zero], every=True)
        return [_joined([_joined(parts, every=True), at_zero], every=False)]
    return list(dict.fromkeys(parts))


def _of_knowledge(test: Test, facts: Mapping[str, Fact], wanted: bool) -> Condition:
    """A test of knowledge in terms of the base facts: a derived fact is as good as those of them that are known."""
    name = fact_of(test.term)
    is_known = _joined(_known(name, facts), every=True)
    if test.term.startswith(KNOWN):
        return is_known if passes(test, 1) == wanted else Not(is_known)
    graded: list[Condition] = []
    for base in base_facts(name, facts):
        unknown = Test(KNOWN + base, (Bound("is", "in", (0,)),))
        graded.append(_joined([unknown, Test(GRADE + base, test.bounds)], every=False))
    good_enough = _joined([is_known, *graded], every=True)
    return good_enough if wanted else Not(good_enough)
