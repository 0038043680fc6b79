"""Rules that hold for some firm and yet tell nobody anything: an action whose guard shuts out all whose weakness or
threat it answers, and advice on what to do first for firms that meet the requirement already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from engine.compile import Program
from engine.decision import Decision
from engine.prove.report import Report
from kb.condition import All, Any, Condition, Not
from kb.rules import Rule

Meant = Callable[[Program], Condition | None]


def check(report: Report) -> None:
    for rule in report.rules:
        others, meant, why = _meant(rule, report)
        if rule.when is not None and others:
            key = report.digests.unit("offered", [rule, *others])
            work = partial(_told, rule, others, meant, why, report)
            report.ask(f"whether '{rule.id}' is ever told", rule.mark, key, work)


def _meant(rule: Rule, report: Report) -> tuple[list[Rule], Meant, str]:
    """The rules on which it depends whether this one is told, the condition they make, and why it may never come."""
    knowledge = report.knowledge
    if rule.kind == "action" and not knowledge.actions[rule.id].standing:
        answered = [report.by_id[f.id] for f in knowledge.findings.values() if rule.id in f.answered_by]
        names = " or ".join(f"'{one.id}'" for one in answered)
        return answered, partial(_any, answered), f"is never offered: nobody who meets its condition has {names}"
    if rule.kind == "prepare":
        required = [one for one in report.rules_of(rule.owner) if one.kind == "requires" and one.when is not None]
        why = f"is never said: whoever meets its condition meets what '{rule.owner}' requires"
        return required, partial(_not_all, required), why
    return [], partial(_any, []), ""


def _any(rules: Sequence[Rule], program: Program) -> Condition | None:
    live = [one.when for rule in rules if (one := program.rule(rule.id)) is not None]
    return Any(tuple(live)) if live else None


def _not_all(rules: Sequence[Rule], program: Program) -> Condition | None:
    live = [one.when for rule in rules if (one := program.rule(rule.id)) is not None]
    return Not(All(tuple(live))) if live else None


def _told(rule: Rule, others: Sequence[Rule], meant: Meant, why: str, report: Report) -> None:
    shown = None
    for day in report.calendar.days([rule, *others], report.calendar.period(rule)):
        program = report.asking.program(day)
        one, beside = program.rule(rule.id), meant(program)
        if one is None or beside is None:
            continue
        if report.asking.holding(All((one.when, beside)), day) is not None:
            return
        shown = shown or report.asking.holding(one.when, day)
    # One that can never hold at all is told of as such.
    if shown is not None:
        remedy = "Widen or correct its condition, or remove it."
        message = f"'{rule.id}' {why}, as for {{firm}}."
        report.fault("PR113", "error", rule.mark, message, remedy, shown, _silent(rule))


def _silent(rule: Rule) -> Callable[[Decision], bool]:
    def shows(decision: Decision) -> bool:
        told = {one.action for one in decision.programme} | {one.caution for one in decision.preparations}
        return decision.trace.get(rule.id) is True and rule.id not in told

    return shows
