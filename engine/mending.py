"""What to mend first: findings that hold against the firm or programme, the heaviest first, with what answers them."""

from __future__ import annotations

from typing import NamedTuple

from engine.decision import ActionVerdict, Decision, Held


class Mending(NamedTuple):
    """A weakness or threat; `actions` answer it and stand nowhere before, `above` those that answer a heavier one."""

    held: Held
    amount: int
    actions: tuple[ActionVerdict, ...]
    above: tuple[ActionVerdict, ...]


def mend_first(decision: Decision) -> tuple[Mending, ...]:
    """Weaknesses and threats by weight · rating, ties by id; each action once, those that mend most in all first."""
    weighed = {h.finding.id: h.line.weight * h.line.rating for h in decision.findings}
    adverse = [h for h in decision.findings if h.finding.sign < 0]
    adverse.sort(key=lambda h: (-weighed[h.finding.id], h.finding.id))

    def mends(action: ActionVerdict) -> tuple[int, str]:
        return -sum(weighed[name] for name in action.answers), action.action

    found, named = [], set[str]()
    for held in adverse:
        answering = sorted((a for a in decision.programme if held.finding.id in a.answers), key=mends)
        new = tuple(a for a in answering if a.action not in named)
        above = tuple(a for a in answering if a.action in named)
        named |= {a.action for a in new}
        found.append(Mending(held, weighed[held.finding.id], new, above))
    return tuple(found)


def unknown_facts(decision: Decision) -> dict[str, tuple[str, ...]]:
    """Facts that are not known and can still move a verdict: the dimensions each can move, and `class`."""
    found: dict[str, list[str]] = {}
    for verdict in decision.dimensions:
        for fact in verdict.waits_for if verdict.level is None else ():
            found.setdefault(fact, []).append(verdict.dimension)
    for fact in decision.verdict.waits_for:
        found.setdefault(fact, []).append("class")
    return {fact: tuple(found[fact]) for fact in sorted(found)}
