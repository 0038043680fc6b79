"""Printing a test run and the lists of `show`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tabulate import tabulate

from engine.cases import TestRun
from engine.say.coverage import coverage_json, coverage_text
from engine.say.json import exact_number
from engine.say.listing import COLUMNS
from engine.say.rule_entries import expectations


def run_json(result: TestRun) -> dict[str, Any]:
    """The answer of `test`."""
    return {
        "passed": result.passed,
        "failed": len(result.failures),
        "failures": [
            {
                "case": f.case,
                "expected": expectations(dict(f.expected)),
                "got": expectations(dict(f.got)),
                "file": f.mark.file,
                "line": f.mark.line,
            }
            for f in result.failures
        ],
        "coverage": coverage_json(result.coverage),
        "never_fired": list(result.coverage.never_fired),
        "invariants": {trial.invariant.id: trial.met for trial in result.trials},
    }


def run_text(result: TestRun, whole: bool = False) -> str:
    """Failures, counts and coverage; with `whole` also what is not covered."""
    lines = []
    for failure in result.failures:
        lines.append(f"{failure.mark.file}:{failure.mark.line}: FAILED {failure.case}")
        for key, wanted in failure.expected.items():
            lines.append(f"    {key}: expected {shown(wanted)}, got {shown(failure.got[key])}")
    lines.append(f"{result.passed} passed, {len(result.failures)} failed.")
    if result.trials:
        firms = sum(trial.met for trial in result.trials)
        lines.append(f"{len(result.trials)} invariants tried on random firms, {firms} times in all.")
    return "\n".join(lines) + "\n" + coverage_text(result.coverage, whole)


def shown(value: object) -> str:
    """A value of an expectation in one line."""
    if isinstance(value, Fraction):
        return str(exact_number(value))
    if isinstance(value, list):
        return "[" + ", ".join(shown(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {shown(v)}" for k, v in value.items()) + "}"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def listing_text(entries: list[dict[str, Any]], what: str) -> str:
    """A table of many entries, or one entry line by line."""
    if what in COLUMNS:
        rows = [[_cell(entry.get(column)) for column in COLUMNS[what]] for entry in entries]
        widths = [None if column in ("id", "from", "until") else 60 for column in COLUMNS[what]]
        return tabulate(rows, COLUMNS[what], "simple", maxcolwidths=widths, disable_numparse=True) + "\n"
    rows = [[key, _cell(value)] for key, value in entries[0].items()]
    return tabulate(rows, tablefmt="plain", maxcolwidths=[None, 90], disable_numparse=True) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_cell(v)}" for k, v in value.items())
    return str(value)
