"""What bounds of margins need of a program, laid out once a day: factors by axis and by fact, thresholds, memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.cells import open_operands, thresholds
from engine.compile import Program
from engine.derive import Step
from engine.scores import margin_parts
from kb.complete import base_facts
from kb.condition import Condition
from kb.model import AXES
from kb.values import Code


class Part(NamedTuple):
    """One finding's part in a margin: its condition and its weight in units of 1/tie_unit."""

    finding: str
    when: Condition
    amount: int


class Bounds(NamedTuple):
    """Least and greatest margin over completions, in units of 1/tie_unit."""

    low: int
    high: int

    @property
    def signs(self) -> frozenset[bool]:
        """Which of positive (True) and not positive (False) are possible."""
        return frozenset(s for s, possible in ((True, self.high > 0), (False, self.low <= 0)) if possible)


class FactorParts(NamedTuple):
    """A factor's live findings, the base facts they rest on, together and finding by finding, and the derived steps."""

    factor: str
    parts: tuple[Part, ...]
    bases: tuple[str, ...]
    needs: frozenset[str]
    part_bases: Mapping[str, frozenset[str]]
    steps: tuple[Step, ...]
    terms: tuple[str, ...]


Group = tuple[FactorParts, ...]


@dataclass(frozen=True, slots=True)
class Margins:
    """What bounds need of a program: factors by axis and by base fact, and the thresholds of every term.

    `grid` has the thresholds, in order, of the base facts that are read by tests alone.
    """

    program: Program
    axes: Mapping[str, Group]
    readers: Mapping[str, Group]
    cuts: Mapping[str, set[Code]]
    grid: Mapping[str, list[int]]
    cache: dict[object, Bounds | None] = field(default_factory=dict)


def margins_of(program: Program, tied: bool = True) -> Margins:
    """Everything about margins that is the same for every firm; without the tie band unless `tied`."""
    knowledge = program.knowledge
    amounts = margin_parts(knowledge, tied)
    rules = program.stages["findings"].rules
    axes: dict[str, list[FactorParts]] = {axis: [] for axis in AXES}
    readers: dict[str, list[FactorParts]] = {}
    for factor in knowledge.factors.values():
        live = [rules[f.id] for f in factor.findings if f.id in rules]
        if not live:
            continue
        by_part = {r.id: frozenset(b for t in r.terms for b in base_facts(t, knowledge.facts)) for r in live}
        needed = _needed([t for r in live for t in r.terms], program)
        steps = tuple(s for s in program.steps if s.term in needed)
        needs = frozenset().union(*by_part.values())
        bases = tuple(sorted(needs))
        parts = tuple(Part(r.id, r.when, amounts[r.id]) for r in live)
        found = FactorParts(factor.id, parts, bases, needs, by_part, steps, (*bases, *(s.term for s in steps)))
        axes[factor.axis].append(found)
        for base in bases:
            readers.setdefault(base, []).append(found)
    cuts = thresholds([rule.when for rule in rules.values()], program.steps)
    counted = {name for step in program.steps for name in open_operands(step, {})}
    grid = {
        name: sorted(c for c in cuts[name] if isinstance(c, int))
        for name in readers
        if knowledge.facts[name].domain.low is not None and name in cuts and name not in counted
    }
    whole = {axis: tuple(members) for axis, members in axes.items()}
    return Margins(program, whole, {name: tuple(members) for name, members in readers.items()}, cuts, grid)


def _needed(terms: list[str], program: Program) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += program.knowledge.facts[term].operands()
    return frozenset(found)


def stand_ins(margins: Margins, base: Mapping[str, Code]) -> dict[str, Code]:
    """The known facts that factors read, each number replaced by the one that stands for its cell.

    No test can tell the two apart, and firms that differ within cells alone find their bounds remembered.
    """
    found: dict[str, Code] = {}
    for name, value in base.items():
        if name in margins.readers:
            cuts = margins.grid.get(name)
            found[name] = value if cuts is None or isinstance(value, str) else _stand_in(value, cuts)
    return found


def _stand_in(value: Code, cuts: list[int]) -> Code:
    place = bisect_left(cuts, value)
    if place < len(cuts) and cuts[place] == value:
        return value
    return cuts[place - 1] + 1 if place else cuts[0] - 1
