"""Conclusions that nothing can lead to: no day holds all that they need, or no entry gives them.

What a condition makes impossible is for a prover; here only days and lists are compared.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.law import Period
from kb.model import Knowledge, Pattern
from kb.problem import Problems
from kb.read_patterns import clauses_of

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    _values(knowledge, problems)
    for pattern in knowledge.patterns.values():
        _pattern(pattern, problems)
    _principles(knowledge, problems)
    _programme(knowledge, problems)


def meet(one: Period, other: Period) -> bool:
    """Whether some day lies in both."""
    before = one.end is not None and other.start is not None and one.end < other.start
    after = one.start is not None and other.end is not None and other.end < one.start
    return not before and not after


def _values(knowledge: Knowledge, problems: Problems) -> None:
    for term in knowledge.eligibility.values():
        given = {entry.value for entry in term.entries}
        for index, value in enumerate(term.domain.values):
            if index not in given:
                fault, remedy = f"no entry of '{term.id}' gives '{value}'.", "Add the entry, or remove the value."
                problems.doubt("KB516", term.mark, fault, remedy)


def _pattern(pattern: Pattern, problems: Problems) -> None:
    open_ones = [clause for clause in pattern.eligible if meet(clause.period, pattern.period)]
    if pattern.eligible and not open_ones:
        fault = f"'{pattern.id}' is never open: none of its 'eligible' is in force while the pattern is."
        problems.doubt("KB516", pattern.mark, fault, "Correct in_force of one of the two.")
        return
    for clause in clauses_of(pattern).values():
        if not meet(clause.period, pattern.period):
            fault = f"'{clause.id}' never counts: it is not in force on any day of '{pattern.id}'."
            problems.doubt("KB516", clause.mark, fault, "Correct in_force of one of the two, or remove it.")


def _principles(knowledge: Knowledge, problems: Problems) -> None:
    for principle in knowledge.principles.values():
        periods = [pattern.period for pattern in knowledge.patterns.values()]
        if periods and not _with_any(principle.period, periods):
            fault = f"'{principle.id}' is never asked: no pattern is in force while it is."
            problems.doubt("KB516", principle.mark, fault, "Correct in_force, or remove it.")


def _programme(knowledge: Knowledge, problems: Problems) -> None:
    days = {finding.id: finding.period for finding in knowledge.findings.values()}
    for action in knowledge.actions.values():
        answered = [f.period for f in knowledge.findings.values() if action.id in f.answered_by]
        if answered and not action.standing and not _with_any(action.period, answered):
            fault = f"'{action.id}' is never offered: no finding that it answers is in force while it is."
            problems.doubt("KB516", action.mark, fault, "Correct in_force of one of the two, or remove it.")
    for strategy in knowledge.strategies.values():
        pairs = [(days[one], days[other]) for one in strategy.inner for other in strategy.outer]
        if pairs and not any(meet(*pair) for pair in pairs):
            fault = f"'{strategy.id}' never pairs anything: its findings are not in force on the same day."
            problems.doubt("KB516", strategy.mark, fault, "Name findings of the same days, or remove it.")


def _with_any(period: Period, others: Iterable[Period]) -> bool:
    return any(meet(period, other) for other in others)
