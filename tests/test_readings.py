"""Both class tables of the shipped rules: the same decisions by quadrant, under other names and their own words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import kb
from engine.decide import decide, ready
from engine.decision import Decision
from engine.say.report import report
from engine.say.text import report_text

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "samples").glob("*.yaml"))
READINGS = {
    "quadrant-order": {"SO": "handal", "ST": "berpotensi", "WO": "berpeluang", "WT": "strategis"},
    "states": {"SO": "strategis", "ST": "handal", "WO": "berpeluang", "WT": "berpotensi"},
}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped rules whose manifest chooses the other class table."""
    folder = tmp_path_factory.mktemp("other") / "rules"
    shutil.copytree(kb.shipped(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = folder / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8")
    for old, new in (
        ("reading: quadrant-order", "reading: states"),
        ("classes: classes.yaml", "classes: classes-states.yaml"),
    ):
        assert old in text
        text = text.replace(old, new)
    manifest.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tables(other: Path) -> dict[str, kb.Knowledge]:
    found = (kb.load(kb.shipped(), "rules"), kb.load(other, "rules"))
    return {knowledge.manifest.reading: knowledge for knowledge in found}


def by_quadrant(knowledge: kb.Knowledge) -> dict[str, str]:
    return {str(one.strategy): one.id for one in knowledge.table.classes}


def test_each_reading_gives_the_quadrants_its_own_names(tables: dict[str, kb.Knowledge]) -> None:
    assert {reading: by_quadrant(knowledge) for reading, knowledge in tables.items()} == READINGS
    digests = {knowledge.digest for knowledge in tables.values()}
    assert len(digests) == 2, "a decision tells by which reading it was made"


def test_the_other_reading_passes_check_with_the_same_doubts(other: Path) -> None:
    def doubts(folder: Path) -> list[str]:
        knowledge, problems = kb.examine(folder, "rules")
        assert knowledge is not None
        assert not problems.errors, "\n".join(map(str, problems.errors))
        return [str(doubt) for doubt in problems]

    assert doubts(other) == doubts(kb.shipped())


def test_a_manifest_whose_reading_is_of_the_other_table_is_refused(other: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(other, folder)
    manifest = folder / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("reading: states", "reading: quadrant-order"), encoding="utf-8")
    with pytest.raises(kb.FaultyKnowledge, match="the class table reads 'states'"):
        kb.load(folder, "rules")


def test_every_class_of_each_reading_is_written_for_it(tables: dict[str, kb.Knowledge]) -> None:
    for reading, knowledge in tables.items():
        classes = {one.id: one for one in knowledge.table.classes}
        best = classes[by_quadrant(knowledge)["SO"]]
        for one in classes.values():
            assert one.development is not None
            assert 3 <= len(one.development.signs) <= 5, one.id
            if one is not best:
                # The way on leads to the best class of this reading, not of the other.
                assert best.label.id in one.development.says.id, (reading, one.id)
                assert best.label.en in one.development.says.en, (reading, one.id)
    shipped, states = ({one.id: one for one in knowledge.table.classes} for knowledge in tables.values())
    for name, one in shipped.items():
        assert one.why != states[name].why, name
        if one.strategy != states[name].strategy:
            assert one.says != states[name].says, name


def decided(knowledge: kb.Knowledge, path: Path) -> Decision:
    dossier = kb.read_dossier(path, path.name, knowledge.facts)
    assert dossier.as_of is not None
    return decide(ready(knowledge, dossier.as_of, "reference"), dossier)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_samples_keep_quadrant_and_patterns_under_the_other_names(path: Path, tables: dict[str, kb.Knowledge]) -> None:
    shipped, states = (decided(tables[reading], path) for reading in READINGS)
    renamed = {one: READINGS["states"][kind] for kind, one in READINGS["quadrant-order"].items()}
    assert states.scores == shipped.scores
    assert {renamed[name] for name in shipped.verdict.possible} == set(states.verdict.possible)
    assert states.verdict.id == (renamed[shipped.verdict.id] if shipped.verdict.id else None)
    assert {p.pattern: (p.status, p.rank) for p in states.patterns} == {
        p.pattern: (p.status, p.rank) for p in shipped.patterns
    }
    assert states.recommended == shipped.recommended
    assert [s.strategy for s in states.strategies] == [s.strategy for s in shipped.strategies]
    assert [a.action for a in states.programme] == [a.action for a in shipped.programme]
    for lang in ("id", "en"):
        words = report_text(report(states, lang))
        assert "{" not in words
        if states.settled is not None:
            assert states.settled.label.say(lang) in words
            assert states.settled.development is not None
            told = " ".join(states.settled.development.says.say(lang).split()) in " ".join(words.split())
            assert told is not states.closed


def test_the_samples_reach_every_class_of_the_other_reading(tables: dict[str, kb.Knowledge]) -> None:
    found = {decided(tables["states"], path).verdict.id for path in SAMPLES}
    assert found >= set(READINGS["states"].values())
