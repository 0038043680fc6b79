"""A parameter bounds only what is counted in its own unit: twelve months are not twelve rupiah."""

from __future__ import annotations

from collections.abc import Iterator

from kb.condition import Condition, Dated, tests_of
from kb.derivation import Bands
from kb.model import Knowledge
from kb.problem import Mark, Problems
from kb.rules import rules_of
from kb.text import place_of

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    for condition, mark in _conditions(knowledge):
        for test in tests_of(condition):
            fact = knowledge.facts.get(test.term)
            for bound in test.bounds:
                if fact is None or not isinstance(bound.operand, Dated):
                    continue
                name = bound.operand.parameter
                unit = knowledge.parameters[name].unit
                # A percent says its unit by its type; either may leave it out.
                if unit and fact.unit and unit != fact.unit:
                    problems.error(
                        "KB423",
                        place_of(name, mark),
                        f"${name} is in '{unit}', '{fact.id}' in '{fact.unit}'.",
                        "Compare the fact with a parameter of its own unit, or correct the unit.",
                    )


def _conditions(knowledge: Knowledge) -> Iterator[tuple[Condition, Mark]]:
    """Every condition with the place of its rule, bands of derived facts included."""
    for rule in rules_of(knowledge):
        if rule.when is not None:
            yield rule.when, rule.mark
    for fact in knowledge.facts.values():
        if isinstance(fact.derived, Bands):
            yield from ((test, mark) for test, _, mark in fact.derived.limits if test is not None)
