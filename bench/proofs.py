"""Long proofs of equality on random rule bases and firms; writes docs/proofs.md. Run by `make slow`.

Every decision runs on durable-rules and the reference together, which refuses on any difference, then on each alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import randombase  # noqa: E402
from support import as_json, random_knowledge, read, without_executors  # noqa: E402

from engine.decide import decide, ready  # noqa: E402
from engine.executors import durable  # noqa: E402


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bases", type=int, default=200, help="random rule bases that load")
    options.add_argument("--firms", type=int, default=100, help="random firms for each")
    options.add_argument("--seed", type=int, default=20261124)
    chosen = options.parse_args()
    why_not = durable.available()
    if why_not:
        print(f"durable-rules cannot be used here: {why_not}", file=sys.stderr)
        return 1
    began = time.perf_counter()
    bases = decisions = differences = refused = 0
    seed = chosen.seed
    while bases < chosen.bases:
        seed += 1
        world = random_knowledge(seed)
        if world is None:
            refused += 1
            continue
        bases += 1
        knowledge, files = world
        random = Random(seed)
        engines = {}
        for _ in range(chosen.firms):
            dossier = read(randombase.firm(random, files), knowledge)
            answers = []
            for executor in ("", "reference", "durable"):
                key = (dossier.as_of, executor)
                if key not in engines:
                    assert dossier.as_of is not None
                    engines[key] = ready(knowledge, dossier.as_of, executor)
                answers.append(without_executors(as_json(decide(engines[key], dossier))))
            decisions += 1
            differences += answers[0] != answers[1] or answers[0] != answers[2]
        if sys.stderr.isatty() or bases % 20 == 0:
            print(
                f"{bases} of {chosen.bases} rule bases, {decisions} firms, {differences} differences", file=sys.stderr
            )
    spent = time.perf_counter() - began
    page = f"""# Proofs of equality

Written by `make slow` (`bench/proofs.py --bases {chosen.bases} --firms {chosen.firms} --seed {chosen.seed}`).

| what | number |
|---|---|
| random rule bases | {bases} |
| seeds left out because their base breaks a limit or a finding overlaps | {refused} |
| random firms decided by both executors together, by the reference alone and by durable-rules alone | {decisions} |
| decisions that differ in any byte but the names of the executors | {differences} |
| seconds | {spent:.0f} |
"""
    (ROOT / "docs" / "proofs.md").write_text(page, encoding="utf-8")
    print(page)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
