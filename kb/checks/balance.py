"""On each axis both sides can reach about the same sum, so that the class does not follow from what was asked."""

from __future__ import annotations

from kb.model import AXES, Factor, Knowledge
from kb.problem import Problems

AT_LOAD = False
_NAMES = {"strength": "strengths", "weakness": "weaknesses", "opportunity": "opportunities", "threat": "threats"}


def check(knowledge: Knowledge, problems: Problems) -> None:
    for axis, (good, adverse) in AXES.items():
        factors = [factor for factor in knowledge.factors.values() if factor.axis == axis]
        if not factors:
            problems.doubt(
                "KB502",
                knowledge.table.mark,
                f"no factor stands on the {axis} axis, so its sign is the same for every firm.",
                f"Add factors to swot/{axis}.",
            )
            continue
        sums = {side: sum(_reach(factor, side) for factor in factors) for side in (good, adverse)}
        heavier, lighter = (good, adverse) if sums[good] > sums[adverse] else (adverse, good)
        # More than a fifth of the larger.
        if 5 * (sums[heavier] - sums[lighter]) <= sums[heavier]:
            continue
        # An axis has no place of its own: the factor that tips it most is where to begin.
        first = max(factors, key=lambda factor: _reach(factor, heavier) - _reach(factor, lighter))
        problems.doubt(
            "KB502",
            first.mark,
            f"{axis} {_NAMES[heavier]} can reach {sums[heavier]}, {_NAMES[lighter]} {sums[lighter]} "
            f"(weight times highest rating); '{first.id}' tips most.",
            f"Add {_NAMES[lighter]}, or lower weights or ratings of {_NAMES[heavier]}.",
        )


def _reach(factor: Factor, side: str) -> int:
    """The most a factor adds to a side: its findings exclude each other, so the highest rating alone counts."""
    return factor.weight * max((f.rating for f in factor.findings if f.side == side), default=0)
