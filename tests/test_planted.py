"""Planted faults: each is found at its place, with a firm that shows it, and the shipped rules raise no alarm.

A share of every kind is laid here, drawn by a seed; `bench/planted.py` lays all of them and writes docs/planted.md.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from plant import MOST, Base, Plant, laid, line_of, written
from planted import chosen, fate, plants, shipped

import kb
from cli import main
from engine.prove import prove

pytestmark = pytest.mark.once
PLANTED = chosen(MOST // 3, MOST // 6)


@pytest.fixture(scope="module", params=shipped(), ids=lambda base: base.folder.name)
def base(request: pytest.FixtureRequest) -> Base:
    return request.param


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Base, Path]:
    """A sound copy of each rule base, in which one fault after the other is laid."""
    return {base: tmp_path_factory.mktemp(base.folder.name) for base in shipped()}


@pytest.mark.parametrize(("base", "plant"), PLANTED, ids=[str(plant).replace(" ", "_") for _, plant in PLANTED])
def test_a_planted_fault_is_found_where_it_stands(base: Base, plant: Plant, folders: dict[Base, Path]) -> None:
    found = fate(plant, base, folders[base])
    assert found.found, f"{plant} is not found as {plant.codes} at {plant.at}; but:\n" + "\n".join(found.said)
    assert found.shown is not False, f"{plant}: the example does not show it:\n" + "\n".join(found.found)
    assert found.shown is not None or not plant.by_proof


def test_the_sound_rules_raise_no_alarm(base: Base) -> None:
    knowledge, problems = kb.examine(base.folder, base.shown)
    assert [str(problem) for problem in problems] == []
    assert knowledge is not None
    assert [str(problem) for problem in prove(knowledge, lambda: 300.0).problems] == []


def test_rules_written_back_unchanged_are_the_same(base: Base, tmp_path: Path) -> None:
    for name, content in base.data.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(written(content), encoding="utf-8")
    knowledge, problems = kb.examine(tmp_path, base.shown)
    assert [str(problem) for problem in problems] == []
    assert knowledge is not None
    assert knowledge.digest == base.knowledge.digest


def test_the_example_of_a_fault_is_a_dossier_for_assess(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITRA_CACHE", str(tmp_path / "cache"))
    base = shipped()[0]
    plant = next(plant for plant in plants(base, MOST) if plant.kind == "pattern that nobody gets")
    with laid(plant, base, tmp_path) as rules:
        proof = CliRunner().invoke(main, ["prove", str(rules), "--seconds", "300", "--format", "json"])
        assert proof.exit_code == 1
        problem = next(p for p in json.loads(proof.stdout)["problems"] if p["code"] in plant.codes)
        assert problem["file"].endswith(plant.at.file if plant.at is not None else "")
        dossier = {"firm": "Contoh", "as_of": problem["as_of"], "facts": problem["example"]}
        written_there = tmp_path / "firm.yaml"
        written_there.write_text(json.dumps(dossier), encoding="utf-8")
        answer = CliRunner().invoke(main, ["assess", str(written_there), "--kb", str(rules), "--format", "json"])
    assert answer.exit_code == 0, answer.output
    status = {p["id"]: p["status"] for p in json.loads(answer.stdout)["patterns"]}
    assert status[plant.what.split(":")[0]] not in ("possible", "recommended")


def test_there_are_enough_plants_of_every_kind() -> None:
    every = [plant for base in shipped() for plant in plants(base, MOST)]
    assert len(every) >= 240
    assert len({plant.kind for plant in every}) >= 60
    assert sum(plant.by_proof for plant in every) >= 150
    assert all(plant.shows is not None for plant in every if plant.by_proof)
    assert len({(plant.kind, plant.what) for plant in every}) > 0.95 * len(every)


def test_the_place_of_a_plant_is_looked_up_in_the_text_that_is_laid() -> None:
    text = written([{"a": "1"}, {"b": {"c": ["x", "y"]}, "d": "2026-06-30"}])
    assert line_of(text, (1, "b", "c", 1)) == 5
    assert line_of(text, (1, "d")) == 6


def test_a_doubt_that_is_let_stand_lets_no_other_of_its_name_stand(tmp_path: Path) -> None:
    base = shipped()[0]
    accepted = base.knowledge.manifest.accepted
    assert accepted
    assert all(one.words for one in accepted)
    name = next(one.about for one in accepted if one.about in base.knowledge.parameters)
    file, where, entry = next(e for e in base.entries("law/") if e[2].get("parameter") == name)
    later = str(datetime.date.fromisoformat(entry["values"][-1]["from"]) + datetime.timedelta(1))
    files = base.changed((file, (*where, "values", len(entry["values"]) - 1, "from"), later))
    plant = Plant("a gap beside an accepted one", name, files, ("KB506",), None, (name, later[:4]))
    assert fate(plant, base, tmp_path).found
