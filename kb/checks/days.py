"""Findings whose examples cannot be tried on the manifest's day, for the law of that day leaves them out of force."""

from __future__ import annotations

import datetime

from kb.checks.cover import parameters_behind
from kb.model import Finding, Knowledge
from kb.problem import Problems

AT_LOAD = False


def example_day(finding: Finding, knowledge: Knowledge) -> datetime.date:
    """The day on which `mitra test` tries a finding: the manifest's, else its first, or its last without a first."""
    usual, period = knowledge.manifest.examples_as_of, finding.period
    return usual if period.holds(usual) else period.start or period.end or usual


def check(knowledge: Knowledge, problems: Problems) -> None:
    usual = knowledge.manifest.examples_as_of
    for finding in knowledge.findings.values():
        day = example_day(finding, knowledge)
        missing = [p for p in parameters_behind(finding.when, knowledge) if knowledge.parameters[p].on(day) is None]
        if missing:
            problems.doubt(
                "KB510",
                finding.mark,
                f"'{finding.id}' has no examples that can be tried: on {day}, ${missing[0]} has no value.",
                "Give the parameter a value of that day, or bound the finding with in_force.",
            )
        elif day != usual:
            problems.doubt(
                "KB510",
                finding.mark,
                f"'{finding.id}' is not in force on {usual}, so its examples are tried on {day}.",
                "Correct in_force, or examples_as_of in the manifest; for a finding of the past this may stay.",
            )
