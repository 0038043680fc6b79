"""What a firm must be like to show a point: a day, and a condition in which the test decides its rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from engine.coverage import Plan, Point
from kb.complete import base_facts
from kb.condition import (
    ALWAYS,
    All,
    Bound,
    Condition,
    Dated,
    Not,
    Test,
    fact_of,
    resolve,
    tests_of,
)
from kb.rules import Rule
from kb.values import Code, Domain
from kb.vocabulary import GRADES


class Wish(NamedTuple):
    """A day, a condition (resolved for it), base facts to be unknown, and whether the answer must show the rule."""

    day: datetime.date
    when: Condition
    unknown: tuple[str, ...]
    visible: bool


def wishes(plan: Plan, point: Point) -> Iterator[Wish]:
    """Ways to show a point, the one that shows most first."""
    rule = next(rule for rule in (*plan.rules, *plan.bands) if rule.id == point.rule)
    for day in _days(plan, rule, point):
        written = rule.when if rule.when is not None else ALWAYS
        when = resolve(written, day)
        if when is None:
            continue
        if point.side == "unknown":
            tests = list(tests_of(when))
            chosen = tests if point.test < 0 else [tests[point.test]]
            bases = tuple(dict.fromkeys(b for t in chosen for b in _bases(t.term, plan)))
            yield Wish(day, ALWAYS, bases, False)
            continue
        if point.kind == "rule":
            asked = when if point.side == "true" else Not(when)
        elif point.kind == "day":
            asked = when
        else:
            tests = list(tests_of(when))
            test = tests[point.test]
            value = _outcome(test, point.side) if point.kind == "test" else _value(plan, test, point)
            if value is None:
                continue
            asked = All((value, *_deciding(when, point.test)))
            earlier = [b for b in plan.bands if b.owner == rule.owner and b.id < rule.id and rule.kind == "band"]
            resolved = [resolve(b.when, day) for b in earlier if b.when is not None]
            asked = All((asked, *(Not(one) for one in resolved if one is not None)))
        yield Wish(day, asked, (), True)
        yield Wish(day, asked, (), False)
        if point.kind == "test":
            yield Wish(day, _outcome(tests[point.test], point.side), (), False)


def _bases(term: str, plan: Plan) -> tuple[str, ...]:
    """Base facts below a term; for an eligibility term or a finding, those that its rules read."""
    facts = plan.knowledge.facts
    name = fact_of(term)
    if name in facts:
        return base_facts(name, facts)
    readers = [rule for rule in plan.rules if name in (rule.id, rule.owner) and rule.kind in ("finding", "eligibility")]
    found = [t.term for rule in readers if rule.when is not None for t in tests_of(rule.when)]
    return tuple(dict.fromkeys(base for one in found if one in facts for base in base_facts(one, facts)))


def _days(plan: Plan, rule: Rule, point: Point) -> list[datetime.date]:
    """Days on which a point can be shown: its own, or the usual one while rule and dated value are in force then."""
    if point.kind == "day":
        return [datetime.date.fromisoformat(point.side)]
    usual = plan.knowledge.manifest.examples_as_of
    periods = [rule.period]
    number = point.side.partition("@")[2]
    if number and rule.when is not None:
        operand = list(tests_of(rule.when))[point.test].bounds[point.bound].operand
        assert isinstance(operand, Dated)
        start, end, _ = operand.values[int(number)]
        periods.append(type(rule.period)(start, end))
    ends = [day for period in periods for day in (period.start, period.end) if day is not None]
    return [day for day in (usual, *sorted(ends, reverse=True)) if all(period.holds(day) for period in periods)][:1]


def _outcome(test: Test, side: str) -> Condition:
    return test if side == "true" else Not(test)


def _value(plan: Plan, test: Test, point: Point) -> Condition | None:
    """The term just under, at or just over the threshold, the other bounds of the test being passed."""
    bound = test.bounds[point.bound]
    cut, fact = bound.operand, plan.knowledge.facts.get(test.term)
    # What is not a fact is a grade.
    domain = fact.domain if fact is not None else Domain("level", GRADES)
    if point.kind == "value":
        named: Code = domain.values.index(point.side) if domain.type == "level" else point.side
        return Test(test.term, (Bound("is", "in", (named,)),))
    if isinstance(cut, (tuple, str, Dated)):
        return None
    side = point.side.partition("@")[0]
    others = tuple(other for number, other in enumerate(test.bounds) if number != point.bound)
    if domain.step is None and domain.type in ("decimal", "percent") and side != "at":
        near = [c for c in plan.cuts[test.term] if not isinstance(c, str) and (c < cut if side == "under" else c > cut)]
        limits = [Bound("below", "lt", cut)] if side == "under" else [Bound("above", "gt", cut)]
        if near:
            ends = Bound("above", "gt", max(near)) if side == "under" else Bound("below", "lt", min(near))
            limits.append(ends)
        return Test(test.term, (*limits, *others))
    code = cut + {"under": -1, "at": 0, "over": 1}[side]
    exact = (Bound("at_least", "ge", code), Bound("at_most", "le", code)) if domain.ordered else ()
    return Test(test.term, (*exact, *others))


def _deciding(condition: Condition, place: int) -> list[Condition]:
    """What must hold beside a test, given by its place, so that it decides the whole condition."""
    if isinstance(condition, Test):
        return []
    if isinstance(condition, Not):
        return _deciding(condition.part, place)
    found: list[Condition] = []
    first = 0
    for part in condition.parts:
        after = first + len(list(tests_of(part)))
        if first <= place < after:
            found += _deciding(part, place - first)
        else:
            found.append(part if isinstance(condition, All) else Not(part))
        first = after
    return found
