"""Dimensions: groups of factors that get a verdict of their own beside the class."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kb.problem import Mark, Problems
from kb.source import Node
from kb.text import Fields, Keys, Text
from kb.values import BadValue, read_decimal

DIMENSION = Keys(("dimension", "label", "says", "levels"))
LEVEL = Keys(("value", "label"), ("above",))


class Level(NamedTuple):
    """A level of a dimension: reached above `above`, a number from -1 to below 1; None for the lowest."""

    value: str
    label: Text
    above: Fraction | None


class Dimension(NamedTuple):
    """A group of factors with a verdict of its own; `levels` from the highest down."""

    id: str
    label: Text
    says: Text
    levels: tuple[Level, ...]
    mark: Mark


def read_dimension(node: Node, problems: Problems) -> Dimension | None:
    """One entry of dimensions.yaml: levels from the highest down, each above a number, the last without one."""
    fields = Fields(node, "a dimension", problems, *DIMENSION)
    name = fields.identifier("dimension")
    before = problems.error_count
    levels = [level for item in fields.items("levels") if (level := _level(item, problems)) is not None]
    if not name or not levels or problems.error_count > before:
        return None
    bounds = [level.above for level in levels]
    falling = all(a is not None and b is not None and a > b for a, b in pairwise(bounds[:-1]))
    if len(levels) < 2 or bounds[-1] is not None or None in bounds[:-1] or not falling:
        fault = "the levels do not run from the highest down to one without 'above'."
        problems.error(
            "KB424", fields.at("levels"), fault, "Give each a smaller 'above' than the one before, the last none."
        )
        return None
    if len({level.value for level in levels}) != len(levels):
        problems.error("KB203", fields.at("levels"), "two levels have the same value.", "Give each its own word.")
        return None
    return Dimension(name, fields.text("label"), fields.text("says"), tuple(levels), fields.at("dimension"))


def _level(node: Node, problems: Problems) -> Level | None:
    fields = Fields(node, "a level", problems, *LEVEL)
    value, label = fields.identifier("value"), fields.text("label")
    above: Fraction | None = None
    if "above" in fields:
        try:
            above = read_decimal(fields.word("above"))
        except BadValue as bad:
            problems.error(bad.code, fields.at("above"), bad.message, bad.remedy)
            return None
        if not -1 <= above < 1:
            problems.error("KB302", fields.at("above"), "'above' is not from -1 to below 1.", "Write 0.2 or so.")
            return None
    return Level(value, label, above) if value else None
