"""Invariants proved or refuted for every firm: by the solver where they speak of rules, by structure elsewhere.

A claim about a recommendation is proved on what a recommendation needs (the pattern is open), which also covers firms
of which only a part is known; it is refuted only by a firm whose decision breaks it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping

from engine.decision import Decision, is_closed
from engine.prove.asking import Firm
from engine.prove.monotone import check_monotone
from engine.prove.outcomes import possible, recommending
from engine.prove.report import Report
from kb.condition import ALWAYS, All, Any, Bound, Condition, Test, resolve
from kb.invariant import Invariant
from kb.model import Pattern
from kb.rules import Rule, base_facts_read, rules_of


def check(report: Report) -> None:
    for one in report.knowledge.invariants.values():
        with report.question(f"whether '{one.id}' holds for every firm", one.mark):
            _CLAIMS[one.claim](one, report)


def _days(one: Invariant, rules: list[Rule], report: Report) -> Iterator[tuple[datetime.date, Condition]]:
    """A day of each stretch in which the claim is made, with its condition on that day."""
    own = Rule(one.id, "invariant", "", one.when, one.period, (), one.mark)
    for day in report.calendar.days([own, *rules], one.period):
        when = resolve(one.when, day) if one.when is not None else ALWAYS
        if when is not None:
            yield day, when


def _refuted(one: Invariant, firm: Firm, how: str, shows: Callable[[Decision], bool], report: Report) -> None:
    remedy = "Mend the rules, or the invariant if it claims too much."
    report.fault("PR111", "error", one.mark, f"'{one.id}' does not hold: {how}, as for {{firm}}.", remedy, firm, shows)


def _never_recommended(one: Invariant, report: Report) -> None:
    for name, pattern in report.knowledge.patterns.items():
        if one.patterns and name not in one.patterns:
            continue
        rules = [rule for rule in rules_of(report.knowledge) if rule.owner == name]
        for day, when in _days(one, rules, report):
            firm = _recommended(pattern, when, day, report)
            if firm is not None:
                _refuted(one, firm, f"'{name}' is recommended", _recommends(name), report)
                return


def _recommended(pattern: Pattern, when: Condition, day: datetime.date, report: Report) -> Firm | None:
    """A firm that meets the condition and is recommended the pattern. None where the pattern is never open then, or
    where no firm known in full is one and the one that opens it, known in part, is none either."""
    condition = possible(pattern, report.asking.program(day))
    if condition is None:
        return None
    opened = report.asking.holding(All((when, condition)), day, likely=False)
    if opened is None:
        return None
    full = next(recommending(pattern, day, report, when), None)
    if full is not None:
        return full
    # Where a better pattern is undetermined, this one can still be recommended for the time being.
    return opened if pattern.id in report.asking.decision(opened).recommended else None


def _never_offered(one: Invariant, report: Report) -> None:
    knowledge = report.knowledge
    for name in one.actions:
        action = knowledge.actions[name]
        rules = [rule for rule in rules_of(knowledge) if rule.id == name]
        for day, when in _days(one, rules, report):
            program = report.asking.program(day)
            rule = program.rule(name)
            if rule is None:
                continue
            answering = [f for f in knowledge.findings.values() if name in f.answered_by]
            live = [found.when for f in answering if (found := program.rule(f.id)) is not None]
            asked: list[Condition] = [when, rule.when] + ([] if action.standing else [Any(tuple(live))])
            firm = report.asking.holding(All(tuple(asked)), day, likely=False)
            if firm is None:
                continue
            shown = _offered(name, firm, report)
            if shown is not None:
                _refuted(one, shown, f"'{name}' is offered", _offers(name), report)
                return


def _offered(action: str, firm: Firm, report: Report) -> Firm | None:
    """The firm, or one with more known, to which the action is really offered: not where every pattern is closed."""
    decision = report.asking.decision(firm)
    if action in _actions(decision):
        return firm
    if not is_closed(decision.patterns, decision.recommended, decision.recommendation_final):
        return None
    for pattern in report.knowledge.patterns.values():
        condition = possible(pattern, report.asking.program(firm.day))
        if condition is not None:
            known = All(tuple(_stated(firm, report)))
            wider = report.asking.holding(All((known, condition)), firm.day)
            if wider is not None and action in _actions(report.asking.decision(wider)):
                return wider
    return None


def _stated(firm: Firm, report: Report) -> Iterator[Condition]:
    for name, code in firm.base.items():
        yield Test(name, (Bound("is", "in", (code,)),))


def _recommends(pattern: str) -> Callable[[Decision], bool]:
    return lambda decision: pattern in decision.recommended


def _offers(action: str) -> Callable[[Decision], bool]:
    return lambda decision: action in _actions(decision)


def _actions(decision: Decision) -> set[str]:
    return {verdict.action for verdict in decision.programme}


def _recommendation(one: Invariant, report: Report) -> None:
    """No firm known in full for which the claim is made finds every pattern closed."""
    patterns = report.knowledge.patterns.values()
    rules = [rule for rule in rules_of(report.knowledge) if rule.owner in report.knowledge.patterns]
    for day, when in _days(one, rules, report):
        program = report.asking.program(day)
        opened = [condition for pattern in patterns if (condition := possible(pattern, program)) is not None]
        firm = report.asking.beyond(when, Any(tuple(opened)), day, likely=False)
        if firm is not None:
            _refuted(one, firm, "nothing is recommended", lambda decision: not decision.recommended, report)
            return


def _one_class(one: Invariant, report: Report) -> None:
    """By structure: margins of a firm known in full are numbers, and the table has one class for each pair of signs,
    which is looked at when the rule base is read."""
    table = report.knowledge.table
    pairs = {(c.x_positive, c.y_positive) for c in table.classes}
    assert len(pairs) == len(table.classes) == 4


def _no_effect(one: Invariant, report: Report) -> None:
    """By structure: no rule of any stage reads a protected fact, so nothing can depend on one."""
    knowledge = report.knowledge
    protected = {name for name, fact in knowledge.facts.items() if fact.protected}
    for rule in rules_of(knowledge):
        read = sorted(protected & set(base_facts_read(rule.when, knowledge)))
        if read:
            how = f"'{rule.id}' reads {', '.join(read)}"
            remedy = "Let the rule read something else; who the owner is may not count."
            report.problems.error("PR111", rule.mark, f"'{one.id}' does not hold: {how}.", remedy)


def _monotone(one: Invariant, report: Report) -> None:
    check_monotone(one, report, lambda firm, how, shows: _refuted(one, firm, how, shows, report))


_CLAIMS: Mapping[str, Callable[[Invariant, Report], None]] = {
    "never_recommended": _never_recommended,
    "never_offered": _never_offered,
    "recommendation": _recommendation,
    "one_class": _one_class,
    "monotone": _monotone,
    "no_effect": _no_effect,
}
