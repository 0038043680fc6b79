"""Proofs: the shipped rules are clean, every example shows its fault, and no random rule base is believed wrongly."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from support import some_knowledge

import kb
from cli import main
from engine.compile import compile
from engine.derive import derive
from engine.executors.reference import holds
from engine.expand import in_facts
from engine.firms import Firms
from engine.prove import NOTHING, Memory, Unshown, claims, outcomes, prove
from engine.prove.asking import Asking
from engine.prove.holding import _sides, without
from engine.prove.report import Report
from engine.prove.stretches import Calendar
from kb import condition as told
from kb.condition import All, Bound, Condition, Not
from kb.rules import rules_of

TINY = Path(__file__).parent / "tiny"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MITRA_CACHE", str(tmp_path / "cache"))

    def invoke(*arguments: str) -> Any:
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    return invoke


@pytest.mark.once
@pytest.mark.parametrize("folder", [kb.shipped(), *kb.nested(kb.shipped())], ids=lambda path: path.name)
def test_the_shipped_rules_are_proved_clean(folder: Path) -> None:
    proof = prove(kb.load(folder), lambda: 300.0)
    assert [str(problem) for problem in proof.problems] == []
    assert proof.questions > 400


@pytest.mark.once
def test_what_is_remembered_saves_the_solver_and_changes_nothing() -> None:
    knowledge = kb.load(kb.shipped())
    first = prove(knowledge, lambda: 300.0)
    again = prove(knowledge, lambda: 300.0, first.memory)
    assert again.problems == first.problems
    assert again.solver_calls < first.solver_calls / 5
    # Firms remembered from other rules are looked at and not believed.
    strange = Memory(frozenset(), ({"no_such_fact": 1}, {next(iter(knowledge.facts)): "text"}))
    assert prove(knowledge, lambda: 300.0, strange).problems == first.problems


@pytest.mark.once
@pytest.mark.parametrize("seed", range(4001, 4013))
def test_random_rules_that_fire_are_not_called_dead_and_examples_show_their_faults(seed: int) -> None:
    knowledge, _ = some_knowledge(seed, small=True)
    # An example that did not show its fault would raise.
    proof = prove(knowledge, lambda: 60.0)
    day = knowledge.manifest.examples_as_of
    program = compile(knowledge, day)
    random, drawing = Random(seed), Firms(program)
    drawn = [derive(program.steps, drawing.complete(random)) for _ in range(60)]
    said = {(p.code, p.message.split("'")[1]) for p in proof.problems if p.severity == "error"}
    for rule in rules_of(knowledge):
        live = program.rule(rule.id)
        if (
            live is None
            or not Calendar(knowledge).period(rule).holds(day)
            or any(test.term == "class" or ":" in test.term for test in told.tests_of(live.when))
        ):
            continue
        truths = {holds(in_facts(live.when, program), values) for values in drawn}
        if True in truths:
            assert ("PR101", rule.id) not in said, rule.id
        if truths != {True} and rule.when is not None:
            assert ("PR102", rule.id) not in said, rule.id


def _test(term: str, *bounds: Bound) -> Condition:
    return told.Test(term, bounds)


def test_each_part_is_left_out_once_and_on_the_side_it_stands_on() -> None:
    a = _test("a", Bound("at_least", "ge", 1), Bound("below", "lt", 5))
    b = _test("b", Bound("is", "in", (1,)))
    whole = All((a, Not(told.Any((a, b)))))
    # a, each of its two bounds, not(any), and within that: a, each of its bounds, b.
    assert [part for part, _ in without(whole)][:4] == [
        a,
        _test("a", Bound("at_least", "ge", 1)),
        _test("a", Bound("below", "lt", 5)),
        Not(told.Any((a, b))),
    ]
    assert list(_sides(whole, True)) == [True, True, True, True, True, False, False, True]
    assert next(twin for _, twin in without(whole)) == All((Not(told.Any((a, b))),))
    assert [twin for _, twin in without(whole)][-1] == All((a, Not(told.Any((a,)))))


def test_a_day_stands_for_each_stretch_in_which_nothing_changes() -> None:
    knowledge = kb.load(TINY)
    calendar = Calendar(knowledge)
    rules = {rule.id: rule for rule in rules_of(knowledge)}
    days = [str(day) for day in calendar.days([rules["skala.1_kecil"]])]
    # Two values of the parameter; the usual day first, in the second stretch.
    assert days == ["2026-06-30", "2000-01-01"]
    # Through the term it reads; the pattern itself is in force from 2000 on.
    assert [str(day) for day in calendar.days([rules["subkontrak.eligible_1"]])] == ["2026-06-30", "2000-01-01"]
    assert [str(day) for day in calendar.days([rules["O-bahan"]])] == ["2026-06-30"]


def test_a_protected_fact_that_a_rule_reads_is_told() -> None:
    """The reader refuses such a rule base, so it is made by hand."""
    knowledge = kb.load(kb.shipped())
    invariant = next(one for one in knowledge.invariants.values() if one.claim == "no_effect")
    read = next(iter(knowledge.findings.values())).when
    fact = next(told.tests_of(read)).term
    facts = {**knowledge.facts, fact: replace(knowledge.facts[fact], protected=True)}
    report = Report(Asking(replace(knowledge, facts=facts), lambda: 60.0, Memory()), lambda _: None)
    claims._no_effect(invariant, report)
    assert {problem.code for problem in report.problems} == {"PR111"}
    assert all(fact in problem.message for problem in report.problems)


def test_the_command_tells_what_it_asked_and_ends_well(run: Any) -> None:
    done = run("prove", str(TINY))
    assert done.exit_code == 0
    assert "0 errors, 0 doubts, 0 questions left open" in done.output
    answer = json.loads(run("prove", "--kb", str(TINY), "--format", "json").output)
    assert answer["problems"] == []
    assert answer["questions"] > 0


def test_open_questions_are_never_fine(run: Any) -> None:
    done = run("prove", str(TINY), "--seconds", "0")
    assert done.exit_code == 1
    assert "PR112 open: not settled: whether 'subkontrak' can be had" in done.output
    assert "questions left open" in done.output
    assert "0 questions left open" not in done.output


@pytest.mark.once
def test_of_hundreds_of_open_questions_the_first_few_are_told_and_all_are_counted(run: Any) -> None:
    done = run("prove", str(kb.shipped()), "--seconds", "0")
    told = [line for line in done.stderr.splitlines() if "PR112" in line]
    assert len(told) == 12
    more = re.search(r"^(\d+) more questions are open; --format json has them all\.$", done.stderr, re.M)
    counted = re.search(r"(\d+) questions left open", done.stdout)
    assert more is not None
    assert counted is not None
    answer = json.loads(run("prove", str(kb.shipped()), "--seconds", "0", "--format", "json").stdout)
    unsettled = [problem for problem in answer["problems"] if problem["severity"] == "open"]
    assert len(unsettled) == int(counted[1]) == int(more[1]) + 12


def test_a_rule_base_that_cannot_be_read_proves_nothing(run: Any, tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text("name: [\n")
    done = run("prove", str(tmp_path))
    assert done.exit_code == 1
    assert "KB104" in done.output
    assert "Nothing could be proved" in done.output
    answer = json.loads(CliRunner().invoke(main, ["prove", str(tmp_path), "--format", "json"]).stdout)
    assert "KB104" in [problem["code"] for problem in answer["problems"]]


def test_a_spoilt_or_forbidden_memory_is_no_fault(run: Any, tmp_path: Path) -> None:
    assert run("prove", str(TINY)).exit_code == 0
    kept = next((tmp_path / "cache").rglob("proofs-*.json"))
    for text in ("", "[]", '{"proved": 1, "firms": []}', '{"proved": [], "firms": [1]}', "{"):
        kept.write_text(text)
        assert run("prove", str(TINY)).exit_code == 0
    kept.unlink()
    kept.mkdir()
    done = run("prove", str(TINY))
    assert done.exit_code == 0
    assert "could not be kept for next time" in done.output
    assert not list(kept.parent.glob("tmp*"))


@pytest.mark.parametrize("strict", [False, True])
def test_doubts_count_when_asked_to(run: Any, tmp_path: Path, strict: bool) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(TINY, rules)
    path = rules / "swot" / "internal" / "mutu.yaml"
    asked = "when: {mutu: baik, tenaga: {at_least: 5}}"
    text = path.read_text()
    assert asked in text
    path.write_text(text.replace(asked, "when: {all: [{mutu: baik}, {tenaga: {at_least: 5}}, {tenaga: {above: 3}}]}"))
    done = run("prove", str(rules), *(["--strict"] if strict else []))
    assert "PR105 doubt" in done.output
    assert done.exit_code == int(strict)


def test_check_goes_on_to_prove_when_asked(run: Any, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(TINY, rules)
    assert "0 errors, 0 doubts, 0 questions left open." in run("check", str(rules), "--prove").output
    path = rules / "patterns" / "subkontrak.yaml"
    barred = "{any: [{pangsa: {above: 50}}, {tanggal_berdiri: {above: 2026-01-01}}]}"
    text = path.read_text()
    assert barred in text
    path.write_text(text.replace(barred, "{bersedia: true}"))
    assert run("check", str(rules)).exit_code == 0
    proved = run("check", str(rules), "--prove", "--format", "json")
    assert proved.exit_code == 1
    assert [problem["code"] for problem in json.loads(proved.stdout)["problems"]] == ["PR108", "KB501"]
    path.write_text("pattern: [\n")
    unread = run("check", str(rules), "--prove")
    assert unread.exit_code == 1
    assert "KB104" in unread.output


def _with(tmp_path: Path, files: dict[str, str], changes: dict[str, tuple[str, str]] | None = None) -> Path:
    """The tiny rule base with files added and words changed."""
    rules = tmp_path / "rules"
    if not rules.exists():
        shutil.copytree(TINY, rules)
    for name, text in files.items():
        (rules / name).write_text(text, encoding="utf-8")
    for name, (old, new) in (changes or {}).items():
        text = (rules / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (rules / name).write_text(text.replace(old, new), encoding="utf-8")
    return rules


CAUTION = "- caution: %s\n  when: %s\n  says: {id: Awas, en: Beware}\n  source: [asumsi]\n"
OFFERED = """\
- invariant: tak_ditawari
  says: {id: Tak ditawari, en: Not offered}
  claim: never_offered
  when: %s
  actions: [%s]
