"""Write the generated pages, docs/cli.md and rules/INDEX.md; with --check, say whether they are up to date instead."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from tabulate import tabulate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402
from cli import main as cli  # noqa: E402
from kb.text import Text  # noqa: E402


def page() -> str:
    """The whole reference: the program, then each command with its help as printed."""
    lines = ["# Command reference", "", "Written by `make docs` from each command's `--help`.", ""]
    for path, command in _commands("mitra", cli):
        context = click.Context(command, info_name=path, terminal_width=100, **cli.context_settings)
        lines += [f"## {path}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines)


def _commands(path: str, command: click.Command) -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            found += _commands(f"{path} {name}", command.commands[name])
    return found


def index() -> str:
    """Everything in the shipped rule base by name, in both languages, with the file it stands in."""
    base = kb.load(kb.shipped(), "rules")
    sections = [
        _section("Kelas | Classes", ("kelas", "x", "y", "strategi"), base.table.classes, _class),
        _section("Pola | Patterns", ("pola", "berlaku sejak"), base.patterns.values(), _pattern),
        _section("Faktor | Factors", ("faktor", "sumbu", "bobot", "temuan"), base.factors.values(), _factor),
        _section("Istilah kelayakan | Eligibility terms", ("istilah",), base.eligibility.values(), _plain),
        _section("Prinsip | Principles", ("prinsip",), base.principles.values(), _plain),
        _section("Tindakan | Actions", ("tindakan", "langkah", "bidang"), base.actions.values(), _action),
        _section("Parameter menurut tanggal | Dated parameters", ("parameter",), base.parameters.values(), _plain),
        _section("Sumber | Sources", ("sumber", "diketahui", "sejak", "sampai"), base.sources.values(), _source),
        _section("Fakta | Facts", ("fakta", "jenis"), base.facts.values(), _fact),
    ]
    head = (
        "# Daftar isi aturan | Index of the rules\n\n"
        "Ditulis oleh `make docs`; jangan disunting. Written by `make docs`; not to be edited.\n"
    )
    return "\n".join([head, *sections])


def _section(title: str, columns: tuple[str, ...], entries: Iterable[object], row: Callable[..., list[object]]) -> str:
    rows = [row(entry) for entry in entries]
    table = tabulate(
        rows, [*columns[:1], "Indonesia", "English", *columns[1:], "berkas"], "github", disable_numparse=True
    )
    return f"## {title} ({len(rows)})\n\n{table}\n"


def _named(entry: object, label: Text, *more: object) -> list[object]:
    file = str(entry.mark.file).removeprefix("rules/")
    return [f"`{entry.id}`", label.id, label.en, *more, f"[{file}]({file})"]


def _plain(entry: object) -> list[object]:
    return _named(entry, entry.label)


def _class(one: kb.model.Class) -> list[object]:
    signs = ("+" if sign else "−" for sign in (one.x_positive, one.y_positive))
    return _named(one, one.label, *signs, one.strategy)


def _pattern(one: kb.model.Pattern) -> list[object]:
    return _named(one, one.label, one.period.start or "")


def _factor(one: kb.model.Factor) -> list[object]:
    return _named(one, one.label, one.axis, one.weight, len(one.findings))


def _action(one: kb.model.Action) -> list[object]:
    return _named(one, one.label, one.step, one.field)


def _source(one: kb.law.Source) -> list[object]:
    return _named(one, one.title, one.checked, one.period.start or "", one.period.end or "")


def _fact(one: kb.vocabulary.Fact) -> list[object]:
    return _named(one, one.label, one.domain.type)


PAGES = {"docs/cli.md": page, "rules/INDEX.md": index}


def main() -> int:
    stale = 0
    for name, write in PAGES.items():
        target, text = ROOT / name, write()
        if "--check" not in sys.argv:
            target.write_text(text, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != text:
            print(f"{name} is not what its source says: run make docs", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
