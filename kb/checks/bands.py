"""Every limit of a band decides for some value, and every value of the level is given by some limit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from kb.condition import Bound, Condition, parameters_of, resolve, tests_of
from kb.derivation import Bands
from kb.law import Period
from kb.model import Knowledge
from kb.problem import Problems
from kb.values import Code, Domain
from kb.vocabulary import Fact

AT_LOAD = True
_DAY = datetime.timedelta(days=1)


def check(knowledge: Knowledge, problems: Problems) -> None:
    for fact in knowledge.facts.values():
        if isinstance(fact.derived, Bands) and fact.id not in problems.unusable:
            _given(fact, fact.derived, problems)
            _reached(fact, fact.derived, knowledge, problems)


def _given(fact: Fact, bands: Bands, problems: Problems) -> None:
    given = {code if isinstance(code, str) else fact.domain.written(code) for _, code, _ in bands.limits}
    values = ("ya", "tidak") if fact.domain.type == "boolean" else fact.domain.values
    missing = [value for value in values if value not in given]
    if missing:
        problems.error(
            "KB412",
            fact.mark,
            f"no limit of '{fact.id}' gives {', '.join(missing)}.",
            "Add the limit, or remove the value.",
        )


def _reached(fact: Fact, bands: Bands, knowledge: Knowledge, problems: Problems) -> None:
    """Each limit has a value that passes it and none before it, in every stretch in which no parameter changes."""
    of = knowledge.facts[bands.of].domain
    names = {p for test, _, _ in bands.limits if test is not None for p in parameters_of(test)}
    said = set()
    for stretch in _stretches([value.period for name in names for value in knowledge.parameters[name].values]):
        day = stretch.start or stretch.end or datetime.date.max
        tests = [None if test is None else resolve(test, day) for test, _, _ in bands.limits[:-1]]
        known = [test for test in tests if test is not None]
        if len(known) < len(tests):
            # A parameter without a value puts all rules on this fact out of force.
            continue
        reached = {_first(known, value) for value in _candidates(known, of)}
        for index, (_, _, mark) in enumerate(bands.limits):
            if index not in reached and index not in said:
                said.add(index)
                days = f" from {stretch.start or 'the first day'} to {stretch.end or 'the last'}" if names else ""
                problems.error(
                    "KB412",
                    mark,
                    f"this limit of '{fact.id}' is never reached{days}: those before it take every value.",
                    "Put the limits in order, narrowest first.",
                )


def _stretches(periods: list[Period]) -> list[Period]:
    """The days cut wherever one of the periods begins or ends."""
    cuts = {p.start for p in periods if p.start} | {
        p.end + _DAY for p in periods if p.end and p.end < datetime.date.max
    }
    ordered = [None, *sorted(cuts), None]
    return [Period(start, end - _DAY if end else None) for start, end in pairwise(ordered)]


def _first(tests: list[Condition], value: Code) -> int:
    """The place of the limit that decides for a value; the last has no test."""
    passed = (i for i, whole in enumerate(tests) if all(_passes(b, value) for t in tests_of(whole) for b in t.bounds))
    return next(passed, len(tests))


def _passes(bound: Bound, value: Code) -> bool:
    limit = bound.operand
    if isinstance(limit, tuple):
        return value in limit
    assert not isinstance(value, str)
    assert isinstance(limit, (int, Fraction))
    above, same = value > limit, value == limit
    return {"ge": above or same, "gt": above, "le": not above, "lt": not above and not same}[bound.op]


def _candidates(tests: Iterable[Condition], of: Domain) -> Iterable[Code]:
    """Values enough to reach every limit that can be reached: on, beside and between all bounds."""
    if of.type == "choice":
        return of.values
    low, high = (0, len(of.values) - 1) if of.type == "level" else (of.low, of.high)
    edges = [b.operand for whole in tests for t in tests_of(whole) for b in t.bounds]
    numbers = sorted(e for e in (*edges, low, high) if isinstance(e, (int, Fraction)))
    beside = {n + d for n in numbers for d in (-1, 0, 1)}
    if of.step is None and of.type not in ("level", "date"):
        beside |= {(one + other) / Fraction(2) for one, other in pairwise(numbers)}
    return {n for n in beside if (low is None or n >= low) and (high is None or n <= high)}
