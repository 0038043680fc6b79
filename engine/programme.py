"""Fostering: actions that answer weaknesses and threats, strategies that pair findings, and cautions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.compile import Program
from engine.decision import ActionVerdict, CautionVerdict, EligibilityVerdict, Held, PatternVerdict, StrategyVerdict
from engine.executors.reference import Truth
from engine.explain.because import because, waits_for
from kb.model import STEPS, Class
from kb.values import Code


def actions(
    program: Program,
    held: Sequence[Held],
    truths: Mapping[str, Truth],
    values: Mapping[str, Code],
    eligibility: Sequence[EligibilityVerdict],
) -> tuple[ActionVerdict, ...]:
    """Actions that answer a finding that holds, and standing ones, whose guard is not false.

    In the law's four steps; within a step the one that answers most weight first.
    """
    answers: dict[str, list[Held]] = {}
    for one in held:
        for name in one.finding.answered_by:
            answers.setdefault(name, []).append(one)
    found = []
    written = program.knowledge.actions
    for action in written.values():
        if action.standing:
            answers.setdefault(action.id, [])
    for name, answered in answers.items():
        rule = program.stages["programme"].rules.get(name)
        truth = truths.get(name, False)
        # An action whose guard is not in force on the day cannot be offered; the trace says why.
        if rule is None or truth is False:
            continue
        waiting = (
            waits_for(because(rule, values, truth), values, program.knowledge, eligibility) if truth is None else ()
        )
        weight = sum(h.line.weight * h.line.rating for h in answered)
        ids = tuple(h.finding.id for h in answered)
        place = (STEPS.index(written[name].step), -weight, name)
        found.append((place, ActionVerdict(name, ids, truth, waiting, rule.sources)))
    return tuple(verdict for _, verdict in sorted(found, key=lambda entry: entry[0]))


def strategies(program: Program, held: Sequence[Held], settled: Class | None) -> tuple[StrategyVerdict, ...]:
    """Strategies whose findings hold on both sides, those of the class's kind first; its general one if none does.

    Within these the one whose findings weigh most stands first, since an answer in words names only the first few.
    """
    present = {h.finding.id: h.line.weight * h.line.rating for h in held}
    found: list[StrategyVerdict] = []
    kinds = program.knowledge.strategies
    for strategy in kinds.values():
        inner = tuple(f for f in strategy.inner if f in present)
        outer = tuple(f for f in strategy.outer if f in present)
        if inner and outer:
            found.append(StrategyVerdict(strategy.id, inner, outer, program.cited[strategy.id]))
    if settled is not None and not any(kinds[s.strategy].kind == settled.strategy for s in found):
        for strategy in kinds.values():
            if strategy.kind == settled.strategy and not strategy.inner:
                found.append(StrategyVerdict(strategy.id, (), (), program.cited[strategy.id]))
    own = settled.strategy if settled is not None else ""

    def place(one: StrategyVerdict) -> tuple[bool, int, str]:
        return kinds[one.strategy].kind != own, -sum(present[f] for f in (*one.inner, *one.outer)), one.strategy

    return tuple(sorted(found, key=place))


def preparations(
    program: Program,
    patterns: Sequence[PatternVerdict],
    truths: Mapping[str, Truth],
    values: Mapping[str, Code],
) -> tuple[CautionVerdict, ...]:
    """What to do first where a requirement of a pattern is missing, pattern by pattern in the order of the verdicts."""
    found = []
    for verdict in patterns:
        if verdict.status != "not_possible" or verdict.reason != "requires":
            continue
        admitted = [truths[rule.id] for rule in program.of("eligible", verdict.pattern)]
        if admitted and all(truth is False for truth in admitted):
            # Nothing the firm prepares would open it.
            continue
        for rule in program.of("prepare", verdict.pattern):
            if truths[rule.id]:
                read = because(rule, values, True)
                found.append(CautionVerdict(rule.id, "prepare", verdict.pattern, read, rule.sources))
    return tuple(found)


def cautions(
    program: Program,
    patterns: Sequence[PatternVerdict],
    recommended: Sequence[str],
    truths: Mapping[str, Truth],
    values: Mapping[str, Code],
) -> tuple[CautionVerdict, ...]:
    """Programme cautions that hold, then those of recommended patterns, their failing principles, and a closed door."""
    found = []
    for rule in program.stages["programme"].rules.values():
        if rule.kind == "caution" and truths[rule.id]:
            found.append(CautionVerdict(rule.id, "programme", "", because(rule, values, True), rule.sources))
    for name in recommended:
        for rule in program.of("pattern_caution", name):
            if truths[rule.id]:
                found.append(CautionVerdict(rule.id, "pattern", name, because(rule, values, True), rule.sources))
        verdict = next(p for p in patterns if p.pattern == name)
        for principle in verdict.principles:
            if principle.holds is False:
                rule_id = f"{name}.{principle.principle}"
                sources = program.stages["patterns"].rules[rule_id].sources
                found.append(CautionVerdict(rule_id, "principle", name, principle.because, sources))
    usual = [p for p in patterns if not program.knowledge.patterns[p.pattern].fallback]
    if not recommended and all(p.status in ("barred", "not_possible") for p in patterns):
        for spare in (p for p in patterns if p not in usual):
            found.append(
                CautionVerdict(f"{spare.pattern}.closed", "closed", spare.pattern, spare.because, spare.sources)
            )
    return tuple(found)
