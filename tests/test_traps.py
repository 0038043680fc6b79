"""Traps: YAML as people write it, and values that a careless engine decides on in silence.

Every answer is unknown, a located problem or the exact value, by both executors together and by each alone.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import trapbase
from trapbase import DAY, EXECUTORS, decide_all, outcomes

import kb
from engine.decide import decide, ready
from kb.values import Code

Json = dict[str, Any]


def stated(knowledge: kb.Knowledge, facts: str) -> kb.Dossier:
    """A dossier with these lines of YAML as its facts, the first on line 3."""
    indented = "\n".join(f"  {line}" for line in facts.splitlines())
    return kb.read_dossier_bytes(f"firm: A\nfacts:\n{indented}\n".encode(), "firm.yaml", knowledge.facts)


def problems(knowledge: kb.Knowledge, facts: str) -> list[str]:
    with pytest.raises(kb.FaultyDossier) as faulty:
        stated(knowledge, facts)
    return [str(problem) for problem in faulty.value.problems]


def settled(knowledge: kb.Knowledge, facts: str, conditions: Json) -> dict[str, bool | None]:
    """How the conditions come out for facts as written; the same whoever decides."""
    dossier = stated(knowledge, facts)
    day = datetime.date.fromisoformat(DAY)
    answers = [outcomes(decide(ready(knowledge, day, executor), dossier), conditions) for executor in EXECUTORS]
    assert answers[1:] == answers[:-1]
    return answers[0]


def refused(knowledge: kb.Knowledge, text: str) -> list[str]:
    """Problems of a whole dossier, read as the command line reads it: with the terms that rules give a value."""
    with pytest.raises(kb.FaultyDossier) as faulty:
        kb.read_dossier_bytes(text.encode(), "firm.yaml", knowledge.facts, None, knowledge.eligibility)
    return [str(problem) for problem in faulty.value.problems]


@pytest.mark.parametrize("place", ["facts: {%s: kecil}", "facts: {}\npartner: {name: B, facts: {%s: kecil}}"])
def test_a_term_of_eligibility_cannot_be_stated(place: str) -> None:
    knowledge = kb.load(kb.shipped(), "rules")
    for name in knowledge.eligibility:
        (told,) = refused(knowledge, f"firm: A\n{place % name}\n")
        assert f"DS102 '{name}' is derived by the rules and cannot be stated." in told
        assert told.endswith(f"State the facts it rests on: 'mitra show {name}' lists them.")


def test_a_derived_fact_cannot_be_stated_and_a_slip_of_a_term_is_still_no_fact() -> None:
    knowledge = kb.load(kb.shipped(), "rules")
    derived = next(fact for fact in knowledge.facts.values() if fact.derived is not None)
    (told,) = refused(knowledge, f"firm: A\nfacts: {{{derived.id}: 1}}\n")
    assert f"DS102 '{derived.id}' is derived and cannot be stated. State {derived.operands()[0]}" in told
    (told,) = refused(knowledge, "firm: A\nfacts: {entah_apa: 1}\n")
    assert "DS101 'entah_apa' is not a fact." in told


def test_a_form_left_empty_is_no_grade_without_a_value() -> None:
    knowledge = kb.load(kb.shipped(), "rules")
    name = next(fact.id for fact in knowledge.facts.values() if fact.derived is None)
    for written in ("{value: , grade: }", "{value: tidak diketahui, grade: , note: ditanyakan dua kali}", "{grade: ~}"):
        assert stated(knowledge, f"{name}: {written}").known() == {}


# --- YAML as people write it


WRITTEN: Json = {
    "uang": {"uang": {"is": 300_000}},
    "uang_kecil": {"uang": {"below": 300_000}},
    "kode": {"kode": {"is": "01111"}},
    "kode_lain": {"kode": {"is": "585"}},
    "nib": {"kode": {"is": "0123456712345"}},
    "jam": {"nama": {"is": "12:30"}},
    "jam_lain": {"nama": {"is": "750"}},
    "tidak": {"siap": "false"},
    "ya": {"siap": "true"},
    "pecahan": {"pecahan": {"is": "1.1"}},
    "hari": {"hari": {"is": "2026-01-31"}},
    "no": {"nama": {"is": "NO"}},
}


@pytest.fixture
def written(tmp_path: Path) -> kb.Knowledge:
    return trapbase.load(tmp_path, WRITTEN)


@pytest.mark.parametrize(
    ("facts", "fact", "value", "holds"),
    [
        ("uang: 300.000", "uang", 300_000, {"uang"}),
        ("uang: Rp 0,3 juta", "uang", 300_000, {"uang"}),
        ("kode: 01111", "kode", "01111", {"kode"}),
        ("kode: 0123456712345", "kode", "0123456712345", {"nib"}),
        ("nama: 12:30", "nama", "12:30", {"jam"}),
        ("siap: NO", "siap", 0, {"tidak"}),
        ("siap: ya", "siap", 1, {"ya"}),
        ("nama: NO", "nama", "NO", {"no"}),
        ("pecahan: 1.10", "pecahan", 11, {"pecahan"}),
        ("pecahan: 1,1", "pecahan", 11, {"pecahan"}),
        ("hari: 2026-01-31", "hari", datetime.date(2026, 1, 31).toordinal(), {"hari"}),
    ],
)
def test_a_value_means_what_is_written(
    written: kb.Knowledge, facts: str, fact: str, value: Code, holds: set[str]
) -> None:
    assert stated(written, facts).known() == {fact: value}
    answers = settled(written, facts, WRITTEN)
    assert {name for name, truth in answers.items() if truth} == holds
    others = {name for name, condition in WRITTEN.items() if fact not in condition}
    assert {name for name, truth in answers.items() if truth is None} == others


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ("uang: 12:30", ["firm.yaml:3:9: KB301 uang: '12:30' is not a whole number."]),
        ("jumlah: 12:30", ["firm.yaml:3:11: KB301 jumlah: '12:30' is not a whole number."]),
        ("hari: 31-01-2026", ["firm.yaml:3:9: KB305 hari: '31-01-2026' is not in ISO form. Write 2026-01-31"]),
        ("kode: 12:30", ["firm.yaml:3:9: KB301 kode: '12:30' is not a code."]),
        ("jumlah: 1.10", ["firm.yaml:3:11: KB301 jumlah: '1.10' is not a whole number."]),
        ("jumlah: 5.0", ["firm.yaml:3:11: KB301 jumlah: '5.0' is not a whole number."]),
        ("pecahan: 1.250", ["firm.yaml:3:12: KB304 pecahan: '1.250' can be read in two ways. Write 1250"]),
        ("persen: 1.15", ["firm.yaml:3:11: KB303 persen: 1.15 is not a multiple of the step 0.1."]),
        ("siap: 1", ["firm.yaml:3:9: KB301 siap: '1' is neither yes nor no."]),
        ("uang: .inf", ["firm.yaml:3:9: KB301 uang: '.inf' is not a whole number."]),
        ("uang: 1e6", ["firm.yaml:3:9: KB301 uang: '1e6' is not a whole number."]),
        ("uang: 0o17", ["firm.yaml:3:9: KB301 uang: '0o17' is not a whole number."]),
        ("uang: banyak", ["firm.yaml:3:9: KB301 uang: 'banyak' is not a whole number."]),
        ("persen: sedikit", ["firm.yaml:3:11: KB301 persen: 'sedikit' is not a number."]),
        ("tingkat: tingi", ["firm.yaml:3:12: KB203 tingkat: 'tingi' is not one of the values. Did you mean 'tinggi'?"]),
        ("tingkat: 2", ["firm.yaml:3:12: KB203 tingkat: '2' is not one of the values."]),
        ("tingakt: tinggi", ["firm.yaml:3:3: DS101 'tingakt' is not a fact. Did you mean 'tingkat'?"]),
        ("hasil: 2.5", ["firm.yaml:3:3: DS102 'hasil' is derived and cannot be stated. State pecahan and pembagi"]),
        ("pembagi: 0", ["firm.yaml:3:12: KB302 pembagi: 0 is outside 0.1 to 100."]),
        ("uang: 5\nuang: 6", ["firm.yaml:4:3: KB106 'uang' stands twice in one mapping (first on line 3)."]),
        ("uang: &a 5", ["firm.yaml:3:9: KB107 anchor '&a' is not allowed."]),
        ("uang: &a 5\njumlah: *a", ["firm.yaml:3:9: KB107 anchor", "firm.yaml:4:11: KB107 alias '*a'"]),
        ("<<: *a", ["firm.yaml:3:7: KB107 alias '*a' is not allowed."]),
        ("uang: !!int 5", ["firm.yaml:3:9: KB108 tag '!!int' is not allowed."]),
        ("uang: !!python/object:os.system 5", ["firm.yaml:3:9: KB108 tag '!!python/object:os.system'"]),
        ("uang: [5]", ["firm.yaml:3:9: KB204 'uang' needs one value, not a list."]),
        ("uang: {value: [5]}", ["firm.yaml:3:17: KB204 'uang' needs one value."]),
        ("uang: {nilai: 5}", ["firm.yaml:3:10: KB201 'nilai' is not a key of 'uang'."]),
        ("uang: {value: 5, state: refused}", ["firm.yaml:3:9: DS106 'uang' has a value and state 'refused'."]),
        # In braces a comma parts entries: the figure needs quotes there.
        ("uang: {value: Rp 1,2 miliar}", ["firm.yaml:3:22: KB201 '2 miliar' is not a key of 'uang'."]),
        ("uang: {state: known}", ["firm.yaml:3:9: DS106 'uang' is said to be known but has no value."]),
        ('nama: "a\\x1bb"', ["firm.yaml:3:9: KB102 an invisible character, U+001B, stands in the text."]),
    ],
)
def test_what_cannot_be_meant_is_a_located_problem(written: kb.Knowledge, facts: str, told: list[str]) -> None:
    found = problems(written, facts)
    assert len(found) == len(told), found
    for wanted, problem in zip(told, found):
        assert problem.startswith(wanted)


def test_all_problems_of_a_dossier_come_at_once(written: kb.Knowledge) -> None:
    found = problems(written, "uang: banyak\ntingakt: tinggi\npecahan: 1.250\nhari: 31-01-2026\njumlah: 1.001")
    assert [problem.split(" ")[0] for problem in found] == [
        "firm.yaml:3:9:",
        "firm.yaml:4:3:",
        "firm.yaml:5:12:",
        "firm.yaml:6:9:",
        "firm.yaml:7:11:",
    ]


@pytest.mark.parametrize(
    "answer",
    ["", "~", "null", "tidak diketahui", "Tidak  Diketahui", "not known", "tidak dijawab", "refused", "not asked"],
)
@pytest.mark.parametrize("fact", ["uang", "pecahan", "tingkat", "siap", "kode", "nama", "hari"])
def test_an_answer_that_is_none_is_unknown(written: kb.Knowledge, fact: str, answer: str) -> None:
    assert stated(written, f"{fact}: {answer}").known() == {}
    assert set(settled(written, f"{fact}: {answer}", WRITTEN).values()) == {None}


def test_no_is_no_and_not_an_unknown_answer(written: kb.Knowledge) -> None:
    """`tidak` answers a question; `tidak diketahui` does not."""
    assert stated(written, "siap: tidak").known() == {"siap": 0}
    assert stated(written, "siap: tidak ada").known() == {"siap": 0}


# --- rules as people write them


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({"uang": {"above": "banyak"}}, "KB301 uang: 'banyak' is not a whole number."),
        ({"kode": {"above": "01111"}}, "KB402 'above' needs an ordered type; 'kode' is a code."),
        ({"nama": {"below": 5}}, "KB402 'below' needs an ordered type; 'nama' is a text."),
        ({"siap": {"at_least": "ya"}}, "KB402 'at_least' needs an ordered type; 'siap' is a boolean."),
        ({"pilihan": {"at_most": "dua"}}, "KB402 'at_most' needs an ordered type; 'pilihan' is a choice."),
        ({"tingkat": {"is": "tingi"}}, "KB203 tingkat: 'tingi' is not one of the values. Did you mean 'tinggi'?"),
        ({"tingakt": {"is": "tinggi"}}, "KB401 'tingakt' is not a term. Did you mean 'tingkat'?"),
        ({"uang": {"abovee": 5}}, "KB201 'abovee' is not a test. Did you mean 'above'?"),
        ({"pecahan": {"above": "1.250"}}, "KB304 pecahan: '1.250' can be read in two ways."),
        ({"pecahan": {"above": "0.05"}}, "KB303 pecahan: 0.05 is not a multiple of the step 0.1."),
        ({"uang": {"above": 6, "below": 5}}, "KB420 no value of 'uang' can pass this test."),
        ({"uang": {"above": 1_000_000_000}}, "KB420 no value of 'uang' can pass this test."),
        ({"uang": {"above": "$batas"}}, "KB410 'batas' is not a parameter."),
        ({"class": "kelas_1"}, "KB403 'class' is the class, which is settled later than this rule."),
        ({"O-pasar": "true"}, "KB403 'O-pasar' is a finding, which is settled later than this rule."),
        ({"uang": {"known": "true"}}, "KB414 'known' may be tested only in cautions and actions."),
        ({}, "KB419 the condition is empty."),
        ({"uang": {}}, "KB419 'uang' has no test."),
        ({"all": []}, "KB419 'all' is empty."),
        ({"uang": None}, "KB301 uang: 'null' is not a whole number."),
    ],
)
def test_a_rule_that_cannot_be_meant_does_not_load(tmp_path: Path, when: Json, told: str) -> None:
    with pytest.raises(kb.FaultyKnowledge) as faulty:
        trapbase.load(tmp_path, {"aturan": when})
    found = [problem for problem in faulty.value.problems if problem.mark.file.endswith("f_aturan.yaml")]
    assert [told in str(problem) for problem in found] == [True], [str(p) for p in faulty.value.problems]


def test_a_divisor_that_can_be_zero_needs_a_word_on_it(tmp_path: Path) -> None:
    facts = trapbase.vocabulary()
    del facts[-1]["derived"]["when_zero"]
    with pytest.raises(kb.FaultyKnowledge) as faulty:
        trapbase.load(tmp_path, {"tes": {"hasil_nol": {"above": 1}}}, facts)
    assert [p.code for p in faulty.value.problems] == ["KB405"]
    assert "'penyebut' can be zero and 'hasil_nol' does not say what then." in str(faulty.value)


# --- values that a careless engine decides on in silence


MISSING: Json = {
    "above": {"uang": {"above": 5}},
    "below": {"uang": {"below": 5}},
    "at_least": {"uang": {"at_least": 0}},
    "at_most": {"uang": {"at_most": 1_000_000_000}},
    "range": {"uang": {"above": 1, "below": 9}},
    "is": {"uang": {"is": 5}},
    "is_not": {"uang": {"is_not": 5}},
    "none_of": {"pilihan": {"none_of": ["satu"]}},
    "not_is": {"not": {"siap": "true"}},
    "not_above": {"not": {"uang": {"above": 5}}},
    "not_text": {"not": {"nama": {"is": "x"}}},
    "level_below": {"tingkat": {"below": "tinggi"}},
    "level_is_not": {"tingkat": {"is_not": "rendah"}},
    "date_below": {"hari": {"below": "2026-01-01"}},
    "code_is_not": {"kode": {"is_not": "01111"}},
    "either": {"any": [{"siap": "true"}, {"siap": "false"}]},
    "sum": {"seluruh": {"below": 1}},
    "ratio": {"hasil": {"below": 1}},
    "zero": {"hasil_nol": {"is": 0}},
}


def test_a_missing_fact_makes_every_test_unknown(tmp_path: Path) -> None:
    knowledge = trapbase.load(tmp_path, MISSING)
    for decision in decide_all({}, knowledge):
        assert outcomes(decision, MISSING) == dict.fromkeys(MISSING)
        assert decision.findings == ()
        # One of the conditions holds for every firm, so the inner axis is settled and the other is not.
        assert decision.verdict.possible == ("kelas_1", "kelas_2")
        assert decision.verdict.id is None


def test_half_an_operation_is_unknown(tmp_path: Path) -> None:
    conditions = {"sum": {"seluruh": {"above": 0}}, "ratio": {"hasil": {"is_not": 1}}, "zero": MISSING["zero"]}
    knowledge = trapbase.load(tmp_path, conditions)
    for decision in decide_all({"pecahan": 5}, knowledge):
        assert outcomes(decision, conditions) == dict.fromkeys(conditions)


def test_false_wins_over_unknown_in_all_and_true_in_any(tmp_path: Path) -> None:
    conditions = {
        "all_false": {"all": [{"uang": {"above": 5}}, {"siap": "true"}]},
        "all_open": {"all": [{"uang": {"above": 5}}, {"siap": "false"}]},
        "any_true": {"any": [{"uang": {"above": 5}}, {"siap": "false"}]},
        "any_open": {"any": [{"uang": {"above": 5}}, {"siap": "true"}]},
        "not_open": {"not": {"any": [{"uang": {"above": 5}}, {"siap": "true"}]}},
        "not_true": {"not": {"any": [{"uang": {"above": 5}}, {"siap": "false"}]}},
    }
    wanted = {"all_false": False, "all_open": None, "any_true": True, "any_open": None}
    wanted |= {"not_open": None, "not_true": False}
    knowledge = trapbase.load(tmp_path, conditions)
    for decision in decide_all({"siap": "tidak"}, knowledge):
        assert outcomes(decision, conditions) == wanted


EXACT: Json = {
    "half": {"hasil": {"is": "2.5"}},
    "half_least": {"hasil": {"at_least": "2.5"}},
    "half_above": {"hasil": {"above": "2.5"}},
    "half_below": {"hasil": {"below": "2.5"}},
    "half_percent": {"nisbah": {"is": 250}},
    "sum": {"seluruh": {"is": "0.3"}},
    "sum_least": {"seluruh": {"at_least": "0.3"}},
    "sum_most": {"seluruh": {"at_most": "0.3"}},
    "sum_above": {"seluruh": {"above": "0.3"}},
    "difference": {"beda": {"is": "-0.1"}},
    "five": {"pecahan": {"is": 5}},
    "five_point": {"pecahan": {"is": "5.0"}},
    "five_one_of": {"pecahan": {"one_of": ["4", "5,0"]}},
    "third": {"hasil": {"above": "0.3333", "below": "0.3334"}},
    "zero": {"hasil_nol": {"is": 0}},
    "zero_above": {"hasil_nol": {"above": 0}},
}


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({"pecahan": "5", "pembagi": "2"}, {"half", "half_least", "half_percent", "five", "five_point", "five_one_of"}),
        ({"pecahan": "5.0", "pembagi": "2,0"}, {"half", "half_least", "half_percent", "five", "five_point"}),
        ({"pecahan": 5, "pembagi": "2.1"}, {"half_below", "five", "five_point"}),
        ({"pecahan": "0.1", "bagian": "0.2"}, {"sum", "sum_least", "sum_most", "difference"}),
        ({"pecahan": "0.7", "bagian": "-0.4"}, {"sum", "sum_least", "sum_most"}),
        ({"pecahan": "0.1", "bagian": "0.3"}, {"sum_least", "sum_above"}),
        ({"pecahan": 1, "pembagi": 3}, {"third", "half_below"}),
        ({"pecahan": 5, "penyebut": 0}, {"zero", "five", "five_point"}),
        ({"pecahan": 5, "penyebut": "-0.1"}, {"five", "five_point"}),
        ({"pecahan": 5, "penyebut": "0.1"}, {"zero_above", "five", "five_point"}),
        ({"pecahan": 0, "penyebut": 5}, {"zero"}),
    ],
)
def test_arithmetic_is_exact(tmp_path: Path, facts: Json, holds: set[str]) -> None:
    knowledge = trapbase.load(tmp_path, EXACT)
    wanted = holds | ({"five_one_of"} if "five" in holds else set())
    for decision in decide_all(facts, knowledge):
        assert {name for name, truth in outcomes(decision, EXACT).items() if truth} == wanted


def test_what_rests_on_the_missing_operand_stays_unknown(tmp_path: Path) -> None:
    knowledge = trapbase.load(tmp_path, EXACT)
    for decision in decide_all({"pecahan": 5, "pembagi": 2}, knowledge):
        unknown = {name for name, truth in outcomes(decision, EXACT).items() if truth is None}
        assert unknown == {"sum", "sum_least", "sum_most", "sum_above", "difference", "zero", "zero_above"}


def test_a_zero_divisor_has_its_value_even_while_the_dividend_is_unknown(tmp_path: Path) -> None:
    knowledge = trapbase.load(tmp_path, EXACT)
    for decision in decide_all({"penyebut": 0}, knowledge):
        answers = outcomes(decision, EXACT)
        assert (answers["zero"], answers["zero_above"]) == (True, False)


def test_derived_values_are_exact_in_the_answer(tmp_path: Path) -> None:
    knowledge = trapbase.load(tmp_path, EXACT)
    facts = {"pecahan": "0.1", "bagian": "0.2", "pembagi": "0.3", "penyebut": 0}
    for decision in decide_all(facts, knowledge):
        domains = {name: knowledge.facts[name].domain for name in ("seluruh", "beda", "hasil", "nisbah", "hasil_nol")}
        shown = {name: domain.plain(decision.values[name]) for name, domain in domains.items()}
        assert shown == {"seluruh": 0.3, "beda": -0.1, "hasil": "1/3", "nisbah": "100/3", "hasil_nol": 0}


def test_a_fact_known_for_one_axis_settles_no_other(tmp_path: Path) -> None:
    conditions = {"uang": {"uang": {"above": 5}}}
    knowledge = trapbase.load(tmp_path, conditions)
    for decision in decide_all({"uang": 6}, knowledge):
        assert decision.verdict.possible == ("kelas_1", "kelas_2")
        assert decision.verdict.id is None
    for decision in decide_all({"uang": 6, "pasar": "ya"}, knowledge):
        assert decision.verdict.id == "kelas_1"
