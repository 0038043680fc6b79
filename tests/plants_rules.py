"""Faults of logic that a proof must find in rules: they never hold, always do, say a thing twice, or are covered."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from plant import At, Base, Plant, value_at
from plant_shows import all_fire, fires_beside, none_fires, taken_before
from plant_spots import Spot, another_test, asks_more, both, fact_of, new_caution, spots, tested, tests_in

from kb.condition import Dated, tests_of
from kb.derivation import Bands, Ratio


def never_itself(base: Base) -> Iterator[Plant]:
    for spot in spots(base):
        when = value_at(base.data[spot.file], spot.when)
        if len([*tests_in(when)]) <= 4:
            files = base.changed(asks_more(base, spot, {"not": when}))
            what = f"{spot.rule} asks for a thing and its contrary"
            yield Plant("never holds", what, files, ("PR101",), spot.at, (spot.rule,), none_fires(spot.rule))


def never_by_arithmetic(base: Base) -> Iterator[Plant]:
    """What a derived fact must be contradicts what it is computed from, or is beyond what that allows."""
    conditions: list[tuple[str, Any]] = []
    for name, fact in base.knowledge.facts.items():
        if isinstance(fact.derived, Ratio):
            over, under = fact.derived.numerator, fact.derived.denominator
            top = base.knowledge.facts[over].domain
            if top.low is not None and top.low >= 0:
                conditions.append((f"{name} below 0", {name: {"below": "0"}}))
            if top.low is not None and top.low < 0:
                conditions.append((f"{name} negative of a gain", {name: {"below": "0"}, over: {"at_least": "0"}}))
            bottom = base.knowledge.facts[under].domain
            if bottom.low is not None and bottom.high is not None and bottom.high > 1000 and bottom.step == 1:
                # The most that the upper and the least that the lower part may be give less than is asked.
                some = min(bottom.high // 2, 5_000_000)
                tests = {under: {"at_least": str(some)}, over: {"at_most": str(some)}}
                percent = 100 if fact.domain.type == "percent" else 1
                for more in (1, 3, 500):
                    when = {name: {"above": str(more * percent)}, **tests}
                    conditions.append((f"{name} above {more * percent} though {over} is no more than {under}", when))
        if isinstance(fact.derived, Bands):
            tests = [test for test, _, _ in fact.derived.limits if test is not None]
            bounds = [bound for test in tests for one in tests_of(test) for bound in one.bounds]
            for number, bound in enumerate(b for b in bounds if isinstance(b.operand, Dated)):
                for value in fact.domain.values[: len(fact.domain.values) - 1 - number]:
                    told = {name: value, fact.derived.of: {"at_most": f"${bound.operand.parameter}"}}
                    conditions.append((f"{name} {value} within {bound.operand.parameter}", told))
            for bound in (b for b in bounds if isinstance(b.operand, tuple)):
                listed = [str(code) for code in bound.operand]
                conditions.append((f"{name} of another form", {name: "true", fact.derived.of: {"none_of": listed}}))
                conditions.append((f"{name} denied of its form", {name: "false", fact.derived.of: {"one_of": listed}}))
    for what, when in conditions:
        files, at = new_caution(base, "tak_mungkin", when)
        kind = "never holds by arithmetic"
        yield Plant(kind, what, files, ("PR101",), at, ("'tak_mungkin'",), none_fires("tak_mungkin"))


def never_by_term(base: Base) -> Iterator[Plant]:
    """A term's value asked for, and that the entry that gives it fails."""
    for _, _, term in base.entries("eligibility/"):
        for entry in term["first_of"]:
            days = entry.get("in_force", {})
            alike = [e for e in term["first_of"] if e["value"] == entry["value"] and e.get("in_force", {}) == days]
            if "when" in entry and len(alike) == 1:
                when = both({term["term"]: entry["value"]}, {"not": entry["when"]})
                files, at = new_caution(base, "tak_mungkin", when, days)
                what = f"{term['term']} {entry['value']} without its condition, {days}"
                kind = "never holds across stages"
                yield Plant(kind, what, files, ("PR101",), at, ("'tak_mungkin'",), none_fires("tak_mungkin"))
    for _, _, factor in base.entries("swot/"):
        for one, other in combinations(factor["findings"], 2):
            if "in_force" not in one and "in_force" not in other:
                files, at = new_caution(base, "tak_mungkin", {one["id"]: "true", other["id"]: "true"})
                what = f"{one['id']} and {other['id']} at once"
                kind = "never holds: two findings of a factor"
                yield Plant(kind, what, files, ("PR101",), at, ("'tak_mungkin'",), none_fires("tak_mungkin"))


