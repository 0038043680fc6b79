"""Questions to z3 about firms: bounds where unknown facts meet in arithmetic, and firms that meet a condition.

The only place that imports z3. Answers are exact: see `engine.world` for how a firm becomes formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from engine.derive import Step
from engine.locks import library_lock
from engine.world import World
from kb.complete import base_facts
from kb.condition import Condition, terms_of
from kb.values import Code
from kb.vocabulary import Fact

# A solver that is not done by then has met something this encoding does not foresee; better to say so than to hang.
_LIMIT_MS = 30_000
P = ParamSpec("P")
R = TypeVar("R")
_lock = library_lock()


class Unsolved(Exception):
    """The solver gave no answer."""


class Sum(NamedTuple):
    """Σ amount over the conditions that hold, wanted within `low` and `high`, each included; None is open."""

    parts: tuple[tuple[Condition, int], ...]
    low: int | None
    high: int | None


def _one_at_a_time(work: Callable[P, R]) -> Callable[P, R]:
    """z3 has one context for the process and no lock of its own: what one thread makes and frees, no other may meet."""

    @wraps(work)
    def locked(*args: P.args, **named: P.kwargs) -> R:
        with _lock:
            try:
                return work(*args, **named)
            except Unsolved as fault:
                failure = str(fault)
        # Raised anew, because the first traceback would keep the solver's objects alive beyond the lock.
        raise Unsolved(failure)

    return locked


@_one_at_a_time
def extremes(
    parts: Sequence[tuple[Condition, int]],
    steps: tuple[Step, ...],
    known: Mapping[str, Code],
    unknown: Sequence[str],
    facts: Mapping[str, Fact],
) -> tuple[int, int]:
    """Least and greatest Σ amount over conditions that hold, over all values of the unknown facts. Raises Unsolved."""
    import z3

    world = World(z3, steps, known, unknown, facts)
    total = z3.Sum([z3.If(world.truth(condition), amount, 0) for condition, amount in parts])
    return _best(z3, world, total, -1), _best(z3, world, total, 1)


def _best(z3: Any, world: World, total: Any, direction: int) -> int:
    """Climb: ask for something better until there is nothing better. Sums are whole, so this ends, and is exact."""
    solver = z3.Solver()
    solver.set("timeout", _LIMIT_MS)
    solver.add(*world.limits)
    best: int | None = None
    while True:
        answer = solver.check()
        if answer == z3.unsat and best is not None:
            return best
        if answer != z3.sat:
            raise Unsolved(f"the solver could not bound the margins ({answer}); no decision is issued")
        best = solver.model().eval(total, model_completion=True).as_long()
        solver.add(total > best if direction > 0 else total < best)


@_one_at_a_time
def find(
    condition: Condition,
    steps: tuple[Step, ...],
    facts: Mapping[str, Fact],
    known: Mapping[str, Code] | None = None,
    sums: Sequence[Sum] = (),
    limit_ms: int = _LIMIT_MS,
) -> dict[str, Code] | None:
    """Base facts of a firm for which a condition on facts holds and every sum keeps its bounds; None where none is.

    Facts that nothing reads are left out; `known` ones keep their value and are part of the answer. Raises Unsolved
    when the solver does not know within `limit_ms`.
    """
    import z3

    settled = dict(known or {})
    conditions = (condition, *(part for wanted in sums for part, _ in wanted.parts))
    terms = dict.fromkeys(term for one in conditions for term in terms_of(one))
    unknown = dict.fromkeys(base for term in terms for base in base_facts(term, facts) if base not in settled)
    world = World(z3, steps, settled, tuple(unknown), facts)
    # Small questions, the most of them, are answered sooner without the general solver's preparations.
    solver = z3.Solver() if sums else z3.SimpleSolver()
    solver.set("timeout", limit_ms)
    solver.add(world.truth(condition))
    for wanted in sums:
        total = z3.Sum([z3.If(world.truth(part), amount, 0) for part, amount in wanted.parts])
        solver.add(*([total >= wanted.low] if wanted.low is not None else ()))
        solver.add(*([total <= wanted.high] if wanted.high is not None else ()))
    # Last, because texts are numbered as conditions mention them.
    solver.add(*world.limits)
    answer = solver.check()
    if answer == z3.unsat:
        return None
    if answer != z3.sat:
        raise Unsolved(f"the solver did not find out in {limit_ms / 1000:g} s whether a firm is there ({answer})")
    model = solver.model()
    return settled | {name: world.value(name, model) for name in unknown}


@_one_at_a_time
def find_each(
    condition: Condition,
    steps: tuple[Step, ...],
    facts: Mapping[str, Fact],
    again: Callable[[dict[str, Code]], Condition | None],
    limit_ms: int = _LIMIT_MS,
) -> bool:
    """Firms for which a condition holds, one after another. `again` is given each and says what the next must meet
    besides, on facts that the condition reads; None ends it.

    Returns whether there is none left. Raises Unsolved when the solver does not know the next within `limit_ms`.
    """
    import z3

    unknown = dict.fromkeys(base for term in terms_of(condition) for base in base_facts(term, facts))
    world = World(z3, steps, {}, tuple(unknown), facts)
    solver = z3.Solver()
    solver.set("timeout", limit_ms)
    solver.add(world.truth(condition), *world.limits)
    while True:
        answer = solver.check()
        if answer == z3.unsat:
            return True
        if answer != z3.sat:
            raise Unsolved(f"the solver did not find out in {limit_ms / 1000:g} s whether a firm is there ({answer})")
        model = solver.model()
        besides = again({name: world.value(name, model) for name in unknown})
        if besides is None:
            return False
        solver.add(world.truth(besides))
