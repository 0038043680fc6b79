"""Unknown facts of a firm as solver variables, and conditions on them as solver formulas, exact.

Every test on a derived number is a linear inequality over whole base values (a ratio is multiplied out by the sign of
its divisor), and a date is a year and a day within it. The solver itself is `engine.solve`'s, which hands it in.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.derive import BandsStep, LinearForm, LinearStep, RatioStep, Step, YearsStep
from kb.condition import All, Condition, Dated, Not, Test
from kb.values import Code
from kb.vocabulary import Fact

_ORDER = {"eq": operator.eq, "ge": operator.ge, "le": operator.le, "gt": operator.gt, "lt": operator.lt}


class World:
    """The unknown facts as solver variables with their ranges, and terms as expressions over them."""

    def __init__(
        self,
        z3: Any,
        steps: tuple[Step, ...],
        known: Mapping[str, Code],
        unknown: Sequence[str],
        facts: Mapping[str, Fact],
    ) -> None:
        self.z3, self.known, self.facts = z3, known, facts
        self.steps = {step.term: step for step in steps}
        self.limits: list[Any] = []
        self.variables: dict[str, Any] = {}
        self.texts: dict[str, list[str]] = {}
        self.built: dict[Condition, Any] = {}
        for name in unknown:
            domain = facts[name].domain
            if domain.type == "date":
                self.variables[name] = self._date(name, int(domain.low or 0), int(domain.high or 0))
                continue
            variable = self.variables[name] = z3.Int(name)
            if domain.type == "choice":
                self.texts[name] = list(domain.values)
                low, high = 0, len(domain.values) - 1
            elif domain.type in ("code", "text"):
                # Texts the rules mention are numbered as they turn up; 0 is any other.
                self.texts[name] = [""]
                low, high = 0, 10**6
            elif domain.type == "level":
                low, high = 0, len(domain.values) - 1
            elif domain.type == "boolean":
                low, high = 0, 1
            else:
                low, high = int(domain.low or 0), int(domain.high or 0)
            self.limits += [variable >= low, variable <= high]

    def value(self, name: str, model: Any) -> Code:
        """The code of a variable in a model of the solver; any value will do where the model leaves it open."""
        variable = self.variables[name]
        if isinstance(variable, tuple):
            year, month, day = (model.eval(part, model_completion=True).as_long() for part in variable)
            return datetime.date(year, month, day).toordinal()
        code = int(model.eval(variable, model_completion=True).as_long())
        if name not in self.texts:
            return code
        texts = self.texts[name]
        if 0 < code < len(texts) or self.facts[name].domain.values:
            return texts[code]
        other = "other"
        while other in texts:
            other += "_"
        return other

    def _date(self, name: str, low: int, high: int) -> tuple[Any, Any, Any]:
        z3 = self.z3
        year, month, day = z3.Int(f"{name}.y"), z3.Int(f"{name}.m"), z3.Int(f"{name}.d")
        leap = z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))
        length = z3.If(
            month == 2,
            z3.If(leap, 29, 28),
            z3.If(z3.Or(month == 4, month == 6, month == 9, month == 11), 30, 31),
        )
        self.limits += [month >= 1, month <= 12, day >= 1, day <= length]
        triple = (year, month, day)
        self.limits += [
            self._not_before(triple, datetime.date.fromordinal(low)),
            self._not_before(datetime.date.fromordinal(high), triple),
        ]
        return triple

    def _not_before(self, late: Any, early: Any) -> Any:
        """late >= early, each a date or a (year, month, day) of variables."""
        ly, lm, ld = _ymd(late)
        ey, em, ed = _ymd(early)
        z3 = self.z3
        return z3.Or(ly > ey, z3.And(ly == ey, z3.Or(lm > em, z3.And(lm == em, ld >= ed))))

    def truth(self, condition: Condition) -> Any:
        """The formula of a condition; what is asked for twice is built once, for terms of later stages repeat much."""
        found = self.built.get(condition)
        if found is None:
            found = self.built[condition] = self._truth(condition)
        return found

    def _truth(self, condition: Condition) -> Any:
        z3 = self.z3
        if isinstance(condition, Not):
            return z3.Not(self.truth(condition.part))
        if isinstance(condition, Test):
            return self._test(condition)
        parts = [self.truth(part) for part in condition.parts]
        return z3.And(*parts) if isinstance(condition, All) else z3.Or(*parts)

    def _test(self, test: Test) -> Any:
        z3, found = self.z3, []
        for bound in test.bounds:
            assert not isinstance(bound.operand, Dated)
            if isinstance(bound.operand, tuple):
                member = z3.Or(*(self._compare(test.term, "eq", value) for value in bound.operand))
                found.append(member if bound.op == "in" else z3.Not(member))
            else:
                found.append(self._compare(test.term, bound.op, bound.operand))
        return z3.And(*found)

    def _compare(self, term: str, op: str, value: Code) -> Any:
        step = self.steps.get(term)
        if isinstance(step, BandsStep):
            return self._band(step, op, value)
        if isinstance(step, RatioStep):
            return self._ratio(step, op, Fraction(value))
        if isinstance(step, YearsStep):
            return self._order(op, self._years(step), int(Fraction(value)))
        if isinstance(step, LinearStep):
            return self._linear(step.form, op, Fraction(value))
        if term in self.known:
            return self.z3.BoolVal(_holds(op, self.known[term], value))
        variable = self.variables[term]
        if isinstance(variable, tuple):
            day = datetime.date.fromordinal(int(value))
            at_least, at_most = self._not_before(variable, day), self._not_before(day, variable)
            by_op = {"ge": at_least, "le": at_most, "gt": self.z3.Not(at_most), "lt": self.z3.Not(at_least)}
            return by_op[op] if op in by_op else self.z3.And(at_least, at_most)
        if term in self.texts:
            texts = self.texts[term]
            if value not in texts:
                texts.append(str(value))
            return variable == texts.index(str(value))
        return self._order(op, variable, int(value))

    def _order(self, op: str, left: Any, right: Any) -> Any:
        return _ORDER[op](left, right)

    def _sum(self, form: LinearForm, factor: Fraction) -> tuple[list[tuple[Fraction, Any]], Fraction]:
        """Variable part and constant part of factor · form; every coefficient must come out whole."""
        constant = Fraction(0)
        parts: list[tuple[Fraction, Any]] = []
        for name, coefficient in form.terms:
            scaled = Fraction(coefficient, form.divisor) * factor
            if name in self.known:
                constant += scaled * Fraction(self.known[name])
            else:
                parts.append((scaled, self.variables[name]))
        return parts, constant

    def _linear(self, form: LinearForm, op: str, value: Fraction) -> Any:
        parts, constant = self._sum(form, Fraction(1))
        return self._whole(parts, op, value - constant)

    def _whole(self, parts: list[tuple[Fraction, Any]], op: str, right: Fraction) -> Any:
        """Σ coefficient · variable ⋈ right, multiplied out so that only whole numbers remain."""
        scale = right.denominator
        for coefficient, _ in parts:
            scale = scale * coefficient.denominator
        left = self.z3.Sum([int(c * scale) * v for c, v in parts]) if parts else self.z3.IntVal(0)
        return self._order(op, left, int(right * scale))

    def _ratio(self, step: RatioStep, op: str, value: Fraction) -> Any:
        z3 = self.z3
        below, below_constant = self._sum(step.denominator, Fraction(1))
        above, above_constant = self._sum(step.numerator, Fraction(1))
        difference = [*above, *((-value * c, v) for c, v in below)]
        right = value * below_constant - above_constant
        turned = {"ge": "le", "le": "ge", "gt": "lt", "lt": "gt", "eq": "eq"}[op]
        at_zero = z3.BoolVal(step.when_zero is not None and _holds(op, step.when_zero, value))
        return z3.Or(
            z3.And(self._whole(below, "gt", -below_constant), self._whole(difference, op, right)),
            z3.And(self._whole(below, "lt", -below_constant), self._whole(difference, turned, right)),
            z3.And(self._whole(below, "eq", -below_constant), at_zero),
        )

    def _years(self, step: YearsStep) -> Any:
        start, end = (
            step.as_of if name is None else self.variables.get(name) or datetime.date.fromordinal(int(self.known[name]))
            for name in (step.start, step.end)
        )
        sy, sm, sd = _ymd(start)
        ey, em, ed = _ymd(end)
        z3 = self.z3
        # Wrapped so that two plain dates still make a solver expression.
        month, day = z3.IntVal(0) + em, z3.IntVal(0) + ed
        early = z3.Or(month < sm, z3.And(month == sm, day < sd))
        return ey - sy - z3.If(early, 1, 0)

    def _band(self, step: BandsStep, op: str, value: Code) -> Any:
        """Or over the limits whose value passes: this limit holds and no earlier one does."""
        z3 = self.z3
        found: list[Any] = []
        earlier: list[Any] = []
        for condition, result in step.limits:
            here = self.truth(condition) if condition is not None else z3.BoolVal(True)
            if _holds(op, result, value):
                found.append(z3.And(here, *(z3.Not(e) for e in earlier)))
            earlier.append(here)
        return z3.Or(*found) if found else z3.BoolVal(False)


def _ymd(date: Any) -> tuple[Any, Any, Any]:
    return (date.year, date.month, date.day) if isinstance(date, datetime.date) else date


def _holds(op: str, left: Any, right: Any) -> bool:
    return bool(_ORDER[op](left, right))
