"""Planted slips: each kind is made, weak cases miss them, and judging quickly equals deciding everything anew."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import randombase
from click.testing import CliRunner
from support import read, some_knowledge

import cli
import kb
from engine.cases import as_dossier, example_day
from engine.decide import decide, ready
from engine.derive import derive
from engine.equal import changes_nothing
from engine.expect import differences
from engine.infer import run
from engine.mutant import Mutant
from engine.mutants import mutants_of
from engine.mutate import failing, ground_of, judge
from kb.model import Case, Example

pytestmark = pytest.mark.once

TINY = Path(__file__).parent / "tiny"
FULL = """\
- case: Lengkap
  as_of: 2026-06-30
  facts: {penjualan: 1 miliar, biaya: 700 juta, mutu: baik, tenaga: 8, permintaan: naik, harga_bahan: 0}
  expect: {margins: {x: 16.5, y: 8.7}, findings: {present: [S-laba, S-mutu, O-permintaan]}}
"""


def base(tmp_path: Path, cases: str) -> Path:
    """The tiny rule base with other cases."""
    for path in sorted(TINY.rglob("*.yaml")):
        target = tmp_path / "kb" / path.relative_to(TINY)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(cases if path.name == "cases.yaml" else path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / "kb"


def outcomes(folder: Path) -> dict[tuple[str, str], str]:
    knowledge = kb.load(folder)
    ground = ground_of(knowledge)
    return {(m.about, m.change): judge(ground, m).outcome for m in mutants_of(knowledge)}


def test_a_case_that_asks_for_little_misses_what_the_margins_tell(tmp_path: Path) -> None:
    weak = outcomes(base(tmp_path / "weak", FULL.replace("margins: {x: 16.5, y: 8.7}, ", "")))
    decision = kb.load(base(tmp_path / "strong", FULL))
    found = {case.name: decide(ready(decision, case.as_of, "reference"), as_dossier(case)) for case in decision.cases}
    scores = found["Lengkap"].scores
    exact = FULL.replace("x: 16.5, y: 8.7", f"x: {float(scores.margin_x)}, y: {float(scores.margin_y)}")
    strong = outcomes(base(tmp_path / "exact", exact))
    rating = next(name for name in weak if name[0] == "S-mutu" and name[1].startswith("rating") and "5" not in name[1])
    assert (weak[rating], strong[rating]) == ("survived", "killed")
    assert {name for name, outcome in strong.items() if outcome == "killed"} > {
        name for name, outcome in weak.items() if outcome == "killed"
    }


def test_every_kind_of_slip_is_made_and_placed() -> None:
    knowledge = kb.load(kb.shipped(), "rules")
    found = list(mutants_of(knowledge))
    said = " | ".join(mutant.change for mutant in found)
    for words in (
        "pembeli_terbesar above 60 -> above 60.1",
        "pembeli_terbesar above 60 -> at_least 60",
        "'not' before",
        "-> is_not",
        "dropped from 'all'",
        "dropped from 'any'",
        "side strength -> weakness",
        "weight 4 -> 5",
        "rating 3 -> 4",
        "swapped",
        "in_force: from 2008-07-04 -> 2008-07-05",
        "answered_by",
        "bar dropped",
        "after the next",
        "tie_band 0.1 -> 0",
    ):
        assert words in said, words
    assert all(mutant.mark.file.startswith("rules/") and mutant.mark.line >= 1 for mutant in found)
    assert [(m.mark, m.about, m.change) for m in found] == [(m.mark, m.about, m.change) for m in mutants_of(knowledge)]


def test_what_the_loader_would_refuse_is_not_counted(tmp_path: Path) -> None:
    knowledge = kb.load(base(tmp_path, FULL))
    refused = {mutant.change for mutant in mutants_of(knowledge) if mutant.refused}
    assert any(change.startswith("rating 4 -> 5") for change in refused)
    # Both findings of the factor would hold at once.
    overlapping = [m for m in mutants_of(knowledge) if m.refused and m.kind == "rule"]
    assert overlapping


def test_a_slip_that_no_firm_can_feel_is_told_apart(tmp_path: Path) -> None:
    folder = base(tmp_path, FULL)
    path = folder / "programme" / "programme.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "when: {tahap: baru,", "when: {tenaga: {at_least: -5}, tahap: baru,"
    )
    path.write_text(text, encoding="utf-8")
    caution = folder / "patterns" / "subkontrak.yaml"
    written = caution.read_text(encoding="utf-8").replace("{bersedia: true}, {kbli:", "{tenaga: {at_least: 0}}, {kbli:")
    caution.write_text(written, encoding="utf-8")
    knowledge = kb.load(folder)
    ground = ground_of(knowledge)
    idle = [m for m in mutants_of(knowledge) if m.about == "subkontrak.requires" and "tenaga at_least 0" in m.change]
    told = {mutant.change: changes_nothing(ground, mutant) for mutant in idle}
    assert told["tenaga at_least 0 -> at_least -1"]
    assert not told["tenaga at_least 0 -> at_least 1"]


def test_cases_that_fail_already_stop_the_run(tmp_path: Path) -> None:
    folder = base(tmp_path, FULL.replace("present: [S-laba", "absent: [S-laba"))
    answer = CliRunner().invoke(cli.main, ["mutate", "--kb", str(folder)])
    assert answer.exit_code == 1
    assert "FAILED Lengkap" in answer.output
    assert "killed" not in answer.output


def test_the_command_reports_as_the_contract_says(tmp_path: Path) -> None:
    folder = base(tmp_path, FULL.replace("margins: {x: 16.5, y: 8.7}, ", ""))
    runner = CliRunner()
    answer = runner.invoke(cli.main, ["mutate", "--kb", str(folder), "--format", "json", "--jobs", "1"])
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert told["mutants"] == told["killed"] + len(told["survived"])
    assert {"file", "line", "change"} <= set(told["survived"][0])
    few = runner.invoke(cli.main, ["mutate", "--kb", str(folder), "--format", "json", "--most", "9", "--seed", "3"])
    again = runner.invoke(cli.main, ["mutate", "--kb", str(folder), "--format", "json", "--most", "9", "--seed", "3"])
    assert few.output == again.output
    least = runner.invoke(cli.main, ["mutate", "--kb", str(folder), "--least", "100", "--only", "mutu.yaml"])
    assert least.exit_code == 1
    assert runner.invoke(cli.main, ["mutate", "--kb", str(folder), "--only", "tiada.yaml"]).exit_code == 2


def test_a_parameter_that_findings_and_cautions_read_is_judged(tmp_path: Path) -> None:
    folder = base(tmp_path, FULL.replace("margins: {x: 16.5, y: 8.7}, ", "margins: {x: 0}, "))
    knowledge = kb.load(folder)
    case = knowledge.cases[0]
    right = decide(ready(knowledge, case.as_of, "reference"), as_dossier(case)).scores.margin_x
    expect = {**case.expect, "margins": {"x": right}}
    ground = ground_of(replace(knowledge, cases=(case._replace(expect=expect),)))
    mutants = list(mutants_of(knowledge))
    finding = next(m for m in mutants if m.about == "S-mutu" and m.kind == "rule" and not m.refused)
    caution = next(m for m in mutants if m.about == "muda" and m.kind == "rule" and not m.refused)
    both = finding._replace(changes=(*caution.changes, *finding.changes))
    assert judge(ground, both).outcome == judge(ground, finding).outcome


def with_cases(knowledge: kb.Knowledge, files: randombase.Json, random: Random) -> kb.Knowledge:
    """A random rule base with cases that expect some of what is answered now, and examples that come true."""
    cases = []
    for number in range(6):
        dossier = read(randombase.firm(random, files), knowledge)
        assert dossier.as_of is not None
        decision = decide(ready(knowledge, dossier.as_of, "reference"), dossier)
        held = [h.finding.id for h in decision.findings]
        expect: dict[str, object] = {
            "class": decision.verdict.id,
            "possible": list(decision.verdict.possible),
            "recommended": list(decision.recommended),
            "patterns": {p.pattern: p.status for p in decision.patterns},
            "findings": {"present": held},
            "margins": {"x": decision.scores.margin_x, "y": decision.scores.margin_y},
            "actions": {"present": [a.action for a in decision.programme if a.holds]},
            "cautions": {"present": [c.caution for c in decision.cautions]},
            "dimensions": {d.dimension: d.level for d in decision.dimensions},
        }
        kept = {key: value for key, value in expect.items() if random.random() < 0.4}
        facts = {name: stated.value for name, stated in dossier.facts.items()}
        grades = {name: stated.grade for name, stated in dossier.facts.items() if stated.grade != "stated"}
        cases.append(
            Case(
                f"Kasus {number}",
                dossier.as_of,
                facts,
                kept or {"class": expect["class"]},
                knowledge.table.mark,
                grades,
            )
        )
    factors = {}
    for factor in knowledge.factors.values():
        findings = []
        for finding in factor.findings:
            engine = ready(knowledge, example_day(finding, knowledge), "reference")
            examples = []
            for one in finding.examples:
                truth = run(engine.inference, "findings", derive(engine.program.steps, one.facts)).get(finding.id)
                examples += [Example(one.facts, truth, one.mark)] if truth is not None else []
            findings.append(finding._replace(examples=tuple(examples)))
        factors[factor.id] = factor._replace(findings=tuple(findings))
    return replace(knowledge, cases=tuple(cases), factors=factors)


def noticed(mutant: Mutant) -> bool:
    """The slow way: the rule base with the slip, every example and every case on it."""
    made = mutant.knowledge()
    for finding in made.findings.values():
        engine = ready(made, example_day(finding, made), "reference")
        for example in finding.examples:
            truths = run(engine.inference, "findings", derive(engine.program.steps, example.facts))
            if truths.get(finding.id) is not example.fires:
                return True
    decisions = [(case, decide(ready(made, case.as_of, "reference"), as_dossier(case))) for case in made.cases]
    return any(differences(case, decision)[0] for case, decision in decisions)


@pytest.mark.parametrize("seed", range(12))
def test_judging_only_what_can_differ_equals_deciding_everything_anew(seed: int) -> None:
    random = Random(seed)
    knowledge = with_cases(*some_knowledge(seed, small=True), random)
    ground = ground_of(knowledge)
    assert failing(ground) == []
    counted = [mutant for mutant in mutants_of(knowledge) if not mutant.refused]
    for mutant in random.sample(counted, min(40, len(counted))):
        quick = judge(ground, mutant).outcome == "killed"
        assert quick is noticed(mutant), f"{mutant.about}: {mutant.change}"
