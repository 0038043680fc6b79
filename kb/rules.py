"""Every conditional rule of a rule base in one list, for the checks and for the compiler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.complete import base_facts
from kb.condition import Condition, fact_of, terms_of
from kb.law import Period
from kb.model import Eligibility, Knowledge
from kb.problem import Mark

KINDS = (
    "eligibility",
    "finding",
    "requires",
    "eligible",
    "bar",
    "principle",
    "action",
    "caution",
    "pattern_caution",
    "prepare",
)


class Rule(NamedTuple):
    """One rule as written: its id, what it does (`kind`), whom it serves (`owner`), and when."""

    id: str
    kind: str
    owner: str
    when: Condition | None
    period: Period
    sources: tuple[str, ...]
    mark: Mark


def rules_of(knowledge: Knowledge) -> Iterator[Rule]:
    """All rules, eligibility first, then findings, patterns, principles, programme: the order of the stages."""
    for term in knowledge.eligibility.values():
        for number, entry in enumerate(term.entries, 1):
            name = f"{term.id}.{number}_{term.domain.values[entry.value]}"
            yield Rule(name, "eligibility", term.id, entry.when, entry.period, entry.sources, entry.mark)
    for factor in knowledge.factors.values():
        for finding in factor.findings:
            yield Rule(finding.id, "finding", factor.id, finding.when, finding.period, finding.sources, finding.mark)
    for pattern in knowledge.patterns.values():
        if pattern.requires:
            yield Rule(
                pattern.requires.id,
                "requires",
                pattern.id,
                pattern.requires.when,
                pattern.requires.period,
                pattern.requires.sources or pattern.sources,
                pattern.requires.mark,
            )
        kinds = (
            ("eligible", pattern.eligible),
            ("bar", pattern.bars),
            ("pattern_caution", pattern.cautions),
            ("prepare", pattern.prepare),
        )
        for kind, clauses in kinds:
            for clause in clauses:
                yield Rule(clause.id, kind, pattern.id, clause.when, clause.period, clause.sources, clause.mark)
        for principle in knowledge.principles.values():
            name = f"{pattern.id}.{principle.id}"
            when = principle.condition(pattern.id)
            yield Rule(name, "principle", pattern.id, when, principle.period, principle.sources, principle.mark)
    for action in knowledge.actions.values():
        yield Rule(action.id, "action", action.id, action.when, action.period, action.sources, action.mark)
    for caution in knowledge.cautions.values():
        yield Rule(caution.id, "caution", caution.id, caution.when, caution.period, caution.sources, caution.mark)


def value_given(entry: str, term: Eligibility) -> int:
    """The value that an entry of an eligibility term gives, by the id `rules_of` made of its number."""
    return term.entries[int(entry.removeprefix(f"{term.id}.").split("_", 1)[0]) - 1].value


def facts_read(when: Condition | None, knowledge: Knowledge) -> tuple[str, ...]:
    """Facts and derived facts a condition reads, in the order written."""
    if when is None:
        return ()
    return tuple(dict.fromkeys(f for t in terms_of(when) if (f := fact_of(t)) in knowledge.facts))


def base_facts_read(when: Condition | None, knowledge: Knowledge) -> tuple[str, ...]:
    """Base facts a condition rests on."""
    found = (base for fact in facts_read(when, knowledge) for base in base_facts(fact, knowledge.facts))
    return tuple(dict.fromkeys(found))
