"""Several threads at once: neither durable-rules nor the solver has a lock of its own."""

from __future__ import annotations

import datetime
import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

import kb
from engine import possible
from engine.decide import decide, ready
from engine.executors import durable
from engine.say.json import decision_json
from kb import condition

ROOT = Path(__file__).parent.parent
DAY = datetime.date(2026, 6, 30)
needs_durable = pytest.mark.skipif(bool(durable.available()), reason=f"durable-rules: {durable.available()}")


@pytest.fixture
def eager_switching() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_threads_decide_alike(monkeypatch: pytest.MonkeyPatch, eager_switching: None) -> None:
    # Nothing remembered, so that every decision goes to the solver.
    monkeypatch.setattr(possible, "_CACHE_SIZE", 1)
    knowledge = kb.load(kb.shipped())
    random = Random(7)
    whole = [kb.read_dossier(p, p.name, knowledge.facts) for p in sorted((ROOT / "samples").glob("*.yaml"))]
    firms = [
        d._replace(facts={name: fact for name, fact in d.facts.items() if random.random() < 0.7})
        for d in whole
        for _ in range(3)
    ]
    engine = ready(knowledge, DAY)
    alone = [decision_json(decide(engine, firm), "id") for firm in firms]
    different: list[object] = []

    def work(seed: int) -> None:
        mine = ready(knowledge, DAY)
        order = Random(seed).sample(range(len(firms)), len(firms))
        try:
            different.extend(n for n in order if decision_json(decide(mine, firms[n]), "id") != alone[n])
        except BaseException as fault:
            different.append(fault)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert different == []


@needs_durable
def test_a_stage_that_goes_while_durable_rules_is_busy_is_freed_afterwards() -> None:
    """The garbage collector may free a stage inside a call of ours, in the very thread that holds the lock."""
    rule = {"r": condition.Test("a", (condition.Bound("is", "in", (1,)),))}
    kept, gone = durable.build(rule), durable.build(rule)
    handles = [ruleset.handle for ruleset in gone.rulesets]
    with durable._lock:
        del gone
        gc.collect()
        assert list(durable._dead) == handles
    assert kept.fire({"a": 1}) == {"r": {"a": 1}}
    assert not durable._dead
    # Where nothing is under way it is freed at once.
    del kept
    gc.collect()
    assert not durable._dead


def test_what_is_remembered_of_a_rule_base_goes_with_it() -> None:
    from engine.explain import because

    gc.collect()
    before = len(because._remembered)
    knowledge = kb.load(ROOT / "tests" / "tiny")
    dossier = kb.read_dossier_bytes(b"firm: A\nfacts: {mutu: baik, tenaga: 5}\n", "firm", knowledge.facts)
    decision = decide(ready(knowledge, DAY), dossier)
    assert decision.findings
    assert len(because._remembered) > before
    del decision, knowledge
    gc.collect()
    assert len(because._remembered) == before


def test_no_more_is_remembered_of_a_rule_than_is_useful() -> None:
    from engine.explain import because

    program = ready(kb.load(ROOT / "tests" / "tiny"), DAY).program
    rule = next(rule for rule in program.stages["findings"].rules.values() if rule.terms == ("marjin",))
    for value in range(3 * because._MOST_REMEMBERED):
        read = because.because(rule, {"marjin": value}, value >= 20)
        assert [reading.value for reading in read] == [value]
    assert 0 < len(because._remembered[rule]) <= because._MOST_REMEMBERED
