"""Invariants proved or refuted for every firm: by the solver where they speak of rules, by structure elsewhere.

A claim about a recommendation is proved on what a recommendation needs (the pattern is open), which also covers firms
of which only a part is known; it is refuted only by a firm whose decision breaks it, and what is neither stays open.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from engine.decision import Decision, is_closed
from engine.executors.reference import holds
from engine.prove.firms import Firm
from engine.prove.monotone import check_monotone
from engine.prove.outcomes import possible, recommending
from engine.prove.report import Report
from engine.solve import Unsolved
from kb.condition import ALWAYS, All, Any, Bound, Condition, Test, resolve
from kb.invariant import Invariant
from kb.model import Pattern
from kb.rules import Rule, base_facts_read


def check(report: Report) -> None:
    for one in report.knowledge.invariants.values():
        _CLAIMS[one.claim](one, report)


def _ask(
    one: Invariant,
    about: str,
    rules: Sequence[Rule],
    report: Report,
    work: Callable[[], None],
    extra: object = "",
) -> None:
    asked = f"whether '{one.id}' holds for every firm{about}"
    report.ask(asked, one.mark, report.digests.unit(f"claim {one.claim}{about}", [_own(one), *rules], extra), work)


def _own(one: Invariant) -> Rule:
    """The claim as a rule, for its condition and its days."""
    return Rule(one.id, "invariant", "", one.when, one.period, (), one.mark)


def _days(one: Invariant, rules: Sequence[Rule], report: Report) -> Iterator[tuple[datetime.date, Condition]]:
    """A day of each stretch in which the claim is made, with its condition on that day."""
    asked = [_own(one), *rules]
    for day in (*report.calendar.days(asked, one.period), *report.calendar.later(asked, one.period)):
        when = resolve(one.when, day) if one.when is not None else ALWAYS
        if when is not None:
            yield day, when


def _refuted(one: Invariant, firm: Firm, how: str, shows: Callable[[Decision], bool], report: Report) -> None:
    remedy = "Mend the rules, or the invariant if it claims too much."
    report.fault("PR111", "error", one.mark, f"'{one.id}' does not hold: {how}, as for {{firm}}.", remedy, firm, shows)


def _both(when: Condition, shows: Callable[[Decision], bool]) -> Callable[[Decision], bool]:
    """A claim is broken by a firm that it is made of."""
    return lambda decision: holds(when, decision.values) is True and shows(decision)


def _never_recommended(one: Invariant, report: Report) -> None:
    for name, pattern in report.knowledge.patterns.items():
        if not one.patterns or name in one.patterns:
            rules = report.rules_of(name)
            _ask(one, f": '{name}'", rules, report, partial(_not_this_pattern, one, pattern, rules, report))


def _not_this_pattern(one: Invariant, pattern: Pattern, rules: Sequence[Rule], report: Report) -> None:
    for day, when in _days(one, rules, report):
        condition = possible(pattern, report.asking.program(day))
        opened = report.asking.holding(All((when, condition)), day, likely=False) if condition is not None else None
        if opened is None:
            continue
        firm = next(recommending(pattern, day, report, when), None)
        # Where a better pattern is undetermined, this one can still be recommended for the time being.
        if firm is None and pattern.id in report.asking.decision(opened).recommended:
            firm = opened
        if firm is None:
            raise Unsolved("a better pattern is open to all firms known in full; those known in part are not settled")
        how = f"'{pattern.id}' is recommended"
        _refuted(one, firm, how, _both(when, lambda decision: pattern.id in decision.recommended), report)
        break


def _never_offered(one: Invariant, report: Report) -> None:
    for name in one.actions:
        answering = [f.id for f in report.knowledge.findings.values() if name in f.answered_by]
        rules = [report.by_id[name], *(report.by_id[finding] for finding in answering)]
        standing = report.knowledge.actions[name].standing
        _ask(one, f": '{name}'", rules, report, partial(_not_this_action, one, name, rules, report), standing)


def _not_this_action(one: Invariant, name: str, rules: Sequence[Rule], report: Report) -> None:
    for day, when in _days(one, rules, report):
        program = report.asking.program(day)
        rule, *answering = (program.rule(each.id) for each in rules)
        if rule is None:
            continue
        live = [found.when for found in answering if found is not None]
        standing = report.knowledge.actions[name].standing
        asked: list[Condition] = [when, rule.when, *([] if standing else [Any(tuple(live))])]
        firm = report.asking.holding(All(tuple(asked)), day, likely=False)
        if firm is None:
            continue
        shown = _offered(name, firm, report)
        if shown is None:
            raise Unsolved("the action answers such a firm, but no firm was found to which a pattern is open as well")
        _refuted(one, shown, f"'{name}' is offered", _both(when, lambda d: name in _actions(d)), report)
        break


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


def _actions(decision: Decision) -> set[str]:
    return {verdict.action for verdict in decision.programme}


def _recommendation(one: Invariant, report: Report) -> None:
    """No firm known in full for which the claim is made finds every pattern closed."""
    rules = [rule for rule in report.rules if rule.owner in report.knowledge.patterns]
    _ask(one, "", rules, report, partial(_some_pattern, one, rules, report))


def _some_pattern(one: Invariant, rules: Sequence[Rule], report: Report) -> None:
    patterns = report.knowledge.patterns.values()
    for day, when in _days(one, rules, report):
        program = report.asking.program(day)
        opened = [condition for pattern in patterns if (condition := possible(pattern, program)) is not None]
        firm = report.asking.beyond(when, Any(tuple(opened)), day, likely=False)
        if firm is not None:
            _refuted(one, firm, "nothing is recommended", _both(when, lambda d: not d.recommended), report)
            return


def _one_class(one: Invariant, report: Report) -> None:
    """By structure: margins of a firm known in full are numbers, and the table has one class for each pair of signs,
    which is looked at when the rule base is read."""
    report.questions += 1


def _no_effect(one: Invariant, report: Report) -> None:
    """By structure: no rule of any stage reads a protected fact, so nothing can depend on one."""
    report.questions += 1
    knowledge = report.knowledge
    protected = {name for name, fact in knowledge.facts.items() if fact.protected}
    for rule in report.rules:
        read = sorted(protected & set(base_facts_read(rule.when, knowledge)))
        if read:
            how = f"'{rule.id}' reads {', '.join(read)}"
            remedy = "Let the rule read something else; who the owner is may not count."
            report.problems.error("PR111", rule.mark, f"'{one.id}' does not hold: {how}.", remedy)


def _monotone(one: Invariant, report: Report) -> None:
    check_monotone(one, report, partial(_ask, one), lambda firm, how, shows: _refuted(one, firm, how, shows, report))


_CLAIMS: Mapping[str, Callable[[Invariant, Report], None]] = {
    "never_recommended": _never_recommended,
    "never_offered": _never_offered,
    "recommendation": _recommendation,
    "one_class": _one_class,
    "monotone": _monotone,
    "no_effect": _no_effect,
}
