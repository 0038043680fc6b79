"""Whether the decision of an example firm shows the fault that was planted."""

from __future__ import annotations

import re
from fractions import Fraction

from plant import Shows, decided

import kb
from engine.decide import Engine
from engine.decision import Decision

_BETTER = re.compile(r"'(\w+)' getting better, from (.+?) to (.+?), lowers the (\w+) margin")
_OPEN = ("recommended", "possible")


def all_fire(*rules: str) -> Shows:
    """All of the rules hold for the firm."""
    return lambda _, decision, __: all(decision.trace.get(rule) is True for rule in rules)


def none_fires(*rules: str) -> Shows:
    return lambda _, decision, __: all(decision.trace.get(rule) is not True for rule in rules)


def fires_beside(rule: str, *others: str) -> Shows:
    """The rule holds, and so does one of the others, which makes it needless."""
    return lambda _, decision, __: (
        decision.trace.get(rule) is True and any(decision.trace.get(other) is True for other in others)
    )


def taken_before(term: str, entry: str, *earlier: str) -> Shows:
    """The entry's condition holds, and the term gets its value from one before it."""

    def shows(_: Engine, decision: Decision, __: kb.Problem) -> bool:
        verdict = next(one for one in decision.eligibility if one.term == term)
        return decision.trace.get(entry) is True and verdict.rule in earlier

    return shows


def in_no_class(*classes: str) -> Shows:
    return lambda _, decision, __: not {*decision.verdict.possible} & {*classes}


def closed(pattern: str) -> Shows:
    return lambda _, decision, __: decision.pattern(pattern).status not in _OPEN


def outranked(pattern: str) -> Shows:
    """The pattern is open to the firm, and another is recommended."""
    return lambda _, decision, __: (
        decision.pattern(pattern).status == "possible" and pattern not in decision.recommended != ()
    )


def recommends(*patterns: str) -> Shows:
    return lambda _, decision, __: bool({*decision.recommended} & {*patterns})


def offers(action: str) -> Shows:
    return lambda _, decision, __: action in {one.action for one in decision.programme}


def met_and_not_told(rule: str) -> Shows:
    """The rule holds, and its action is not offered, its advice not given."""

    def shows(_: Engine, decision: Decision, __: kb.Problem) -> bool:
        told = {one.action for one in decision.programme} | {one.caution for one in decision.preparations}
        return decision.trace.get(rule) is True and rule not in told

    return shows


def recommends_nothing(_: Engine, decision: Decision, __: kb.Problem) -> bool:
    return not decision.recommended


def exactly(term: str, value: Fraction, *rules: str) -> Shows:
    """The term has just this value (in its unit), and none of the rules holds."""

    def shows(engine: Engine, decision: Decision, _: kb.Problem) -> bool:
        step = engine.program.knowledge.facts[term].domain.step
        code = Fraction(decision.values[term])
        return code * (step if step is not None else 1) == value and none_fires(*rules)(engine, decision, _)

    return shows


def worse_when_better(engine: Engine, decision: Decision, problem: kb.Problem) -> bool:
    """The firm with the better value that the message names has a lower margin."""
    said = _BETTER.search(problem.message)
    assert said, problem.message
    assert problem.example is not None
    better = decided({**problem.example, said[1]: said[3]}, engine).scores
    axis = f"margin_{'x' if said[4] == 'internal' else 'y'}"
    return bool(getattr(better, axis) < getattr(decision.scores, axis))
