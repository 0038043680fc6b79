"""What has ended, or not begun, while those who rest on it go on: findings and terms that rules read, and the sources
behind values of parameters. Of the parameters themselves `cover` speaks."""

from __future__ import annotations

import datetime

from kb.checks.cover import days_of, first_day, gaps, said_days
from kb.checks.eligibility import span
from kb.condition import terms_of
from kb.law import Period
from kb.model import Knowledge
from kb.problem import Mark, Problems
from kb.rules import rules_of

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    earliest = first_day(knowledge)
    _terms(earliest, knowledge, problems)
    _values(earliest, knowledge, problems)


def _terms(earliest: datetime.date, knowledge: Knowledge, problems: Problems) -> None:
    """Rules in force on days on which a finding or term that they read is not."""
    settled = {finding.id: finding.period for finding in knowledge.findings.values()}
    # Of days between the entries of a term `eligibility` speaks.
    settled |= {t.id: span([entry.period for entry in t.entries]) for t in knowledge.eligibility.values() if t.entries}
    said: set[tuple[Mark, str]] = set()
    for rule in rules_of(knowledge):
        for term in terms_of(rule.when) if rule.when is not None else ():
            # A principle is a rule of every pattern.
            if term not in settled or (rule.mark, term) in said:
                continue
            said.add((rule.mark, term))
            for days in gaps(days_of(rule, earliest, knowledge), [settled[term]]):
                problems.doubt(
                    "KB517",
                    rule.mark,
                    f"'{rule.id}' is in force {said_days(days)}, when '{term}', which it reads, is not.",
                    "Bound the rule with in_force, or give what it reads those days.",
                )


def _values(earliest: datetime.date, knowledge: Knowledge, problems: Problems) -> None:
    """Values of parameters that go on after the law behind them, or stand before it."""
    for parameter in knowledge.parameters.values():
        for value in parameter.values:
            source = knowledge.sources[value.source]
            wanted = Period(max(earliest, value.period.start or earliest), value.period.end)
            for days in gaps(wanted, [source.period]):
                held = f"this value of '{parameter.id}' holds {said_days(days)}"
                problems.doubt(
                    "KB517",
                    value.value.mark,
                    f"{held}, when its source '{source.id}' is not in force.",
                    "End the value with its source, or cite the law of those days.",
                )