"""
ACTION = """\
- action: %s
  label: {id: Tindakan, en: Action}
  says: {id: Bertindak, en: Act}
  field: capital
  step: carry_out
  standing: %s
  source: [asumsi]
"""


LEVEL = """\
- id: nilai
  label: {id: Nilai, en: Grade}
  type: level
  values: [rendah, cukup, baik]
  value_labels: {cukup: {id: cukup, en: fair}}
  better: higher
  ask: {id: Berapa?, en: Which?}
  answered_by: firm
  evidence: {id: Surat, en: Letter}
"""
FACTOR = """\
factor: %s
label: {id: Faktor, en: Factor}
axis: internal
weight: %d
why: {id: Perlu, en: Needed}
source: [asumsi]
findings:
  - id: S-%s
    side: strength
    rating: %d
    when: {nilai: %s}
    says: {id: Ada, en: There}
    examples: {fires: [{nilai: %s}], silent: [{nilai: rendah}]}
"""


def _codes(rules: Path, memory: Memory = NOTHING) -> tuple[list[str], Memory]:
    proof = prove(kb.load(rules), lambda: 60.0, memory)
    return [problem.code for problem in proof.problems], proof.memory


def test_a_ratio_at_a_divisor_of_zero_is_known_without_its_dividend(tmp_path: Path) -> None:
    """As for the engine: the margin of a firm without sales is nought, whatever its costs are."""
    when = "{marjin: {known: true}, biaya: {known: false}, penjualan: {at_most: 0}}"
    found, _ = _codes(_with(tmp_path, {"programme/more.yaml": CAUTION % ("diam", when)}))
    assert "PR101" not in found


def test_twins_are_told_again_by_a_second_run(tmp_path: Path) -> None:
    bars = "barred_by:\n  - when: {not: {pangsa: {at_most: 50}}}\n    source: [uu-1-2000]\n"
    one = ("barred_by:\n", bars)
    rules = _with(tmp_path, {}, {"patterns/subkontrak.yaml": one})
    text = (rules / "patterns/subkontrak.yaml").read_text()
    other = "{any: [{pangsa: {above: 50}}, {tanggal_berdiri: {above: 2026-01-01}}]}"
    (rules / "patterns/subkontrak.yaml").write_text(text.replace(other, "{pangsa: {above: 50}}"))
    first, memory = _codes(rules)
    assert first.count("PR103") == 1
    assert _codes(rules, memory)[0] == first


def test_what_an_answer_rests_on_is_asked_anew_when_it_changes(tmp_path: Path) -> None:
    claim = {"invariants.yaml": OFFERED % ("{skala: kecil}", "tetap")}
    rules = _with(tmp_path, {**claim, "programme/more.yaml": ACTION % ("tetap", "false")})
    found, memory = _codes(rules)
    assert "PR111" not in found
    _with(tmp_path, {"programme/more.yaml": ACTION % ("tetap", "true")})
    assert "PR111" in _codes(rules, memory)[0]


def test_the_tie_band_and_the_range_of_a_fact_belong_to_what_is_rested_on(tmp_path: Path) -> None:
    """Both are asked about with an answer remembered that was right before."""
    rules = _with(
        tmp_path,
        {
            "invariants.yaml": "- invariant: naik\n  says: {id: Naik, en: Up}\n  claim: monotone\n",
            "programme/more.yaml": CAUTION
            % ("kaya", "{laba: {above: 40_000_000_000}, biaya: {above: 20_000_000_000}}"),
            "vocabulary/more.yaml": LEVEL,
            # Under a wide tie band the weightier finding is worth less.
            "swot/internal/satu.yaml": FACTOR % ("satu", 1, "satu", 2, "cukup", "cukup"),
            "swot/internal/dua.yaml": FACTOR % ("dua", 3, "dua", 1, "baik", "baik"),
        },
    )
    found, memory = _codes(rules)
    assert not {"PR101", "PR111"} & set(found)
    _with(tmp_path, {}, {"classes.yaml": ("tie_band: 0.1", "tie_band: 0.9")})
    found, _ = _codes(rules, memory)
    assert found.count("PR111") == 1
    facts = (rules / "vocabulary" / "facts.yaml").read_text()
    assert "max: 100_000_000_000" in facts
    (rules / "vocabulary" / "facts.yaml").write_text(facts.replace("max: 100_000_000_000", "max: 50_000_000_000"))
    found, _ = _codes(rules, memory)
    assert found.count("PR101") == 1


def test_the_fallback_waits_for_every_other_pattern_whatever_its_rank(tmp_path: Path) -> None:
    umum = (TINY / "patterns" / "binaan.yaml").read_text().replace("binaan", "umum").replace("fallback: true\n", "")
    rules = _with(tmp_path, {"patterns/umum.yaml": umum.replace("rank: 9", "rank: 20")})
    proof = prove(kb.load(rules), lambda: 60.0)
    assert [(p.code, p.mark.file.rsplit("/", 1)[-1]) for p in proof.problems] == [("PR109", "binaan.yaml")]


def test_an_example_that_does_not_show_its_fault_ends_in_nothing_reported(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the solver and the engine to differ, no fault may be told of."""
    bars = ("{any: [{pangsa: {above: 50}}, {tanggal_berdiri: {above: 2026-01-01}}]}", "{bersedia: true}")
    rules = _with(tmp_path, {}, {"patterns/subkontrak.yaml": bars})
    monkeypatch.setattr(outcomes, "_is_closed", lambda _pattern: lambda _decision: False)
    with pytest.raises(Unshown, match="PR108"):
        prove(kb.load(rules), lambda: 60.0)
    done = run("prove", str(rules))
    assert done.exit_code == 5
    assert "a defect of Mitra, not of the rules" in done.stderr
    assert done.stdout == ""


