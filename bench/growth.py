"""Cost of one firm as the rule base grows, on both executors; `make bench` prints it and draws docs/growth.svg.

Random rules of two tests each over a tenth as many facts; the firm knows all facts. All sizes take turns within one
run, so that whatever slows the machine slows them all; medians. Linear growth is a constant time per rule.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import matplotlib
from tabulate import tabulate

matplotlib.use("svg")
from matplotlib import pyplot as plt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.executors import durable, reference  # noqa: E402
from kb.condition import All, Bound, Condition, Test  # noqa: E402
from kb.values import Code  # noqa: E402

SIZES = (100, 200, 500, 1000, 2000, 5000)
ROUNDS, SEED = 15, 20261124


def rule_base(size: int) -> tuple[dict[str, Condition], dict[str, Code]]:
    """`size` rules, and a firm for which about a quarter of them hold."""
    random = Random(SEED + size)
    facts = [f"fact_{n}" for n in range(size // 10)]

    def test(name: str) -> Test:
        return Test(name, (Bound("at_least", "ge", random.randrange(100)),))

    rules: dict[str, Condition] = {
        f"r{n}": All(tuple(test(name) for name in random.sample(facts, 2))) for n in range(size)
    }
    return rules, {name: random.randrange(100) for name in facts}


def main() -> None:
    bases = {size: rule_base(size) for size in SIZES}
    stages = {size: durable.build(rules) for size, (rules, _) in bases.items()}
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS):
        for size, (rules, values) in bases.items():
            begun = perf_counter()
            truths = reference.fire(rules, values)
            middle = perf_counter()
            fired = stages[size].fire(values)
            ended = perf_counter()
            assert set(fired) == {name for name, truth in truths.items() if truth}
            times.setdefault(("reference", size), []).append(middle - begun)
            times.setdefault(("durable-rules", size), []).append(ended - middle)
    medians = {key: median(found) for key, found in times.items()}
    rows = [
        (
            size,
            len(stages[size].rulesets),
            *(f"{1000 * medians[name, size]:.2f}" for name in ("reference", "durable-rules")),
            *(f"{1e6 * medians[name, size] / size:.2f}" for name in ("reference", "durable-rules")),
            *(
                f"{medians[name, size] / size / (medians[name, SIZES[0]] / SIZES[0]):.2f}"
                for name in ("reference", "durable-rules")
            ),
        )
        for size in SIZES
    ]
    header = ("rules", "rulesets", "reference ms", "durable ms", "reference µs/rule", "durable µs/rule")
    print(tabulate(rows, (*header, "reference vs 100", "durable vs 100"), disable_numparse=True))
    draw(medians)


def draw(medians: dict[tuple[str, int], float]) -> None:
    """Time against rules on straight scales: a straight line from the corner is linear growth."""
    figure, axes = plt.subplots(figsize=(6.4, 4))
    for name in ("reference", "durable-rules"):
        axes.plot(SIZES, [1000 * medians[name, size] for size in SIZES], marker="o", label=name)
    axes.set(xlabel="rules", ylabel="ms a firm", xlim=(0, None), ylim=(0, None))
    axes.legend()
    figure.tight_layout()
    # Without a date, the same figures give the same file.
    figure.savefig(ROOT / "docs" / "growth.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
