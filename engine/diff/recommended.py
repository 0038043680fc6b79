"""Which firms keep their class and get another recommendation: asked of the solver class by class.

For a firm of which everything is known a recommendation is a condition on facts and class. Where the conditions of
both rule bases are the same nothing is asked; else a firm is looked for that one recommends a pattern and the other
does not, first in any class, then in the class meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.derive import derive
from engine.diff.asking import Asking
from engine.diff.classes import Margins, Signs, bounds
from engine.diff.formulas import Differing, Moved
from engine.diff.sums import Group, amount, signs
from engine.executors.reference import holds
from engine.solve import Sum, Unsolved
from kb.complete import base_facts
from kb.condition import ALWAYS, All, Condition, Not, terms_of
from kb.model import AXES
from kb.values import Code

# How many ways of being recommended otherwise are looked for in one class.
MOST = 8


class Findings(NamedTuple):
    """Ways of being recommended otherwise, each with a firm; whether there are more, and what was not settled."""

    firms: Mapping[Moved, Mapping[str, Code]]
    more: bool
    open: tuple[str, ...]


def otherwise(
    one: Margins, x: Signs, y: Signs, differ: Differing, asking: Asking, shown: Sequence[Mapping[str, Code]] = ()
) -> Findings:
    """A firm for each way of being recommended otherwise, among firms whose margins have these signs.

    First among firms at hand, those `shown` for other days before all; then the solver lists the ways there are for any
    firm, and each is looked for in the class. Where `MOST` are known, no more are looked for.
    """
    found: dict[Moved, Mapping[str, Code]] = {}
    open_: list[str] = []
    for number, firm in enumerate((*shown, *one.firms)):
        if number >= len(shown) and len(found) >= MOST:
            break
        values = derive(one.merged.steps, firm)
        if _has(one, x, y, values):
            moved = differ.moved(values)
            if moved != Moved((), ()):
                found.setdefault(moved, firm)
    if found and max(len(found), len(shown)) >= MOST:
        return Findings(found, True, ())
    looked: list[tuple[Moved, dict[str, Code]]] = []

    def again(firm: dict[str, Code]) -> Condition | None:
        values = derive(one.merged.steps, {**one.firms[0], **firm})
        looked.append((differ.moved(values), firm))
        return Not(differ.just(looked[-1][0])) if len(looked) < MOST else None

    whole = False
    try:
        known = (Not(differ.just(moved)) for moved in found)
        whole = asking.each(All((differ.anywhere, *known)), one.merged, again)
    except Unsolved as fault:
        open_.append(str(fault))
    for moved, anywhere in looked:
        try:
            here = _firm(one, x, y, differ.just(moved), anywhere, asking)
        except Unsolved as fault:
            open_.append(str(fault))
            continue
        if here is not None:
            found[moved] = here
    if not whole and not found and not open_:
        # Every way that was looked at is closed to this class; whether another is open was not asked.
        open_.append(f"more than {MOST} ways of being recommended otherwise")
    return Findings(found, not whole, tuple(open_))


def _has(one: Margins, x: Signs, y: Signs, values: Mapping[str, Code]) -> bool:
    return signs(one.units, values) == ((int(x[0]), int(x[1])), (int(y[0]), int(y[1])))


def _firm(
    one: Margins, x: Signs, y: Signs, asked: Condition, anywhere: Mapping[str, Code], asking: Asking
) -> dict[str, Code] | None:
    """A firm that meets a condition and whose margins have these signs, made from one that meets it `anywhere`, or the
    solver's. Raises Unsolved."""
    read = {one.merged.tied(base) for term in terms_of(asked) for base in base_facts(term, one.merged.facts)}
    mine = {name: code for name, code in anywhere.items() if one.merged.tied(name) in read}
    for firm in one.firms:
        mixed = {**firm, **mine}
        values = derive(one.merged.steps, mixed)
        if _has(one, x, y, values) and holds(asked, values):
            return mixed
    near, far = _touched(one, read)
    if x[0] != x[1] or y[0] != y[1] or not one.separate:
        near, far = one.groups, ()
    for exact in (False, True):
        found = asking.find(asked, one.merged, [*_sums(one, near, far, (x, y), exact, asking)])
        if found is not None:
            mine = {name: code for name, code in found.items() if one.merged.tied(name) in read | _bases(near)}
            return _whole(one, far, (x, y), mine, asking if exact else None)
        if not far:
            break
    return None


def _bases(groups: tuple[Group, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(group.bases for group in groups))


def _touched(one: Margins, read: set[str]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Groups that the condition meets or whose sums can differ, and the others."""
    near = tuple(g for g in one.groups if g.bases & read or any(unit in one.apart for unit in g.units))
    return near, tuple(g for g in one.groups if g not in near)


def _sums(
    one: Margins,
    near: tuple[Group, ...],
    far: tuple[Group, ...],
    wanted: tuple[Signs, Signs],
    exact: bool,
    asking: Asking,
) -> Iterator[Sum]:
    """The sums of the touched groups, with what the others can add at best: as firms at hand show, or at the most."""
    units = [unit for group in near for unit in group.units]
    for axis, two in zip(AXES, wanted, strict=True):
        spare = 0
        for group in far:
            if group.units[0].axis == axis:
                low, high = _extremes(one, group, exact, asking)
                spare += high if two[0] else low
        for bound in bounds(units, axis, two):
            low_end = None if bound.low is None else bound.low - spare
            high_end = None if bound.high is None else bound.high - spare
            yield Sum(bound.parts, low_end, high_end)


def _extremes(one: Margins, group: Group, exact: bool, asking: Asking) -> tuple[int, int]:
    if exact:
        return asking.extremes([part for unit in group.units for part in unit.old], one.merged)
    found = _amounts(one, group)
    return min(found), max(found)


def _amounts(one: Margins, group: Group) -> list[int]:
    return [sum([amount(unit.old, values) for unit in group.units]) for values in one.values]


def _whole(
    one: Margins, far: tuple[Group, ...], wanted: tuple[Signs, Signs], mine: dict[str, Code], asking: Asking | None
) -> dict[str, Code]:
    """The firm found, with every other group at its best: as firms at hand have it, or as the solver is asked for.

    Raises Unsolved where facts that are tied to one another do not let every group have its best.
    """
    firm = dict(one.firms[0])
    for group in far:
        up = dict(zip(AXES, wanted, strict=True))[group.units[0].axis][0]
        amounts = _amounts(one, group)
        best = (max if up else min)(amounts)
        facts: Mapping[str, Code] = one.firms[amounts.index(best)]
        if asking is not None:
            low, high = _extremes(one, group, True, asking)
            parts = tuple(part for unit in group.units for part in unit.old)
            better = None
            if best != (high if up else low):
                end = Sum(parts, high, None) if up else Sum(parts, None, low)
                better = asking.find(ALWAYS, one.merged, [end])
            facts = {**facts, **(better or {})}
        firm |= {name: code for name, code in facts.items() if one.merged.tied(name) in group.bases}
    firm |= mine
    if not _has(one, *wanted, derive(one.merged.steps, firm)):
        raise Unsolved("facts that are tied to one another leave it open")
    return firm
