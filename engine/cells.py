"""Values of unknown facts that stand for all: one for each cell between the thresholds that matter.

A threshold on a term becomes breakpoints on the one unknown base fact below it. Between two neighbouring breakpoints no
test changes its mind, so one value from each stretch (and each breakpoint itself) stands for the whole domain.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor

from engine.derive import BandsStep, LinearForm, LinearStep, RatioStep, Step, YearsStep, years_between
from kb.condition import Condition, Dated, tests_of
from kb.values import Code, Domain
from kb.vocabulary import Fact

SMALL_DOMAIN = 64


def thresholds(conditions: Iterable[Condition], steps: tuple[Step, ...]) -> dict[str, set[Code]]:
    """Every constant that a term is compared with, bands of derived facts included."""
    found: dict[str, set[Code]] = {}
    limits = [c for s in steps if isinstance(s, BandsStep) for c, _ in s.limits if c is not None]
    for condition in (*conditions, *limits):
        for test in tests_of(condition):
            for bound in test.bounds:
                assert not isinstance(bound.operand, Dated)
                several = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
                found.setdefault(test.term, set()).update(several)
    return found


def candidates(
    name: str,
    cuts: Mapping[str, set[Code]],
    steps: tuple[Step, ...],
    known: Mapping[str, Code],
    facts: Mapping[str, Fact],
) -> tuple[Code, ...] | None:
    """Values to try for an unknown base fact, whatever the other unknown facts are; `cuts` are the thresholds by term.

    None where it meets another unknown in arithmetic and has too many values to try each.
    """
    domain = facts[name].domain
    points: set[int] = set()
    for step in steps:
        below = open_operands(step, known)
        if name not in below:
            continue
        if len(below) > 1:
            # Where unknowns meet, only trying every value is exact.
            return _every(domain)
        assert not isinstance(step, BandsStep)
        points |= _breakpoints(step, name, cuts.get(step.term, set()), known, facts)
    return alone(domain, cuts.get(name, set()) | points)


def open_operands(step: Step, known: Mapping[str, Code]) -> list[str]:
    """Unknown base facts that a step computes with; none where a step only reads off bands."""
    if isinstance(step, BandsStep):
        return []
    if isinstance(step, LinearStep):
        names = [name for name, _ in step.form.terms]
    elif isinstance(step, RatioStep):
        names = [name for form in (step.numerator, step.denominator) for name, _ in form.terms]
    else:
        names = [name for name in (step.start, step.end) if name is not None]
    return [name for name in dict.fromkeys(names) if name not in known]


def _every(domain: Domain) -> tuple[Code, ...] | None:
    if domain.low is None or domain.high is None or domain.high - domain.low >= SMALL_DOMAIN:
        return None
    return tuple(range(domain.low, domain.high + 1))


def alone(domain: Domain, cuts: set[Code]) -> tuple[Code, ...]:
    """One value for each cell between thresholds, and each threshold itself."""
    if domain.type == "boolean":
        return (0, 1)
    if domain.type == "level":
        return tuple(range(len(domain.values)))
    if domain.type == "choice":
        named = tuple(value for value in domain.values if value in cuts)
        return (*named, *[value for value in domain.values if value not in cuts][:1])
    if domain.low is None or domain.high is None:
        mentioned = sorted(str(c) for c in cuts)
        other = "other"
        while other in cuts:
            other += "_"
        return (*mentioned, other)
    numbers = [c for c in cuts if not isinstance(c, str)]
    chosen = {domain.low, *(floor(c) for c in numbers), *(floor(c) + 1 for c in numbers)}
    return tuple(sorted(v for v in chosen if domain.low <= v <= domain.high))


def between(cuts: set[Code], domain: Domain) -> tuple[Code, ...]:
    """A value below, on, between and above the thresholds of a derived number, whether it can be reached or not."""
    marks = sorted({Fraction(c) for c in cuts})
    if not marks:
        return (0,)
    if domain.step is not None:
        return (floor(marks[0]) - 1, *(v for mark in marks for v in (floor(mark), floor(mark) + 1)))
    inner = [(low + high) / 2 for low, high in pairwise(marks)]
    return tuple(sorted([marks[0] - 1, *marks, *inner, marks[-1] + 1]))


def _breakpoints(
    step: LinearStep | RatioStep | YearsStep,
    name: str,
    cuts: set[Code],
    known: Mapping[str, Code],
    facts: Mapping[str, Fact],
) -> set[int]:
    """The last whole code before each place, or on it, at which the step's value crosses a threshold."""
    if isinstance(step, LinearStep):
        slope, rest = _line(step.form, name, known)
        return {int((Fraction(cut) * step.form.divisor - rest) // slope) for cut in cuts}
    if isinstance(step, RatioStep):
        above_slope, above_rest = _line(step.numerator, name, known)
        below_slope, below_rest = _line(step.denominator, name, known)
        found = set()
        if below_slope:
            # The sign of the divisor turns the comparison, and at zero the value is what `when_zero` says.
            found.add(-below_rest // below_slope)
        for cut in cuts:
            exact = Fraction(cut)
            left, right = step.denominator.divisor * exact.denominator, step.numerator.divisor * exact.numerator
            slope = left * above_slope - right * below_slope
            if slope:
                found.add((right * below_rest - left * above_rest) // slope)
        return found
    return _year_breakpoints(step, name, cuts, known, facts[name].domain)


def _line(form: LinearForm, name: str, known: Mapping[str, Code]) -> tuple[int, int]:
    """Slope and rest of a form's dividend as a line over one fact."""
    slope = sum(coefficient for term, coefficient in form.terms if term == name)
    rest = sum(coefficient * int(known[term]) for term, coefficient in form.terms if term != name)
    return slope, rest


def _year_breakpoints(
    step: YearsStep, name: str, cuts: set[Code], known: Mapping[str, Code], domain: Domain
) -> set[int]:
    """Days at which the whole years cross a threshold, found by halving: years grow or fall with the day."""
    assert domain.low is not None
    assert domain.high is not None

    def years(day: int) -> int:
        dates = [
            step.as_of if n is None else datetime.date.fromordinal(day if n == name else int(known[n]))
            for n in (step.start, step.end)
        ]
        return years_between(dates[0], dates[1])

    found: set[int] = set()
    falling = step.start == name
    for cut in {int(Fraction(c)) + d for c in cuts for d in (0, 1)}:
        low, high = domain.low, domain.high
        # The last day on the near side of the threshold; the next one is on the far side.
        while low < high:
            middle = (low + high + 1) // 2
            near = years(middle) >= cut if falling else years(middle) < cut
            low, high = (middle, high) if near else (low, middle - 1)
        found.add(low)
    return found
