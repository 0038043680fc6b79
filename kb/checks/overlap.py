"""At most one finding of a factor can hold, where plain intervals can tell; otherwise a doubt.

Two alternatives of different findings exclude each other when some term they share has no value that passes both. When
none does, and only base facts are read, the values found make an example of a firm for which both hold.
"""

from __future__ import annotations

import contextlib
import datetime
from itertools import combinations

from kb.condition import Condition, Test, parameters_of, resolve, terms_of
from kb.model import Factor, Finding, Knowledge
from kb.normal import Alternative, Span, TooManyAlternatives, alternatives, span
from kb.problem import Problems
from kb.values import Code, Domain

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    for factor in knowledge.factors.values():
        whole = [f for f in factor.findings if not ({f.id, *terms_of(f.when)} & problems.unusable)]
        for one, other in combinations(whole, 2):
            # A finding too wide to be multiplied out is reported by `alternatives`.
            with contextlib.suppress(TooManyAlternatives):
                _pair(factor, one, other, knowledge, problems)


def _pair(factor: Factor, one: Finding, other: Finding, knowledge: Knowledge, problems: Problems) -> None:
    for day in _days(one, other, knowledge):
        if not (one.period.holds(day) and other.period.holds(day)):
            continue
        left, right = resolve(one.when, day), resolve(other.when, day)
        if left is None or right is None:
            continue
        for a in alternatives(left):
            for b in alternatives(right):
                example = _meet(a, b, knowledge)
                if example is None:
                    continue
                both = f"'{one.id}' and '{other.id}' of factor '{factor.id}'"
                if all(knowledge.facts[term].derived is None for term in example):
                    shown = {t: knowledge.facts[t].domain.plain(code) for t, code in example.items()}
                    firm = ", ".join(f"{t}: {v}" for t, v in shown.items())
                    problems.error(
                        "KB408",
                        other.mark,
                        f"{both} can hold at once, as with {firm}.",
                        "Make the tests exclude each other.",
                        shown,
                    )
                else:
                    problems.doubt("KB505", other.mark, f"{both} may hold at once.", "Let one test exclude the other.")
                return


def _days(one: Finding, other: Finding, knowledge: Knowledge) -> list[datetime.date]:
    """One day in each stretch of time in which neither finding nor any parameter changes."""
    usual = {knowledge.manifest.examples_as_of}
    days = {day for period in (one.period, other.period) for day in (period.start, period.end) if day is not None}
    if not parameters_of(one.when) and not parameters_of(other.when):
        return sorted(days or usual)
    periods = (value.period for parameter in knowledge.parameters.values() for value in parameter.values)
    return sorted(days | usual | {day for period in periods for day in (period.start, period.end) if day is not None})


def exclude(left: Condition, right: Condition, knowledge: Knowledge) -> bool:
    """Whether plain intervals prove that two resolved conditions on facts cannot both be true. Raises
    TooManyAlternatives."""
    return all(_meet(a, b, knowledge) is None for a in alternatives(left) for b in alternatives(right))


def _meet(a: Alternative, b: Alternative, knowledge: Knowledge) -> dict[str, Code] | None:
    """Values that pass every test of both, or None when some term has none."""
    found: dict[str, Code] = {}
    for term in dict.fromkeys(test.term for test in (*a, *b)):
        tests = tuple(test for test in (*a, *b) if test.term == term)
        value = _value(tests, knowledge.facts[term].domain)
        if value is None:
            return None
        found[term] = value
    return found


def _value(tests: tuple[Test, ...], domain: Domain) -> Code | None:
    wanted = span(tests)
    if domain.type in ("choice", "code", "text"):
        pool: list[Code] = list(domain.values) if domain.values else [*(wanted.allowed or ()), "other"]
        return next((v for v in pool if _passes(v, wanted)), None)
    if domain.type == "level":
        return next((v for v in range(len(domain.values)) if _passes(v, wanted)), None)
    if domain.type == "boolean":
        return next((v for v in (0, 1) if _passes(v, wanted)), None)
    # Numbers and dates: the ends of the interval and their neighbours are enough, past what is forbidden.
    seeds = [wanted.low, wanted.high, domain.low, domain.high, *(wanted.allowed or ()), *wanted.forbidden]
    near = {s + d for s in seeds if isinstance(s, int) for d in range(-1, len(wanted.forbidden) + 2)}
    if domain.step is None:
        fractions = [s for s in seeds if s is not None and not isinstance(s, str)]
        middle = [(x + y) / 2 for x in fractions for y in fractions]
        outer = [v + d for v in fractions for d in (-1, 1)]
        return next((v for v in sorted([*fractions, *middle, *outer]) if _passes(v, wanted)), None)
    inside = (v for v in sorted(near) if domain.low is None or domain.high is None or domain.low <= v <= domain.high)
    return next((v for v in inside if _passes(v, wanted)), None)


def _passes(value: Code, s: Span) -> bool:
    if s.allowed is not None and value not in s.allowed:
        return False
    if value in s.forbidden:
        return False
    if s.low is not None and (value < s.low or (s.low_open and value == s.low)):  # type: ignore[operator]
        return False
    return not (s.high is not None and (value > s.high or (s.high_open and value == s.high)))  # type: ignore[operator]
