"""A rule base made ready for one day: the law of the day filled in, rules laid out in stages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from engine.derive import Step, step_of
from kb.complete import parameters_of_fact
from kb.condition import ALWAYS, Condition, parameters_of, resolve, terms_of, tests_of
from kb.law import Parameter
from kb.model import Knowledge
from kb.rules import facts_read, rules_of

STAGES = ("eligibility", "findings", "patterns", "programme")
_STAGE_OF = {
    "eligibility": "eligibility",
    "finding": "findings",
    "requires": "patterns",
    "eligible": "patterns",
    "bar": "patterns",
    "principle": "patterns",
    "action": "programme",
    "caution": "programme",
    "pattern_caution": "programme",
    "prepare": "programme",
}


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule in force: its condition has constants only. `sources` are those in force on the day.

    Two rules are never the same one, so that explanations are remembered by rule (`engine.explain.because`).
    """

    id: str
    kind: str
    owner: str
    when: Condition
    terms: tuple[str, ...]
    sources: tuple[str, ...]
    __weakref__: object = field(init=False, repr=False, compare=False)


class Stage(NamedTuple):
    """Rules that read only what earlier stages settled; `conditions` has each rule's condition by id."""

    name: str
    rules: Mapping[str, Rule]
    conditions: Mapping[str, Condition]


class Program(NamedTuple):
    """Everything `decide` needs for one day. `not_in_force` tells of each rule left out and why.

    `cited` has the sources in force of patterns and strategies.
    """

    knowledge: Knowledge
    as_of: datetime.date
    steps: tuple[Step, ...]
    stages: Mapping[str, Stage]
    not_in_force: Mapping[str, str]
    owned: Mapping[tuple[str, str], tuple[Rule, ...]]
    cited: Mapping[str, tuple[str, ...]]

    def rule(self, name: str) -> Rule | None:
        return next((s.rules[name] for s in self.stages.values() if name in s.rules), None)

    def of(self, kind: str, owner: str) -> tuple[Rule, ...]:
        """Rules of one kind for one owner, in the order written."""
        return self.owned.get((kind, owner), ())


def compile(knowledge: Knowledge, as_of: datetime.date) -> Program:
    """The program of a day. Pure: the same rule base and day give the same program."""
    steps: list[Step] = []
    idle: dict[str, str] = {}
    for fact in knowledge.facts.values():
        if fact.derived is None:
            continue
        step = step_of(fact, knowledge.facts, as_of)
        through = next((idle[operand] for operand in fact.operands() if operand in idle), None)
        if through is not None:
            idle[fact.id] = through
        elif step is not None:
            steps.append(step)
        elif (
            missing := _missing(parameters_of_fact(fact.id, knowledge.facts), knowledge.parameters, as_of)
        ) is not None:
            idle[fact.id] = f"${missing} has no value on {as_of}"
    rules: dict[str, dict[str, Rule]] = {stage: {} for stage in STAGES}
    not_in_force: dict[str, str] = {}
    for written in rules_of(knowledge):
        if not written.period.holds(as_of):
            not_in_force[written.id] = f"in force {_period(written.period.start, written.period.end)}"
            continue
        when = written.when if written.when is not None else ALWAYS
        idle_term = next((t for t in facts_read(when, knowledge) if t in idle), None)
        condition = resolve(when, as_of)
        if condition is None or idle_term is not None:
            missing = _missing(parameters_of(when), knowledge.parameters, as_of)
            not_in_force[written.id] = idle[idle_term] if idle_term else f"${missing} has no value on {as_of}"
            continue
        sources = in_force(written.sources, knowledge, as_of)
        rule = Rule(written.id, written.kind, written.owner, condition, terms_of(condition), sources)
        rules[_STAGE_OF[written.kind]][written.id] = rule
    stages = {
        name: Stage(name, MappingProxyType(found), MappingProxyType({rule.id: rule.when for rule in found.values()}))
        for name, found in rules.items()
    }
    owned: dict[tuple[str, str], tuple[Rule, ...]] = {}
    for rule in (r for found in rules.values() for r in found.values()):
        owned[rule.kind, rule.owner] = (*owned.get((rule.kind, rule.owner), ()), rule)
    cited = {pattern.id: in_force(pattern.sources, knowledge, as_of) for pattern in knowledge.patterns.values()}
    cited |= {strategy.id: in_force(strategy.sources, knowledge, as_of) for strategy in knowledge.strategies.values()}
    maps = (MappingProxyType(one) for one in (stages, not_in_force, owned, cited))
    return Program(knowledge, as_of, tuple(steps), *maps)


def in_force(sources: tuple[str, ...], knowledge: Knowledge, day: datetime.date) -> tuple[str, ...]:
    """Those of the sources that are in force on the day, in the order cited."""
    return tuple(name for name in sources if knowledge.sources[name].period.holds(day))


def parameter_sources(when: Condition, knowledge: Knowledge, day: datetime.date) -> tuple[str, ...]:
    """Sources of the parameter values a resolved condition compares with."""
    names = dict.fromkeys(b.parameter for t in tests_of(when) for b in t.bounds if b.parameter)
    values = (knowledge.parameters[name].on(day) for name in names)
    return tuple(dict.fromkeys(value.source for value in values if value is not None))


def _missing(names: tuple[str, ...], parameters: Mapping[str, Parameter], day: datetime.date) -> str | None:
    return next((name for name in names if parameters[name].on(day) is None), None)


def _period(start: datetime.date | None, end: datetime.date | None) -> str:
    if start and end:
        return f"from {start} until {end}"
    return f"from {start}" if start else f"until {end}"
