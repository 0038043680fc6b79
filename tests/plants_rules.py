"""Faults of logic that a proof must find in rules: never, always, twice, covered, needless, overlap, hole."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from plant import At, Base, Changes, Plant, Steps, value_at
from plant_shows import all_fire, exactly, fires_beside, none_fires, taken_before
from plant_spots import Spot, both, fact_of, plain_test, spots, tested, tests_in

from kb.condition import Dated, tests_of
from kb.derivation import Bands, Ratio

_SAYS = {"id": "Contoh", "en": "Example"}
_ENOUGH = 40


def _more(base: Base, spot: Spot, also: Any) -> tuple[str, Steps, Any]:
    return spot.file, spot.when, both(value_at(base.data[spot.file], spot.when), also)


def new_caution(base: Base, name: str, when: Any, days: Any = None) -> tuple[Changes, At]:
    """The change that adds a caution, and its place."""
    file, _, model = next(found for found in base.entries("programme/") if "caution" in found[2])
    entry = {"caution": name, "when": when, "says": _SAYS, "source": model["source"]}
    entry |= {"in_force": days} if days else {}
    end = len(base.data[file])
    return base.changed((file, (end,), entry)), At(file, (end, "caution"))


def never_itself(base: Base) -> Iterator[Plant]:
    for spot in spots(base):
        when = value_at(base.data[spot.file], spot.when)
        if len([*tests_in(when)]) <= 4:
            files = base.changed(_more(base, spot, {"not": when}))
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
            small = {name: {"at_least": "300"}, over: {"at_most": "1000"}, under: {"at_least": "1000"}}
            if fact.domain.type == "percent":
                conditions.append((f"{name} above what its parts allow", small))
            most = {name: {"above": "500000"}, under: {"above": "5000000"}, over: {"below": "1000"}}
            conditions.append((f"{name} far above what its parts allow", most))
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
            path = (key, len(base.data[spot.file][key]))  # type: ignore[assignment]
            name = f"{spot.rule.rsplit('_', 1)[0]}_{int(path[1]) + 1}"  # type: ignore[misc]
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


def _extra(base: Base, spot: Spot, number: int) -> Any:
    """A test on a fact that the rule does not read."""
    read = {term for _, term, _ in tests_in(value_at(base.data[spot.file], spot.when))}
    facts = [
        n for n, f in base.knowledge.facts.items() if f.domain.type == "boolean" and n not in read and not f.derived
    ]
    return {facts[number % len(facts)]: "true"}


def covered(base: Base) -> Iterator[Plant]:
    """A narrower rule beside a wider one of its kind; an entry behind one that takes all it is for."""
    for number, spot in enumerate(s for s in spots(base) if s.kind in ("bar", "eligible", "eligibility")):
        entry = copy.deepcopy(value_at(base.data[spot.file], spot.entry))
        entry["when"] = both(entry["when"], _extra(base, spot, number))
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
            extra = _extra(base, one, 3 * number + len(owner))
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
        one, other, third = (_extra(base, spot, 5 * number + k) for k in range(3))
        bars = [entry | {"when": when} for when in (one, other, both({"any": [one, other]}, third))]
        listed = [*base.data[spot.file]["barred_by"], *bars]
        name = f"{spot.owner}.bar_{len(listed)}"
        shows = fires_beside(name, *(f"{spot.owner}.bar_{n}" for n in range(1, len(listed))))
        at = At(spot.file, ("barred_by", len(listed) - 1))
        files = base.changed((spot.file, ("barred_by",), listed))
        what = f"a third bar of {spot.owner}"
        yield Plant("covered by several together", what, files, ("PR104",), at, (f"'{name}'",), shows)


def needless(base: Base) -> Iterator[Plant]:
    """A part of a condition that follows from the rest."""
    for number, spot in enumerate(spots(base)):
        when = value_at(base.data[spot.file], spot.when)
        if spot.kind != "finding" and not any(
            isinstance(v, dict) and {"known", "grade_at_least"} & {*v} for _, _, v in tests_in(when)
        ):
            wider = {"any": [when, both(when, _extra(base, spot, number))]}
            files = base.changed((spot.file, spot.when, wider))
            what = f"an alternative of {spot.rule} within another"
            yield Plant(
                "part that changes nothing", what, files, ("PR105",), spot.at, (spot.rule,), all_fire(spot.rule)
            )
    for test in tested(base):
        plain, domain = plain_test(test), fact_of(test, base).domain
        rule, path = test.spot.rule, test.path
        if plain and plain[0] == "is" and domain.type == "level":
            level = domain.values.index(plain[1])
            if level > 0:
                files = base.changed((test.spot.file, path, {"is": plain[1], "is_not": domain.values[0]}))
                what = f"{test.term} is_not {domain.values[0]} in {rule}"
                yield Plant("part that changes nothing", what, files, ("PR105",), test.spot.at, (rule,), all_fire(rule))
        if (
            plain
            and plain[0] in ("at_least", "above")
            and domain.type in ("integer", "percent")
            and not plain[1].startswith("$")
        ):
            lower = str(int(plain[1]) - 1)
            words = {"at_least": "above", "above": "at_least"}
            files = base.changed((test.spot.file, path, {plain[0]: plain[1], words[plain[0]]: lower}))
            what = f"{test.term} {words[plain[0]]} {lower} beside {plain[0]} {plain[1]} in {rule}"
            yield Plant("part that changes nothing", what, files, ("PR105",), test.spot.at, (rule,), all_fire(rule))


def needless_across_stages(base: Base) -> Iterator[Plant]:
    """A test that a finding already makes, beside the finding."""
    for finding in base.knowledge.findings.values():
        _, _, factor = next(f for f in base.entries("swot/") if f[2]["factor"] == finding.factor)
        written = next(f for f in factor["findings"] if f["id"] == finding.id)
        for path, fact, value in tests_in(written["when"]):
            if len(path) == 1 and "in_force" not in written:
                files, at = new_caution(base, "berlebih", {finding.id: "true", fact: value})
                what = f"{fact} beside {finding.id}"
                shows = all_fire("berlebih")
                yield Plant("part that an earlier stage says", what, files, ("PR105",), at, ("'berlebih'",), shows)


def overlap_by_arithmetic(base: Base) -> Iterator[Plant]:
    """Findings that can hold together, which only arithmetic over derived facts tells."""
    for file, _, factor in base.entries("swot/"):
        for (first, one), (second, other) in combinations(enumerate(factor["findings"]), 2):
            read = {term for f in (one, other) for _, term, _ in tests_in(f["when"])}
            if not any(base.knowledge.facts[term].derived for term in read):
                continue
            names = (one["id"], other["id"])
            at = At(file, ("findings", second, "id"))
            for index, finding, wide in ((first, one, other), (second, other, one)):
                when = {"any": [finding["when"], wide["when"]]}
                path: Steps = ("findings", index)
                examples = copy.deepcopy(finding["examples"])
                stated = {
                    k: v for e in (*wide["examples"]["fires"], *finding["examples"]["fires"]) for k, v in e.items()
                }
                for example in (*examples["fires"], *examples["silent"]):
                    example |= {k: v for k, v in stated.items() if k not in example}
                files = base.changed((file, (*path, "when"), when), (file, (*path, "examples"), examples))
                what = f"{finding['id']} also where {wide['id']} holds"
                yield Plant(
                    "findings overlap by arithmetic", what, files, ("PR106", "KB408"), at, names, all_fire(*names)
                )
            for index, finding in ((first, one), (second, other)):
                yield from _a_step_wider(base, file, index, finding, at, names)


def _a_step_wider(base: Base, file: str, index: int, finding: Any, at: At, names: tuple[str, str]) -> Iterator[Plant]:
    other = next(f for f in base.data[file]["findings"] if f["id"] in names and f["id"] != finding["id"])
    bounds = {(t, word, c) for _, t, v in tests_in(other["when"]) if isinstance(v, dict) for word, c in v.items()}
    meeting = {"below": ("at_least", "at_most"), "above": ("at_most", "at_least")}
    for path, term, test in tests_in(finding["when"]):
        if len(path) == 1 and isinstance(test, dict) and base.knowledge.facts[term].derived:
            for word, value in test.items():
                if word in meeting and (term, meeting[word][0], value) in bounds:
                    wider = {(meeting[word][1] if w == word else w): v for w, v in test.items()}
                    files = base.changed((file, ("findings", index, "when", *path), wider))
                    what = f"{names[0]} and {names[1]} at {term} {value}"
                    yield Plant("findings overlap by arithmetic", what, files, ("PR106",), at, names, all_fire(*names))


def holes(base: Base) -> Iterator[Plant]:
    """Just the value of a threshold belongs to neither of the findings beside it."""
    opened = {"at_least": "above", "at_most": "below"}
    meets = {"at_least": "below", "at_most": "above"}
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            for path, term, test in tests_in(finding["when"]):
                fact = base.knowledge.facts[term]
                if not isinstance(test, dict) or not fact.domain.ordered or fact.domain.type == "level":
                    continue
                for word, value in test.items():
                    others = [(t, v) for f in factor["findings"] if f is not finding for _, t, v in tests_in(f["when"])]
                    meeting = meets.get(word, "")
                    beside = any(t == term and isinstance(v, dict) and v.get(meeting) == value for t, v in others)
                    if word not in opened or not beside or not value.lstrip("-").isdigit():
                        continue
                    narrower = {(opened[word] if w == word else w): v for w, v in test.items()}
                    files = base.changed((file, ("findings", index, "when", *path), narrower))
                    rules = [f["id"] for f in factor["findings"]]
                    what = f"{term} of exactly {value} in {factor['factor']}"
                    shows = exactly(term, Fraction(value), *rules)
                    yield Plant(
                        "hole at a threshold", what, files, ("PR110",), At(file, ("factor",)), (term, value), shows
                    )


def holes_in_a_rule(base: Base) -> Iterator[Plant]:
    """`above 5` beside `below 5` in one rule; of whole numbers also `at_least 6` beside `at_most 4`."""
    for number, fact in enumerate(base.knowledge.facts.values()):
        domain = fact.domain
        if domain.type not in ("money", "integer", "percent", "decimal") or fact.protected:
            continue
        value = 5 if domain.low is None or domain.high is None else (domain.low + domain.high) // 2
        text = domain.written(value)
        sides = [{fact.id: {"above": text}}, {fact.id: {"below": text}}]
        if domain.step is not None and number % 2:
            sides = [
                {fact.id: {"at_least": domain.written(value + 1)}},
                {fact.id: {"at_most": domain.written(value - 1)}},
            ]
        files, at = new_caution(base, "berlubang", {"any": sides})
        shows = exactly(fact.id, Fraction(value) * (domain.step or 1), "berlubang")
        what = f"{fact.id} of exactly {text}"
        yield Plant("hole in a rule", what, files, ("PR110",), at, ("'berlubang'", fact.id), shows)


def hole_at_a_day(base: Base) -> Iterator[Plant]:
    """A fact that is a date, and a factor that leaves out one day."""
    file = next(name for name in base.data if name.startswith("vocabulary/"))
    for axis, letters in (("internal", "SW"), ("external", "OT")):
        model_file, _, model = next(base.entries(f"swot/{axis}"))
        day, sides = "2015-07-01", {"S": "strength", "W": "weakness", "O": "opportunity", "T": "threat"}
        fact = {
            "id": "tanggal_mulai",
            "label": {"id": "Tanggal mulai", "en": "First day"},
            "type": "date",
            "min": "1950-01-01",
            "max": "2050-12-31",
            "ask": {"id": "Kapan mulai?", "en": "When did it begin?"},
            "answered_by": "firm",
            "evidence": {"id": "Akta", "en": "Deed"},
        }
        findings = [
            {
                "id": f"{letter}-tanggal_mulai",
                "side": sides[letter],
                "rating": "2",
                "when": {"tanggal_mulai": {word: day}},
                "says": _SAYS,
                "examples": {"fires": [{"tanggal_mulai": first}], "silent": [{"tanggal_mulai": other}]},
            }
            for letter, word, first, other in (
                (letters[0], "below", "2015-06-30", "2015-07-01"),
                (letters[1], "above", "2015-07-02", "2015-07-01"),
            )
        ]
        factor = {**model, "factor": "tanggal_mulai", "findings": findings}
        new = f"swot/{axis}/tanggal_mulai.yaml"
        files = {**base.changed((file, (len(base.data[file]),), fact)), new: factor}
        rules = [f["id"] for f in findings]

        def shows(engine: Any, decision: Any, problem: Any, rules: tuple[str, ...] = tuple(rules)) -> bool:
            return problem.example["tanggal_mulai"] == "2015-07-01" and none_fires(*rules)(engine, decision, problem)

        what = f"one day, {axis}, beside {model_file}"
        yield Plant("hole at a threshold", what, files, ("PR110",), At(new, ("factor",)), (day,), shows)


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
    needless,
    needless_across_stages,
    overlap_by_arithmetic,
    holes,
    holes_in_a_rule,
    hole_at_a_day,
)
