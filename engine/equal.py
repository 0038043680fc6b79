"""Whether a mutant changes anything for any firm, asked of the solver rule by rule.

Proved for firms of which everything is known that the rules read: no such firm makes a changed rule come out otherwise,
on any day; where days were moved, it shows nothing on those. What cannot be proved (tests of knowledge or of the class,
no answer in time) counts as a difference.
"""

from __future__ import annotations

import datetime

from engine.compile import Program
from engine.expand import in_facts
from engine.mutant import Change, Mutant
from engine.mutate import Ground, on_day, program_on
from engine.solve import Unsolved, find
from engine.visible import goal
from kb.complete import parameters_of_fact
from kb.condition import ALWAYS, GRADE, KNOWN, NEVER, All, Any, Condition, Not, parameters_of, resolve, terms_of
from kb.model import Knowledge
from kb.rules import Rule, rules_of

_LIMIT_MS = 1_000
_ONE_DAY = datetime.timedelta(1)


def changes_nothing(ground: Ground, mutant: Mutant) -> bool:
    """Whether no firm is told apart by the mutant; False where that is not proved."""
    if mutant.kind != "rule" or not mutant.changes:
        return False
    return all(_same(ground, change) for change in mutant.changes)


def _same(ground: Ground, change: Change) -> bool:
    old = next(rule for rule in rules_of(ground.knowledge) if rule.id == change.rule)
    if old.period != change.period:
        return old.when == change.when and _same_days(ground, old, change)
    if old.when is None or change.when is None:
        return False
    terms = terms_of(All((old.when, change.when)))
    if any(term == "class" or term.startswith((KNOWN, GRADE)) for term in terms):
        return False
    asked: set[Condition] = set()
    for day in _days(old.when, change, ground.knowledge):
        program = program_on(ground, day)
        before, now = program.rule(change.rule), on_day(change, day, {})
        if before is None or now is None:
            if (before is None) != (now is None):
                return False
            continue
        apart = Any((All((before.when, Not(now))), All((Not(before.when), now))))
        question = in_facts(apart, program)
        # Most days ask the same as the day before.
        if before.when != now and question not in asked and not _never(question, program):
            return False
        asked.add(question)
    return True


def _same_days(ground: Ground, old: Rule, change: Change) -> bool:
    """Whether a rule can show nothing on the days that only one of two periods has: it reads a parameter without a
    value then, no firm meets it, or an entry before it decides for every firm that does."""
    ends = {day for p in (old.period, change.period) for day in (p.start, p.end) if day is not None}
    near = {day + by * _ONE_DAY for day in ends for by in (-1, 0, 1)}
    for day in sorted(day for day in near if old.period.holds(day) != change.period.holds(day)):
        when = resolve(old.when if old.when is not None else ALWAYS, day)
        if when is None:
            continue
        program = program_on(ground, day)
        asked = All((when, goal(old, program))) if old.kind == "eligibility" else when
        if any(term == "class" or term.startswith((KNOWN, GRADE)) for term in terms_of(asked)):
            return False
        if not _never(in_facts(asked, program), program):
            return False
    return True


def _never(question: Condition, program: Program) -> bool:
    """Whether no firm meets a condition, proved."""
    if question == NEVER:
        return True
    try:
        return find(question, program.steps, program.knowledge.facts, limit_ms=_LIMIT_MS) is None
    except Unsolved:
        return False


def _days(when: Condition, change: Change, knowledge: Knowledge) -> list[datetime.date]:
    """One day of every stretch on which the rule is in force and nothing that it may read changes."""
    usual = change.period.start or change.period.end or knowledge.manifest.examples_as_of
    terms = terms_of(when)
    plain = all(term in knowledge.facts and not parameters_of_fact(term, knowledge.facts) for term in terms)
    if plain and not parameters_of(when):
        return [usual]
    periods = [rule.period for rule in rules_of(knowledge)]
    periods += [value.period for parameter in knowledge.parameters.values() for value in parameter.values]
    days = {usual, knowledge.manifest.examples_as_of}
    for period in periods:
        days |= {period.start, period.start - _ONE_DAY} if period.start is not None else set()
        days |= {period.end, period.end + _ONE_DAY} if period.end is not None else set()
    return sorted(day for day in days if change.period.holds(day))
