"""From the experts' common priorities to whole weights of the rules: how far the experts agree, what rounding moves.

Source of the agreement: M. G. Kendall and B. Babington Smith, The problem of m rankings, Annals of Mathematical
Statistics 10 (1939) 275-287, with the correction for ties.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from engine.weigh import DIGITS, Judged, Priorities, weigh
from kb.compare import Comparisons
from kb.model import Factor


class Proposed(NamedTuple):
    """One item: its share of the group's weights, those of the experts (`deviation` is the standard deviation over the
    mean, None for one expert), the whole weight proposed, and the weight and share the rule base has now, if any."""

    item: str
    share: float
    least: float
    greatest: float
    deviation: float | None
    weight: int
    old: int | None
    old_share: float | None


class Doubt(NamedTuple):
    """Something to look at before the proposal is used: a key of the phrases and what stands in its gaps."""

    key: str
    gaps: Mapping[str, object]


class Proposal(NamedTuple):
    """`items` by falling share; `moved` is how much rounding moves the share of an item at most, `moved_item` which."""

    judged: tuple[Judged, ...]
    group: Priorities
    items: tuple[Proposed, ...]
    agreement: float | None
    moved: float
    moved_item: str
    doubts: tuple[Doubt, ...]


def propose(read: Comparisons, factors: Mapping[str, Factor]) -> Proposal:
    """Weigh, round and compare with the weights the rule base has. Raises NumpyMissing."""
    judged, group = weigh(read)
    known = {item: factors[item] for item in read.items} if read.factors else {}
    heaviest = max(group.weights.values())
    total = sum(factor.weight for factor in known.values())
    items = []
    for item in read.items:
        share, old = group.weights[item], known[item].weight if known else None
        own = [one.priorities.weights[item] for one in judged]
        ends, weight = (min(own), max(own)), whole_weight(share / heaviest, read.low, read.top)
        items.append(Proposed(item, share, *ends, _deviation(own), weight, old, old / total if old else None))
    items.sort(key=lambda row: (-round(row.share, DIGITS), row.item))
    sum_of_weights = sum(row.weight for row in items)
    moves = {row.item: abs(row.weight / sum_of_weights - row.share) for row in items}
    most = max(items, key=lambda row: round(moves[row.item], DIGITS)).item
    doubts = (*_doubts_of_experts(judged, group), *_doubts_of_rules(read, known))
    return Proposal(judged, group, tuple(items), agreement(judged), moves[most], most, doubts)


def whole_weight(part: float, low: int, top: int) -> int:
    """The part of the heaviest, on a scale whose top is the heaviest's; a half goes up, and nothing below `low`."""
    return max(low, math.floor(round(part * top, DIGITS) + 0.5))


def _deviation(own: list[float]) -> float | None:
    """The coefficient of variation over the experts, with the sample's standard deviation."""
    if len(own) < 2:
        return None
    mean = math.fsum(own) / len(own)
    return math.sqrt(math.fsum((weight - mean) ** 2 for weight in own) / (len(own) - 1)) / mean


def agreement(judged: tuple[Judged, ...]) -> float | None:
    """Kendall's W of the experts' rankings: 1 where all rank alike, near 0 where the rankings have nothing in common.

    None for one expert, and where every expert weighs all items alike, so that nothing is ranked.
    """
    experts = len(judged)
    if experts < 2:
        return None
    ranked = [_ranks(one.priorities.weights) for one in judged]
    size = len(ranked[0])
    sums = [sum((ranks[item] for ranks in ranked), Fraction(0)) for item in ranked[0]]
    mean = sum(sums, Fraction(0)) / size
    spread = 12 * sum(((one - mean) ** 2 for one in sums), Fraction(0))
    ties = sum(_ties(ranks) for ranks in ranked)
    greatest = experts * (experts * (size**3 - size) - ties)
    return float(spread / greatest) if greatest else None


def _ranks(weights: Mapping[str, float]) -> dict[str, Fraction]:
    """Ranks from 1; items of one weight share the mean of their places."""
    told = {item: round(weight, DIGITS) for item, weight in weights.items()}
    ordered = sorted(told.values(), reverse=True)
    return {item: ordered.index(one) + Fraction(ordered.count(one) + 1, 2) for item, one in told.items()}


def _ties(ranks: Mapping[str, Fraction]) -> int:
    placed = list(ranks.values())
    return sum((n := placed.count(rank)) ** 3 - n for rank in set(placed))


def _doubts_of_experts(judged: tuple[Judged, ...], group: Priorities) -> list[Doubt]:
    found = []
    for name, own, mend in judged:
        if not own.tolerable:
            found.append(Doubt("weigh inconsistent", {"name": name, "ratio": f"{own.ratio:.4f}"}))
        if mend is not None:
            told = {"ratio": f"{mend.ratio:.4f}", "implied": f"{float(mend.implied):.4g}"}
            found.append(Doubt("weigh mend", {**mend._asdict(), **told, "name": name}))
    if not group.tolerable:
        found.append(Doubt("weigh group inconsistent", {"ratio": f"{group.ratio:.4f}"}))
    if len(judged) == 1:
        found.append(Doubt("weigh one expert", {}))
    return found


def _doubts_of_rules(read: Comparisons, known: Mapping[str, Factor]) -> list[Doubt]:
    found = []
    if len({factor.axis for factor in known.values()}) > 1:
        # Weights count as shares of their own axis.
        found.append(Doubt("weigh two axes", {}))
    heaviest = max((factor.weight for factor in known.values()), default=read.top)
    if heaviest < read.top:
        found.append(Doubt("weigh top", {"heaviest": heaviest, "top": read.top}))
    return found
