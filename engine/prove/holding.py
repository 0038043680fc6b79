"""Rules that no firm meets, rules that every firm meets, and parts of conditions that change nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from engine.compile import Rule as Live
from engine.prove import words
from engine.prove.firms import Firm
from engine.prove.report import Report, fires, silent
from kb.condition import ALWAYS, All, Condition, Not, Test, terms_of
from kb.rules import Rule


def check(report: Report) -> None:
    for rule in once(report):
        key = report.digests.unit("holding", [rule])
        report.ask(f"whether '{rule.id}' can hold, and can fail to", rule.mark, key, partial(_check, rule, report))


def once(report: Report) -> Iterator[Rule]:
    """Every rule that has a condition; one that several patterns share for the same time, once."""
    seen = set()
    for rule in report.rules:
        key = (rule.mark, rule.when, report.calendar.period(rule))
        if rule.when is not None and key not in seen:
            seen.add(key)
            yield rule


def live(rule: Rule, report: Report) -> Iterator[tuple[datetime.date, Live]]:
    """The rule as it reads on a day of each stretch in which it is in force."""
    for day in report.calendar.days([rule]):
        found = report.asking.program(day).rule(rule.id)
        if found is not None:
            yield day, found


def _check(rule: Rule, report: Report) -> None:
    days = list(live(rule, report))
    dead = [(day, one) for day, one in days if report.asking.holding(one.when, day) is None]
    if dead and any(_holds_on(rule, day, report) for day in report.calendar.later([rule])):
        # Time itself makes it hold: somebody will be old enough.
        return
    if days and len(dead) == len(days):
        _never(rule, *dead[0], report)
        return
    for day, one in dead:
        _idle(rule, day, one, report)
    alive = [(day, one) for day, one in days if (day, one) not in dead]
    if alive and not dead and all(report.asking.beyond(ALWAYS, one.when, day) is None for day, one in alive):
        day, one = alive[0]
        shown = report.asking.holding(one.when, day)
        assert shown is not None
        report.fault(
            "PR102",
            "error",
            rule.mark,
            f"'{rule.id}' holds for every firm: its condition, {words.short(one.when, report.knowledge)}, always comes "
            "out true, as for {firm}.",
            "Narrow its tests, or leave 'when' out if it is meant to hold always.",
            shown,
            fires(rule.id),
        )
        return
    _parts(rule, alive, report)


def _holds_on(rule: Rule, day: datetime.date, report: Report) -> bool:
    one = report.asking.program(day).rule(rule.id)
    return one is not None and report.asking.holding(one.when, day) is not None


def _never(rule: Rule, day: datetime.date, one: Live, report: Report) -> None:
    """The fault, with a firm that meets all but one of the parts where there is one."""
    parts = one.when.parts if isinstance(one.when, All) else ()
    for index, part in enumerate(parts):
        others = All((*parts[:index], *parts[index + 1 :]))
        firm = report.asking.holding(others, day)
        if firm is not None:
            rest = words.short(others, report.knowledge)
            why = f"whoever meets {rest} fails {words.short(part, report.knowledge)}, as {{firm}}"
            break
    else:
        firm = Firm({}, {}, day)
        why = f"no firm meets {words.short(one.when, report.knowledge)}; nor does {{firm}}"
    report.fault(
        "PR101",
        "error",
        rule.mark,
        f"'{rule.id}' can never hold: {why}.",
        "Change or drop one of its tests, or remove the rule.",
        firm,
        silent(rule.id),
    )


def _idle(rule: Rule, day: datetime.date, one: Live, report: Report) -> None:
    """A rule that is in force in a stretch in which no firm meets it.

    Where a term of eligibility is left open, on days on which no entry takes all firms that are left, that is not this
    rule's doing: `mitra check` says so there.
    """
    for term in set(terms_of(one.when)) & set(report.knowledge.eligibility):
        entries = report.knowledge.eligibility[term].entries
        if not any(entry.when is None and entry.period.holds(day) for entry in entries):
            return
    report.fault(
        "PR101",
        "doubt",
        rule.mark,
        f"'{rule.id}' is in force on {day} and can hold for no firm then: {words.short(one.when, report.knowledge)}.",
        "Bound it with in_force, or accept this in the manifest with a reason.",
        Firm({}, {}, day),
        silent(rule.id),
    )


def _parts(rule: Rule, alive: list[tuple[datetime.date, Live]], report: Report) -> None:
    """Parts without which the rule would hold for the very same firms, on every day."""
    count = len(list(without(alive[0][1].when))) if alive else 0
    for index in range(count):
        told, shown = "", None
        for day, one in alive:
            part, twin = list(without(one.when))[index]
            wider, narrower = (twin, one.when) if list(_sides(one.when, True))[index] else (one.when, twin)
            if _tells(wider, narrower, day, report):
                break
            shown = shown or report.asking.holding(one.when, day)
            told = told or words.short(part, report.knowledge)
        else:
            assert shown is not None
            report.fault(
                "PR105",
                "doubt",
                rule.mark,
                f"'{rule.id}' holds for the same firms without '{told}', as for {{firm}}.",
                "Drop that part, or correct it.",
                shown,
                fires(rule.id),
            )


def _tells(wider: Condition, narrower: Condition, day: datetime.date, report: Report) -> bool:
    """Whether some firm is judged otherwise: by the one condition held and by the other not, or refused by the one and
    by the other left open. Firms known in full are asked for first: mostly one of them tells, and they cost less."""
    asking = report.asking
    return (
        asking.beyond(wider, narrower, day) is not None
        or asking.beyond(wider, narrower, day, partly=True) is not None
        or asking.beyond(Not(narrower), Not(wider), day, partly=True) is not None
    )


def _sides(condition: Condition, positive: bool) -> Iterator[bool]:
    """For each part of `without`, whether leaving it out lets more firms through: it stands in an `all`, or in an `any`
    that is denied."""
    if isinstance(condition, Not):
        yield from _sides(condition.part, not positive)
    elif isinstance(condition, Test):
        if len(condition.bounds) > 1:
            yield from [positive] * len(condition.bounds)
    else:
        for part in condition.parts:
            if len(condition.parts) > 1:
                yield isinstance(condition, All) == positive
            yield from _sides(part, positive)


def without(condition: Condition) -> Iterator[tuple[Condition, Condition]]:
    """Each part that stands beside others, and the condition without it; in the order of `_sides`."""
    if isinstance(condition, Not):
        yield from ((part, Not(twin)) for part, twin in without(condition.part))
    elif isinstance(condition, Test):
        if len(condition.bounds) > 1:
            for index, bound in enumerate(condition.bounds):
                rest = (*condition.bounds[:index], *condition.bounds[index + 1 :])
                yield Test(condition.term, (bound,)), Test(condition.term, rest)
    else:
        for index, part in enumerate(condition.parts):
            before, after = condition.parts[:index], condition.parts[index + 1 :]
            if len(condition.parts) > 1:
                yield part, replace(condition, parts=(*before, *after))
            for inner, twin in without(part):
                yield inner, replace(condition, parts=(*before, twin, *after))
