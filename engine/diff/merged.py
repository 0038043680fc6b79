"""Two rule bases on one day as one world of facts, so that one question can be asked about both.

A fact that both know keeps its name and the values that both can read. Where they write its values differently (a
level with other words, a number in other steps) the new one stands beside it, tied to it value by value. A firm of
this world is a firm that either rule base can be told of in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from engine.compile import Program, Rule, Stage
from engine.derive import BandsStep, LinearForm, LinearStep, RatioStep, Step, YearsStep
from engine.diff.plain import plain, renamed
from kb.condition import All, Any, Bound, Condition, Test
from kb.derivation import Linear
from kb.values import Code, Domain
from kb.vocabulary import Fact

_NEW, _TIE = "new~", "tie~"
Firm = Mapping[str, Code]


class Merged(NamedTuple):
    """`names` has the new base's facts that are called otherwise here; `ties` the condition that joins both writings of
    a fact; `pairs` the values of such facts, old code to new code, and `scaled` the steps of numbers, old and new."""

    old: Program
    new: Program
    facts: Mapping[str, Fact]
    steps: tuple[Step, ...]
    names: Mapping[str, str]
    ties: Condition
    pairs: Mapping[str, Mapping[Code, Code]]
    scaled: Mapping[str, tuple[Fraction, Fraction]]

    def named(self, name: str) -> str:
        """A fact of the new rule base as it is called here."""
        return self.names.get(name, name)

    def tied(self, name: str) -> str:
        """The old name of a fact that stands here twice."""
        plain = name.removeprefix(_NEW)
        return plain if name != plain and (plain in self.pairs or plain in self.scaled) else name

    def in_old(self, firm: Firm) -> dict[str, Code]:
        """The firm as the old rule base knows it: its base facts alone."""
        facts = self.old.knowledge.facts
        return {name: firm[name] for name, fact in facts.items() if fact.derived is None and name in firm}

    def in_new(self, firm: Firm) -> dict[str, Code]:
        facts = self.new.knowledge.facts
        own = {name: self.named(name) for name, fact in facts.items() if fact.derived is None}
        return {name: firm[here] for name, here in own.items() if here in firm}


def merge(written_old: Program, written_new: Program) -> Merged:
    """The world of two programs of one day, their conditions made plain."""
    old, new = _plain_program(written_old), _plain_program(written_new)
    before, after = old.knowledge.facts, new.knowledge.facts
    facts: dict[str, Fact] = dict(before)
    names: dict[str, str] = {}
    steps: dict[str, Step] = {step.term: _plain_step(step) for step in old.steps}
    ties: list[Condition] = []
    pairs: dict[str, Mapping[Code, Code]] = {}
    scaled: dict[str, tuple[Fraction, Fraction]] = {}
    for name, fact in after.items():
        if fact.derived is not None:
            continue
        twin = before.get(name)
        shared = _shared(twin, fact)
        if shared is not None:
            facts[name] = replace(fact, domain=shared)
            continue
        here = names[name] = f"{_NEW}{name}" if twin is not None else name
        facts[here] = replace(fact, id=here)
        if twin is None or twin.derived is not None or twin.domain.type != fact.domain.type:
            continue
        if fact.domain.type == "level":
            codes: dict[Code, Code] = {
                twin.domain.values.index(v): c for c, v in enumerate(fact.domain.values) if v in twin.domain.values
            }
            if codes:
                pairs[name] = codes
                ties.append(Any(tuple(All((_is(name, a), _is(here, b))) for a, b in codes.items())))
        elif twin.domain.step is not None and fact.domain.step is not None and _meet(twin.domain, fact.domain):
            scaled[name] = (twin.domain.step, fact.domain.step)
            _tie(name, here, facts, steps)
            ties.append(_is(f"{_TIE}{name}", 0))
    for step in new.steps:
        _add(step, before, after, facts, names, steps)
    return Merged(old, new, facts, tuple(steps.values()), names, All(tuple(ties)), pairs, scaled)


def _is(name: str, code: Code) -> Condition:
    return Test(name, (Bound("one_of", "in", (code,)),))


def _shared(old: Fact | None, new: Fact) -> Domain | None:
    """The values that both rule bases write the same way; None where there are none, or where they write otherwise."""
    if old is None or old.derived is not None or old.domain.type != new.domain.type:
        return None
    one, other = old.domain, new.domain
    if one == other:
        return one
    if one.type == "choice":
        common = tuple(value for value in one.values if value in other.values)
        return Domain("choice", common) if common else None
    if one.step == other.step and one.low is not None and _meet(one, other):
        low, high = max(int(one.low), int(other.low or 0)), min(int(one.high or 0), int(other.high or 0))
        return Domain(one.type, low=low, high=high, step=one.step)
    return None


def _meet(one: Domain, other: Domain) -> bool:
    """Whether the ranges of two numbers or dates have a value in common."""
    low, high = ends(one)
    other_low, other_high = ends(other)
    return max(low, other_low) <= min(high, other_high)


def ends(domain: Domain) -> tuple[Fraction, Fraction]:
    step = domain.step if domain.step is not None else Fraction(1)
    return int(domain.low or 0) * step, int(domain.high or 0) * step


def _tie(name: str, here: str, facts: dict[str, Fact], steps: dict[str, Step]) -> None:
    """A number that is zero where both writings of a fact say the same."""
    one, other = facts[name].domain.step, facts[here].domain.step
    assert one is not None
    assert other is not None
    unit = lcm(one.denominator, other.denominator)
    form = LinearForm(((name, int(one * unit)), (here, -int(other * unit))), 1)
    tie = f"{_TIE}{name}"
    steps[tie] = LinearStep(tie, form)
    facts[tie] = replace(facts[name], id=tie, derived=Linear(((name, 1), (here, -1))))


def _add(
    step: Step,
    before: Mapping[str, Fact],
    after: Mapping[str, Fact],
    facts: dict[str, Fact],
    names: dict[str, str],
    steps: dict[str, Step],
) -> None:
    """A derived fact of the new rule base: the old one where it is computed the same way, else one beside it."""
    fact = after[step.term]
    moved = _renamed_step(_plain_step(step), names)
    # Its range follows from its operands; what counts is how its values are written.
    if steps.get(step.term) == moved and _coding(before[step.term].domain) == _coding(fact.domain):
        return
    here = step.term
    if here in before:
        here = names[step.term] = f"{_NEW}{step.term}"
    steps[here] = moved._replace(term=here)
    # The solver computes by the steps; of the fact it reads the operands alone.
    operands = tuple((names.get(operand, operand), 1) for operand in fact.operands())
    facts[here] = replace(fact, id=here, derived=Linear(operands))


def _coding(domain: Domain) -> tuple[object, ...]:
    return domain.type, domain.values, domain.step


def _plain_program(program: Program) -> Program:
    stages = {}
    for name, stage in program.stages.items():
        rules = {rule.id: replace(rule, when=plain(rule.when)) for rule in stage.rules.values()}
        stages[name] = Stage(name, rules, {rule.id: rule.when for rule in rules.values()})
    owned = {
        key: tuple(stages[_stage(rule, stages)].rules[rule.id] for rule in rules)
        for key, rules in program.owned.items()
    }
    return program._replace(stages=stages, owned=owned)


def _stage(rule: Rule, stages: Mapping[str, Stage]) -> str:
    return next(name for name, stage in stages.items() if rule.id in stage.rules)


def _plain_step(step: Step) -> Step:
    if not isinstance(step, BandsStep):
        return step
    return step._replace(limits=tuple((None if c is None else plain(c), code) for c, code in step.limits))


def _renamed_step(step: Step, names: Mapping[str, str]) -> Step:
    if isinstance(step, LinearStep):
        return step._replace(form=_renamed_form(step.form, names))
    if isinstance(step, RatioStep):
        above, below = _renamed_form(step.numerator, names), _renamed_form(step.denominator, names)
        return step._replace(numerator=above, denominator=below)
    if isinstance(step, YearsStep):
        start, end = (None if n is None else names.get(n, n) for n in (step.start, step.end))
        return step._replace(start=start, end=end)
    limits = tuple((None if c is None else renamed(plain(c), names), code) for c, code in step.limits)
    return step._replace(of=names.get(step.of, step.of), limits=limits)


def _renamed_form(form: LinearForm, names: Mapping[str, str]) -> LinearForm:
    return form._replace(terms=tuple((names.get(name, name), number) for name, number in form.terms))
