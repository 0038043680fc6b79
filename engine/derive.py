"""Derived facts of one firm: exact arithmetic on coded values, unknown where an operand is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from engine.executors.reference import holds
from kb.condition import Condition, resolve
from kb.derivation import AS_OF, Bands, Linear, Ratio, YearsBetween
from kb.values import Code
from kb.vocabulary import Fact


class LinearForm(NamedTuple):
    """Σ coefficient · code(base fact) / divisor, in coded units of the term it stands for; coefficients are whole."""

    terms: tuple[tuple[str, int], ...]
    divisor: int

    def dividend(self, values: Mapping[str, Code]) -> int | None:
        """The sum before division, or None while an operand is unknown."""
        found = 0
        for name, coefficient in self.terms:
            code = values.get(name)
            if code is None:
                return None
            found += coefficient * code  # type: ignore[operator, assignment]
        return found


class LinearStep(NamedTuple):
    term: str
    form: LinearForm


class RatioStep(NamedTuple):
    """numerator / denominator, forms in real units with the scale (100 for percent) in the numerator."""

    term: str
    numerator: LinearForm
    denominator: LinearForm
    when_zero: Fraction | None


class YearsStep(NamedTuple):
    """Whole years between two dates; None stands for the day of assessment."""

    term: str
    start: str | None
    end: str | None
    as_of: datetime.date


class BandsStep(NamedTuple):
    """The first limit that holds of a number; conditions are resolved for the day."""

    term: str
    of: str
    limits: tuple[tuple[Condition | None, Code], ...]


Step = LinearStep | RatioStep | YearsStep | BandsStep


def linear_form(term: str, facts: Mapping[str, Fact], unit: Fraction) -> LinearForm:
    """A number as a linear form over base facts, in units of `unit` (1 for real units)."""
    found: dict[str, Fraction] = {}

    def add(name: str, factor: Fraction) -> None:
        fact = facts[name]
        if isinstance(fact.derived, Linear):
            for operand, sign in fact.derived.operands:
                add(operand, factor * sign)
        else:
            assert fact.domain.step is not None
            found[name] = found.get(name, Fraction(0)) + factor * fact.domain.step / unit

    add(term, Fraction(1))
    divisor = lcm(*(c.denominator for c in found.values()))
    return LinearForm(tuple((name, int(c * divisor)) for name, c in sorted(found.items()) if c), divisor)


def step_of(fact: Fact, facts: Mapping[str, Fact], day: datetime.date) -> Step | None:
    """How to compute a derived fact on a day; None when one of its limits has no value then (not in force)."""
    derived = fact.derived
    if isinstance(derived, Linear):
        assert fact.domain.step is not None
        return LinearStep(fact.id, linear_form(fact.id, facts, fact.domain.step))
    if isinstance(derived, Ratio):
        above = linear_form(derived.numerator, facts, Fraction(1, derived.scale))
        return RatioStep(fact.id, above, linear_form(derived.denominator, facts, Fraction(1)), derived.when_zero)
    if isinstance(derived, YearsBetween):
        start = None if derived.start == AS_OF else derived.start
        end = None if derived.end == AS_OF else derived.end
        return YearsStep(fact.id, start, end, day)
    assert isinstance(derived, Bands)
    limits: list[tuple[Condition | None, Code]] = []
    for condition, value, _ in derived.limits:
        resolved = resolve(condition, day) if condition is not None else None
        if condition is not None and resolved is None:
            return None
        limits.append((resolved, value))
    return BandsStep(fact.id, derived.of, tuple(limits))


def derive(steps: tuple[Step, ...], base: Mapping[str, Code]) -> dict[str, Code]:
    """Base values and every derived value that can be computed from them."""
    values = dict(base)
    for step in steps:
        value = compute(step, values)
        if value is not None:
            values[step.term] = value
    return values


def compute(step: Step, values: Mapping[str, Code]) -> Code | None:
    """One derived value, or None while an operand is unknown."""
    if isinstance(step, LinearStep):
        total = step.form.dividend(values)
        # The step of a sum divides every operand's step, so its code is whole.
        return None if total is None else total // step.form.divisor
    if isinstance(step, RatioStep):
        below = step.denominator.dividend(values)
        if below == 0:
            return step.when_zero
        above = step.numerator.dividend(values)
        if above is None or below is None:
            return None
        return Fraction(above * step.denominator.divisor, below * step.numerator.divisor)
    if isinstance(step, YearsStep):
        start, end = _date(step.start, step.as_of, values), _date(step.end, step.as_of, values)
        return None if start is None or end is None else years_between(start, end)
    return _band(step, values)


def _band(step: BandsStep, values: Mapping[str, Code]) -> Code | None:
    for condition, value in step.limits:
        if condition is None:
            return value if step.of in values else None
        truth = holds(condition, values)
        if truth is None:
            return None
        if truth:
            return value
    return None


def _date(name: str | None, as_of: datetime.date, values: Mapping[str, Code]) -> datetime.date | None:
    if name is None:
        return as_of
    code = values.get(name)
    return None if code is None else datetime.date.fromordinal(int(code))


def years_between(start: datetime.date, end: datetime.date) -> int:
    """Whole years from start to end; 29 February counts its year full on 1 March of common years."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
