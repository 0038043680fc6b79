"""Small slips in the shipped rules and whether their cases notice. Writes docs/mutation.md.

Every mutant of both rule bases is tried by `mitra mutate`. Each survivor needs a reason in bench/mutation-reasons.yaml
(rule base: file: "rule: change": reason); one without, or a reason without its survivor, ends the run with exit 1.
Example: python bench/mutation.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
REASONS = ROOT / "bench" / "mutation-reasons.yaml"
PAGE = ROOT / "docs" / "mutation.md"
BASES = ("rules", "rules/examination")
HEAD = """\
# Mutants of the shipped rules

Written by `python bench/mutation.py`. `mitra mutate` plants one small slip at a time in the rules (a threshold a step
lower or higher, an operator swapped, a test dropped, a side flipped, a weight, rating, rank or date changed, a bar or
an answer dropped) and decides every example and whole case anew where it can matter. Slips that the loader would refuse
need no case; those proved to change nothing for any firm cannot have one. Neither is counted among the mutants.

| rule base | mutants | killed | share | refused at load | change nothing |
|---|---|---|---|---|---|
"""


def main() -> int:
    """Try both rule bases, write the page; 1 when a survivor has no reason or a reason no survivor."""
    answers = {base: tried(base) for base in BASES}
    reasons = yaml.safe_load(REASONS.read_text(encoding="utf-8")) or {}
    rows, parts, faults = [], [], []
    for base, told in answers.items():
        share = 100 * told["killed"] / told["mutants"]
        counts = (
            told["mutants"],
            told["killed"],
            f"{share:.1f} %",
            told["refused_at_load"],
            len(told["changes_nothing"]),
        )
        rows.append(f"| `{base}` | " + " | ".join(str(count) for count in counts) + " |")
        given = {(file, what): why for file, whats in (reasons.get(base) or {}).items() for what, why in whats.items()}
        lines = []
        for one in told["survived"]:
            what = f"{one['rule']}: {one['change']}"
            why = given.pop((one["file"], what), None)
            faults += [f"{one['file']}:{one['line']}: no reason: {what}"] if why is None else []
            lines.append(f"| {one['file']}:{one['line']} | {what} | {why or '**none given**'} |")
        faults += [f"{file}: a reason without its survivor: {what}" for file, what in given]
        table = ["| place | slip | why no case notices |", "|---|---|---|", *lines]
        parts.append("\n".join([f"## Survivors of `{base}`", "", *(table if lines else ["None."])]) + "\n")
    PAGE.write_text(HEAD + "\n".join(rows) + "\n\n" + "\n".join(parts), encoding="utf-8")
    print("\n".join([*rows, *faults]))
    return 1 if faults else 0


def tried(base: str) -> dict[str, Any]:
    """The JSON answer of `mitra mutate` on a rule base."""
    command = [sys.executable, "cli.py", "mutate", "--kb", base, "--format", "json"]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
