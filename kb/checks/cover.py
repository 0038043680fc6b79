"""Days that a parameter or a rule forgets: no value between two dated ones, no value of what it reads, no source."""

from __future__ import annotations

import datetime

from kb.complete import parameters_of_fact
from kb.condition import Condition, parameters_of
from kb.law import Period
from kb.model import Knowledge
from kb.problem import Mark, Problems
from kb.rules import Rule, facts_read, rules_of

AT_LOAD = False
_OF_PATTERNS = ("requires", "eligible", "bar", "principle", "pattern_caution")
_DAY = datetime.timedelta(days=1)


def check(knowledge: Knowledge, problems: Problems) -> None:
    for parameter in knowledge.parameters.values():
        periods = [value.period for value in parameter.values]
        first = min((p.start or datetime.date.min for p in periods), default=datetime.date.min)
        last = max((p.end or datetime.date.max for p in periods), default=datetime.date.min)
        for gap in gaps(Period(first, last), periods) if periods else ():
            problems.doubt(
                "KB506",
                parameter.mark,
                f"'{parameter.id}' has no value {said_days(gap)}.",
                "Add the value of those days; where there was none, this may stay.",
            )
    earliest = first_day(knowledge)
    _without_value(earliest, knowledge, problems)
    _without_source(earliest, knowledge, problems)


def first_day(knowledge: Knowledge) -> datetime.date:
    """The day from which the rule base can say anything: the first of any dated source."""
    starts = [source.period.start for source in knowledge.sources.values() if source.period.start is not None]
    return min(starts, default=datetime.date.min)


def _without_source(earliest: datetime.date, knowledge: Knowledge, problems: Problems) -> None:
    said: set[Mark] = set()
    for rule in rules_of(knowledge):
        periods = [knowledge.sources[name].period for name in rule.sources]
        uncited = gaps(days_of(rule, earliest, knowledge), periods) if periods and rule.mark not in said else []
        for gap in uncited[:1]:
            # A principle is a rule of every pattern.
            said.add(rule.mark)
            problems.doubt(
                "KB509",
                rule.mark,
                f"'{rule.id}' cites nothing in force {said_days(gap)}.",
                "Add a source of those days, or bound the rule with in_force.",
            )


def days_of(rule: Rule, earliest: datetime.date, knowledge: Knowledge) -> Period:
    """The days on which a rule can count, from the first dated source on; one of a pattern while that is in force."""
    pattern = knowledge.patterns.get(rule.owner) if rule.kind in _OF_PATTERNS else None
    outer = pattern.period if pattern is not None else Period()
    ends = [end for end in (rule.period.end, outer.end) if end is not None]
    return Period(max(earliest, rule.period.start or earliest, outer.start or earliest), min(ends) if ends else None)


def _without_value(earliest: datetime.date, knowledge: Knowledge, problems: Problems) -> None:
    """Rules in force before the first or after the last value of a parameter; gaps between are said of itself."""
    said: set[tuple[Mark, str]] = set()
    for rule in rules_of(knowledge):
        wanted = days_of(rule, earliest, knowledge)
        for name in parameters_behind(rule.when, knowledge):
            periods = [value.period for value in knowledge.parameters[name].values]
            starts, ends = [p.start for p in periods], [p.end for p in periods]
            first = None if None in starts else min((s for s in starts if s is not None), default=None)
            last = None if None in ends else max((e for e in ends if e is not None), default=None)
            for gap in gaps(wanted, [Period(first, last)]) if (rule.mark, name) not in said else ():
                problems.doubt(
                    "KB506",
                    rule.mark,
                    f"'{rule.id}' is in force {said_days(gap)}, when '${name}' has no value.",
                    "Bound the rule with in_force, or add the value of those days.",
                )
            # A principle is a rule of every pattern.
            said.add((rule.mark, name))


def parameters_behind(when: Condition | None, knowledge: Knowledge) -> tuple[str, ...]:
    """Parameters that a condition compares with, or that move the derived facts it reads."""
    derived = [p for fact in facts_read(when, knowledge) for p in parameters_of_fact(fact, knowledge.facts)]
    return tuple(dict.fromkeys((*(parameters_of(when) if when is not None else ()), *derived)))


def gaps(wanted: Period, covering: list[Period]) -> list[Period]:
    """Stretches of `wanted` that none of `covering` holds, in order."""
    found: list[Period] = []
    day, last = wanted.start or datetime.date.min, wanted.end or datetime.date.max
    for period in sorted(covering, key=lambda p: p.start or datetime.date.min):
        start, end = period.start or datetime.date.min, period.end or datetime.date.max
        if day > last or end < day:
            continue
        if start > day:
            found.append(Period(day, min(start - _DAY, last)))
        if end == datetime.date.max:
            return found
        day = end + _DAY
    return [*found, Period(day, wanted.end)] if day <= last else found


def said_days(gap: Period) -> str:
    """The days in words."""
    start = None if gap.start == datetime.date.min else gap.start
    if start is None or gap.end in (None, datetime.date.max):
        return f"from {start} on" if start else f"until {gap.end}" if gap.end else "on any day"
    return f"from {start} to {gap.end}"
