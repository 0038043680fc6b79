"""From a rule's truth to the readings that make it so, and down to the base facts it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union
from weakref import WeakKeyDictionary

from engine.compile import Rule
from engine.decision import ClassVerdict, EligibilityVerdict, Reading
from engine.executors.reference import Truth, passes, readings
from kb.complete import base_facts
from kb.condition import Condition, fact_of
from kb.model import Knowledge
from kb.rules import base_facts_read
from kb.values import Code

_Known = dict[tuple[tuple[Union[Code, None], ...], Truth], tuple[Reading, ...]]
# By the values that a rule's terms have, which is all that matters and often met again. Held with the rule, so that a
# rule base that is loaded anew takes what was remembered of the old one with it.
_MOST_REMEMBERED = 256
_remembered: WeakKeyDictionary[Rule, _Known] = WeakKeyDictionary()


def because(rule: Rule, values: Mapping[str, Code], truth: Truth) -> tuple[Reading, ...]:
    """Readings that make a rule come out as it does: for True its support, for False what denies it, for unknown
    the tests still open."""
    read = tuple(map(values.get, rule.terms))
    known = _remembered.get(rule)
    if known is None:
        known = _remembered.setdefault(rule, {})
    found = known.get((read, truth))
    if found is None:
        mine = {term: value for term, value in zip(rule.terms, read) if value is not None}
        found = because_of(rule.id, rule.when, mine, truth)
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[read, truth] = found
    return found


def because_of(name: str, condition: Condition, values: Mapping[str, Code], truth: Truth) -> tuple[Reading, ...]:
    found = []
    for test, _ in readings(condition, values, truth):
        value = values.get(test.term)
        found.append(Reading(name, test, value, None if value is None else passes(test, value)))
    # A test that is read plainly here and denied there is still one reading.
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def waits_for(
    readings_open: tuple[Reading, ...],
    values: Mapping[str, Code],
    knowledge: Knowledge,
    eligibility: Sequence[EligibilityVerdict] = (),
    verdict: ClassVerdict | None = None,
) -> tuple[str, ...]:
    """Base facts, unknown now, that open readings rest on, through terms of earlier stages too."""
    found: dict[str, None] = {}
    for reading in readings_open:
        if reading.passed is None:
            for base in _bases(fact_of(reading.test.term), values, knowledge, eligibility, verdict):
                found[base] = None
    return tuple(found)


def _bases(
    term: str,
    values: Mapping[str, Code],
    knowledge: Knowledge,
    eligibility: Sequence[EligibilityVerdict],
    verdict: ClassVerdict | None,
) -> tuple[str, ...]:
    fact = knowledge.facts.get(term)
    if fact is not None:
        return tuple([b for b in base_facts(term, knowledge.facts) if b not in values]) if fact.derived else (term,)
    if term in knowledge.eligibility:
        return next((e.waits_for for e in eligibility if e.term == term), ())
    if term == "class":
        return verdict.waits_for if verdict is not None else ()
    # A finding: its own unknown facts.
    finding = knowledge.findings.get(term)
    return tuple(b for b in base_facts_read(finding.when, knowledge) if b not in values) if finding is not None else ()
