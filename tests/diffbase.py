"""Random changes of random rule bases, for the comparison of two."""

from __future__ import annotations

import copy
from pathlib import Path
from random import Random
from typing import Any

from randombase import condition

Json = dict[str, Any]


def changed(files: dict[str, Any], random: Random) -> tuple[dict[str, Any], str]:
    """A copy with one or two things changed, and what."""
    copied = copy.deepcopy(files)
    done = [random.choice(_WAYS)(copied, random) for _ in range(random.choice([1, 1, 2]))]
    return copied, "; ".join(done)


def _factors(files: dict[str, Any]) -> list[Json]:
    return [content for path, content in files.items() if path.startswith("swot/")]


def _patterns(files: dict[str, Any]) -> list[Json]:
    return [content for path, content in files.items() if path.startswith("patterns/")]


def _terms(files: dict[str, Any], axis: str = "") -> dict[str, Json]:
    """The facts that a rule of an axis may read."""
    facts = {fact["id"]: fact for fact in files["vocabulary/all.yaml"]}
    return {name: fact for name, fact in facts.items() if not axis or name.startswith(axis[0])}


def _weight(files: dict[str, Any], random: Random) -> str:
    factor = random.choice(_factors(files))
    factor["weight"] = random.randint(1, 5)
    return f"weight of {factor['factor']}"


def _rating(files: dict[str, Any], random: Random) -> str:
    finding = random.choice(random.choice(_factors(files))["findings"])
    finding["rating"] = random.randint(1, 4)
    return f"rating of {finding['id']}"


def _when(files: dict[str, Any], random: Random) -> str:
    factor = random.choice(_factors(files))
    finding = random.choice(factor["findings"])
    finding["when"] = {"all": [finding["when"], condition(random, _terms(files, factor["axis"]), 1)]}
    return f"condition of {finding['id']}"


def _same_when(files: dict[str, Any], random: Random) -> str:
    finding = random.choice(random.choice(_factors(files))["findings"])
    finding["when"] = {"not": {"not": {"any": [finding["when"], {"all": [finding["when"], finding["when"]]}]}}}
    return f"condition of {finding['id']} in other words"


def _bar(files: dict[str, Any], random: Random) -> str:
    pattern = random.choice(_patterns(files))
    if pattern.get("barred_by"):
        pattern["barred_by"].pop(random.randrange(len(pattern["barred_by"])))
        return f"bar of {pattern['pattern']} dropped"
    pattern["barred_by"] = [
        {"when": condition(random, _terms(files), 1), "says": {"id": "a", "en": "b"}, "source": ["s-open"]}
    ]
    return f"bar of {pattern['pattern']} added"


def _requires(files: dict[str, Any], random: Random) -> str:
    pattern = random.choice(_patterns(files))
    if "requires" not in pattern:
        return "nothing"
    pattern["requires"] = condition(random, _terms(files), 2)
    return f"requirement of {pattern['pattern']}"


def _rank(files: dict[str, Any], random: Random) -> str:
    pattern = random.choice(_patterns(files))
    for suit in (pattern.get("suits") or {}).values():
        if isinstance(suit, dict):
            suit["rank"] = random.randint(1, 4)
    return f"ranks of {pattern['pattern']}"


def _period(files: dict[str, Any], random: Random) -> str:
    one = random.choice([*_patterns(files), random.choice(_factors(files))["findings"][0]])
    one["in_force"] = random.choice([{"from": "2003-03-03"}, {"until": "2020-02-02"}])
    return f"dates of {one.get('pattern') or one['id']}"


def _tie(files: dict[str, Any], random: Random) -> str:
    files["classes.yaml"]["tie_band"] = random.choice(["0", "0.1", "0.2", "0.5"])
    return "tie band"


def _swap(files: dict[str, Any], random: Random) -> str:
    one, other = random.sample(files["classes.yaml"]["classes"], 2)
    for key in ("x", "y", "strategy"):
        one[key], other[key] = other[key], one[key]
    return f"places of {one['class']} and {other['class']}"


def _parameter(files: dict[str, Any], random: Random) -> str:
    parameter = random.choice([entry for entry in files["law/all.yaml"] if "parameter" in entry])
    random.choice(parameter["values"])["value"] = random.randint(1, 3)
    return f"value of {parameter['parameter']}"


def _entry(files: dict[str, Any], random: Random) -> str:
    term = random.choice([content for path, content in files.items() if path.startswith("eligibility/")])
    random.choice(term["first_of"])["when"] = condition(random, _terms(files), 1)
    return f"entry of {term['term']}"


def _range(files: dict[str, Any], random: Random) -> str:
    facts = [
        fact for fact in files["vocabulary/all.yaml"] if fact["type"] in ("level", "choice") and "derived" not in fact
    ]
    numbers = [fact for fact in files["vocabulary/all.yaml"] if fact["type"] in ("money", "integer") and "max" in fact]
    if numbers and (not facts or random.random() < 0.5):
        fact = random.choice(numbers)
        fact["max"] = int(fact["max"]) + random.randint(-1, 3)
    elif facts:
        fact = random.choice(facts)
        fact["values"] = random.choice(
            [["v0", *fact["values"]], [*fact["values"], "vz"], ["va", "v1", *fact["values"][1:]]]
        )
    else:
        return "nothing"
    return f"values of {fact['id']}"


def _gone(files: dict[str, Any], random: Random) -> str:
    paths = [path for path in files if path.startswith(("patterns/p0", "patterns/p1"))]
    del files[path := random.choice(paths)]
    for principle in files["principles.yaml"]:
        principle["for"].pop(Path(path).stem, None)
    return "a pattern left out"


_WAYS = (
    *(_weight, _rating, _when, _when, _same_when, _bar, _requires, _rank, _period, _tie, _swap, _parameter),
    *(_entry, _range, _range, _gone),
)
