"""One small slip in a rule base, and what tells whether the loader would refuse it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from engine.variants import Domains
from kb.checks import overlap
from kb.condition import Condition, tests_of
from kb.law import Period
from kb.model import Knowledge
from kb.never import never
from kb.normal import TooManyAlternatives, alternatives
from kb.problem import Mark, Problems

_DAY = datetime.timedelta(1)


class Change(NamedTuple):
    """A rule that reads otherwise in a mutant: its id, kind, condition and period there."""

    rule: str
    kind: str
    when: Condition | None
    period: Period


class Mutant(NamedTuple):
    """One slip: its place, the rule, factor or parameter it is made in, what it is in words, and the rule base with it.

    `kind` says what can tell it from the rule base without it; `changes` are the rules whose condition or days differ,
    `names` the findings, patterns or values concerned. `refused`: the loader would not take it.
    """

    mark: Mark
    about: str
    change: str
    kind: str
    changes: tuple[Change, ...]
    names: tuple[str, ...]
    refused: bool
    knowledge: Callable[[], Knowledge]


def ends_first(period: Period) -> bool:
    """Whether a period ends before it begins: KB306."""
    return period.start is not None and period.end is not None and period.end < period.start


def unreadable(when: Condition, domains: Domains) -> bool:
    """Whether the loader would refuse a condition: KB413, KB420."""
    try:
        alternatives(when)
    except TooManyAlternatives:
        return True
    return any((domain := domains(test.term)) is not None and never(test, domain) for test in tests_of(when))


def overlaps(knowledge: Knowledge, findings: Iterable[str]) -> bool:
    """Whether two findings of a factor of these can hold at once: KB408."""
    factors = {knowledge.findings[name].factor for name in findings}
    problems = Problems()
    overlap.check(replace(knowledge, factors={name: knowledge.factors[name] for name in sorted(factors)}), problems)
    return bool(problems.errors)


def moved_days(period: Period) -> Iterator[tuple[Period, str]]:
    """The period with its first or its last day a day earlier or later."""
    for by in (-_DAY, _DAY):
        if period.start is not None:
            yield period._replace(start=period.start + by), f"from {period.start} -> {period.start + by}"
        if period.end is not None:
            yield period._replace(end=period.end + by), f"until {period.end} -> {period.end + by}"


def meet(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    first = one.start is None or other.end is None or one.start <= other.end
    return first and (other.start is None or one.end is None or other.start <= one.end)
