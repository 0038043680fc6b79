"""The fence around durable-rules: its missing, its limits, its lifetime, and the defect that ends the process."""

from __future__ import annotations

import datetime
import gc
import subprocess
import sys
import textwrap
from fractions import Fraction
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

import kb
from engine.compile import Stage, compile
from engine.executors import durable, reference, shards
from engine.infer import EngineDisagreement, ExecutorMissing, Inference, prepare, run
from kb import condition
from kb.condition import All, Any, Bound, Not
from kb.normal import MAX_ALTERNATIVES, MAX_TERMS, MAX_VALUES, TooManyAlternatives, alternatives
from kb.text import NO_TEXT

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
            stage = durable.build({"r": rule[0], "s": rule[1]})
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
    stage = durable.build({"r": rule})
    assert stage.fire({"a": 7, "b": "x", "c": 0}) == {"r": {"a": 7, "b": 1, "c": 0}}
    assert stage.fire({"a": 4, "b": "y", "c": 0}) == {}
    assert stage.fire({}) == {}


@needs_durable
def test_texts_are_told_apart_whatever_they_hold() -> None:
    odd = ["", "x", "x ", "é", "e\u0301", '"quoted"', "1", "01", "\u0000", "sid", "10**400", "ya"]
    stage = durable.build({f"r{n}": is_("t", text) for n, text in enumerate(odd)})
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
    stage = durable.build(conditions)
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
    stage = durable.build(conditions)
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
    stage = durable.build({"r": is_("a", 1)})
    for number in range(2_500):
        assert stage.fire({"a": number % 3}) == ({"r": {"a": 1}} if number % 3 == 1 else {})


@needs_durable
def test_rulesets_are_freed_with_their_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[int] = []
    original = durable._free
    monkeypatch.setattr(durable, "_free", lambda engine, handles: (freed.extend(handles), original(engine, handles)))
    stage = durable.build({"r": is_("a", 1)})
    handles = [ruleset.handle for ruleset in stage.rulesets]
    del stage
    gc.collect()
    assert freed == handles


