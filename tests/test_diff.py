"""The comparison of two rule bases: no difference is missed, every example differs, what is the same is proved so."""

from __future__ import annotations

import inspect
import io
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import randombase
import yaml
from click.testing import CliRunner
from diffbase import changed
from support import load_random, read, some_knowledge

import kb
from cli import main
from engine.compile import compile
from engine.decide import decide, ready
from engine.diff import days
from engine.diff.changes import changes
from engine.diff.drawn import drawn
from engine.diff.merged import merge
from engine.diff.plain import plain
from engine.diff.regions import Regions, regions, stretches
from engine.diff.sums import Option, reach
from engine.invariants import firm_of
from engine.prove.stretches import day_of
from kb import condition as conditions

pytestmark = pytest.mark.once

TINY = Path(__file__).parent / "tiny"
# click 8.2 keeps standard error apart by itself.
RUNNER = CliRunner(**({"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}))


def copied(folder: Path, base: Path = TINY, **edits: tuple[str, str]) -> Path:
    """A copy of a rule base with one text replaced in each of the files named (`swot__internal__mutu`)."""
    shutil.copytree(base, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "examination"))
    for name, (before, after) in edits.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{path.name} has no '{before}'"
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def run(*arguments: str) -> Any:
    return RUNNER.invoke(main, ["diff", *arguments], catch_exceptions=False)


def answer(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def compared(old: Path, new: Path) -> Regions:
    return regions(kb.load(old), kb.load(new), lambda: 120.0)


def shows(one: dict[str, Any], bases: tuple[Path, Path]) -> bool:
    """Whether an example, read as a dossier by each rule base, gets what the region says."""
    outcomes = []
    for folder, own in zip(bases, ("example_only_old", "example_only_new"), strict=True):
        knowledge = kb.load(folder)
        dossier = read({"firm": "x", "as_of": one["as_of"], "facts": {**one["example"], **one[own]}}, knowledge)
        assert dossier.as_of is not None
        decision = decide(ready(knowledge, dossier.as_of, "reference"), dossier)
        outcomes.append({"class": decision.verdict.id, "recommended": list(decision.recommended)})
    return outcomes == [one["before"], one["after"]] and outcomes[0] != outcomes[1]


def _emptied(value: Any) -> Any:
    """What was written `null`, so again: quoted it would be a word."""
    if isinstance(value, dict):
        return {key: _emptied(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_emptied(one) for one in value]
    return None if value == "null" else value


@pytest.mark.once
def test_the_shipped_rules_in_another_order_and_layout_are_proved_equal(tmp_path: Path) -> None:
    new = copied(tmp_path / "new", kb.shipped())
    for path in new.rglob("*.yaml"):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        if isinstance(content, list):
            content.reverse()
        path.write_text(
            yaml.safe_dump(_emptied(content), allow_unicode=True, sort_keys=True, width=60), encoding="utf-8"
        )
    # Renamed, so that it is not the same text that is compared.
    manifest = new / "manifest.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("2026.11.0", "2027.1.0"), encoding="utf-8")
    found = answer(str(kb.shipped()), str(new))
    assert found["equal"]
    assert found["regions"] == found["open"] == found["cases"] == []
    assert [one["kind"] for one in found["rules"]["changed"]] == ["manifest"]
    assert found["rules"]["added"] == found["rules"]["removed"] == []
    assert "Terbukti sama" in run(str(kb.shipped()), str(new)).stdout


@pytest.mark.once
@pytest.mark.parametrize(
    ("edits", "moves"),
    [
        ({"swot__internal__mutu_produk": ("weight: 5", "weight: 4")}, "class"),
        ({"swot__internal__mutu_produk": ("rating: 3", "rating: 4")}, "class"),
        ({"swot__internal__mutu_produk": ("mutu_produk: {is: rendah}", "mutu_produk: {at_most: cukup}")}, "class"),
        ({"classes": ("tie_band: 0.1", "tie_band: 0.2")}, "class"),
        ({"patterns__subkontrak": ("rank: 1", "rank: 4")}, "pattern"),
        ({"patterns__waralaba": ("in_force: {from: 1995-12-26}", "in_force: {from: 2012-01-01}")}, "pattern"),
        ({"swot__internal__mutu_produk": ("Mutu produk unggul", "Mutu istimewa")}, ""),
        (
            {
                "swot__internal__mutu_produk": (
                    "when: {mutu_produk: {is: rendah}}",
                    "when: {mutu_produk: {below: cukup}}",
                )
            },
            "",
        ),
    ],
    ids=["weight", "rating", "threshold", "tie band", "rank", "dates", "sentence", "same in other words"],
)
def test_a_planted_change_of_the_shipped_rules(tmp_path: Path, edits: dict[str, tuple[str, str]], moves: str) -> None:
    old, new = copied(tmp_path / "old", kb.shipped()), copied(tmp_path / "new", kb.shipped(), **edits)
    for rules in (old, new):
        # A thousand cases are decided under both elsewhere.
        for path in (rules / "cases").glob("batas*.yaml"):
            path.unlink()
    found = answer(str(old), str(new))
    assert found["open"] == []
    assert len(found["rules"]["changed"]) == 1
    assert found["equal"] is not bool(moves)
    kinds = {"class" if one["before"]["class"] != one["after"]["class"] else "pattern" for one in found["regions"]}
    assert kinds == ({moves} if moves else set())
    assert all(shows(one, (old, new)) for one in found["regions"][:4])


def brute(old: kb.Knowledge, new: kb.Knowledge, seed: int, firms: int) -> set[tuple[Any, ...]]:
    """What changes for random firms: classes, or patterns lost and gained within a class."""
    found: set[tuple[Any, ...]] = set()
    for stretch in stretches(old, new)[:5]:
        day = day_of(stretch, new.manifest.examples_as_of)
        merged = merge(compile(old, day), compile(new, day))
        engines = [ready(knowledge, day, "reference") for knowledge in (old, new)]
        for firm in drawn(merged, Random(seed), firms):
            bases = (merged.in_old(firm), merged.in_new(firm))
            one, other = (decide(e, firm_of(base, e.program)) for e, base in zip(engines, bases, strict=True))
            lost, gained = ({*a.recommended} - {*b.recommended} for a, b in ((one, other), (other, one)))
            if one.verdict.id != other.verdict.id:
                found.add((one.verdict.id, other.verdict.id))
            elif lost or gained:
                found.add((one.verdict.id, one.verdict.id, tuple(sorted(lost)), tuple(sorted(gained))))
    return found


def changed_knowledge(seed: int) -> tuple[kb.Knowledge, kb.Knowledge, str]:
    """The first random rule base, from a seed on, that loads as it is and after a random change; what was changed."""
    while True:
        random = Random(seed)
        files = randombase.rule_base(random, small=seed % 2 == 0)
        new_files, what = changed(files, random)
        old, new = load_random(files), load_random(new_files)
        if old is not None and new is not None:
            return old, new, what
        seed += 100_000


@pytest.mark.once
@pytest.mark.parametrize("seed", range(7001, 7013))
def test_nothing_is_missed_on_random_rule_bases(seed: int) -> None:
    """Every change that random firms show is among the regions, unless the answer says that it did not look for all."""
    old, new, what = changed_knowledge(seed)
    found = regions(old, new, lambda: 120.0)
    classes = {(one.before.in_class, one.after.in_class) for one in found.found}
    within = {(one.before.in_class, one.after.in_class, *one.moved) for one in found.found}
    for change in brute(old, new, seed, 40):
        known = change in classes if len(change) == 2 else change in within or change[0] in found.more
        assert known or found.open, f"{what}: {change} was missed"


@pytest.mark.parametrize("seed", range(7101, 7107))
def test_a_shuffled_random_rule_base_is_equal(seed: int, tmp_path: Path) -> None:
    _, files = some_knowledge(seed, small=True)
    old = kb.load(randombase.write(files, tmp_path / "old"))
    files["manifest.yaml"]["version"] = "2"
    new = kb.load(randombase.write(files, tmp_path / "new", Random(seed)))
    assert old.digest != new.digest
    assert regions(old, new, lambda: 60.0).equal


FINER = {"vocabulary__facts": ("max: 100\n  step: 0.1", "max: 50\n  step: 0.01")}
WIDER = {"vocabulary__facts": ("values: [rendah, cukup, baik]", "values: [buruk, rendah, cukup, baik]")}
_RISING = """\
    when: {permintaan: naik}
    says: {id: Permintaan naik, en: Demand is rising}
    examples:
      fires: [{permintaan: naik}]
      silent: [{permintaan: tetap}]
"""
# A fact that feeds the internal axis before, the external one after.
ACROSS = {
    "swot__internal__mutu": ("when: {mutu: baik, tenaga: {at_least: 5}}", "when: {mutu: baik}"),
    "swot__external__permintaan": (
        _RISING,
        _RISING.replace("naik}", "naik, tenaga: 9}").replace("tetap}", "tetap, tenaga: 9}"),
    ),
}


@pytest.mark.parametrize("edits", [FINER, WIDER], ids=["finer step, smaller range", "more levels"])
def test_values_that_both_can_read_are_compared_as_values(edits: dict[str, tuple[str, str]], tmp_path: Path) -> None:
    """Codes inside differ, what is written does not."""
    found = answer(str(TINY), str(copied(tmp_path / "new", **edits)))
    assert found["equal"]
    assert [(one["kind"], one["words_only"]) for one in found["rules"]["changed"]] == [("fact", False)]
    assert found["cases"] == []


def test_a_threshold_between_the_steps_of_the_old_rules_moves_a_firm(tmp_path: Path) -> None:
    new = copied(tmp_path / "new", **FINER, swot__external__bahan=("below: -2.5", "below: -2.45"))
    found = answer(str(TINY), str(new))
    assert {one["example"]["harga_bahan"] for one in found["regions"]} == {-2.5}
    assert all(shows(one, (TINY, new)) for one in found["regions"])


def test_a_fact_that_goes_to_the_other_axis_is_asked_about_on_both(tmp_path: Path) -> None:
    new = copied(tmp_path / "new", **ACROSS)
    found = answer(str(TINY), str(new))
    assert found["open"] == []
    assert all(shows(one, (TINY, new)) for one in found["regions"])
    classes = {(one["before"]["class"], one["after"]["class"]) for one in found["regions"]}
    assert {change for change in brute(kb.load(TINY), kb.load(new), 1, 400) if len(change) == 2} <= classes
    table = kb.load(TINY).table
    # Few workers keep good quality from counting before, and rising demand after.
    assert (table.at(False, True).id, table.at(True, False).id) in classes


def test_an_example_that_does_not_differ_is_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = copied(tmp_path / "new", swot__internal__mutu=("weight: 2", "weight: 5"))
    monkeypatch.setattr(days, "ready", lambda knowledge, day, executor: ready(kb.load(TINY), day, executor))
    done = run(str(TINY), str(new))
    assert done.exit_code == 5
    assert "a defect of Mitra" in done.stderr
    assert done.stdout == ""


def test_what_is_not_settled_is_never_called_equal(tmp_path: Path) -> None:
    edit = ("tenaga: {at_least: 5}", "tenaga: {above: 4}")
    new = copied(tmp_path / "new", swot__internal__mutu=edit)
    assert answer(str(TINY), str(new))["equal"]
    done = run(str(TINY), str(new), "--seconds", "0", "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert not found["equal"]
    assert found["regions"] == []
    assert found["open"]
    assert "Belum terbukti" in run(str(TINY), str(new), "--seconds", "0").stdout


def test_sums_that_cross_zero_together_are_found_exactly() -> None:
    def option(old: int, new: int, **facts: int) -> Option:
        return Option((old, new), facts)

    groups = [[option(0, 0, a=0), option(3, 3, a=1), option(-5, -5, a=2)], [option(1, -2, b=0), option(0, 0, b=1)]]
    assert reach(groups, (True, False)) == {"a": 0, "b": 0}
    assert reach(groups, (False, True)) is None
    assert reach(groups, (True, True)) in ({"a": 1, "b": 0}, {"a": 1, "b": 1})
    assert reach(groups, (False, False)) is not None
    # Without 0 the first group steps over the gap of the second.
    assert reach([groups[0][1:], groups[1]], (True, False)) is None
    assert reach([], (False, False)) == {}
    assert reach([], (True, True)) is None


def test_conditions_are_compared_by_what_they_ask() -> None:
    a, b = (conditions.Test(name, (conditions.Bound("is", "in", (1,)),)) for name in "ab")
    again = conditions.Test("a", (conditions.Bound("one_of", "in", (1,), "p"),))
    every, some = conditions.All, conditions.Any
    assert plain(every((a, every((b, again))))) == plain(every((b, a)))
    assert plain(conditions.Not(conditions.Not(a))) == plain(again)
    assert plain(some((a,))) == plain(a)
    assert plain(every((a, b))) != plain(some((a, b)))


def _loading(seed: int) -> dict[str, Any]:
    """The first random rule base from a seed on that loads, and has a pattern to leave out."""
    while load_random(files := randombase.rule_base(Random(seed), small=True)) is None:
        seed += 1
    return files


def test_changes_are_told_field_by_field(tmp_path: Path) -> None:
    new = tmp_path / "new"
    files = _loading(7001)
    randombase.write(files, tmp_path / "old")
    factor = next(content for path, content in files.items() if path.startswith("swot/internal/"))
    factor["weight"] = factor["weight"] % 5 + 1
    factor["label"] = {"id": "kata", "en": "another word"}
    factor["findings"][0]["says"] = {"id": "kata lain", "en": "word"}
    files["law/all.yaml"].append({"source": "s-more", "title": {"id": "a", "en": "b"}, "checked": "report"})
    pattern = files["patterns/px.yaml"]
    pattern["cautions"] = []
    del files["patterns/p1.yaml"]
    randombase.write(files, new)
    found = changes(kb.load(tmp_path / "old"), kb.load(new))
    assert [(one.kind, one.id) for one in found.added] == [("source", "s-more")]
    assert [(one.kind, one.id) for one in found.removed] == [("pattern", "p1")]
    by_name = {(one.after.kind, one.after.id): one for one in found.changed}
    one = by_name["factor", factor["factor"]]
    assert {field.path: field.decides for field in one.fields} == {("weight",): True, ("label",): False}
    finding = by_name["finding", factor["findings"][0]["id"]]
    assert not finding.decides
    assert [field.path for field in finding.fields] == [("says",)]
    assert not by_name["pattern", "px"].decides
    assert set(by_name) == {(a.kind, a.id) for a in (one.after, finding.after, by_name["pattern", "px"].after)}


def test_the_text_says_counts_then_words_then_an_example(tmp_path: Path) -> None:
    new = copied(tmp_path / "new", swot__internal__mutu=("weight: 2", "weight: 5"))
    text = run(str(TINY), str(new), "--lang", "en").stdout
    order = ["kind", "Entries added 0, removed 0, changed 1", "weight: 2 → 5", "Firms whose class", "Example", "Cases"]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_cases_and_dossiers_that_change_are_counted_by_class(tmp_path: Path) -> None:
    new = copied(tmp_path / "new", classes=("tie_band: 0.1", "tie_band: 0.9"))
    dossiers = tmp_path / "firms"
    dossiers.mkdir()
    facts = "{mutu: baik, tenaga: 9, permintaan: naik, harga_bahan: 1, alat: 1 juta, kas: 1 juta}"
    (dossiers / "a.yaml").write_text(f"firm: A\nas_of: 2026-06-30\nfacts: {facts}\n", encoding="utf-8")
    found = answer(str(TINY), str(new), "--on", str(dossiers))
    assert sum(n for row in found["counted"]["decisions"].values() for n in row.values()) == 1
    assert sum(n for row in found["counted"]["cases"].values() for n in row.values()) == len(kb.load(TINY).cases)
    for one in found["cases"]:
        assert one["before"] != one["after"] or one["findings"] != {"gone": [], "come": []}
    same = answer(str(TINY), str(TINY), "--on", str(dossiers / "a.yaml"), "--on", str(dossiers))
    assert same["decisions"] == same["cases"] == []
    assert sum(n for row in same["counted"]["decisions"].values() for n in row.values()) == 2


def test_a_dossier_that_one_side_alone_can_read_is_decided_on_what_the_other_knows(tmp_path: Path) -> None:
    old = copied(tmp_path / "old")
    new = copied(tmp_path / "new")
    path = new / "vocabulary" / "facts.yaml"
    fact = "{id: baru, label: {id: a, en: b}, type: boolean, ask: {id: a, en: b}, answered_by: firm, evidence: a}"
    path.write_text(f"{path.read_text(encoding='utf-8')}- {fact}\n", encoding="utf-8")
    dossier = tmp_path / "a.yaml"
    dossier.write_text("firm: A\nas_of: 2026-06-30\nfacts: {baru: ya, mutu: baik}\n", encoding="utf-8")
    for one, other, side in ((old, new, "old"), (new, old, "new")):
        text = run(str(one), str(other), "--on", str(dossier))
        assert text.exit_code == 0, text.stderr
        found = answer(str(one), str(other), "--on", str(dossier))
        assert found["equal"]
        assert {entry["id"] for key in ("added", "removed") for entry in found["rules"][key]} == {"baru"}, side
    dossier.write_text("firm: A\nfacts: {tak_ada: ya}\n", encoding="utf-8")
    faulty = run(str(old), str(new), "--on", str(dossier))
    assert faulty.exit_code == 4
    assert "DS101" in faulty.stderr


@pytest.mark.parametrize(
    "given", ["nowhere", "nothing.zip", "git:no-such-revision", "git:--output=x", "git:HEAD:no/such/folder"]
)
def test_what_cannot_be_opened_is_said(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = run(given, "rules")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert given.split(":")[-1].split("/")[-1] in done.stderr


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def repository(folder: Path) -> Path:
    """A repository in which a rule base was changed since its first, tagged, revision."""
    rules = copied(folder / "rules")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "tag", "first")
    path = rules / "swot" / "internal" / "mutu.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("rating: 4", "rating: 3", 1), encoding="utf-8")
    return rules


def test_a_revision_in_git_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = repository(tmp_path)
    for arguments in (("git:HEAD", str(rules)), ("git:first:rules", str(rules)), ("git:HEAD", "--kb", str(rules))):
        found = answer(*arguments)
        assert [one["changes"][0]["after"] for one in found["rules"]["changed"]] == [3], arguments
    monkeypatch.chdir(tmp_path)
    assert answer("git:HEAD", "rules")["rules"]["changed"]
    for given in ("git:HEAD:rules", "git:HEAD"):
        assert [one["changes"][0]["after"] for one in answer("rules", given)["rules"]["changed"]] == [4], given
    assert not answer("git:first:rules", "git:HEAD:rules")["rules"]["changed"]


def test_a_revision_is_read_as_it_is_kept_whatever_attributes_say(tmp_path: Path) -> None:
    rules = repository(tmp_path)
    (rules / ".gitattributes").write_text("swot/internal/mutu.yaml export-ignore\nmanifest.yaml export-subst\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "attributes")
    assert not answer("git:HEAD", str(rules))["rules"]["changed"]


def test_a_link_kept_in_git_is_refused(tmp_path: Path) -> None:
    rules = repository(tmp_path)
    (rules / "swot" / "internal" / "lain.yaml").symlink_to("mutu.yaml")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "a link")
    done = run("git:HEAD", str(rules))
    assert done.exit_code == 2
    assert "swot/internal/lain.yaml" in done.stderr


def test_a_folder_outside_git_has_no_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    done = run("git:HEAD", str(copied(tmp_path / "new")))
    assert done.exit_code == 2
    assert "is not in a git repository" in done.stderr
    monkeypatch.setenv("PATH", "")
    done = run("git:HEAD", str(tmp_path / "new"))
    assert done.exit_code == 2
    assert "git is not installed" in done.stderr


def zipped(folder: Path, name: str) -> Path:
    kind = {".zip": "zip", ".tar": "tar", ".tar.gz": "gztar"}[name[name.index(".") :]]
    return Path(shutil.make_archive(str(folder.parent / name.split(".")[0]), kind, folder.parent, folder.name))


@pytest.mark.parametrize("name", ["rules.zip", "rules.tar", "rules.tar.gz"])
def test_an_archive_is_compared(name: str, tmp_path: Path) -> None:
    old = zipped(copied(tmp_path / "base"), name)
    new = copied(tmp_path / "new", swot__internal__mutu=("rating: 4", "rating: 3"))
    found = answer(str(old), str(new))
    assert len(found["rules"]["changed"]) == 1
    assert found["old"]["from"] == str(old)


def tarred(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def link(name: str, to: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, to
    return member


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([(tarfile.TarInfo("../out.yaml"), b"x")], "leads out"),
        ([(tarfile.TarInfo("a/../../out.yaml"), b"x")], "leads out"),
        ([(tarfile.TarInfo("/tmp_out.yaml"), b"x")], "leads out"),
        ([(link("rules", "/etc"), b"")], "link or device"),
        ([(tarfile.TarInfo("a.yaml"), b"x")], "no rule base"),
        ([(tarfile.TarInfo(f"{name}/manifest.yaml"), b"x") for name in "ab"], "several rule bases"),
    ],
    ids=["up", "up and up", "absolute", "link", "empty", "two"],
)
def test_a_hostile_archive_is_refused(
    members: list[tuple[tarfile.TarInfo, bytes]], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    monkeypatch.setattr("tempfile.tempdir", str(room))
    tarred(tmp_path / "old.tar", *members)
    done = run(str(tmp_path / "old.tar"), str(TINY))
    assert done.exit_code == 2
    assert said in done.stderr
    assert "old.tar" in done.stderr
    # Nothing is left behind, inside or out.
    assert list(room.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.tar", "room"]


def test_a_hostile_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    hostile: list[tuple[Callable[[zipfile.ZipFile], None], str]] = []

    def put(name: str, mode: int = 0) -> Callable[[zipfile.ZipFile], None]:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        return lambda archive: archive.writestr(member, "x")

    hostile += [
        (put("../out.yaml"), "leads out"),
        (put("C:/out.yaml"), "leads out"),
        (put("a\\..\\..\\b"), "leads out"),
    ]
    hostile += [(put("rules", 0o120777), "link or device")]
    for write, said in hostile:
        with zipfile.ZipFile(path, "w") as archive:
            write(archive)
        done = run(str(path), str(TINY))
        assert done.exit_code == 2
        assert said in done.stderr
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.yaml", b"\0" * 30_000_000)
    done = run(str(path), str(TINY))
    assert done.exit_code == 2
    assert "more than a rule base can" in done.stderr
    path.write_bytes(b"PK no archive")
    assert "cannot be unpacked" in run(str(path), str(TINY)).stderr


@pytest.mark.parametrize("name", ["rules.zip", "rules.tar", "rules.tar.gz"])
def test_a_broken_archive_ends_in_one_clear_line(name: str, tmp_path: Path) -> None:
    """Bytes changed and cut at random places: refused, or still the rule base, or a faulty one; never a traceback."""
    path = zipped(copied(tmp_path / "base"), name)
    whole, random = path.read_bytes(), Random(5)
    for _ in range(25):
        data = bytearray(whole[: random.randrange(len(whole))] if random.random() < 0.3 else whole)
        for _ in range(random.randint(1, 8)):
            data[random.randrange(len(data))] = random.randrange(256)
        path.write_bytes(data)
        done = run(str(path), str(TINY), "--seconds", "0")
        assert done.exit_code in (0, 1, 2, 3)
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name on this system")
def test_a_pipe_or_a_device_is_no_archive(tmp_path: Path) -> None:
    """Neither is read: the one would be waited for, and the other has no end."""
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "zero.tar").symlink_to("/dev/zero")
    for name in ("pipe.zip", "zero.tar"):
        done = run(str(tmp_path / name), str(TINY))
        assert done.exit_code == 2
        assert "is not a file that can be read to its end" in done.stderr


def test_a_faulty_rule_base_is_not_compared(tmp_path: Path) -> None:
    faulty = copied(tmp_path / "base", swot__internal__mutu=("rating: 4", "rating: 9"))
    done = run(str(faulty), str(TINY))
    assert done.exit_code == 3
    assert f"{faulty}/swot/internal/mutu.yaml:" in done.stderr
    packed = zipped(faulty, "packed.zip")
    done = run(str(packed), str(TINY))
    assert done.exit_code == 3
    assert f"{packed}/swot/internal/mutu.yaml:" in done.stderr


def test_on_takes_yaml_alone(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("firm\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for given, said in (("firms.csv", "takes YAML dossiers"), ("empty", "holds no dossier")):
        done = run(str(TINY), str(TINY), "--on", str(tmp_path / given))
        assert done.exit_code == 2
        assert said in done.stderr
    assert run(str(TINY), str(TINY), "--on", str(tmp_path / "none.yaml")).exit_code == 4
