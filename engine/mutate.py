"""Which mutants of a rule base its cases and examples notice.

A mutant is killed when an example or a case that passes under the rules as they are fails under the mutant. Only what
can differ is decided again: a case in which the changed rules come out as before gets the same answer.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from engine.cases import as_dossier, example_day
from engine.compile import Program, Rule, compile
from engine.decide import Engine, decide, ready
from engine.decision import Decision
from engine.derive import derive
from engine.executors.reference import holds
from engine.expect import differences
from engine.margins import margins_of
from engine.mutant import Change, Mutant
from engine.scores import score
from kb.condition import ALWAYS, Condition, resolve, terms_of
from kb.dossier import Dossier
from kb.model import Case, Finding, Knowledge
from kb.problem import Mark
from kb.values import Code

# So many cases are tried by their margins before any is decided anew.
_QUICK = 8


class Tried(NamedTuple):
    """A case with the decision on it under the rules as they are, and every term known there."""

    case: Case
    dossier: Dossier
    decision: Decision
    values: Mapping[str, Code]


class Verdict(NamedTuple):
    """How one mutant fared: refused (by the loader), killed or survived; `by` is the case or example that saw it."""

    mutant: Mutant
    outcome: str
    by: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The rules as they are, with everything that mutants are compared with; `kills` counts what each case saw."""

    knowledge: Knowledge
    engines: Mapping[datetime.date, Engine]
    tried: tuple[Tried, ...]
    programs: dict[datetime.date, Program] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)


def ground_of(knowledge: Knowledge) -> Ground:
    """Every case decided under the rules as they are, by the reference executor."""
    engines = {day: ready(knowledge, day, "reference") for day in sorted({case.as_of for case in knowledge.cases})}
    tried = []
    for case in knowledge.cases:
        dossier = as_dossier(case)
        decision = decide(engines[case.as_of], dossier)
        tried.append(Tried(case, dossier, decision, {**decision.values, **decision.about_knowledge}))
    return Ground(knowledge, engines, tuple(tried))


def failing(ground: Ground) -> list[tuple[str, Mark]]:
    """Cases and examples that fail under the rules as they are, by name and place."""
    found = []
    for finding in ground.knowledge.findings.values():
        day = example_day(finding, ground.knowledge)
        program = program_on(ground, day)
        when = program.stages["findings"].conditions.get(finding.id)
        for example in finding.examples:
            truth = None if when is None else holds(when, derive(program.steps, example.facts))
            if truth is not example.fires:
                found.append((f"{finding.id} {'fires' if example.fires else 'silent'}", example.mark))
    for one in ground.tried:
        if differences(one.case, one.decision)[0]:
            found.append((one.case.name, one.case.mark))
    return found


def judge(ground: Ground, mutant: Mutant) -> Verdict:
    """Whether some example or case notices the mutant."""
    if mutant.refused:
        return Verdict(mutant, "refused", "")
    made = mutant.knowledge()
    by = _by_example(ground, mutant, made) or _by_case(ground, mutant, made)
    return Verdict(mutant, "killed" if by else "survived", by)


def _by_example(ground: Ground, mutant: Mutant, made: Knowledge) -> str:
    """The finding whose example fails under the mutant, if there is one."""
    if mutant.kind == "everything":
        findings: Iterable[Finding] = made.findings.values()
    else:
        findings = (made.findings[change.rule] for change in mutant.changes if change.kind == "finding")
    for finding in findings:
        day = example_day(finding, made)
        program = compile(made, day) if mutant.kind == "everything" else program_on(ground, day)
        when = resolve(finding.when, day) if finding.period.holds(day) else None
        if when is not None and finding.id in program.not_in_force:
            # It may be out of force through a derived fact that cannot be computed on the day.
            when = compile(made, day).stages["findings"].conditions.get(finding.id)
        for example in finding.examples:
            truth = None if when is None else holds(when, derive(program.steps, example.facts))
            if truth is not example.fires:
                return f"{finding.id} example"
    return ""


def program_on(ground: Ground, day: datetime.date) -> Program:
    """The rules as they are, made ready for a day."""
    if day in ground.engines:
        return ground.engines[day].program
    if day not in ground.programs:
        ground.programs[day] = compile(ground.knowledge, day)
    return ground.programs[day]


def _by_case(ground: Ground, mutant: Mutant, made: Knowledge) -> str:
    """The case that fails under the mutant, if there is one; those that saw most mutants so far are tried first."""
    concerned = _CONCERNS[mutant.kind]
    resolved: dict[tuple[str, datetime.date], Condition | None] = {}
    chosen = [one for one in ground.tried if concerned(mutant, one, made, resolved)]
    if mutant.kind == "finding" or (mutant.kind == "rule" and mutant.changes[0].kind == "finding"):
        telling = [one for one in chosen if "margins" in one.case.expect][:_QUICK]
        for one in telling:
            if _margins_differ(mutant, one, made, resolved):
                return one.case.name
    engines: dict[datetime.date, Engine] = {}
    for one in sorted(chosen, key=lambda t: -ground.kills[t.case.name]):
        day = one.case.as_of
        if day not in engines:
            engines[day] = _engine(ground, mutant, made, day, resolved)
        expected, _ = differences(one.case, decide(engines[day], one.dossier))
        if expected:
            ground.kills[one.case.name] += 1
            return one.case.name
    return ""


