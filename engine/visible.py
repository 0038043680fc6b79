"""Whether an answer shows how a rule came out: a bar hides the requirement behind it, an entry the ones after it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.compile import Program
from engine.decision import Decision
from engine.executors.reference import Truth
from kb.condition import ALWAYS, All, Any, Condition, Not, Test
from kb.condition import Bound as B
from kb.model import Case, Knowledge
from kb.rules import Rule, rules_of

# Under which key of a case each kind of rule is expected.
KEYS: Mapping[str, str] = {
    "eligibility": "eligibility",
    "finding": "findings",
    "requires": "patterns",
    "eligible": "patterns",
    "bar": "patterns",
    "principle": "principles",
    "action": "actions",
    "caution": "cautions",
    "pattern_caution": "cautions",
    "prepare": "preparations",
}


def visible(rule: Rule, decision: Decision) -> bool:
    """Whether the answer would be another, had the rule come out otherwise, or been in force."""
    truths, program = decision.trace, decision.program
    if rule.kind == "eligibility":
        every = [one.id for one in rules_of(program.knowledge) if one.kind == rule.kind and one.owner == rule.owner]
        return all(not truths.get(name, False) for name in every[: every.index(rule.id)])
    if rule.kind in ("requires", "eligible", "bar"):
        return _of_pattern(rule, program, truths)
    if rule.kind == "pattern_caution":
        return rule.owner in decision.recommended
    if rule.kind == "action":
        answered = {name for held in decision.findings for name in held.finding.answered_by}
        standing = program.knowledge.actions[rule.id].standing
        return not decision.closed and (standing or rule.id in answered)
    if rule.kind == "prepare":
        verdict = decision.pattern(rule.owner)
        admitted = [truths[one.id] for one in program.of("eligible", rule.owner)]
        open_way = not admitted or any(truth is not False for truth in admitted)
        return (verdict.status, verdict.reason) == ("not_possible", "requires") and open_way
    return True


def _of_pattern(rule: Rule, program: Program, truths: Mapping[str, Truth]) -> bool:
    others = {
        kind: [truths[r.id] for r in program.of(kind, rule.owner) if r.id != rule.id]
        for kind in ("bar", "requires", "eligible")
    }
    if True in others["bar"] or not program.knowledge.patterns[rule.owner].period.holds(program.as_of):
        return rule.kind == "bar" and True not in others["bar"]
    if rule.kind == "bar":
        return True
    if rule.kind == "requires":
        return not others["eligible"] or True in others["eligible"]
    return True not in others["eligible"] and all(others["requires"])


def goal(rule: Rule, program: Program) -> Condition:
    """A condition, as near as one can say it in terms, under which the answer shows how the rule comes out."""

    def when(kind: str, owner: str) -> list[Condition]:
        return [one.when for one in program.of(kind, owner) if one.id != rule.id]

    if rule.kind == "eligibility":
        parts: list[Condition] = []
        every = [one.id for one in rules_of(program.knowledge) if (one.kind, one.owner) == (rule.kind, rule.owner)]
        before = every[: every.index(rule.id)]
        parts += [Not(one.when) for one in program.of("eligibility", rule.owner) if one.id in before]
        return All(tuple(parts))
    if rule.kind == "bar":
        return All(tuple(Not(bar) for bar in when("bar", rule.owner)))
    if rule.kind in ("requires", "eligible", "pattern_caution"):
        shut = [Not(bar) for bar in when("bar", rule.owner)]
        admitted = when("eligible", rule.owner)
        if rule.kind == "eligible":
            return All((*shut, *when("requires", rule.owner), *(Not(one) for one in admitted)))
        open_way = All((*shut, Any(tuple(admitted)) if admitted else ALWAYS))
        if rule.kind == "requires":
            return open_way
        rivals = [p for p in program.knowledge.patterns if p != rule.owner]
        closed = [All(tuple(r.when for r in program.of("requires", p))) for p in rivals if program.of("requires", p)]
        fallback = {p.id for p in program.knowledge.patterns.values() if p.fallback}
        mine = All(tuple(when("requires", rule.owner)))
        return All((open_way, mine, *(Not(one) for one, p in zip(closed, rivals) if p not in fallback)))
    if rule.kind == "action" and not program.knowledge.actions[rule.id].standing:
        answered = [f.id for f in program.knowledge.findings.values() if rule.id in f.answered_by]
        return Any(tuple(Test(name, (B("is", "in", (1,)),)) for name in answered))
    if rule.kind == "prepare":
        requires, admitted = when("requires", rule.owner), when("eligible", rule.owner)
        bars = tuple(Not(bar) for bar in when("bar", rule.owner))
        return All((*bars, Not(All(tuple(requires))), Any(tuple(admitted)) if admitted else ALWAYS))
    return ALWAYS


def expected(rule: Rule, case: Case, knowledge: Knowledge) -> bool:
    """Whether a case says how the rule must come out, or what follows from it."""
    wanted = case.expect.get(KEYS[rule.kind])
    if rule.kind == "finding" and "margins" in case.expect:
        return True
    if not isinstance(wanted, dict):
        return False
    if rule.kind in ("eligibility", "requires", "eligible", "bar"):
        return rule.owner in wanted
    if rule.kind == "principle":
        return rule.id.partition(".")[2] in wanted.get(rule.owner, {})
    return any(rule.id in names for names in wanted.values())
