"""The typed rule base: frozen values, as the expert wrote them and in the order that never matters.

Everything here is data. `kb.load` builds it and has checked it; `engine.compile` turns it into a program for a day.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from kb.condition import Condition
from kb.dimension import Dimension
from kb.invariant import Invariant
from kb.law import Parameter, Period, Source
from kb.problem import Mark, Problem
from kb.text import Text
from kb.values import Code, Domain
from kb.vocabulary import Fact

SIDES = ("strength", "weakness", "opportunity", "threat")
LETTERS = {"strength": "S", "weakness": "W", "opportunity": "O", "threat": "T"}
AXES = {"internal": ("strength", "weakness"), "external": ("opportunity", "threat")}
POSITIVE = ("strength", "opportunity")
# The least and the greatest weight of a factor.
WEIGHTS = (1, 5)
STRATEGIES = ("SO", "ST", "WO", "WT")
FIELDS = (
    "production",
    "marketing",
    "human_resources",
    "technology",
    "capital",
    "management",
    "legality",
    "partnership",
)
# The four steps of fostering: PP 32/1998 art 5.
STEPS = ("identify", "prepare", "carry_out", "monitor")


class Entry(NamedTuple):
    """One alternative of an eligibility term; `when` None always holds."""

    value: int
    when: Condition | None
    period: Period
    sources: tuple[str, ...]
    mark: Mark


class Eligibility(NamedTuple):
    """A term whose value is the first entry in force that is true. `domain` is a level: values in the order written."""

    id: str
    label: Text
    domain: Domain
    entries: tuple[Entry, ...]
    mark: Mark


class Example(NamedTuple):
    """Facts (coded, by id) with which a finding fires or stays silent."""

    facts: Map[str, Code]
    fires: bool
    mark: Mark


class Finding(NamedTuple):
    id: str
    factor: str
    side: str
    rating: int
    when: Condition
    says: Text
    period: Period
    sources: tuple[str, ...]
    answered_by: tuple[str, ...]
    examples: tuple[Example, ...]
    mark: Mark

    @property
    def letter(self) -> str:
        return LETTERS[self.side]

    @property
    def sign(self) -> int:
        return 1 if self.side in POSITIVE else -1


class Factor(NamedTuple):
    """A factor; `dimension` is '' for one that counts for its axis alone."""

    id: str
    label: Text
    axis: str
    dimension: str
    weight: int
    why: Text
    sources: tuple[str, ...]
    findings: tuple[Finding, ...]
    mark: Mark


class Development(NamedTuple):
    """The way on from a class: where it leads, after how many months to look again, and signs of progress."""

    says: Text
    review_months: int
    signs: tuple[Text, ...]


class Class(NamedTuple):
    """One of the classes: the signs of both margins that make it, its strategy kind and its way of fostering."""

    id: str
    label: Text
    x_positive: bool
    y_positive: bool
    strategy: str
    says: Text
    why: Text
    fostering: Map[str, Text]
    development: Development | None
    sources: tuple[str, ...]
    mark: Mark


class ClassTable(NamedTuple):
    reading: str
    tie_band: int
    tie_unit: int
    sources: tuple[str, ...]
    classes: tuple[Class, ...]
    mark: Mark

    def at(self, x_positive: bool, y_positive: bool) -> Class:
        return next(c for c in self.classes if (c.x_positive, c.y_positive) == (x_positive, y_positive))


class Clause(NamedTuple):
    """A condition with its law: a requirement, an eligibility, a bar or a caution. `when` None always holds."""

    id: str
    when: Condition | None
    says: Text
    period: Period
    sources: tuple[str, ...]
    mark: Mark


class Suit(NamedTuple):
    rank: int
    why: Text


class Duty(NamedTuple):
    """A duty or clause of the agreement: shown while one of its sources is in force."""

    says: Text
    sources: tuple[str, ...]


class Pattern(NamedTuple):
    id: str
    label: Text
    says: Text
    period: Period
    sources: tuple[str, ...]
    fallback: bool
    requires: Clause | None
    eligible: tuple[Clause, ...]
    bars: tuple[Clause, ...]
    suits: Map[str, Suit]
    partner_duties: tuple[Duty, ...]
    firm_duties: tuple[Duty, ...]
    clauses: tuple[Duty, ...]
    cautions: tuple[Clause, ...]
    prepare: tuple[Clause, ...]
    mark: Mark


class Principle(NamedTuple):
    """A principle of partnership; `tests` has one condition per pattern, `default` for the others."""

    id: str
    label: Text
    period: Period
    sources: tuple[str, ...]
    default: Condition
    tests: Map[str, Condition]
    mend: Text
    mark: Mark

    def condition(self, pattern: str) -> Condition:
        return self.tests.get(pattern, self.default)


class Action(NamedTuple):
    """Something the programme does, in one of its four `STEPS`; a `standing` one is done whether it answers or not."""

    id: str
    label: Text
    says: Text
    field: str
    step: str
    standing: bool
    when: Condition | None
    period: Period
    sources: tuple[str, ...]
    mark: Mark


class Strategy(NamedTuple):
    """Pairs findings of the firm (`inner`) with findings around it (`outer`); without them, the general one."""

    id: str
    kind: str
    inner: tuple[str, ...]
    outer: tuple[str, ...]
    says: Text
    sources: tuple[str, ...]
    mark: Mark


class Case(NamedTuple):
    """A whole case: stated facts (coded; None is unknown) and what the expert expects, as written.

    `grades` are those of facts that are better known than by being stated.
    """

    name: str
    as_of: datetime.date
    facts: Map[str, Code | None]
    expect: Map[str, object]
    mark: Mark
    grades: Map[str, str] = MappingProxyType({})


class Acceptance(NamedTuple):
    """A doubt that the expert lets stand: its code, the name it is about, words of its message or '', and why."""

    code: str
    about: str
    words: str
    why: Text
    mark: Mark


class Manifest(NamedTuple):
    name: str
    version: str
    title: Text
    owner: Text
    reading: str
    present_relation: str
    examples_as_of: datetime.date
    accepted: tuple[Acceptance, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A rule base that loaded without errors; `doubts` are the problems that do not forbid its use."""

    manifest: Manifest
    digest: str
    labels: Map[str, Text]
    units: Map[str, Text]
    ones: Map[str, Text]
    facts: Map[str, Fact]
    sources: Map[str, Source]
    parameters: Map[str, Parameter]
    eligibility: Map[str, Eligibility]
    factors: Map[str, Factor]
    dimensions: Map[str, Dimension]
    table: ClassTable
    alternatives: tuple[ClassTable, ...]
    patterns: Map[str, Pattern]
    principles: Map[str, Principle]
    actions: Map[str, Action]
    strategies: Map[str, Strategy]
    cautions: Map[str, Clause]
    invariants: Map[str, Invariant]
    cases: tuple[Case, ...]
    doubts: tuple[Problem, ...]
    findings: Map[str, Finding] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = {finding.id: finding for factor in self.factors.values() for finding in factor.findings}
        object.__setattr__(self, "findings", found)
        # Shared by every decision of its day, so nobody may write into it.
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, dict):
                object.__setattr__(self, name, MappingProxyType(value))
