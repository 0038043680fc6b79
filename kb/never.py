"""Whether the bounds of a test leave any value at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.values import Code, Domain

if TYPE_CHECKING:
    from kb.condition import Test


def never(test: Test, domain: Domain) -> bool:
    """Whether constant bounds leave no value at all (parameters are not looked into: they move)."""
    places = range({"boolean": 2, "level": len(domain.values)}.get(domain.type, 0))
    left: set[Code] | None = {*domain.values} if domain.type == "choice" else {*places} or None
    low, high = domain.low, domain.high
    for bound in test.bounds:
        if isinstance(bound.operand, tuple) and bound.op == "in":
            left = {*bound.operand} if left is None else left & {*bound.operand}
        elif isinstance(bound.operand, int) and bound.op in ("ge", "gt"):
            least = bound.operand + (bound.op == "gt")
            low = least if low is None else max(low, least)
        elif isinstance(bound.operand, int):
            most = bound.operand - (bound.op == "lt")
            high = most if high is None else min(high, most)
    if left is None:
        return low is not None and high is not None and low > high
    left -= {v for b in test.bounds if b.op == "not_in" and isinstance(b.operand, tuple) for v in b.operand}
    return not any(_within(value, low, high) for value in left)


def _within(value: Code, low: int | None, high: int | None) -> bool:
    return isinstance(value, str) or ((low is None or low <= value) and (high is None or value <= high))
