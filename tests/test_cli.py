"""The command line as people and scripts meet it: exit codes, faults on standard error, and the JSON contract."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import trapbase
from click.testing import CliRunner, Result

import kb
from cli import main
from engine.executors import durable, reference, shards
from kb.condition import Condition
from kb.values import Code

ROOT = Path(__file__).resolve().parent.parent
TINY = str(Path(__file__).parent / "tiny")
FAULT = re.compile(r"^[^\n]+?:\d+:\d+: (KB|DS|MX)\d{3} .+[.?]$")
# click 8.2 keeps standard error apart by itself.
RUNNER = CliRunner(**({"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}))

DOSSIER = """\
firm: Usaha Contoh
as_of: 2026-06-30
partner: {name: Mitra Besar, facts: {mutu: rendah}}
facts:
  penjualan: 100 juta
  biaya: {value: 97 juta, grade: document, note: dari buku}
  tenaga: 8
  permintaan: turun
  harga_bahan: 12,5
  bersedia: ya
  kbli: "10110"
  produk: genteng
  pangsa: 1,25
  tanggal_berdiri: 2025-01-01
  pola_saat_ini: binaan
  kas: tidak diketahui
  alat: tidak dijawab
"""
SHIPPED_DOSSIER = """\
firm: Genteng Soka
as_of: 2026-06-30
partner: {name: Pabrik, facts: {mitra_skala: besar, mitra_butuh_pasokan: ya, mitra_menguasai: tidak}}
facts:
  penjualan_tahunan: Rp 1,2 miliar
  mutu_produk: {value: baik, grade: document, note: asumsi}
  jumlah_tenaga_kerja: tidak diketahui
  hari_tunggakan: 5
  tingkat_cacat: 2,5 %
  buat_komponen: ya
  standar_mutu_mitra: ya
  bidang_usaha: "01111"
  pemasaran_digital: tidak dijawab
