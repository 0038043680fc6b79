"""Proofs about a whole rule base: what no example firm can show by itself, shown for every firm on every day.

`prove` asks, for each stretch of days between which nothing changes, whether rules can hold, whether others leave them
anything to do, whether findings of a factor meet, whether every class and pattern can be had, and whether every
invariant holds; where one does not, a firm that shows it comes with the fault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.prove import claims, covered, factors, holding, offered, outcomes
from engine.prove.asking import Asking
from engine.prove.firms import Memory
from engine.prove.report import Report, Unshown
from kb.model import Knowledge
from kb.problem import Problem

__all__ = ["Memory", "Proof", "Unshown", "prove"]

NOTHING = Memory()
_STEPS = (holding, offered, covered, factors, outcomes, claims)


class Proof(NamedTuple):
    """What was found, accepted doubts apart; how much was asked, and of the solver; what to remember as proved."""

    problems: tuple[Problem, ...]
    accepted: tuple[Problem, ...]
    questions: int
    solver_calls: int
    memory: Memory


def prove(
    knowledge: Knowledge,
    left: Callable[[], float] = lambda: 60.0,
    memory: Memory = NOTHING,
    tell: Callable[[str], None] = lambda _: None,
) -> Proof:
    """All questions about a rule base. `left` gives the seconds that remain, `memory` what an earlier proof found out.

    A question for which no time is left, or that the solver cannot settle, becomes a problem of severity `open`. Raises
    Unshown when an example does not show its fault, which would be a defect of this program.
    """
    asking = Asking(knowledge, left, memory)
    report = Report(asking, tell)
    for step in _STEPS:
        tell(step.__name__.rsplit(".", 1)[-1])
        step.check(report)
    found = report.problems
    settled = all(problem.severity != "open" for problem in found)
    for one in knowledge.manifest.accepted:
        if not found.accept(one.code, one.about, one.words) and one.code.startswith("PR") and settled:
            fault = f"there is no doubt {one.code} about '{one.about}' to be accepted."
            found.doubt("KB514", one.mark, fault, "Remove the entry, or correct its code, name or words.")
    return Proof(
        tuple(found),
        tuple(found.accepted),
        report.questions,
        asking.solver_calls,
        asking.learnt(frozenset(report.clean)),
    )
