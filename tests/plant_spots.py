"""Where faults can be planted: every rule of a rule base with the place of its condition, and every test in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from plant import At, Base, Changes, Steps, value_at

from kb.vocabulary import Fact

SAYS = {"id": "Contoh", "en": "Example"}

_CLAUSES = (
    ("eligible", "eligible", "eligible"),
    ("barred_by", "bar", "bar"),
    ("cautions", "caution", "pattern_caution"),
    ("prepare", "prepare", "prepare"),
)


class Spot(NamedTuple):
    """One rule: its id and kind as `kb.rules` has them, the path of its entry and of its condition, its place."""

    rule: str
    kind: str
    owner: str
    file: str
    entry: Steps
    when: Steps
    at: At


class Tested(NamedTuple):
    """One test of a rule: the path of its value, the term and the value as written."""

    spot: Spot
    path: Steps
    term: str
    value: Any

    @property
    def at(self) -> At:
        return At(self.spot.file, self.path)


def spots(base: Base) -> Iterator[Spot]:
    """Every rule that has a condition, but principles, whose conditions serve several patterns."""
    for file, _, term in base.entries("eligibility/"):
        for index, entry in enumerate(term["first_of"]):
            if "when" in entry:
                where: Steps = ("first_of", index)
                name = f"{term['term']}.{index + 1}_{entry['value']}"
                yield Spot(name, "eligibility", term["term"], file, where, (*where, "when"), At(file, where))
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            where = ("findings", index)
            at = At(file, (*where, "id"))
            yield Spot(finding["id"], "finding", factor["factor"], file, where, (*where, "when"), at)
    for file, _, pattern in base.entries("patterns/"):
        name = pattern["pattern"]
        where = ("requires", "when") if "when" in pattern["requires"] else ("requires",)
        yield Spot(f"{name}.requires", "requires", name, file, ("requires",), where, At(file, ("requires",)))
        for key, word, kind in _CLAUSES:
            for index, clause in enumerate(pattern.get(key, ())):
                if "when" in clause:
                    entry_at: Steps = (key, index)
                    rule = f"{name}.{word}_{index + 1}"
                    yield Spot(rule, kind, name, file, entry_at, (*entry_at, "when"), At(file, entry_at))
    for file, where, entry in base.entries("programme/"):
        for kind in ("action", "caution"):
            if kind in entry and "when" in entry:
                at = At(file, (*where, kind))
                yield Spot(entry[kind], kind, entry[kind], file, where, (*where, "when"), at)


def tests_in(when: Any, *path: str | int) -> Iterator[tuple[Steps, str, Any]]:
    """Path, term and written value of each test of a condition."""
    for key, value in when.items():
        if key in ("all", "any"):
            for index, part in enumerate(value):
                yield from tests_in(part, *path, key, index)
        elif key == "not":
            yield from tests_in(value, *path, key)
        else:
            yield (*path, key), key, value


def tested(base: Base, *kinds: str) -> Iterator[Tested]:
    """Every test on a fact or derived fact, in the rules of these kinds (all, where none is named)."""
    for spot in spots(base):
        if not kinds or spot.kind in kinds:
            for path, term, value in tests_in(value_at(base.data[spot.file], spot.when)):
                if term in base.knowledge.facts:
                    yield Tested(spot, (*spot.when, *path), term, value)


def fact_of(test: Tested, base: Base) -> Fact:
    return base.knowledge.facts[test.term]


def plain_test(test: Tested) -> tuple[str, str] | None:
    return plain_of(test.value)


def plain_of(value: Any) -> tuple[str, str] | None:
    """The word and constant of a test that has just one: `is` where it is short."""
    if isinstance(value, str):
        return "is", value
    if isinstance(value, dict) and len(value) == 1:
        (word, bound), *_ = value.items()
        return (word, bound) if isinstance(bound, str) else None
    return None


def both(one: Any, other: Any) -> Any:
    """A condition that asks for two."""
    return {"all": [one, other]}


def asks_more(base: Base, spot: Spot, also: dict[str, Any]) -> tuple[str, Steps, Any]:
    """The change that lets a rule ask for something more; in a list of its own, so that no key is overwritten."""
    return spot.file, spot.when, both(value_at(base.data[spot.file], spot.when), also)


def another_test(base: Base, spot: Spot, number: int) -> Any:
    """A test on a fact that the rule does not read."""
    read = {term for _, term, _ in tests_in(value_at(base.data[spot.file], spot.when))}
    facts = [
        n for n, f in base.knowledge.facts.items() if f.domain.type == "boolean" and n not in read and not f.derived
    ]
    return {facts[number % len(facts)]: "true"}


def new_caution(base: Base, name: str, when: Any, days: Any = None) -> tuple[Changes, At]:
    """The change that adds a caution, and its place."""
    file, _, model = next(found for found in base.entries("programme/") if "caution" in found[2])
    entry = {"caution": name, "when": when, "says": SAYS, "source": model["source"]}
    entry |= {"in_force": days} if days else {}
    end = len(base.data[file])
    return base.changed((file, (end,), entry)), At(file, (end, "caution"))
