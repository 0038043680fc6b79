"""Why a conclusion holds: every test behind it, from the conclusion down to stated facts, thresholds and articles."""

from __future__ import annotations

from typing import NamedTuple

from engine.compile import parameter_sources
from engine.decision import Decision, Reading
from engine.explain.because import because, because_of
from kb.complete import base_facts
from kb.condition import Test, fact_of
from kb.model import Knowledge
from kb.problem import did_you_mean
from kb.text import Text
from kb.values import Code


class UnknownConclusion(Exception):
    """The name is not a class, pattern, principle, finding, eligibility term, action, strategy, caution or fact."""


class Step(NamedTuple):
    """One line of a derivation. `test` is None where a fact is only an operand of the derived fact `rule`.

    `depth` 0 are the conclusion's own tests; what they rest on stands deeper, right below them.
    """

    rule: str
    term: str
    test: Test | None
    value: Code | None
    passed: bool | None
    sources: tuple[str, ...]
    depth: int


class Derivation(NamedTuple):
    """A conclusion, whether it holds (None: not settled), and the steps that make it so."""

    conclusion: str
    kind: str
    holds: bool | None
    steps: tuple[Step, ...]

    def facts(self, decision: Decision) -> tuple[str, ...]:
        """The base facts cited."""
        known = decision.program.knowledge.facts
        return tuple(dict.fromkeys(s.term for s in self.steps if s.term in known and known[s.term].derived is None))


def why(decision: Decision, conclusion: str) -> Derivation:
    """The derivation of a conclusion, or of its failing. Raises UnknownConclusion."""
    knowledge = decision.program.knowledge
    conclusion = _labelled(knowledge).get(conclusion.strip().lower(), conclusion)
    name, equals, wanted = conclusion.partition("=")
    walk = _Walk(decision)
    if equals:
        _check_value(conclusion, name, wanted, knowledge)
    if name == "class" or name in {c.id for c in knowledge.table.classes}:
        sought = wanted or (name if name != "class" else decision.verdict.id or "")
        holds = None if sought in decision.verdict.possible or not sought else False
        if decision.verdict.id is not None:
            holds = decision.verdict.id == sought
        walk.verdict(0)
        return Derivation(conclusion, "class", holds, walk.done())
    if name in knowledge.eligibility:
        verdict = next(e for e in decision.eligibility if e.term == name)
        domain = knowledge.eligibility[name].domain
        same = verdict.value is not None and wanted in ("", domain.written(verdict.value))
        walk.readings(verdict.because, 0)
        return Derivation(conclusion, "eligibility", same if verdict.value is not None else None, walk.done())
    if name in knowledge.facts:
        walk.below(name, 0)
        return Derivation(conclusion, "fact", True if name in decision.values else None, walk.done())
    if name in knowledge.patterns:
        walk.pattern(name, 0)
        status = decision.pattern(name).status
        holds = {"recommended": True, "possible": True, "undetermined": None}.get(status, False)
        return Derivation(conclusion, "pattern", holds, walk.done())
    if name in decision.trace and name in knowledge.actions:
        return Derivation(conclusion, "action", walk.action(name), walk.done())
    if name in decision.trace:
        rule = decision.program.rule(name)
        assert rule is not None
        truth = decision.trace[name]
        walk.readings(because(rule, decision.values | decision.about_knowledge, truth), 0)
        return Derivation(conclusion, rule.kind, truth, walk.done())
    if name in decision.program.not_in_force:
        return Derivation(conclusion, "not_in_force", False, ())
    if name in knowledge.strategies:
        chosen = [s for s in decision.strategies if s.strategy == name]
        for strategy in chosen:
            for finding in (*strategy.inner, *strategy.outer):
                walk.finding(finding, 0)
        return Derivation(conclusion, "strategy", bool(chosen), walk.done())
    caution = next((c for c in decision.cautions if c.caution == name), None)
    if caution is not None:
        walk.readings(caution.because, 0)
        return Derivation(conclusion, "caution", True, walk.done())
    pool = [*decision.trace, *knowledge.facts, *knowledge.patterns, *knowledge.eligibility, *knowledge.strategies]
    hint = did_you_mean(name, [*pool, *(c.id for c in knowledge.table.classes)])
    if name in knowledge.parameters or name in knowledge.sources:
        hint = f"See it with: mitra show {name}"
    if name in knowledge.principles:
        hint = f"Name its pattern too: {next(iter(decision.patterns)).pattern}.{name}"
    raise UnknownConclusion(f"'{conclusion}' is not a conclusion. {hint or _KINDS}")


_KINDS = "Name a class, pattern, finding, eligibility term, action, strategy, caution or fact of the answer."


