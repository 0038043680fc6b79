"""Faults at the edges: examples far from a threshold, conclusions no day leads to, what rests on law that has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plant import REMOVED, At, Base, Plant, Steps, day_before
from plant_spots import tests_in

_MOVES = {"at_least": (0, -1), "below": (-1, 0), "at_most": (0, 1), "above": (1, 0)}


def far_example(base: Base) -> Iterator[Plant]:
    """The examples that stand at a threshold are moved some steps away, and stay as true as they were."""
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            for _, term, test in tests_in(finding["when"]):
                fact = base.knowledge.facts[term]
                plain = isinstance(test, dict) and fact.derived is None and fact.domain.step is not None
                for word, bound in test.items() if plain else ():
                    if word in _MOVES and not bound.startswith("$"):
                        yield from _moved(base, file, index, finding, (term, word, bound))


def _moved(base: Base, file: str, index: int, finding: Any, test: tuple[str, str, str]) -> Iterator[Plant]:
    term, word, bound = test
    domain = base.knowledge.facts[term].domain
    threshold = domain.read(bound, False)
    assert isinstance(threshold, int)
    for edge, kind in zip(_MOVES[word], ("fires", "silent"), strict=True):
        # What passes lies above the threshold for at_least and above, below it for the others.
        up = (kind == "fires") == (word in ("at_least", "above"))
        wanted = threshold + (edge if kind == "fires" else _MOVES[word][1] if word in ("at_least", "at_most") else 0)
        far = wanted + (3 if up else -3)
        changes: list[tuple[str, Steps, Any]] = [
            (file, ("findings", index, "examples", which, n, term), domain.written(far))
            for which in ("fires", "silent")
            for n, example in enumerate(finding["examples"][which])
            if term in example and domain.read(example[term]) == wanted
        ]
        inside = domain.low is not None and domain.high is not None and domain.low <= far <= domain.high
        if changes and inside:
            at = At(file, ("findings", index, "id"))
            what = f"{finding['id']} with {term} {domain.written(far)}, not {domain.written(wanted)}"
            yield Plant("example far from the threshold", what, base.changed(*changes), ("KB515",), at, (f"'{term}'",))


def never_concluded(base: Base) -> Iterator[Plant]:
    """A value that no entry gives; a clause of other days than its pattern's; findings that never meet."""
    kind = "conclusion that nothing leads to"
    for file, _, term in base.entries("eligibility/"):
        files = base.changed((file, ("values", len(term["values"])), term["values"][0] + "_lain"))
        yield Plant(kind, f"a value of {term['term']}", files, ("KB516",), At(file, ("term",)), ("_lain'",))
    for file, _, pattern in base.entries("patterns/"):
        start = pattern.get("in_force", {}).get("from", "")
        before = {"until": day_before(start)} if start else {}
        for key in ("eligible", "barred_by", "prepare", "cautions") if start else ():
            for index, clause in enumerate(pattern.get(key, ())):
                if "in_force" not in clause or len(pattern[key]) > 1:
                    files = base.changed((file, (key, index, "in_force"), before))
                    what = f"{key} {index + 1} of {pattern['pattern']} only before {start}"
                    yield Plant(kind, what, files, ("KB516",), At(file, (key, index)), (pattern["pattern"],))


def rests_on_the_past(base: Base) -> Iterator[Plant]:
    """The source of a value ends a day before the value does."""
    where = {entry["source"]: (file, path) for file, path, entry in base.entries("law/") if "source" in entry}
    for file, path, entry in base.entries("law/"):
        for index, value in enumerate(entry.get("values", ())):
            source_file, source_path = where[value["source"]]
            source = base.knowledge.sources[value["source"]]
            if "until" in value and source.period.end and source.period.end.isoformat() == value["until"]:
                files = base.changed((source_file, (*source_path, "until"), day_before(value["until"])))
                at = At(file, (*path, "values", index, "value"))
                what = f"{entry['parameter']}, a day longer than {value['source']}"
                yield Plant("value that outlives its source", what, files, ("KB517",), at, (value["source"],))


def bands_of_nobody(base: Base) -> Iterator[Plant]:
    for file, where, fact in base.entries("vocabulary/"):
        limits = fact.get("derived", {}).get("bands", {}).get("limits", ()) if "derived" in fact else ()
        if "source" in fact and any(not str(v).startswith("$") for one in limits for k, v in one.items() if k != "is"):
            files = base.changed((file, (*where, "source"), REMOVED))
            at = At(file, (*where, "id"))
            yield Plant("missing source of bands", fact["id"], files, ("KB518",), at, (f"'{fact['id']}'",))


def one_language_twice(base: Base) -> Iterator[Plant]:
    kind = "languages that differ, or are one"
    for file, _, factor in base.entries("swot/"):
        files = base.changed((file, ("why", "en"), factor["why"]["id"]))
        yield Plant(kind, f"why of {factor['factor']}", files, ("KB519",), At(file, ("factor",)), (factor["factor"],))
        for index, finding in enumerate(factor["findings"]):
            term = next(iter(finding["when"]))
            if term in base.knowledge.facts and f"{{{term}}}" not in finding["says"]["en"]:
                path: Steps = ("findings", index)
                files = base.changed((file, (*path, "says", "en"), f"{finding['says']['en']} ({{{term}}})"))
                at = At(file, (*path, "id"))
                yield Plant(kind, f"{{{term}}} in one of {finding['id']}", files, ("KB519",), at, (finding["id"],))


KINDS = (far_example, never_concluded, rests_on_the_past, bands_of_nobody, one_language_twice)
