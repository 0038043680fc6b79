"""Every value and unit that a reader meets has words, in the fact's `value_labels` or in labels.yaml."""

from __future__ import annotations

from collections.abc import Iterable

from kb.model import Knowledge
from kb.problem import Mark, Problems

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    shared = {*knowledge.labels, *knowledge.patterns, *(one.id for one in knowledge.table.classes)}
    for fact in knowledge.facts.values():
        _values(fact.domain.values, shared | set(fact.value_labels), fact.id, fact.mark, problems)
        unit = fact.unit
        if fact.domain.type == "money":
            # The currency itself is written as Rp.
            unit = unit.replace("rupiah", "").strip()
        if unit and fact.domain.type != "percent" and unit not in knowledge.units:
            problems.doubt(
                "KB209",
                fact.mark,
                f"unit '{unit}' of '{fact.id}' has no words.",
                f"Add {unit}: {{id: …, en: …}} under units in labels.yaml.",
            )
    for term in knowledge.eligibility.values():
        _values(term.domain.values, shared, term.id, term.mark, problems)


def _values(values: Iterable[str], known: set[str], owner: str, mark: Mark, problems: Problems) -> None:
    missing = [value for value in values if value not in known]
    if missing:
        problems.doubt(
            "KB209",
            mark,
            f"values of '{owner}' without words: {', '.join(missing)}.",
            f"Add {missing[0]}: {{id: …, en: …}} under values in labels.yaml or under the fact's value_labels.",
        )
