"""What the expert's tests reach: rules, their single tests, thresholds and days, each point by point.

A point is one thing that a test may show: a rule that is true, false or unknown; a test of its condition likewise; and,
in a rule that this very test decides, a value just under, at or just over a threshold, or one of a choice or level that
the test names or leaves out; the days on either side of the start and the end of a rule (or of a parameter it reads),
with its condition true. "Just" is one step of the fact's domain, or the neighbouring level. A ratio has no step: there,
just under or over is any value with no other threshold of that ratio between.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.executors.reference import Truth, holds, passes
from kb.condition import ALWAYS, GRADE, KNOWN, All, Bound, Condition, Dated, Not, Test, parameters_of, resolve, tests_of
from kb.derivation import Bands
from kb.law import ALWAYS_IN_FORCE, Period
from kb.model import Knowledge
from kb.problem import Mark
from kb.rules import Rule, rules_of
from kb.values import Code, Domain
from kb.vocabulary import GRADES

ORDERS = ("ge", "le", "gt", "lt")
SIDES = ("under", "at", "over")
KINDS = ("rule", "test", "threshold", "value", "day")
_ONE_DAY = datetime.timedelta(1)


class Point(NamedTuple):
    """One thing to be seen. `test` is the place of a test in its condition, `bound` that of a bound in its test, -1
    where there is none; `side` is true, false, unknown, under, at, over (with the number of a dated value) or a day."""

    kind: str
    rule: str
    test: int
    bound: int
    side: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything there is to see in a rule base, with its place in the files; `bands` are limits of derived facts."""

    knowledge: Knowledge
    points: Mapping[Point, Mark]
    rules: tuple[Rule, ...]
    bands: tuple[Rule, ...]
    days: Mapping[str, frozenset[datetime.date]]
    cuts: Mapping[str, tuple[Code, ...]]
    resolved: dict[tuple[str, datetime.date], Condition | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen of a plan."""

    plan: Plan
    seen: frozenset[Point]

    def count(self, kind: str) -> tuple[int, int]:
        """How many points of a kind were seen, and how many there are."""
        every = [point for point in self.plan.points if point.kind == kind]
        return sum(point in self.seen for point in every), len(every)

    @property
    def missing(self) -> tuple[tuple[Point, Mark], ...]:
        """Points that nothing shows, in the order of the files."""
        open_ones = [(point, mark) for point, mark in self.plan.points.items() if point not in self.seen]
        return tuple(sorted(open_ones, key=lambda one: (one[1], one[0])))

    @property
    def never_fired(self) -> tuple[str, ...]:
        fired = {point.rule for point in self.seen if (point.kind, point.side) == ("rule", "true")}
        return tuple(sorted({rule.id for rule in self.plan.rules} - fired))

    @property
    def both_ways(self) -> tuple[int, int]:
        """Tests that came out true here and false there, of all."""
        every = {(point.rule, point.test) for point in self.plan.points if point.kind == "test"}
        ways = {(p.rule, p.test, p.side) for p in self.seen if p.kind == "test"}
        return sum((*one, "true") in ways and (*one, "false") in ways for one in every), len(every)


def plan_of(knowledge: Knowledge) -> Plan:
    """All points of a rule base. A point that no value of the fact can reach is not among them."""
    rules = tuple(rules_of(knowledge))
    bands = tuple(_bands(knowledge))
    days = {rule.id: _days(rule, knowledge) for rule in rules}
    points: dict[Point, Mark] = {}
    for rule in rules:
        when = rule.when if rule.when is not None else ALWAYS
        own = list(tests_of(when))
        points |= {Point("rule", rule.id, -1, -1, side): rule.mark for side in _outcomes(own)}
        for place, test in enumerate(own):
            points |= {Point("test", rule.id, place, -1, side): test.mark for side in _outcomes([test])}
        points |= {Point("day", rule.id, -1, -1, day.isoformat()): rule.mark for day in days[rule.id]}
    for rule in (*rules, *bands):
        for place, test in enumerate(tests_of(rule.when) if rule.when is not None else ()):
            for number, bound in enumerate(test.bounds):
                for side in _sides(test, bound, rule.period, knowledge):
                    points[Point("threshold", rule.id, place, number, side)] = test.mark
                for value in _values(test, bound, knowledge):
                    points[Point("value", rule.id, place, number, value)] = test.mark
    return Plan(knowledge, points, rules, bands, days, _cuts((*rules, *bands)))


def _bands(knowledge: Knowledge) -> Iterator[Rule]:
    """The limits of facts that are read off bands, as rules."""
    for fact in knowledge.facts.values():
        if isinstance(fact.derived, Bands):
            for number, (when, _, mark) in enumerate(fact.derived.limits):
                if when is not None:
                    yield Rule(f"{fact.id}.{number}", "band", fact.id, when, ALWAYS_IN_FORCE, (), mark)


def _outcomes(tests: list[Test]) -> tuple[str, ...]:
    """How a condition of these tests can come out: without a test it always holds, and knowledge is never unknown."""
    if not tests:
        return ("true",)
    asked = all(test.term.startswith((KNOWN, GRADE)) for test in tests)
    return ("true", "false") if asked else ("true", "false", "unknown")


def _days(rule: Rule, knowledge: Knowledge) -> frozenset[datetime.date]:
    """First and last days of a rule and of the parameter values it reads, and the days next to them."""
    found = _ends(rule.period)
    for name in parameters_of(rule.when) if rule.when is not None else ():
        ends = {day for value in knowledge.parameters[name].values for day in _ends(value.period)}
        found |= {day for day in ends if rule.period.holds(day)}
    # A day without a value of some parameter can show nothing.
    return frozenset(day for day in found if rule.when is None or resolve(rule.when, day) is not None)


def _ends(period: Period) -> set[datetime.date]:
    """The first and the last day of a period, and the days next to them outside."""
    found = {period.start, period.start - _ONE_DAY} if period.start is not None else set()
    return found | ({period.end, period.end + _ONE_DAY} if period.end is not None else set())


def _values(test: Test, bound: Bound, knowledge: Knowledge) -> tuple[str, ...]:
    """Every value of a choice or level that a test takes or refuses by name."""
    domain = _domain(test.term, knowledge)
    return domain.values if domain is not None and bound.op not in ORDERS else ()


def _sides(test: Test, bound: Bound, period: Period, knowledge: Knowledge) -> list[str]:
    domain = _domain(test.term, knowledge)
    if domain is None or bound.op not in ORDERS:
        return []
    if isinstance(bound.operand, Dated):
        found = []
        for number, (start, end, code) in enumerate(bound.operand.values):
            if _meets(period, Period(start, end)):
                found += [f"{side}@{number}" for side in _reached(code, domain)]
        return found
    assert not isinstance(bound.operand, tuple)
    return _reached(bound.operand, domain)


def _domain(term: str, knowledge: Knowledge) -> Domain | None:
    """The values of a fact, or the grades it may have; None for a term of a later stage."""
    if term.startswith(GRADE):
        return Domain("level", GRADES)
    return knowledge.facts[term].domain if term in knowledge.facts else None


def _meets(one: Period, other: Period) -> bool:
    first = one.start is None or other.end is None or one.start <= other.end
    return first and (other.start is None or one.end is None or other.start <= one.end)


def _reached(code: Code, domain: Domain) -> list[str]:
    """Sides of a threshold on which the domain has a value."""
    if isinstance(code, str):
        return []
    low, high = (0, len(domain.values) - 1) if domain.values else (domain.low, domain.high)
    steps = {"under": code - 1, "at": code, "over": code + 1}
    if domain.step is None and not domain.values and domain.type != "date":
        steps = dict.fromkeys(SIDES, code)
    return [s for s, c in steps.items() if (low is None or c >= low) and (high is None or c <= high)]


def _cuts(rules: Iterable[Rule]) -> dict[str, tuple[Code, ...]]:
    """Every threshold of a term on any day, in order."""
    found: dict[str, set[Code]] = {}
    for rule in rules:
        for test in tests_of(rule.when) if rule.when is not None else ():
            for bound in test.bounds:
                if isinstance(bound.operand, Dated):
                    found.setdefault(test.term, set()).update(code for _, _, code in bound.operand.values)
                elif bound.op in ORDERS and not isinstance(bound.operand, tuple):
                    found.setdefault(test.term, set()).add(bound.operand)
    return {term: tuple(sorted(c for c in codes if not isinstance(c, str))) for term, codes in found.items()}


def seen(
    plan: Plan, day: datetime.date, values: Mapping[str, Code], truths: Mapping[str, Truth], only: str = ""
) -> set[Point]:
    """Points that one case, or one example of the finding `only`, shows. `values` are all terms known on the day."""
    found: set[Point] = set()
    for rule in plan.rules:
        if only and rule.id != only:
            continue
        when = _on(plan, rule, day)
        if when is None:
            continue
        if day in plan.days[rule.id] and holds(when, values):
            found.add(Point("day", rule.id, -1, -1, day.isoformat()))
        if rule.id in truths:
            found.add(Point("rule", rule.id, -1, -1, outcome(truths[rule.id])))
            found.update(_in_tests(plan, rule, when, day, values))
    before: set[str] = set()
    for limit in plan.bands:
        when = _on(plan, limit, day)
        # Only the first limit that holds says anything.
        if when is not None and not only and limit.owner not in before:
            found |= {point for point in _in_tests(plan, limit, when, day, values) if point.kind == "threshold"}
            before |= {limit.owner} if holds(when, values) else set()
    return found


def outcome(truth: Truth) -> str:
    return "unknown" if truth is None else "true" if truth else "false"


def _on(plan: Plan, rule: Rule, day: datetime.date) -> Condition | None:
    key = (rule.id, day)
    if key not in plan.resolved:
        plan.resolved[key] = resolve(rule.when, day) if rule.when is not None else ALWAYS
    return plan.resolved[key]


def _in_tests(
    plan: Plan, rule: Rule, when: Condition, day: datetime.date, values: Mapping[str, Code]
) -> Iterator[Point]:
    written = list(tests_of(rule.when)) if rule.when is not None else []
    for place, (test, decides) in enumerate(_deciding(when, values, True)):
        value = values.get(test.term)
        yield Point("test", rule.id, place, -1, outcome(None if value is None else passes(test, value)))
        if value is None or not decides:
            continue
        for number, bound in enumerate(test.bounds):
            others = Test(test.term, (*test.bounds[:number], *test.bounds[number + 1 :]))
            if not passes(others, value):
                continue
            side = _side(bound, value, plan, test.term) if bound.op in ORDERS else ""
            if side:
                yield Point("threshold", rule.id, place, number, side + _number(written[place].bounds[number], day))
            domain = _domain(test.term, plan.knowledge)
            if bound.op not in ORDERS and domain is not None and domain.values:
                yield Point("value", rule.id, place, number, domain.written(value))


def _number(written: Bound, day: datetime.date) -> str:
    """Which of the dated values a bound has on a day."""
    if not isinstance(written.operand, Dated):
        return ""
    return f"@{next(n for n, (start, end, _) in enumerate(written.operand.values) if Period(start, end).holds(day))}"


def _side(bound: Bound, value: Code, plan: Plan, term: str) -> str:
    cut = bound.operand
    domain = _domain(term, plan.knowledge)
    if isinstance(cut, (tuple, str, Dated)) or isinstance(value, str) or domain is None:
        return ""
    if value == cut:
        return "at"
    if domain.step is None and domain.type in ("decimal", "percent"):
        low, high = min(value, cut), max(value, cut)
        between = any(low < other < high for other in plan.cuts[term] if not isinstance(other, str))
        return "" if between else "under" if value < cut else "over"
    return {-1: "under", 1: "over"}.get(int(value - cut), "")


def _deciding(condition: Condition, values: Mapping[str, Code], decides: bool) -> Iterator[tuple[Test, bool]]:
    """Every test in the order written, with whether its outcome is what the whole condition turns on."""
    if isinstance(condition, Test):
        yield condition, decides
    elif isinstance(condition, Not):
        yield from _deciding(condition.part, values, decides)
    else:
        idle = isinstance(condition, All)
        truths = [holds(part, values) for part in condition.parts]
        for place, part in enumerate(condition.parts):
            alone = all(truth is idle for number, truth in enumerate(truths) if number != place)
            yield from _deciding(part, values, decides and alone)
