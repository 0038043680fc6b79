"""Random complete firms for a rule base: each fact uniform over the cells its thresholds make, then within the cell.

Drawn like this, rare circumstances (a margin between two close thresholds, one branch of trade out of many) come up as
often as common ones, so that few firms reach many rules. It is no picture of real firms.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from engine.cells import candidates, thresholds
from engine.compile import Program
from kb.condition import Condition, Dated, tests_of
from kb.values import Code, Domain


class Firms:
    """Draws firms for one day's program; the same random source gives the same firms."""

    def __init__(self, program: Program) -> None:
        self.program = program
        conditions = [rule.when for stage in program.stages.values() for rule in stage.rules.values()]
        self.cuts = thresholds(conditions, program.steps)
        self.starts = _starts(conditions)
        self.facts = program.knowledge.facts
        computed = {name for step in program.steps for name in self.facts[step.term].operands()}
        # Numbers that others are computed from are read through these as well.
        self.computed = {name for name in computed if self.facts[name].derived is None}

    def complete(self, random: Random) -> dict[str, Code]:
        """A value for every base fact."""
        drawn: dict[str, Code] = {}
        for name, fact in self.facts.items():
            if fact.derived is None:
                drawn[name] = self._value(name, fact.domain, drawn, random)
        return drawn

    def partial(self, random: Random) -> dict[str, Code]:
        """A firm of which about a third is not known."""
        return {name: code for name, code in self.complete(random).items() if random.random() < 2 / 3}

    def _value(self, name: str, domain: Domain, drawn: Mapping[str, Code], random: Random) -> Code:
        if domain.type == "boolean":
            return random.randint(0, 1)
        if domain.type == "level":
            return random.randrange(len(domain.values))
        if domain.type == "choice":
            return random.choice(domain.values)
        if domain.low is None or domain.high is None:
            return random.choice([*sorted(str(c) for c in self.cuts.get(name, ())), "other"])
        starts = self.starts.get(name, set()) | {domain.low}
        if name in self.computed:
            found = candidates(name, self.cuts, self.program.steps, drawn, self.facts)
            starts |= {int(c) for c in found or ()}
        inside = sorted(s for s in starts if domain.low <= s <= domain.high)
        cell = random.randrange(len(inside))
        last = inside[cell + 1] - 1 if cell + 1 < len(inside) else domain.high
        return random.randint(inside[cell], last)


def _starts(conditions: list[Condition]) -> dict[str, set[int]]:
    """The first code of every cell of a number: where a test on it changes its mind."""
    found: dict[str, set[int]] = {}
    for condition in conditions:
        for test in tests_of(condition):
            for bound in test.bounds:
                assert not isinstance(bound.operand, Dated)
                several = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
                for code in several:
                    if isinstance(code, int):
                        ends = {"ge": (code,), "lt": (code,), "gt": (code + 1,), "le": (code + 1,)}
                        found.setdefault(test.term, set()).update(ends.get(bound.op, (code, code + 1)))
    return found
