"""Classes and patterns that no firm can get, and patterns that are never the recommended one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import partial

from engine.compile import Program
from engine.decision import Decision
from engine.expand import beyond, settled
from engine.possible import bounds, groups
from engine.prove.firms import Firm
from engine.prove.report import Report
from kb.condition import ALWAYS, All, Any, Condition, Not
from kb.model import AXES, Class, Pattern


def check(report: Report) -> None:
    """A case that got a class or a pattern shows it at once; so nothing here is remembered."""
    for one in report.knowledge.table.classes:
        report.ask(f"whether a firm can be {one.id}", one.mark, "", partial(_class, one, report))
    for pattern in report.knowledge.patterns.values():
        asked = f"whether '{pattern.id}' can be had, and recommended"
        report.ask(asked, pattern.mark, "", partial(_pattern, pattern, report))


def possible(pattern: Pattern, program: Program) -> Condition | None:
    """When a pattern is open to a firm of which everything is known; None where the day itself closes it."""
    requires, eligible = program.of("requires", pattern.id), program.of("eligible", pattern.id)
    closed = (pattern.requires is not None and not requires) or (bool(pattern.eligible) and not eligible)
    if closed or not pattern.period.holds(program.as_of):
        return None
    parts: list[Condition] = [rule.when for rule in requires]
    parts += [Any(tuple(rule.when for rule in eligible))] if eligible else []
    parts += [Not(rule.when) for rule in program.of("bar", pattern.id)]
    return All(tuple(parts)) if parts else ALWAYS


def ahead(pattern: Pattern, in_class: str, program: Program) -> list[Condition]:
    """When each of the patterns is open that would be recommended before this one to a firm of a class."""
    found = []
    for other in program.knowledge.patterns.values():
        better = other.suits[in_class].rank < pattern.suits[in_class].rank if in_class in other.suits else False
        # The fallback waits until no other pattern is open; among usual ones the better rank goes first.
        condition = possible(other, program) if not other.fallback and (pattern.fallback or better) else None
        found += [condition] if condition is not None and other.id != pattern.id else []
    return found


def recommending(pattern: Pattern, day: datetime.date, report: Report, also: Condition = ALWAYS) -> Iterator[Firm]:
    """Firms for which a pattern is recommended and a condition holds: one for each class that has any.

    A better pattern need only not be known to be open: a term without a value leaves it undetermined.
    """
    program = report.asking.program(day)
    own = possible(pattern, program)
    for one in report.knowledge.table.classes:
        if own is None or one.id not in pattern.suits:
            continue
        better = Any(tuple(ahead(pattern, one.id, program)))
        asked = beyond(settled(All((also, own)), one.id), settled(better, one.id), program, partly=False)
        firm = report.asking.first([query._replace(in_class=one.id) for query in asked], day)
        if firm is not None:
            yield firm


def _class(one: Class, report: Report) -> None:
    asking = report.asking
    for case in report.knowledge.cases:
        if case.expect.get("class") == one.id:
            firm = Firm({name: code for name, code in case.facts.items() if code is not None}, {}, case.as_of)
            if asking.decision(firm).verdict.id == one.id:
                return
    nearest = None
    days = report.calendar.days(rule for rule in report.rules if rule.kind == "finding")
    for day in days or [report.calendar.usual]:
        margins = asking.engine(day).margins
        signs = {axis: bounds(margins, axis, {}).signs for axis in AXES}
        wanted = dict(zip(AXES, (one.x_positive, one.y_positive), strict=True))
        if all(wanted[axis] in signs[axis] for axis in AXES):
            return
        nearest = nearest or Firm(
            {
                name: code
                for axis in AXES
                for group in groups(margins.axes[axis], {})
                for name, code in asking.extreme(day, group[0].factor, wanted[axis]).items()
            },
            {},
            day,
        )
    assert nearest is not None
    report.fault(
        "PR107",
        "error",
        one.mark,
        f"no firm can be '{one.id}': not even one whose every factor speaks for it, as {{firm}}.",
        "Look at weights, ratings and the tie band: one side of an axis outweighs all that can stand against it.",
        nearest,
        lambda decision: decision.verdict.id != one.id,
    )


def _pattern(pattern: Pattern, report: Report) -> None:
    for case in report.knowledge.cases:
        wanted = case.expect.get("recommended")
        if isinstance(wanted, list) and pattern.id in wanted:
            firm = Firm({name: code for name, code in case.facts.items() if code is not None}, {}, case.as_of)
            if pattern.id in report.asking.decision(firm).recommended:
                return
    days = report.calendar.days(report.rules_of(pattern.id), pattern.period)
    open_days = []
    for day in days:
        condition = possible(pattern, report.asking.program(day))
        if condition is not None and report.asking.holding(condition, day) is not None:
            open_days.append(day)
    if not open_days:
        _closed(pattern, days[0] if days else report.calendar.usual, report)
        return
    for day in open_days:
        if next(recommending(pattern, day, report), None) is not None:
            return
    condition = possible(pattern, report.asking.program(open_days[0]))
    assert condition is not None
    opened = report.asking.holding(condition, open_days[0])
    assert opened is not None
    # Known in full: while a better pattern is undetermined, this one may well be recommended for the time being.
    shown = opened._replace(base={**report.asking.firms.drawn[0], **opened.base})
    report.fault(
        "PR109",
        "doubt",
        pattern.mark,
        f"'{pattern.id}' is never recommended: wherever it is open, a better-ranked one is open too, as for {{firm}}.",
        "Give it a better rank in 'suits' for some class, or narrow what the others require.",
        shown,
        lambda decision: pattern.id not in decision.recommended,
    )


def _closed(pattern: Pattern, day: datetime.date, report: Report) -> None:
    """The fault, with a firm that meets what the pattern requires where there is one."""
    program = report.asking.program(day)
    firm = Firm({}, {}, day)
    for rule in program.of("requires", pattern.id):
        firm = report.asking.holding(rule.when, day) or firm
    report.fault(
        "PR108",
        "error",
        pattern.mark,
        f"no firm can get '{pattern.id}': requirements, eligibility and bars leave nobody, not even {{firm}}.",
        "Widen 'requires' or 'eligible', or narrow a bar.",
        firm,
        _is_closed(pattern),
    )


def _is_closed(pattern: Pattern) -> Callable[[Decision], bool]:
    return lambda decision: decision.pattern(pattern.id).status not in ("possible", "recommended")
