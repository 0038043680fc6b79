"""Faults of what stands together: findings of a factor, the class table, bands and divisors, balance, dimensions."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import Any

from plant import REMOVED, SEED, At, Base, Plant, Steps
from plant_shows import all_fire
from plant_spots import spots, tests_in

_SIDES = {"internal": ("strength", "weakness"), "external": ("opportunity", "threat")}


def overlaps(base: Base) -> Iterator[Plant]:
    """Findings of one factor that can hold together, where intervals tell."""
    for file, _, factor in base.entries("swot/"):
        for (_, one), (second, other) in combinations(enumerate(factor["findings"]), 2):
            terms = {term for f in (one, other) for _, term, _ in tests_in(f["when"])}
            if any(base.knowledge.facts[term].derived for term in terms):
                continue
            path: Steps = ("findings", second)
            example = copy.deepcopy(one["examples"]["fires"])
            files = base.changed(
                (file, (*path, "when"), one["when"]),
                (file, (*path, "says"), one["says"]),
                (file, (*path, "examples", "fires"), example),
                (file, (*path, "examples", "silent"), one["examples"]["silent"]),
            )
            what = f"{one['id']} and {other['id']}, the same test"
            names = (one["id"], other["id"])
            yield Plant("findings overlap", what, files, ("KB408",), At(file, (*path, "id")), names, all_fire(*names))
        yield from _by_a_step(base, file, factor)


def _by_a_step(base: Base, file: str, factor: Any) -> Iterator[Plant]:
    """A bound that lets its own value in though the finding beside it has it already."""
    for index, finding in enumerate(factor["findings"]):
        for path, term, test in tests_in(finding["when"]):
            domain = base.knowledge.facts[term].domain
            if base.knowledge.facts[term].derived or not isinstance(test, dict) or "below" not in test:
                continue
            bound = test["below"]
            beside = [f for f in factor["findings"] if f is not finding]
            others = [
                f["id"] for f in beside for _, t, v in tests_in(f["when"]) if t == term and v == {"at_least": bound}
            ]
            if domain.step is None or len(others) != 1:
                continue
            wider = {("at_most" if word == "below" else word): value for word, value in test.items()}
            where: Steps = ("findings", index, "when", *path)
            later = max([finding["id"], others[0]], key=[f["id"] for f in factor["findings"]].index)
            number = [f["id"] for f in factor["findings"]].index(later)
            at, names = At(file, ("findings", number, "id")), (finding["id"], others[0])
            what = f"{names[0]} and {names[1]} at {bound}"
            yield Plant(
                "findings overlap", what, base.changed((file, where, wider)), ("KB408",), at, names, all_fire(*names)
            )


def class_tables(base: Base) -> Iterator[Plant]:
    for file, table in ((name, c) for name, c in base.data.items() if name.startswith("classes")):
        for index, one in enumerate(table["classes"]):
            name, path = one["class"], ("classes", index)
            for axis in ("x", "y"):
                other = "not_positive" if one[axis] == "positive" else "positive"
                files = base.changed((file, (*path, axis), other))
                what = f"{axis} of {name} in {file}"
                yield Plant("class table has a gap and an overlap", what, files, ("KB411",), At(file, ("classes",)))
            other = {"SO": "ST", "ST": "SO", "WO": "WT", "WT": "WO"}[one["strategy"]]
            files = base.changed((file, (*path, "strategy"), other))
            at = At(file, (*path, "strategy"))
            yield Plant("class table has a gap and an overlap", f"strategy of {name}", files, ("KB411",), at, (name,))
        files = base.changed((file, ("classes", 3), REMOVED))
        yield Plant(
            "class table has a gap and an overlap", f"one less in {file}", files, ("KB411",), At(file, ("classes",))
        )


def derived_facts(base: Base) -> Iterator[Plant]:
    kind = "derived fact that cannot be computed"
    texts = next((n for n, f in base.knowledge.facts.items() if f.domain.type in ("boolean", "choice")), "")
    for file, where, fact in base.entries("vocabulary/"):
        at = At(file, (*where, "id"))
        how = fact.get("derived", {})
        if "when_zero" in how:
            files = base.changed((file, (*where, "derived", "when_zero"), REMOVED))
            yield Plant(kind, f"{fact['id']} divided by zero", files, ("KB405",), at, (f"'{fact['id']}'",))
        if "ratio" in how:
            files = base.changed((file, (*where, "derived", "ratio", 0), texts))
            yield Plant(kind, f"{fact['id']} of {texts}", files, ("KB407",), at, (f"'{texts}'",))
            files = base.changed((file, (*where, "derived", "ratio", 0), fact["id"]))
            yield Plant(kind, f"{fact['id']} of itself", files, ("KB406",), at, (f"'{fact['id']}'",))
        if "bands" in how:
            limits = how["bands"]["limits"]
            path = (*where, "derived", "bands", "limits")
            files = base.changed((file, path, limits[:-2] + limits[-1:]))
            yield Plant(kind, f"{fact['id']} never gives a value", files, ("KB412",), at, (f"'{fact['id']}'",))
            for index in range(len(limits) - 2):
                swapped = [*limits[:index], limits[index + 1], limits[index], *limits[index + 2 :]]
                place = At(file, (*path, index + 1))
                what = f"limits {index + 1} and {index + 2} of {fact['id']} swapped"
                yield Plant(kind, what, base.changed((file, path, swapped)), ("KB412",), place)


def too_wide(base: Base) -> Iterator[Plant]:
    facts = [n for n, f in base.knowledge.facts.items() if f.domain.type == "boolean" and not f.derived]
    wide = [s for s in spots(base) if s.kind not in ("finding", "eligibility") and len(facts) >= 17]
    for number, spot in enumerate(wide):
        chosen = [facts[(number + k) % len(facts)] for k in range(17)]
        parts = [{"any": [{fact: "true"} for fact in chosen[:9]]}, {"any": [{fact: "true"} for fact in chosen[9:]]}]
        files = base.changed((spot.file, spot.when, {"all": parts}))
        yield Plant("too many alternatives", spot.rule, files, ("KB413",), spot.at, (f"'{spot.rule}'",))


def out_of_balance(base: Base) -> Iterator[Plant]:
    """Ratings of one side lowered, a factor at a time, until that side cannot reach what the other can."""
    for axis, sides in _SIDES.items():
        for number in range(8):
            lowered, kept = sides[number % 2], sides[1 - number % 2]
            factors = [(file, copy.deepcopy(f)) for file, _, f in base.entries(f"swot/{axis}")]
            order = list(factors)
            Random(f"{SEED} {axis} {number}").shuffle(order)
            changed = {}
            for file, factor in order:
                if 5 * (_reach(factors, kept) - _reach(factors, lowered)) > _reach(factors, kept):
                    break
                for finding in factor["findings"]:
                    if finding["side"] == lowered:
                        finding["rating"], changed[file] = "1", factor
            tips = max(factors, key=lambda f: _reach([f], kept) - _reach([f], lowered))
            at = At(tips[0], ("factor",))
            what = f"{lowered} of {len(changed)} {axis} factors"
            yield Plant("axis out of balance", what, dict(changed), ("KB502",), at, (axis, f"'{tips[1]['factor']}'"))


def _reach(factors: list[tuple[str, Any]], side: str) -> int:
    return sum(
        int(factor["weight"]) * max((int(f["rating"]) for f in factor["findings"] if f["side"] == side), default=0)
        for _, factor in factors
    )


def dimensions(base: Base) -> Iterator[Plant]:
    for file, where, one in base.entries("dimensions"):
        files = base.changed((file, (*where, "levels"), one["levels"][1::-1] + one["levels"][2:]))
        at = At(file, (*where, "levels"))
        yield Plant("dimension", f"levels of {one['dimension']} swapped", files, ("KB424",), at)
        filled = [
            (f, ("dimension",), REMOVED) for f, _, e in base.entries("swot/") if e.get("dimension") == one["dimension"]
        ]
        at = At(file, (*where, "dimension"))
        yield Plant("dimension", f"no factor of {one['dimension']}", base.changed(*filled), ("KB513",), at)


KINDS = (
    overlaps,
    class_tables,
    derived_facts,
    too_wide,
    out_of_balance,
    dimensions,
)
