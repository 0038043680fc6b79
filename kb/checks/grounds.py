"""A bar rests on a law that somebody has read: a remembered or assumed one shuts nobody out."""

from __future__ import annotations

from kb.model import Knowledge
from kb.problem import Problems
from kb.text import place_of

AT_LOAD = True
_READ = ("text", "report")


def check(knowledge: Knowledge, problems: Problems) -> None:
    for pattern in knowledge.patterns.values():
        for bar in pattern.bars:
            # A source that is not there, or is faulty, is said already; what it would have been is not known.
            whole = [name for name in bar.sources if name in knowledge.sources and name not in problems.unusable]
            cited = [knowledge.sources[name].checked for name in whole]
            if len(cited) == len(bar.sources) and cited and not {*cited} & {*_READ}:
                problems.error(
                    "KB422",
                    place_of(bar.sources[0], bar.mark),
                    f"'{bar.id}' bars by {' and '.join(sorted({*cited}))} alone.",
                    "Cite a source that was read (text or report), or make it a caution.",
                )
