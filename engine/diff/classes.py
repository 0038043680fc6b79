"""Which firms change their class: every pair of signs, old and new, that a margin can have, with a firm for each.

Firms at hand and what the solver finds for single factors are put together by addition (`engine.diff.sums`). That
finds firms; that there is none is only said where it is proved: no factor adds less than before, or the solver says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from engine.derive import derive
from engine.diff.asking import Asking
from engine.diff.merged import Merged
from engine.diff.sums import Group, Option, Pair, Unit, groups_of, pair, reach, separate, signs
from engine.executors.reference import holds
from engine.solve import Sum, Unsolved
from kb.condition import ALWAYS, All, Any, Condition, Not
from kb.model import AXES
from kb.values import Code

# How many ways of holding a factor may have, and with how many firms at hand each is put together.
_OUTCOMES, _WITH = 64, 24
Signs = tuple[bool, bool]
BOTH: tuple[Signs, ...] = ((True, True), (True, False), (False, True), (False, False))
# For each sign, old and new, facts that give it.
Reached = dict[Signs, dict[str, Code]]


@dataclass(frozen=True, slots=True)
class Margins:
    """What is the same for all questions of a day: units, those that can differ, groups, firms at hand with values."""

    merged: Merged
    units: tuple[Unit, ...]
    apart: Mapping[Unit, tuple[Option, ...]]
    groups: tuple[Group, ...]
    firms: Sequence[Mapping[str, Code]]
    values: Sequence[Mapping[str, Code]]

    @property
    def separate(self) -> bool:
        return separate(self.groups)

    def classes(self, x: Signs, y: Signs) -> tuple[str, str]:
        """The class before and after of a firm whose margins have these signs."""
        old, new = self.merged.old.knowledge.table, self.merged.new.knowledge.table
        return old.at(x[0], y[0]).id, new.at(x[1], y[1]).id


def margins(
    merged: Merged, written: Sequence[Unit], firms: Sequence[Mapping[str, Code]], asking: Asking, open_: list[str]
) -> Margins:
    """Lays everything out; factors written differently that add the same for every firm count as the same.

    Where the solver does not settle what a factor can add, that is put on the list of what is open.
    """
    values = [derive(merged.steps, firm) for firm in firms]
    units: list[Unit] = []
    apart: dict[Unit, tuple[Option, ...]] = {}
    for unit in written:
        found = () if unit.same else at_hand(unit, merged, firms, values)
        if all(option.pair[0] == option.pair[1] for option in found):
            # No firm at hand tells them apart; is there one at all?
            found, settled = ((), True) if unit.same else outcomes(unit, merged, firms, values, asking)
            if not settled:
                open_.append(unit.factor)
            elif all(option.pair[0] == option.pair[1] for option in found):
                units.append(unit._replace(new=unit.old))
                continue
        units.append(unit)
        apart[unit] = found
    return Margins(merged, tuple(units), apart, groups_of(units), firms, values)


def at_hand(
    unit: Unit, merged: Merged, firms: Sequence[Mapping[str, Code]], values: Sequence[Mapping[str, Code]]
) -> tuple[Option, ...]:
    """The pairs that a factor adds for firms at hand."""
    seen: dict[Pair, Option] = {}
    for firm, here in zip(firms, values, strict=True):
        two = pair((unit,), here)
        if two not in seen:
            seen[two] = Option(two, _of(firm, unit.bases, merged))
    return tuple(seen.values())


def outcomes(
    unit: Unit,
    merged: Merged,
    firms: Sequence[Mapping[str, Code]],
    values: Sequence[Mapping[str, Code]],
    asking: Asking,
) -> tuple[tuple[Option, ...], bool]:
    """All pairs that a factor can add, and whether these are really all."""
    conditions = tuple(dict.fromkeys(when for when, _ in (*unit.old, *unit.new)))
    seen: dict[tuple[bool, ...], Option] = {}

    def note(firm: Mapping[str, Code], here: Mapping[str, Code]) -> Condition | None:
        truths = tuple(holds(when, here) is True for when in conditions)
        if truths not in seen:
            seen[truths] = Option(pair((unit,), here), _of(firm, unit.bases, merged))
        return Not(_exactly(conditions, truths)) if len(seen) < _OUTCOMES else None

    for firm, here in zip(firms, values, strict=True):
        note(firm, here)

    def again(found: dict[str, Code]) -> Condition | None:
        firm = {**firms[0], **found}
        return note(firm, derive(merged.steps, firm))

    try:
        others = All(tuple(Not(_exactly(conditions, truths)) for truths in seen))
        # All facts are named once, so that firms found later may read them too.
        read = Any((ALWAYS, *conditions))
        settled = asking.each(All((read, others)), merged, again)
    except Unsolved:
        settled = False
    return tuple(seen.values()), settled


def _exactly(conditions: Sequence[Condition], truths: Sequence[bool]) -> Condition:
    return All(tuple(when if true else Not(when) for when, true in zip(conditions, truths, strict=True)))


def _of(firm: Mapping[str, Code], bases: frozenset[str], merged: Merged) -> dict[str, Code]:
    """The facts of a firm that a group reads, in both writings."""
    return {name: code for name, code in firm.items() if merged.tied(name) in bases}


def options(one: Margins, axis: str, told: Mapping[Unit, tuple[Option, ...]] | None = None) -> list[list[Option]]:
    """For each group of an axis the pairs that firms at hand add, and those with other outcomes of a factor: the ones
    `told`, or as they are at hand."""
    found = []
    for group in one.groups:
        if group.units[0].axis != axis:
            continue
        here: dict[Pair, Option] = {}
        for firm, values in zip(one.firms, one.values, strict=True):
            sums = pair(group.units, values)
            if sums not in here:
                here[sums] = Option(sums, _of(firm, group.bases, one.merged))
        for unit in group.units:
            for outcome in (one.apart if told is None else told).get(unit, ()):
                for firm in one.firms[:_WITH] if len(group.units) > 1 else one.firms[:1]:
                    mixed = {**firm, **outcome.facts}
                    sums = pair(group.units, derive(one.merged.steps, mixed))
                    here.setdefault(sums, Option(sums, _of(mixed, group.bases, one.merged)))
        found.append(list(here.values()))
    return found


def reached(one: Margins, axis: str, asking: Asking, open_: list[str]) -> Reached:
    """Every pair of signs that the margin of an axis can have. What is not settled is put on the list."""
    found: Reached = _reached_at_hand(one, axis)
    here: list[list[Option]] | None = None
    exact: dict[Unit, tuple[Option, ...]] | None = None
    for wanted in BOTH:
        if wanted in found or _ruled_out(one.units, axis, wanted):
            continue
        here = options(one, axis) if here is None else here
        facts = reach(here, wanted)
        if facts is None:
            if exact is None:
                # What firms at hand do not show of the factors that differ, the solver does.
                mine = [unit for unit in one.apart if unit.axis == axis]
                told = {unit: outcomes(unit, one.merged, one.firms, one.values, asking) for unit in mine}
                exact = {unit: options_ for unit, (options_, settled) in told.items() if settled}
                here = options(one, axis, {unit: options_ for unit, (options_, _) in told.items()})
                facts = reach(here, wanted)
            if facts is None and not _never_moves(one, axis, wanted, exact):
                try:
                    facts = asking.find(ALWAYS, one.merged, [*bounds(one.units, axis, wanted)])
                except Unsolved:
                    open_.append(f"{axis}: {_sign(wanted[0])} → {_sign(wanted[1])}")
        if facts is not None:
            found[wanted[0], wanted[1]] = facts
    return found


def _reached_at_hand(one: Margins, axis: str) -> Reached:
    units = [unit for unit in one.units if unit.axis == axis]
    bases = frozenset[str]().union(*(unit.bases for unit in units))
    found: Reached = {}
    for firm, values in zip(one.firms, one.values, strict=True):
        old, new = pair(units, values)
        found.setdefault((old > 0, new > 0), _of(firm, bases, one.merged))
    return found


def _ruled_out(units: Sequence[Unit], axis: str, wanted: Signs) -> bool:
    """Whether no margin can go that way because no finding of the axis counts for more, or none for less, than before.

    Where findings are not the same on both sides that is not told here.
    """
    if wanted[0] == wanted[1]:
        return False
    apart = [unit for unit in units if unit.axis == axis and not unit.same]
    if any([when for when, _ in unit.old] != [when for when, _ in unit.new] for unit in apart):
        return False
    moves = [new - old for unit in apart for (_, old), (_, new) in zip(unit.old, unit.new, strict=True)]
    return all(move >= 0 for move in moves) if wanted[0] else all(move <= 0 for move in moves)


def _never_moves(one: Margins, axis: str, wanted: Signs, exact: Mapping[Unit, tuple[Option, ...]]) -> bool:
    """The same, by all that factors can add."""
    mine = [unit for unit in one.apart if unit.axis == axis]
    if wanted[0] == wanted[1] or any(unit not in exact for unit in mine):
        return False
    moves = [option.pair[1] - option.pair[0] for unit in mine for option in exact[unit]]
    return all(move >= 0 for move in moves) if wanted[0] else all(move <= 0 for move in moves)


def _sign(positive: bool) -> str:
    return "+" if positive else "−"


def bounds(units: Sequence[Unit], axis: str, wanted: Sequence[bool]) -> Iterator[Sum]:
    """Both sums of an axis, bounded so that they have the wanted signs."""
    for number, positive in enumerate(wanted):
        parts = tuple(part for unit in units if unit.axis == axis for part in (unit.new if number else unit.old))
        yield Sum(parts, 1 if positive else None, None if positive else 0)


def shifts(one: Margins, asking: Asking, open_: list[str]) -> dict[tuple[Signs, Signs], dict[str, Code]]:
    """A complete firm for every way in which the signs of both margins go together."""
    if not one.separate:
        return _together(one, asking, open_)
    if not one.apart:
        # Equal sums have equal signs; which of them can be reached is asked only where the tables differ.
        return _from_hand(one) if _same_tables(one) else _combined(one, asking, open_)
    return _combined(one, asking, open_)


def _same_tables(one: Margins) -> bool:
    return all(len({*one.classes((x, x), (y, y))}) == 1 for x, y in BOTH)


def _from_hand(one: Margins) -> dict[tuple[Signs, Signs], dict[str, Code]]:
    found: dict[tuple[Signs, Signs], dict[str, Code]] = {}
    for firm, values in zip(one.firms, one.values, strict=True):
        x, y = signs(one.units, values)
        found.setdefault(((bool(x[0]), bool(x[1])), (bool(y[0]), bool(y[1]))), dict(firm))
    return found


def _combined(one: Margins, asking: Asking, open_: list[str]) -> dict[tuple[Signs, Signs], dict[str, Code]]:
    found = _from_hand(one)
    x, y = (reached(one, axis, asking, open_) for axis in AXES)
    for (sx, fx), (sy, fy) in product(x.items(), y.items()):
        found.setdefault((sx, sy), {**one.firms[0], **fx, **fy})
    return found


def _together(one: Margins, asking: Asking, open_: list[str]) -> dict[tuple[Signs, Signs], dict[str, Code]]:
    """Where a fact has gone from one axis to the other, both margins are asked about at once."""
    found = _from_hand(one)
    for x in BOTH:
        for y in BOTH:
            key = (x, y)
            if key in found or (not one.apart and (x[0] != x[1] or y[0] != y[1])):
                continue
            sums = [
                bound for axis, wanted in zip(AXES, (x, y), strict=True) for bound in bounds(one.units, axis, wanted)
            ]
            try:
                facts = asking.find(ALWAYS, one.merged, sums)
            except Unsolved:
                open_.append(f"x {_sign(x[0])} → {_sign(x[1])}, y {_sign(y[0])} → {_sign(y[1])}")
                continue
            if facts is not None:
                found[key] = {**one.firms[0], **facts}
    return found
