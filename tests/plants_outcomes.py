"""Faults of outcome that a proof must find: classes and patterns that nobody gets, patterns never recommended."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from plant import At, Base, Plant, Steps, value_at
from plant_shows import closed, in_no_class, outranked
from plant_spots import SAYS, both, tests_in

_GOOD = {"internal": "strength", "external": "opportunity"}


def class_nobody_gets(base: Base) -> Iterator[Plant]:
    """Nothing good is left on an axis, or what is good asks for what nobody has, or on no day any more."""
    axes = {"internal": "x", "external": "y"}
    for axis, good in _GOOD.items():
        lost = [c for c in base.knowledge.table.classes if (c.x_positive if axes[axis] == "x" else c.y_positive)]
        factors = [(file, copy.deepcopy(factor)) for file, _, factor in base.entries(f"swot/{axis}")]
        for how in ("asks for its contrary", "counts against the firm by its weight"):
            changed: dict[str, Any] = {}
            for file, factor in copy.deepcopy(factors):
                for finding in (f for f in factor["findings"] if f["side"] == good):
                    finding["when"] = both(finding["when"], {"not": finding["when"]})
                    changed[file] = factor
            if how.startswith("counts"):
                # One weakness that every firm has outweighs all good there is, which keeps but the least rating.
                changed = _outweighed(base, axis, good)
            for one in lost if changed else ():
                file = base.knowledge.table.mark.file.removeprefix(f"{base.shown}/")
                number = next(n for n, c in enumerate(base.data[file]["classes"]) if c["class"] == one.id)
                at = At(file, ("classes", number, "class"))
                what = f"{one.id}: every {good} {how}"
                yield Plant(
                    "class that nobody gets", what, changed, ("PR107",), at, (f"'{one.id}'",), in_no_class(one.id)
                )


def _outweighed(base: Base, axis: str, good: str) -> dict[str, Any]:
    """New factors whose adverse finding holds for every firm, whatever one of its facts is."""
    reach = sum(
        factor.weight * max((f.rating for f in factor.findings if f.side == good), default=0)
        for factor in base.knowledge.factors.values()
        if factor.axis == axis
    )
    facts = [
        t.term
        for factor in base.knowledge.factors.values()
        if factor.axis == axis
        for finding in factor.findings
        for t in _tests(finding.when)
        if base.knowledge.facts[t.term].domain.values and not base.knowledge.facts[t.term].derived
    ]
    _, _, model = next(base.entries(f"swot/{axis}"))
    action = next(iter(base.knowledge.actions))
    new: dict[str, Any] = {}
    if not facts:
        return new
    fact, values = facts[0], base.knowledge.facts[facts[0]].domain.values
    for number in range(reach // 20 + 1):
        name = f"beban_{number}"
        letter = "W" if axis == "internal" else "T"
        finding = {
            "id": f"{letter}-{name}",
            "side": "weakness" if axis == "internal" else "threat",
            "rating": "4",
            "when": {fact: {"one_of": list(values)}},
            "says": SAYS,
            "answered_by": [action],
            "examples": {"fires": [{fact: values[0]}], "silent": [{fact: values[1]}]},
        }
        new[f"swot/{axis}/{name}.yaml"] = {**model, "factor": name, "weight": "5", "findings": [finding]}
    return new


def _tests(when: Any) -> Iterator[Any]:
    from kb.condition import tests_of

    return tests_of(when)


def pattern_nobody_gets(base: Base) -> Iterator[Plant]:
    """What a pattern requires, who is eligible and its bars leave nobody: two or three of them together."""
    kind = "pattern that nobody gets"
    facts = [n for n, f in base.knowledge.facts.items() if f.domain.type == "boolean" and not f.derived]
    for number, (file, _, pattern) in enumerate(base.entries("patterns/")):
        name, at, shows = pattern["pattern"], At(file, ("pattern",)), closed(pattern["pattern"])
        where: Steps = ("requires", "when") if "when" in pattern["requires"] else ("requires",)
        requires = value_at(pattern, where)
        days = {"in_force": pattern["in_force"]} if "in_force" in pattern else {}
        source = pattern["barred_by"][0]["source"]

        def bar(when: Any, source: Any = source, days: Any = days) -> Any:
            return {"when": when, "says": SAYS, "source": source, **days}

        bars = len(pattern["barred_by"])
        path, _, _ = next(tests_in(requires))
        plants = {
            "a bar asks what is required": [(file, ("barred_by", bars), bar(requires))],
            "a bar asks a part of what is required": [(file, ("barred_by", bars), bar({"all": [requires]}))],
        }
        fact = facts[(7 * number) % len(facts)]
        plants[f"two bars, with {fact} and without"] = [
            (file, ("barred_by",), [*pattern["barred_by"], bar({fact: "true"}), bar({fact: "false"})])
        ]
        whens = [clause["when"] for clause in pattern["eligible"]]
        plants["requires that nobody eligible meets"] = [(file, where, both(requires, {"not": {"any": whens}}))]
        plants["everybody eligible is barred"] = [(file, ("barred_by", bars), bar({"any": whens}))]
        plants["a bar and its contrary required"] = [
            (file, ("barred_by", bars), bar(both(requires, {fact: "true"}))),
            (file, where, both(requires, {fact: "true"})),
        ]
        for how, changes in plants.items():
            yield Plant(kind, f"{name}: {how}", base.changed(*changes), ("PR108",), at, (f"'{name}'",), shows)
        if len(path) == 1:
            half = {"any": [{**requires, fact: "true"}, {**requires, fact: "false"}]}
            files = base.changed((file, ("barred_by", bars), bar(half)))
            yield Plant(kind, f"{name}: a bar for both sorts", files, ("PR108",), at, (f"'{name}'",), shows)


def never_recommended(base: Base) -> Iterator[Plant]:
    """A pattern that asks for all that a better one asks for, and more."""
    found = [(file, entry) for file, _, entry in base.entries("patterns/") if "fallback" not in entry]
    for (file, one), (_, other) in combinations([*found, *found[:3]], 2):
        # Whoever may have the one may have the other: the same law of who is eligible, and no bar of its own.
        same = one["pattern"] != other["pattern"] and one.get("in_force") == other.get("in_force")
        alike = [c["when"] for c in one["eligible"]] == [c["when"] for c in other["eligible"]]
        days = [c.get("in_force") for c in one["eligible"]] == [c.get("in_force") for c in other["eligible"]]
        if not (same and alike and days) or len(other["barred_by"]) > 1:
            continue
        where: Steps = ("requires", "when") if "when" in one["requires"] else ("requires",)
        wanted = other["requires"].get("when", other["requires"])
        suits = {key: {**suit, "rank": "8"} for key, suit in one["suits"].items()}
        files = base.changed((file, where, both(value_at(one, where), wanted)), (file, ("suits",), suits))
        name = one["pattern"]
        what = f"{name}, for {other['pattern']} is always open too and better"
        at, shows = At(file, ("pattern",)), outranked(name)
        yield Plant("pattern never recommended", what, files, ("PR109",), at, (f"'{name}'",), shows)


KINDS = (
    class_nobody_gets,
    pattern_nobody_gets,
    never_recommended,
)
