"""Whole cases for what the expert's cases do not show, made by a solver.

A point (`engine.coverage`) is wanted when no case shows it and says what must follow. For each, the solver finds a firm
in which the test decides its rule and the answer shows it; further wanted points of the same day are laid over the
firm as long as they add more than they hide. What no firm can show is told apart from what was not found.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from engine.cases import example_day
from engine.coverage import Plan, Point, plan_of, seen
from engine.decide import Engine, decide, ready
from engine.decision import Decision
from engine.derive import derive
from engine.executors.reference import holds
from engine.expand import knowledge_facts, queries
from engine.firms import Firms
from engine.invariants import firm_of
from engine.mutate import Ground, program_on
from engine.solve import Unsolved, find
from engine.visible import expected, goal, visible
from engine.wish import Wish, wishes
from kb.condition import GRADE, KNOWN, All
from kb.dossier import Dossier
from kb.model import Case
from kb.rules import Rule
from kb.values import Code
from kb.vocabulary import GRADES, Fact

# How many further points are laid over a firm before it is left as it is, and how long one question may take.
_ATTEMPTS, _LIMIT_MS = 60, 3_000


class Firm(NamedTuple):
    """Facts laid over those of another firm: None takes a fact back; and how well some are known."""

    facts: Mapping[str, Code | None]
    grades: Mapping[str, str]


class Suggestion(NamedTuple):
    """A firm on a day, the case it starts from (None: from nothing), the decision on it, and what it shows anew."""

    day: datetime.date
    like: Case | None
    firm: Firm
    decision: Decision
    shows: tuple[Point, ...]


class Suggestions(NamedTuple):
    """`impossible` are points that no firm can show, `not_found` those for which none was found."""

    plan: Plan
    made: tuple[Suggestion, ...]
    impossible: tuple[Point, ...]
    not_found: tuple[Point, ...]


@dataclass(slots=True)
class _Search:
    """What a search knows so far."""

    ground: Ground
    plan: Plan
    rules: Mapping[str, Rule]
    like: Case | None
    background: Mapping[str, Code]
    wanted: dict[Point, None]
    vocabulary: Mapping[str, Fact]
    engines: dict[datetime.date, Engine] = field(default_factory=dict)
    answers: dict[Point, Firm | None] = field(default_factory=dict)
    impossible: set[Point] = field(default_factory=set)


def suggest(ground: Ground, seed: int, done: Callable[[int], None]) -> Suggestions:
    """Cases for every wanted point, in the order of the files; `done` is told how many points are still wanted."""
    plan = plan_of(ground.knowledge)
    rules = {rule.id: rule for rule in plan.rules}
    full = max(ground.knowledge.cases, key=lambda c: sum(v is not None for v in c.facts.values()), default=None)
    if full is None:
        program = program_on(ground, ground.knowledge.manifest.examples_as_of)
        background = Firms(program).complete(Random(seed))
    else:
        background = {name: code for name, code in full.facts.items() if code is not None}
    shown = _shown(ground, plan, rules)
    order = sorted(plan.points, key=lambda p: (plan.points[p], p))
    wanted = dict.fromkeys(p for p in order if p not in shown)
    search = _Search(ground, plan, rules, full, background, wanted, knowledge_facts(ground.knowledge.facts))
    made, not_found = [], []
    while search.wanted:
        point = next(iter(search.wanted))
        found = _for(search, point)
        if found is None:
            del search.wanted[point]
            not_found += [point] if point not in search.impossible else []
        else:
            made.append(found)
            for one in found.shows:
                del search.wanted[one]
        done(len(search.wanted))
    return Suggestions(plan, tuple(made), tuple(sorted(search.impossible)), tuple(not_found))


def _shown(ground: Ground, plan: Plan, rules: Mapping[str, Rule]) -> set[Point]:
    """Points that some case or example shows and judges; what is merely unknown need only be met."""
    found: set[Point] = set()
    for finding in ground.knowledge.findings.values():
        day = example_day(finding, ground.knowledge)
        program = program_on(ground, day)
        for example in finding.examples:
            values = derive(program.steps, example.facts)
            when = program.stages["findings"].conditions.get(finding.id)
            if when is not None:
                points = seen(plan, day, values, {finding.id: holds(when, values)}, only=finding.id)
                # What a finding weighs shows only in a whole case.
                found |= {point for point in points if point.kind != "rule"}
    for one in ground.tried:
        points = seen(plan, one.case.as_of, one.values, one.decision.trace)
        judged = {r.id for r in rules.values() if expected(r, one.case, ground.knowledge) and visible(r, one.decision)}
        if "margins" not in one.case.expect:
            points = {p for p in points if p.kind != "rule" or rules[p.rule].kind != "finding" or p.side == "unknown"}
        bands = {limit.id for limit in plan.bands if "margins" in one.case.expect}
        found |= {p for p in points if p.rule in judged or p.rule in bands or p.side == "unknown"}
    return found


def _for(search: _Search, point: Point) -> Suggestion | None:
    """A firm for one point, with as many further ones as fit over it."""
    for wish in wishes(search.plan, point):
        firm = _answer(search, point, wish)
        if firm is None:
            continue
        decision, shows = _tried(search, wish.day, firm)
        if point not in shows:
            continue
        attempts = 0
        for other in [p for p in search.wanted if p not in shows]:
            more = next((w for w in wishes(search.plan, other) if w.day == wish.day), None)
            if more is None or other in shows:
                continue
            added = _answer(search, other, more) if other not in search.answers else search.answers[other]
            if added is None or not _fits(firm, added):
                continue
            attempts += 1
            both = Firm({**firm.facts, **added.facts}, {**firm.grades, **added.grades})
            further, more_shown = _tried(search, wish.day, both)
            if point in more_shown and len(more_shown) > len(shows):
                firm, decision, shows = both, further, more_shown
            if attempts >= _ATTEMPTS:
                break
        return Suggestion(wish.day, search.like, firm, decision, tuple(p for p in search.wanted if p in shows))
    return None


def _fits(firm: Firm, added: Firm) -> bool:
    """Whether two firms want nothing different of one fact."""
    facts = all(firm.facts[name] == code for name, code in added.facts.items() if name in firm.facts)
    return facts and all(firm.grades[n] == grade for n, grade in added.grades.items() if n in firm.grades)


def _tried(search: _Search, day: datetime.date, firm: Firm) -> tuple[Decision, set[Point]]:
    """The decision on a firm, and the wanted points that it shows."""
    if day not in search.engines:
        search.engines[day] = search.ground.engines.get(day) or ready(search.ground.knowledge, day, "reference")
    decision = decide(search.engines[day], dossier_of(firm, search.background, search.engines[day]))
    values = {**decision.values, **decision.about_knowledge}
    points = {p for p in seen(search.plan, day, values, decision.trace) if p in search.wanted}
    judged = {
        name for name in {p.rule for p in points} if name in search.rules and visible(search.rules[name], decision)
    }
    return decision, {p for p in points if p.rule in judged or p.rule not in search.rules or p.side == "unknown"}


def dossier_of(firm: Firm, background: Mapping[str, Code], engine: Engine) -> Dossier:
    """The dossier of a firm over its background."""
    facts = {**background, **firm.facts}
    dossier = firm_of({name: code for name, code in facts.items() if code is not None}, engine.program)
    graded = {n: s._replace(grade=firm.grades.get(n, s.grade)) for n, s in dossier.facts.items()}
    return dossier._replace(facts=graded)


def _answer(search: _Search, point: Point, wish: Wish) -> Firm | None:
    """A firm that meets a wish, as the solver finds it; None where there is none, or none was found."""
    program = program_on(search.ground, wish.day)
    rule = search.rules.get(point.rule)
    shown = goal(rule, program) if rule is not None and wish.visible else All(())
    found = None
    proved = True
    for query in queries(All((wish.when, shown)), program):
        try:
            facts = find(query.when, program.steps, search.vocabulary, limit_ms=_LIMIT_MS)
        except Unsolved:
            proved = False
            continue
        if facts is not None:
            found = _firm(search, facts, wish.unknown)
            break
    if found is None and proved and not wish.visible and not wish.unknown:
        search.impossible.add(point)
    search.answers[point] = found
    return found


def _firm(search: _Search, found: Mapping[str, Code], unknown: Iterable[str]) -> Firm:
    """The firm that the solver means, `known:` and `grade:` of its facts among them."""
    known = search.plan.knowledge.facts
    hidden = [name for name in known if found.get(KNOWN + name) == 0]
    taken: dict[str, Code | None] = {name: code for name, code in found.items() if name in known}
    taken |= dict.fromkeys((*hidden, *unknown))
    kept = {n: c for n, c in taken.items() if c is not None or n in search.background}
    grades = {n: GRADES[int(found[GRADE + n])] for n in known if GRADE + n in found and n not in hidden}
    kept |= {name: search.background[name] for name in grades if name not in kept and name in search.background}
    return Firm(kept, {name: grade for name, grade in grades.items() if name in kept})
