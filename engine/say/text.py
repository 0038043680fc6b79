"""A report, or a tree of lines, as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from engine.say.layout import Line, Report, Section

WIDTH = 100


def report_text(report: Report) -> str:
    """Lines of at most 100 characters."""
    lines = [report.title, "=" * min(len(report.title), WIDTH), ""]
    for paragraph in report.lead:
        lines += _wrap(paragraph, "", "")
    for section in report.sections:
        lines += ["", section.title, "-" * len(section.title), *_section(section)]
    lines += ["", *(line for foot in report.foot for line in _wrap(foot, "", ""))]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    lines = [line for paragraph in section.paragraphs for line in _wrap(paragraph, "", "")]
    lines += [line for item in section.items for line in _wrap(item, "- ", "  ")]
    return lines


def _wrap(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False) or [""]


def tree_text(lines: Iterable[Line]) -> str:
    """Paragraphs set apart, items indented by level."""
    found: list[str] = []
    for line in lines:
        if line.level == 0 and found:
            found.append("")
        indent = "  " * line.level
        found += _wrap(line.text, f"{indent}- " if line.level else "", f"{indent}  " if line.level else "")
    return "\n".join(found) + "\n"
