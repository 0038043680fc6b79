"""Questions to the solver about firms of two rule bases, within the time that is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.diff.merged import Merged
from engine.solve import Sum, Unsolved, extremes, find, find_each
from kb.complete import base_facts
from kb.condition import All, Condition, terms_of
from kb.values import Code

# What no other question should have to wait for.
_LIMIT_MS = 10_000


class Asking:
    """`left` tells the seconds that remain; `calls` counts the questions that the solver was asked."""

    def __init__(self, left: Callable[[], float]) -> None:
        self.left = left
        self.calls = 0
        self._limits: dict[object, tuple[int, int]] = {}

    def find(self, when: Condition, merged: Merged, sums: Sequence[Sum] = ()) -> dict[str, Code] | None:
        """Facts of a firm that meets a condition, and the sums; None where there is none. Raises Unsolved."""
        self.calls += 1
        return find(All((merged.ties, when)), merged.steps, merged.facts, sums=sums, limit_ms=self._time())

    def each(self, when: Condition, merged: Merged, again: Callable[[dict[str, Code]], Condition | None]) -> bool:
        """Firms that meet a condition one after another (see `engine.solve.find_each`). Raises Unsolved."""
        self.calls += 1
        return find_each(All((merged.ties, when)), merged.steps, merged.facts, again, self._time())

    def extremes(self, parts: Sequence[tuple[Condition, int]], merged: Merged) -> tuple[int, int]:
        """Least and greatest sum; where facts are tied to one another the truth may lie within. Raises Unsolved."""
        terms = dict.fromkeys(term for when, _ in parts for term in terms_of(when))
        unknown = tuple(dict.fromkeys(base for term in terms for base in base_facts(term, merged.facts)))
        # Ages are as of the day; the same parts on another day are another question.
        key = (tuple(parts), merged.old.as_of)
        if key not in self._limits:
            self._time()
            self.calls += 1
            self._limits[key] = extremes(parts, merged.steps, {}, unknown, merged.facts)
        return self._limits[key]

    def _time(self) -> int:
        left = int(self.left() * 1000)
        if left <= 0:
            raise Unsolved("no time was left for it")
        return min(left, _LIMIT_MS)
