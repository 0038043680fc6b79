"""The schemas accept whatever ships and loads, refuse typical slips, and know exactly the keys that readers know."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import kb
from cli import main
from kb.problem import Problems
from kb.schema import KINDS, schemas
from kb.source import Mapping, Node, Sequence, read_file, read_text
from kb.text import Keys

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "tiny"
BASES = {"rules": ROOT / "rules", "examination": ROOT / "rules" / "examination", "tiny": TINY}


def as_json(node: Node) -> Any:
    """A node as an editor hands it to a schema: scalars by the core rules of YAML 1.2."""
    if isinstance(node, Mapping):
        return {key.text: as_json(value) for key, value in node}
    if isinstance(node, Sequence):
        return [as_json(item) for item in node.items]
    text = node.text
    if not node.plain:
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text.lower() in ("true", "false") and text in (text.lower(), text.title(), text.upper()):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text) else text


def made(base: Path) -> dict[str, Draft202012Validator]:
    return {kind: Draft202012Validator(schema) for kind, schema in schemas(kb.load(base)).items()}


@pytest.fixture(scope="module")
def validators() -> dict[str, dict[str, Draft202012Validator]]:
    return {name: made(base) for name, base in BASES.items()}


def kind_of(name: str) -> str:
    return next(kind for kind, one in KINDS.items() for files in one.files if fnmatch(name, files))


def files(base: Path) -> Iterator[tuple[str, Path]]:
    """The files of a rule base with their kinds; those of one inside it are not its own."""
    inner = kb.nested(base)
    for path in sorted(base.rglob("*.yaml")):
        if not any(other in path.parents for other in inner):
            yield kind_of(path.relative_to(base).as_posix()), path


def read(path: Path) -> Any:
    problems = Problems()
    node = read_file(path, path.name, problems)
    assert node is not None, list(problems)
    return as_json(node)


def faults(validator: Draft202012Validator, written: Any) -> list[str]:
    return [f"{list(fault.absolute_path)}: {fault.message[:200]}" for fault in validator.iter_errors(written)]


@pytest.mark.parametrize("name", BASES)
def test_schemas_are_schemas(name: str, validators: dict[str, dict[str, Draft202012Validator]]) -> None:
    assert set(validators[name]) == set(KINDS)
    for validator in validators[name].values():
        Draft202012Validator.check_schema(validator.schema)
        assert json.loads(json.dumps(validator.schema)) == validator.schema


@pytest.mark.parametrize(
    ("name", "kind", "path"),
    [
        pytest.param(name, kind, path, id=path.relative_to(ROOT).as_posix())
        for name, base in BASES.items()
        for kind, path in files(base)
    ],
)
def test_what_ships_is_accepted(
    name: str, kind: str, path: Path, validators: dict[str, dict[str, Draft202012Validator]]
) -> None:
    assert faults(validators[name][kind], read(path)) == []


@pytest.mark.parametrize(
    ("name", "kind", "path"),
    [
        pytest.param(name, kind, path, id=path.relative_to(ROOT).as_posix())
        for name, kind, pattern in (
            ("rules", "dossier", "samples/*.yaml"),
            ("rules", "partner", "samples/partners/*.yaml"),
            ("examination", "dossier", "samples/programmes/*.yaml"),
        )
        for path in sorted(ROOT.glob(pattern))
    ],
)
def test_samples_are_accepted(
    name: str, kind: str, path: Path, validators: dict[str, dict[str, Draft202012Validator]]
) -> None:
    assert faults(validators[name][kind], read(path)) == []


def test_a_blank_form_is_accepted(validators: dict[str, dict[str, Draft202012Validator]]) -> None:
    for name, base in (("rules", ""), ("examination", str(BASES["examination"]))):
        words = ["new", "dossier", *(["--kb", base] if base else [])]
        node = read_text(CliRunner().invoke(main, words).stdout, "form", Problems())
        assert node is not None
        assert faults(validators[name]["dossier"], as_json(node)) == []


# Each turns a file of the tiny rule base into one that is refused.
SLIPS: list[tuple[str, str, str, str]] = [
    ("swot/internal/mutu.yaml", "weight: 2", "wait: 2", "unknown key"),
    ("swot/internal/mutu.yaml", "weight: 2\n", "", "missing key"),
    ("swot/internal/mutu.yaml", "weight: 2", "weight: 6", "out of scale"),
    ("swot/internal/mutu.yaml", "axis: internal", "axis: inner", "unknown word"),
    ("swot/internal/mutu.yaml", "axis: internal", "axis: external", "side of the other axis"),
    ("swot/internal/mutu.yaml", "id: S-mutu", "id: T-mutu", "id of another side"),
    ("swot/internal/mutu.yaml", "{mutu: rendah}\n    says", "{mutuu: rendah}\n    says", "unknown fact"),
    ("swot/internal/mutu.yaml", "{mutu: rendah}\n    says", "{mutu: rendahh}\n    says", "unknown value"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "tenaga: {atleast: 5}", "unknown test"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "tenaga: {at_least: lima}", "no number"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "tenaga: {at_least: $kecil.laba}", "unknown parameter"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "tenaga: {}", "no test"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "skala: kecil", "term of a later stage"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "tenaga: {known: true}", "knowledge of a fact"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "bersedia: {at_least: ya}", "order of a boolean"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "bersedia: mungkin", "no boolean"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "pola_saat_ini: {above: binaan}", "order of a choice"),
    ("swot/internal/mutu.yaml", "tenaga: {at_least: 5}", "tanggal_berdiri: {above: 1-1-2020}", "no day"),
    ("swot/internal/mutu.yaml", "source: [asumsi]", "source: [asumsii]", "unknown source"),
    ("swot/internal/mutu.yaml", "source: [asumsi]", "source: []", "no source"),
    ("swot/internal/mutu.yaml", "answered_by: [pelatihan]", "answered_by: [pelatihann]", "unknown action"),
    ("swot/internal/mutu.yaml", "{mutu: baik, tenaga: 4}", "{mutu: baik, laba: 4}", "derived fact stated"),
    ("vocabulary/facts.yaml", "type: boolean", "type: bool", "unknown type"),
    ("vocabulary/facts.yaml", "type: boolean", "type: boolean\n  values: [a, b]", "values of a boolean"),
    ("vocabulary/facts.yaml", "  values: [turun, tetap, naik]\n", "", "level without values"),
    ("vocabulary/facts.yaml", "  step: 0.01\n", "", "number without step"),
    ("vocabulary/facts.yaml", "  change_step: 5\n", "", "effort without step"),
    ("vocabulary/facts.yaml", "  evidence: {id: Katalog, en: Catalogue}\n", "", "missing key of a fact"),
    ("vocabulary/derived.yaml", "difference: [penjualan, biaya]", "difference: [penjualan]", "one operand"),
    ("vocabulary/derived.yaml", "difference: [penjualan, biaya]", "product: [penjualan, biaya]", "unknown operation"),
    ("vocabulary/derived.yaml", "{sum: [kas, alat]}", "{sum: [kas, alat], when_zero: 0}", "when_zero of a sum"),
    ("vocabulary/derived.yaml", "of: umur_usaha", "of: umur", "unknown operand"),
    ("law/law.yaml", "checked: text", "checked: read", "unknown word of the law"),
    ("law/law.yaml", "from: 2000-01-01\n", "from: 1 Jan 2000\n", "day of a source"),
    ("law/law.yaml", "source: uu-1-2000}\n    - {from: 2010", "source: uu-2}\n    - {from: 2010", "source of a value"),
    ("eligibility/skala.yaml", "values: [kecil, besar]", "values: [kecil]", "one value"),
    ("classes.yaml", "strategy: WT", "strategy: WW", "unknown strategy"),
    (
        "patterns/binaan.yaml",
        "  lemah: {rank: 9, why: {id: Jalan terakhir, en: A last resort}}\n",
        "",
        "unranked class",
    ),
    ("patterns/binaan.yaml", "kuat: {rank: 9", "kuatt: {rank: 9", "unknown class"),
    ("patterns/binaan.yaml", "kuat: {rank: 9", "kuat: {rank: 0", "no rank"),
    ("patterns/binaan.yaml", "fallback: true", "fallback: maybe", "no truth"),
    ("patterns/subkontrak.yaml", "{kbli: {one_of:", "{kbli: {oneof:", "unknown test within"),
    ("principles.yaml", "for: {subkontrak:", "for: {sub:", "unknown pattern"),
    ("programme/programme.yaml", "field: production", "field: produksi", "unknown field"),
    ("programme/programme.yaml", "inner: [S-mutu, S-laba]", "inner: [W-mutu]", "finding of another side"),
    ("programme/programme.yaml", "  outer: [O-permintaan]\n", "", "half a pair"),
    ("programme/programme.yaml", "grade_at_least: stated", "grade_at_least: good", "unknown grade"),
    ("programme/programme.yaml", "- strategy: tahan", "- tactic: tahan", "unknown entry"),
    ("cases/cases.yaml", "class: kuat", "class: kuatt", "expected class"),
    ("cases/cases.yaml", "class: kuat", "clas: kuat", "unknown expectation"),
    ("cases/cases.yaml", "mutu: baik", "mutu: bagus", "value in a case"),
    ("cases/cases.yaml", "skala: kecil", "skala: cilik", "expected term"),
    ("manifest.yaml", "version: 1.0.0\n", "", "manifest without version"),
    ("manifest.yaml", "pola_saat_ini", "mutu", "relation that is no choice"),
    ("labels.yaml", "units:", "unit:", "unknown list of words"),
]


@pytest.mark.parametrize(("name", "old", "new", "why"), SLIPS, ids=[slip[3] for slip in SLIPS])
def test_a_slip_is_refused_by_the_schema_and_by_mitra(
    name: str,
    old: str,
    new: str,
    why: str,
    tmp_path: Path,
    validators: dict[str, dict[str, Draft202012Validator]],
) -> None:
    text = (TINY / name).read_text(encoding="utf-8")
    assert old in text
    shutil.copytree(TINY, tmp_path / "base")
    (tmp_path / "base" / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert faults(validators["tiny"][kind_of(name)], read(tmp_path / "base" / name))
    assert kb.examine(tmp_path / "base")[1].errors


DOSSIER = "firm: A\nas_of: 2026-06-30\nfacts:\n  mutu: {value: baik, grade: document}\n  tenaga: tidak diketahui\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("firm: A\n", ""),
        ("as_of: 2026-06-30", "as_of:"),
        ("as_of: 2026-06-30", "as_off: 2026-06-30"),
        ("baik", "bagus"),
        ("document", "dokumen"),
        ("tidak diketahui", "banyak"),
        ("tenaga", "tenagaa"),
        ("tenaga", "laba"),
    ],
)
def test_a_slip_in_a_dossier_is_refused(
    old: str, new: str, validators: dict[str, dict[str, Draft202012Validator]]
) -> None:
    def written(text: str) -> Any:
        node = read_text(text, "x", Problems())
        assert node is not None
        return as_json(node)

    assert faults(validators["tiny"]["dossier"], written(DOSSIER)) == []
    assert faults(validators["tiny"]["dossier"], written(DOSSIER.replace(old, new)))
    with pytest.raises(kb.FaultyDossier):
        kb.read_dossier_bytes(DOSSIER.replace(old, new).encode(), "x", kb.load(TINY).facts)


def objects(schema: Any) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """The keys, and those that must be there, of every entry that a schema describes."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            yield frozenset(schema["properties"]), frozenset(schema.get("required", ()))
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def readers_keys() -> dict[str, Keys]:
    import importlib
    import pkgutil

    found = {}
    for module in pkgutil.iter_modules(kb.__path__):
        for name, value in vars(importlib.import_module(f"kb.{module.name}")).items():
            if isinstance(value, Keys):
                found[f"{module.name}.{name}"] = value
    return found


