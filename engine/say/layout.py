"""The shape of a report: sections of plain lines that text and Markdown print alike."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    """A heading with paragraphs, then a table, then list items; each may be empty."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Report(NamedTuple):
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
