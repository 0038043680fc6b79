"""Negation normal form and alternatives (disjunctive normal form) of conditions.

An alternative is a conjunction of tests, at most one per term. A condition is true under Kleene's logic exactly when
every test of some alternative is true: negation goes down to single tests, which are two-valued once their term is
known, and distributing `all` over `any` keeps the three values (Kleene's logic is a distributive lattice).
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from kb.condition import All, Bound, Condition, Dated, Not, Test
from kb.values import Code

MAX_ALTERNATIVES = 64
MAX_TERMS = 12
MAX_VALUES = 2000
# A longer list of allowed values is dealt over several alternatives, for durable-rules never comes back from 512.
MAX_LISTED = 200
_OPPOSITE = {"in": "not_in", "not_in": "in", "ge": "lt", "lt": "ge", "gt": "le", "le": "gt"}

Alternative = tuple[Test, ...]


class TooManyAlternatives(Exception):
    """More alternatives, terms in one or values in a test than an executor may be given."""


def alternatives(condition: Condition) -> tuple[Alternative, ...]:
    """Alternatives in the order written, tests on one term merged. Raises TooManyAlternatives beyond the limits."""
    found = ((condition,),) if isinstance(condition, Test) else _expand(condition, positive=True)
    for alternative in found:
        listed = max([len(b.operand) for t in alternative for b in t.bounds if isinstance(b.operand, tuple)], default=0)
        if listed > MAX_VALUES:
            raise TooManyAlternatives(f"{listed} values in one test (limit {MAX_VALUES})")
        if len(alternative) > MAX_TERMS:
            raise TooManyAlternatives(f"{len(alternative)} terms in one alternative (limit {MAX_TERMS})")
    dealt = sum(prod(-(-listed // MAX_LISTED) for listed in _lists(alternative)) for alternative in found)
    if dealt > MAX_ALTERNATIVES:
        fault = f"{dealt} alternatives once lists of more than {MAX_LISTED} values are dealt out"
        raise TooManyAlternatives(f"{fault} (limit {MAX_ALTERNATIVES})")
    return found


def _lists(alternative: Alternative) -> list[int]:
    """Lengths of the lists of allowed values."""
    return [len(b.operand) for t in alternative for b in t.bounds if b.op == "in" and isinstance(b.operand, tuple)]


def _expand(condition: Condition, positive: bool) -> tuple[Alternative, ...]:
    if isinstance(condition, Test):
        if positive:
            return ((condition,),)
        return tuple((Test(condition.term, (opposite(bound),)),) for bound in condition.bounds)
    if isinstance(condition, Not):
        return _expand(condition.part, not positive)
    together = isinstance(condition, All) == positive
    parts = [_expand(part, positive) for part in condition.parts]
    if not together:
        return _limited([a for part in parts for a in part])
    product: tuple[Alternative, ...] = ((),)
    for part in parts:
        product = _limited([_merge(left, right) for left in product for right in part])
    return product


def _limited(found: list[Alternative]) -> tuple[Alternative, ...]:
    """Each alternative once. Raises TooManyAlternatives."""
    each = tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)
    if len(each) > MAX_ALTERNATIVES:
        raise TooManyAlternatives(f"{len(each)} alternatives (limit {MAX_ALTERNATIVES})")
    return each


def opposite(bound: Bound) -> Bound:
    words = {"is": "is_not", "is_not": "is", "one_of": "none_of", "none_of": "one_of"}
    words |= {"at_least": "below", "below": "at_least", "above": "at_most", "at_most": "above"}
    return Bound(words[bound.word], _OPPOSITE[bound.op], bound.operand, bound.parameter)


def _merge(left: Alternative, right: Alternative) -> Alternative:
    tests = dict.fromkeys([test.term for test in (*left, *right)])
    if len(tests) == len(left) + len(right):
        return (*left, *right)
    return tuple(
        Test(term, tuple(dict.fromkeys(b for t in (*left, *right) if t.term == term for b in t.bounds)))
        for term in tests
    )


class Span(NamedTuple):
    """Values of one term that pass a test: an interval of codes, values listed, values left out."""

    low: Code | None
    low_open: bool
    high: Code | None
    high_open: bool
    allowed: frozenset[Code] | None
    forbidden: frozenset[Code]


def span(tests: tuple[Test, ...]) -> Span:
    """The meeting of constant bounds on one term. Parameters must have been resolved."""
    low: Code | None = None
    high: Code | None = None
    low_open = high_open = False
    allowed: frozenset[Code] | None = None
    forbidden: frozenset[Code] = frozenset()
    for bound in (b for test in tests for b in test.bounds):
        assert not isinstance(bound.operand, Dated)
        if isinstance(bound.operand, tuple):
            values = frozenset(bound.operand)
            if bound.op == "in":
                allowed = values if allowed is None else allowed & values
            else:
                forbidden |= values
        elif bound.op in ("ge", "gt"):
            is_open = bound.op == "gt"
            if low is None or (bound.operand, is_open) > (low, low_open):
                low, low_open = bound.operand, is_open
        else:
            is_open = bound.op == "lt"
            if high is None or (bound.operand, not is_open) < (high, not high_open):
                high, high_open = bound.operand, is_open
    return Span(low, low_open, high, high_open, allowed, forbidden)
