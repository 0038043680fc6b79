"""Faults of writing: keys, names, ids, sources, languages; each found where it stands when the rules are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plant import KEY, REMOVED, At, Base, Plant, Steps, typo, value_at
from plant_spots import plain_test, tested

_ORDERED = ("at_least", "at_most", "above", "below")


def unknown_fact(base: Base) -> Iterator[Plant]:
    for test in tested(base):
        wrong = typo(test.term)
        files = base.changed(
            (test.spot.file, test.path, REMOVED), (test.spot.file, (*test.path[:-1], wrong), test.value)
        )
        at = At(test.spot.file, (*test.path[:-1], wrong, KEY))
        yield Plant("unknown fact", f"{wrong} in {test.spot.rule}", files, ("KB401",), at, (f"'{wrong}'",))


def _sources(content: Any, path: Steps = ()) -> Iterator[Steps]:
    """Paths of the ids in lists of sources."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "source" and isinstance(value, list):
                yield from ((*path, key, index) for index in range(len(value)))
            else:
                yield from _sources(value, (*path, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _sources(value, (*path, index))


def unknown_source(base: Base) -> Iterator[Plant]:
    for file, content in base.data.items():
        # One of each file, for the longest would drown the others.
        for path in [*_sources(content)][:2]:
            wrong = typo(value_at(content, path))
            files = base.changed((file, path, wrong))
            yield Plant("unknown source", f"{wrong} in {file}", files, ("KB409",), At(file, path), (f"'{wrong}'",))


def unknown_parameter(base: Base) -> Iterator[Plant]:
    for test in tested(base):
        plain = plain_test(test)
        if plain and plain[1].startswith("$"):
            wrong = typo(plain[1])
            files = base.changed((test.spot.file, test.path, {plain[0]: wrong}))
            at = At(test.spot.file, (*test.path, plain[0]))
            yield Plant("unknown parameter", f"{wrong} in {test.spot.rule}", files, ("KB410",), at, (wrong[1:],))


def unknown_reference(base: Base) -> Iterator[Plant]:
    found: list[tuple[str, Steps]] = []
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            found += [(file, ("findings", index, "answered_by", n)) for n in range(len(finding.get("answered_by", ())))]
    for file, where, entry in base.entries("programme/"):
        for side in ("inner", "outer"):
            found += [(file, (*where, side, n)) for n in range(len(entry.get(side, ())))]
    for file, where, one in base.entries("invariants"):
        found += [(file, (*where, "actions", n)) for n in range(len(one.get("actions", ())))]
    for file, where, case in base.entries("cases/"):
        recommended = case["expect"].get("recommended", ())
        if isinstance(recommended, list):
            found += [(file, (*where, "expect", "recommended", n)) for n in range(len(recommended))]
    for file, path in found:
        wrong = typo(value_at(base.data[file], path))
        files = base.changed((file, path, wrong))
        what = f"{wrong} in {file}"
        yield Plant("unknown action, finding or pattern", what, files, ("KB416",), At(file, path), (f"'{wrong}'",))


def _keyed(base: Base) -> Iterator[tuple[str, Steps, str]]:
    """Entries with a key that they need, and that no name hangs on."""
    for file, where, factor in base.entries("swot/"):
        yield file, where, "weight"
        yield from ((file, ("findings", n), "rating") for n in range(len(factor["findings"])))
    for file, where, _ in base.entries("patterns/"):
        yield file, where, "suits"
    for file, where, fact in base.entries("vocabulary/"):
        if "ask" in fact:
            yield file, where, "answered_by"
    for file, where, entry in base.entries("programme/"):
        yield file, where, "field" if "action" in entry else "says"
    for file, where, entry in base.entries("law/"):
        yield file, where, "checked" if "checked" in entry else "label"


def unknown_key(base: Base) -> Iterator[Plant]:
    for file, where, key in _keyed(base):
        wrong = typo(key)
        entry = value_at(base.data[file], where)
        files = base.changed((file, (*where, wrong), entry[key]), (file, (*where, key), REMOVED))
        at = At(file, (*where, wrong, KEY))
        yield Plant("unknown key", f"{wrong} in {file}", files, ("KB201",), at, (f"'{wrong}'",))


def missing_key(base: Base) -> Iterator[Plant]:
    for file, where, key in _keyed(base):
        files = base.changed((file, (*where, key), REMOVED))
        yield Plant("missing key", f"no {key} in {file}", files, ("KB202",), At(file, where), (f"'{key}'",))


def key_twice(base: Base) -> Iterator[Plant]:
    for file, _, factor in base.entries("swot/"):
        line = f"weight: {factor['weight']}\n"
        text = base.texts[file].replace(line, line * 2)
        number = text.splitlines().index(line.strip()) + 2
        yield Plant("key written twice", f"weight in {file}", {file: text}, ("KB106",), At(file, number))


def no_source(base: Base) -> Iterator[Plant]:
    for file, where, entry in (*base.entries("swot/"), *base.entries("patterns/"), *base.entries("programme/")):
        files = base.changed((file, (*where, "source"), REMOVED))
        what = f"of {next(iter(entry.values()))}"
        yield Plant("missing source", what, files, ("KB202",), At(file, where), ("'source'",))
        files = base.changed((file, (*where, "source"), []))
        yield Plant("missing source", f"{what}, an empty list", files, ("KB204",), At(file, (*where, "source")))
    for file, _, pattern in base.entries("patterns/"):
        for index in range(len(pattern.get("barred_by", ()))):
            path: Steps = ("barred_by", index)
            files = base.changed((file, (*path, "source"), REMOVED))
            what = f"of a bar of {pattern['pattern']}"
            yield Plant("missing source", what, files, ("KB202",), At(file, path), ("'source'",))


def _texts(content: Any, path: Steps = ()) -> Iterator[Steps]:
    if isinstance(content, dict):
        if set(content) == {"id", "en"}:
            yield path
        for key, value in content.items():
            yield from _texts(value, (*path, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _texts(value, (*path, index))


def no_english(base: Base) -> Iterator[Plant]:
    for file, content in base.data.items():
        for number, path in enumerate(_texts(content)):
            if number % 5 == 0:
                files = base.changed((file, (*path, "en"), REMOVED))
                yield Plant("missing language", f"English of {path[-1]} in {file}", files, ("KB208",), At(file, path))


def no_words(base: Base) -> Iterator[Plant]:
    """A value or unit that a fact has, without words in labels.yaml or beside the fact."""
    kept = base.data["labels.yaml"]
    for file, where, fact in base.entries("vocabulary/"):
        own = fact.get("value_labels", {})
        for value in (v for v in fact.get("values", ()) if v in kept["values"] and v not in own):
            others = {*base.knowledge.patterns, *(c.id for c in base.knowledge.table.classes)}
            if value not in others:
                files = base.changed(("labels.yaml", ("values", value), REMOVED))
                what = f"{value} of {fact['id']}"
                yield Plant("value or unit without words", what, files, ("KB209",), At(file, (*where, "id")), (value,))
        if fact["type"] not in ("money", "percent") and fact.get("unit") in kept["units"]:
            files = base.changed(("labels.yaml", ("units", fact["unit"]), REMOVED))
            what = f"{fact['unit']} of {fact['id']}"
            yield Plant(
                "value or unit without words", what, files, ("KB209",), At(file, (*where, "id")), (fact["unit"],)
            )


def wrong_id(base: Base) -> Iterator[Plant]:
    for file, where, fact in base.entries("vocabulary/"):
        files = base.changed((file, (*where, "id"), fact["id"].replace("_", "-").capitalize()))
        yield Plant("malformed id", f"of {fact['id']}", files, ("KB205",), At(file, (*where, "id")))
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            path: Steps = ("findings", index, "id")
            other = {"S": "W", "W": "S", "O": "T", "T": "O"}[finding["id"][0]]
            wrong = f"{other}{finding['id'][1:]}"
            files = base.changed((file, path, wrong))
            yield Plant("malformed id", f"{wrong} of a {finding['side']}", files, ("KB205",), At(file, path), (wrong,))


def id_twice(base: Base) -> Iterator[Plant]:
    for start, key in (("vocabulary/", "id"), ("law/", "source"), ("programme/", "action"), ("cases/", "case")):
        entries = [(file, where, e[key]) for file, where, e in base.entries(start) if key in e]
        for (_, _, first), (file, where, _) in zip(entries[::7], entries[5::7]):
            files = base.changed((file, (*where, key), first))
            yield Plant("id used twice", f"{first} in {file}", files, ("KB206",), None, (f"'{first}'",))


def wrong_file(base: Base) -> Iterator[Plant]:
    for start, key in (("swot/", "factor"), ("patterns/", "pattern"), ("eligibility/", "term")):
        for file, where, _ in base.entries(start):
            moved = f"{file.removesuffix('.yaml')}_lain.yaml"
            files = {file: None, moved: base.data[file]}
            what = f"{file} named {moved}"
            yield Plant("file and id differ", what, files, ("KB207",), At(moved, (*where, key)))


def placeholder(base: Base) -> Iterator[Plant]:
    facts = [name for name, fact in base.knowledge.facts.items() if fact.derived is None]
    for start in ("swot/", "patterns/", "programme/"):
        for number, (file, where, entry) in enumerate(base.entries(start)):
            if start == "swot/":
                where = ("findings", number % len(entry["findings"]))
            says: Steps = (*where, "says")
            if "says" not in value_at(base.data[file], where):
                continue
            if start == "patterns/":
                # What a pattern is told in reads nothing; what bars it does.
                says = ("barred_by", 0, "says")
            told = value_at(base.data[file], says)
            wrong = facts[(7 * number) % len(facts)]
            reads = str(
                value_at(base.data[file], (*says[:-1], "when"))
                if "strategy" not in entry and start != "programme/"
                else entry
            )
            if wrong in reads:
                continue
            lang = ("id", "en")[number % 2]
            files = base.changed((file, (*says, lang), f"{told[lang]} ({{{wrong}}})"))
            what = f"{{{wrong}}} in {file}"
            yield Plant("sentence names what its rule does not read", what, files, ("KB418",), At(file, says), (wrong,))


def empty_condition(base: Base) -> Iterator[Plant]:
    from plant_spots import spots

    for number, spot in enumerate(spots(base)):
        when: Any = ({}, {"any": []}, {"all": []})[number % 3]
        path = spot.when if not when else (*spot.when, *when)
        files = base.changed((spot.file, spot.when, when))
        yield Plant("condition is empty", f"of {spot.rule}", files, ("KB419",), At(spot.file, path))


KINDS = (
    unknown_fact,
    unknown_source,
    unknown_parameter,
    unknown_reference,
    unknown_key,
    missing_key,
    key_twice,
    no_source,
    no_english,
    no_words,
    wrong_id,
    id_twice,
    wrong_file,
    placeholder,
    empty_condition,
)
