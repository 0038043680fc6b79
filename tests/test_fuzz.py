"""Faulty rule bases: whatever is slipped into their files, reading ends, says where, and never breaks.

The slips are seeded (`tests/fuzz.py`); each range runs in a process of its own, so that a hang is a failure with a
seed. `bench/fuzz.py` goes on for thousands, on the shipped rules.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import fuzz
import pytest

TINY = Path(__file__).parent / "tiny"
# Far more than any takes: it only ends what hangs.
GUARD = 400


@pytest.mark.once
@pytest.mark.parametrize("first", [0, 150, 300])
def test_no_slip_breaks_the_reading(first: int) -> None:
    command = [sys.executable, fuzz.__file__, str(TINY), str(first), str(first + 150)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=GUARD, check=False, cwd=TINY.parent.parent
        )
    except subprocess.TimeoutExpired as hung:
        tried = (hung.stdout or b"").decode("utf-8", "replace").split("trying ")[-1]
        pytest.fail(f"hangs: trying {tried}")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("wrong ")]
    assert not wrong, "\n".join(wrong)
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"done {150} " in done.stdout


def test_the_slips_are_of_every_kind_and_put_back(tmp_path: Path) -> None:
    """The slips leave some rule bases whole, spoil others with many codes, and touch nothing for good."""
    folder = tmp_path / "base"
    shutil.copytree(TINY, folder)
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    tried = [fuzz.attempt(folder, seed) for seed in range(5000, 5060)]
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before
    assert {one.loads for one in tried} == {True, False}
    assert len({code for one in tried for code in one.codes}) > 12
    assert [one.wrong for one in tried if one.wrong] == []
    assert tried[0] == fuzz.attempt(folder, 5000)


def test_a_traceback_and_a_problem_in_no_place_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "base"
    shutil.copytree(TINY, folder)

    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("kb.examine", broken)
    assert fuzz.attempt(folder, 1).wrong == "KeyError: 'x'"
    monkeypatch.undo()
    monkeypatch.setattr("fuzz._located", lambda *_: False)
    assert any("in no place" in fuzz.attempt(folder, seed).wrong for seed in range(8))
