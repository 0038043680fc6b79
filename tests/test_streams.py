"""The edges of a run of the command: what is piped in, where the answer goes, and names that are no text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb.source import MAX_BYTES

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "genteng_kebumen.yaml"


def run(*args: str | bytes | Path, **extra: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, ROOT / "cli.py", *args]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, check=False, **extra)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("args", [("--help",), ("assess", SAMPLE), ("show", "facts")])
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_an_answer_that_cannot_be_written(args: tuple[str | Path, ...]) -> None:
    with open("/dev/full", "wb") as full:
        done = run(*args, stdout=full)
    assert (done.returncode, done.stderr) == (6, b"The answer could not be written: No space left on device.\n")


def test_a_reader_that_goes_early_needs_no_message() -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as gone:
        done = run("show", "facts", stdout=gone)
    assert done.stderr == b""
    assert done.returncode in (1, 6)


@pytest.mark.parametrize("command", ["assess", "matrix"])
def test_standard_input_that_is_closed(command: str) -> None:
    done = run(command, "-", stdout=subprocess.PIPE, preexec_fn=lambda: os.close(0))
    assert done.returncode == 2
    assert done.stderr.endswith(b"Error: There is no standard input. Name a file.\n")


@pytest.mark.parametrize("command", ["assess", "matrix"])
def test_standard_input_without_end_is_read_to_the_limit_only(command: str) -> None:
    with open("/dev/zero", "rb") as endless:
        done = run(command, "-", stdin=endless, stdout=subprocess.PIPE)
    assert done.returncode == 4
    told = f"<stdin>:1:1: KB103 '<stdin>' is larger than {MAX_BYTES // 1024 // 1024} MiB."
    assert done.stderr.decode().startswith(told)


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("assess", b"\xff.yaml"), 4, "KB101 '\\udcff.yaml' cannot be read: No such file or directory."),
        (("assess", SAMPLE, "--partner", b"\xff"), 4, "KB101 '\\udcff' cannot be read: No such file or directory."),
        (("assess", SAMPLE, "--partner", ""), 4, "KB101 '.' is a folder, not a file."),
        (("assess", SAMPLE, "--kb", b"\xff"), 3, "KB101 '\\udcff' is not a folder."),
        (("why", SAMPLE, b"\xff"), 2, "'\\udcff' is not a conclusion."),
        (("show", b"\xff"), 2, "'\\udcff' is nothing in this rule base."),
    ],
)
def test_a_name_that_is_no_text(args: tuple[str | bytes | Path, ...], code: int, told: str) -> None:
    done = run(*args, stdout=subprocess.PIPE)
    assert done.returncode == code
    assert told in done.stderr.decode()
