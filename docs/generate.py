"""Write docs/cli.md from the commands' own help; with --check, say whether it is up to date instead."""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cli import main as cli  # noqa: E402


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


def main() -> int:
    target, text = ROOT / "docs" / "cli.md", page()
    if "--check" in sys.argv:
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            print("docs/cli.md is not what the commands say: run make docs", file=sys.stderr)
            return 1
        return 0
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
