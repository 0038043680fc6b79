"""Every problem code: a broken input that causes it, where it is reported, and what the person is told to write.

Each file of `tests/problems` is named after its code and lists examples. An example lays files over the valid rule
base of `tests/tiny` (`files`, `change`, `remove`, `make`), or reads a `dossier`, a `matrix` or `comparisons`, and says
where (`at`, as file:line:column) and with which words (`says`, `remedy`) the problem comes.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import kb
from engine.prove import prove
from kb.compare import read_comparisons
from kb.matrix import read_matrix
from kb.problem import CODES, LIMIT, Mark, Problems
from kb.source import MAX_BYTES, MAX_DEPTH

HERE = Path(__file__).parent
TINY = HERE / "tiny"
PROBLEMS = HERE / "problems"
DOCUMENT = HERE.parent / "docs" / "problems.md"

LONG_STEP = """\
- id: panjang
  label: {id: Panjang, en: Long}
  type: decimal
  min: 0
  max: 1
  step: %s
  ask: {id: Berapa?, en: How much?}
  answered_by: firm
  evidence: {id: Buku, en: Book}
"""

# Inputs that are not text, or too long to keep.
MADE: dict[str, Callable[[Path], object]] = {
    "folder": lambda path: path.mkdir(),
    "latin1": lambda path: path.write_bytes("# kata\n# café\n".encode("latin-1")),
    "control": lambda path: path.write_bytes("values: {}\n# é é \x01\n".encode()),
    "huge": lambda path: path.write_bytes(b"#" * (MAX_BYTES + 1)),
    "deep": lambda path: path.write_text("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), encoding="utf-8"),
    "long_step": lambda path: path.write_text(LONG_STEP % ("1" * 5000), encoding="utf-8"),
    "many_keys": lambda path: path.write_text("\n".join(["firm: A", *(f"k{n}: v" for n in range(2000))])),
    "same_key": lambda path: path.write_text("values: {}\n" * 2000),
    "no_numbers": lambda path: path.write_text("side,text,weight,rating\n" + "S,a,b,c\n" * 2000),
    "long_name": lambda path: path.write_text(f"firm: {'a' * 201}\nfacts: {{}}\n"),
    "long_partner": lambda path: path.write_text(f"firm: A\npartner: {'p' * 5000}\nfacts: {{}}\n", encoding="utf-8"),
}


def examples() -> list[Any]:
    found = []
    for path in sorted(PROBLEMS.glob("*.yaml")):
        for example in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(pytest.param(path.stem, example, id=f"{path.stem} {example['why']}"))
    return found


def lay(example: dict[str, Any], folder: Path) -> None:
    """Put the example's files in place; a change must find its words exactly once."""
    for name in example.get("remove", ()):
        (folder / name).unlink()
    for name, text in example.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, changes in example.get("change", {}).items():
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, f"{name}: {old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    for name, kind in example.get("make", {}).items():
        MADE[kind](folder / name)


