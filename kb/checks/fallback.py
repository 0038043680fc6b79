"""Some pattern is the last resort, so that a firm for which no other is possible is still told something."""

from __future__ import annotations

from kb.model import Knowledge
from kb.problem import Problems

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    if knowledge.patterns and not any(pattern.fallback for pattern in knowledge.patterns.values()):
        problems.doubt(
            "KB512",
            knowledge.manifest.mark,
            "no pattern is the fallback: where none is possible, nothing is recommended.",
            "Write 'fallback: true' in the pattern that is the last resort.",
        )