def test_every_key_of_a_reader_is_a_key_of_a_schema() -> None:
    described = set().union(*(objects(schema) for schema in schemas(kb.load(TINY)).values()))
    keys = readers_keys()
    assert len(keys) > 25
    for name, one in keys.items():
        assert (frozenset((*one.required, *one.optional)), frozenset(one.required)) in described, name


def test_no_reader_of_the_rules_names_its_keys_in_passing() -> None:
    """`Fields(…, *KEYS)` everywhere but where the keys are names of the rule base, or a table of experts is read."""
    for path in sorted((ROOT / "kb").glob("*.py")):
        if path.name in ("text.py", "matrix.py", "compare.py"):
            continue
        for call in re.findall(r"Fields\(([^()]*(?:\([^()]*\)[^()]*)*)\)", path.read_text(encoding="utf-8")):
            assert "*" in call or ", ()," in call, f"{path.name}: Fields({call})"


def test_schemas_are_written_anew_but_never_over_a_strange_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TINY, tmp_path / "mine")
    words = ["schema", "mine/.schema", "--kb", "mine"]
    assert CliRunner().invoke(main, words).exit_code == 0
    there = sorted(path.name for path in (tmp_path / "mine" / ".schema").iterdir())
    assert there == sorted(["README.md", *(f"{kind}.schema.json" for kind in KINDS)])
    for path in (tmp_path / "mine" / ".schema").glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
    # They are no part of the rule base.
    assert not kb.examine(tmp_path / "mine")[1].errors
    settings = re.search(r"```json\n(.*?)```", (tmp_path / "mine/.schema/README.md").read_text(encoding="utf-8"), re.S)
    assert settings
    used = json.loads(settings[1])["yaml.schemas"]
    for schema, globs in used.items():
        assert (tmp_path / schema).is_file()
        assert all(glob.startswith("mine/") for glob in globs)
    assert CliRunner().invoke(main, words).exit_code == 0
    strange = tmp_path / "mine" / ".schema" / "README.md"
    strange.write_text("Mine.\n", encoding="utf-8")
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "was not written by" in result.stderr
    assert strange.read_text(encoding="utf-8") == "Mine.\n"
    assert CliRunner().invoke(main, ["schema", "mine/manifest.yaml/x", "--kb", "mine"]).exit_code == 2
