"""A base fact feeds factors of one axis only, and a protected fact feeds nothing.

The one-axis rule makes the two margins independent, which is what lets possible classes be computed axis by axis.
"""

from __future__ import annotations

from kb.model import Knowledge
from kb.problem import Problems
from kb.rules import base_facts_read, rules_of

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    def usable(facts: tuple[str, ...]) -> list[str]:
        """Those whose own entry is whole: what stands in for another is not theirs to answer for."""
        return [fact for fact in facts if fact not in problems.unusable]

    first: dict[str, tuple[str, str]] = {}
    for factor in knowledge.factors.values():
        for finding in factor.findings:
            for fact in usable(base_facts_read(finding.when, knowledge)):
                axis, owner = first.setdefault(fact, (factor.axis, factor.id))
                if axis != factor.axis:
                    problems.error(
                        "KB404",
                        finding.mark,
                        f"'{fact}' feeds the {axis} factor '{owner}' and this {factor.axis} one.",
                        "Keep each fact on one axis; split it in two if both are meant.",
                    )
    for rule in rules_of(knowledge):
        for fact in usable(base_facts_read(rule.when, knowledge)):
            if knowledge.facts[fact].protected:
                problems.error(
                    "KB415",
                    rule.mark,
                    f"'{fact}' is protected and feeds '{rule.id}'.",
                    "Remove the test; no rule decides by a personal trait.",
                )
