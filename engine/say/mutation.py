"""What became of the mutants of a rule base, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.mutant import Mutant

KILLED, SURVIVED, REFUSED, SAME = "killed", "survived", "refused", "changes nothing"


class Fate(NamedTuple):
    """A mutant and its outcome: killed, survived, refused (at load) or changes nothing (for any firm)."""

    mutant: Mutant
    outcome: str


def share(fates: Sequence[Fate]) -> float:
    """Killed of those that a case could kill, in percent; 100 where there is none."""
    counts = Counter(fate.outcome for fate in fates)
    whole = counts[KILLED] + counts[SURVIVED]
    return 100 * counts[KILLED] / whole if whole else 100.0


def mutation_json(fates: Sequence[Fate]) -> dict[str, Any]:
    """The answer of `mutate`: `mutants` are those that a case could kill; the others are counted apart."""
    counts = Counter(fate.outcome for fate in fates)
    return {
        "mutants": counts[KILLED] + counts[SURVIVED],
        "killed": counts[KILLED],
        "survived": [_entry(fate.mutant) for fate in fates if fate.outcome == SURVIVED],
        "changes_nothing": [_entry(fate.mutant) for fate in fates if fate.outcome == SAME],
        "refused_at_load": counts[REFUSED],
    }


def _entry(mutant: Mutant) -> dict[str, Any]:
    return {"file": mutant.mark.file, "line": mutant.mark.line, "rule": mutant.about, "change": mutant.change}


def mutation_text(fates: Sequence[Fate]) -> str:
    """Each survivor by place, then the counts."""
    counts = Counter(fate.outcome for fate in fates)
    lines = []
    for mutant in (fate.mutant for fate in fates if fate.outcome == SURVIVED):
        lines.append(f"{mutant.mark.file}:{mutant.mark.line}: survived: {mutant.about}: {mutant.change}")
    whole = counts[KILLED] + counts[SURVIVED]
    lines.append(f"{counts[KILLED]} of {whole} mutants killed by cases and examples, {share(fates):.1f} %.")
    lines.append(f"{counts[REFUSED]} more would be refused at load, {counts[SAME]} change nothing for any firm.")
    return "\n".join(lines) + "\n"