def test_what_only_time_brings_about_is_not_called_dead(tmp_path: Path) -> None:
    # Nobody founded in 1945 at the earliest is as old as that on the usual day.
    rules = _with(tmp_path, {"programme/more.yaml": CAUTION % ("tua", "{umur_usaha: {above: 130}}")})
    assert "PR101" not in _codes(rules)[0]
    _with(tmp_path, {"invariants.yaml": OFFERED % ("{umur_usaha: {above: 130}}", "pelatihan")})
    assert "PR111" in _codes(rules)[0]
    # A rule that ends while nobody is old enough stays dead; one that ends when somebody is does not.
    ends = CAUTION % ("tua", "{umur_usaha: {above: 130}}") + "  in_force: {until: 2100-12-31}\n"
    _with(tmp_path, {"programme/more.yaml": ends})
    assert "PR101" not in _codes(rules)[0]
    ended = CAUTION % ("tua", "{umur_usaha: {above: 130}}") + "  in_force: {until: 2030-12-31}\n"
    _with(tmp_path, {"programme/more.yaml": ended})
    assert "PR101" in _codes(rules)[0]


def test_a_duplicate_that_reads_another_term_of_the_same_fact_is_found(tmp_path: Path) -> None:
    both = CAUTION % ("mapan_1", "{umur_usaha: {at_least: 3}}") + CAUTION % ("mapan_2", "{tahap: mapan}")
    assert "PR103" in _codes(_with(tmp_path, {"programme/more.yaml": both}))[0]


