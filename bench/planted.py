"""Faulty copies of the shipped rules: which faults are found, and shown by a firm. Writes docs/planted.md.

All the plants that `tests/test_planted.py` draws from. Ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from textwrap import fill
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from plant import MOST, Plant  # noqa: E402
from planted import Fate, chosen, fate, remembered, shipped  # noqa: E402

Row = tuple[Plant, Fate, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=MOST, help="instances of a kind")
    parser.add_argument("--kind", default="", help="only kinds whose name holds this; nothing is written")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    asked = parser.parse_args()
    picked = [plant for _, plant in chosen(asked.most, asked.most)]
    wanted = [number for number, plant in enumerate(picked) if asked.kind in plant.kind]
    rows: list[Row] = []
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        # Each process proves the sound rules once, so a share at a time.
        shares = [wanted[start :: asked.jobs] for start in range(asked.jobs)]
        running = [pool.submit(tried, share, asked.most) for share in shares]
        for done in as_completed(running):
            rows += [(picked[number], found, seconds) for number, found, seconds in done.result()]
    page = written(rows, asked.most)
    print(page)
    if not asked.kind:
        (ROOT / "docs" / "planted.md").write_text(page, encoding="utf-8")
    return int(any(found.missed for _, found, _ in rows))


def tried(numbers: list[int], most: int) -> list[tuple[int, Fate, float]]:
    """What becomes of the plants of these numbers."""
    picked = chosen(most, most)
    rows = []
    for base in shipped():
        remembered(base)
    with tempfile.TemporaryDirectory() as folder:
        for count, number in enumerate(numbers, 1):
            base, plant = picked[number]
            began = perf_counter()
            found = fate(plant, base, Path(folder) / base.folder.name)
            rows.append((number, found, perf_counter() - began))
            if found.missed:
                print(f"missed: {plant}: {found.found or found.said}", file=sys.stderr, flush=True)
            if count % 50 == 0:
                print(f"{count} of {len(numbers)}", file=sys.stderr, flush=True)
    return rows


def written(rows: list[Row], most: int) -> str:
    by_proof = [row for row in rows if row[0].by_proof]
    reading = [row for row in rows if not row[0].by_proof]
    fates = [found for _, found, _ in rows]
    missed = [(plant, found) for plant, found, _ in rows if found.missed]
    kinds = len({plant.kind for plant, _, _ in rows})
    shown = [f.shown for f in fates if f.shown is not None]
    figures = (
        f"{len(rows)} faulty copies of {kinds} kinds: {sum(bool(f.found) for f in fates)} found, {len(missed)} missed; "
        f"a firm shows {sum(shown)} of the {len(shown)} that a firm can show. In {sum(f.others > 0 for f in fates)} "
        "copies something else is reported too, mostly what follows from the fault. Median time to read and check a "
        f"copy: {_time(reading)}; to read and prove it, remembering what was proved of the sound rules: "
        f"{_time(by_proof)} (on a machine that may do other things too)."
    )
    return f"""# Planted faults in the rules

Written by `bench/planted.py`. Copies of the shipped rules, of the rule base that decides and of the examination of
programmes, each with one fault made by code (`tests/plants_*.py`); at most {most} of a kind, drawn by a seed. A fault
is *found* when its own code is reported in the right file and line with the right name; an example *shows* it when its
facts, read as a dossier, are decided on its day by the faulty rules and the decision has what the fault says. The rules
without a planted fault raise no alarm (`tests/test_planted.py`).

{fill(figures, 120)}

## What a proof finds

{_table(by_proof)}

## What reading finds

An example firm belongs to an overlap; the other faults are of the text.

{_table(reading)}

## Missed

{_list(missed)}
"""


def _time(rows: list[Row]) -> str:
    return f"{median(taken for _, _, taken in rows):.1f} s" if rows else "none"


def _table(rows: list[Row]) -> str:
    lines = ["| kind | codes | copies | found | shown by a firm | missed |", "|---|---|---|---|---|---|"]
    for kind in sorted({plant.kind for plant, _, _ in rows}):
        same = [(plant, found) for plant, found, _ in rows if plant.kind == kind]
        codes = ", ".join(sorted({code for plant, _ in same for code in plant.codes}))
        seen = str(sum(f.shown is True for _, f in same)) if any(f.shown is not None for _, f in same) else "–"
        found, missed = sum(bool(f.found) for _, f in same), sum(f.missed for _, f in same)
        lines.append(f"| {kind} | {codes} | {len(same)} | {found} | {seen} | {missed} |")
    return "\n".join(lines)


def _list(missed: list[tuple[Plant, Fate]]) -> str:
    if not missed:
        return "None."
    return "\n".join(f"- {plant}: {'the example does not show it' if f.found else 'not found'}" for plant, f in missed)


if __name__ == "__main__":
    sys.exit(main())
