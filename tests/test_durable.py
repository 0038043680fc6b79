"""The fence around durable-rules: its missing, its limits, its lifetime, and the defect that ends the process."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from engine.executors import durable, reference, shards
from engine.infer import ExecutorMissing, prepare
from kb import condition
from kb.condition import All, Any, Bound, Not
from kb.normal import MAX_VALUES, TooManyAlternatives, alternatives

ROOT = Path(__file__).resolve().parent.parent
needs_durable = pytest.mark.skipif(bool(durable.available()), reason=f"durable-rules: {durable.available()}")


def is_(term: str, *values: object) -> condition.Test:
    return condition.Test(term, (Bound("one_of", "in", tuple(values)),))


def at_least(term: str, value: object) -> condition.Test:
    return condition.Test(term, (Bound("at_least", "ge", value),))


@needs_durable
def test_a_firm_that_fires_nothing_does_not_end_the_process() -> None:
    """Without the first firing `delete_state` frees pointers that were never set (see docs/decisions/0002)."""
    program = textwrap.dedent(
        """
        from engine.executors import durable
        from kb.condition import Bound, Test
        junk = []
        for number in range(200):
            junk = [bytes([255]) * size for size in range(16, 4096, 64)]
            del junk
            rule = Test("a", (Bound("is", "in", (1,)),)), Test("b", (Bound("is", "in", (1,)),))
            stage = durable.build({"r": rule[0], "s": rule[1]}, frozenset())
            for _ in range(20):
                assert stage.fire({"a": 0, "b": 7}) == {}
            assert stage.fire({"a": 1, "b": 7}) == {"r": {"a": 1}}
        """
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@needs_durable
def test_alternatives_of_one_rule_gather_their_values() -> None:
    rule = Any((at_least("a", 5), All((is_("b", "x"), Not(is_("c", 1))))))
    stage = durable.build({"r": rule}, frozenset())
    assert stage.fire({"a": 7, "b": "x", "c": 0}) == {"r": {"a": 7, "b": 1, "c": 0}}
    assert stage.fire({"a": 4, "b": "y", "c": 0}) == {}
    assert stage.fire({}) == {}


@needs_durable
def test_texts_are_told_apart_whatever_they_hold() -> None:
    odd = ["", "x", "x ", "é", "e\u0301", '"quoted"', "1", "01", "\u0000", "sid", "10**400", "ya"]
    stage = durable.build({f"r{n}": is_("t", text) for n, text in enumerate(odd)}, frozenset())
    for number, text in enumerate(odd):
        assert list(stage.fire({"t": text})) == [f"r{number}"]
    assert stage.fire({"t": "something else"}) == {}


@needs_durable
@pytest.mark.parametrize(("rules", "terms"), [(1_500, 3), (900, 450), (300, 1)])
def test_shards_keep_within_the_limits_and_lose_nothing(rules: int, terms: int) -> None:
    conditions = {f"r{n}": All((at_least(f"t{n % terms}", n // 7), at_least("shared", 1))) for n in range(rules)}
    dealt = shards.shards({name: alternatives(condition) for name, condition in conditions.items()})
    assert sorted(name for shard in dealt for name, _ in shard.rules.values()) == sorted(conditions)
    for shard in dealt:
        tests = [test for _, alternative in shard.rules.values() for test in alternative]
        assert len(shard.rules) <= shards.MAX_RULES
        assert len(shard.terms) <= shards.MAX_TERMS
        assert max(tests.count(test) for test in set(tests)) <= shards.MAX_RULES_PER_TEST
        for term in shard.terms:
            assert len({t for t in tests if t.term == term}) <= shards.MAX_TESTS_PER_TERM
    values = {f"t{n}": 40 for n in range(terms)} | {"shared": 1}
    stage = durable.build(conditions, frozenset())
    expected = {name for name, truth in reference.fire(conditions, values).items() if truth}
    assert set(stage.fire(values)) == expected
    assert expected


@needs_durable
@pytest.mark.parametrize("length", [shards.MAX_VALUES, 600, MAX_VALUES])
def test_long_lists_of_values_are_dealt_out(length: int) -> None:
    """One term with 512 or more listed values in a ruleset: durable-rules never comes back."""
    even = tuple(f"{n:05d}" for n in range(0, 2 * length, 2))
    conditions: dict[str, condition.Condition] = {
        "all of them": is_("kbli", *even),
        "none of them": Not(is_("kbli", *even)),
        "with another": All((is_("kbli", *even), is_("other", *range(300)))),
        **{f"part {n}": is_("kbli", *even[n : n + 150]) for n in range(0, length, 150)},
    }
    stage = durable.build(conditions, frozenset())
    for place in (0, 1, 2, 399, 400, 401, length - 1, 2 * length - 2, 2 * length - 1, 2 * length):
        for other in (0, 299, 300):
            values = {"kbli": f"{place:05d}", "other": other}
            expected = {name for name, truth in reference.fire(conditions, values).items() if truth}
            assert set(stage.fire(values)) == expected


def test_a_list_longer_than_any_executor_takes_is_refused() -> None:
    alternatives(is_("kbli", *range(MAX_VALUES)))
    with pytest.raises(TooManyAlternatives, match=f"{MAX_VALUES + 1} values in one test"):
        alternatives(is_("kbli", *range(MAX_VALUES + 1)))


@needs_durable
def test_a_firm_is_forgotten_after_its_run() -> None:
    """durable-rules holds at most 1,024 sessions at once; more firms than that pass only if each is forgotten."""
    stage = durable.build({"r": is_("a", 1)}, frozenset())
    for number in range(2_500):
        assert stage.fire({"a": number % 3}) == ({"r": {"a": 1}} if number % 3 == 1 else {})


@needs_durable
def test_rulesets_are_freed_with_their_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[int] = []
    original = durable._free
    monkeypatch.setattr(durable, "_free", lambda engine, handles: (freed.extend(handles), original(engine, handles)))
    stage = durable.build({"r": is_("a", 1)}, frozenset())
    handles = [ruleset.handle for ruleset in stage.rulesets]
    del stage
    gc.collect()
    assert freed == handles


@needs_durable
def test_an_error_code_becomes_words(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = durable.build({"r": is_("a", 1)}, frozenset())

    class Broken:
        def assert_facts(self, handle: int, facts: str) -> tuple[int, int]:
            return 303, 0

        def delete_state(self, handle: int, sid: str) -> None:
            return None

    monkeypatch.setattr(durable, "_engine", Broken)
    with pytest.raises(durable.DurableFault, match="303"):
        stage.fire({"a": 1})


def test_without_durable_rules_the_reference_decides_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    import kb
    from engine.compile import compile

    def missing() -> None:
        raise durable.DurableUnavailable("no compiler was there")

    monkeypatch.setattr(durable, "_engine", missing)
    program = compile(kb.load(ROOT / "tests" / "tiny", "tiny"), datetime.date(2026, 6, 30))
    alone = prepare(program)
    assert alone.executors == ("reference",)
    assert all("no compiler was there" in note for note in alone.note)
    with pytest.raises(ExecutorMissing, match="no compiler was there"):
        prepare(program, "durable")