def test_an_entry_that_is_reached_on_old_days_only_is_doubted(tmp_path: Path) -> None:
    entries = (
        "  - value: besar\n    source: [asumsi]",
        "  - value: besar\n    in_force: {from: 2005-01-01}\n    source: [asumsi]\n",
    )
    rules = _with(tmp_path, {}, {"eligibility/skala.yaml": entries})
    path = rules / "eligibility" / "skala.yaml"
    path.write_text(
        path.read_text() + "  - value: besar\n    when: {penjualan: {above: 5 miliar}}\n    source: [asumsi]\n"
    )
    proof = prove(kb.load(rules), lambda: 60.0)
    assert [(p.code, p.severity) for p in proof.problems if p.code == "PR104"] == [("PR104", "doubt")]


def test_a_class_beside_something_unknown_that_it_rests_on_stays_open_or_is_shown(tmp_path: Path) -> None:
    """Whoever fails to settle the class says so: neither a dead rule passed over nor an example that shows nothing."""
    when = "{class: kuat, mutu: {known: false}, marjin: {below: 20}}"
    proof = prove(kb.load(_with(tmp_path, {"programme/more.yaml": CAUTION % ("buta", when)})), lambda: 60.0)
    assert {p.code for p in proof.problems} & {"PR101", "PR112"}


