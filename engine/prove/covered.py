"""Rules that others of their kind leave nothing to: duplicates, and those covered by one other or by several together.

Bars and eligible clauses of a pattern work like one `any`: what the others already let through needs no rule. Entries
of an eligibility term are asked in order: what the earlier ones take never reaches a later one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations

from engine.decision import Decision
from engine.prove.firms import Firm
from engine.prove.report import Report, fires
from kb.complete import base_facts
from kb.condition import All, Any, Bound, Condition, Test, fact_of, terms_of
from kb.rules import Rule

_UNIONS = ("bar", "eligible")
# Kinds of which two rules that always speak together say one thing twice.
_TWICE = ("finding", "caution", "pattern_caution", "prepare")


def check(report: Report) -> None:
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in report.rules:
        groups.setdefault((rule.kind, rule.owner), []).append(rule)
    for (kind, owner), rules in groups.items():
        if kind == "eligibility":
            _ordered(owner, rules, report)
        elif kind in _UNIONS and len(rules) > 1:
            _union(rules, report)
    for kind in _TWICE:
        _twice([rule for (of, _), rules in groups.items() if of == kind for rule in rules], report)


def _ordered(term: str, rules: Sequence[Rule], report: Report) -> None:
    """Each entry is reached by some firm, on some day, that none before it takes."""
    for index, rule in enumerate(rules):
        key = report.digests.unit("ordered", rules[: index + 1])
        work = partial(_entry, term, rule, rules[:index], report)
        report.ask(f"whether '{rule.id}' is ever reached", rule.mark, key, work)


def _entry(term: str, rule: Rule, before: Sequence[Rule], report: Report) -> None:
    """An entry that those before it leave nobody: on every day, or in one of the stretches in which it is in force."""
    unreached: list[tuple[datetime.date, Condition]] = []
    live = 0
    for day in report.calendar.days([*before, rule], rule.period):
        program = report.asking.program(day)
        one = program.rule(rule.id)
        earlier = [e.when for r in before if (e := program.rule(r.id)) is not None]
        live += one is not None
        if one is not None and earlier and report.asking.beyond(one.when, Any(tuple(earlier)), day) is None:
            unreached.append((day, All((one.when, Any(tuple(earlier))))))
    never = len(unreached) == live
    for day, taken in unreached:
        # Best a firm whose term has its value from another, and is not left unknown by a third. One that holds for
        # nobody is told of itself.
        shown = report.asking.holding(All((taken, _given(term, report))), day) or report.asking.holding(taken, day)
        if shown is not None:
            takers = f"{_takers(rule, before, report)} before it take" if never else "those before it take"
            when = "is never reached" if never else f"is in force on {day} and not reached then"
            report.fault(
                "PR104",
                "error" if never else "doubt",
                rule.mark,
                f"'{rule.id}' {when}: {takers} every firm it is for, as {{firm}}.",
                "Put it before them, narrow them, bound it with in_force, or remove it.",
                shown,
                _decided_by_another(term, rule.id),
            )
            return


def _given(term: str, report: Report) -> Condition:
    """That a term has a value, whichever."""
    values = report.knowledge.eligibility[term].domain.values
    return Test(term, (Bound("one_of", "in", tuple(range(len(values)))),))


def _decided_by_another(term: str, own: str) -> Callable[[Decision], bool]:
    def shows(decision: Decision) -> bool:
        verdict = next(e for e in decision.eligibility if e.term == term)
        return decision.trace.get(own) is True and verdict.rule != own

    return shows


def _beside_another(own: str, others: Sequence[Rule]) -> Callable[[Decision], bool]:
    return lambda d: d.trace.get(own) is True and any(d.trace.get(other.id) is True for other in others)


def _union(rules: Sequence[Rule], report: Report) -> None:
    covered: dict[str, list[str]] = {}
    for rule in rules:
        key = report.digests.unit(f"union {rule.id}", rules)
        asked = f"whether '{rule.id}' adds anything to the others of its kind"
        report.ask(asked, rule.mark, key, partial(_one_of_union, rule, rules, covered, report))


def _one_of_union(rule: Rule, rules: Sequence[Rule], covered: dict[str, list[str]], report: Report) -> bool:
    """Whether the others cover it; of twins only the second is told of."""
    others = [r for r in rules if r is not rule]
    shown = _never_alone(rule, others, report)
    if shown is None:
        return False
    single = [o for o in others if _never_alone(rule, [o], report) is not None]
    covered[rule.id] = [o.id for o in single]
    twin = next((o for o in single if rule.id in covered.get(o.id, ())), None)
    if twin is not None:
        _same(twin, rule, shown, report)
    elif not any(_never_alone(o, [rule], report) is not None for o in single):
        takers = f"'{single[0].id}' holds" if single else f"{_takers(rule, others, report)} hold together"
        report.fault(
            "PR104",
            "error",
            rule.mark,
            f"'{rule.id}' adds nothing: {takers} wherever it does, as for {{firm}}.",
            "Remove it, or correct the one that is too wide.",
            shown,
            _beside_another(rule.id, others),
        )
    return True


def _never_alone(rule: Rule, others: Sequence[Rule], report: Report) -> Firm | None:
    """A firm for which the rule holds, if it never does without one of the others on any day; else None."""
    shown = None
    for day in report.calendar.days([rule, *others], report.calendar.period(rule)):
        program = report.asking.program(day)
        one = program.rule(rule.id)
        if one is None:
            continue
        there = [live.when for other in others if (live := program.rule(other.id)) is not None]
        if report.asking.beyond(one.when, Any(tuple(there)), day) is not None:
            return None
        shown = shown or report.asking.holding(All((one.when, Any(tuple(there)))), day)
    return shown


def _takers(rule: Rule, others: Sequence[Rule], report: Report) -> str:
    """Which of the others it takes to cover a rule: what can be left out is left out."""
    needed = list(others)
    for other in others:
        fewer = [o for o in needed if o is not other]
        if fewer and _never_alone(rule, fewer, report) is not None:
            needed = fewer
    return " and ".join(f"'{other.id}'" for other in needed)


def _twice(rules: Sequence[Rule], report: Report) -> None:
    """Pairs that hold for the very same firms; only those that rest on the same facts can."""
    by_terms: dict[object, list[Rule]] = {}
    for rule in rules:
        if rule.when is not None:
            owner = rule.owner if rule.kind in ("pattern_caution", "prepare") else ""
            by_terms.setdefault((owner, _rests_on(rule.when, report)), []).append(rule)
    for group in by_terms.values():
        for one, other in combinations(group, 2):
            if _together(one, other):
                key = report.digests.unit("twice", [one, other])
                asked = f"whether '{one.id}' and '{other.id}' are the same"
                report.ask(asked, other.mark, key, partial(_pair, one, other, report))


def _pair(one: Rule, other: Rule, report: Report) -> None:
    shown = _never_alone(one, [other], report)
    if shown is not None and _never_alone(other, [one], report) is not None:
        _same(one, other, shown, report)


def _rests_on(when: Condition, report: Report) -> frozenset[str]:
    """Base facts, and terms of later stages as they are: an age and its bands rest on one date."""
    facts = report.knowledge.facts
    terms = [fact_of(term) for term in terms_of(when)]
    return frozenset(base for term in terms for base in (base_facts(term, facts) if term in facts else (term,)))


def _together(one: Rule, other: Rule) -> bool:
    """Whether there is a day on which both are in force."""
    starts = [p.start for p in (one.period, other.period) if p.start is not None]
    ends = [p.end for p in (one.period, other.period) if p.end is not None]
    return not starts or not ends or max(starts) <= min(ends)


def _same(one: Rule, other: Rule, shown: Firm, report: Report) -> None:
    first, second = sorted((one, other), key=lambda rule: rule.mark)
    report.fault(
        "PR103",
        "doubt",
        second.mark,
        f"'{second.id}' holds for the same firms as '{first.id}', as for {{firm}}.",
        "Keep one of them, or let their tests differ.",
        shown,
        fires(one.id, other.id),
    )
