"""Faults of logic that a proof must find: rules that never hold, ever or under one law, and rules that always do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from plant import At, Base, Plant, value_at
from plant_shows import all_fire, met_and_not_told, none_fires
from plant_spots import asks_more, both, fact_of, new_caution, spots, tested, tests_in

from kb.condition import Dated, tests_of
from kb.derivation import Bands, Ratio


def never_itself(base: Base) -> Iterator[Plant]:
    for spot in spots(base):
        when = value_at(base.data[spot.file], spot.when)
        if len([*tests_in(when)]) <= 4:
            files = base.changed(asks_more(base, spot, {"not": when}))
            what = f"{spot.rule} asks for a thing and its contrary"
            yield Plant("never holds", what, files, ("PR101",), spot.at, (spot.rule,), none_fires(spot.rule))


def never_agreed(base: Base) -> Iterator[Plant]:
    """A principle of partnership that no firm meets, for one pattern or for all that have no test of their own."""
    patterns = list(base.knowledge.patterns)
    for file, where, entry in base.entries("principles"):
        at = At(file, (*where, "principle"))
        others = [name for name in patterns if name not in entry.get("for", {})]
        ways = [((*where, "when"), entry["when"], others)]
        ways += [((*where, "for", name), when, [name]) for name, when in entry.get("for", {}).items()]
        for path, when, meant in ways:
            rules = [f"{name}.{entry['principle']}" for name in meant]
            files = base.changed((file, path, both(when, {"not": when})))
            what = f"{entry['principle']} of {meant[0] if path[-1] != 'when' else 'all others'}"
            yield Plant("principle that never holds", what, files, ("PR101",), at, ("never hold",), none_fires(*rules))


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
                    yield from _clause_of_another_law(base, term["term"], value, told)
                    yield Plant(
                        "never holds under one law",
                        what,
                        files,
                        ("PR101",),
                        at,
                        ("'tak_pernah'",),
                        none_fires("tak_pernah"),
                    )


def _clause_of_another_law(base: Base, term: str, value: str, days: Any) -> Iterator[Plant]:
    """The same asked by a clause on who is eligible for a pattern, while that is in force."""
    for file, _, pattern in base.entries("patterns/"):
        if pattern.get("in_force", {"from": ""})["from"] > days["from"] or "in_force" not in pattern:
            continue
        end = len(pattern["eligible"])
        clause = {**pattern["eligible"][0], "when": {term: value}, "in_force": days}
        name = f"{pattern['pattern']}.eligible_{end + 1}"
        what = f"{term} {value} in {name}, {days}"
        files = base.changed((file, ("eligible", end), clause))
        at = At(file, ("eligible", end))
        yield Plant("never holds under one law", what, files, ("PR101",), at, (f"'{name}'",), none_fires(name))


def never_told(base: Base) -> Iterator[Plant]:
    """An action for nobody who has what it answers; advice for those who meet the requirement already."""
    kind = "rule that is met and never told"
    findings = [(f["when"], f) for _, _, factor in base.entries("swot/") for f in factor["findings"]]
    for file, where, entry in base.entries("programme/"):
        answered = [when for when, f in findings if entry.get("action") in f.get("answered_by", ())]
        if answered and "standing" not in entry and len([*tests_in({"any": answered})]) <= 8:
            files = base.changed((file, (*where, "when"), {"not": {"any": answered}}))
            at = At(file, (*where, "action"))
            shows = met_and_not_told(entry["action"])
            yield Plant(kind, f"{entry['action']}", files, ("PR113",), at, (f"'{entry['action']}'",), shows)
    for file, _, pattern in base.entries("patterns/"):
        for index in range(len(pattern.get("prepare", ()))):
            name = f"{pattern['pattern']}.prepare_{index + 1}"
            required = pattern["requires"].get("when", pattern["requires"])
            files = base.changed((file, ("prepare", index, "when"), required))
            at = At(file, ("prepare", index))
            yield Plant(kind, name, files, ("PR113",), at, (f"'{name}'",), met_and_not_told(name))


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


KINDS = (
    never_itself,
    never_agreed,
    never_by_arithmetic,
    never_by_term,
    never_under_one_law,
    never_told,
    always,
    always_found,
)
