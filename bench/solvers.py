"""The same questions about the shipped rules put to z3 and to OR-tools' CP-SAT; writes docs/solvers.md.

z3 is asked as the product asks it (`engine.solve`); CP-SAT has its encoding here and nowhere else. Every question goes
to both, one right after the other in an order drawn anew, so that whatever slows the machine slows both. Each is asked
from scratch, formulas built and answer read, as the product does. Firms found are tried on the reference executor.
Nothing is asserted about time: this measures, and people judge (docs/decisions/0009-solver.md). Run by `make bench`.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import distribution, version
from itertools import combinations
from math import gcd, lcm
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from ortools.sat.python import cp_model
from pip._vendor.packaging.requirements import Requirement
from tabulate import tabulate

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support import random_knowledge  # noqa: E402

import kb  # noqa: E402
from engine import solve  # noqa: E402
from engine.compile import Program, compile  # noqa: E402
from engine.derive import BandsStep, LinearForm, LinearStep, RatioStep, Step, YearsStep, derive  # noqa: E402
from engine.executors.reference import holds, passes  # noqa: E402
from engine.expand import asks_of_knowledge, in_facts, knowledge_facts, queries  # noqa: E402
from engine.margins import Margins, margins_of  # noqa: E402
from engine.possible import bounds, groups  # noqa: E402
from engine.solve import Sum, Unsolved  # noqa: E402
from kb.complete import base_facts  # noqa: E402
from kb.condition import ALWAYS, NEVER, All, Bound, Condition, Not, Test, terms_of  # noqa: E402
from kb.model import AXES  # noqa: E402
from kb.normal import opposite  # noqa: E402
from kb.values import CODE_LIMIT, Code  # noqa: E402
from kb.vocabulary import Fact  # noqa: E402

SEED, REPEATS, COLD_RUNS, LIMIT_MS = 20261124, 5, 15, 10_000
# The random rule bases of tests/test_solver.py: the shipped rules have no sum, no years and no date.
SEEDS = range(7001, 7101)
WIDTHS, DECIMALS = (10**13, CODE_LIMIT), (0, 1, 2, 3, 4)
INT64 = 2**63 - 1
NO_ANSWER, UNASKABLE = "no answer", "cannot be asked"
COLD = {
    "Python alone": "pass",
    "z3": "import z3",
    "CP-SAT": "from ortools.sat.python import cp_model",
}
PACKAGES = {"z3": "z3-solver", "CP-SAT": "ortools"}
KINDS = {LinearStep: "sums and differences", RatioStep: "ratios", YearsStep: "years", BandsStep: "bands"}
Parts = tuple[tuple[Condition, int], ...]


class Unaskable(Exception):
    """Why CP-SAT cannot be given a question."""


class Cp:
    """The facts of a firm as CP-SAT variables, and conditions as literals that force them where true.

    Negation goes down to single tests, so that half of each equivalence is enough; `exact` has both halves.
    """

    def __init__(self, steps: Iterable[Step], unknown: Iterable[str], facts: Mapping[str, Fact]) -> None:
        self.model = cp_model.CpModel()
        self.steps = {step.term: step for step in steps}
        self.facts = facts
        self.texts: dict[str, list[str]] = {}
        self.variables = {name: self._variable(name) for name in unknown}
        self.made: dict[tuple[str, str, object], Any] = {}

    def _variable(self, name: str) -> Any:
        domain = self.facts[name].domain
        low, high = domain.low or 0, domain.high or 0
        if domain.type == "choice":
            self.texts[name] = list(domain.values)
        if domain.type in ("choice", "level", "boolean"):
            low, high = 0, len(domain.values) - 1 if domain.values else 1
        if domain.type in ("code", "text"):
            # Texts are numbered as they turn up; 0 is any other.
            self.texts[name] = [""]
            low, high = 0, 10**6
        return self.model.new_int_var(low, high, name)

    def literal(self, condition: Condition, wanted: bool = True) -> Any:
        """Where true, the condition comes out as `wanted`."""
        if isinstance(condition, Not):
            return self.literal(condition.part, not wanted)
        if isinstance(condition, Test):
            chosen = [bound if wanted else opposite(bound) for bound in condition.bounds]
            return self._joined([self._bound(condition.term, bound) for bound in chosen], every=wanted)
        parts = [self.literal(part, wanted) for part in condition.parts]
        return self._joined(parts, every=isinstance(condition, All) == wanted)

    def exact(self, condition: Condition) -> Any:
        """True exactly where the condition is."""
        yes, no = self.literal(condition), self.literal(condition, wanted=False)
        self.model.add_bool_or([yes, no])
        return yes

    def _joined(self, parts: Sequence[Any], every: bool) -> Any:
        if len(parts) == 1:
            return parts[0]
        found = self.model.new_bool_var("")
        if every:
            for part in parts:
                self.model.add_implication(found, part)
        else:
            self.model.add_bool_or([*parts, ~found])
        return found

    def _bound(self, term: str, bound: Bound) -> Any:
        key = (term, bound.op, bound.operand)
        if key not in self.made:
            step = self.steps.get(term)
            if step is None:
                found = self._of_base(term, bound)
            elif isinstance(step, BandsStep):
                found = self._of_bands(step, bound)
            else:
                found = self._of_number(step, bound)
            self.made[key] = found
        return self.made[key]

    def _of_base(self, term: str, bound: Bound) -> Any:
        variable, operand = self.variables[term], bound.operand
        if isinstance(operand, tuple):
            inside = cp_model.Domain.from_values([self._number(term, value) for value in operand])
            wanted = inside if bound.op == "in" else inside.complement()
        else:
            wanted = cp_model.Domain(*_span(bound.op, Fraction(operand), 1))
        found = self.model.new_bool_var("")
        self.model.add_linear_expression_in_domain(variable, wanted).only_enforce_if(found)
        return found

    def _number(self, term: str, value: Code) -> int:
        if term not in self.texts:
            return int(value)
        texts = self.texts[term]
        if value not in texts:
            texts.append(str(value))
        return texts.index(str(value))

    def _of_bands(self, step: BandsStep, bound: Bound) -> Any:
        found, earlier = [], []
        for condition, result in step.limits:
            here = [] if condition is None else [self.literal(condition)]
            if passes(Test(step.term, (bound,)), result):
                found.append(self._joined([*here, *earlier], every=True))
            if condition is not None:
                earlier.append(self.literal(condition, wanted=False))
        return self._joined(found, every=False)

    def _of_number(self, step: LinearStep | RatioStep | YearsStep, bound: Bound) -> Any:
        if not isinstance(bound.operand, tuple):
            return self._compared(step, bound.op, Fraction(bound.operand))
        member = bound.op == "in"
        ends = ("ge", "le") if member else ("lt", "gt")
        each = [self._joined([self._compared(step, op, Fraction(v)) for op in ends], member) for v in bound.operand]
        return self._joined(each, every=not member)

    def _compared(self, step: LinearStep | RatioStep | YearsStep, op: str, value: Fraction) -> Any:
        if isinstance(step, LinearStep):
            return self._linear(_scaled(step.form, Fraction(1)), op, value)
        if isinstance(step, YearsStep):
            return self._years(step, int(value) + (op in ("gt", "le")), op in ("ge", "gt"))
        # Multiplied out by the sign of the divisor, as in engine.world.
        below = _scaled(step.denominator, Fraction(1))
        difference = _added(_scaled(step.numerator, Fraction(1)), _scaled(step.denominator, -value))
        turned = {"ge": "le", "le": "ge", "gt": "lt", "lt": "gt"}[op]
        zero = step.when_zero is not None and passes(Test(step.term, (Bound("", op, value),)), step.when_zero)
        ways = [
            self._joined([self._linear(below, "gt", Fraction(0)), self._linear(difference, op, Fraction(0))], True),
            self._joined([self._linear(below, "lt", Fraction(0)), self._linear(difference, turned, Fraction(0))], True),
        ]
        return self._joined([*ways, *([self._linear(below, "eq", Fraction(0))] if zero else [])], every=False)

    def _linear(self, form: Mapping[str, Fraction], op: str, right: Fraction) -> Any:
        """Σ coefficient · variable ⋈ right with whole coefficients that share no factor. Raises Unaskable."""
        scale = lcm(*(c.denominator for c in form.values()))
        whole = {name: int(c * scale) for name, c in form.items() if c}
        shared = gcd(*whole.values()) or 1
        if any(abs(c // shared) > INT64 for c in whole.values()):
            # CP-SAT's Python would turn such a number into a binary float.
            raise Unaskable("a coefficient is beyond 64 bits")
        found = self.model.new_bool_var("")
        left = sum(c // shared * self.variables[name] for name, c in whole.items())
        span = cp_model.Domain(*_span(op, right * scale, shared))
        self.model.add_linear_expression_in_domain(left, span).only_enforce_if(found)
        return found

    def _years(self, step: YearsStep, least: int, wanted: bool) -> Any:
        """Whether `least` whole years have passed (or not): a limit in days for each stretch of start days.

        Within a stretch the day on which the years are full lies the same number of days ahead.
        """
        fixed = step.as_of.toordinal()
        start, end = (fixed if n is None else self.variables[n] for n in (step.start, step.end))
        domain = None if step.start is None else self.facts[step.start].domain
        low, high = (fixed, fixed) if domain is None else (domain.low or 0, domain.high or 0)
        found = self.model.new_bool_var("")
        chosen = []
        for first, last, ahead in _stretches(low, high, least):
            here = self.model.new_bool_var("")
            chosen.append(here)
            self.model.add_linear_constraint(start, first, last).only_enforce_if(here)
            limit = (end - start >= ahead) if wanted else (end - start < ahead)
            if isinstance(limit, bool):
                self.model.add_bool_or([~found, ~here] if not limit else [~found, here, ~here])
            else:
                self.model.add(limit).only_enforce_if([found, here])
        self.model.add_exactly_one(chosen)
        return found

    def value(self, name: str, solver: Any) -> Code:
        code = int(solver.value(self.variables[name]))
        if name not in self.texts:
            return code
        texts = self.texts[name]
        return texts[code] if self.facts[name].domain.values or 0 < code < len(texts) else "other"


def _scaled(form: LinearForm, factor: Fraction) -> dict[str, Fraction]:
    return {name: Fraction(coefficient, form.divisor) * factor for name, coefficient in form.terms}


def _added(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {name: one.get(name, Fraction(0)) + other.get(name, Fraction(0)) for name in {**one, **other}}


def _span(op: str, right: Fraction, shared: int) -> tuple[int, int]:
    """Whole numbers n with shared · n ⋈ right, from least to greatest. Raises Unaskable beyond 64 bits."""
    exact = right / shared
    if abs(exact) >= INT64:
        raise Unaskable("a limit is beyond 64 bits")
    up, down = -(-exact.numerator // exact.denominator), exact.numerator // exact.denominator
    spans = {"ge": (up, INT64), "gt": (down + 1, INT64), "le": (-INT64, down), "lt": (-INT64, up - 1), "eq": (up, down)}
    return spans[op]


def _stretches(low: int, high: int, years: int) -> list[tuple[int, int, int]]:
    """First day, last day and days until `years` are full, over all days from low to high."""
    span = range(datetime.date.fromordinal(low).year, datetime.date.fromordinal(high).year + 1)
    starts = {datetime.date(y, m, d).toordinal() for y in span for m, d in ((1, 1), (3, 1))}
    starts |= {datetime.date(y, 3, 1).toordinal() - 1 for y in span}
    inside = sorted({low, *(s for s in starts if low < s <= high)})
    found: list[tuple[int, int, int]] = []
    for first, following in zip(inside, [*inside[1:], high + 1]):
        day = datetime.date.fromordinal(first)
        if not 1 <= day.year + years <= 9999:
            raise Unaskable("a day beyond the calendar")
        try:
            full = day.replace(year=day.year + years)
        except ValueError:
            full = datetime.date(day.year + years, 3, 1)
        ahead = full.toordinal() - first
        if found and found[-1][2] == ahead:
            first = found.pop()[0]
        found.append((first, following - 1, ahead))
    return found


def _solved(cp: Cp) -> Any:
    """A solver with an optimal answer, or None where there is none. Raises Unaskable, Unsolved."""
    solver = cp_model.CpSolver()
    # One thread: on questions this small the threads of the portfolio cost more than they find.
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = LIMIT_MS / 1000
    status = solver.solve(cp.model)
    if status == cp_model.MODEL_INVALID:
        raise Unaskable(cp.model.validate().split(":")[0].strip())
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise Unsolved(solver.status_name(status))
    return solver


class Question(NamedTuple):
    """Is there a firm that meets `when` and the sums; with `parts`, what are the least and greatest sum of these."""

    row: str
    when: Condition
    sums: tuple[Sum, ...]
    parts: Parts
    steps: tuple[Step, ...]
    facts: Mapping[str, Fact]

    def unknown(self) -> list[str]:
        conditions = (self.when, *(c for s in self.sums for c, _ in s.parts), *(c for c, _ in self.parts))
        terms = dict.fromkeys(term for one in conditions for term in terms_of(one))
        return list(dict.fromkeys(base for term in terms for base in base_facts(term, self.facts)))


def by_z3(asked: Question) -> Any:
    """A firm, None, or least and greatest. Raises Unsolved."""
    if asked.parts:
        return solve.extremes(asked.parts, asked.steps, {}, asked.unknown(), asked.facts)
    return solve.find(asked.when, asked.steps, asked.facts, sums=asked.sums, limit_ms=LIMIT_MS)


def by_cpsat(asked: Question) -> Any:
    """A firm, None, or least and greatest. Raises Unaskable, Unsolved."""
    unknown = asked.unknown()
    cp = Cp(asked.steps, unknown, asked.facts)
    if asked.parts:
        total = sum(amount * cp.exact(condition) for condition, amount in asked.parts)
        ends = []
        for optimise in (cp.model.minimize, cp.model.maximize):
            optimise(total)
            ends.append(int(_solved(cp).value(total)))
        return tuple(ends)
    cp.model.add_bool_or([cp.literal(asked.when)])
    for wanted in asked.sums:
        total = sum(amount * cp.exact(condition) for condition, amount in wanted.parts)
        low, high = (-INT64 if wanted.low is None else wanted.low), (INT64 if wanted.high is None else wanted.high)
        cp.model.add_linear_constraint(total, low, high)
    solver = _solved(cp)
    return None if solver is None else {name: cp.value(name, solver) for name in unknown}


SOLVERS: dict[str, Callable[[Question], Any]] = {"z3": by_z3, "CP-SAT": by_cpsat}


def of_rules(program: Program, name: str = "") -> Iterator[Question]:
    """Can a rule hold, can it fail, can two findings of one factor hold. Under `name` those that read derived facts."""
    conditions: list[tuple[str, Condition]] = []
    for rule in (rule for stage in program.stages.values() for rule in stage.rules.values()):
        if "class" not in terms_of(rule.when):
            conditions += [("a rule holds", query.when) for query in queries(rule.when, program)]
            if not asks_of_knowledge(rule.when):
                conditions.append(("a rule fails", in_facts(rule.when, program, wanted=False)))
    findings = program.stages["findings"].rules
    for factor in program.knowledge.factors.values():
        live = [findings[f.id].when for f in factor.findings if f.id in findings]
        conditions += [("two findings of a factor hold", All(pair)) for pair in combinations(live, 2)]
    kinds = {step.term: KINDS[type(step)] for step in program.steps}
    facts = knowledge_facts(program.knowledge.facts)
    for row, when in conditions:
        read = sorted({kinds[term] for term in terms_of(when) if term in kinds})
        # These need no solver.
        if when in (ALWAYS, NEVER):
            continue
        rows = [f"{name}: {kind}" for kind in read] if name else [row + (", derived facts" if read else "")]
        yield from (Question(one, when, (), (), program.steps, facts) for one in rows)


def of_margins(margins: Margins) -> Iterator[Question]:
    """Bounds of each group of factors; bounds of an axis as one formula, reached and passed; every class."""
    program = margins.program
    facts, table = program.knowledge.facts, program.knowledge.table
    wholes: dict[str, Parts] = {}
    for axis in AXES:
        for group in groups(margins.axes[axis], {}):
            parts = tuple((part.when, part.amount) for factor in group for part in factor.parts)
            yield Question("margin of a group", ALWAYS, (), parts, program.steps, facts)
        wholes[axis] = tuple((part.when, part.amount) for factor in margins.axes[axis] for part in factor.parts)
        low, high = bounds(margins, axis, {})
        for wanted in ((high, None), (high + 1, None), (None, low), (None, low - 1)):
            yield Question("margin of an axis", ALWAYS, (Sum(wholes[axis], *wanted),), (), program.steps, facts)

    for one in table.classes:
        limits = [(1, None) if positive else (None, 0) for positive in (one.x_positive, one.y_positive)]
        sums = tuple(Sum(wholes[axis], *limit) for axis, limit in zip(AXES, limits))
        yield Question("a firm of a class", ALWAYS, sums, (), program.steps, facts)


def of_large_amounts(program: Program) -> Iterator[Question]:
    """Rules on ratios once more, amounts as wide as the language allows and thresholds with more decimals."""
    ratios = {step.term for step in program.steps if isinstance(step, RatioStep)}
    for width in WIDTHS:
        facts = {name: _widened(fact, width) for name, fact in program.knowledge.facts.items()}
        for decimals in DECIMALS:
            for rule in program.stages["findings"].rules.values():
                if ratios & set(rule.terms):
                    when = _refined(rule.when, ratios, Fraction(decimals and 1, 10**decimals))
                    row = f"ratios, amounts to 10^{len(str(width)) - 1}, {decimals} decimals"
                    yield Question(row, when, (), (), program.steps, facts)


def _widened(fact: Fact, width: int) -> Fact:
    domain = fact.domain
    if domain.type != "money" or domain.low is None:
        return fact
    return replace(fact, domain=replace(domain, low=-width if domain.low < 0 else 0, high=width))


def _refined(condition: Condition, terms: set[str], by: Fraction) -> Condition:
    """The condition with the thresholds of some terms moved up."""
    if isinstance(condition, Not):
        return Not(_refined(condition.part, terms, by))
    if not isinstance(condition, Test):
        return type(condition)(tuple(_refined(part, terms, by) for part in condition.parts))
    if condition.term not in terms:
        return condition
    moved = [
        b._replace(operand=tuple(v + by for v in b.operand) if isinstance(b.operand, tuple) else b.operand + by)
        for b in condition.bounds
    ]
    return Test(condition.term, tuple(moved))


def answer(name: str, asked: Question) -> tuple[object, float]:
    """What a solver says (bounds, 'there is one', 'there is none', or why not), and milliseconds. A firm is tried."""
    began = perf_counter()
    try:
        found = SOLVERS[name](asked)
    except Unsolved:
        return NO_ANSWER, 1000 * (perf_counter() - began)
    except Unaskable as why:
        return f"{UNASKABLE}: {why}", 1000 * (perf_counter() - began)
    spent = 1000 * (perf_counter() - began)
    if asked.parts or found is None:
        return found or "there is none", spent
    values = derive(asked.steps, found)
    kept = holds(asked.when, values) is True
    for wanted in asked.sums:
        total = sum(amount for condition, amount in wanted.parts if holds(condition, values))
        kept = kept and (wanted.low is None or total >= wanted.low) and (wanted.high is None or total <= wanted.high)
    return ("there is one" if kept else f"a wrong firm {found}"), spent


class Told(NamedTuple):
    """One question: both answers and both medians in milliseconds."""

    asked: Question
    answers: dict[str, object]
    spent: dict[str, float]


def contest(questions: Sequence[Question], repeats: int) -> list[Told]:
    """Every question to both solvers, `repeats` times. Raises AssertionError where a solver contradicts itself."""
    random = Random(SEED)
    spent: list[dict[str, list[float]]] = [{name: [] for name in SOLVERS} for _ in questions]
    said: list[dict[str, object]] = [{} for _ in questions]
    for _ in range(repeats):
        for number in random.sample(range(len(questions)), len(questions)):
            for name in random.sample(list(SOLVERS), len(SOLVERS)):
                got, took = answer(name, questions[number])
                spent[number][name].append(took)
                before = said[number].setdefault(name, got)
                # Near the limit a solver may answer in one round and not in another: then it has no sure answer.
                if NO_ANSWER in (before, got):
                    said[number][name] = NO_ANSWER
                else:
                    assert before == got, f"{name} says {before} and {got}"
    return [
        Told(asked, answers, {name: median(times) for name, times in each.items()})
        for asked, answers, each in zip(questions, said, spent)
    ]


def table(told: Sequence[Told]) -> str:
    """One line a kind of question; times are of the questions that both answered."""
    lines = []
    for row in dict.fromkeys(one.asked.row for one in told):
        mine = [one for one in told if one.asked.row == row]
        refused = [one for one in mine if str(one.answers["CP-SAT"]).startswith(UNASKABLE)]
        silent = {name: sum(one.answers[name] == NO_ANSWER for one in mine) for name in SOLVERS}
        both = [one for one in mine if one not in refused and NO_ANSWER not in one.answers.values()]
        same = sum(one.answers["z3"] == one.answers["CP-SAT"] for one in both)
        counts = [len(mine), len(refused), *silent.values(), same, len(both) - same]
        times: list[str] = ["", "", "", "", ""]
        if both:
            total = {name: sum(one.spent[name] for one in both) for name in SOLVERS}
            slowest = [max(one.spent[name] for one in both) for name in SOLVERS]
            times = [f"{value:.0f}" for value in total.values()] + [f"{total['CP-SAT'] / total['z3']:.2f}"]
            times += [f"{value:.1f}" for value in slowest]
        lines.append([row, *counts, *times])
    headers = ["is there a firm: …", "asked", "not askable", "z3 silent", "CP-SAT silent", "agree", "differ"]
    headers += ["z3 ms", "CP-SAT ms", "CP-SAT ÷ z3", "z3 slowest", "CP-SAT slowest"]
    return _markdown(lines, headers)


def _markdown(lines: Sequence[Sequence[object]], headers: Sequence[str]) -> str:
    return tabulate(lines, headers, tablefmt="github", disable_numparse=True)


def cold() -> dict[str, float]:
    """Median milliseconds of Python with each import, run in turn; a first run of each sees to compiled modules."""
    spent: dict[str, list[float]] = {name: [] for name in COLD}
    for number in range(COLD_RUNS + 1):
        for name, code in COLD.items():
            began = perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            if number:
                spent[name].append(1000 * (perf_counter() - began))
    return {name: median(times) for name, times in spent.items()}


def needed(package: str) -> set[str]:
    """A package and all it needs here, by name."""
    found: set[str] = set()
    ahead = [package]
    while ahead:
        name = ahead.pop().lower()
        if name not in found:
            found.add(name)
            wanted = [Requirement(text) for text in distribution(name).requires or ()]
            ahead += [r.name for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    return found


def megabytes(packages: Iterable[str]) -> float:
    """What the files of packages take once installed, compiled modules among them."""
    files = [Path(str(f.locate())) for name in packages for f in distribution(name).files or ()]
    return sum(path.stat().st_size for path in files if path.exists()) / 10**6


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=REPEATS, help="how often each question is asked")
    options.add_argument("--print-only", action="store_true", help="leave docs/solvers.md as it is")
    chosen = options.parse_args()
    knowledge = kb.load(kb.shipped())
    program = compile(knowledge, knowledge.manifest.examples_as_of)
    questions = [*of_rules(program), *of_margins(margins_of(program))]
    worlds = [world[0] for world in map(random_knowledge, SEEDS) if world is not None]
    for one in worlds:
        questions += of_rules(compile(one, one.manifest.examples_as_of), "random rule bases")
    questions += of_large_amounts(program)
    contest(questions[:20], 1)
    gc.collect()
    gc.freeze()
    told = contest(questions, chosen.repeats)
    imports, bare = cold(), "Python alone"
    alone = imports["z3"] - imports[bare]
    packages = []
    for name, package in PACKAGES.items():
        beyond, others = imports[name] - imports[bare], needed(package) - {package}
        sizes = [f"{megabytes(each):.0f}" for each in ({package}, {package, *others})]
        label = f"{package} {version(package)}"
        packages.append(
            [label, f"{beyond:.0f}", f"{beyond / alone:.2f}", *sizes, ", ".join(sorted(others)) or "nothing"]
        )
    reasons = sorted({str(a) for one in told for a in one.answers.values() if str(a).startswith(UNASKABLE)})
    why = "; ".join(reason.removeprefix(f"{UNASKABLE}: ") for reason in reasons) or "it always could"
    wrong = [one for one in told if any(str(a).startswith("a wrong firm") for a in one.answers.values())]
    python, patience = platform.python_version(), f"{LIMIT_MS / 1000:g} s"
    seeds = f"{SEEDS.start} to {SEEDS.stop - 1}"
    page = f"""# Two solvers on the same questions

