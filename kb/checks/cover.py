"""Days that a parameter or a finding forgets: no value between two dated ones, no source in force."""

from __future__ import annotations

import datetime

from kb.law import Period
from kb.model import Knowledge
from kb.problem import Problems

AT_LOAD = False
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
                f"'{parameter.id}' has no value {_days(gap)}.",
                "Add the value of those days; where there was none, this may stay.",
            )
    starts = [source.period.start for source in knowledge.sources.values() if source.period.start is not None]
    earliest = min(starts, default=datetime.date.min)
    for finding in knowledge.findings.values():
        wanted = Period(max(earliest, finding.period.start or earliest), finding.period.end)
        for gap in gaps(wanted, [knowledge.sources[name].period for name in finding.sources])[:1]:
            problems.doubt(
                "KB509",
                finding.mark,
                f"'{finding.id}' cites nothing in force {_days(gap)}.",
                "Add a source of those days, or bound the finding with in_force.",
            )


def gaps(wanted: Period, covering: list[Period]) -> list[Period]:
    """Stretches of `wanted` (which has a start) that none of `covering` holds, in order."""
    found: list[Period] = []
    assert wanted.start is not None
    day, last = wanted.start, wanted.end or datetime.date.max
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


def _days(gap: Period) -> str:
    return f"from {gap.start} to {gap.end}" if gap.end is not None else f"from {gap.start} on"
