"""New files for a rule base: each loads at once, in its place, with few doubts, and nothing else is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kb
from cli import main
from engine.say.scaffold import TESTABLE
from engine.say.skeletons import written
from kb.problem import Problems
from kb.source import Scalar, Sequence, read_text

pytestmark = pytest.mark.once

TINY = Path(__file__).parent / "tiny"


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, ["new", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MITRA_KB", raising=False)
    shutil.copytree(TINY, tmp_path / "mine")
    return tmp_path / "mine"


def doubts(base: Path) -> list[str]:
    knowledge, problems = kb.examine(base, base.name)
    assert knowledge is not None
    assert problems.errors == []
    return sorted(p.code for p in problems)


def content(base: Path) -> dict[str, bytes]:
    return {str(p.relative_to(base)): p.read_bytes() for p in sorted(base.rglob("*.yaml"))}


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    ("words", "files", "found"),
    [
        (
            ("factor", "cahaya", "--axis", "internal"),
            ("swot/internal/cahaya.yaml", "vocabulary/cahaya.yaml"),
            ["KB507"],
        ),
        (
            ("factor", "cuaca", "--axis", "external"),
            ("swot/external/cuaca.yaml", "vocabulary/cuaca.yaml"),
            ["KB507"],
        ),
        (("pattern", "titip"), ("patterns/titip.yaml",), []),
        (("action", "menyapu"), ("programme/menyapu.yaml",), ["KB508"]),
        (("case", "Usaha yang ramai: tapi 'rugi'"), ("cases/usaha_yang_ramai_tapi_rugi.yaml",), []),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_a_new_file_loads_at_once(
    words: tuple[str, ...], files: tuple[str, ...], found: list[str], lang: str, base: Path
) -> None:
    before = content(base)
    result = run(*words, "--kb", "mine", "--lang", lang)
    assert result.exit_code == 0, result.stderr
    after = content(base)
    assert set(after) - set(before) == set(files)
    assert {name: after[name] for name in before} == before
    assert all(b"# " in after[name] for name in files)
    assert all(f"mine/{name}" in result.stdout for name in files)
    assert doubts(base) == found
    assert CliRunner().invoke(main, ["test", "--kb", "mine"]).exit_code == 0 or words[0] == "factor"
    # A second time nothing is written over it.
    result = run(*words, "--kb", "mine")
    assert result.exit_code == 2
    assert "already" in result.stderr
    assert content(base) == after


def readable(axis: str) -> list[str]:
    """Base facts of the tiny rule base that a factor of the axis may read, of every type that has a threshold."""
    other = {"internal": ("permintaan", "harga_bahan"), "external": ("penjualan", "biaya", "mutu", "tenaga")}[axis]
    facts = kb.load(TINY).facts.values()
    fitting = [f for f in facts if f.derived is None and not f.protected and f.domain.type in TESTABLE]
    return [f.id for f in fitting if f.id not in other]


@pytest.mark.parametrize(
    ("axis", "fact"), [(axis, fact) for axis in ("internal", "external") for fact in readable(axis)]
)
def test_a_factor_reads_a_fact_of_any_type_with_a_threshold(axis: str, fact: str, base: Path) -> None:
    result = run("factor", "baru", "--axis", axis, "--fact", fact, "--kb", "mine")
    assert result.exit_code == 0, result.stderr
    assert not (base / "vocabulary" / "baru.yaml").exists()
    found = doubts(base)
    # The examples stand at the thresholds, and both findings exclude each other.
    assert not {"KB515", "KB505"} & set(found)
    factor = kb.load(base).factors["baru"]
    assert [f.sign for f in factor.findings] == [1, -1]
    failed = CliRunner().invoke(main, ["test", "--kb", "mine"]).stdout
    assert not [line for line in failed.splitlines() if "baru.yaml" in line]


def test_types_with_a_threshold_are_all_tried() -> None:
    facts = kb.load(TINY).facts
    assert {facts[name].domain.type for axis in ("internal", "external") for name in readable(axis)} == set(TESTABLE)


def test_what_is_worse_when_higher_is_a_strength_when_low(base: Path) -> None:
    path = base / "vocabulary" / "facts.yaml"
    text = path.read_text(encoding="utf-8").replace("  step: 0.01\n", "  step: 0.01\n  better: lower\n")
    path.write_text(text, encoding="utf-8")
    assert run("factor", "baru", "--axis", "internal", "--fact", "pangsa", "--kb", "mine").exit_code == 0
    strength, weakness = kb.load(base).factors["baru"].findings
    assert strength.when.bounds[0].word == "at_most"  # type: ignore[union-attr]
    assert weakness.when.bounds[0].word == "at_least"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("factor", "Cahaya Pagi", "--axis", "internal"), "Did you mean 'cahaya_pagi'?"),
        (("factor", "9", "--axis", "internal"), "is not an identifier"),
        (("factor", "mutu", "--axis", "internal"), "stands at mine/swot/internal/mutu.yaml:1:9 already"),
        (("factor", "tenaga", "--axis", "internal"), "write --fact tenaga"),
        (("factor", "class", "--axis", "internal"), "a word of the rules language"),
        (("factor", "skala", "--axis", "internal"), "stands at mine/eligibility/skala.yaml:1:7 already"),
        (("factor", "baru", "--axis", "internal", "--fact", "tenga"), "Did you mean 'tenaga'?"),
        (("factor", "baru", "--axis", "external", "--fact", "tenaga"), "feeds the internal factor 'mutu'"),
        (("factor", "baru", "--axis", "internal", "--fact", "laba"), "is derived; begin with penjualan or biaya"),
        (("factor", "baru", "--axis", "internal", "--fact", "umur_pemilik"), "is protected"),
        (("factor", "baru", "--axis", "internal", "--fact", "kbli"), "is of type code"),
        (("pattern", "subkontrak"), "stands at mine/patterns/subkontrak.yaml:1:10 already"),
        (("pattern", "baru", "--fact", "bersedi"), "Did you mean 'bersedia'?"),
        (("pattern", "baru", "--fact", "mutu"), "yes-or-no fact"),
        (("action", "tumbuh"), "already"),
        (("case", "Kuat dan disukai pasar"), "already"),
        (("case", "..."), "says in words"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_names_that_cannot_be_used(words: tuple[str, ...], said: str, base: Path) -> None:
    before = content(base)
    result = run(*words, "--kb", "mine")
    assert result.exit_code == 2
    assert said in result.stderr
    assert content(base) == before


def test_the_shipped_rules_are_written_into_only_when_named(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Name your rule base with --kb" in run("action", "menyapu").stderr
    monkeypatch.setattr(kb, "shipped", lambda: base)
    monkeypatch.setenv("MITRA_KB", "mine")
    before = content(base)
    assert "MITRA_KB names the shipped rules" in run("action", "menyapu").stderr
    assert content(base) == before
    assert run("action", "menyapu", "--kb", "mine").exit_code == 0


def test_a_faulty_rule_base_gets_no_new_file(base: Path) -> None:
    (base / "classes.yaml").write_text("reading: [\n", encoding="utf-8")
    before = content(base)
    result = run("action", "menyapu", "--kb", "mine")
    assert result.exit_code == 3
    assert "KB104" in result.stderr
    assert content(base) == before


def test_a_file_in_the_way_stops_both(base: Path) -> None:
    (base / "swot" / "internal" / "cahaya.yaml").mkdir()
    result = run("factor", "cahaya", "--axis", "internal", "--kb", "mine")
    assert result.exit_code != 0
    assert not (base / "vocabulary" / "cahaya.yaml").exists()


def test_a_file_that_is_there_is_never_written_over(base: Path) -> None:
    """Its name is free as an id, but the file is somebody's."""
    mine = base / "programme" / "menyapu.yaml"
    (base / "programme" / "programme.yaml").rename(mine)
    before = content(base)
    result = run("action", "menyapu", "--kb", "mine")
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert content(base) == before


@pytest.mark.parametrize(
    "value", ["baik", "2.5", "-1", "Rp 1", "01.234/5", "a: b", "#x", "[y]", "", "- x", "é 'q' \"r\""]
)
def test_a_written_value_is_read_as_it_was(value: str) -> None:
    node = read_text(f"- {written(value)}\n", "x", Problems())
    assert isinstance(node, Sequence)
    assert isinstance(node.items[0], Scalar)
    assert node.items[0].text == value