def test_a_rule_base_without_factors_is_answered(tmp_path: Path) -> None:
    rules = _with(tmp_path, {})
    for name in ("swot", "cases", "programme"):
        shutil.rmtree(rules / name)
    (rules / "principles.yaml").unlink()
    assert "PR107" in _codes(rules)[0]


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "1e3"])
def test_odd_times_are_refused(run: Any, seconds: str) -> None:
    assert run("prove", str(TINY), "--seconds", seconds).exit_code == 2


def test_a_pipe_or_a_deep_text_in_place_of_the_memory_is_passed_over(run: Any, tmp_path: Path) -> None:
    run("prove", str(TINY))
    kept = next((tmp_path / "cache").rglob("proofs-*.json"))
    kept.write_text("[" * 200_000)
    assert run("prove", str(TINY)).exit_code == 0
    kept.unlink()
    os.mkfifo(kept)
    assert run("prove", str(TINY)).exit_code == 0


def test_a_fact_called_examples_counts_for_the_digest(tmp_path: Path) -> None:
    fact = """\
- id: examples
  label: {id: Contoh, en: Samples}
  type: integer
  min: 0
  max: 100
  step: 1
  ask: {id: Berapa?, en: How many?}
  answered_by: firm
  evidence: {id: Buku, en: Book}
"""
    caution = CAUTION % ("banyak", "{examples: {at_least: %d}}")
    rules = _with(tmp_path, {"vocabulary/more.yaml": fact, "programme/more.yaml": caution % 50})
    first = kb.load(rules).digest
    _with(tmp_path, {"programme/more.yaml": caution % 10})
    assert kb.load(rules).digest != first
