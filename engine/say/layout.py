"""The shape of what is said: sections of plain lines, or a tree of them, that text and Markdown print alike."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    """A heading with paragraphs, then list items; each may be empty."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class Line(NamedTuple):
    """One line of a tree: level 0 is a paragraph, 1 and on are list items by depth."""

    level: int
    text: str


class Report(NamedTuple):
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