def never_under_one_law(base: Base) -> Iterator[Plant]:
    """A value of a term asked for on days on which the law of the day does not give it."""
    for _, _, term in base.entries("eligibility/"):
        periods = [e["in_force"] for e in term["first_of"] if "in_force" in e]
        for value in term["values"]:
            for days in {(p["from"], p.get("until", "")): p for p in periods}.values():
                start, end = days["from"], days.get("until", "9999-12-31")
                giving = [e["in_force"] for e in term["first_of"] if e["value"] == value]
                if any(p["from"] <= end and p.get("until", "9999-12-31") >= start for p in giving):
                    continue
                wide = {"from": start}
                for told, bounded in ((days, True), (wide, False)):
                    later = any(p["from"] > end for p in giving)
                    if not bounded and not later:
                        continue
                    files, at = new_caution(base, "tak_pernah", {term["term"]: value}, told)
                    what = f"{term['term']} {value}, {told}"
                    yield Plant(
                        "never holds under one law",
                        what,
                        files,
                        ("PR101",),
                        at,
                        ("'tak_pernah'",),
                        none_fires("tak_pernah"),
                    )


def always(base: Base) -> Iterator[Plant]:
    facts = [fact for fact in base.knowledge.facts.values() if not fact.protected]
    wide: list[Any] = []
    for fact in facts:
        domain = fact.domain
        if domain.type == "boolean":
            wide.append({"any": [{fact.id: "true"}, {fact.id: "false"}]})
        elif domain.type == "level":
            wide.append({fact.id: {"at_least": domain.values[0]}})
        elif domain.type == "choice":
            wide.append({fact.id: {"one_of": list(domain.values)}})
        elif isinstance(fact.derived, Ratio) and base.knowledge.facts[fact.derived.numerator].domain.low == 0:
            wide.append({fact.id: {"at_least": "0"}})
        elif domain.low is not None and domain.high is not None:
            wide.append({fact.id: {"at_most": domain.written(domain.high)}})
    for number, spot in enumerate(s for s in spots(base) if s.kind not in ("finding", "eligibility")):
        when = wide[(13 * number) % len(wide)]
        files = base.changed((spot.file, spot.when, when))
        what = f"{spot.rule} whatever {next(iter(when))} is"
        yield Plant("always holds", what, files, ("PR102",), spot.at, (spot.rule,), all_fire(spot.rule))


def always_found(base: Base) -> Iterator[Plant]:
    """The only finding of a factor, its threshold where the range begins."""
    for test in tested(base, "finding"):
        domain = fact_of(test, base).domain
        alone = len(base.data[test.spot.file]["findings"]) == 1 and len(test.path) == 4
        if alone and len(value_at(base.data[test.spot.file], test.spot.when)) == 1 and domain.values:
            wide = {"at_least": domain.values[0]} if domain.type == "level" else {"one_of": list(domain.values)}
            files = base.changed((test.spot.file, test.path, wide))
            rule = test.spot.rule
            yield Plant(
                "always holds", f"{rule}, the whole range", files, ("PR102",), test.spot.at, (rule,), all_fire(rule)
            )


def twice(base: Base) -> Iterator[Plant]:
    """A rule once more, under another name or in other words."""
    kinds = {"caution": "programme", "bar": "barred_by", "eligible": "eligible", "prepare": "prepare"}
    kinds["pattern_caution"] = "cautions"
    for number, spot in enumerate(s for s in spots(base) if s.kind in kinds):
        entry = copy.deepcopy(value_at(base.data[spot.file], spot.entry))
        when = entry["when"]
        entry["when"] = (when, {"all": [when]}, {"not": {"not": when}})[number % 3]
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


KINDS = (
    never_itself,
    never_by_arithmetic,
    never_by_term,
    never_under_one_law,
    always,
    always_found,
    twice,
    covered,
    covered_together,
)
