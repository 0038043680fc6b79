"""Speed of `mitra check --prove` for an expert at work; run by `make bench`.

The command is run as the expert runs it after each save, from a cold shell: on the shipped rules, nothing remembered,
again, and after one edited rule; then once on ten times the rules, made by copying vocabulary, factors, patterns and
programme under other names. Medians, beside the targets. Nothing is asserted about time: this prints, and people judge.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from tabulate import tabulate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402

RUNS, COPIES = 5, 10
COPIED = ("vocabulary", "swot/internal", "swot/external", "patterns", "programme", "eligibility")
TARGETS = {"check and prove, nothing remembered": 5, "after one edited rule": 1, f"{COPIES} times the rules": 60}


def spent(rules: Path, cache: Path) -> float:
    """Seconds of one command, as a person waits for it."""
    begin = perf_counter()
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "check", str(rules), "--prove"],
        env=os.environ | {"MITRA_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert " 0 questions left open" in done.stdout, done.stdout
    return perf_counter() - begin


def edits(rules: Path) -> Iterator[None]:
    """One rating after another changed and changed back, so that each run proves a rule base not seen before."""
    factors = sorted((rules / "swot" / "internal").glob("*.yaml"))
    for path in factors[:RUNS]:
        text = path.read_text(encoding="utf-8")
        changed = re.sub(r"rating: (\d)", lambda m: f"rating: {int(m[1]) % 4 + 1}", text, count=1)
        threshold = re.sub(r"(at_least|above): (\d+)", lambda m: f"{m[1]}: {int(m[2]) + 1}", changed, count=1)
        path.write_text(threshold, encoding="utf-8")
        yield
        path.write_text(text, encoding="utf-8")


def multiplied(source: Path, target: Path) -> None:
    """The rules with all that is copied there ten times: every id gets a number, also where it is read.

    Invariants about facts of the firm are left out: they would name one copy, and patterns of the others break them.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.py", "__pycache__", "examination", "cases"))
    knowledge = kb.load(source)
    ids = {*knowledge.facts, *knowledge.factors, *knowledge.findings, *knowledge.patterns, *knowledge.actions}
    ids |= {*knowledge.strategies, *knowledge.cautions, *knowledge.eligibility}
    word = re.compile(r"(?<![\w.$-])(" + "|".join(sorted(map(re.escape, ids), key=len, reverse=True)) + r")(?![\w-])")
    claims = (target / "invariants.yaml").read_text(encoding="utf-8").split("- invariant:")
    kept = [one for one in claims if re.search(r"claim: (monotone|no_effect|one_class)\n", one)]
    (target / "invariants.yaml").write_text("".join(f"- invariant:{one}" for one in kept), encoding="utf-8")
    for number in range(2, COPIES + 1):
        for folder in COPIED:
            for path in sorted((source / folder).glob("*.yaml")):
                text = word.sub(lambda m, n=number: f"{m[1]}_{n}", path.read_text(encoding="utf-8"))
                # There can be only one fallback.
                if "\nfallback: true\n" not in text:
                    (target / folder / f"{path.stem}_{number}.yaml").write_text(text, encoding="utf-8")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        rules, cache = work / "rules", work / "cache0"
        shutil.copytree(kb.shipped(), rules, ignore=shutil.ignore_patterns("*.py", "__pycache__", "examination"))
        found: dict[str, list[float]] = {}
        for number in range(RUNS):
            cache = work / f"cache{number}"
            found.setdefault("check and prove, nothing remembered", []).append(spent(rules, cache))
            found.setdefault("again, unchanged", []).append(spent(rules, cache))
        for _ in edits(rules):
            found.setdefault("after one edited rule", []).append(spent(rules, cache))
        large = work / "large"
        multiplied(kb.shipped(), large)
        _, problems = kb.examine(large)
        errors = [str(problem) for problem in problems.errors]
        assert not errors, "\n".join(errors[:20])
        found[f"{COPIES} times the rules"] = [spent(large, work / "large_cache")]
    rows = [
        [what, len(seconds), round(median(seconds), 2), f"under {TARGETS[what]}" if what in TARGETS else ""]
        for what, seconds in found.items()
    ]
    print(tabulate(rows, ["mitra check --prove, from a cold shell", "runs", "median s", "target"], "github"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
