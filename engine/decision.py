"""The Decision and its parts: frozen values, everything an answer, an explanation or a record is made from.

Values are coded (`kb.values`); words come in `engine.say`. A `Reading` is the atom of every explanation: one test
of one rule, the value it read, and how it came out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from engine.compile import Program
from engine.executors.reference import Truth
from engine.margins import Margins
from engine.scores import Line, Scores
from kb.condition import Test
from kb.dossier import Dossier
from kb.model import Class, Finding
from kb.text import Text
from kb.values import Code

STATUSES = ("recommended", "possible", "undetermined", "not_possible", "barred")


class Reading(NamedTuple):
    """One test as read: `passed` is None while the term is unknown."""

    rule: str
    test: Test
    value: Code | None
    passed: bool | None


class EligibilityVerdict(NamedTuple):
    """`value` is the place among the term's values, or None; `rule` the entry that gave it."""

    term: str
    value: int | None
    rule: str
    sources: tuple[str, ...]
    because: tuple[Reading, ...]
    waits_for: tuple[str, ...]


class Held(NamedTuple):
    """A finding that holds, with its part in the scores."""

    finding: Finding
    line: Line
    sources: tuple[str, ...]
    because: tuple[Reading, ...]


class Undetermined(NamedTuple):
    """A finding that may or may not hold, and the base facts it waits for."""

    finding: str
    waits_for: tuple[str, ...]


class Ground(NamedTuple):
    """One fact of the minimal set that settles the class: the findings it makes hold and those it keeps silent."""

    fact: str
    value: Code
    axis: str
    holds: tuple[str, ...]
    silent: tuple[str, ...]


class ClassVerdict(NamedTuple):
    """Possible classes in the order of the table; `id` and `final` when there is one. Bounds are margins."""

    id: str | None
    possible: tuple[str, ...]
    borderline: bool
    bounds_x: tuple[Fraction, Fraction]
    bounds_y: tuple[Fraction, Fraction]
    because: tuple[Ground, ...]
    waits_for: tuple[str, ...]

    @property
    def final(self) -> bool:
        return self.id is not None


class PrincipleVerdict(NamedTuple):
    principle: str
    holds: Truth
    because: tuple[Reading, ...]


class PatternVerdict(NamedTuple):
    """`rank` in the settled class, else None; `ranks` by class. `missing` are base facts a status waits for."""

    pattern: str
    status: str
    rank: int | None
    ranks: Mapping[str, int]
    because: tuple[Reading, ...]
    missing: tuple[str, ...]
    principles: tuple[PrincipleVerdict, ...]
    sources: tuple[str, ...]
    reason: str


class StrategyVerdict(NamedTuple):
    strategy: str
    inner: tuple[str, ...]
    outer: tuple[str, ...]
    sources: tuple[str, ...]


class ActionVerdict(NamedTuple):
    """`holds` is None while the action's guard is unknown."""

    action: str
    answers: tuple[str, ...]
    holds: Truth
    waits_for: tuple[str, ...]
    sources: tuple[str, ...]


class CautionVerdict(NamedTuple):
    """A caution or advice that holds, of kind programme, pattern, principle, closed or prepare; `about` its pattern."""

    caution: str
    kind: str
    about: str
    because: tuple[Reading, ...]
    sources: tuple[str, ...]


class DimensionVerdict(NamedTuple):
    """How far one dimension is fulfilled, from -1 to 1, over all completions; `level` when only one is possible.

    `findings` are those that hold, `waits_for` the unknown facts that can still move it.
    """

    dimension: str
    level: str | None
    possible: tuple[str, ...]
    low: Fraction
    high: Fraction
    findings: tuple[str, ...]
    waits_for: tuple[str, ...]


def is_closed(patterns: tuple[PatternVerdict, ...], recommended: tuple[str, ...], final: bool) -> bool:
    """No pattern is open to the firm, and no answer still missing can change it; False where no patterns are judged."""
    return bool(patterns) and not recommended and final


class Decision(NamedTuple):
    """Everything decided about one firm on one day under one rule base."""

    program: Program
    margins: Margins
    dossier: Dossier
    as_of: datetime.date
    executors: tuple[str, ...]
    note: Text
    values: MappingProxyType[str, Code]
    about_knowledge: MappingProxyType[str, Code]
    trace: Mapping[str, Truth]
    eligibility: tuple[EligibilityVerdict, ...]
    findings: tuple[Held, ...]
    undetermined: tuple[Undetermined, ...]
    scores: Scores
    verdict: ClassVerdict
    dimensions: tuple[DimensionVerdict, ...]
    patterns: tuple[PatternVerdict, ...]
    recommended: tuple[str, ...]
    recommendation_final: bool
    present_relation: str | None
    strategies: tuple[StrategyVerdict, ...]
    programme: tuple[ActionVerdict, ...]
    preparations: tuple[CautionVerdict, ...]
    cautions: tuple[CautionVerdict, ...]
    rests_on: Mapping[str, int]

    @property
    def settled(self) -> Class | None:
        """The class, when only one is possible."""
        return next((c for c in self.program.knowledge.table.classes if c.id == self.verdict.id), None)

    @property
    def closed(self) -> bool:
        """See `is_closed`."""
        return is_closed(self.patterns, self.recommended, self.recommendation_final)

    def pattern(self, name: str) -> PatternVerdict:
        return next(p for p in self.patterns if p.pattern == name)
