"""The entries of an eligibility term: ones that are never asked, and days on which a firm may get no value."""

from __future__ import annotations

from kb.checks.cover import gaps, said_days
from kb.law import Period
from kb.model import Eligibility, Entry, Knowledge
from kb.problem import Problems

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    for term in knowledge.eligibility.values():
        _never_asked(term, problems)
        _without_value(term, problems)


def _never_asked(term: Eligibility, problems: Problems) -> None:
    """Entries all whose days belong to entries before them that always hold."""
    for index, entry in enumerate(term.entries):
        before = _always(term.entries[:index])
        if before and not gaps(entry.period, before):
            problems.doubt(
                "KB511",
                entry.mark,
                f"this entry of '{term.id}' is never asked: one without a condition stands before it.",
                "Put entries without 'when' last, or bound them with in_force.",
            )


def _without_value(term: Eligibility, problems: Problems) -> None:
    if not term.entries:
        return
    every = [entry.period for entry in term.entries]
    for open_days in gaps(span(every), _always(term.entries)):
        empty = gaps(open_days, every)
        for days in empty:
            problems.doubt(
                "KB511",
                term.mark,
                f"no entry of '{term.id}' is in force {said_days(days)}.",
                "Add the entries of those days; where nothing can be decided, this may stay.",
            )
        for days in gaps(open_days, empty):
            problems.doubt(
                "KB511",
                term.mark,
                f"{said_days(days)}, the last entry of '{term.id}' in force has a condition: a firm may get no value.",
                "End with an entry without 'when'; where nothing can be decided, this may stay.",
            )


def _always(entries: tuple[Entry, ...]) -> list[Period]:
    return [entry.period for entry in entries if entry.when is None]


def span(periods: list[Period]) -> Period:
    """From the first day of any to the last day of any."""
    starts, ends = [p.start for p in periods], [p.end for p in periods]
    return Period(
        None if None in starts else min(s for s in starts if s is not None),
        None if None in ends else max(e for e in ends if e is not None),
    )
