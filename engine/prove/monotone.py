"""Monotony: a fact that gets better, all else equal, lowers no margin. Proved fact by fact, on the margins.

Only the factors that read a fact can move with it. The solver looks for one firm twice: once with the fact as it is and
once, as `fact*`, better; whatever rests on it has a twin as well. All other facts are the same in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from engine.cells import candidates
from engine.decide import Engine, decide
from engine.decision import Decision
from engine.derive import BandsStep, LinearForm, LinearStep, RatioStep, Step, derive
from engine.executors.reference import holds
from engine.prove.firms import Firm
from engine.prove.report import Report
from engine.solve import Sum, Unsolved
from kb.complete import base_facts
from kb.condition import All, Bound, Condition, Not, Test, terms_of
from kb.derivation import Linear
from kb.invariant import Invariant
from kb.model import AXES, Finding
from kb.rules import Rule, base_facts_read
from kb.values import Code
from kb.vocabulary import Fact

Refute = Callable[[Firm, str, Callable[[Decision], bool]], None]
_GAIN = "*gain"


def check_monotone(one: Invariant, report: Report, ask: Callable[..., None], refute: Refute) -> None:
    """Every fact that is better one way, against the findings that rest on it."""
    resting: dict[str, list[Finding]] = {}
    for finding in report.knowledge.findings.values():
        for base in base_facts_read(finding.when, report.knowledge):
            resting.setdefault(base, []).append(finding)
    for name, findings in resting.items():
        fact = report.knowledge.facts[name]
        if fact.better:
            weights = {factor.id: factor.weight for factor in report.knowledge.factors.values()}
            table = report.knowledge.table
            extra = (
                fact.better,
                table.tie_band,
                table.tie_unit,
                [(f.id, f.side, f.rating, weights[f.factor]) for f in findings],
            )
            rules = [report.by_id[finding.id] for finding in findings]
            ask(f": '{name}' getting better", rules, report, partial(_fact, one, fact, rules, report, refute), extra)


def _fact(one: Invariant, fact: Fact, rules: Sequence[Rule], report: Report, refute: Refute) -> None:
    for day in report.calendar.days(rules, one.period):
        engine = report.asking.engine(day)
        found = _worse(fact.id, fact, engine, report) if fact.id in engine.margins.readers else None
        if found is not None:
            _refute(fact.id, fact, found, engine, refute)
            return


def _refute(name: str, fact: Fact, found: Mapping[str, Code], engine: Engine, refute: Refute) -> None:
    before = {term: code for term, code in found.items() if term != _twin(name)}
    after = before | {name: found[_twin(name)]}
    day = engine.program.as_of
    told = f"{fact.domain.written(before[name])} to {fact.domain.written(after[name])}"
    axis = next(a for a in AXES if engine.margins.readers[name][0] in engine.margins.axes[a])

    def shows(decision: Decision) -> bool:
        better = decide(engine, Firm(after, {}, day).dossier(engine.program.knowledge))
        return margin(better, axis) < margin(decision, axis)

    held = [_held(name, base, engine) for base in (before, after)]
    changed = [*(f"loses '{one}'" for one in held[0] - held[1]), *(f"gets '{one}'" for one in held[1] - held[0])]
    how = f"'{name}' getting better, from {told}, lowers the {axis} margin (the firm {' and '.join(sorted(changed))})"
    refute(Firm(before, {}, day), how, shows)


def _held(name: str, base: Mapping[str, Code], engine: Engine) -> set[str]:
    """Findings that rest on the fact and hold."""
    values = derive(engine.program.steps, base)
    parts = (part for factor in engine.margins.readers[name] for part in factor.parts)
    return {part.finding for part in parts if holds(part.when, values) is True}


def margin(decision: Decision, axis: str) -> int:
    """Margin of the findings that hold, in units of 1/tie_unit."""
    parts = (part for factor in decision.margins.axes[axis] for part in factor.parts)
    return sum(part.amount for part in parts if decision.trace[part.finding] is True)


def _worse(name: str, fact: Fact, engine: Engine, report: Report) -> dict[str, Code] | None:
    """A firm, and a better value of one fact, with which its margin is less. Raises Unsolved."""
    facts = report.knowledge.facts
    moved = frozenset(t for t in facts if name in base_facts(t, facts))
    parts = [part for factor in engine.margins.readers[name] for part in factor.parts]
    parts = [part for part in parts if moved & set(terms_of(part.when))]
    steps = engine.program.steps
    twins = tuple(_step_twin(step, moved) for step in steps if step.term in moved)
    both = dict(facts) | {_twin(t): _fact_twin(facts[t], moved) for t in moved}
    both[_GAIN] = replace(fact, id=_GAIN, derived=Linear(((_twin(name), 1), (name, -1))))
    change = Sum(
        (*((_condition_twin(p.when, moved), p.amount) for p in parts), *((p.when, -p.amount) for p in parts)), None, -1
    )
    if fact.domain.type == "date":
        return _dates(name, fact, engine, report, (steps, twins, both, change))
    gain = LinearStep(_GAIN, LinearForm(((_twin(name), 1), (name, -1)), 1))
    better = Bound("at_least", "ge", 1) if fact.better == "higher" else Bound("at_most", "le", -1)
    return report.asking.solved(Test(_GAIN, (better,)), (*steps, *twins, gain), both, [change])


def _dates(
    name: str,
    fact: Fact,
    engine: Engine,
    report: Report,
    twice: tuple[tuple[Step, ...], tuple[Step, ...], dict[str, Fact], Sum],
) -> dict[str, Code] | None:
    """Days have no arithmetic for the solver: each is compared with the next one on which a test changes its mind."""
    steps, twins, both, change = twice
    values = candidates(name, engine.margins.cuts, steps, {}, report.knowledge.facts)
    if values is None:
        raise Unsolved("its days meet other unknown facts in arithmetic")
    ordered = list(pairwise(sorted(int(value) for value in values)))
    for early, late in ordered:
        worse, better = (early, late) if fact.better == "higher" else (late, early)
        pinned = All((_is(name, worse), _is(_twin(name), better)))
        found = report.asking.solved(pinned, (*steps, *twins), both, [change])
        if found is not None:
            return found
    return None


def _is(name: str, code: int) -> Test:
    return Test(name, (Bound("is", "in", (code,)),))


def _twin(term: str) -> str:
    return f"{term}*"


def _condition_twin(condition: Condition, moved: frozenset[str]) -> Condition:
    if isinstance(condition, Test):
        return Test(_twin(condition.term), condition.bounds) if condition.term in moved else condition
    if isinstance(condition, Not):
        return Not(_condition_twin(condition.part, moved))
    return replace(condition, parts=tuple(_condition_twin(part, moved) for part in condition.parts))


def _fact_twin(fact: Fact, moved: frozenset[str]) -> Fact:
    """The fact as the better firm has it: computed from the twins of its operands."""
    if fact.derived is None:
        return replace(fact, id=_twin(fact.id))
    names = {operand: _twin(operand) if operand in moved else operand for operand in fact.operands()}
    return replace(fact, id=_twin(fact.id), derived=Linear(tuple((name, 1) for name in names.values())))


def _step_twin(step: Step, moved: frozenset[str]) -> Step:
    def form(one: LinearForm) -> LinearForm:
        return LinearForm(tuple((_twin(t) if t in moved else t, c) for t, c in one.terms), one.divisor)

    def name(one: str | None) -> str | None:
        return _twin(one) if one in moved and one is not None else one

    if isinstance(step, LinearStep):
        return LinearStep(_twin(step.term), form(step.form))
    if isinstance(step, RatioStep):
        return step._replace(term=_twin(step.term), numerator=form(step.numerator), denominator=form(step.denominator))
    if isinstance(step, BandsStep):
        limits = tuple((None if c is None else _condition_twin(c, moved), v) for c, v in step.limits)
        return BandsStep(_twin(step.term), str(name(step.of)), limits)
    return step._replace(term=_twin(step.term), start=name(step.start), end=name(step.end))
