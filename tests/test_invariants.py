"""Invariants are tried on random firms: each claim is broken by the fault it is about, and by no other."""

from __future__ import annotations

import datetime
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

import kb
from engine.cases import run_tests
from engine.decide import decide, ready
from engine.firms import Firms
from engine.invariants import _CLAIMS, Trial, firm_of, try_invariants

TINY = Path(__file__).parent / "tiny"
DAY = datetime.date(2026, 6, 30)
NAMED = "  says: {id: Selalu, en: Always}\n"
CLAIMS = {
    "never_recommended": "  when: {bersedia: false}\n",
    "never_offered": "  when: {mutu: baik, permintaan: naik}\n  actions: [pelatihan]\n",
    "recommendation": "  when: {bersedia: true}\n",
    "one_class": "",
    "monotone": "",
    "no_effect": "",
}
INVARIANTS = "".join(f"- invariant: {name}\n  claim: {name}\n{NAMED}{more}" for name, more in CLAIMS.items())


def copy(tmp_path: Path, invariants: str) -> Path:
    target = tmp_path / "rules"
    shutil.copytree(TINY, target)
    (target / "invariants.yaml").write_text(invariants, encoding="utf-8")
    return target


def tried(rules: Path, firms: int = 80) -> dict[str, Trial]:
    engine = ready(kb.load(rules, "rules"), DAY, "reference")
    return {trial.invariant.id: trial for trial in try_invariants([engine], firms, 7)}


def test_a_sound_rule_base_breaks_none(tmp_path: Path) -> None:
    found = tried(copy(tmp_path, INVARIANTS))
    assert {name: trial.how for name, trial in found.items()} == dict.fromkeys(CLAIMS, "")
    assert all(trial.met > 3 for trial in found.values()), found


PLANTED = [
    (
        "never_recommended",
        "patterns/binaan.yaml",
        {"requires: {bersedia: true}": "requires: {any: [{bersedia: true}, {mutu: baik}]}"},
        "recommended: binaan",
    ),
    (
        "never_offered",
        "programme/programme.yaml",
        {"- action: pelatihan\n": "- action: pelatihan\n  standing: true\n"},
        "offered: pelatihan",
    ),
    (
        "recommendation",
        "patterns/binaan.yaml",
        {"requires: {bersedia: true}": "requires: {all: [{bersedia: true}, {mutu: baik}]}"},
        "nothing is recommended",
    ),
    ("monotone", "swot/internal/tenaga.yaml", {}, "tenaga"),
]


@pytest.mark.parametrize(("claim", "file", "changes", "how"), PLANTED, ids=[p[0] for p in PLANTED])
def test_a_planted_fault_breaks_its_claim_with_a_firm_that_shows_it(
    claim: str, file: str, changes: dict[str, str], how: str, tmp_path: Path
) -> None:
    rules = copy(tmp_path, INVARIANTS)
    path = rules / file
    if not changes:
        # More workers than twenty count against the firm although more are said to be better.
        path.write_text(
            "factor: tenaga\nlabel: {id: Tenaga, en: Workers}\naxis: internal\nweight: 5\n"
            "why: {id: Uji, en: Test}\nsource: [asumsi]\nfindings:\n"
            "  - id: W-tenaga_banyak\n    side: weakness\n    rating: 4\n    when: {tenaga: {above: 20}}\n"
            "    says: {id: Terlalu banyak, en: Too many}\n    answered_by: [hemat]\n"
            "    examples: {fires: [{tenaga: 21}], silent: [{tenaga: 20}]}\n",
            encoding="utf-8",
        )
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    found = tried(rules, 300)
    assert how in found[claim].how
    assert found[claim].day == DAY
    assert found[claim].broken_by
    assert [name for name, trial in found.items() if trial.how] == [claim]


def test_claims_that_the_loader_already_guards_are_tried_all_the_same(tmp_path: Path) -> None:
    """No rule base that loads lets a protected fact count, so a fact that counts is called protected afterwards."""
    knowledge = kb.load(copy(tmp_path, INVARIANTS), "rules")
    facts = {**knowledge.facts, "mutu": replace(knowledge.facts["mutu"], protected=True)}
    engine = ready(replace(knowledge, facts=facts), DAY, "reference")
    found = {trial.invariant.id: trial.how for trial in try_invariants([engine], 80, 7)}
    assert found == {**dict.fromkeys(CLAIMS, ""), "no_effect": "mutu changes the decision"}
    nothing_known = decide(engine, firm_of({}, engine.program))
    claim = knowledge.invariants["one_class"]
    assert _CLAIMS["one_class"](claim, nothing_known, engine, {}, Random(1)).startswith("possible: ")


def test_a_counterexample_fails_the_run_and_so_does_a_claim_about_nobody(tmp_path: Path) -> None:
    nobody = "- invariant: siapa\n  claim: recommendation\n  when: {tenaga: {above: 5, below: 6}}\n" + NAMED
    never = "- invariant: tak_pernah\n  claim: never_recommended\n" + NAMED
    rules = copy(tmp_path, nobody.replace("above: 5, below: 6", "above: 500") + never)
    problems = [p.code for p in kb.examine(rules, "rules")[1].errors]
    assert problems == ["KB420"]
    (rules / "invariants.yaml").write_text(never, encoding="utf-8")
    run = run_tests(kb.load(rules, "rules"))
    (failure,) = run.failures
    assert failure.case == "invariant tak_pernah"
    assert str(failure.mark).startswith("rules/invariants.yaml:1:")
    assert "recommended: " in str(failure.got["never_recommended"])
    # In force on a single day that is not among those tried, it was never tried, and that is said.
    (rules / "invariants.yaml").write_text(
        never + "  in_force: {from: 2011-02-03, until: 2011-02-03}\n", encoding="utf-8"
    )
    (failure,) = run_tests(kb.load(rules, "rules")).failures
    assert failure.got == {"never_recommended": "no random firm meets its 'when'"}


def test_firms_are_drawn_evenly_over_the_cells_of_a_fact() -> None:
    drawing = Firms(ready(kb.load(TINY, "tiny"), DAY, "reference").program)
    random = Random(3)
    drawn = [drawing.complete(random) for _ in range(4000)]
    facts = kb.load(TINY, "tiny").facts
    assert all(set(firm) == {n for n, f in facts.items() if f.derived is None} for firm in drawn)
    # harga_bahan is compared with -2.5 (below) and 10 (above), in steps of 0.1: three cells.
    cells = Counter("low" if f["harga_bahan"] < -25 else "high" if f["harga_bahan"] > 100 else "mid" for f in drawn)
    assert all(1200 < number < 1470 for number in cells.values()), cells
    for name, fact in facts.items():
        domain = fact.domain
        if domain.low is not None and domain.high is not None and fact.derived is None:
            assert all(domain.low <= int(firm[name]) <= domain.high for firm in drawn), name
    assert [drawing.complete(Random(9)) for _ in range(2)] == [drawing.complete(Random(9))] * 2
    assert 0.6 < sum(len(drawing.partial(random)) for _ in range(300)) / 300 / len(drawn[0]) < 0.73