"""
MATRIX = "side,text,weight,rating,score\nS,a,0.6,4,2.4\nW,b,0.4,2,0.9\nO,c,1,3,3\n"


def run(*words: str, stdin: str | bytes | None = None) -> Result:
    """A command in this process. Whatever happens, it is not a traceback."""
    result = RUNNER.invoke(main, list(words), input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.stdout + result.stderr
    return result


def answer(*words: str, code: int = 0, stdin: str | bytes | None = None) -> Any:
    result = run(*words, "--format", "json", stdin=stdin)
    assert result.exit_code == code, result.stdout + result.stderr
    return json.loads(result.stdout)


def faults(result: Result, code: int) -> list[str]:
    """The faults on standard error, one a line; nothing else was printed."""
    lines = result.stderr.splitlines()
    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    assert lines
    assert all(FAULT.match(line) for line in lines), result.stderr
    return lines


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with two dossiers and a table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MITRA_KB", raising=False)
    (tmp_path / "firm.yaml").write_text(DOSSIER, encoding="utf-8")
    (tmp_path / "soka.yaml").write_text(SHIPPED_DOSSIER, encoding="utf-8")
    (tmp_path / "table.csv").write_text(MATRIX, encoding="utf-8")
    return tmp_path


# --- the JSON contract: a type, None for null, [x] a list of x, {"*": x} any keys, a tuple any of these


TEXT = (str, None)
READING = {"fact": str, "value": (str, int, float, bool, None), "test": str}
DECISION: dict[str, Any] = {
    "schema": str,
    "firm": str,
    "as_of": str,
    "lang": str,
    "knowledge": {"name": str, "version": str, "digest": str, "reading": str},
    "executors": [str],
    "facts": {"*": {"value": (str, int, float, bool, None), "state": str}},
    "eligibility": {"*": {"value": TEXT, "source": [str], "because": [READING]}},
    "findings": [
        {
            "id": str,
            "factor": str,
            "side": str,
            "weight": int,
            "rating": int,
            "normalised_weight": str,
            "score": str,
            "says": str,
            "because": [READING],
            "source": [str],
        }
    ],
    "undetermined": [{"id": str, "waits_for": [str]}],
    "scores": {
        **dict.fromkeys(("S", "W", "O", "T", "x", "y"), str),
        **dict.fromkeys(("IFE", "EFE", "IE_cell"), TEXT),
        **dict.fromkeys(("margin_x", "margin_y"), (int, float)),
    },
    "class": {
        "id": TEXT,
        "final": bool,
        "possible": [str],
        "borderline": bool,
        "bounds": {"margin_x": [(int, float)], "margin_y": [(int, float)]},
        "fostering": ({"weight": str, "intensity": str, "priority": str, "duration": str}, None),
        "because": [dict],
    },
    "patterns": [
        {
            "id": str,
            "status": str,
            "rank": (int, None),
            "because": [READING],
            "missing": [str],
            "principles": {"*": {"holds": (bool, None), "because": [READING]}},
            "source": [str],
        }
    ],
    "recommendation_final": bool,
    "present_relation": {"pattern": TEXT, "change": TEXT},
    "strategies": [{"kind": str, "says": str, "pairs": [str]}],
    "programme": [{"action": str, "answers": [str], "source": [str]}],
    "cautions": [{"says": str}],
    "rests_on": {"text": int, "report": int, "memory": int, "assumption": int},
}
WHY = {
    "conclusion": str,
    "holds": (bool, None),
    "because": [
        {
            "rule": str,
            "test": str,
            "fact": str,
            "value": (str, int, float, bool, None),
            "state": str,
            "source": [str],
        }
    ],
    "nearest": [{"fact": str}],
}
TABLE = {
    "rows": [{"side": str, "text": str, "weight": str, "rating": str, "score": str}],
    "scores": dict.fromkeys(("S", "W", "O", "T", "x", "y", "IFE", "EFE", "IE_cell"), TEXT),
    "ratings": str,
    "sizes": dict.fromkeys("SWOT", TEXT),
    "positive_above": {"x": TEXT, "y": TEXT},
    "class": ({"id": str}, None),
    "class_by_other_ratings": ({"ratings": str, "id": str, "label": str, "differs": bool}, None),
    "warnings": [str],
}
CHECK = {
    "problems": [
        {
            "code": str,
            "severity": str,
            "file": str,
            "line": int,
            "column": int,
            "message": str,
            "remedy": str,
            "example": (dict, None),
        }
    ]
}
TEST = {
    "passed": int,
    "failed": int,
    "failures": [{"case": str, "expected": dict, "got": dict, "file": str, "line": int}],
    "coverage": {"rules": dict, "conditions": dict},
    "never_fired": [str],
}


def fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, tuple):
        return any(fits(value, one) for one in shape)
    if shape is None:
        return value is None
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, dict) and "*" in shape:
        return isinstance(value, dict) and all(fits(item, shape["*"]) for item in value.values())
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(key in value and fits(value[key], shape[key]) for key in shape)
    return isinstance(value, shape) and (shape is not int or not isinstance(value, bool))


@pytest.mark.parametrize("words", [("firm.yaml", "--kb", TINY), ("soka.yaml",)], ids=["tiny", "shipped"])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_assess_keeps_its_contract(here: Path, words: tuple[str, ...], lang: str) -> None:
    told = answer("assess", *words, "--lang", lang)
    for key, shape in DECISION.items():
        assert key in told
        assert fits(told[key], shape), (key, told[key])
    assert (told["schema"], told["as_of"], told["lang"]) == ("mitra.decision/1", "2026-06-30", lang)
    assert told["executors"][-1] == "reference"
    assert all(fact.get("grade") in ("stated", "document", "verified", None) for fact in told["facts"].values())


def test_the_other_answers_keep_their_contract(here: Path) -> None:
    assert fits(answer("why", "firm.yaml", "lemah", "--kb", TINY), WHY)
    assert fits(answer("why", "firm.yaml", "kuat", "--kb", TINY, code=1), WHY)
    assert fits(answer("matrix", "table.csv", "--kb", TINY), TABLE)
    assert fits(answer("test", "--kb", TINY), TEST)
    checked = answer("check", faulty_base(here), code=1)
    assert checked["problems"]
    assert fits(checked, CHECK)


def test_facts_are_shown_with_what_a_script_needs(here: Path) -> None:
    facts = {entry["id"]: entry for entry in answer("show", "facts", "--kb", TINY)}
    assert fits(list(facts.values()), [{"id": str, "type": str}])
    assert facts["mutu"]["values"] == ["rendah", "cukup", "baik"]
    assert (facts["mutu"]["axis"], facts["mutu"]["change_effort"]) == ("internal", 3)
    assert (facts["permintaan"]["axis"], facts["tenaga"]["change_effort"]) == ("external", 2)
    assert [facts["harga_bahan"][key] for key in ("min", "max", "step")] == [-100, 100, 0.1]
    assert [facts["penjualan"][key] for key in ("min", "max", "step")] == [0, 100_000_000_000, 1]
    assert (facts["marjin"]["derived"], facts["marjin"]["from"]) == (True, ["laba", "penjualan"])
    assert not {"values", "change_effort", "derived"} & set(facts["penjualan"])
    assert not {"min", "max", "step", "axis"} & set(facts["bersedia"])
    for entry in facts.values():
        for key in ("min", "max", "step", "change_effort", "ask_effort"):
            assert key not in entry or isinstance(entry[key], (int, float)) or entry["type"] == "date"


def test_sentences_alone_depend_on_the_language(here: Path) -> None:
    def numbers(lang: str) -> Any:
        told = answer("assess", "firm.yaml", "--kb", TINY, "--lang", lang)
        keys = ("facts", "derived", "scores", "recommended", "rests_on", "trace")
        return [told[key] for key in keys] + [told["class"]["possible"], told["class"]["bounds"]]

    assert numbers("id") == numbers("en")


# --- assess


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_decision_is_exit_zero_final_or_not(here: Path, form: str) -> None:
    for words in (["firm.yaml", "--kb", TINY], ["soka.yaml"]):
        result = run("assess", *words, "--format", form)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.endswith("\n")
    assert answer("assess", "soka.yaml")["class"]["final"] is False


def test_the_same_input_gives_the_same_bytes(here: Path) -> None:
    words = ("assess", "soka.yaml", "--format", "json")
    assert run(*words).stdout == run(*words).stdout


@pytest.mark.parametrize(("name", "base"), [("firm.yaml", ["--kb", TINY]), ("soka.yaml", [])])
def test_facts_as_printed_fed_back_give_the_same_decision(here: Path, name: str, base: list[str]) -> None:
    first = answer("assess", name, *base)
    dossier = {
        "firm": first["firm"],
        "as_of": first["as_of"],
        "partner": {"name": first["partner"], "facts": {}},
        "facts": first["facts"],
    }
    (here / "back.yaml").write_text(json.dumps(dossier, ensure_ascii=False), encoding="utf-8")
    assert answer("assess", "back.yaml", *base) == first
    # The whole fact as one value means the same too, but for its grade.
    plain = {k: v["value"] for k, v in first["facts"].items() if v["state"] == "known"}
    (here / "plain.yaml").write_text(json.dumps({**dossier, "facts": plain}, ensure_ascii=False), encoding="utf-8")
    assert answer("assess", "plain.yaml", *base)["scores"] == first["scores"]


@pytest.mark.parametrize("executor", trapbase.EXECUTORS[1:])
def test_each_executor_alone_decides_alike(here: Path, executor: str) -> None:
    both, alone = answer("assess", "soka.yaml"), answer("assess", "soka.yaml", "--executor", executor)
    assert len(alone["executors"]) == 1
    for answered in (both, alone):
        del answered["executors"], answered["note"]
    assert alone == both


def test_standard_input(here: Path) -> None:
    for stdin in (DOSSIER, DOSSIER.encode(), "\ufeff" + DOSSIER):
        assert answer("assess", "-", "--kb", TINY, stdin=stdin) == answer("assess", "firm.yaml", "--kb", TINY)
    told = answer("matrix", "-", "--kb", TINY, stdin=MATRIX)
    assert told == answer("matrix", "table.csv", "--kb", TINY)
    assert faults(run("assess", "-", "--kb", TINY, stdin=""), 4)[0].startswith("<stdin>:1:1: KB110 ")
    assert faults(run("matrix", "-", "--kb", TINY, stdin=""), 4)[0].startswith("<stdin>:1:1: KB110 ")
    assert answer("why", "-", "lemah", "--kb", TINY, stdin=DOSSIER)["holds"] is True


def test_the_day_is_the_command_lines_then_the_dossiers(here: Path) -> None:
    assert answer("assess", "firm.yaml", "--kb", TINY)["as_of"] == "2026-06-30"
    told = answer("assess", "firm.yaml", "--kb", TINY, "--as-of", "2005-01-01")
    assert told["as_of"] == "2005-01-01"
    assert "1 Januari 2005" in run("assess", "firm.yaml", "--kb", TINY, "--as-of", "2005-01-01").stdout
    # The limit of that day, and a founding that lies after it.
    assert told["eligibility"]["skala"]["because"][0]["test"] == "at_most 1000000000"
    assert told["derived"]["umur_usaha"] == -20


def test_without_any_day_it_is_today_and_printed(here: Path) -> None:
    (here / "dayless.yaml").write_text(DOSSIER.replace("as_of: 2026-06-30\n", ""), encoding="utf-8")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", answer("assess", "dayless.yaml", "--kb", TINY)["as_of"])


@pytest.mark.parametrize("day", ["0001-01-01", "1990-01-01", "9999-12-31"])
def test_any_day_of_the_calendar_can_be_asked(here: Path, day: str) -> None:
    for words in (["firm.yaml", "--kb", TINY], ["soka.yaml"]):
        assert answer("assess", *words, "--as-of", day)["as_of"] == day
        assert run("assess", *words, "--as-of", day).exit_code == 0


def test_a_day_before_any_law_is_said_in_the_answer(here: Path) -> None:
    told = answer("assess", "firm.yaml", "--kb", TINY, "--as-of", "1999-12-31")
    assert "Pada 1999-12-31 belum satu pun hukum dalam aturan ini berlaku" in told["note"]
    english = answer("assess", "firm.yaml", "--kb", TINY, "--as-of", "1999-12-31", "--lang", "en")
    assert "On 1999-12-31 none of the laws of this rule base is in force yet" in english["note"]
    assert told["trace"]["skala.1_kecil"]["truth"] == "not_in_force"
    text = " ".join(run("assess", "firm.yaml", "--kb", TINY, "--as-of", "1999-12-31").stdout.split())
    assert told["note"] in text
    later = answer("assess", "firm.yaml", "--kb", TINY, "--as-of", "2000-01-01")["note"]
    # Where durable-rules cannot be built every note says so.
    assert "belum satu pun hukum" not in (later or "")


@pytest.mark.parametrize("day", ["", "besok", "31-01-2026", "2026-02-30", "2026-6-1", "20260630", "٢٠٢٦-٠٦-٣٠"])
@pytest.mark.parametrize("command", [["assess", "firm.yaml"], ["why", "firm.yaml", "lemah"]], ids=["assess", "why"])
def test_as_of_must_be_a_day(here: Path, command: list[str], day: str) -> None:
    result = run(*command, "--kb", TINY, "--as-of", day)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for --as-of" in result.stderr


# --- partner


def test_a_partner_file_beside_the_dossier_or_named_on_the_command_line(here: Path) -> None:
    (here / "partners").mkdir()
    (here / "partners" / "one.yaml").write_text("partner: Satu\nfacts: {mutu: baik}\n", encoding="utf-8")
    (here / "two.yaml").write_text("partner: Dua\nfacts: {mutu: cukup}\n", encoding="utf-8")
    named = DOSSIER.replace("partner: {name: Mitra Besar, facts: {mutu: rendah}}", "partner: partners/one.yaml")
    (here / "named.yaml").write_text(named, encoding="utf-8")
    told = answer("assess", "named.yaml", "--kb", TINY)
    assert (told["partner"], told["facts"]["mutu"]["value"]) == ("Satu", "baik")
    told = answer("assess", "named.yaml", "--kb", TINY, "--partner", "two.yaml")
    assert (told["partner"], told["facts"]["mutu"]["value"]) == ("Dua", "cukup")
    # From standard input the path is seen from the working folder.
    assert answer("assess", "-", "--kb", TINY, stdin=named)["partner"] == "Satu"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["named.yaml"], "named.yaml:3:10: DS105 partner file 'none.yaml' is not there."),
        (["firm.yaml", "--partner", "none.yaml"], "none.yaml:1:1: KB101 'none.yaml' cannot be read:"),
        (["firm.yaml", "--partner", "."], ".:1:1: KB101 '.' is a folder, not a file."),
        (["firm.yaml", "--partner", "firm.yaml"], "firm.yaml:1:1: KB201 'firm' is not a key of a partner file."),
    ],
)
def test_a_partner_that_is_missing_or_none(here: Path, words: list[str], wanted: str) -> None:
    named = DOSSIER.replace("partner: {name: Mitra Besar, facts: {mutu: rendah}}", "partner: none.yaml")
    (here / "named.yaml").write_text(named, encoding="utf-8")
    found = faults(run("assess", *words, "--kb", TINY), 4)
    assert any(line.startswith(wanted) for line in found), found


def test_a_fact_stated_by_both_is_a_fault(here: Path) -> None:
    (here / "both.yaml").write_text(DOSSIER + "  mutu: baik\n", encoding="utf-8")
    found = faults(run("assess", "both.yaml", "--kb", TINY), 4)
    assert found[0].startswith("both.yaml:18:3: DS103 'mutu' is stated by the firm and by its partner (both.yaml:3:")
    # A firm that was not asked leaves the word to its partner.
    (here / "both.yaml").write_text(DOSSIER + "  mutu:\n", encoding="utf-8")
    assert answer("assess", "both.yaml", "--kb", TINY)["facts"]["mutu"]["value"] == "rendah"


# --- faulty dossiers and tables


MISSPELT = """\
firm: A
as_of: 31-01-2026
facts:
  penjualan: 12:30
  mutuu: baik
  permintaan: niak
  harga_bahan: 1.250
  laba: 5
