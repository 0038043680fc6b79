"""Regions of fact space in which class or recommendation change, over all days, each with a firm that shows it.

A firm here is one of which everything is known. Every firm that is shown has been decided under both rule bases.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from engine.compile import compile
from engine.diff.asking import Asking
from engine.diff.days import BEARING, Day, Key, Region
from engine.diff.drawn import drawn
from engine.diff.merged import merge
from engine.prove.stretches import Calendar, between, cuts_of, day_of
from kb.law import Period
from kb.model import Knowledge
from kb.rules import rules_of
from kb.values import Code

_DRAWN, _SEED = 200, 1995


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


def regions(old: Knowledge, new: Knowledge, left: Callable[[], float]) -> Regions:
    """All regions on all days. `left` gives the seconds that remain. Raises Unshown."""
    asking = Asking(left)
    open_: dict[str, None] = {}
    if old.digest == new.digest:
        # Whatever decides is the same text, in another layout or order.
        return Regions((), (), (), len(stretches(old, new)), 0)
    firms: list[dict[str, Code]] = []
    first: dict[Key, Region] = {}
    periods: dict[Key, list[Period]] = {}
    shown: dict[Key, Mapping[str, Code]] = {}
    more: set[str] = set()
    answered: dict[object, tuple[Key, ...]] = {}
    asked = stretches(old, new)
    for stretch in asked:
        day = day_of(stretch, new.manifest.examples_as_of)
        one = Day(merge(compile(old, day), compile(new, day)))
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
        cuts |= Calendar(knowledge).cuts([rule for rule in rules_of(knowledge) if rule.kind in BEARING])
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
