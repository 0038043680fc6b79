"""Factors: findings that can hold together, and single values that fall between the thresholds of two findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from typing import NamedTuple

from engine.prove.holding import once
from engine.prove.report import Report, fires, silent
from kb.checks.overlap import exclude
from kb.condition import All, Any, Bound, Condition, Not, Test
from kb.model import Factor, Knowledge
from kb.normal import Alternative, Span, alternatives, span
from kb.problem import Mark
from kb.rules import Rule


def check(report: Report) -> None:
    for factor in report.knowledge.factors.values():
        rules = report.rules_of(factor.id)
        for one, other in combinations(rules, 2):
            key = report.digests.unit("overlap", [one, other])
            asked = f"whether '{one.id}' and '{other.id}' can hold at once"
            report.ask(asked, other.mark, key, partial(_overlap, factor, one, other, report))
        _ask_for_holes(f"factor '{factor.id}'", factor.mark, rules, report)
    for rule in once(report):
        if rule.kind not in ("finding", "eligibility"):
            _ask_for_holes(f"'{rule.id}'", rule.mark, [rule], report)
    for term in report.knowledge.eligibility.values():
        _ask_for_holes(f"'{term.id}'", term.mark, report.rules_of(term.id), report)


def _ask_for_holes(owner: str, mark: Mark, rules: Sequence[Rule], report: Report) -> None:
    key = report.digests.unit("holes", rules)
    report.ask(f"whether {owner} leaves out a value", mark, key, partial(_hole, owner, mark, rules, report))


def _overlap(factor: Factor, one: Rule, other: Rule, report: Report) -> None:
    for day in (*report.calendar.days([one, other]), *report.calendar.later([one, other])):
        program = report.asking.program(day)
        left, right = program.rule(one.id), program.rule(other.id)
        if left is None or right is None or exclude(left.when, right.when, report.knowledge):
            continue
        firm = report.asking.holding(All((left.when, right.when)), day)
        if firm is not None:
            report.fault(
                "PR106",
                "error",
                other.mark,
                f"'{one.id}' and '{other.id}' of factor '{factor.id}' can hold at once, as for {{firm}}.",
                "Make their tests exclude each other: a factor counts once for a firm.",
                firm,
                fires(one.id, other.id),
            )
            return


class _Gap(NamedTuple):
    """One value of a term between two alternatives, and what else both of them ask."""

    term: str
    value: int | Fraction
    rest: tuple[Test, ...]
    below: str
    above: str


def _hole(owner: str, mark: Mark, rules: Sequence[Rule], report: Report) -> None:
    for day in report.calendar.days(rules):
        program = report.asking.program(day)
        live = [one for rule in rules if (one := program.rule(rule.id)) is not None]
        for gap in _gaps([(one.id, one.when) for one in live], report.knowledge):
            domain = report.knowledge.facts[gap.term].domain
            # A value that the range ends at is no hole.
            if domain.low is not None and domain.high is not None and not domain.low < gap.value < domain.high:
                continue
            exactly = Test(gap.term, (Bound("is", "in", (gap.value,)),))
            firm = report.asking.holding(All((exactly, *gap.rest, Not(Any(tuple(one.when for one in live))))), day)
            if firm is None:
                continue
            sides = f"'{gap.below}' ends just below, '{gap.above}' begins just above"
            report.fault(
                "PR110",
                "doubt",
                mark,
                f"{owner} leaves out {gap.term} of exactly {domain.written(gap.value)}: {sides}, as for {{firm}}.",
                "Let one of them include it (at_least, at_most), or accept this in the manifest with a reason.",
                firm,
                silent(*(one.id for one in live)),
            )
            return


def _gaps(conditions: Sequence[tuple[str, Condition]], knowledge: Knowledge) -> Iterator[_Gap]:
    """Single values between an alternative that ends just below and one that begins just above."""
    found: list[tuple[str, Alternative]] = []
    for name, when in conditions:
        found += [(name, alternative) for alternative in alternatives(when)]
    for (low_name, low), (high_name, high) in product(found, found):
        for test in low:
            other = next((t for t in high if t.term == test.term), None)
            fact = knowledge.facts.get(test.term)
            # A level's middle value is a reading of its own, and mostly meant to say nothing.
            if other is None or fact is None or not fact.domain.ordered or fact.domain.type == "level":
                continue
            value = _between(span((test,)), span((other,)), fact.domain.step is None and fact.domain.type != "date")
            if value is not None:
                rest = tuple(t for t in (*low, *high) if t.term != test.term)
                yield _Gap(test.term, value, rest, low_name, high_name)


def _between(low: Span, high: Span, dense: bool) -> int | Fraction | None:
    """The one value above everything `low` takes and below everything `high` takes; None where it is not just one."""
    if low.allowed is not None or high.allowed is not None:
        return None
    if not isinstance(low.high, (int, Fraction)) or not isinstance(high.low, (int, Fraction)):
        return None
    if dense:
        return low.high if low.high == high.low and low.high_open and high.low_open else None
    last = low.high - 1 if low.high_open else low.high
    first = high.low + 1 if high.low_open else high.low
    return last + 1 if first - last == 2 else None
