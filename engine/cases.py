"""Running the expert's own tests: whole cases and the examples of findings, with what they reach."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from engine.coverage import Coverage, Point, plan_of, seen
from engine.decide import Engine, decide, ready
from engine.derive import derive
from engine.executors.reference import Truth
from engine.expect import differences
from engine.infer import run
from engine.invariants import Trial, try_invariants
from kb.dossier import Dossier, Stated
from kb.model import Case, Example, Finding, Knowledge
from kb.problem import Mark
from kb.vocabulary import GRADES

# Random firms a day, about how many days, and where the draws begin.
TRIAL_FIRMS, TRIAL_DAYS, TRIAL_SEED = 60, 4, 1995


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not come true."""

    case: str
    expected: Mapping[str, object]
    got: Mapping[str, object]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test that was run: of which kind (example, case, invariant), its name and place, and how it failed, if so."""

    kind: str
    name: str
    mark: Mark
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class TestRun:
    """Every test in the order run, what they reach, and how the invariants fared."""

    __test__ = False
    outcomes: tuple[Outcome, ...]
    coverage: Coverage
    trials: tuple[Trial, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(one.failure for one in self.outcomes if one.failure is not None)

    @property
    def passed(self) -> int:
        return len(self.outcomes) - len(self.failures)


def run_tests(knowledge: Knowledge, executor: str = "") -> TestRun:
    """Every example of every finding, then every case, each on its own day, then the invariants on random firms."""
    engines: dict[datetime.date, Engine] = {}

    def on(day: datetime.date) -> Engine:
        if day not in engines:
            engines[day] = ready(knowledge, day, executor)
        return engines[day]

    plan = plan_of(knowledge)
    points: set[Point] = set()
    outcomes: list[Outcome] = []
    for finding in knowledge.findings.values():
        engine = on(example_day(finding, knowledge))
        for example in finding.examples:
            values = derive(engine.program.steps, example.facts)
            truths = run(engine.inference, "findings", values)
            points |= seen(plan, engine.program.as_of, values, truths, only=finding.id)
            outcomes.append(_example(finding, example, truths.get(finding.id), knowledge))
    for case in knowledge.cases:
        decision = decide(on(case.as_of), as_dossier(case))
        points |= seen(plan, case.as_of, decision.values | decision.about_knowledge, decision.trace)
        expected, got = differences(case, decision)
        failure = Failure(case.name, expected, got, case.mark) if expected else None
        outcomes.append(Outcome("case", case.name, case.mark, failure))
    trials = _try(knowledge)
    outcomes += [_claimed(trial) for trial in trials]
    return TestRun(tuple(outcomes), Coverage(plan, frozenset(points)), trials)


def _example(finding: Finding, example: Example, truth: Truth, knowledge: Knowledge) -> Outcome:
    shown = {name: knowledge.facts[name].domain.plain(code) for name, code in example.facts.items()}
    name = f"{finding.id} {'fires' if example.fires else 'silent'} {shown}"
    failure = None
    if truth is not example.fires:
        failure = Failure(name, {finding.id: example.fires}, {finding.id: truth}, example.mark)
    return Outcome("example", name, example.mark, failure)


def _try(knowledge: Knowledge) -> tuple[Trial, ...]:
    """The invariants on random firms of a few days: the day of the examples and days under older law."""
    if not knowledge.invariants:
        return ()
    starts = sorted({s.period.start for s in knowledge.sources.values() if s.period.start is not None})
    days = {knowledge.manifest.examples_as_of, *starts[:: max(1, len(starts) // TRIAL_DAYS)]}
    # One executor is enough here: that both agree is tried elsewhere, and every decision for people compares them.
    engines = [ready(knowledge, day, "reference") for day in sorted(days)]
    return try_invariants(engines, TRIAL_FIRMS, TRIAL_SEED)


def _claimed(trial: Trial) -> Outcome:
    """An invariant as a test: a counterexample fails it; so does a claim that none of the firms was about."""
    one = trial.invariant
    name, got = f"invariant {one.id}", ""
    if trial.broken_by is not None:
        got = f"{trial.how}; on {trial.day}, of {dict(trial.broken_by)}"
    elif not trial.met:
        got = "no random firm meets its 'when'"
    failure = Failure(name, {one.claim: True}, {one.claim: got}, one.mark) if got else None
    return Outcome("invariant", name, one.mark, failure)


def example_day(finding: Finding, knowledge: Knowledge) -> datetime.date:
    """The day on which the examples of a finding are tried: that of all examples, or one on which it is in force."""
    day, period = knowledge.manifest.examples_as_of, finding.period
    if period.holds(day):
        return day
    return period.start or period.end or day


def as_dossier(case: Case) -> Dossier:
    """A case as a dossier: known facts are stated, unknown ones not asked."""
    stated = {}
    for name, code in case.facts.items():
        grade = case.grades.get(name, GRADES[0])
        stated[name] = Stated(code, "known" if code is not None else "not_asked", grade, "", "firm", case.mark)
    return Dossier(case.name, case.as_of, "", (), "", dict(sorted(stated.items())), case.mark)
