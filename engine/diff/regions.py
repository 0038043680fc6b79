"""Regions of fact space in which class or recommendation change, over all days, each with a firm that shows it.

A firm here is one of which everything is known. Every firm that is shown has been decided under both rule bases.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from engine.compile import compile
from engine.decide import Engine, decide, ready
from engine.decision import Decision
from engine.derive import Step, YearsStep
from engine.diff.asking import Asking
from engine.diff.classes import Margins, Signs, margins, shifts
from engine.diff.drawn import drawn
from engine.diff.merged import Merged, merge, renamed
from engine.diff.recommended import Differing, Moved, differing, inputs, otherwise
from engine.diff.sums import Unit, units_of
from engine.invariants import firm_of
from engine.prove.stretches import Calendar, between, cuts_of, day_of
from kb.complete import base_facts
from kb.condition import Condition, terms_of
from kb.law import Period
from kb.model import Knowledge
from kb.rules import rules_of
from kb.values import Code

_BEARING = ("eligibility", "finding", "requires", "eligible", "bar")
_DRAWN, _SEED = 200, 1995
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


class Regions(NamedTuple):
    """What was found; `more` has classes in which there are more ways to change than were looked for; `open` tells what
    was not settled, so that nothing is proved where it is not empty."""

    found: tuple[Region, ...]
    more: tuple[str, ...]
    open: tuple[str, ...]
    stretches: int
    solver_calls: int

    @property
    def equal(self) -> bool:
        return not self.found and not self.open


# What changes, without the firm: the classes before and after, and what is lost and gained where these are one.
_Key = tuple[str, str, Moved]
_NOTHING = Moved((), ())


def regions(old: Knowledge, new: Knowledge, left: Callable[[], float]) -> Regions:
    """All regions on all days. `left` gives the seconds that remain. Raises Unshown."""
    asking = Asking(left)
    open_: dict[str, None] = {}
    if old.digest == new.digest:
        # Whatever decides is the same text, in another layout or order.
        return Regions((), (), (), len(stretches(old, new)), 0)
    firms: list[dict[str, Code]] = []
    first: dict[_Key, Region] = {}
    periods: dict[_Key, list[Period]] = {}
    shown: dict[_Key, Mapping[str, Code]] = {}
    more: set[str] = set()
    answered: dict[object, tuple[_Key, ...]] = {}
    asked = stretches(old, new)
    for stretch in asked:
        day = day_of(stretch, new.manifest.examples_as_of)
        one = _Day(merge(compile(old, day), compile(new, day)))
        if one.same:
            continue
        if one.signature not in answered:
            # The facts are the same on every day, and so are the firms at hand.
            firms = firms or list(drawn(one.merged, Random(_SEED), _DRAWN))
            missing: list[str] = []
            keys = []
            for key, firm in one.changes(firms, shown, asking, missing, more):
                if key not in first:
                    first[key] = one.shown(key, firm)
                    shown[key] = firm
                keys.append(key)
            answered[one.signature] = tuple(keys)
            open_ |= {f"{day}: {what}": None for what in missing}
        for key in answered[one.signature]:
            periods.setdefault(key, []).append(stretch)
    found = tuple(region._replace(periods=_joined(periods[key])) for key, region in first.items())
    return Regions(found, tuple(sorted(more)), tuple(open_), len(asked), asking.calls)


def stretches(old: Knowledge, new: Knowledge) -> list[Period]:
    """The stretches between dates at which either rule base changes, that of the usual day first, then the latest."""
    cuts: set[datetime.date] = set()
    for knowledge in (old, new):
        cuts |= Calendar(knowledge).cuts([rule for rule in rules_of(knowledge) if rule.kind in _BEARING])
        cuts |= {cut for pattern in knowledge.patterns.values() for cut in cuts_of(pattern.period)}
    usual = new.manifest.examples_as_of
    return sorted(
        between(sorted(cuts)), key=lambda one: (not one.holds(usual), -(one.start or datetime.date.min).toordinal())
    )


def _joined(periods: list[Period]) -> tuple[Period, ...]:
    """Stretches that follow one another, as one."""
    found: list[Period] = []
    for period in sorted(periods, key=lambda one: one.start or datetime.date.min):
        before = found[-1] if found else None
        if before and before.end and period.start and before.end + datetime.timedelta(1) == period.start:
            found[-1] = Period(before.start, period.end)
        else:
            found.append(period)
    return tuple(found)


@dataclass(slots=True)
class _Day:
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
        shown: Mapping[_Key, Mapping[str, Code]],
        asking: Asking,
        open_: list[str],
        more: set[str],
    ) -> Iterator[tuple[_Key, Mapping[str, Code]]]:
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

    def shown(self, key: _Key, firm: Mapping[str, Code]) -> Region:
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
            rules = [
                rule for stage in program.stages.values() for rule in stage.rules.values() if rule.kind in _BEARING
            ]
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