def _margins_differ(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    """Whether the margins alone give the mutant away: they follow from the findings, which no other finding moves."""
    held = {held.finding.id for held in one.decision.findings}
    for change in mutant.changes:
        if change.rule in one.decision.program.not_in_force:
            return False
        when = on_day(change, one.case.as_of, resolved)
        held = held | {change.rule} if when is not None and holds(when, one.values) else held - {change.rule}
    scores = score(made, [made.findings[name] for name in held])
    wanted = one.case.expect["margins"]
    assert isinstance(wanted, Mapping)
    return any(
        wanted[axis] != value for axis, value in (("x", scores.margin_x), ("y", scores.margin_y)) if axis in wanted
    )


_Resolved = dict[tuple[str, datetime.date], Condition | None]
_Concern = Callable[[Mutant, Tried, Knowledge, _Resolved], bool]


def _everything(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    return True


def _rule(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    """A changed rule comes out otherwise here, or is (not) in force, or is a finding that is still open."""
    trace = one.decision.trace
    for change in mutant.changes:
        when = on_day(change, one.case.as_of, resolved)
        if (when is not None) != (change.rule in trace):
            return True
        if when is None:
            continue
        truth = holds(when, one.values)
        # What is open for a finding bounds the classes still possible.
        if truth is not trace[change.rule] or (truth is None and change.kind == "finding"):
            return True
    return False


def on_day(change: Change, day: datetime.date, resolved: _Resolved) -> Condition | None:
    """The condition of a changed rule on a day; None when it is not in force."""
    key = (change.rule, day)
    if key not in resolved:
        inside = change.period.holds(day)
        when = change.when if change.when is not None else ALWAYS
        resolved[key] = resolve(when, day) if inside else None
    return resolved[key]


def _finding(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    return any(one.decision.trace.get(name, False) is not False for name in mutant.names)


def _order(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    return all(one.decision.trace.get(name, False) is not False for name in mutant.names)


def _rank(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    open_ones = ("recommended", "possible", "undetermined")
    return any(one.decision.pattern(name).status in open_ones for name in mutant.names)


def _day(mutant: Mutant, one: Tried, made: Knowledge, resolved: _Resolved) -> bool:
    before, now = (knowledge.patterns[mutant.about].period for knowledge in (one.decision.program.knowledge, made))
    return before.holds(one.case.as_of) != now.holds(one.case.as_of)


_CONCERNS: Mapping[str, _Concern] = {
    "everything": _everything,
    "rule": _rule,
    "finding": _finding,
    "bar": _finding,
    "order": _order,
    "rank": _rank,
    "day": _day,
}


def _engine(ground: Ground, mutant: Mutant, made: Knowledge, day: datetime.date, resolved: _Resolved) -> Engine:
    """The mutant made ready for a day: the engine of the rules as they are with the changed rules in it, if that can
    be."""
    engine = ground.engines[day]
    if mutant.kind in ("finding", "rank", "day"):
        return _with_program(engine, engine.program._replace(knowledge=made), anew=mutant.kind == "finding")
    changed = _rules(engine.program, mutant.changes, day, resolved) if mutant.kind == "rule" else None
    if changed is None:
        return ready(made, day, "reference")
    program = engine.program
    stages = dict(program.stages)
    for name, stage in program.stages.items():
        mine = {rule: changed[rule] for rule in changed if rule in stage.rules}
        if mine:
            rules = {**stage.rules, **mine}
            conditions = {**stage.conditions, **{rule.id: rule.when for rule in mine.values()}}
            stages[name] = stage._replace(rules=MappingProxyType(rules), conditions=MappingProxyType(conditions))
    keys = {(rule.kind, rule.owner) for rule in changed.values()}
    owned = {key: tuple(changed.get(rule.id, rule) for rule in program.owned[key]) for key in keys}
    program = program._replace(
        knowledge=made, stages=MappingProxyType(stages), owned=MappingProxyType({**program.owned, **owned})
    )
    return _with_program(engine, program, anew=any(change.kind == "finding" for change in mutant.changes))


def _rules(
    program: Program, changes: Sequence[Change], day: datetime.date, resolved: _Resolved
) -> dict[str, Rule] | None:
    """The changed rules of a day; None when one of them came into force or out of it."""
    found: dict[str, Rule] = {}
    for change in changes:
        when, old = on_day(change, day, resolved), program.rule(change.rule)
        if when is None and old is None:
            continue
        if when is None or old is None:
            return None
        found[change.rule] = Rule(old.id, old.kind, old.owner, when, terms_of(when), old.sources)
    return found


def _with_program(engine: Engine, program: Program, anew: bool) -> Engine:
    """An engine with another program; its margins laid out `anew` where a finding or a weight is another."""
    margins = margins_of(program) if anew else engine.margins
    plain = margins_of(program, tied=False) if anew and engine.plain is not None else engine.plain
    return replace(engine, inference=engine.inference._replace(program=program), margins=margins, plain=plain)
