"""Every id that names something else names something that is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.model import Duty, Knowledge
from kb.problem import Mark, Problems, did_you_mean
from kb.rules import rules_of
from kb.text import place_of

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    for rule in rules_of(knowledge):
        _sources(rule.sources, rule.mark, knowledge, problems)
    for factor in knowledge.factors.values():
        for finding in factor.findings:
            _names("KB416", "an action", finding.answered_by, finding.mark, knowledge.actions, problems)
        if factor.dimension:
            _names("KB416", "a dimension", (factor.dimension,), factor.mark, knowledge.dimensions, problems)
    for fact in knowledge.facts.values():
        _sources(fact.source, fact.mark, knowledge, problems)
    for parameter in knowledge.parameters.values():
        for value in parameter.values:
            _sources((value.source,), value.value.mark, knowledge, problems)
    for pattern in knowledge.patterns.values():
        _sources(pattern.sources, pattern.mark, knowledge, problems)
        duties: tuple[Duty, ...] = (*pattern.partner_duties, *pattern.firm_duties, *pattern.clauses)
        for duty in duties:
            _sources(duty.sources, pattern.mark, knowledge, problems)
    for principle in knowledge.principles.values():
        _sources(principle.sources, principle.mark, knowledge, problems)
    for table in (knowledge.table, *knowledge.alternatives):
        _sources(table.sources, table.mark, knowledge, problems)
        for one in table.classes:
            _sources(one.sources, one.mark, knowledge, problems)
    for invariant in knowledge.invariants.values():
        _sources(invariant.sources, invariant.mark, knowledge, problems)
        _names("KB416", "a pattern", invariant.patterns, invariant.mark, knowledge.patterns, problems)
        _names("KB416", "an action", invariant.actions, invariant.mark, knowledge.actions, problems)
    _strategies(knowledge, problems)
    _present_relation(knowledge, problems)
    _fallback(knowledge, problems)


def _strategies(knowledge: Knowledge, problems: Problems) -> None:
    sides = {finding.id: finding.letter for finding in knowledge.findings.values()}
    for strategy in knowledge.strategies.values():
        _sources(strategy.sources, strategy.mark, knowledge, problems)
        for names, letter in ((strategy.inner, strategy.kind[0]), (strategy.outer, strategy.kind[1])):
            _names("KB416", "a finding", names, strategy.mark, sides, problems)
            for name in names:
                if name in sides and sides[name] != letter:
                    problems.error(
                        "KB416",
                        place_of(name, strategy.mark),
                        f"'{name}' is not on side {letter}, which {strategy.kind} pairs.",
                        "Move it or change the kind.",
                    )


def _present_relation(knowledge: Knowledge, problems: Problems) -> None:
    manifest = knowledge.manifest
    if not manifest.present_relation:
        return
    choices = [fact.id for fact in knowledge.facts.values() if fact.domain.type == "choice"]
    if manifest.present_relation not in choices and manifest.present_relation not in problems.unusable:
        problems.error(
            "KB416",
            place_of(manifest.present_relation, manifest.mark),
            f"present_relation '{manifest.present_relation}' is not a choice fact.",
            did_you_mean(manifest.present_relation, choices) or "Name a choice fact.",
        )


def _fallback(knowledge: Knowledge, problems: Problems) -> None:
    """The last resort is one pattern: several would be recommended side by side though only one was meant."""
    marked = [p for p in knowledge.patterns.values() if p.fallback]
    for pattern in marked[1:]:
        problems.error(
            "KB421",
            pattern.mark,
            f"'{pattern.id}' is a second fallback beside '{marked[0].id}'.",
            "Keep 'fallback: true' on the one pattern that stands when no other is possible.",
        )


def _sources(names: Iterable[str], mark: Mark, knowledge: Knowledge, problems: Problems) -> None:
    _names("KB409", "a source", names, mark, knowledge.sources, problems)


def _names(
    code: str, what: str, names: Iterable[str], mark: Mark, known: Mapping[str, object], problems: Problems
) -> None:
    for name in names:
        if name not in known and name not in problems.unusable:
            problems.error(
                code, place_of(name, mark), f"'{name}' is not {what}.", did_you_mean(name, known) or "Add it."
            )
