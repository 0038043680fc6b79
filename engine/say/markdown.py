"""A report, or a tree of lines, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from engine.say.layout import Line, Report, Section


def report_markdown(report: Report) -> str:
    """Headings, paragraphs, tables and lists; text is escaped where Markdown would read it as markup."""
    lines = [f"# {_plain(report.title)}", ""]
    lines += [line for paragraph in report.lead for line in (_plain(paragraph), "")]
    for section in report.sections:
        lines += [f"## {_plain(section.title)}", "", *_section(section)]
    lines += [line for foot in report.foot for line in (f"*{_plain(foot)}*", "")]
    return "\n".join(lines).rstrip() + "\n"


def tree_markdown(lines: Iterable[Line]) -> str:
    """Paragraphs in bold, items as nested lists."""
    found: list[str] = []
    for line in lines:
        if line.level == 0:
            found += [""] if found else []
            found += [f"**{_plain(line.text)}**", ""]
        else:
            found.append(f"{'  ' * (line.level - 1)}- {_plain(line.text)}")
    return "\n".join(found).rstrip() + "\n"


def _section(section: Section) -> list[str]:
    lines = [line for paragraph in section.paragraphs for line in (_plain(paragraph), "")]
    if section.items:
        lines += [*(f"- {_plain(item)}" for item in section.items), ""]
    return lines


def _plain(text: str) -> str:
    for mark in "\\`*_[]<>|#~&":
        text = text.replace(mark, f"\\{mark}")
    return text
