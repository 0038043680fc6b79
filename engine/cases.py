"""Running the expert's own tests: whole cases and the examples of findings, with what they reach."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.compile import Rule
from engine.decide import Engine, decide, ready
from engine.decision import Decision
from engine.derive import derive
from engine.executors.reference import Truth, passes
from engine.infer import run
from engine.invariants import Trial, try_invariants
from kb.condition import Test, tests_of
from kb.dossier import Dossier, Stated
from kb.model import Case, Finding, Knowledge
from kb.problem import Mark
from kb.values import Code

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
class Coverage:
    """What the tests reach: rules that fired, tests that came out both ways, and rules that never fired."""

    rules_fired: int
    rules: int
    tests_both_ways: int
    tests: int
    never_fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TestRun:
    """`passed` counts cases, examples and invariants; `trials` tells how the invariants fared."""

    __test__ = False
    passed: int
    failures: tuple[Failure, ...]
    coverage: Coverage
    trials: tuple[Trial, ...]


def run_tests(knowledge: Knowledge, executor: str = "") -> TestRun:
    """Every example of every finding, then every case, each on its own day."""
    engines: dict[datetime.date, Engine] = {}

    def on(day: datetime.date) -> Engine:
        if day not in engines:
            engines[day] = ready(knowledge, day, executor)
        return engines[day]

    failures: list[Failure] = []
    passed = 0
    fired: set[str] = set()
    seen: dict[tuple[str, Test], set[bool]] = {}
    for finding in knowledge.findings.values():
        engine = on(_example_day(finding, knowledge))
        for example in finding.examples:
            values = derive(engine.program.steps, example.facts)
            truths = run(engine.inference, "findings", values)
            _note(truths, engine.program.stages["findings"].rules, values, fired, seen)
            truth = truths.get(finding.id)
            if truth is example.fires:
                passed += 1
            else:
                shown = {name: knowledge.facts[name].domain.plain(code) for name, code in example.facts.items()}
                what = "fires" if example.fires else "silent"
                name = f"{finding.id} {what} {shown}"
                failures.append(Failure(name, {finding.id: example.fires}, {finding.id: truth}, example.mark))
    for case in knowledge.cases:
        decision = decide(on(case.as_of), as_dossier(case))
        values = decision.values | decision.about_knowledge
        for stage in decision.program.stages.values():
            _note(decision.trace, stage.rules, values, fired, seen)
        expected, got = differences(case, decision)
        if expected:
            failures.append(Failure(case.name, expected, got, case.mark))
        else:
            passed += 1
    coverage = _coverage(engines.values(), fired, seen)
    trials = _try(knowledge)
    failures += [broken for trial in trials if (broken := _broken(trial)) is not None]
    passed += sum(_broken(trial) is None for trial in trials)
    return TestRun(passed, tuple(failures), coverage, trials)


def _try(knowledge: Knowledge) -> tuple[Trial, ...]:
    """The invariants on random firms of a few days: the day of the examples and days under older law."""
    if not knowledge.invariants:
        return ()
    starts = sorted({s.period.start for s in knowledge.sources.values() if s.period.start is not None})
    days = {knowledge.manifest.examples_as_of, *starts[:: max(1, len(starts) // TRIAL_DAYS)]}
    # One executor is enough here: that both agree is tried elsewhere, and every decision for people compares them.
    engines = [ready(knowledge, day, "reference") for day in sorted(days)]
    return try_invariants(engines, TRIAL_FIRMS, TRIAL_SEED)


def _broken(trial: Trial) -> Failure | None:
    """A counterexample as a failure; so is a claim that none of the firms was about, for it was not tried."""
    one = trial.invariant
    name = f"invariant {one.id}"
    if trial.broken_by is not None:
        got = {one.claim: f"{trial.how}; on {trial.day}, of {dict(trial.broken_by)}"}
        return Failure(name, {one.claim: True}, got, one.mark)
    if not trial.met:
        return Failure(name, {one.claim: True}, {one.claim: "no random firm meets its 'when'"}, one.mark)
    return None


def _example_day(finding: Finding, knowledge: Knowledge) -> datetime.date:
    day, period = knowledge.manifest.examples_as_of, finding.period
    if period.holds(day):
        return day
    return period.start or period.end or day


def as_dossier(case: Case) -> Dossier:
    """A case as a dossier: known facts are stated, unknown ones not asked."""
    stated = {
        name: Stated(code, "known" if code is not None else "not_asked", "stated", "", "firm", case.mark)
        for name, code in case.facts.items()
    }
    return Dossier(case.name, case.as_of, "", (), "", dict(sorted(stated.items())), case.mark)


def _note(
    truths: Mapping[str, Truth],
    rules: Mapping[str, Rule],
    values: Mapping[str, Code],
    fired: set[str],
    seen: dict[tuple[str, Test], set[bool]],
) -> None:
    for name, rule in rules.items():
        if truths.get(name):
            fired.add(name)
        for test in tests_of(rule.when):
            value = values.get(test.term)
            if value is not None:
                seen.setdefault((name, test), set()).add(passes(test, value))


def _coverage(engines: Iterable[Engine], fired: set[str], seen: Mapping[tuple[str, Test], set[bool]]) -> Coverage:
    programs = [engine.program for engine in engines]
    rules = {name for p in programs for stage in p.stages.values() for name in stage.rules}
    rules |= {name for p in programs for name in p.not_in_force}
    tests = {
        (rule.id, test)
        for p in programs
        for stage in p.stages.values()
        for rule in stage.rules.values()
        for test in tests_of(rule.when)
    }
    both_ways = sum(1 for outcomes in seen.values() if len(outcomes) == 2)
    return Coverage(len(fired), len(rules), both_ways, len(tests), tuple(sorted(rules - fired)))


def differences(case: Case, decision: Decision) -> tuple[dict[str, object], dict[str, object]]:
    """The expectations that fail, and what came instead."""
    expected: dict[str, object] = {}
    got: dict[str, object] = {}
    for key, wanted in case.expect.items():
        found = _GOT[key](decision, wanted)
        if key in ("possible", "recommended") and isinstance(wanted, list):
            same = sorted(wanted) == sorted(found)
        else:
            same = found == wanted
        if not same:
            expected[key], got[key] = wanted, found
    return expected, got


def _findings(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    held = {h.finding.id for h in decision.findings}
    present = [name for name in wanted.get("present", []) if name in held]
    # Absent means false: a finding that is merely unknown is not absent.
    absent = [n for n in wanted.get("absent", []) if decision.trace.get(n, False) is False]
    return {key: {"present": present, "absent": absent}[key] for key in wanted}


def _listed(given: Callable[[Decision], Collection[str]]) -> Callable[[Decision, object], object]:
    """Of the names wanted, those the answer holds and those it does not; one that is still open is neither."""

    def compare(decision: Decision, wanted: object) -> object:
        assert isinstance(wanted, dict)
        names = given(decision)
        present = [name for name in wanted.get("present", []) if name in names]
        open_ones = {name for name, truth in decision.trace.items() if truth is None}
        open_ones |= {one.action for one in decision.programme if one.holds is None}
        absent = [n for n in wanted.get("absent", []) if n not in names and n not in open_ones]
        return {key: {"present": present, "absent": absent}[key] for key in wanted}

    return compare


def _margins(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    found = {"x": decision.scores.margin_x, "y": decision.scores.margin_y}
    return {axis: found[axis] for axis in wanted}


def _principles(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    found: dict[str, dict[str, object]] = {}
    for name, inner in wanted.items():
        judged = {p.principle: "unknown" if p.holds is None else p.holds for p in decision.pattern(name).principles}
        # Absent from the answer on a day on which the principle is not in force.
        found[name] = {principle: judged.get(principle) for principle in inner}
    return found


def _eligibility(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    terms = decision.program.knowledge.eligibility
    found = {e.term: None if e.value is None else terms[e.term].domain.written(e.value) for e in decision.eligibility}
    return {name: found.get(name) for name in wanted}


def _dimensions(decision: Decision, wanted: object) -> object:
    """The level of each dimension asked for, or all that are possible where the case lists them."""
    assert isinstance(wanted, dict)
    found = {verdict.dimension: verdict for verdict in decision.dimensions}
    return {
        name: list(found[name].possible) if isinstance(level, list) else found[name].level
        for name, level in wanted.items()
    }


def _patterns(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    return {name: decision.pattern(name).status for name in wanted}


_GOT = {
    "class": lambda d, w: d.verdict.id,
    "possible": lambda d, w: list(d.verdict.possible),
    "final": lambda d, w: d.verdict.final,
    "borderline": lambda d, w: d.verdict.borderline,
    "dimensions": _dimensions,
    "findings": _findings,
    "eligibility": _eligibility,
    "recommended": lambda d, w: list(d.recommended),
    "recommendation_final": lambda d, w: d.recommendation_final,
    "patterns": _patterns,
    "margins": _margins,
    "actions": _listed(lambda d: {one.action for one in d.programme if one.holds}),
    "cautions": _listed(lambda d: {one.caution for one in d.cautions}),
    "strategies": _listed(lambda d: {one.strategy for one in d.strategies}),
    "preparations": _listed(lambda d: {one.caution for one in d.preparations}),
    "principles": _principles,
}
