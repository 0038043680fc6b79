"""The meaning of a condition: Kleene's strong three-valued logic over what is known. True, False, or None for unknown.

This module is the definition; every other executor is held equal to it. Its code is plain on purpose.
Source: S. C. Kleene, Introduction to Metamathematics (1952), §64.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.condition import All, Condition, Not, Test
from kb.values import Code

NAME = "reference"
Truth = bool | None


def holds(condition: Condition, values: Mapping[str, Code]) -> Truth:
    """Truth of a resolved condition. `values` has the code of each known term; what it lacks is unknown."""
    if isinstance(condition, Test):
        value = values.get(condition.term)
        return None if value is None else passes(condition, value)
    if isinstance(condition, Not):
        part = holds(condition.part, values)
        return None if part is None else not part
    decisive = not isinstance(condition, All)
    unknown = False
    for member in condition.parts:
        truth = holds(member, values)
        if truth is decisive:
            return decisive
        unknown = unknown or truth is None
    return None if unknown else not decisive


def passes(test: Test, value: Code) -> bool:
    """Whether a known value passes every bound of a test."""
    for _, op, operand, _ in test.bounds:
        if op == "in":
            passed = value in operand  # type: ignore[operator]
        elif op == "not_in":
            passed = value not in operand  # type: ignore[operator]
        elif op == "ge":
            passed = value >= operand  # type: ignore[operator]
        elif op == "le":
            passed = value <= operand  # type: ignore[operator]
        elif op == "gt":
            passed = value > operand  # type: ignore[operator]
        else:
            passed = value < operand  # type: ignore[operator]
        if not passed:
            return False
    return True


def readings(condition: Condition, values: Mapping[str, Code], wanted: Truth) -> tuple[tuple[Test, bool], ...]:
    """The tests that make a condition come out as `wanted`, each with whether it is read plainly or denied.

    True of `all` needs every part, true of `any` every true part: together these are the terms of all true
    alternatives. False is the mirror image. Unknown: every test whose term is unknown and still matters.
    """
    found = _readings(condition, values, wanted, True)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _readings(condition: Condition, values: Mapping[str, Code], wanted: Truth, plain: bool) -> list[tuple[Test, bool]]:
    if isinstance(condition, Test):
        return [(condition, plain)]
    if isinstance(condition, Not):
        return _readings(condition.part, values, None if wanted is None else not wanted, not plain)
    # True of `all` and false of `any` need every part, so that none has to be asked again.
    every = wanted is isinstance(condition, All)
    return [
        reading
        for part in condition.parts
        if every or holds(part, values) is wanted
        for reading in _readings(part, values, wanted, plain)
    ]


def support(condition: Condition, values: Mapping[str, Code]) -> dict[str, Code]:
    """Terms and values that make a true condition true: the matched values of its firing."""
    if isinstance(condition, Test):
        return {condition.term: values[condition.term]}
    return {test.term: values[test.term] for test, _ in _readings(condition, values, True, True)}


def fire(rules: Mapping[str, Condition], values: Mapping[str, Code]) -> dict[str, Truth]:
    """Truth of every rule of a stage, by id."""
    return {name: holds(condition, values) for name, condition in rules.items()}