Written by `bench/solvers.py` for the rules of {program.as_of}, on Python {python}, {os.cpu_count()} cores.
Other work ran on the machine: read the ratios, not the milliseconds. The choice made on these figures is
[decision 9](decisions/0009-solver.md).

{len(questions)} questions, each put to both solvers {chosen.repeats} times in an order drawn anew. A time is the sum,
over the questions of a line that both answered, of each question's median. It holds the building of the formulas, the
solving and the reading of the answer. CP-SAT runs on one thread. *Silent*: no answer in {patience}. *Not askable*:
CP-SAT cannot be given the question ({why}).

Firms found that the reference executor does not confirm: {len(wrong)}.

{table(told)}

A margin of a group asks for the least and the greatest: z3 climbs, CP-SAT optimises. A bound of an axis is one formula
over all its factors, asked whether a firm reaches the bound and whether one passes it. The shipped rules have ratios
and bands but no sum, no years and no date, so {len(worlds)} random rule bases of the tests (seeds {seeds}) stand in;
what reads two kinds is in two lines. The last lines ask the shipped findings on ratios again, amounts widened and every
threshold moved by the last of so many decimals.

{_markdown(packages, ["package", "import, ms beyond Python", "÷ z3", "installed MB", "MB with what it needs", "needs"])}
"""
    print(page)
    for one in told:
        if one.answers["z3"] != one.answers["CP-SAT"] and not {NO_ANSWER, UNASKABLE} & {
            str(a).split(":")[0] for a in one.answers.values()
        }:
            print(one.asked.row, one.answers, one.asked.when, file=sys.stderr)
    if not chosen.print_only:
        (ROOT / "docs" / "solvers.md").write_text(page, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
