"""Faults of logic that a proof must find: rules that say a thing twice, and rules to which others leave nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from plant import At, Base, Plant, Steps, value_at
from plant_shows import all_fire, fires_beside, taken_before
from plant_spots import Spot, another_test, both, plain_of, spots, tests_in


def twice(base: Base) -> Iterator[Plant]:
    """A rule once more, under another name or in other words."""
    kinds = {"caution": "programme", "bar": "barred_by", "eligible": "eligible", "prepare": "prepare"}
    kinds["pattern_caution"] = "cautions"
    for number, spot in enumerate(s for s in spots(base) if s.kind in kinds):
        entry = copy.deepcopy(value_at(base.data[spot.file], spot.entry))
        when = entry["when"]
        entry["when"] = (when, {"not": {"not": when}}, reworded(when, base))[number % 3]
        if spot.kind == "caution":
            name, path = f"{spot.rule}_lagi", (len(base.data[spot.file]),)
            entry["caution"], at = name, At(spot.file, (*path, "caution"))
        else:
            key = kinds[spot.kind]
            path = (key, len(base.data[spot.file][key]))
            name = f"{spot.rule.rsplit('_', 1)[0]}_{int(path[1]) + 1}"
            at = At(spot.file, path)
        files = base.changed((spot.file, path, entry))
        what = f"{spot.rule} once more"
        yield Plant("holds for the same firms", what, files, ("PR103",), at, (name,), all_fire(spot.rule, name))
    for file, _, factor in base.entries("swot/"):
        new = copy.deepcopy(factor) | {"factor": f"{factor['factor']}_lagi"}
        for finding in new["findings"]:
            finding["id"] += "_lagi"
        at = At(file.replace(".yaml", "_lagi.yaml"), ("findings", 0, "id"))
        names = (factor["findings"][0]["id"], new["findings"][0]["id"])
        what = f"factor {factor['factor']} once more"
        yield Plant("factor counted twice", what, {at.file: new}, ("PR103",), at, names[1:], all_fire(*names))


def reworded(when: Any, base: Base) -> Any:
    """The same condition in other words."""
    found: dict[str, Any] = {}
    for key, value in when.items():
        plain, fact = plain_of(value), base.knowledge.facts.get(key)
        if key in ("all", "any"):
            found[key] = [reworded(part, base) for part in value]
        elif key == "not":
            found[key] = reworded(value, base)
        elif plain is None or fact is None:
            found[key] = value
        elif fact.domain.type == "boolean" and plain[0] == "is":
            found[key] = {"is_not": "false" if plain[1] in ("true", "ya") else "true"}
        elif fact.domain.type == "level" and plain[0] == "is":
            found[key] = {"at_least": plain[1], "at_most": plain[1]}
        elif fact.domain.type == "integer" and plain[0] == "at_least" and plain[1].isdigit():
            found[key] = {"above": str(int(plain[1]) - 1)}
        else:
            found[key] = value
    return found


def covered(base: Base) -> Iterator[Plant]:
    """A narrower rule beside a wider one of its kind; an entry behind one that takes all it is for."""
    for number, spot in enumerate(s for s in spots(base) if s.kind in ("bar", "eligible", "eligibility")):
        entry = copy.deepcopy(value_at(base.data[spot.file], spot.entry))
        entry["when"] = both(entry["when"], another_test(base, spot, number))
        key, index = spot.entry
        listed = [*base.data[spot.file][key]]
        place = int(index) + 1 if spot.kind == "eligibility" else len(listed)
        files = base.changed((spot.file, (key,), [*listed[:place], entry, *listed[place:]]))
        at = At(spot.file, (key, place))
        what = f"narrower than {spot.rule}"
        if spot.kind == "eligibility":
            name = f"{spot.owner}.{place + 1}_{entry['value']}"
            shows = taken_before(spot.owner, name, *_earlier(spot.owner, listed, place))
        else:
            name = f"{spot.rule.rsplit('_', 1)[0]}_{place + 1}"
            shows = fires_beside(name, spot.rule)
        yield Plant("covered by one other", what, files, ("PR104",), at, (f"'{name}'",), shows)


def _earlier(term: str, entries: list[Any], count: int) -> list[str]:
    return [f"{term}.{number + 1}_{entry['value']}" for number, entry in enumerate(entries[:count])]


def covered_together(base: Base) -> Iterator[Plant]:
    """A rule for parts of what two others are for: neither covers it, both together do."""
    groups: dict[tuple[str, str], list[Spot]] = {}
    for spot in spots(base):
        if spot.kind in ("bar", "eligible", "eligibility"):
            groups.setdefault((spot.owner, spot.kind), []).append(spot)
    for (owner, kind), members in groups.items():
        for number, (one, other) in enumerate(combinations(members, 2)):
            entries = [copy.deepcopy(value_at(base.data[s.file], s.entry)) for s in (one, other)]
            if entries[0].get("in_force") != entries[1].get("in_force"):
                continue
            extra = another_test(base, one, 3 * number + len(owner))
            new = entries[1] | {"when": both({"any": [entry["when"] for entry in entries]}, extra)}
            key, index = other.entry
            listed = [*base.data[other.file][key]]
            place = int(index) + 1 if kind == "eligibility" else len(listed)
            files = base.changed((other.file, (key,), [*listed[:place], new, *listed[place:]]))
            at = At(other.file, (key, place))
            if kind == "eligibility":
                name = f"{owner}.{place + 1}_{new['value']}"
                shows = taken_before(owner, name, *_earlier(owner, listed, place))
            else:
                name = f"{one.rule.rsplit('_', 1)[0]}_{place + 1}"
                shows = fires_beside(name, one.rule, other.rule)
            what = f"behind {one.rule} and {other.rule}"
            yield Plant("covered by several together", what, files, ("PR104",), at, (f"'{name}'",), shows)
    for number, spot in enumerate(s for s in spots(base) if s.kind == "bar"):
        entry = value_at(base.data[spot.file], spot.entry)
        one, other, third = (another_test(base, spot, 5 * number + k) for k in range(3))
        bars = [entry | {"when": when} for when in (one, other, both({"any": [one, other]}, third))]
        listed = [*base.data[spot.file]["barred_by"], *bars]
        name = f"{spot.owner}.bar_{len(listed)}"
        shows = fires_beside(name, *(f"{spot.owner}.bar_{n}" for n in range(1, len(listed))))
        at = At(spot.file, ("barred_by", len(listed) - 1))
        files = base.changed((spot.file, ("barred_by",), listed))
        what = f"a third bar of {spot.owner}"
        yield Plant("covered by several together", what, files, ("PR104",), at, (f"'{name}'",), shows)


def law_moves(base: Base) -> Iterator[Plant]:
    """The limits of one class of firm lowered, in one period, to those of a class before it: nobody is left for it."""
    where = {e["parameter"]: (file, path, e) for file, path, e in base.entries("law/") if "parameter" in e}
    for file, _, term in base.entries("eligibility/"):
        for (_, one), (second, other) in combinations(enumerate(term["first_of"]), 2):
            start = other.get("in_force", {}).get("from")
            if one.get("in_force") != other.get("in_force") or "when" not in one or "when" not in other:
                continue
            pairs = dict(zip(_limits(other["when"]), _limits(one["when"]), strict=False))
            changes: list[tuple[str, Steps, Any]] = []
            for high, low in pairs.items():
                lower = next((v["value"] for v in where[low][2]["values"] if v.get("from") == start), None)
                index = next((n for n, v in enumerate(where[high][2]["values"]) if v.get("from") == start), None)
                if lower is not None and index is not None and low != high:
                    changes.append((where[high][0], (*where[high][1], "values", index, "value"), lower))
            if len(changes) != len(pairs) or not changes:
                continue
            name = f"{term['term']}.{second + 1}_{other['value']}"
            shows = taken_before(term["term"], name, *_earlier(term["term"], term["first_of"], second))
            what = f"{other['value']} of {start} within the limits of {one['value']}"
            at = At(file, ("first_of", second))
            yield Plant(
                "covered since the law moved", what, base.changed(*changes), ("PR104",), at, (f"'{name}'",), shows
            )


def _limits(when: Any) -> list[str]:
    """Parameters that a condition compares with, each once, in the order written."""
    found = [bound[1:] for _, _, test in tests_in(when) if isinstance(test, dict) for bound in test.values()]
    return list(dict.fromkeys(found))


KINDS = (
    twice,
    covered,
    covered_together,
    law_moves,
)
