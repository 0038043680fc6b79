"""An example of a finding says every base fact the finding rests on, so that it tests the finding and not a gap."""

from __future__ import annotations

from kb.model import Knowledge
from kb.problem import Problems
from kb.rules import base_facts_read

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    for finding in knowledge.findings.values():
        wanted = base_facts_read(finding.when, knowledge)
        for example in finding.examples:
            unsaid = [fact for fact in wanted if fact not in example.facts and fact not in problems.unusable]
            if unsaid:
                problems.error(
                    "KB417",
                    example.mark,
                    f"the example leaves {', '.join(unsaid)} unsaid, on which '{finding.id}' rests.",
                    f"State {' and '.join(unsaid)} in it.",
                )
