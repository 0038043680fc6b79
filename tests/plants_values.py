"""Faults of values: of another type, out of range, or in a test that does not fit; each found where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from plant import At, Base, Plant, Steps, typo
from plant_spots import fact_of, plain_test, tested

_OF_KNOWLEDGE = ("known", "grade_at_least")
_ORDERED = ("at_least", "at_most", "above", "below")


def wrong_word(base: Base) -> Iterator[Plant]:
    for test in tested(base):
        plain = plain_test(test)
        fact = fact_of(test, base)
        if plain and fact.domain.type in ("level", "choice") and plain[0] in ("is", "is_not", *_ORDERED):
            wrong = typo(plain[1])
            files = base.changed((test.spot.file, test.path, {plain[0]: wrong}))
            at = At(test.spot.file, (*test.path, plain[0]))
            yield Plant("word that is no value", f"{wrong} in {test.spot.rule}", files, ("KB203",), at, (wrong,))


def wrong_type(base: Base) -> Iterator[Plant]:
    wrong = {"boolean": "mungkin", "integer": "banyak", "money": "Rp 1,2", "percent": "separuh", "decimal": "a lot"}
    for test in tested(base):
        plain = plain_test(test)
        kind = fact_of(test, base).domain.type
        if plain and kind in wrong and not plain[1].startswith("$") and plain[0] not in _OF_KNOWLEDGE:
            files = base.changed((test.spot.file, test.path, {plain[0]: wrong[kind]}))
            at = At(test.spot.file, (*test.path, plain[0]))
            what = f"{test.term} {wrong[kind]} in {test.spot.rule}"
            yield Plant("value of another type", what, files, ("KB301",), at, (test.term,))


def unfit_test(base: Base) -> Iterator[Plant]:
    for test in tested(base):
        plain = plain_test(test)
        if plain and fact_of(test, base).domain.type in ("boolean", "choice") and plain[0] in ("is", "is_not"):
            files = base.changed((test.spot.file, test.path, {"at_least": plain[1]}))
            at = At(test.spot.file, (*test.path, "at_least"))
            what = f"{test.term} at_least in {test.spot.rule}"
            yield Plant("test that does not fit the type", what, files, ("KB402",), at, (test.term,))


def out_of_range(base: Base) -> Iterator[Plant]:
    found: list[tuple[str, Steps, str]] = []
    for file, _, factor in base.entries("swot/"):
        found.append((file, ("weight",), "6" if len(found) % 2 else "0"))
        found += [(file, ("findings", n, "rating"), "5") for n in range(len(factor["findings"]))]
    for file, _, pattern in base.entries("patterns/"):
        found += [(file, ("suits", key, "rank"), "0") for key in pattern["suits"]]
    found += [(file, ("tie_band",), "1.5") for file in base.data if file.startswith("classes")]
    for file, path, wrong in found:
        files = base.changed((file, path, wrong))
        what = f"{path[-1]} {wrong} in {file}"
        yield Plant("weight, rating or rank out of range", what, files, ("KB302",), At(file, path))


def wrong_example(base: Base) -> Iterator[Plant]:
    """An example that states what no dossier may state."""
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            for kind in ("fires", "silent"):
                for number, example in enumerate(finding["examples"][kind]):
                    for name, value in example.items():
                        domain = base.knowledge.facts[name].domain
                        path: Steps = ("findings", index, "examples", kind, number, name)
                        if domain.high is None:
                            wrong, code = typo(value), "KB203" if domain.values else "KB301"
                        elif domain.step is not None and domain.step < 1:
                            wrong, code = "0.00005", "KB303"
                        else:
                            wrong, code = domain.written(domain.high + 1), "KB302"
                        files = base.changed((file, path, wrong))
                        what = f"{name} {wrong} in an example of {finding['id']}"
                        yield Plant("example out of range", what, files, (code,), At(file, path))


def empty_range(base: Base) -> Iterator[Plant]:
    for file, where, fact in base.entries("vocabulary/"):
        if "min" in fact and "max" in fact:
            files = base.changed((file, (*where, "min"), fact["max"]), (file, (*where, "max"), fact["min"]))
            yield Plant("empty range", f"of {fact['id']}", files, ("KB308",), At(file, (*where, "max")))


def beyond_range(base: Base) -> Iterator[Plant]:
    """A threshold that no value reaches, because the fact's own range ends before."""
    for test in tested(base):
        plain = plain_test(test)
        domain = fact_of(test, base).domain
        if plain and domain.low is not None and domain.high is not None and domain.step is not None:
            low = plain[0] in ("at_most", "below")
            wrong = domain.written(domain.low - 1 if low else domain.high + 1)
            files = base.changed((test.spot.file, test.path, {"at_most" if low else "at_least": wrong}))
            what = f"{test.term} {wrong} in {test.spot.rule}"
            yield Plant("threshold beyond the range", what, files, ("KB420",), test.at, (test.term,))


KINDS = (
    wrong_word,
    wrong_type,
    unfit_test,
    out_of_range,
    wrong_example,
    empty_range,
    beyond_range,
)
