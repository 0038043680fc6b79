"""Conditions reduced to what they ask, so that two writings of one question are one value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kb.condition import ALWAYS, All, Any, Bound, Condition, Dated, Not, Test

_WORDS = {"in": "one_of", "not_in": "none_of", "ge": "at_least", "le": "at_most", "gt": "above", "lt": "below"}


@lru_cache(maxsize=16_384)
def plain(condition: Condition) -> Condition:
    """A resolved condition without what does not count: the order of its parts, the words, where a bound comes from."""
    if isinstance(condition, Test):
        return Test(condition.term, tuple(sorted((_plain_bound(bound) for bound in condition.bounds), key=repr)))
    if isinstance(condition, Not):
        part = plain(condition.part)
        return part.part if isinstance(part, Not) else Not(part)
    kind = type(condition)
    found: dict[Condition, None] = {}
    for part in condition.parts:
        here = plain(part)
        for one in here.parts if isinstance(here, kind) else (here,):
            found[one] = None
    parts = sorted(found, key=repr)
    if len(parts) == 1:
        return parts[0]
    decisive = Any(()) if kind is All else ALWAYS
    return decisive if decisive in parts else kind(tuple(parts))


def _plain_bound(bound: Bound) -> Bound:
    operand = bound.operand
    assert not isinstance(operand, Dated)
    several = tuple(sorted(operand, key=repr)) if isinstance(operand, tuple) else operand
    return Bound(_WORDS[bound.op], bound.op, several)


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """A condition on facts as they are called here."""
    if not names:
        return condition
    if isinstance(condition, Test):
        return Test(names.get(condition.term, condition.term), condition.bounds)
    if isinstance(condition, Not):
        return Not(renamed(condition.part, names))
    return type(condition)(tuple(renamed(part, names) for part in condition.parts))
