"""docs/writing-rules.md from top to bottom: every file written, every edit made, every command run, in order."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import kb
from cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "writing-rules.md"
# Commands that the page tells of and the program does not have yet; each is run as soon as it is there.
PENDING: tuple[str, ...] = ()


def steps() -> list[tuple[str, str]]:
    """The fenced blocks of the page in order: language and content."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.S | re.M)


def command(line: str) -> tuple[list[str], int]:
    """The words of a line and the exit code that it announces."""
    told = re.search(r"# exit (\d)", line)
    return shlex.split(line.split(" #")[0]), int(told[1]) if told else 0


def write(block: str) -> None:
    """A whole file: its name stands in the first line."""
    first, text = block.split("\n", 1)
    path = Path(first.removeprefix("# "))
    assert path.parent.is_dir(), path
    path.write_text(text, encoding="utf-8")


def edit(block: str) -> None:
    """Lines that go (-) and come (+) between those that stay; together they are found once."""
    first, *lines = block.rstrip("\n").split("\n")
    path = Path(first.removeprefix("--- "))
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path}: {old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.once
def test_the_page_works_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MITRA_KB", raising=False)
    monkeypatch.setenv("MITRA_CACHE", str(tmp_path / "cache"))
    shutil.copy(ROOT / "samples" / "bengkel_cor.yaml", "firm.yaml")
    shutil.copytree(ROOT / "samples" / "partners", "partners")
    said = ""
    ran: list[str] = []
    for language, block in steps():
        if language == "sh":
            for line in block.splitlines():
                words, code = command(line)
                assert words[0] == "mitra"
                if words[1] in PENDING and words[1] not in main.commands:
                    continue
                result = CliRunner().invoke(main, words[1:])
                assert result.exit_code == code, f"{line}\n{result.output}"
                said = result.output
                ran.append(words[1])
        elif language == "text":
            # What the command before it says.
            assert all(line in said for line in block.splitlines()), said
        elif language == "diff":
            edit(block)
        else:
            write(block)
    assert {"init", "check", "show", "schema", "new", "test", "prove", "assess"} <= set(ran)
    knowledge, problems = kb.examine(Path("my-rules"))
    assert knowledge is not None
    assert list(problems) == []
    assert knowledge.manifest.version != kb.load(Path("released")).manifest.version


def test_the_page_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`mitra ([a-z-]+)|^mitra ([a-z-]+)", PAGE.read_text(encoding="utf-8"), re.M))
    assert {one or other for one, other in named} <= {*main.commands, *PENDING}
