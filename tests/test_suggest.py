"""Cases made by a solver: they load, they pass, they show more and kill more; what cannot be shown is said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import trapbase
from click.testing import CliRunner
from test_coverage import WHEN, without_examples
from test_mutate import FULL, base

import cli
import kb
from engine.cases import run_tests
from engine.coverage import KINDS, Point
from engine.mutants import mutants_of
from engine.mutate import ground_of, judge
from engine.suggest import suggest

pytestmark = pytest.mark.once

WEAK = FULL.replace("{margins: {x: 16.5, y: 8.7}, ", "{")


def killed(folder: Path) -> int:
    knowledge = kb.load(folder)
    ground = ground_of(knowledge)
    return sum(judge(ground, mutant).outcome == "killed" for mutant in mutants_of(knowledge))


@pytest.mark.parametrize("cases", [WEAK, "[]\n"], ids=["one case", "no case"])
def test_suggestions_load_pass_and_raise_coverage(tmp_path: Path, cases: str) -> None:
    folder = base(tmp_path, cases)
    target = tmp_path / "batas.yaml"
    answer = CliRunner().invoke(cli.main, ["test", "--kb", str(folder), "--suggest", str(target)])
    assert answer.exit_code == 0, answer.output
    assert "Read each expectation" in answer.output
    text = target.read_text(encoding="utf-8")
    assert text.startswith("# Kasus-kasus ini dibuat oleh pemecah")
    before, few = run_tests(kb.load(folder)).coverage, killed(folder)
    shutil.copy(target, folder / "cases" / "batas.yaml")
    result = run_tests(kb.load(folder))
    assert result.failures == ()
    for kind in KINDS:
        assert result.coverage.count(kind)[0] >= before.count(kind)[0]
    assert result.coverage.count("threshold")[0] > before.count("threshold")[0]
    assert killed(folder) > 2 * few


def test_the_same_rule_base_gets_the_same_suggestions_in_every_process(tmp_path: Path) -> None:
    folder = base(tmp_path, WEAK)
    targets = [tmp_path / name for name in ("a.yaml", "b.yaml")]
    for seed, target in enumerate(targets):
        command = [sys.executable, "cli.py", "test", "--kb", str(folder), "--suggest", str(target)]
        root = Path(cli.__file__).parent
        subprocess.run(
            command, check=True, cwd=root, env={**os.environ, "PYTHONHASHSEED": str(seed)}, capture_output=True
        )
    assert targets[0].read_bytes() == targets[1].read_bytes()


def test_a_file_that_is_there_is_never_touched(tmp_path: Path) -> None:
    target = tmp_path / "batas.yaml"
    target.write_text("mine", encoding="utf-8")
    answer = CliRunner().invoke(cli.main, ["test", "--kb", str(base(tmp_path, WEAK)), "--suggest", str(target)])
    assert answer.exit_code == 2
    assert target.read_text(encoding="utf-8") == "mine"


def test_nothing_is_suggested_while_a_case_fails(tmp_path: Path) -> None:
    target = tmp_path / "batas.yaml"
    folder = base(tmp_path, WEAK.replace("present: [S-laba", "absent: [S-laba"))
    answer = CliRunner().invoke(cli.main, ["test", "--kb", str(folder), "--suggest", str(target)])
    assert answer.exit_code == 1
    assert not target.exists()


def test_what_no_firm_can_show_is_told_apart(tmp_path: Path) -> None:
    never = {"all": [*WHEN["all"], {"jumlah": {"at_most": 4}}]}
    knowledge = without_examples(trapbase.load(tmp_path, {"satu": never, "dua": WHEN}))
    found = suggest(ground_of(knowledge), 1, lambda left: None)
    assert {point.rule for point in found.impossible} == {"S-satu"}
    assert Point("rule", "S-satu", -1, -1, "true") in found.impossible
    assert any(point.rule == "S-dua" and point.side == "at" for one in found.made for point in one.shows)
