"""The law of the day: sources with their time in force, and dated parameters."""

from __future__ import annotations

import datetime
from typing import NamedTuple, TypeVar

from kb.problem import Mark, Problems
from kb.source import Mapping, Node
from kb.text import NO_TEXT, Fields, Keys, Placed, Text, identifier
from kb.values import BadValue, read_date

CHECKED = ("text", "report", "memory", "assumption")
SOURCE = Keys(("source", "title", "checked"), ("from", "until", "note"))
PARAMETER = Keys(("parameter", "label", "values"), ("unit",))
DATED = Keys(("value", "source"), ("from", "until"))
PERIOD = Keys((), ("from", "until"))
V = TypeVar("V")


class Period(NamedTuple):
    """Days from `start` to `end`, both inclusive; None is open."""

    start: datetime.date | None = None
    end: datetime.date | None = None

    def holds(self, day: datetime.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS_IN_FORCE = Period()


class Source(NamedTuple):
    """Where a rule comes from. `checked` says how its text is known: read, reported, remembered or assumed."""

    id: str
    title: Text
    period: Period
    checked: str
    mark: Mark
    note: Text = NO_TEXT


class Dated(NamedTuple):
    """One value of a parameter; typed where it is used, because the term it bounds gives the type."""

    period: Period
    value: Node
    source: str


class Parameter(NamedTuple):
    id: str
    label: Text
    unit: str
    values: tuple[Dated, ...]
    mark: Mark

    def on(self, day: datetime.date) -> Dated | None:
        return next((value for value in self.values if value.period.holds(day)), None)


def value_on(values: tuple[tuple[datetime.date | None, datetime.date | None, V], ...], day: datetime.date) -> V | None:
    """The value whose period (start, end, value) holds the day; None when there is none."""
    for start, end, value in values:
        if (start is None or start <= day) and (end is None or day <= end):
            return value
    return None


def read_day(node: Node, problems: Problems) -> datetime.date | None:
    fields_text = getattr(node, "text", None)
    if fields_text is None:
        problems.error("KB305", node.mark, "a date is expected here.", "Write it as YYYY-MM-DD.")
        return None
    try:
        return read_date(fields_text.strip())
    except BadValue as bad:
        problems.error(bad.code, node.mark, bad.message, bad.remedy)
        return None


def read_period(fields: Fields, problems: Problems) -> Period:
    """`from` and `until` of a mapping already checked for its keys."""
    start_node, end_node = fields.node("from"), fields.node("until")
    start = read_day(start_node, problems) if start_node is not None else None
    end = read_day(end_node, problems) if end_node is not None else None
    if start and end and end < start:
        problems.error("KB306", fields.at("until"), "the period ends before it begins.", "Swap or correct the dates.")
    return Period(start, end)


def read_in_force(fields: Fields, problems: Problems) -> Period:
    """The optional `in_force: {from, until}` of a rule."""
    node = fields.node("in_force")
    if node is None:
        return ALWAYS_IN_FORCE
    return read_period(Fields(node, "'in_force'", problems, *PERIOD), problems)


def read_law_entry(node: Node, problems: Problems) -> Source | Parameter | None:
    """One entry of a law file: a source or a parameter."""
    if isinstance(node, Mapping) and node.get("parameter") is not None:
        return _parameter(node, problems)
    before = problems.error_count
    fields = Fields(node, "a source", problems, *SOURCE)
    if not fields.usable or "source" not in fields:
        return None
    source = Source(
        identifier(fields.nodes["source"], problems, loose=True),
        fields.text("title"),
        read_period(fields, problems),
        fields.one_of("checked", CHECKED, "assumption"),
        fields.at("source"),
        fields.text("note"),
    )
    if problems.error_count > before:
        # It is there to be cited, but what rests on it cannot be told.
        problems.unusable.add(source.id)
    return source


def _parameter(node: Node, problems: Problems) -> Parameter | None:
    before = problems.error_count
    fields = Fields(node, "a parameter", problems, *PARAMETER)
    values: list[Dated] = []
    for item in fields.items("values"):
        entry = Fields(item, "a value of the parameter", problems, *DATED)
        dated = problems.error_count
        period = read_period(entry, problems)
        if problems.error_count == dated and "value" in entry and "source" in entry:
            values.append(Dated(period, entry.nodes["value"], Placed(entry.word("source"), entry.at("source"))))
    for index, one in enumerate(values):
        for other in values[index + 1 :]:
            if _overlap(one.period, other.period):
                problems.error(
                    "KB307", other.value.mark, "this period overlaps an earlier one.", "End one the day before."
                )
    if not fields.usable or "parameter" not in fields:
        return None
    name = identifier(fields.nodes["parameter"], problems, loose=True)
    if problems.error_count > before:
        problems.unusable.add(name)
    return Parameter(name, fields.text("label"), fields.word("unit"), tuple(values), fields.at("parameter"))


def _overlap(one: Period, other: Period) -> bool:
    first = one.start is None or other.end is None or one.start <= other.end
    second = other.start is None or one.end is None or other.start <= one.end
    return first and second
