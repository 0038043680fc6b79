"""Laws that hold for every rule base and every firm."""

from __future__ import annotations

import json
import re
import tempfile
from itertools import product
from pathlib import Path
from random import Random

import pytest
import randombase
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import World, worlds
from support import as_json, decision_of, random_knowledge, read, reduced, without_executors

import kb
from engine.compile import compile
from engine.derive import derive
from engine.executors import durable, reference
from engine.explain.why import why
from engine.margins import margins_of
from engine.possible import bounds
from engine.say.json import derivation_json
from kb import condition
from kb.model import AXES

pytestmark = pytest.mark.once

seeds = st.integers(0, 2**32)
SHAPES = {"'all'", "'any'", "'not'", "in_force", "known", "grade_at_least", "$p.one"}


@pytest.mark.skipif(bool(durable.available()), reason=f"durable-rules: {durable.available()}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_durable_rules_and_reference_decide_alike(world: World) -> None:
    """The default run compares them stage by stage; alone, each gives the same answer too."""
    for _ in range(4):
        dossier = world.firm()
        both = without_executors(as_json(decision_of(dossier, world.knowledge)))
        assert without_executors(as_json(decision_of(dossier, world.knowledge, "reference"))) == both
        assert without_executors(as_json(decision_of(dossier, world.knowledge, "durable"))) == both


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_order_of_files_rules_and_facts_changes_no_byte(seed: int) -> None:
    world = random_knowledge(seed)
    assume(world is not None)
    knowledge, files = world
    random = Random(seed + 2)
    dossier = randombase.firm(random, files)
    shuffled_files = list(files.items())
    random.shuffle(shuffled_files)
    with tempfile.TemporaryDirectory() as folder:
        other = kb.load(randombase.write(dict(shuffled_files), Path(folder), random), "random")
    names = list(dossier["facts"].items())
    random.shuffle(names)
    assert other.digest == knowledge.digest
    assert as_json(decision_of({**dossier, "facts": dict(names)}, other)) == as_json(decision_of(dossier, knowledge))


@settings(max_examples=120, deadline=None)
@given(seeds)
def test_bounds_equal_those_of_all_completions(seed: int) -> None:
    """Possible classes and margins against plain enumeration of every value of every unknown fact."""
    world = random_knowledge(seed, small=True)
    assume(world is not None)
    knowledge, files = world
    random = Random(seed + 3)
    dossier = randombase.firm(random, files, known=random.choice([0.0, 0.3, 0.7]))
    decision = decision_of(dossier, knowledge)
    program = compile(knowledge, decision.as_of)
    margins = margins_of(program)
    base = read(dossier, knowledge).known()
    signs = {}
    for axis in AXES:
        bases = sorted({b for factor in margins.axes[axis] for b in factor.bases if b not in base})
        pools = [_domain(name, knowledge, files) for name in bases]
        size = 1
        for pool in pools:
            size *= len(pool)
        assume(size <= 20_000)
        totals = set()
        for completion in product(*pools):
            values = derive(program.steps, base | dict(zip(bases, completion)))
            totals.add(sum(p.amount for f in margins.axes[axis] for p in f.parts if reference.holds(p.when, values)))
        found = bounds(margins, axis, base)
        assert (found.low, found.high) == (min(totals), max(totals))
        signs[axis] = {total > 0 for total in totals}
    expected = [
        c.id for c in knowledge.table.classes if c.x_positive in signs["internal"] and c.y_positive in signs["external"]
    ]
    assert list(decision.verdict.possible) == expected


def _domain(name: str, knowledge: kb.Knowledge, files: dict) -> list:
    domain = knowledge.facts[name].domain
    if domain.type == "boolean":
        return [0, 1]
    if domain.type == "level":
        return list(range(len(domain.values)))
    if domain.type == "choice":
        return list(domain.values)
    if domain.low is not None and domain.high is not None:
        return list(range(domain.low, domain.high + 1))
    return ["x1", "x2", "07", "something else"]


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_grounds_are_sufficient_and_each_is_needed(seed: int) -> None:
    world = random_knowledge(seed)
    assume(world is not None)
    knowledge, files = world
    dossier = randombase.firm(Random(seed + 4), files, known=0.9)
    verdict = decision_of(dossier, knowledge).verdict
    for axis, sign in (("internal", verdict.bounds_x), ("external", verdict.bounds_y)):
        grounds = tuple(g.fact for g in verdict.because if g.axis == axis)
        settled = sign[0] > 0 or sign[1] <= 0
        if not settled:
            assert grounds == ()
            continue
        positive = sign[0] > 0
        assert _sign(reduced(dossier, grounds), knowledge, axis) == {positive}
        for fact in grounds:
            rest = tuple(g for g in grounds if g != fact)
            assert len(_sign(reduced(dossier, rest), knowledge, axis)) == 2


def _sign(dossier: dict, knowledge: kb.Knowledge, axis: str) -> set[bool]:
    verdict = decision_of(dossier, knowledge, "reference").verdict
    low, high = verdict.bounds_x if axis == "internal" else verdict.bounds_y
    return {s for s, possible in ((True, high > 0), (False, low <= 0)) if possible}


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_cited_facts_alone_still_give_the_conclusion(seed: int) -> None:
    world = random_knowledge(seed)
    assume(world is not None)
    knowledge, files = world
    dossier = randombase.firm(Random(seed + 5), files, known=0.9)
    decision = decision_of(dossier, knowledge)
    conclusions = [h.finding.id for h in decision.findings]
    conclusions += [p.pattern for p in decision.patterns if p.status in ("recommended", "possible")]
    conclusions += [e.term for e in decision.eligibility if e.value is not None]
    conclusions += [decision.verdict.id] if decision.verdict.id else []
    for name in conclusions:
        derivation = why(decision, name)
        assert derivation.holds is True
        alone = decision_of(reduced(dossier, derivation.facts(decision)), knowledge)
        assert why(alone, name).holds is True, name
        if name in decision.recommended:
            assert name in alone.recommended
        assert derivation_json(derivation, decision)["because"] or not derivation.steps


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_knowing_more_never_takes_anything_back(seed: int) -> None:
    """True and false stay, and possible classes only become fewer, when facts are added (knowledge tests apart)."""
    world = random_knowledge(seed)
    assume(world is not None)
    knowledge, files = world
    random = Random(seed + 6)
    dossier = randombase.firm(random, files, known=1.0)
    names = tuple(name for name in dossier["facts"] if random.random() < 0.6)
    less, more = decision_of(reduced(dossier, names), knowledge), decision_of(dossier, knowledge)
    assert set(more.verdict.possible) <= set(less.verdict.possible)
    for stage in ("eligibility", "findings", "patterns"):
        for rule in less.program.stages[stage].rules:
            if less.trace[rule] is not None:
                assert more.trace[rule] is less.trace[rule], rule


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_recommended_are_best_for_every_possible_class(seed: int) -> None:
    world = random_knowledge(seed)
    assume(world is not None)
    knowledge, files = world
    decision = decision_of(randombase.firm(Random(seed + 7), files), knowledge)
    usual = [p for p in decision.patterns if not knowledge.patterns[p.pattern].fallback]
    possible = [p for p in usual if p.status in ("possible", "recommended")]
    for name in decision.recommended:
        if knowledge.patterns[name].fallback:
            assert not possible
        else:
            mine = decision.pattern(name)
            assert all(mine.ranks[c] <= other.ranks[c] for c in decision.verdict.possible for other in possible)
    if decision.recommendation_final and possible:
        assert decision.recommended
    judged = [(name, p) for name in decision.recommended for p in decision.pattern(name).principles]
    failing = {f"{name}.{p.principle}" for name, p in judged if p.holds is False}
    assert {c.caution for c in decision.cautions if c.kind == "principle"} == failing


def test_the_generator_reaches_every_shape() -> None:
    """Every type, state, grade, test, connective, derived kind, period, bar and pattern shape turns up in 100 seeds."""
    seen: set[str] = set()
    for seed in range(100):
        random = Random(seed)
        files = randombase.rule_base(random)
        for fact in files["vocabulary/all.yaml"]:
            seen |= {fact["type"], *fact.get("derived", {})}
            derived = fact.get("derived", {})
            seen |= {f"band {word}" for limit in derived.get("bands", {}).get("limits", ()) for word in limit}
            seen |= {"sum of three"} if len(derived.get("sum", ())) == 3 else set()
            seen |= {"ratio of what is never zero"} if "ratio" in derived and "when_zero" not in derived else set()
            seen |= {"bands over a choice"} if "one_of" in str(fact.get("derived")) else set()
        world = random_knowledge(seed)
        if world is None:
            continue
        seen.add("loaded")
        for factor in world[0].factors.values():
            for finding in factor.findings:
                seen |= {bound.word for test in condition.tests_of(finding.when) for bound in test.bounds}
        seen |= {word for word in SHAPES if word in str(files)}
        text = json.dumps(files)
        seen |= (
            {"two terms in one mapping"} if re.search(r'"when": \{"[a-z0-9]+": [^{}]+, "[a-z0-9]+":', text) else set()
        )
        seen |= {"two terms in one mapping"} if re.search(r'"when": \{"[a-z0-9]+": \{[^{}]*\}, "', text) else set()
        seen |= {"is a parameter"} if re.search(r'"is(_not)?": "\$p', text) else set()
        levels = {f["id"] for f in files["vocabulary/all.yaml"] if f["type"] == "level"}
        for entry in files["programme/all.yaml"]:
            period = entry.get("in_force", {})
            seen |= {"caution with both ends"} if "caution" in entry and len(period) == 2 else set()
            seen |= {"action in force"} if "action" in entry and period else set()
            for name in re.findall(r'"([a-z0-9]+)": \{"(?:known|grade_at_least)"', json.dumps(entry)):
                seen |= {"knowledge of a level"} if name in levels else set()
        for pattern in world[0].patterns.values():
            seen |= {f"{len(pattern.bars)} bars", f"{len(pattern.eligible)} ways in"}
            seen |= {"what to do first"} if pattern.prepare else set()
            seen |= {"fallback"} if pattern.fallback else set()
            seen |= (
                {"tied ranks"} if len({suit.rank for suit in pattern.suits.values()}) < len(pattern.suits) else set()
            )
        seen |= {"dimensions"} if world[0].dimensions else {"no dimensions"}
        seen |= {action.step for action in world[0].actions.values()}
        seen |= {"by strategy" if "SO" in files["patterns/p0.yaml"]["suits"] else "by class"}
        dossier = randombase.firm(random, files)
        for name in [fact["id"] for fact in files["vocabulary/all.yaml"] if "derived" not in fact]:
            given = dossier["facts"].get(name, "absent")
            known = read(dossier, world[0]).facts.get(name)
            seen |= {"absent"} if given == "absent" else {str(known.state), str(known.grade)}
        seen.add(dossier["as_of"])
    types = "money integer decimal percent boolean choice level code text date"
    kinds = "sum difference ratio years_between bands loaded"
    words = "is is_not one_of none_of at_least at_most above below"
    shapes = {"0 bars", "1 bars", "2 bars", "0 ways in", "1 ways in", "2 ways in", "fallback", "tied ranks"}
    shapes |= {"what to do first", "dimensions", "no dimensions", "by strategy", "by class"}
    shapes |= {"band at_most", "band below", "band at_least", "band above", "band one_of"}
    shapes |= {"sum of three", "ratio of what is never zero", "two terms in one mapping", "is a parameter"}
    shapes |= {"knowledge of a level", "caution with both ends", "action in force"}
    shapes |= {"bands over a choice", "identify", "prepare", "carry_out", "monitor"}
    states = {"known", "not_asked", "not_known", "refused", "absent", "stated", "document", "verified"}
    expected = {*types.split(), *kinds.split(), *words.split(), *randombase.DAYS} | SHAPES | shapes | states
    assert expected - seen == set()