@needs_durable
def test_an_error_code_becomes_words(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = durable.build({"r": is_("a", 1)})

    class Broken:
        def assert_facts(self, handle: int, facts: str) -> tuple[int, int]:
            return 303, 0

        def delete_state(self, handle: int, sid: str) -> None:
            return None

    monkeypatch.setattr(durable, "_engine", Broken)
    with pytest.raises(durable.DurableFault, match="303"):
        stage.fire({"a": 1})


def test_without_durable_rules_the_reference_decides_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise durable.DurableUnavailable("no compiler was there")

    monkeypatch.setattr(durable, "_engine", missing)
    program = compile(kb.load(ROOT / "tests" / "tiny", "tiny"), datetime.date(2026, 6, 30))
    alone = prepare(program)
    assert alone.executors == ("reference",)
    assert all("no compiler was there" in note for note in alone.note)
    with pytest.raises(ExecutorMissing, match="no compiler was there"):
        prepare(program, "durable")


DEALT = [
    # Tests on one term, terms of a ruleset, rules on one test, rules, listed values: at each limit, and one beyond.
    ({f"r{n}": at_least("t", n) for n in range(shards.MAX_TESTS_PER_TERM)}, 1),
    ({f"r{n}": at_least("t", n) for n in range(shards.MAX_TESTS_PER_TERM + 1)}, 2),
    ({f"r{n}": at_least(f"t{n}", 1) for n in range(shards.MAX_TERMS)}, 1),
    ({f"r{n}": at_least(f"t{n}", 1) for n in range(shards.MAX_TERMS + 1)}, 2),
    ({f"r{n}": at_least("t", 1) for n in range(shards.MAX_RULES_PER_TEST)}, 1),
    ({f"r{n}": at_least("t", 1) for n in range(shards.MAX_RULES_PER_TEST + 1)}, 2),
    ({f"r{n}": at_least(f"t{n % 12}", n // 120) for n in range(shards.MAX_RULES)}, 1),
    ({f"r{n}": at_least(f"t{n % 12}", n // 120) for n in range(shards.MAX_RULES + 1)}, 2),
    ({f"r{n}": is_("t", *range(n, n + 200)) for n in range(2)}, 1),
    ({f"r{n}": is_("t", *range(n, n + 200)) for n in range(3)}, 2),
    ({f"r{n}": is_("t", *range(n, n + 100)) for n in range(4)}, 1),
    ({f"r{n}": is_("t", *range(n, n + 100)) for n in range(5)}, 2),
    ({}, 0),
    ({"always": Any((at_least("t", 1), All(())))}, 1),
]


@pytest.mark.parametrize(("conditions", "number"), DEALT, ids=str)
def test_a_shard_is_closed_just_beyond_a_limit(conditions: dict[str, condition.Condition], number: int) -> None:
    dealt = shards.shards({name: alternatives(one) for name, one in conditions.items()})
    assert len(dealt) == number


def test_the_table_of_limits_says_what_the_code_holds_to() -> None:
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].strip(): line.split("|")[4].strip() for line in page.splitlines() if line.count("|") == 6
    }
    said = {name: cell.replace(",", "") for name, cell in rows.items()}
    assert said["rules"] == str(shards.MAX_RULES)
    assert said["terms"] == str(shards.MAX_TERMS)
    assert said["tests on one term that hold at once"] == str(shards.MAX_TESTS_PER_TERM)
    assert said["rules on one test"] == str(shards.MAX_RULES_PER_TEST)
    assert said["values listed for one term"] == f"{shards.MAX_VALUES_PER_TERM} {shards.MAX_VALUES} a test"
    assert said["terms in one alternative"] == str(MAX_TERMS)
    (dealt,) = [cell for name, cell in said.items() if name.startswith("alternatives of one rule")]
    assert dealt == str(MAX_ALTERNATIVES)
    assert said["values in one test"] == str(MAX_VALUES)


def test_fractions_keep_their_order_among_thresholds() -> None:
    code = shards.term_codes({"r": at_least("t", Fraction(5)), "s": at_least("t", Fraction(15, 2))})["t"]
    values = [Fraction(n, 4) for n in range(48)]
    for threshold in (Fraction(5), Fraction(15, 2)):
        for value in values:
            coded, edge = code.encode(value), code.encode(threshold)
            assert (coded > edge, coded == edge) == (value > threshold, value == threshold)


def test_each_limit_of_a_condition_is_refused_one_beyond_it() -> None:
    alternatives(Any(tuple(at_least(f"t{n}", 1) for n in range(MAX_ALTERNATIVES))))
    with pytest.raises(TooManyAlternatives, match=f"{MAX_ALTERNATIVES + 1} alternatives"):
        alternatives(Any(tuple(at_least(f"t{n}", 1) for n in range(MAX_ALTERNATIVES + 1))))
    alternatives(All(tuple(at_least(f"t{n}", 1) for n in range(MAX_TERMS))))
    with pytest.raises(TooManyAlternatives, match=f"{MAX_TERMS + 1} terms"):
        alternatives(All(tuple(at_least(f"t{n}", 1) for n in range(MAX_TERMS + 1))))


@needs_durable
def test_the_extension_is_loaded_once_and_the_way_of_loading_put_back() -> None:
    program = (
        "import sys\n"
        "before = sys.getdlopenflags() if hasattr(sys, 'getdlopenflags') else None\n"
        "from engine.executors import durable\n"
        "assert durable.available() == '' and durable.available() == ''\n"
        "assert len(durable._loaded) == 1\n"
        "assert before is None or sys.getdlopenflags() == before\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_reference_alone_says_nothing_of_what_it_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise durable.DurableUnavailable("no compiler was there")

    monkeypatch.setattr(durable, "_engine", missing)
    program = compile(kb.load(ROOT / "tests" / "tiny", "tiny"), datetime.date(2026, 6, 30))
    assert prepare(program, "reference").note == NO_TEXT
    assert prepare(program, "reference").executors == ("reference",)


def test_a_disagreement_is_told_in_full() -> None:
    told = EngineDisagreement("findings", ("one",), ("two", "three"))
    assert str(told) == "the executors disagree on findings:\none\ntwo\nthree"


class Watched:
    """The extension with every call counted, and one made to fail."""

    def __init__(self, failing: str = "", answer: object = None, after: int = 0) -> None:
        self.real = durable._engine()
        self.calls: list[tuple[str, tuple[object, ...]]] = []
        self.failing, self.answer, self.after = failing, answer, after

    def __getattr__(self, name: str) -> object:
        def call(*arguments: object) -> object:
            self.calls.append((name, arguments))
            if name == self.failing and sum(n == name for n, _ in self.calls) > self.after:
                if isinstance(self.answer, BaseException):
                    raise self.answer
                return self.answer
            return getattr(self.real, name)(*arguments)

        return call

    def of(self, name: str) -> list[tuple[object, ...]]:
        return [arguments for called, arguments in self.calls if called == name]


def watched(monkeypatch: pytest.MonkeyPatch, *what: object, **more: object) -> Watched:
    engine = Watched(*what, **more)  # type: ignore[arg-type]
    monkeypatch.setattr(durable, "_engine", lambda: engine)
    return engine


MANY = {f"r{n}": at_least("t", n) for n in range(3 * shards.MAX_TESTS_PER_TERM)}


@needs_durable
def test_every_ruleset_made_is_deleted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = watched(monkeypatch)
    stage = durable.build(MANY)
    handles = list(stage.handles)
    assert len(handles) == 3 == len(engine.of("create_ruleset"))
    assert stage.fire({"t": 1}) == {"r0": {"t": 1}, "r1": {"t": 1}}
    del stage
    gc.collect()
    assert sorted(engine.of("delete_ruleset")) == sorted((handle,) for handle in handles)


@needs_durable
def test_rulesets_made_before_a_failure_are_deleted_and_the_failure_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = watched(monkeypatch, "create_ruleset", Exception("Could not create ruleset, error code: 106"), 2)
    with pytest.raises(durable.DurableFault, match=r"could not take 50 rules: .*106"):
        durable.build(MANY)
    # The exception that was raised holds on to what it passed through.
    engine.answer = None
    gc.collect()
    assert len(engine.of("delete_ruleset")) == 2


@needs_durable
@pytest.mark.parametrize("name", ["assert_facts", "start_action_for_state", "complete_and_start_action"])
def test_a_state_is_deleted_after_a_failure_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = watched(monkeypatch)
    stage = durable.build({"r": is_("a", 1)})
    engine.failing, engine.answer, engine.after = name, Exception("error code: 7"), 0
    engine.calls.clear()
    with pytest.raises(durable.DurableFault, match="error code: 7"):
        stage.fire({"a": 1})
    ((_, message),) = engine.of("assert_facts")
    ((_, sid),) = engine.of("delete_state")
    assert f'"sid":"{sid}"' in str(message)


@needs_durable
@pytest.mark.parametrize("fault", [Exception("error code: 9"), KeyboardInterrupt()])
def test_a_state_that_could_not_be_deleted_is_left_with_its_rulesets(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Priming protects one slot: a state left in it would end the process at the next firm that fires nothing."""
    engine = watched(monkeypatch)
    stage = durable.build({"r": is_("a", 1), "s": is_("b", 1)})
    before = list(stage.handles)
    engine.failing, engine.answer, engine.after = "delete_state", fault, len(engine.of("delete_state"))
    with pytest.raises((durable.DurableFault, KeyboardInterrupt)):
        stage.fire({"a": 1})
    engine.failing = ""
    for _ in range(50):
        assert stage.fire({"a": 0, "b": 7}) == {}
        assert stage.fire({"a": 1, "b": 7}) == {"r": {"a": 1}}
    assert not set(before) & set(stage.handles)
    del stage
    gc.collect()
    assert not {(handle,) for handle in before} & set(engine.of("delete_ruleset"))


@needs_durable
def test_session_numbers_come_round_within_those_of_different_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = watched(monkeypatch)
    stage = durable.build({"r": is_("a", 1)})
    monkeypatch.setattr(durable, "_sessions", count(durable.SESSIONS - 2))
    engine.calls.clear()
    for _ in range(4):
        assert stage.fire({"a": 1}) == {"r": {"a": 1}}
    numbers = [int(str(sid)) for _, sid in engine.of("delete_state")]
    assert numbers == [durable.SESSIONS - 1, durable.SESSIONS, 1, 2]


@needs_durable
def test_calls_go_through_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []

    class Looking(Watched):
        def __getattr__(self, name: str) -> object:
            inside.append(durable._lock.locked())
            return super().__getattr__(name)

    engine = Looking()
    monkeypatch.setattr(durable, "_engine", lambda: engine)
    stage = durable.build(MANY)
    stage.fire({"t": 1})
    del stage
    gc.collect()
    assert inside
    assert all(inside)


def test_lists_dealt_out_count_as_alternatives() -> None:
    """Four lists of 2,000 would be ten thousand alternatives: nobody would come back from dealing them out."""
    wide = [is_(f"t{n}", *range(MAX_VALUES)) for n in range(4)]
    alternatives(wide[0])
    with pytest.raises(TooManyAlternatives, match="10000 alternatives once lists of more than 200"):
        alternatives(All(tuple(wide)))
    alternatives(All((wide[0], is_("t9", *range(6 * 200)))))
    with pytest.raises(TooManyAlternatives, match="70 alternatives once"):
        alternatives(All((wide[0], is_("t9", *range(6 * 200 + 1)))))
    # Values left out are not dealt out.
    alternatives(All(tuple(Not(one) for one in wide)))


class Told:
    """A stage of durable-rules that answers as it is told."""

    def __init__(self, fired: dict[str, dict[str, int]]) -> None:
        self.fired = fired

    def coded(self, values: dict[str, int]) -> dict[str, int]:
        return dict(values)

    def fire_coded(self, coded: dict[str, int]) -> dict[str, dict[str, int]]:
        return self.fired


def told(fired: dict[str, dict[str, int]], use_reference: bool) -> Inference:
    conditions = {"r": at_least("a", 5), "s": at_least("b", 5), "u": at_least("c", 5)}
    stage = Stage("findings", {}, conditions)
    program = SimpleNamespace(stages={"findings": stage})
    return Inference(program, {"findings": Told(fired)}, use_reference, NO_TEXT)  # type: ignore[arg-type,dict-item]


DISAGREEING = [
    ({"r": {"a": 7}}, ""),
    ({}, "r: reference says true on {'a': 7}, durable-rules did not fire it"),
    ({"r": {"a": 7}, "s": {"b": 1}}, "s: reference says false, durable-rules fired it on {'b': 1}"),
    ({"r": {"a": 7}, "u": {"c": 1}}, "u: reference says unknown, durable-rules fired it on {'c': 1}"),
    ({"r": {"a": 8}}, "r: reference read {'a': 7}, durable-rules matched {'a': 8}"),
    ({"r": {}}, "r: reference read {'a': 7}, durable-rules matched {}"),
]


@pytest.mark.parametrize(("fired", "said"), DISAGREEING, ids=str)
def test_every_difference_stops_the_decision(fired: dict[str, dict[str, int]], said: str) -> None:
    inference, values = told(fired, True), {"a": 7, "b": 1}
    if not said:
        assert run(inference, "findings", values) == {"r": True, "s": False, "u": None}
        return
    with pytest.raises(EngineDisagreement) as stopped:
        run(inference, "findings", values)
    assert stopped.value.differences == (said,)


def test_durable_alone_is_believed_alone() -> None:
    assert run(told({"s": {"b": 1}}, False), "findings", {"a": 7, "b": 1}) == {"r": False, "s": True, "u": None}
