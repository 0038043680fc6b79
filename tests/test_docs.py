"""Documents that cannot lag: the command reference, README's commands, every command with an example."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import main

ROOT = Path(__file__).resolve().parent.parent


def test_generated_pages_are_what_their_sources_say() -> None:
    generate = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    assert generate["PAGES"]
    for name, write in generate["PAGES"].items():
        assert (ROOT / name).read_text(encoding="utf-8") == write(), name


def leaves(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        return [leaf for name, sub in command.commands.items() for leaf in leaves(sub, f"{path} {name}")]
    return [(path, command)]


@pytest.mark.parametrize(("path", "command"), leaves(main, "mitra"), ids=lambda value: str(value))
def test_every_command_has_an_example(path: str, command: click.Command) -> None:
    assert "Example:" in (command.help or ""), path
    assert f"{path} " in (command.help or "") or path.endswith("show"), path


def readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    return [line for block in blocks for line in block.splitlines() if line.startswith("mitra ")]


@pytest.mark.parametrize("line", readme_commands())
def test_commands_of_the_readme_run(line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = shlex.split(line.split("#")[0])[1:]
    for name in ("samples", "rules"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output


def test_the_readme_has_commands() -> None:
    assert len(readme_commands()) >= 5
