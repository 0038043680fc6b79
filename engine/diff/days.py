"""Two rule bases on one day: what changes there, and a firm for it that both have decided on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.decide import Engine, decide, ready
from engine.decision import Decision
from engine.derive import Step, YearsStep
from engine.diff.asking import Asking
from engine.diff.classes import Margins, Signs, margins, shifts
from engine.diff.formulas import Differing, Moved, differing, inputs
from engine.diff.merged import Merged
from engine.diff.plain import renamed
from engine.diff.recommended import otherwise
from engine.diff.sums import Unit, units_of
from engine.invariants import firm_of
from kb.complete import base_facts
from kb.condition import Condition, terms_of
from kb.law import Period
from kb.values import Code

# The rules that class and recommendation rest on.
BEARING = ("eligibility", "finding", "requires", "eligible", "bar")
Plain = int | float | bool | str


class Unshown(Exception):
    """A firm does not change when it is decided as the solver says it does: a defect of this program."""


class Outcome(NamedTuple):
    """What a firm known in full gets: one class, and the patterns recommended."""

    in_class: str
    recommended: tuple[str, ...]


class Example(NamedTuple):
    """A firm as a dossier states it: facts of both rule bases, and those that only one of them knows. `about` are the
    facts that the rules that differ read."""

    facts: Mapping[str, Plain]
    only_old: Mapping[str, Plain]
    only_new: Mapping[str, Plain]
    about: tuple[str, ...]
    day: datetime.date


class Region(NamedTuple):
    """Firms that change in one way: from one class to another, or within a class from some patterns to others."""

    before: Outcome
    after: Outcome
    moved: Moved
    example: Example
    periods: tuple[Period, ...]


# What changes, without the firm: the classes before and after, and what is lost and gained where these are one.
Key = tuple[str, str, Moved]
_NOTHING = Moved((), ())


@dataclass(slots=True)
class Day:
    """Both rule bases on one day."""

    merged: Merged
    units: tuple[Unit, ...]
    differ: dict[str, Differing]
    engines: tuple[Engine, Engine] | None

    def __init__(self, merged: Merged) -> None:
        self.merged, self.engines = merged, None
        self.units = units_of(merged)
        both = {c.id for c in merged.old.knowledge.table.classes} & {c.id for c in merged.new.knowledge.table.classes}
        old, new = inputs(merged)
        self.differ = {name: differing(merged, name) for name in sorted(both)} if old != new else {}

    @property
    def same(self) -> bool:
        """Whether nothing that bears on class or recommendation is written differently."""
        tables = [p.knowledge.table for p in (self.merged.old, self.merged.new)]
        placed = [{(c.x_positive, c.y_positive): c.id for c in table.classes} for table in tables]
        alike = all(unit.same for unit in self.units) and placed[0] == placed[1]
        return alike and not any(differ.conditions for differ in self.differ.values())

    @property
    def signature(self) -> object:
        """All that the answer depends on, so that days with one signature have one answer."""
        steps = tuple(_dateless(step) for step in self.merged.steps)
        return self.units, tuple((name, tuple(d.pairs())) for name, d in self.differ.items()), steps

    def changes(
        self,
        firms: list[dict[str, Code]],
        shown: Mapping[Key, Mapping[str, Code]],
        asking: Asking,
        open_: list[str],
        more: set[str],
    ) -> Iterator[tuple[Key, Mapping[str, Code]]]:
        """What changes, with a firm for each; those `shown` for other days are looked at first. What is not settled,
        and the classes in which there are more changes, are put on the lists."""
        here = margins(self.merged, self.units, firms, asking, open_)
        ways = shifts(here, asking, open_)
        for (x, y), firm in ways.items():
            before, after = here.classes(x, y)
            if before != after:
                yield (before, after, _NOTHING), firm
        for x, y, name in _quadrants(here, ways):
            if name not in self.differ or not self.differ[name].conditions:
                continue
            earlier = [firm for key, firm in shown.items() if key[0] == key[1] == name]
            found = otherwise(here, x, y, self.differ[name], asking, earlier)
            open_ += found.open
            more |= {name} if found.more and found.firms else set()
            for moved, other in found.firms.items():
                yield (name, name, moved), other

    def shown(self, key: Key, firm: Mapping[str, Code]) -> Region:
        """The region of a firm, decided under both rule bases. Raises Unshown."""
        before, after, moved = key
        old, new = self._decided(firm)
        outcomes = [Outcome(str(d.verdict.id), d.recommended) for d in (old, new)]
        real = Moved(
            tuple(sorted({*old.recommended} - {*new.recommended})),
            tuple(sorted({*new.recommended} - {*old.recommended})),
        )
        if (old.verdict.id, new.verdict.id) != (before, after) or (before == after and real != moved):
            raise Unshown(f"{self.merged.new.as_of}: {key} is not what is decided ({outcomes}) of {dict(firm)}")
        return Region(outcomes[0], outcomes[1], real, _example(self.merged, firm, self.about(real)), ())

    def _decided(self, firm: Mapping[str, Code]) -> tuple[Decision, Decision]:
        merged = self.merged
        if self.engines is None:
            old, new = (ready(program.knowledge, program.as_of, "reference") for program in (merged.old, merged.new))
            self.engines = (old, new)
        before, after = self.engines
        return (
            decide(before, firm_of(merged.in_old(firm), before.program)),
            decide(after, firm_of(merged.in_new(firm), after.program)),
        )

    def about(self, moved: Moved) -> tuple[str, ...]:
        """Base facts that the rules which differ read, then those that open the patterns lost and gained; each in the
        order of the vocabulary."""
        merged = self.merged
        differ: set[str] = set().union(*(unit.bases for unit in self.units if not unit.same))
        opening: set[str] = set()
        sides: list[dict[str, Condition]] = []
        for program, names in ((merged.old, {}), (merged.new, merged.names)):
            rules = [rule for stage in program.stages.values() for rule in stage.rules.values() if rule.kind in BEARING]
            sides.append({rule.id: renamed(rule.when, names) for rule in rules})
            mine = [rule.id for rule in rules if rule.owner in (*moved.lost, *moved.gained)]
            opening |= self._read([sides[-1][name] for name in mine])
        for name in {*sides[0], *sides[1]}:
            whens = [side[name] for side in sides if name in side]
            if len(whens) < 2 or whens[0] != whens[1]:
                differ |= self._read(whens)
        order = tuple(dict.fromkeys((*merged.new.knowledge.facts, *merged.old.knowledge.facts)))
        return tuple(n for found in (differ, opening - differ) for n in order if n in found or merged.named(n) in found)

    def _read(self, whens: list[Condition]) -> set[str]:
        """Base facts that conditions read, by their old names where they have two."""
        merged = self.merged
        terms = {term for when in whens for term in terms_of(when) if term in merged.facts}
        return {merged.tied(base) for term in terms for base in base_facts(term, merged.facts)}


def _quadrants(here: Margins, ways: Mapping[tuple[Signs, Signs], object]) -> list[tuple[Signs, Signs, str]]:
    """Ways of the signs that leave a firm in its class: those that stay, whether a firm at hand shows them or not."""
    stay = [((x, x), (y, y)) for x in (True, False) for y in (True, False)]
    every = dict.fromkeys([*stay, *ways])
    classes = [(x, y, here.classes(x, y)) for x, y in every]
    return [(x, y, before) for x, y, (before, after) in classes if before == after]


def _dateless(step: Step) -> Step:
    return step._replace(as_of=datetime.date.min) if isinstance(step, YearsStep) else step


def _example(merged: Merged, firm: Mapping[str, Code], about: tuple[str, ...]) -> Example:
    sides: list[dict[str, Plain]] = []
    for program, base in ((merged.old, merged.in_old(firm)), (merged.new, merged.in_new(firm))):
        facts = program.knowledge.facts
        sides.append({name: facts[name].domain.plain(code) for name, code in sorted(base.items())})
    old, new = sides
    both = {name: value for name, value in old.items() if name in new and new[name] == value}
    alone = [{name: value for name, value in side.items() if name not in both} for side in sides]
    shown = tuple(dict.fromkeys(name for name in about if name in old or name in new))
    return Example(both, alone[0], alone[1], shown, merged.new.as_of)