def problems_of(code: str, example: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[kb.Problem]:
    """What is found; names are shown as the user would type them in `folder`."""
    rules = folder / "tiny"
    shutil.copytree(TINY, rules)
    monkeypatch.chdir(folder)
    if "dossier" in example:
        facts = kb.load(rules).facts
        lay(example, folder)
        with pytest.raises(kb.FaultyDossier) as faulty:
            kb.read_dossier(Path(example["dossier"]), example["dossier"], facts)
        return list(faulty.value.problems)
    if "matrix" in example:
        lay(example, folder)
        with pytest.raises(kb.FaultyDossier) as faulty:
            read_matrix(Path(example["matrix"]), example["matrix"])
        return list(faulty.value.problems)
    if "comparisons" in example:
        factors = kb.load(rules).factors
        lay(example, folder)
        with pytest.raises(kb.FaultyDossier) as faulty:
            read_comparisons(Path(example["comparisons"]), example["comparisons"], factors)
        return list(faulty.value.problems)
    lay(example, rules)
    knowledge, found = kb.examine(rules, "tiny")
    if code.startswith("PR"):
        assert knowledge is not None
        assert not found.errors, found.errors
        return list(prove(knowledge, lambda: example.get("seconds", 60)).problems)
    return list(found)


def test_the_tiny_rule_base_has_no_problems() -> None:
    knowledge, problems = kb.examine(TINY, "tiny")
    assert knowledge is not None
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize(("code", "example"), examples())
def test_exactly_this_problem_is_found(
    code: str, example: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = problems_of(code, example, tmp_path, monkeypatch)
    if code == "KB112":
        # It closes a list that has been cut short.
        assert len(found) == LIMIT + 1
        found = [problem for problem in found if problem.code == code]
    if example.get("among_others"):
        found = [problem for problem in found if (problem.code, str(problem.mark)) == (code, example["at"])]
    assert [problem.code for problem in found] == [code], "\n".join(map(str, found))
    problem = found[0]
    assert str(problem.mark) == example["at"]
    assert example["says"] in problem.message
    assert example.get("remedy", "") in problem.remedy
    assert problem.remedy.strip().endswith(".") or problem.remedy.strip().endswith("?")
    assert problem.severity == ("doubt" if example.get("doubt") else "open" if example.get("open") else "error")


def test_every_code_has_a_broken_file_and_a_heading() -> None:
    broken = {path.stem for path in PROBLEMS.glob("*.yaml")}
    document = DOCUMENT.read_text(encoding="utf-8")
    assert broken == set(CODES)
    assert re.findall(r"^## (\w+) (.+)$", document, re.M) == list(CODES.items())
    for section in re.split(r"^## ", document, flags=re.M)[1:]:
        # What it means, the least that causes it, what to write instead.
        assert section.count("```") >= 2, section
        assert "Instead:" in section, section


# One fault each, of every stage of reading and checking, none of which is the cause of another.
MANY_FAULTS: dict[str, Any] = {
    "files": {"law/broken.yaml": "- source: [\n", "vocab/lost.yaml": "[]\n"},
    "change": {
        "vocabulary/facts.yaml": {
            # The rules that read it stay quiet: a condition of `mutu`, an example, a case.
            "values: [rendah, cukup, baik]\n  value_labels": "values: [rendah]\n  value_labels",
            "  min: 0\n  max: 500": "  min: 900\n  max: 500",
        },
        "vocabulary/derived.yaml": {"[penjualan, modal], when_zero: 0": "[penjualan, modal]"},
        "law/law.yaml": {"{from: 2000-01-01, until: 2009-12-31": "{from: 2000-13-01, until: 2009-12-31"},
        "eligibility/skala.yaml": {"  - value: besar\n    source: [asumsi]": "  - value: besar\n    source: [asumsii]"},
        "swot/internal/mutu.yaml": {"answered_by: [pelatihan]": "answered_by: [pelatihann]"},
        "swot/internal/laba.yaml": {"fires: [{penjualan: 100, biaya: 80}]": "fires: [{penjualan: 100}]"},
        "swot/external/permintaan.yaml": {"when: {permintaan: turun}": "when: {permintaan: {at_most: naik}}"},
        "swot/external/bahan.yaml": {"when: {harga_bahan: {above: 10}}": "when: {harga_bahan: {abov: 10}}"},
        "classes.yaml": {"tie_band: 0.1": "tie_band: 2"},
        "patterns/binaan.yaml": {"requires: {bersedia: true}": "requires: {bersedi: true}"},
        "patterns/subkontrak.yaml": {"in_force: {from: 2000-01-01}\nsource: [uu-1-2000]": "source: [uu-9]"},
        "principles.yaml": {"for: {subkontrak": "for: {sub_kontrak"},
        "programme/programme.yaml": {"outer: [O-permintaan]": "outer: [T-permintaan]", "when: {laba": "when: {labaa"},
        "cases/cases.yaml": {"findings: {present: [S-laba,": "findings: {present: [S-labaa,"},
        "manifest.yaml": {"present_relation: pola_saat_ini": "present_relation: pola"},
    },
}
MANY_FOUND = [
    ("cases/cases.yaml", "KB416", "'S-labaa' is not a finding"),
    ("classes.yaml", "KB302", "the tie band"),
    ("eligibility/skala.yaml", "KB409", "'asumsii'"),
    ("law/broken.yaml", "KB104", ""),
    ("law/law.yaml", "KB305", "2000-13-01"),
    ("manifest.yaml", "KB416", "present_relation 'pola'"),
    ("patterns/binaan.yaml", "KB401", "'bersedi'"),
    ("patterns/subkontrak.yaml", "KB409", "'uu-9'"),
    ("principles.yaml", "KB201", "'sub_kontrak'"),
    ("programme/programme.yaml", "KB401", "'labaa'"),
    ("programme/programme.yaml", "KB416", "'T-permintaan' is not on side O"),
    ("swot/external/bahan.yaml", "KB201", "'abov'"),
    ("swot/external/permintaan.yaml", "KB408", "can hold at once"),
    ("swot/internal/laba.yaml", "KB417", "leaves biaya unsaid"),
    ("swot/internal/mutu.yaml", "KB416", "'pelatihann' is not an action"),
    ("vocab/lost.yaml", "KB111", ""),
    ("vocabulary/derived.yaml", "KB405", "'modal' can be zero"),
    ("vocabulary/facts.yaml", "KB203", "'values' must be two or more"),
    ("vocabulary/facts.yaml", "KB308", "the range is empty"),
]


def test_independent_faults_are_found_at_once_and_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems_of("", MANY_FAULTS, tmp_path, monkeypatch)
    shown = "\n".join(map(str, found))
    assert sorted((p.mark.file, p.code) for p in found) == [(f"tiny/{file}", code) for file, code, _ in MANY_FOUND], (
        shown
    )
    for file, code, words in MANY_FOUND:
        assert any(p.mark.file == f"tiny/{file}" and p.code == code and words in p.message for p in found), shown


# Each of these files falls out whole; nobody who relies on it is called wrong.
@pytest.mark.parametrize(
    "name", [str(p.relative_to(TINY)) for p in sorted(TINY.rglob("*.yaml")) if p.name != "manifest.yaml"]
)
def test_an_unreadable_file_is_one_problem(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = (TINY / name).read_text(encoding="utf-8")
    found = problems_of("", {"files": {name: f"{written}\n  : ] {{\n"}}, tmp_path, monkeypatch)
    assert [(p.mark.file, p.code) for p in found if p.severity == "error"] == [(f"tiny/{name}", "KB104")], found


def test_a_case_like_one_in_an_unreadable_file_is_not_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = "- case: Lain\n  as_of: 2026-06-30\n  like: Kuat dan disukai pasar\n  facts: {}\n  expect: {class: kuat}\n"
    written = (TINY / "cases" / "cases.yaml").read_text(encoding="utf-8")
    files = {"cases/cases.yaml": f"{written}\n  : ] {{\n", "cases/more.yaml": more}
    assert [p.code for p in problems_of("", {"files": files}, tmp_path, monkeypatch)] == ["KB104"]


def test_a_faulty_rule_base_does_not_load(tmp_path: Path) -> None:
    rules = tmp_path / "tiny"
    shutil.copytree(TINY, rules)
    (rules / "manifest.yaml").unlink()
    with pytest.raises(kb.FaultyKnowledge) as faulty:
        kb.load(rules, "tiny")
    assert [problem.code for problem in faulty.value.problems] == ["KB101"]
    with pytest.raises(kb.FaultyKnowledge, match="is not a folder"):
        kb.load(tmp_path / "missing")


def test_a_message_does_not_grow_with_what_it_quotes() -> None:
    problems = Problems()
    problems.error("KB201", Mark("f"), f"'{'k' * 50_000}' is not a key of a dossier.", "Remove it.")
    (found,) = problems
    assert len(found.message) < 1000
    assert found.message.startswith("'kkk")
    assert found.message.endswith("k' is not a key of a dossier.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name on this system")
def test_a_pipe_in_a_rule_base_is_named_and_not_waited_for(tmp_path: Path) -> None:
    rules = tmp_path / "tiny"
    shutil.copytree(TINY, rules)
    os.mkfifo(rules / "law" / "pipe.yaml")
    found = [str(p) for p in kb.examine(rules, "tiny")[1].errors]
    assert found == ["tiny/law/pipe.yaml:1:1: KB101 'law/pipe.yaml' is not a file that can be read. Remove it."]


@pytest.mark.parametrize("folder", ["law", "cases", "swot/internal", "patterns"])
def test_a_manifest_in_a_folder_of_the_rule_base_hides_nothing(folder: str, tmp_path: Path) -> None:
    rules = tmp_path / "tiny"
    shutil.copytree(TINY, rules)
    shutil.copy(rules / "manifest.yaml", rules / folder / "manifest.yaml")
    found = list(kb.examine(rules, "tiny")[1].errors)
    assert found
    assert {problem.mark.file for problem in found} == {f"tiny/{folder}/manifest.yaml"}
