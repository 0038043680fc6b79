"""What 10,000 random complete firms get from the shipped rules: classes, findings, patterns. Writes docs/knowledge.md.

Each fact is drawn uniformly over the cells its thresholds make, then within the cell (`engine.firms`). The page is a
look at the rules, not at real firms: it shows that no class swallows the others and that nothing in the rules is dead.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

from tabulate import tabulate

import kb
from engine.decide import decide, ready
from engine.firms import Firms
from engine.invariants import firm_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "knowledge.md"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--firms", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=20261124)
    options.add_argument("--print-only", action="store_true", help="print the page instead of writing it")
    chosen = options.parse_args()
    knowledge = kb.load(kb.shipped(), "rules")
    day = knowledge.manifest.examples_as_of
    engine = ready(knowledge, day, "reference")
    drawing, random = Firms(engine.program), Random(chosen.seed)
    classes: Counter[str] = Counter()
    found: Counter[str] = Counter()
    recommended: Counter[str] = Counter()
    status: Counter[tuple[str, str]] = Counter()
    offered: Counter[str] = Counter()
    for number in range(chosen.firms):
        decision = decide(engine, firm_of(drawing.complete(random), engine.program))
        classes[decision.verdict.id or "not settled"] += 1
        found.update(held.finding.id for held in decision.findings)
        recommended.update(decision.recommended or ("none",))
        status.update((verdict.pattern, verdict.status) for verdict in decision.patterns)
        offered.update(action.action for action in decision.programme)
        if (number + 1) % 1_000 == 0:
            print(f"{number + 1} of {chosen.firms}", file=sys.stderr, flush=True)
    page = written(knowledge, chosen.firms, chosen.seed, classes, found, recommended, status, offered)
    if chosen.print_only:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")
    return faults(knowledge, chosen.firms, classes, found, recommended)


def faults(
    knowledge: kb.Knowledge, firms: int, classes: Counter[str], found: Counter[str], recommended: Counter[str]
) -> int:
    """1 where a class is below 5 % or above 60 %, a factor is never found or a pattern never recommended."""
    bad = [
        f"class {c.id}: {classes[c.id]}" for c in knowledge.table.classes if not 5 <= 100 * classes[c.id] / firms <= 60
    ]
    bad += [
        f"factor {f.id} never found" for f in knowledge.factors.values() if not any(found[x.id] for x in f.findings)
    ]
    bad += [f"pattern {name} never recommended" for name in knowledge.patterns if not recommended[name]]
    for fault in bad:
        print(fault, file=sys.stderr)
    return 1 if bad else 0


def written(
    knowledge: kb.Knowledge,
    firms: int,
    seed: int,
    classes: Counter[str],
    found: Counter[str],
    recommended: Counter[str],
    status: Counter[tuple[str, str]],
    offered: Counter[str],
) -> str:
    def part(number: int) -> str:
        return f"{100 * number / firms:.1f} %"

    manifest = knowledge.manifest
    class_rows = [[c.id, c.label.id, part(classes[c.id])] for c in knowledge.table.classes]
    pattern_rows = [
        [name, part(recommended[name]), part(status[name, "possible"]), part(status[name, "barred"])]
        for name in knowledge.patterns
    ] + [["none", part(recommended["none"]), "", ""]]
    factor_rows = []
    for factor in knowledge.factors.values():
        sides = Counter[str]()
        for finding in factor.findings:
            sides["good" if finding.sign > 0 else "bad"] += found[finding.id]
        factor_rows.append([factor.id, factor.axis, factor.weight, part(sides["good"]), part(sides["bad"])])
    action_rows = [[name, action.step, part(offered[name])] for name, action in knowledge.actions.items()]
    tables = [
        tabulate(class_rows, ["class", "label", "firms"], "github"),
        tabulate(pattern_rows, ["pattern", "recommended", "possible beside it", "barred"], "github"),
        tabulate(factor_rows, ["factor", "axis", "weight", "strength or opportunity", "weakness or threat"], "github"),
        tabulate(action_rows, ["action", "step", "offered"], "github"),
    ]
    return f"""# The rules on random firms

Written by `bench/knowledge.py --firms {firms} --seed {seed}` with {manifest.name} {manifest.version} as of
{manifest.examples_as_of}: {firms:,} firms of which everything is known, each fact uniform over the cells its thresholds
make, then within the cell. Such firms are stranger than real ones: half of them are controlled by their partner, so
that the law bars every pattern. The tables show that no class swallows the others and that every factor and pattern is
alive.

## Classes

{tables[0]}

## Patterns

{tables[1]}

## Factors

{tables[2]}

## Actions

{tables[3]}
"""


if __name__ == "__main__":
    sys.exit(main())
