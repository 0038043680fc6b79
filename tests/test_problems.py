"""Every problem code: a broken input that causes it, where it is reported, and what the person is told to write.

Each file of `tests/problems` is named after its code and lists examples. An example lays files over the valid rule
base of `tests/tiny` (`files`, `change`, `remove`, `make`), or reads a `dossier` or a `matrix`, and says where (`at`,
as file:line:column) and with which words (`says`) the problem comes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import kb
from kb.matrix import read_matrix
from kb.problem import CODES, LIMIT
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


def problems_of(example: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[kb.Problem]:
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
    lay(example, rules)
    return list(kb.examine(rules, "tiny")[1])


def test_the_tiny_rule_base_has_no_problems() -> None:
    knowledge, problems = kb.examine(TINY, "tiny")
    assert knowledge is not None
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize(("code", "example"), examples())
def test_exactly_this_problem_is_found(
    code: str, example: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = problems_of(example, tmp_path, monkeypatch)
    if code == "KB112":
        # It closes a list that has been cut short.
        assert len(found) == LIMIT + 1
        found = [problem for problem in found if problem.code == code]
    assert [problem.code for problem in found] == [code], "\n".join(map(str, found))
    problem = found[0]
    assert str(problem.mark) == example["at"]
    assert example["says"] in problem.message
    assert problem.remedy.strip().endswith(".") or problem.remedy.strip().endswith("?")
    assert problem.severity == ("doubt" if example.get("doubt") else "error")


def test_every_code_has_a_broken_file_and_a_heading() -> None:
    broken = {path.stem for path in PROBLEMS.glob("*.yaml")}
    document = DOCUMENT.read_text(encoding="utf-8")
    assert broken == set(CODES)
    assert re.findall(r"^## (\w+) (.+)$", document, re.M) == list(CODES.items())
    for section in re.split(r"^## ", document, flags=re.M)[1:]:
        # What it means, the least that causes it, what to write instead.
        assert section.count("```") >= 2, section
        assert "Instead:" in section, section


def test_a_faulty_rule_base_does_not_load(tmp_path: Path) -> None:
    rules = tmp_path / "tiny"
    shutil.copytree(TINY, rules)
    (rules / "manifest.yaml").unlink()
    with pytest.raises(kb.FaultyKnowledge) as faulty:
        kb.load(rules, "tiny")
    assert [problem.code for problem in faulty.value.problems] == ["KB101"]
    with pytest.raises(kb.FaultyKnowledge, match="is not a folder"):
        kb.load(tmp_path / "missing")