def _labelled(knowledge: Knowledge) -> dict[str, str]:
    """Ids by what a reader sees instead of them; a label that two share names neither."""
    named: list[tuple[Text, str]] = [(c.label, c.id) for c in knowledge.table.classes]
    named += [(pattern.label, pattern.id) for pattern in knowledge.patterns.values()]
    named += [(action.label, action.id) for action in knowledge.actions.values()]
    named += [(term.label, term.id) for term in knowledge.eligibility.values()]
    named += [(fact.label, fact.id) for fact in knowledge.facts.values()]
    found: dict[str, set[str]] = {}
    for label, name in named:
        for lang in ("id", "en"):
            found.setdefault(label.say(lang).lower(), set()).add(name)
    return {label: names.pop() for label, names in found.items() if len(names) == 1}


def _check_value(conclusion: str, name: str, wanted: str, knowledge: Knowledge) -> None:
    """`term=value` and `class=value` name a value there is; nothing else is written with '='."""
    term = knowledge.eligibility.get(name)
    allowed = term.domain.values if term is not None else ()
    if name == "class":
        allowed = tuple(c.id for c in knowledge.table.classes)
    if wanted not in allowed:
        hint = did_you_mean(wanted, allowed) if allowed else f"Write '{name}' alone."
        raise UnknownConclusion(f"'{conclusion}' is not a conclusion. {hint}")


class _Walk:
    """Depth-first from readings to base facts; each step once, where it is first needed."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.knowledge = decision.program.knowledge
        self.steps: dict[tuple[str, str, Test | None], Step] = {}

    def done(self) -> tuple[Step, ...]:
        return tuple(self.steps.values())

    def readings(self, found: tuple[Reading, ...], depth: int) -> None:
        for reading in found:
            self.reading(reading, depth)

    def reading(self, reading: Reading, depth: int) -> None:
        rule = self.decision.program.rule(reading.rule)
        sources = rule.sources if rule is not None else ()
        test = reading.test
        cited = parameter_sources(test, self.knowledge, self.decision.as_of)
        key = (reading.rule, test.term, test)
        if key in self.steps:
            return
        merged = tuple(dict.fromkeys((*cited, *sources)))
        self.steps[key] = Step(reading.rule, test.term, test, reading.value, reading.passed, merged, depth)
        self.below(fact_of(test.term), depth + 1)

    def below(self, term: str, depth: int) -> None:
        knowledge = self.knowledge
        if term in knowledge.facts:
            if knowledge.facts[term].derived is not None:
                for base in base_facts(term, knowledge.facts):
                    value = self.decision.values.get(base)
                    known = None if value is None else True
                    sources = knowledge.facts[term].source
                    self.steps.setdefault((term, base, None), Step(term, base, None, value, known, sources, depth))
        elif term in knowledge.eligibility:
            self.readings(next(e for e in self.decision.eligibility if e.term == term).because, depth)
        elif term == "class":
            self.verdict(depth)
        else:
            self.finding(term, depth)

    def finding(self, name: str, depth: int) -> None:
        rule = self.decision.program.rule(name)
        if rule is not None:
            truth = self.decision.trace[name]
            self.readings(because(rule, self.decision.values, truth), depth)

    def action(self, name: str) -> bool | None:
        """Whether an action is offered: its guard holds and so does a finding that it answers."""
        truth = self.decision.trace[name]
        rule = self.decision.program.rule(name)
        assert rule is not None
        self.readings(because(rule, self.decision.values | self.decision.about_knowledge, truth), 0)
        if truth is False:
            return False
        answered = [f.id for f in self.knowledge.findings.values() if name in f.answered_by]
        for wanted in (True, None, False):
            found = [f for f in answered if self.decision.trace.get(f, False) is wanted]
            for finding in found:
                self.finding(finding, 0)
            if found:
                return truth if wanted or self.knowledge.actions[name].standing else wanted
        return truth if self.knowledge.actions[name].standing else False

    def pattern(self, name: str, depth: int) -> None:
        verdict = self.decision.pattern(name)
        self.readings(verdict.because, depth)
        if verdict.status == "recommended" and not self.knowledge.patterns[name].fallback:
            self.verdict(depth)
        elif verdict.status == "recommended":
            # The fallback rests on every other pattern being closed.
            for other in self.decision.patterns:
                if not self.knowledge.patterns[other.pattern].fallback:
                    self.readings(other.because, depth)

    def verdict(self, depth: int) -> None:
        """The grounds of the class: for each fact the tests by which it makes findings hold or stay silent."""
        for ground in self.decision.verdict.because:
            for name in (*ground.holds, *ground.silent):
                rule = self.decision.program.rule(name)
                assert rule is not None
                found = because_of(name, rule.when, self.decision.values, name in ground.holds)
                mine = [r for r in found if ground.fact in base_facts(r.test.term, self.knowledge.facts)]
                self.readings(tuple(mine), depth)
        for fact in self.decision.verdict.waits_for:
            self.steps.setdefault(("class", fact, None), Step("class", fact, None, None, None, (), depth))
