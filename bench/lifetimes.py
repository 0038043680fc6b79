"""Whether anything grows: a thousand reloads of a rule base and a million decisions. Run by `make slow`.

Memory is read when a tenth is done, by which time caches are full, and at the end. Writes docs/lifetimes.md.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import randombase  # noqa: E402
from support import random_knowledge, read  # noqa: E402

import kb  # noqa: E402
from engine.decide import decide, ready  # noqa: E402
from engine.executors import durable  # noqa: E402

TINY = ROOT / "tests" / "tiny"
# What a page or two of the allocator may add after the first tenth.
ALLOWED = 3.0


def megabytes() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def reloads(times: int) -> tuple[float, float]:
    """Load, make ready, decide one firm, drop everything."""
    early = 0.0
    for number in range(1, times + 1):
        knowledge = kb.load(TINY, "tiny")
        dossier = kb.read_dossier_bytes(b"firm: A\nas_of: 2026-06-30\nfacts: {mutu: baik}\n", "firm", knowledge.facts)
        assert dossier.as_of is not None
        decide(ready(knowledge, dossier.as_of), dossier)
        if number == times // 10:
            early = megabytes()
        _told("reloads", number, times)
    return early, megabytes()


def decisions(times: int) -> tuple[float, float]:
    """One random rule base, a thousand random firms over and over."""
    seed = next(s for s in range(1, 1000) if random_knowledge(s) is not None)
    world = random_knowledge(seed)
    assert world is not None
    knowledge, files = world
    random = Random(seed)
    firms = [read(randombase.firm(random, files), knowledge) for _ in range(1000)]
    engines = {firm.as_of: ready(knowledge, firm.as_of) for firm in firms if firm.as_of is not None}
    early = 0.0
    for number in range(1, times + 1):
        firm = firms[number % len(firms)]
        assert firm.as_of is not None
        decide(engines[firm.as_of], firm)
        if number == times // 10:
            early = megabytes()
        _told("decisions", number, times)
    return early, megabytes()


def _told(what: str, number: int, times: int) -> None:
    if number % (times // 10) == 0:
        print(f"{number} of {times} {what}", file=sys.stderr, flush=True)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reloads", type=int, default=1000)
    options.add_argument("--decisions", type=int, default=1_000_000)
    chosen = options.parse_args()
    why_not = durable.available()
    if why_not:
        print(f"durable-rules cannot be used here: {why_not}", file=sys.stderr)
        return 1
    rows = []
    for what, times, run in (("reloads", chosen.reloads, reloads), ("decisions", chosen.decisions, decisions)):
        early, late = run(times)
        rows.append((what, times, early, late, "yes" if late - early > ALLOWED else "no"))
    lines = "\n".join(f"| {n:,} {what} | {early:.1f} | {late:.1f} | {grew} |" for what, n, early, late, grew in rows)
    page = f"""# Lifetimes

Written by `make slow` (`bench/lifetimes.py --reloads {chosen.reloads} --decisions {chosen.decisions}`): memory of the
process in megabytes, on both executors; more than {ALLOWED:.0f} MB beyond the first tenth counts as growth.

| what | after a tenth | at the end | grows |
|---|---|---|---|
{lines}

Threads at the end: {threading.active_count()}.
"""
    (ROOT / "docs" / "lifetimes.md").write_text(page, encoding="utf-8")
    print(page)
    return 1 if any(row[4] == "yes" for row in rows) or threading.active_count() > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
