"""No rule is wider than the executors may be given."""

from __future__ import annotations

from kb.model import Knowledge
from kb.normal import MAX_ALTERNATIVES, MAX_TERMS, TooManyAlternatives, alternatives
from kb.problem import Problems
from kb.rules import rules_of

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    for rule in rules_of(knowledge):
        if rule.when is None:
            continue
        try:
            alternatives(rule.when)
        except TooManyAlternatives as fault:
            problems.error(
                "KB413",
                rule.mark,
                f"'{rule.id}' has {fault}.",
                f"Stay within {MAX_ALTERNATIVES} alternatives of {MAX_TERMS} terms; split the rule.",
            )
