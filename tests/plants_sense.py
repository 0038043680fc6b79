"""Faults of sense that the checks find without a solver: stages, axes, what nothing uses, what cannot be told apart."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import Any

from plant import KEY, REMOVED, SEED, At, Base, Plant, Steps, value_at
from plant_shows import all_fire
from plant_spots import Spot, both, fact_of, plain_test, spots, tested, tests_in

from kb.rules import facts_read, rules_of

_SIDES = {"internal": ("strength", "weakness"), "external": ("opportunity", "threat")}


def _more(base: Base, spot: Spot, also: dict[str, Any]) -> tuple[str, Steps, Any]:
    """The change that lets a rule ask for something more; in a list of its own, so that no key is overwritten."""
    return spot.file, spot.when, both(value_at(base.data[spot.file], spot.when), also)


def later_stage(base: Base) -> Iterator[Plant]:
    later = [(term, e.domain.values[0]) for term, e in base.knowledge.eligibility.items()]
    later += [("class", c.id) for c in base.knowledge.table.classes]
    later += [(finding, "true") for finding in base.knowledge.findings]
    early = [spot for spot in spots(base) if spot.kind in ("finding", "eligibility")]
    for number, spot in enumerate(early):
        term, value = later[(5 * number) % len(later)]
        if spot.kind == "eligibility" and term in base.knowledge.eligibility:
            term, value = "class", base.knowledge.table.classes[0].id
        files = base.changed(_more(base, spot, {term: value}))
        at = At(spot.file, (*spot.when, "all", 1, term, KEY))
        yield Plant("term of a later stage", f"{term} in {spot.rule}", files, ("KB403",), at, (f"'{term}'",))


def other_axis(base: Base) -> Iterator[Plant]:
    inner = [t for t in tested(base, "finding") if t.spot.file.startswith("swot/internal")]
    outer = [t for t in tested(base, "finding") if t.spot.file.startswith("swot/external")]
    own = {t.term for t in inner if fact_of(t, base).derived is None}
    for number, test in enumerate(outer):
        foreign = inner[(11 * number) % len(inner)]
        if foreign.term in own:
            files = base.changed(_more(base, test.spot, {foreign.term: foreign.value}))
            what = f"{foreign.term} in {test.spot.rule}"
            yield Plant("fact of the other axis", what, files, ("KB404",), test.spot.at, (f"'{foreign.term}'",))


def protected(base: Base) -> Iterator[Plant]:
    """A personal trait read directly, through a derived fact, or by an entry that later rules rest on."""
    traits = [(name, fact) for name, fact in base.knowledge.facts.items() if fact.protected]
    for number, spot in enumerate(spots(base) if traits else ()):
        name, fact = traits[number % len(traits)]
        value = fact.domain.values[0] if fact.domain.values else "Kebumen"
        kind = "protected fact through an eligibility term" if spot.kind == "eligibility" else "protected fact"
        if number % 3 or not fact.domain.values:
            files = base.changed(_more(base, spot, {name: value}))
            yield Plant(kind, f"{name} in {spot.rule}", files, ("KB415",), spot.at, (f"'{name}'", spot.rule))
            continue
        file, _, _ = next(found for found in base.entries("vocabulary/") if found[2]["id"] == name)
        new = {
            "id": "sifat_turunan",
            "label": {"id": "Sifat turunan", "en": "Derived trait"},
            "type": "boolean",
            "derived": {"bands": {"of": name, "limits": [{"one_of": [value], "is": "true"}, {"is": "false"}]}},
        }
        files = base.changed((file, (len(base.data[file]),), new), _more(base, spot, {"sifat_turunan": "true"}))
        what = f"{name} by way of a derived fact in {spot.rule}"
        yield Plant("protected fact through a derived one", what, files, ("KB415",), spot.at, (f"'{name}'", spot.rule))


def unused_fact(base: Base) -> Iterator[Plant]:
    for file, _, fact in base.entries("vocabulary/"):
        if "derived" not in fact and "protected" not in fact:
            new = {**fact, "id": f"{fact['id']}_lain"}
            end = len(base.data[file])
            files = base.changed((file, (end,), new))
            at = At(file, (end, "id"))
            yield Plant("unused fact", f"{new['id']}, a new one", files, ("KB501",), at, (f"'{new['id']}'",))
    knowledge = base.knowledge
    readers = Counter(fact for rule in rules_of(knowledge) for fact in facts_read(rule.when, knowledge))
    operands = {operand for fact in knowledge.facts.values() for operand in fact.operands()}
    for test in tested(base):
        alone = readers[test.term] == 1 and test.term not in operands | {knowledge.manifest.present_relation}
        if alone and len(value_at(base.data[test.spot.file], test.path[:-1])) > 1:
            files = base.changed((test.spot.file, test.path, REMOVED))
            what = f"{test.term}, no longer read by {test.spot.rule}"
            at = base.place(knowledge.facts[test.term].mark)
            yield Plant("unused fact", what, files, ("KB501",), at, (f"'{test.term}'",))


def unused_law(base: Base) -> Iterator[Plant]:
    for file, _, entry in base.entries("law/"):
        kind, code = ("source", "KB503") if "source" in entry else ("parameter", "KB504")
        name = f"{entry[kind]}.lama"
        end = len(base.data[file])
        files = base.changed((file, (end,), {**entry, kind: name}))
        yield Plant(f"unused {kind}", name, files, (code,), At(file, (end, kind)), (f"'{name}'",))


def unanswered(base: Base) -> Iterator[Plant]:
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            if "answered_by" in finding:
                path: Steps = ("findings", index)
                files = base.changed((file, (*path, "answered_by"), REMOVED))
                at = At(file, (*path, "id"))
                yield Plant("finding that nothing answers", finding["id"], files, ("KB507",), at, (finding["id"],))


def idle_action(base: Base) -> Iterator[Plant]:
    for file, _, entry in base.entries("programme/"):
        if "action" in entry and "standing" not in entry:
            new = {**entry, "action": f"{entry['action']}_lain"}
            end = len(base.data[file])
            files = base.changed((file, (end,), new))
            what = f"{new['action']}, a new one"
            yield Plant("action that answers nothing", what, files, ("KB508",), At(file, (end, "action")))
            answered = [
                (name, ("findings", n, "answered_by"), [a for a in f["answered_by"] if a != entry["action"]])
                for name, _, factor in base.entries("swot/")
                for n, f in enumerate(factor["findings"])
                if entry["action"] in f.get("answered_by", ())
            ]
            if all(left for _, _, left in answered):
                what = f"{entry['action']}, named nowhere"
                files = base.changed(*answered)
                at = base.place(base.knowledge.actions[entry["action"]].mark)
                yield Plant("action that answers nothing", what, files, ("KB508",), at, (f"'{entry['action']}'",))


def never_asked(base: Base) -> Iterator[Plant]:
    """An entry loses its condition and takes all firms from those after it."""
    for file, _, term in base.entries("eligibility/"):
        for index, entry in enumerate(term["first_of"]):
            days = entry.get("in_force", {})
            for after, other in enumerate(term["first_of"]):
                if "when" in entry and after > index and other.get("in_force", {}) == days:
                    files = base.changed((file, ("first_of", index, "when"), REMOVED))
                    what = f"{term['term']}, entry {after + 1} behind {index + 1}"
                    yield Plant("entry never asked", what, files, ("KB511",), At(file, ("first_of", after)))


def fallbacks(base: Base) -> Iterator[Plant]:
    patterns = {entry["pattern"]: (file, entry) for file, _, entry in base.entries("patterns/")}
    last = next((name for name, (_, entry) in patterns.items() if "fallback" in entry), None)
    if last is None:
        return
    files = base.changed((patterns[last][0], ("fallback",), REMOVED))
    yield Plant("no fallback, or two", "none", files, ("KB512",), None)
    for name, (file, _) in patterns.items():
        if name != last:
            files = base.changed((file, ("fallback",), "true"))
            later = max(name, last)
            at = At(patterns[later][0], ("pattern",))
            yield Plant("no fallback, or two", f"{name} as well", files, ("KB421",), at, (f"'{later}'",))


def bar_unread(base: Base) -> Iterator[Plant]:
    unread = [name for name, source in base.knowledge.sources.items() if source.checked in ("assumption", "memory")]
    for number, spot in enumerate(s for s in spots(base) if s.kind == "bar"):
        files = base.changed((spot.file, (*spot.entry, "source"), [unread[number % len(unread)]]))
        at = At(spot.file, (*spot.entry, "source", 0))
        yield Plant("bar without a law that was read", spot.rule, files, ("KB422",), at, (spot.rule,))


def asks_knowledge(base: Base) -> Iterator[Plant]:
    for test in tested(base, "finding", "eligibility", "requires", "bar"):
        word, value = (("known", "true"), ("grade_at_least", "document"))[len(test.term) % 2]
        files = base.changed((test.spot.file, test.path, {word: value}))
        at = At(test.spot.file, (*test.path, word, KEY))
        yield Plant("test of knowledge in a rule that decides", test.spot.rule, files, ("KB414",), at)


def unsaid(base: Base) -> Iterator[Plant]:
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            for kind in ("fires", "silent"):
                for number, example in enumerate(finding["examples"][kind]):
                    if len(example) > 1:
                        name = list(example)[number % len(example)]
                        path: Steps = ("findings", index, "examples", kind, number)
                        files = base.changed((file, (*path, name), REMOVED))
                        what = f"{name} in an example of {finding['id']}"
                        yield Plant("example leaves a fact unsaid", what, files, ("KB417",), At(file, path), (name,))


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


def other_unit(base: Base) -> Iterator[Plant]:
    units = sorted({fact.unit for fact in base.knowledge.facts.values() if fact.unit})
    where = {entry.get("parameter"): (file, path) for file, path, entry in base.entries("law/")}
    for test in tested(base):
        plain, unit = plain_test(test), fact_of(test, base).unit
        if plain and plain[1].startswith("$") and unit and unit != "per tahun":
            file, path = where[plain[1][1:]]
            other = units[(units.index(unit) + 1) % len(units)]
            files = base.changed((file, (*path, "unit"), other))
            at = At(test.spot.file, (*test.path, plain[0]))
            what = f"{plain[1]} in {other}, read by {test.spot.rule}"
            yield Plant("parameter in another unit", what, files, ("KB423",), at, (plain[1],))


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


def loose_claim(base: Base) -> Iterator[Plant]:
    for file, where, one in base.entries("invariants"):
        extra = "actions" if one["claim"] != "never_offered" else "patterns"
        files = base.changed((file, (*where, extra), ["lain"]))
        at = At(file, (*where, extra, KEY))
        yield Plant("invariant with a key that is not its own", one["invariant"], files, ("KB425",), at)


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
    later_stage,
    other_axis,
    protected,
    unused_fact,
    unused_law,
    unanswered,
    idle_action,
    never_asked,
    fallbacks,
    bar_unread,
    asks_knowledge,
    unsaid,
    overlaps,
    class_tables,
    derived_facts,
    too_wide,
    other_unit,
    out_of_balance,
    loose_claim,
    dimensions,
)
