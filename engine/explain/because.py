"""From a rule's truth to the readings that make it so, and down to the base facts it waits for."""

from __future__ import annotations

from collections.abc import Mapping

from engine.compile import Rule
from engine.decision import Reading
from engine.executors.reference import Truth, passes, readings
from kb.complete import base_facts
from kb.condition import Condition, fact_of
from kb.model import Knowledge
from kb.values import Code


def because(rule: Rule, values: Mapping[str, Code], truth: Truth) -> tuple[Reading, ...]:
    """Readings that make a rule come out as it does: for True its support, for False what denies it, for unknown
    the tests still open."""
    return because_of(rule.id, rule.when, values, truth)


def because_of(name: str, condition: Condition, values: Mapping[str, Code], truth: Truth) -> tuple[Reading, ...]:
    found = []
    for test, _ in readings(condition, values, truth):
        value = values.get(test.term)
        found.append(Reading(name, test, value, None if value is None else passes(test, value)))
    return tuple(found)


def waits_for(readings_open: tuple[Reading, ...], values: Mapping[str, Code], knowledge: Knowledge) -> tuple[str, ...]:
    """Base facts, unknown now, that open readings rest on; eligibility terms and findings count by their own facts."""
    found: dict[str, None] = {}
    for reading in readings_open:
        if reading.passed is None:
            found |= dict.fromkeys(unknown_bases(reading.test.term, values, knowledge))
    return tuple(found)


def unknown_bases(term: str, values: Mapping[str, Code], knowledge: Knowledge) -> tuple[str, ...]:
    """Unknown base facts below a term of any stage; empty for the class, which has its own list."""
    name = fact_of(term)
    if name in knowledge.facts:
        return tuple(b for b in base_facts(name, knowledge.facts) if b not in values)
    return ()
