"""Long proofs of equality on random rule bases and firms; writes docs/proofs.md. Run by `make slow`.

Every firm is decided by durable-rules and the reference together, which compare the truth and the matched values of
every rule of every stage and refuse on any difference. Some firms of each base are also decided by each alone, and the
three answers compared byte by byte.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import randombase  # noqa: E402
from support import as_json, random_knowledge, read, without_executors  # noqa: E402

import kb  # noqa: E402
from engine.decide import Engine, decide, ready  # noqa: E402
from engine.executors import durable  # noqa: E402
from engine.infer import EngineDisagreement  # noqa: E402

Count = Counter[str]


def prove(work: tuple[int, int, int]) -> Count:
    """One seed: its rule base, `firms` firms, the first `thrice` of them three times."""
    seed, firms, thrice = work
    count: Count = Counter()
    world = random_knowledge(seed)
    if world is None:
        return Counter(refused=1)
    knowledge, files = world
    random = Random(seed)
    engines: dict[tuple[object, str], Engine] = {}
    count["bases"] += 1
    for number in range(firms):
        dossier = read(randombase.firm(random, files), knowledge)
        count["firms"] += 1
        try:
            together = decide(_engine(engines, knowledge, dossier, ""), dossier)
        except EngineDisagreement as fault:
            print(f"seed {seed}, firm {number}: {fault}", file=sys.stderr)
            count["differences"] += 1
            continue
        count["rules"] += len(together.trace)
        if number < thrice:
            answer = without_executors(as_json(together))
            count["thrice"] += 1
            for executor in ("reference", "durable"):
                alone = as_json(decide(_engine(engines, knowledge, dossier, executor), dossier))
                count["bytes"] += answer != without_executors(alone)
    return count


def _engine(
    engines: dict[tuple[object, str], Engine], knowledge: kb.Knowledge, dossier: kb.Dossier, executor: str
) -> Engine:
    assert dossier.as_of is not None
    key = (dossier.as_of, executor)
    if key not in engines:
        engines[key] = ready(knowledge, dossier.as_of, executor)
    return engines[key]


def sources() -> str:
    """Digest of every source that the proof is about: a page that names another one is of an earlier state."""
    files = [p for folder in ("kb", "engine") for p in (ROOT / folder).rglob("*.py") if "say" not in p.parts]
    digest = hashlib.sha256()
    for path in sorted([*files, ROOT / "tests" / "randombase.py"]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bases", type=int, default=200, help="random rule bases that load")
    options.add_argument("--firms", type=int, default=5000, help="random firms for each")
    options.add_argument("--thrice", type=int, default=100, help="of these, decided by each executor alone as well")
    options.add_argument("--seed", type=int, default=20261124)
    options.add_argument("--print-only", action="store_true", help="leave docs/proofs.md as it is")
    options.add_argument("--sources", action="store_true", help="only print the digest of the sources proved")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    if chosen.sources:
        print(sources())
        return 0
    why_not = durable.available()
    if why_not:
        print(f"durable-rules cannot be used here: {why_not}", file=sys.stderr)
        return 1
    began = time.perf_counter()
    total: Count = Counter()
    seeds = ((seed, chosen.firms, chosen.thrice) for seed in range(chosen.seed + 1, chosen.seed + 100 * chosen.bases))
    # Worker processes start afresh.
    with multiprocessing.get_context("spawn").Pool(chosen.processes) as pool:
        for count in pool.imap(prove, seeds):
            # In order of seeds, so that the same command proves the same firms whatever the number of processes.
            if total["bases"] == chosen.bases:
                break
            total += count
            if count["bases"] and (sys.stderr.isatty() or total["bases"] % 20 == 0):
                told = f"{total['bases']} of {chosen.bases} rule bases, {total['firms']} firms"
                print(f"{told}, {total['differences'] + total['bytes']} differences", file=sys.stderr, flush=True)
        pool.terminate()
    spent = time.perf_counter() - began
    words = f"--bases {chosen.bases} --firms {chosen.firms} --thrice {chosen.thrice} --seed {chosen.seed}"
    page = f"""# Proofs of equality

Written by `make slow` (`bench/proofs.py {words}`) for sources of digest `{sources()}`
(what decides, and what draws the firms; `bench/proofs.py --sources` tells today's).

| what | number |
|---|---|
| random rule bases | {total["bases"]} |
| seeds left out because their base breaks a limit or a finding overlaps | {total["refused"]} |
| random firms decided by durable-rules and the reference together | {total["firms"]:,} |
| rules compared in them, truth and matched values | {total["rules"]:,} |
| firms on which the executors differ | {total["differences"]} |
| firms decided by each executor alone as well | {total["thrice"]:,} |
| answers of these that differ in any byte but the names of the executors | {total["bytes"]} |
| minutes, on {chosen.processes} processes | {spent / 60:.1f} |
"""
    if not chosen.print_only:
        (ROOT / "docs" / "proofs.md").write_text(page, encoding="utf-8")
    print(page)
    return 1 if total["differences"] or total["bytes"] else 0


if __name__ == "__main__":
    sys.exit(main())
