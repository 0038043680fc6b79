"""Days on which a question can have another answer: one for each stretch between dates at which something changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from kb.condition import Condition, Dated, fact_of, terms_of, tests_of
from kb.derivation import AS_OF, Bands, YearsBetween
from kb.law import Period
from kb.model import Knowledge
from kb.rules import Rule

_DAY = datetime.timedelta(days=1)
# Longer than any firm or owner lives.
_LONG = datetime.timedelta(days=100 * 366)
_OF_PATTERN = ("requires", "eligible", "bar", "principle", "pattern_caution", "prepare")


class Calendar:
    """The dates behind every term of a rule base. Ages in years are as they are on the day asked about: on the day that
    stands for a stretch, and where `later` is asked for, on its last one."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.usual = knowledge.manifest.examples_as_of
        self._terms: dict[str, frozenset[datetime.date]] = {}
        self._aging: dict[str, bool] = {}

    def days(self, rules: Iterable[Rule], within: Period | None = None) -> list[datetime.date]:
        """A day in each stretch in which none of the rules, nor anything they read, changes.

        The usual day stands for its own stretch, the first for others. Stretches outside `within` are left out; where
        it is not given, those in which none of the rules is in force.
        """
        whole = list(rules)
        periods = [self.period(rule) for rule in whole]
        cuts = self.cuts(whole)
        cuts |= set(cuts_of(within)) if within is not None else set()
        found = []
        for stretch in between(sorted(cuts)):
            day = day_of(stretch, self.usual)
            if within.holds(day) if within is not None else any(period.holds(day) for period in periods):
                found.append(day)
        # The usual day first, because the examples are then of a day that the expert knows.
        return sorted(found, key=lambda day: (day != self.usual, day))

    def cuts(self, rules: Iterable[Rule]) -> set[datetime.date]:
        """The first days of the stretches that the rules, and all they read, make."""
        whole = list(rules)
        found = {cut for rule in whole for cut in cuts_of(self.period(rule))}
        return found | {cut for rule in whole for cut in self._behind(rule.when)}

    def later(self, rules: Iterable[Rule], within: Period | None = None) -> list[datetime.date]:
        """For rules that reckon ages to the day itself, the last day of each stretch; of one without an end, a day on
        which whoever could be old is."""
        whole = list(rules)
        if not any(self._ages(term) for rule in whole if rule.when is not None for term in terms_of(rule.when)):
            return []
        cuts = sorted(self.cuts(whole) | (set(cuts_of(within)) if within is not None else set()))
        days = [stretch.end or max([self.usual, *cuts]) + _LONG for stretch in between(cuts)]
        periods = [within] if within is not None else [self.period(rule) for rule in whole]
        return [day for day in days if any(period.holds(day) for period in periods)]

    def _ages(self, term: str) -> bool:
        """Whether a term of any stage rests on a number of years up to the day of assessment."""
        if term not in self._aging:
            self._aging[term] = self._is_aging(term)
        return self._aging[term]

    def _is_aging(self, term: str) -> bool:
        knowledge = self.knowledge
        fact = knowledge.facts.get(fact_of(term))
        if fact is not None:
            derived = fact.derived
            own = isinstance(derived, YearsBetween) and AS_OF in (derived.start, derived.end)
            return own or any(self._ages(operand) for operand in fact.operands())
        if term in knowledge.findings:
            return any(self._ages(inner) for inner in terms_of(knowledge.findings[term].when))
        if term in knowledge.eligibility:
            entries = (entry.when for entry in knowledge.eligibility[term].entries if entry.when is not None)
            return any(self._ages(inner) for when in entries for inner in terms_of(when))
        return term == "class" and any(self._ages(finding) for finding in knowledge.findings)

    def period(self, rule: Rule) -> Period:
        """When a rule counts: one of a pattern only while that is in force."""
        pattern = self.knowledge.patterns.get(rule.owner) if rule.kind in _OF_PATTERN else None
        return rule.period if pattern is None else _meeting(rule.period, pattern.period)

    def _behind(self, when: Condition | None) -> frozenset[datetime.date]:
        found: set[datetime.date] = set()
        for test in tests_of(when) if when is not None else ():
            for bound in test.bounds:
                if isinstance(bound.operand, Dated):
                    found |= {cut for start, end, _ in bound.operand.values for cut in cuts_of(Period(start, end))}
            found |= self._of_term(test.term)
        return frozenset(found)

    def _of_term(self, term: str) -> frozenset[datetime.date]:
        if term not in self._terms:
            self._terms[term] = frozenset(self._look_up(term))
        return self._terms[term]

    def _look_up(self, term: str) -> Iterator[datetime.date]:
        knowledge = self.knowledge
        if term == "class":
            for finding in knowledge.findings:
                yield from self._of_term(finding)
        elif term in knowledge.findings:
            finding_found = knowledge.findings[term]
            yield from (*cuts_of(finding_found.period), *self._behind(finding_found.when))
        elif term in knowledge.eligibility:
            for entry in knowledge.eligibility[term].entries:
                yield from (*cuts_of(entry.period), *self._behind(entry.when))
        elif term in knowledge.facts:
            fact = knowledge.facts[term]
            for operand in fact.operands():
                yield from self._of_term(operand)
            for condition, _, _ in fact.derived.limits if isinstance(fact.derived, Bands) else ():
                yield from self._behind(condition)


def cuts_of(period: Period) -> tuple[datetime.date, ...]:
    """First days of the stretches that a period's ends make."""
    ends = period.end + _DAY if period.end is not None and period.end < datetime.date.max else None
    return tuple(day for day in (period.start, ends) if day is not None)


def between(cuts: list[datetime.date]) -> list[Period]:
    """The stretches that begin on these days, and the one before them."""
    starts = [None, *cuts]
    ends = [*(cut - _DAY for cut in cuts), None]
    return [Period(start, end) for start, end in zip(starts, ends, strict=True)]


def day_of(stretch: Period, usual: datetime.date) -> datetime.date:
    """The day that stands for a stretch: the usual one where it lies within."""
    return usual if stretch.holds(usual) else stretch.start or stretch.end or usual


def _meeting(one: Period, other: Period) -> Period:
    starts = [day for day in (one.start, other.start) if day is not None]
    ends = [day for day in (one.end, other.end) if day is not None]
    return Period(max(starts, default=None), min(ends, default=None))
