"""Thousands of faulty rule bases: `tests/fuzz.py` on a copy of the shipped rules, an alarm of ten seconds for each.

    python bench/fuzz.py --tries 3000 [--base rules] [--first 0] [--jobs 2]

Prints how many still load, which codes came how often, the slowest, and every try that broke or hung (then exit 1).
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import fuzz  # noqa: E402

import kb.folder  # noqa: E402
from kb.problem import Problems  # noqa: E402
from kb.source import Node  # noqa: E402

LIMIT = 10


class Hung(BaseException):
    """Ten seconds are over; no `except Exception` on the way may take it for a fault of its own."""


def _ring(number: int, frame: FrameType | None) -> NoReturn:
    raise Hung


def _remembering() -> None:
    """Files without a slip are the same in every try: what was read of them without a fault is kept."""
    read, kept = kb.folder.read_file, {}

    def again(path: Path, shown: str, problems: Problems) -> Node | None:
        try:
            key = (shown, path.read_bytes())
        except OSError:
            return read(path, shown, problems)
        if key in kept:
            return kept[key]
        before = len(problems.found)
        node = read(path, shown, problems)
        if len(problems.found) == before and len(kept) < 1000:
            kept[key] = node
        return node

    kb.folder.read_file = again


def _some(task: tuple[str, int, int]) -> list[tuple[fuzz.Try, float]]:
    """A range of seeds on a copy of its own, each with the processor seconds it took."""
    base, first, last = task
    signal.signal(signal.SIGVTALRM, _ring)
    found = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "base"

        def copy() -> None:
            shutil.rmtree(folder, ignore_errors=True)
            # Rule bases inside it are no part of it, and finding them again costs time.
            shutil.copytree(base, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "examination"))

        copy()
        for seed in range(first, last):
            start = time.process_time()
            # Seconds of this process, so that a busy machine hangs nothing.
            signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
            try:
                one = fuzz.attempt(folder, seed)
            except Hung:
                one = fuzz.Try(seed, (), False, (), f"still at it after {LIMIT} s")
                copy()
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            found.append((one, time.process_time() - start))
    return found


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--tries", type=int, default=3000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--base", default=str(ROOT / "rules"))
    options.add_argument("--jobs", type=int, default=2)
    given = options.parse_args()
    last = given.first + given.tries
    tasks = [(given.base, n, min(n + 25, last)) for n in range(given.first, last, 25)]
    counts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    slowest = (0.0, 0)
    with Pool(given.jobs, _remembering) as pool:
        for part in pool.imap_unordered(_some, tasks):
            for one, seconds in part:
                counts["wrong" if one.wrong else "loads" if one.loads else "refused"] += 1
                codes.update(one.codes)
                slowest = max(slowest, (seconds, one.seed))
                if one.wrong:
                    print(f"seed {one.seed} ({', '.join(one.slips)}): {one.wrong}", flush=True)
            done = sum(counts.values())
            if done % 250 < 25:
                print(f"{done} of {given.tries}", file=sys.stderr, flush=True)
    print(f"{sum(counts.values())} faulty rule bases: {dict(sorted(counts.items()))}")
    print(f"the slowest took {slowest[0]:.1f} s of the processor (seed {slowest[1]})")
    print("codes: " + ", ".join(f"{code} {count}" for code, count in codes.most_common()))
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