notse: []
"""


def test_all_faults_come_at_once_with_what_was_meant(here: Path) -> None:
    (here / "bad.yaml").write_text(MISSPELT, encoding="utf-8")
    for command in (["assess", "bad.yaml"], ["why", "bad.yaml", "lemah"], ["assess", "bad.yaml", "--format", "json"]):
        found = faults(run(*command, "--kb", TINY), 4)
        assert [" ".join(line.split(" ")[:2]) for line in found] == [
            "bad.yaml:2:8: KB305",
            "bad.yaml:4:14: KB301",
            "bad.yaml:5:3: DS101",
            "bad.yaml:6:15: KB203",
            "bad.yaml:7:16: KB304",
            "bad.yaml:8:3: DS102",
            "bad.yaml:9:1: KB201",
        ]
        for line, meant in ((2, "'mutu'"), (3, "'naik'"), (6, "'notes'")):
            assert found[line].endswith(f"Did you mean {meant}?")


@pytest.mark.parametrize("fact", ["mutu_prodk: baik", "mutu_produk: baikk", "penjualan_tahunn: 5"])
def test_what_was_meant_is_said_for_the_shipped_facts_too(here: Path, fact: str) -> None:
    (here / "bad.yaml").write_text(f"firm: A\nfacts:\n  {fact}\n", encoding="utf-8")
    assert "Did you mean '" in faults(run("assess", "bad.yaml"), 4)[0]


def odd_files(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()
    (folder / "folder.csv").mkdir()
    for name in ("huge.yaml", "huge.csv"):
        with open(folder / name, "wb") as stream:
            stream.truncate(100 * 1024 * 1024)
    bomb = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
    (folder / "bomb.yaml").write_text("\n".join(bomb), encoding="utf-8")
    (folder / "deep.yaml").write_text("[" * 100_000, encoding="utf-8")
    (folder / "deeper.yaml").write_text('{"a":' * 100_000, encoding="utf-8")
    (folder / "binary.yaml").write_bytes(bytes(range(256)) * 16)
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 16)
    (folder / "control.yaml").write_bytes(b"firm: \x00\x01\n")
    (folder / "latin.yaml").write_bytes("firm: café\n".encode("latin-1"))
    (folder / "utf16.yaml").write_bytes("firm: A\n".encode("utf-16"))
    (folder / "empty.yaml").write_bytes(b"")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "comment.yaml").write_text("# nothing\n", encoding="utf-8")
    (folder / "two.yaml").write_text("firm: A\n---\nfirm: B\n", encoding="utf-8")
    (folder / "broken.yaml").write_text("firm: [A\nfacts: }\n", encoding="utf-8")
    (folder / "tab.yaml").write_text("firm: A\nfacts:\n\tx: 1\n", encoding="utf-8")
    (folder / "word.yaml").write_text("firm\n", encoding="utf-8")


ODD = {
    "none.yaml": "KB101",
    "folder.yaml": "KB101",
    "huge.yaml": "KB103",
    "bomb.yaml": "KB107",
    "deep.yaml": "KB105",
    "deeper.yaml": "KB105",
    "binary.yaml": "KB102",
    "control.yaml": "KB102",
    "latin.yaml": "KB102",
    "utf16.yaml": "KB102",
    "empty.yaml": "KB110",
    "comment.yaml": "KB110",
    "/dev/null": "KB110",
    "two.yaml": "KB109",
    "broken.yaml": "KB104",
    "tab.yaml": "KB104",
    "word.yaml": "KB204",
    "n" * 300: "KB101",
}


@pytest.mark.parametrize("name", list(ODD), ids=lambda name: name[:20])
def test_a_file_that_is_no_dossier(here: Path, name: str) -> None:
    odd_files(here)
    commands = [["assess", name], ["why", name, "lemah"], ["matrix", name], ["assess", "firm.yaml", "--partner", name]]
    commands.append(["weigh", name])
    for command in commands:
        found = faults(run(*command, "--kb", TINY), 4)
        assert {line.split(": ")[1].split(" ")[0] for line in found} == {ODD[name]}, command
        assert all(line.startswith(f"{name}:") for line in found)


@pytest.mark.parametrize("name", ["none.csv", "folder.csv", "huge.csv", "binary.csv", "empty.csv"])
def test_a_file_that_is_no_table(here: Path, name: str) -> None:
    odd_files(here)
    assert all(line.startswith(f"{name}:") for line in faults(run("matrix", name, "--kb", TINY), 4))


def test_all_faults_of_a_table_come_at_once(here: Path) -> None:
    (here / "bad.csv").write_text("side,text,weight,rating\nX,a,1,4\nS,b,,4\nS,c,1,tinggi\n", encoding="utf-8")
    assert [line.split(" ")[0] for line in faults(run("matrix", "bad.csv", "--kb", TINY), 4)] == [
        "bad.csv:2:1:",
        "bad.csv:3:3:",
        "bad.csv:4:4:",
    ]


# --- why


def test_why_answers_for_every_conclusion_printed(here: Path) -> None:
    told = answer("assess", "firm.yaml", "--kb", TINY)
    holds = {finding["id"]: True for finding in told["findings"]}
    holds |= {one["id"]: False for one in told["undetermined"]}
    holds |= {p["id"]: p["status"] in ("recommended", "possible") for p in told["patterns"]}
    holds |= {term: verdict["value"] is not None for term, verdict in told["eligibility"].items()}
    holds |= {f"{term}={verdict['value']}": True for term, verdict in told["eligibility"].items()}
    holds |= {name: name == told["class"]["id"] for name in ("kuat", "mampu", "harap", "lemah")}
    holds |= {action["action"]: action["holds"] is True for action in told["programme"]}
    holds |= {strategy["id"]: True for strategy in told["strategies"]}
    holds |= {caution["id"]: True for caution in told["cautions"] if caution["kind"] == "programme"}
    holds |= {rule: entry["truth"] == "true" for rule, entry in told["trace"].items()}
    assert set(holds.values()) == {True, False}
    for name, expected in holds.items():
        derived = answer("why", "firm.yaml", name, "--kb", TINY, code=0 if expected else 1)
        assert (derived["conclusion"], derived["holds"] is True) == (name, expected)
        result = run("why", "firm.yaml", name, "--kb", TINY, "--lang", "en")
        assert (result.exit_code, result.stderr) == (0 if expected else 1, "")
        assert len(result.stdout.splitlines()) >= 1


def test_an_action_holds_only_with_a_finding_it_answers(here: Path) -> None:
    calm = DOSSIER.replace("mutu: rendah", "mutu: cukup").replace("permintaan: turun", "permintaan: tetap")
    told = answer("assess", "-", "--kb", TINY, stdin=calm)
    assert "pelatihan" not in [action["action"] for action in told["programme"]]
    assert answer("why", "-", "pelatihan", "--kb", TINY, code=1, stdin=calm)["holds"] is False
    open_one = DOSSIER.replace("mutu: rendah", "mutu: tidak diketahui").replace("permintaan: turun", "permintaan: naik")
    assert answer("why", "-", "pelatihan", "--kb", TINY, code=1, stdin=open_one)["holds"] is None
    cited = answer("why", "firm.yaml", "pelatihan", "--kb", TINY)["because"]
    assert {(step["fact"], step["value"]) for step in cited} == {("mutu", "rendah"), ("permintaan", "turun")}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lemahh", "Did you mean 'lemah'?"),
        ("subkontrka", "Did you mean 'subkontrak'?"),
        ("S-mutuu", "Did you mean 'S-mutu'?"),
        ("tumbu", "Did you mean 'tumbuh'?"),
        ("skala=kecli", "Did you mean 'kecil'?"),
        ("class=lemahh", "Did you mean 'lemah'?"),
        ("S-mutu=ya", "Write 'S-mutu' alone."),
        ("zzzzzz", "Name a class, pattern, finding,"),
        ("", "Name a class, pattern, finding,"),
    ],
)
def test_a_name_that_is_no_conclusion(here: Path, name: str, hint: str) -> None:
    result = run("why", "firm.yaml", name, "--kb", TINY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"'{name}' is not a conclusion. {hint}" in result.stderr


# --- the rule base


def faulty_base(folder: Path) -> str:
    """A copy of the tiny rule base with three faults in two files; the name as typed."""
    shutil.copytree(TINY, folder / "faulty")
    for name, old, new in (
        ("swot/internal/mutu.yaml", "mutu: rendah", "mutu: rendahh"),
        ("swot/internal/mutu.yaml", "rating: 4", "rating: 5"),
        ("patterns/subkontrak.yaml", "above: 50", "abov: 50"),
    ):
        path = folder / "faulty" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return "faulty"


COMMANDS = [
    ["assess", "firm.yaml"],
    ["why", "firm.yaml", "lemah"],
    ["matrix", "table.csv"],
    ["weigh", "none.yaml"],
    ["test"],
    ["show", "facts"],
    ["new", "dossier"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_faulty_rule_base_is_exit_three_with_every_fault(here: Path, command: list[str]) -> None:
    found = faults(run(*command, "--kb", faulty_base(here)), 3)
    assert [line.split(":")[0] for line in found] == [
        "faulty/patterns/subkontrak.yaml",
        "faulty/swot/internal/mutu.yaml",
        "faulty/swot/internal/mutu.yaml",
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("base", ["none", "firm.yaml", "/dev/null", "n" * 5000], ids=lambda name: name[:9])
def test_a_rule_base_that_is_not_there_is_exit_three(here: Path, command: list[str], base: str) -> None:
    assert "is not a folder" in faults(run(*command, "--kb", base), 3)[0]


def test_an_empty_folder_is_no_rule_base(here: Path) -> None:
    (here / "void").mkdir()
    found = faults(run("assess", "firm.yaml", "--kb", "void"), 3)
    assert [line.split(" ")[0] for line in found] == ["void/classes.yaml:1:1:", "void/manifest.yaml:1:1:"]


def test_the_environment_names_the_rule_base_and_the_option_wins(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITRA_KB", TINY)
    assert answer("assess", "firm.yaml")["knowledge"]["name"] == "tiny"
    assert answer("check")["problems"] == []
    monkeypatch.setenv("MITRA_KB", "none")
    for command in COMMANDS:
        assert run(*command).exit_code == 3
    assert run("check").exit_code == 1
    assert answer("assess", "firm.yaml", "--kb", TINY)["knowledge"]["name"] == "tiny"
    assert run("check", TINY).exit_code == 0


def test_check_tells_every_fault_and_exits_one(here: Path) -> None:
    base = faulty_base(here)
    for words in (["check", base], ["check", "--kb", base]):
        result = run(*words)
        assert result.exit_code == 1
        lines = result.stderr.splitlines()
        assert len(lines) == 3
        assert all(FAULT.match(line) for line in lines)
        assert result.stdout == "faulty: 3 errors, 0 doubts.\n"
    told = answer("check", base, code=1)["problems"]
    line = "{file}:{line}:{column}: {code} {message} {remedy}"
    assert [line.format(**problem) for problem in told] == lines
    assert {problem["severity"] for problem in told} == {"error"}


def test_check_allows_doubts(here: Path) -> None:
    shutil.copytree(TINY, here / "doubtful")
    path = here / "doubtful" / "swot" / "internal" / "mutu.yaml"
    text = path.read_text(encoding="utf-8").replace("{id: Mutu menjual, en: Quality sells}", "Mutu menjual")
    path.write_text(text, encoding="utf-8")
    result = run("check", "doubtful")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "KB208 doubt:" in result.stdout
    assert "doubtful: 0 errors, 1 doubts." in result.stdout
    assert answer("check", "doubtful")["problems"][0]["severity"] == "doubt"
    assert run("assess", "firm.yaml", "--kb", "doubtful").exit_code == 0


def test_strict_takes_doubts_for_errors_but_not_accepted_ones(here: Path) -> None:
    assert run("check", TINY, "--strict").exit_code == 0
    shutil.copytree(TINY, here / "doubtful")
    path = here / "doubtful" / "swot" / "internal" / "mutu.yaml"
    text = path.read_text(encoding="utf-8").replace("{mutu: baik, tenaga: 4}", "{mutu: baik, tenaga: 3}")
    path.write_text(text, encoding="utf-8")
    result = run("check", "doubtful", "--strict")
    assert result.exit_code == 1
    assert "doubtful: 0 errors, 1 doubts." in result.stdout
    assert answer("check", "doubtful", "--strict", code=1)["problems"][0]["severity"] == "doubt"
    manifest = here / "doubtful" / "manifest.yaml"
    why = "accepted:\n  - {doubt: KB515, about: S-mutu, why: {id: Sengaja, en: On purpose}}\n"
    manifest.write_text(manifest.read_text(encoding="utf-8") + why, encoding="utf-8")
    result = run("check", "doubtful", "--strict")
    assert (result.exit_code, result.stdout) == (0, "doubtful: 0 errors, 0 doubts, 1 accepted in the manifest.\n")


@pytest.mark.parametrize("base", ["none", "n" * 5000], ids=lambda name: name[:9])
def test_check_of_nothing_is_exit_one(here: Path, base: str) -> None:
    assert answer("check", base, code=1)["problems"][0]["code"] == "KB101"


def test_check_of_the_shipped_rules(here: Path) -> None:
    assert answer("check", "--strict")["problems"] == []


def test_test_exits_one_when_a_case_fails(here: Path) -> None:
    told = answer("test", "--kb", TINY)
    assert (told["failed"], told["failures"]) == (0, [])
    shutil.copytree(TINY, here / "wrong")
    path = here / "wrong" / "cases" / "cases.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("class: kuat", "class: lemah"), encoding="utf-8")
    told = answer("test", "--kb", "wrong", code=1)
    assert told["failed"] == 1
    failure = told["failures"][0]
    assert (failure["expected"], failure["got"]) == ({"class": "lemah"}, {"class": "kuat"})
    assert (failure["file"], failure["line"]) == ("wrong/cases/cases.yaml", 1)
    result = run("test", "--kb", "wrong")
    assert result.exit_code == 1
    assert "wrong/cases/cases.yaml:1: FAILED Kuat dan disukai pasar" in result.stdout


@pytest.mark.parametrize("executor", trapbase.EXECUTORS[1:])
def test_test_runs_on_one_executor(here: Path, executor: str) -> None:
    assert answer("test", "--kb", TINY, "--executor", executor) == answer("test", "--kb", TINY)


# --- show


KINDS = (
    "facts",
    "factors",
    "findings",
    "patterns",
    "principles",
    "classes",
    "strategies",
    "actions",
    "cautions",
    "cases",
    "sources",
    "eligibility",
    "parameters",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_show_lists_each_kind_and_each_entry(here: Path, kind: str, lang: str) -> None:
    entries = answer("show", kind, "--kb", TINY, "--lang", lang)
    assert len(entries) >= 1
    listed = run("show", kind, "--kb", TINY, "--lang", lang)
    assert (listed.exit_code, listed.stderr) == (0, "")
    for entry in entries:
        assert entry["id"] in listed.stdout
    one = entries[0]
    (alone,) = answer("show", one["id"], "--kb", TINY, "--lang", lang)
    # An id that is a fact as well is shown as the fact.
    assert alone["id"] == one["id"]
    shown = run("show", one["id"], "--kb", TINY, "--lang", lang)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert one["id"] in shown.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_show_on_the_shipped_rules(here: Path, kind: str) -> None:
    assert len({entry["id"] for entry in answer("show", kind)}) == len(answer("show", kind))


def test_the_help_names_every_kind_of_show() -> None:
    from engine.say import listing

    told = run("show", "--help").stdout
    assert set(KINDS) == set(listing.KINDS) == set(listing.COLUMNS)
    assert all(f" {kind}" in told for kind in KINDS)


NAMING = ("id", "rule", "action", "pattern", "fact")
LISTING = ("source", "findings", "recommended", "possible", "missing", "waits_for", "answers", "pairs", "principles")


def named(answer: Any) -> set[str]:
    """Every id in an answer, wherever it stands."""
    if isinstance(answer, list):
        return {name for item in answer for name in named(item)}
    if not isinstance(answer, dict):
        return set()
    found = {answer[key] for key in NAMING if isinstance(answer.get(key), str)}
    found |= {name for key in LISTING for name in answer.get(key) or () if isinstance(name, str)}
    found |= set(answer.get("trace", ()))
    return found | {name for value in answer.values() for name in named(value)}


@pytest.mark.once
@pytest.mark.parametrize("sample", ["genteng_kebumen", "toko_bangunan_dikuasai", "laundry_kampus"])
def test_every_id_of_an_answer_can_be_shown(sample: str) -> None:
    from engine.say.listing import listing

    knowledge = kb.load(kb.shipped(), "rules")
    told = answer("assess", str(ROOT / "samples" / f"{sample}.yaml"))
    # The present relation is a fact's value, which need not be a pattern.
    del told["present_relation"]
    ids = named(told)
    assert {caution["id"] for caution in told["cautions"]} <= ids
    assert set(told["trace"]) <= ids
    for name in ids:
        assert listing(knowledge, name, "id")[0]["id"] == name


@pytest.mark.parametrize(
    ("name", "kind", "tells"),
    [
        ("subkontrak.requires", "requires", "bersedia is ya"),
        ("subkontrak.eligible_1", "eligible", "Usahanya kecil"),
        ("subkontrak.bar_1", "bar", "pangsa above 50"),
        ("subkontrak.caution_1", "pattern_caution", "perputaran below 1"),
        ("subkontrak.saling_perlu", "principle", "S-mutu is ya"),
        ("binaan.saling_perlu", "principle", "bersedia is ya"),
        ("binaan.closed", "closed", "Pembinaan saja"),
    ],
)
def test_a_single_rule_is_shown_by_the_id_that_answers_print(here: Path, name: str, kind: str, tells: str) -> None:
    (alone,) = answer("show", name, "--kb", TINY)
    assert (alone["id"], alone["kind"], alone["of"]) == (name, kind, name.split(".")[0])
    shown = run("show", name, "--kb", TINY)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert tells in " ".join(shown.stdout.split())
    assert alone["source"]
    if kind != "closed":
        (owner,) = answer("show", alone["of"], "--kb", TINY)
        assert name in owner["rules"]


def test_a_term_of_eligibility_names_what_it_reads(here: Path) -> None:
    (term,) = answer("show", "skala", "--kb", TINY)
    facts = {entry["id"] for entry in answer("show", "facts", "--kb", TINY)}
    assert term["reads"]
    assert set(term["reads"]) <= facts
    for name in term["rules"]:
        assert answer("show", name, "--kb", TINY)[0]["kind"] == "eligibility"


@pytest.mark.parametrize(("lang", "yes", "no"), [("id", "ya", "tidak"), ("en", "yes", "no")])
def test_yes_and_no_are_shown_as_they_are(here: Path, lang: str, yes: str, no: str) -> None:
    """A table of text once turned every word into `True`."""
    for name, word in (("subkontrak", no), ("binaan", yes)):
        lines = run("show", name, "--kb", TINY, "--lang", lang).stdout.splitlines()
        assert [line.split() for line in lines if line.startswith("fallback")] == [["fallback", word]]
        assert answer("show", name, "--kb", TINY)[0]["fallback"] is (word == yes)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_shown_alone_has_no_empty_line_and_no_word_of_python(here: Path, kind: str) -> None:
    for entry in answer("show", kind, "--kb", TINY):
        shown = run("show", entry["id"], "--kb", TINY, "--lang", "en").stdout
        assert all(len(line.split(maxsplit=1)) == 2 or line.startswith(" ") for line in shown.splitlines()), shown
        assert not {"None", "True", "False", "[]", "{}", "≈"} & set(re.split(r"[\s,:()]+", shown)), shown


def test_a_fact_names_the_findings_that_read_it_and_its_factor(here: Path) -> None:
    findings = {entry["id"]: entry for entry in answer("show", "findings", "--kb", TINY)}
    facts = {entry["id"]: entry for entry in answer("show", "facts", "--kb", TINY)}
    factors = {entry["id"]: entry for entry in answer("show", "factors", "--kb", TINY)}
    for name, finding in findings.items():
        assert all(name in facts[fact]["findings"] for fact in finding["reads"])
    # Through a derived fact as well.
    assert "S-laba" in facts["penjualan"]["findings"]
    shared = set(facts) & set(factors)
    assert shared
    for name in shared:
        assert (facts[name]["factor"]["why"], facts[name]["axis"]) == (factors[name]["why"], factors[name]["axis"])
        assert factors[name]["why"] in " ".join(run("show", name, "--kb", TINY).stdout.split())
    assert not {"findings", "factor"} & set(facts["bersedia"])


def test_numbers_of_a_fact_are_shown_with_their_unit() -> None:
    shown = " ".join(run("show", "penjualan_tahunan").stdout.split())
    assert "max Rp 10.000.000.000.000 per tahun" in shown
    assert "step 0,1 km" in " ".join(run("show", "jarak_mitra").stdout.split())
    assert "siup_tdp = trade licence (SIUP/TDP)" in " ".join(run("show", "izin_usaha", "--lang", "en").stdout.split())


@pytest.mark.parametrize(
    ("name", "hint"), [("fatcs", "Did you mean 'facts'?"), ("S-mutuu", "Did you mean 'S-mutu'?"), ("zzz", "")]
)
def test_show_of_nothing_is_a_usage_fault(here: Path, name: str, hint: str) -> None:
    result = run("show", name, "--kb", TINY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"'{name}' is nothing in this rule base. {hint}".strip() in result.stderr


# --- init and new


def test_init_copies_rules_that_check(here: Path) -> None:
    result = run("init", "mine")
    assert (result.exit_code, result.stderr) == (0, "")
    assert not list((here / "mine").rglob("*.py"))
    assert run("check", "mine").exit_code == 0
    first = answer("assess", "soka.yaml")
    own = answer("assess", "soka.yaml", "--kb", "mine")
    assert own == first
    assert own["knowledge"]["digest"] == first["knowledge"]["digest"]


def test_init_takes_an_empty_folder(here: Path) -> None:
    (here / "mine").mkdir()
    assert run("init", "mine").exit_code == 0
    assert run("init", "deep/down/mine").exit_code == 0
    assert (here / "deep" / "down" / "mine" / "manifest.yaml").is_file()


def test_init_overwrites_nothing(here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    for target in ("mine", "firm.yaml", "firm.yaml/mine", "n" * 300, "/dev/null/mine"):
        result = run("init", target)
        assert (result.exit_code, result.stdout) == (2, ""), target
        assert "Error: " in result.stderr
    assert [path.name for path in (here / "mine").iterdir()] == ["notes.txt"]
    assert (here / "firm.yaml").read_text(encoding="utf-8") == DOSSIER


def test_init_does_not_copy_the_shipped_rules_into_themselves(here: Path) -> None:
    target = ROOT / "rules" / "swot" / "mine"
    result = run("init", str(target))
    assert result.exit_code == 2
    assert "inside the shipped rules" in result.stderr
    assert not target.exists()


@pytest.mark.parametrize("base", [["--kb", TINY], []], ids=["tiny", "shipped"])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_blank_dossier_can_be_read_as_it_is(here: Path, base: list[str], lang: str) -> None:
    printed = run("new", "dossier", "--lang", lang, *base)
    assert (printed.exit_code, printed.stderr) == (0, "")
    told = answer("assess", "-", *base, stdin=printed.stdout)
    assert told["class"]["final"] is False
    assert {fact["state"] for fact in told["facts"].values()} == {"not_asked"}
    assert told["partner"] is None
    written = run("new", "dossier", "--lang", lang, "--out", "new.yaml", *base)
    assert written.exit_code == 0
    assert (here / "new.yaml").read_text(encoding="utf-8") == printed.stdout


def test_a_new_dossier_overwrites_nothing(here: Path) -> None:
    for target in ("firm.yaml", "none/new.yaml", ".", "n" * 300, ""):
        result = run("new", "dossier", "--kb", TINY, "--out", target)
        assert (result.exit_code, result.stdout) == (2, ""), target
        assert f"Error: '{target}' " in result.stderr
    assert (here / "firm.yaml").read_text(encoding="utf-8") == DOSSIER


# --- disagreement and usage


Fired = dict[str, dict[str, int]]


def second_executor(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Fired], Fired]) -> None:
    """Stand in for durable-rules: what fires by the definition, spoilt. Works where durable-rules cannot be built."""

    class Spoilt:
        def __init__(self, conditions: Mapping[str, Condition]) -> None:
            self.conditions, self.codes = conditions, shards.term_codes(conditions)

        def coded(self, values: Mapping[str, Code]) -> dict[str, int]:
            self.values = values
            return {t: code.encode(values[t]) for t, code in self.codes.items() if t in values}

        def fire_coded(self, coded: Mapping[str, int]) -> Fired:
            values = self.values
            true = (name for name, truth in reference.fire(self.conditions, values).items() if truth)
            read = {name: reference.support(self.conditions[name], values) for name in true}
            return spoil({n: {t: self.codes[t].encode(v) for t, v in found.items()} for n, found in read.items()})

    monkeypatch.setattr(durable, "available", lambda: "")
    monkeypatch.setattr(durable, "build", Spoilt)


def test_a_second_executor_that_agrees_changes_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answer("assess", "firm.yaml", "--kb", TINY, "--executor", "reference")
    second_executor(monkeypatch, lambda fired: fired)
    told = answer("assess", "firm.yaml", "--kb", TINY)
    assert told == {**before, "executors": [durable.NAME, "reference"]}


@pytest.mark.parametrize("rule", ["W-mutu", "skala.1_kecil", "subkontrak.requires", "muda"])
@pytest.mark.parametrize("command", [["assess", "firm.yaml"], ["why", "firm.yaml", "lemah"]], ids=["assess", "why"])
def test_no_decision_is_issued_when_the_executors_differ(
    here: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], rule: str
) -> None:
    second_executor(monkeypatch, lambda fired: {name: read for name, read in fired.items() if name != rule})
    result = run(*command, "--kb", TINY, "--format", "json")
    assert (result.exit_code, result.stdout) == (5, "")
    assert f"{rule}: reference says true on" in result.stderr
    assert "durable-rules did not fire it" in result.stderr
    assert f"trace of reference: {rule} true" in result.stderr
    assert f"trace of {durable.NAME}: {rule} " not in result.stderr
    # One executor alone has nobody to disagree with.
    assert run(*command, "--kb", TINY, "--executor", "reference").exit_code == 0


def test_other_matched_values_are_a_disagreement_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(fired: Fired) -> Fired:
        return {name: {t: v + 1 for t, v in read.items()} if name == "W-mutu" else read for name, read in fired.items()}

    second_executor(monkeypatch, wrong)
    result = run("assess", "firm.yaml", "--kb", TINY)
    assert (result.exit_code, result.stdout) == (5, "")
    assert "W-mutu: reference read {'mutu': 0}, durable-rules matched {'mutu': 1}" in result.stderr
    assert f"trace of {durable.NAME}: W-mutu true on {{'mutu': 1}}" in result.stderr
    assert run("test", "--kb", TINY).exit_code == 5


def test_a_fault_of_durable_rules_is_no_decision_either(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(fired: Fired) -> Fired:
        raise durable.DurableFault("durable-rules answered 207 to 3 facts")

    second_executor(monkeypatch, broken)
    result = run("assess", "firm.yaml", "--kb", TINY)
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr == "durable-rules answered 207 to 3 facts\n"


def test_without_durable_rules_the_reference_decides_and_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answer("assess", "firm.yaml", "--kb", TINY, "--executor", "reference")
    monkeypatch.setattr(durable, "available", lambda: "no such module")
    told = answer("assess", "firm.yaml", "--kb", TINY)
    assert told["executors"] == ["reference"]
    assert "no such module" in told["note"]
    assert {**told, "note": None} == before
    result = run("assess", "firm.yaml", "--kb", TINY, "--executor", "durable")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such module" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["assess"],
        ["assess", "firm.yaml", "extra"],
        ["assess", "firm.yaml", "--lang", "fr"],
        ["assess", "firm.yaml", "--format", "xml"],
        ["assess", "firm.yaml", "--executor", "prolog"],
        ["assess", "firm.yaml", "--kb"],
        ["why", "firm.yaml"],
        ["matrix"],
        ["matrix", "table.csv", "--ratings", "other"],
        ["weigh"],
        ["weigh", "ahli.yaml", "--force"],
        ["weigh", "ahli.yaml", "--as-of", "besok"],
        ["show"],
        ["init"],
        ["new"],
        ["new", "rule"],
        ["check", "--as-of", "2026-06-30"],
        ["asses"],
        ["--nothing"],
    ],
    ids=" ".join,
)
def test_usage_faults_are_exit_two(here: Path, words: list[str]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr or "Usage: " in result.stderr


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["assess", "-h"], ["new", "dossier", "--help"]], ids=" ".join)
def test_help_is_exit_zero(words: list[str]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Usage: " in result.stdout


# --- real processes


def process(*words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(ROOT / "cli.py"), *words]
    kept = {key: value for key, value in os.environ.items() if key != "MITRA_KB"}
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env={**kept, **environment})


def test_a_process_reads_standard_input_and_prints_utf8_whatever_the_locale(here: Path) -> None:
    dossier = DOSSIER.replace("Usaha Contoh", "Usaha Ibu Ñ — 界")
    for encoding in ("ascii", "latin-1", "utf-8"):
        done = process(
            "assess", "-", "--kb", TINY, stdin=dossier.encode(), PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0"
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert "Usaha Ibu Ñ — 界" in done.stdout.decode("utf-8")


def test_processes_end_with_their_exit_codes(here: Path) -> None:
    assert process("assess", "firm.yaml", "--kb", TINY).returncode == 0
    assert process("why", "firm.yaml", "kuat", "--kb", TINY).returncode == 1
    assert process("assess", "--kb", TINY).returncode == 2
    assert process("assess", "firm.yaml", MITRA_KB="none").returncode == 3
    done = process("assess", "-", "--kb", TINY, stdin=b"[" * 100_000)
    assert (done.returncode, done.stdout) == (4, b"")
    # The column is ours (41) or that at which a newer libyaml stops by itself.
    assert re.fullmatch(rb"<stdin>:1:\d+: KB105 .*\n", done.stderr)
    done = process("assess", "none.yaml", "--kb", TINY)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (4, b"", 1)


def test_a_process_survives_a_reader_that_goes_away(here: Path) -> None:
    command = f'"{sys.executable}" "{ROOT / "cli.py"}" assess soka.yaml --format json | head -c 10'
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert done.stdout == b'{\n  "schem'
    assert b"Traceback" not in done.stderr


def test_bounds_the_solver_cannot_tell_are_no_decision(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine import decide, solve

    def unsolved(engine: object, dossier: object) -> None:
        raise solve.Unsolved("the solver could not bound the margins (unknown); no decision is issued")

    monkeypatch.setattr(decide, "decide", unsolved)
    result = run("assess", "firm.yaml", "--kb", TINY)
    assert (result.exit_code, result.stdout) == (5, "")
    assert "no decision is issued" in result.stderr


def test_a_part_of_a_name_finds_the_names_that_hold_it(here: Path) -> None:
    result = run("show", "mutu", "--kb", str(ROOT / "rules"))
    assert result.exit_code == 2
    assert result.stderr.count(" mutu_produk") == 1


def test_in_a_rule_base_of_ones_own_the_shipped_one_is_not_meant_in_silence(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(TINY))
    told = run("check")
    assert told.stderr == "These are the shipped rules. For the rule base in this folder, name it: '.'\n"
    assert run("check", ".").stderr == ""


def test_what_only_tries_the_rules_does_not_stop_a_decision(here: Path) -> None:
    """Cases and invariants decide nothing: a faulty one fails check and test, and the digest leaves them out."""
    shutil.copytree(TINY, here / "mine")
    before = answer("assess", "firm.yaml", "--kb", "mine")["knowledge"]["digest"]
    (here / "mine" / "cases" / "cases.yaml").write_text("- case: Tanpa hari\n", encoding="utf-8")
    (here / "mine" / "invariants.yaml").write_text("- invariant: satu\n", encoding="utf-8")
    assert answer("assess", "firm.yaml", "--kb", "mine")["knowledge"]["digest"] == before
    assert run("check", "mine").exit_code == 1
    assert run("test", "--kb", "mine").exit_code == 3
