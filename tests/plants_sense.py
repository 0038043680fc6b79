"""Faults of sense that the checks find without a solver: stages, axes, what nothing uses, what may not be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plant import KEY, REMOVED, At, Base, Plant, Steps, value_at
from plant_spots import asks_more, fact_of, plain_test, spots, tested

from kb.rules import facts_read, rules_of

_SIDES = {"internal": ("strength", "weakness"), "external": ("opportunity", "threat")}


def later_stage(base: Base) -> Iterator[Plant]:
    later = [(term, e.domain.values[0]) for term, e in base.knowledge.eligibility.items()]
    later += [("class", c.id) for c in base.knowledge.table.classes]
    later += [(finding, "true") for finding in base.knowledge.findings]
    early = [spot for spot in spots(base) if spot.kind in ("finding", "eligibility")]
    for number, spot in enumerate(early):
        term, value = later[(5 * number) % len(later)]
        if spot.kind == "eligibility" and term in base.knowledge.eligibility:
            term, value = "class", base.knowledge.table.classes[0].id
        files = base.changed(asks_more(base, spot, {term: value}))
        at = At(spot.file, (*spot.when, "all", 1, term, KEY))
        yield Plant("term of a later stage", f"{term} in {spot.rule}", files, ("KB403",), at, (f"'{term}'",))


def other_axis(base: Base) -> Iterator[Plant]:
    inner = [t for t in tested(base, "finding") if t.spot.file.startswith("swot/internal")]
    outer = [t for t in tested(base, "finding") if t.spot.file.startswith("swot/external")]
    own = {t.term for t in inner if fact_of(t, base).derived is None}
    for number, test in enumerate(outer):
        foreign = inner[(11 * number) % len(inner)]
        if foreign.term in own:
            files = base.changed(asks_more(base, test.spot, {foreign.term: foreign.value}))
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
            files = base.changed(asks_more(base, spot, {name: value}))
            yield Plant(kind, f"{name} in {spot.rule}", files, ("KB415",), spot.at, (f"'{name}'", spot.rule))
            continue
        file, _, _ = next(found for found in base.entries("vocabulary/") if found[2]["id"] == name)
        new = {
            "id": "sifat_turunan",
            "label": {"id": "Sifat turunan", "en": "Derived trait"},
            "type": "boolean",
            "derived": {"bands": {"of": name, "limits": [{"one_of": [value], "is": "true"}, {"is": "false"}]}},
        }
        files = base.changed((file, (len(base.data[file]),), new), asks_more(base, spot, {"sifat_turunan": "true"}))
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
    # Where a case speaks of the caution that only a fallback brings, its name is unknown first.
    yield Plant("no fallback, or two", "none", files, ("KB512", "KB416"), None)
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


def loose_claim(base: Base) -> Iterator[Plant]:
    for file, where, one in base.entries("invariants"):
        extra = "actions" if one["claim"] != "never_offered" else "patterns"
        files = base.changed((file, (*where, extra), ["lain"]))
        at = At(file, (*where, extra, KEY))
        yield Plant("invariant with a key that is not its own", one["invariant"], files, ("KB425",), at)


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
    other_unit,
    loose_claim,
)
