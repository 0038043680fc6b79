"""Facts, sources, parameters and actions that serve nothing, and weaknesses and threats that nothing answers."""

from __future__ import annotations

from kb.complete import parameters_of_fact
from kb.condition import parameters_of
from kb.model import Knowledge
from kb.problem import Problems
from kb.rules import facts_read, rules_of

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    _facts(knowledge, problems)
    cited = _cited(knowledge)
    for source in knowledge.sources.values():
        if source.id not in cited:
            problems.doubt(
                "KB503", source.mark, f"'{source.id}' is cited by nothing.", "Cite it where it belongs, or remove it."
            )
    used = {p for rule in rules_of(knowledge) if rule.when is not None for p in parameters_of(rule.when)}
    used |= {p for fact in knowledge.facts for p in parameters_of_fact(fact, knowledge.facts)}
    for parameter in knowledge.parameters.values():
        if parameter.id not in used:
            problems.doubt(
                "KB504",
                parameter.mark,
                f"'{parameter.id}' is used by no rule.",
                f"Write ${parameter.id} in a test, or remove it.",
            )
    _answers(knowledge, problems)
    filled = {factor.dimension for factor in knowledge.factors.values()}
    for dimension in knowledge.dimensions.values():
        if dimension.id not in filled:
            problems.doubt(
                "KB513",
                dimension.mark,
                f"no factor belongs to the dimension '{dimension.id}'.",
                f"Write 'dimension: {dimension.id}' in its factors, or remove it.",
            )


def _facts(knowledge: Knowledge, problems: Problems) -> None:
    used = {knowledge.manifest.present_relation}
    used |= {fact for rule in rules_of(knowledge) for fact in facts_read(rule.when, knowledge)}
    used |= {operand for fact in knowledge.facts.values() for operand in fact.operands()}
    for fact in knowledge.facts.values():
        if fact.id not in used and not fact.protected:
            problems.doubt(
                "KB501", fact.mark, f"no rule uses '{fact.id}'.", "Write the rule that reads it, or do not ask for it."
            )


def _cited(knowledge: Knowledge) -> set[str]:
    lists = [rule.sources for rule in rules_of(knowledge)]
    lists += [fact.source for fact in knowledge.facts.values()]
    lists += [tuple(v.source for v in parameter.values) for parameter in knowledge.parameters.values()]
    lists += [factor.sources for factor in knowledge.factors.values()]
    lists += [knowledge.table.sources, *(one.sources for one in knowledge.table.classes)]
    for pattern in knowledge.patterns.values():
        duties = (*pattern.partner_duties, *pattern.firm_duties, *pattern.clauses)
        lists += [pattern.sources, *(duty.sources for duty in duties)]
    lists += [principle.sources for principle in knowledge.principles.values()]
    lists += [strategy.sources for strategy in knowledge.strategies.values()]
    lists += [invariant.sources for invariant in knowledge.invariants.values()]
    lists += [table.sources for table in knowledge.alternatives]
    lists += [one.sources for table in knowledge.alternatives for one in table.classes]
    return {name for names in lists for name in names}


def _answers(knowledge: Knowledge, problems: Problems) -> None:
    answering = {action for finding in knowledge.findings.values() for action in finding.answered_by}
    for finding in knowledge.findings.values():
        if finding.sign < 0 and not finding.answered_by:
            problems.doubt(
                "KB507",
                finding.mark,
                f"no action answers the {finding.side} '{finding.id}'.",
                "Name the actions that help under answered_by.",
            )
    for action in knowledge.actions.values():
        if action.id not in answering and not action.standing:
            problems.doubt(
                "KB508",
                action.mark,
                f"'{action.id}' answers no finding.",
                "Name it under answered_by of a weakness or threat, or remove it.",
            )
