"""Cases name only what exists, and no two cases share a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.model import Case, Knowledge
from kb.problem import Mark, Problems, did_you_mean
from kb.text import place_of

AT_LOAD = True
STATUSES = ("recommended", "possible", "undetermined", "not_possible", "barred")


def check(knowledge: Knowledge, problems: Problems) -> None:
    seen: dict[str, Mark] = {}
    for case in knowledge.cases:
        if case.name in seen:
            problems.error(
                "KB206", case.mark, f"case '{case.name}' stands at {seen[case.name]} already.", "Give it another name."
            )
        seen.setdefault(case.name, case.mark)
        _expectations(case, knowledge, problems)


def _expectations(case: Case, knowledge: Knowledge, problems: Problems) -> None:
    # Without a usable class table nothing can be said about the names of classes.
    any_class = dict.fromkeys(_classes_in(case.expect)) if "class" in problems.unusable else {}
    classes = {c.id: None for c in knowledge.table.classes} | any_class
    expect = case.expect
    if expect.get("class") is not None:
        _known([expect["class"]], "a class", classes, case.mark, problems)
    _known(_list(expect.get("possible")), "a class", classes, case.mark, problems)
    _known(_list(expect.get("recommended")), "a pattern", knowledge.patterns, case.mark, problems)
    for key, (what, known) in listed_names(knowledge).items():
        listed = _mapping(expect.get(key), key, case.mark, problems)
        _known(listed, f"a key of {key}", {"present": 0, "absent": 0, "open": 0}, case.mark, problems)
        for names in listed.values():
            _known(_list(names), what, known, case.mark, problems)
    eligibility = _mapping(expect.get("eligibility"), "eligibility", case.mark, problems)
    _known(eligibility, "an eligibility term", knowledge.eligibility, case.mark, problems)
    for term, value in eligibility.items():
        if term in knowledge.eligibility and value is not None:
            allowed = dict.fromkeys(knowledge.eligibility[term].domain.values)
            _known([value], f"a value of {term}", allowed, case.mark, problems)
    patterns = _mapping(expect.get("patterns"), "patterns", case.mark, problems)
    _known(patterns, "a pattern", knowledge.patterns, case.mark, problems)
    _known(patterns.values(), "a status", dict.fromkeys(STATUSES), case.mark, problems)
    _principles(_mapping(expect.get("principles"), "principles", case.mark, problems), case, knowledge, problems)
    levels = _mapping(expect.get("dimensions"), "dimensions", case.mark, problems)
    _known(levels, "a dimension", knowledge.dimensions, case.mark, problems)
    for name, level in levels.items():
        if name in knowledge.dimensions:
            allowed = {one.value: None for one in knowledge.dimensions[name].levels}
            _known(_list(level), f"a level of {name}", allowed, case.mark, problems)
    for key in ("final", "borderline", "recommendation_final"):
        if key in expect and not isinstance(expect[key], bool):
            problems.error("KB203", case.mark, f"'{key}' must be true or false.", "Write true or false.")


def listed_names(knowledge: Knowledge) -> dict[str, tuple[str, Mapping[str, object]]]:
    """What may be listed as present or absent: under which key, what it is called, and the names there are."""
    patterns = knowledge.patterns.values()
    advice = [clause.id for pattern in patterns for clause in pattern.cautions]
    failing = [f"{pattern.id}.{name}" for pattern in patterns for name in knowledge.principles]
    closed = [f"{pattern.id}.closed" for pattern in patterns if pattern.fallback]
    return {
        "findings": ("a finding", knowledge.findings),
        "actions": ("an action", knowledge.actions),
        "cautions": ("a caution", dict.fromkeys((*knowledge.cautions, *advice, *failing, *closed))),
        "strategies": ("a strategy", knowledge.strategies),
        "preparations": ("a preparation", dict.fromkeys(c.id for p in patterns for c in p.prepare)),
    }


def _principles(wanted: Mapping[str, object], case: Case, knowledge: Knowledge, problems: Problems) -> None:
    _known(wanted, "a pattern", knowledge.patterns, case.mark, problems)
    for name, inner in wanted.items():
        truths = _mapping(inner, f"principles of {name}", case.mark, problems)
        _known(truths, "a principle", knowledge.principles, case.mark, problems)
        for truth in truths.values():
            if truth is not None and not isinstance(truth, bool) and truth != "unknown":
                at = place_of(truth, case.mark) if isinstance(truth, str) else case.mark
                remedy = "Write true, false or unknown; null where it is not in force."
                problems.error("KB203", at, f"a principle is not '{truth}'.", remedy)


def _classes_in(expect: Mapping[str, object]) -> list[str]:
    return [str(name) for name in (expect.get("class"), *_list(expect.get("possible")))]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _mapping(value: object, what: str, mark: Mark, problems: Problems) -> dict[str, object]:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    problems.error("KB204", mark, f"'{what}' of a case must be a mapping.", f"Write {what}: {{name: …}}.")
    return {}


def _known(names: Iterable[object], what: str, known: Mapping[str, object], mark: Mark, problems: Problems) -> None:
    for name in names:
        if str(name) not in known and str(name) not in problems.unusable:
            problems.error(
                "KB416",
                place_of(name, mark) if isinstance(name, str) else mark,
                f"'{name}' is not {what}.",
                did_you_mean(str(name), known) or "Write a name that stands in the rule base.",
            )
