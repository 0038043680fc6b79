"""Values of unknown facts that stand for all: one for each cell between the thresholds that matter.

A threshold on a term becomes breakpoints on the one unknown base fact below it. Between two neighbouring breakpoints no
test changes its mind, so one value from each stretch (and each breakpoint itself) stands for the whole domain.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor, prod

from engine.derive import BandsStep, LinearForm, LinearStep, RatioStep, Step, YearsStep, years_between
from kb.condition import Condition, Dated, tests_of
from kb.values import Code, Domain
from kb.vocabulary import Fact

SMALL_DOMAIN = 64


class TooEntangled(Exception):
    """Two unknown facts meet in arithmetic, or there are too many cells to try one by one."""


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
    unknown: list[str],
    conditions: list[Condition],
    steps: tuple[Step, ...],
    known: Mapping[str, Code],
    facts: Mapping[str, Fact],
    limit: int,
) -> dict[str, tuple[Code, ...]]:
    """Values to try for each unknown base fact. Raises TooEntangled when their product passes `limit`."""
    cuts = thresholds(conditions, steps)
    points: dict[str, set[Fraction]] = {name: set() for name in unknown}
    whole: set[str] = set()
    for step in steps:
        if isinstance(step, BandsStep):
            continue
        below = [name for name in _operands(step) if name not in known]
        if len(below) == 1:
            points[below[0]] |= _breakpoints(step, below[0], cuts.get(step.term, set()), known, facts)
        elif below:
            # Where unknowns meet, only trying every value of each is exact.
            whole |= set(below)
    cells = {name: _values(facts[name].domain, cuts.get(name, set()), points[name], name in whole) for name in unknown}
    if prod(len(values) for values in cells.values()) > limit:
        raise TooEntangled
    return cells


def _operands(step: Step) -> tuple[str, ...]:
    if isinstance(step, LinearStep):
        return tuple(name for name, _ in step.form.terms)
    if isinstance(step, RatioStep):
        return tuple(dict.fromkeys(name for form in (step.numerator, step.denominator) for name, _ in form.terms))
    assert isinstance(step, YearsStep)
    return tuple(dict.fromkeys(name for name in (step.start, step.end) if name is not None))


def _values(domain: Domain, cuts: set[Code], points: set[Fraction], every: bool) -> tuple[Code, ...]:
    if domain.type == "boolean":
        return (0, 1)
    if domain.type == "level":
        return tuple(range(len(domain.values)))
    if domain.type == "choice":
        return domain.values
    if domain.low is None or domain.high is None:
        mentioned = sorted(str(c) for c in cuts)
        other = "other"
        while other in cuts:
            other += "_"
        return (*mentioned, other)
    if every:
        if domain.high - domain.low >= SMALL_DOMAIN:
            raise TooEntangled
        return tuple(range(domain.low, domain.high + 1))
    marks = points | {Fraction(c) for c in cuts}
    chosen = {domain.low, *(floor(m) for m in marks), *(floor(m) + 1 for m in marks)}
    return tuple(sorted(v for v in chosen if domain.low <= v <= domain.high))


def _breakpoints(
    step: LinearStep | RatioStep | YearsStep,
    name: str,
    cuts: set[Code],
    known: Mapping[str, Code],
    facts: Mapping[str, Fact],
) -> set[Fraction]:
    """Codes of the one unknown at which the step's value crosses a threshold."""
    if isinstance(step, LinearStep):
        slope, rest = _line(step.form, name, known)
        return {(Fraction(cut) - rest) / slope for cut in cuts}
    if isinstance(step, RatioStep):
        above_slope, above_rest = _line(step.numerator, name, known)
        below_slope, below_rest = _line(step.denominator, name, known)
        found = set()
        if below_slope:
            # The sign of the divisor turns the comparison, and at zero the value is what `when_zero` says: the
            # stretch just below zero needs a value of its own too.
            zero = -below_rest / below_slope
            found |= {zero, zero - 1}
        for cut in cuts:
            slope = above_slope - Fraction(cut) * below_slope
            if slope:
                crossing = (Fraction(cut) * below_rest - above_rest) / slope
                found |= {crossing}
        return found
    return _year_breakpoints(step, name, cuts, known, facts[name].domain)


def _line(form: LinearForm, name: str, known: Mapping[str, Code]) -> tuple[Fraction, Fraction]:
    slope, rest = Fraction(0), Fraction(0)
    for term, coefficient in form.terms:
        if term == name:
            slope += coefficient
        else:
            rest += coefficient * Fraction(known[term])
    return slope, rest


def _year_breakpoints(
    step: YearsStep, name: str, cuts: set[Code], known: Mapping[str, Code], domain: Domain
) -> set[Fraction]:
    """Days at which the whole years cross a threshold, found by halving: years grow or fall with the day."""
    assert domain.low is not None
    assert domain.high is not None

    def years(day: int) -> int:
        dates = [
            step.as_of if n is None else datetime.date.fromordinal(day if n == name else int(known[n]))
            for n in (step.start, step.end)
        ]
        return years_between(dates[0], dates[1])

    found: set[Fraction] = set()
    falling = step.start == name
    for cut in {int(Fraction(c)) + d for c in cuts for d in (0, 1)}:
        low, high = domain.low, domain.high
        # The last day on the near side of the threshold; the next one is on the far side.
        while low < high:
            middle = (low + high + 1) // 2
            near = years(middle) >= cut if falling else years(middle) < cut
            low, high = (middle, high) if near else (low, middle - 1)
        found.add(Fraction(low))
    return found
