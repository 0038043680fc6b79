"""Coverage of the expert's tests in words: a few counts, and a table of what no test shows."""

from __future__ import annotations

from typing import Any

from tabulate import tabulate

from engine.coverage import KINDS, SIDES, Coverage, Plan, Point
from kb.condition import GRADE, KNOWN, Bound, Dated, Test, tests_of
from kb.model import Knowledge
from kb.problem import Mark
from kb.values import Domain
from kb.vocabulary import GRADES

_PLURAL = {"rule": "rules", "test": "tests", "threshold": "thresholds", "value": "values", "day": "days"}
_WORDS = {"under": "just under", "at": "at", "over": "just over"}
# Points of one line of a file, by rule and what they are about.
_Rows = dict[tuple[Mark, str, str, str], list[str]]


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """Counts by kind and everything that is not covered, each with its place."""
    fired = len(coverage.plan.rules) - len(coverage.never_fired)
    both, tests = coverage.both_ways
    return {
        "rules": {"fired": fired, "total": len(coverage.plan.rules)},
        "conditions": {"both_ways": both, "total": tests},
        "points": {_PLURAL[kind]: dict(zip(("seen", "total"), coverage.count(kind))) for kind in KINDS},
        "uncovered": [
            {"file": mark.file, "line": mark.line, "rule": rule, "kind": kind, "about": about, "missing": sides}
            for (mark, rule, kind, about), sides in _rows(coverage).items()
        ],
    }


def coverage_text(coverage: Coverage, whole: bool) -> str:
    """The counts in two lines; with `whole` also a line for everything that is not covered."""
    fired = len(coverage.plan.rules) - len(coverage.never_fired)
    both, tests = coverage.both_ways
    seen, every = coverage.count("threshold")
    values, all_values = coverage.count("value")
    days, all_days = coverage.count("day")
    lines = [
        f"{fired} of {len(coverage.plan.rules)} rules fired; {both} of {tests} tests came out both ways.",
        f"{seen} of {every} sides of thresholds (just under, at, just over), {values} of {all_values} values that "
        f"tests name or leave out, and {days} of {all_days} first and last days tried where they decide.",
    ]
    if coverage.never_fired:
        lines.append(f"Never fired: {', '.join(coverage.never_fired)}")
    rows = _rows(coverage) if whole else {}
    if rows:
        table = [
            [f"{mark.file}:{mark.line}", rule, f"{kind} {about}".strip(), ", ".join(sides)]
            for (mark, rule, kind, about), sides in rows.items()
        ]
        head = ["place", "rule", "what", "never seen"]
        lines += ["", tabulate(table, head, "simple", maxcolwidths=[None, None, 50, 40], disable_numparse=True)]
    elif whole:
        lines.append("Everything is covered.")
    return "\n".join(lines) + "\n"


def _rows(coverage: Coverage) -> _Rows:
    found: _Rows = {}
    order = ("true", "false", "unknown", *SIDES)
    for point, mark in coverage.missing:
        about, side = point_words(point, coverage.plan)
        place = mark._replace(column=1)
        found.setdefault((place, point.rule, point.kind, about), []).append(side)
    for sides in found.values():
        sides.sort(key=lambda side: order.index(side) if side in order else -1)
    return found


def point_words(point: Point, plan: Plan) -> tuple[str, str]:
    """What a point is about (a test, or one bound of it) and the side of it, in words."""
    if point.test < 0:
        return "", point.side
    rule = next(rule for rule in (*plan.rules, *plan.bands) if rule.id == point.rule)
    assert rule.when is not None
    test = list(tests_of(rule.when))[point.test]
    side, _, number = point.side.partition("@")
    bounds = test.bounds if point.bound < 0 else (test.bounds[point.bound],)
    said = " and ".join(bound_words(test, bound, plan, int(number) if number else -1) for bound in bounds)
    return f"{test.term} {said}", _WORDS.get(side, side)


def said_point(point: Point, plan: Plan) -> str:
    """A point in one line, with its place."""
    mark = plan.points[point]
    about, side = point_words(point, plan)
    return f"{mark.file}:{mark.line}: {point.rule}: {point.kind} {about} {side}".replace("  ", " ")


def bound_words(test: Test, bound: Bound, plan: Plan, number: int = -1) -> str:
    """A bound as written: its word and its constant, or its parameter with the value of one period."""
    domain = domain_of(test.term, plan.knowledge)
    operand = bound.operand
    if isinstance(operand, Dated):
        if number < 0:
            return f"{bound.word} ${operand.parameter}"
        start, _, code = operand.values[number]
        written = str(code) if domain is None else domain.written(code)
        return f"{bound.word} ${operand.parameter} = {written}" + (f" from {start}" if start is not None else "")
    codes = operand if isinstance(operand, tuple) else (operand,)
    return f"{bound.word} " + ", ".join(str(code) if domain is None else domain.written(code) for code in codes)


def domain_of(term: str, knowledge: Knowledge) -> Domain | None:
    """The values of a term; None for the class."""
    if term.startswith(GRADE):
        return Domain("level", GRADES)
    if term in knowledge.facts:
        return knowledge.facts[term].domain
    if term in knowledge.eligibility:
        return knowledge.eligibility[term].domain
    return Domain("boolean") if term in knowledge.findings or term.startswith(KNOWN) else None
