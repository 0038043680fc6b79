"""What the expert's tests reach: points that are seen where they decide, thresholds step by step, days, JUnit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import trapbase
from click.testing import CliRunner
from test_mutate import FULL, base

import cli
import kb
from engine.cases import run_tests
from engine.coverage import Coverage, Point
from engine.say.junit import run_junit

pytestmark = pytest.mark.once

WHEN = {"all": [{"jumlah": {"at_least": 5}}, {"siap": "true"}]}


def covered(tmp_path: Path, facts: list[trapbase.Json], when: trapbase.Json = WHEN) -> Coverage:
    """Coverage by cases with these facts of one strength with the condition."""
    files = trapbase.rule_base({"satu": when})
    files["cases/all.yaml"] = [
        {"case": f"Kasus {n}", "as_of": trapbase.DAY, "facts": one, "expect": {"borderline": "true"}}
        for n, one in enumerate(facts)
    ]
    return run_tests(without_examples(kb.load(trapbase.randombase.write(files, tmp_path / "kb"), "kb"))).coverage


def without_examples(knowledge: kb.Knowledge) -> kb.Knowledge:
    """Examples of findings show something as well."""
    factors = {}
    for name, factor in knowledge.factors.items():
        findings = tuple(finding._replace(examples=()) for finding in factor.findings)
        factors[name] = factor._replace(findings=findings)
    return replace(knowledge, factors=factors)


def sides(coverage: Coverage, kind: str, test: int) -> set[str]:
    return {point.side for point in coverage.seen if (point.kind, point.rule, point.test) == (kind, "S-satu", test)}


def test_a_threshold_is_tried_a_step_under_at_and_over_it(tmp_path: Path) -> None:
    facts = [{"jumlah": value, "siap": "ya"} for value in (3, 4, 5, 6, 7)]
    coverage = covered(tmp_path, facts)
    assert sides(coverage, "threshold", 0) == {"under", "at", "over"}
    assert sides(covered(tmp_path / "b", [facts[0], facts[4]]), "threshold", 0) == set()


def test_a_threshold_counts_only_where_it_decides(tmp_path: Path) -> None:
    assert sides(covered(tmp_path, [{"jumlah": 5, "siap": "tidak"}]), "threshold", 0) == set()
    assert sides(covered(tmp_path / "b", [{"jumlah": 5}]), "threshold", 0) == set()


def test_rules_and_tests_are_seen_true_false_and_unknown(tmp_path: Path) -> None:
    coverage = covered(tmp_path, [{"jumlah": 5, "siap": "ya"}, {"jumlah": 5}, {"jumlah": 4}])
    assert sides(coverage, "rule", -1) == {"true", "unknown", "false"}
    assert sides(coverage, "test", 0) == {"true", "false"}
    assert sides(coverage, "test", 1) == {"true", "unknown"}
    missing = {point for point, _ in coverage.missing}
    assert Point("test", "S-satu", 1, -1, "false") in missing
    assert Point("test", "S-satu", 0, -1, "unknown") in missing


def test_a_ratio_is_just_over_its_threshold_while_no_other_lies_between(tmp_path: Path) -> None:
    when = {"any": [{"hasil": {"at_least": "1.5"}}, {"hasil": {"below": "-2"}}]}
    facts = [{"pecahan": 3, "pembagi": 2}, {"pecahan": 9, "pembagi": 2}, {"pecahan": -9, "pembagi": 2}]
    coverage = covered(tmp_path, facts, when)
    assert sides(coverage, "threshold", 0) == {"at", "over"}
    assert sides(coverage, "threshold", 1) == {"under"}


def test_the_days_next_to_a_start_are_seen(tmp_path: Path) -> None:
    case = "- case: {0}\n  as_of: {0}\n  facts: {{bersedia: ya}}\n  expect: {{findings: {{absent: [S-laba]}}}}\n"
    folder = base(tmp_path, FULL + case.format("1999-12-31") + case.format("2000-01-01"))
    cases = folder / "cases" / "cases.yaml"
    cases.write_text(cases.read_text(encoding="utf-8").replace("{findings: {absent: [S-laba]}}", "{class: null}"))
    coverage = run_tests(kb.load(folder, "kb")).coverage
    days = {point.side for point in coverage.seen if (point.kind, point.rule) == ("day", "binaan.saling_perlu")}
    assert days == {"1999-12-31", "2000-01-01"}


def test_the_command_lists_what_is_not_covered(tmp_path: Path) -> None:
    folder = base(tmp_path, FULL.replace("{margins: {x: 16.5, y: 8.7}, ", "{"))
    runner = CliRunner()
    short = runner.invoke(cli.main, ["test", "--kb", str(folder)])
    whole = runner.invoke(cli.main, ["test", "--kb", str(folder), "--coverage"])
    assert short.exit_code == whole.exit_code == 0
    assert "never seen" not in short.output
    assert "patterns/subkontrak.yaml:" in whole.output
    told = json.loads(runner.invoke(cli.main, ["test", "--kb", str(folder), "--format", "json"]).output)["coverage"]
    assert told["points"]["thresholds"]["total"] > told["points"]["thresholds"]["seen"]
    assert {"file", "line", "rule", "kind", "about", "missing"} == set(told["uncovered"][0])


def test_junit_names_every_test_and_is_well_formed_whatever_the_names(tmp_path: Path) -> None:
    odd = 'Nama ]]> <b>&amp; \x07\x1b\ud800 "kutip"'
    knowledge = kb.load(base(tmp_path, FULL.replace("x: 16.5", "x: 1")))
    # No file can bring such a name, but a rule base made by a program can.
    knowledge = replace(knowledge, cases=tuple(case._replace(name=odd) for case in knowledge.cases))
    suite = ElementTree.fromstring(run_junit(run_tests(knowledge), "nama"))[0]
    tests = suite.findall("testcase")
    assert (int(suite.get("tests", "0")), int(suite.get("failures", "0"))) == (len(tests), 1)
    failed = next(test for test in tests if test.find("failure") is not None)
    assert failed.get("name") == 'Nama ]]> <b>&amp; \\x07\\x1b\\xd800 "kutip"'
    text = failed.findtext("failure")
    assert text is not None
    assert f"cases.yaml:{failed.get('line')}: " in text
    assert "margins: expected" in text


def test_junit_is_a_file_of_every_test(tmp_path: Path) -> None:
    target = tmp_path / "run.xml"
    target.write_text("an older run", encoding="utf-8")
    answer = CliRunner().invoke(cli.main, ["test", "--kb", str(base(tmp_path, FULL)), "--junit", str(target)])
    assert answer.exit_code == 1
    suite = ElementTree.parse(target).getroot()[0]
    assert f"{len(suite) - 1} passed, 1 failed." in answer.output


def test_junit_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = base(tmp_path, FULL.replace("{margins: {x: 16.5, y: 8.7}, ", "{"))
    runner = CliRunner()
    for target in (tmp_path / "no" / "run.xml", tmp_path):
        assert runner.invoke(cli.main, ["test", "--kb", str(folder), "--junit", str(target)]).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kb"]
