"""Reading eligibility, factors and the class table: the rules that lead to a class."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map

from kb.condition import NEVER, Condition, Scope, fact_of, read_when, terms_of
from kb.derivation import read_value
from kb.dossier import read_facts
from kb.law import read_in_force
from kb.model import (
    AXES,
    LETTERS,
    STRATEGIES,
    WEIGHTS,
    Class,
    ClassTable,
    Development,
    Eligibility,
    Entry,
    Example,
    Factor,
    Finding,
)
from kb.problem import Mark, Problems
from kb.source import Mapping, Node
from kb.text import Fields, Keys, Placed, Text, identifier, place_of, text
from kb.values import BadValue, Domain, read_decimal
from kb.vocabulary import Fact

_PLACE = re.compile(r"\{([^{}]*)\}")
TERM = Keys(("term", "label", "values", "first_of"))
ENTRY = Keys(("value", "source"), ("when", "in_force"))
FACTOR = Keys(("factor", "label", "axis", "weight", "why", "source", "findings"), ("dimension",))
FINDING = Keys(("id", "side", "rating", "when", "says", "examples"), ("source", "in_force", "answered_by"))
EXAMPLES = Keys(("fires", "silent"))
TABLE = Keys(("reading", "tie_band", "source", "classes"))
CLASS = Keys(("class", "label", "x", "y", "strategy", "says", "why", "fostering", "source"), ("development",))
SIGNS = ("positive", "not_positive")
FOSTERING = Keys(("weight", "intensity", "priority", "duration"))
DEVELOPMENT = Keys(("says", "review_months", "signs"))
RATINGS, REVIEW_MONTHS = (1, 4), (1, 120)


def sources_of(fields: Fields, key: str = "source") -> tuple[str, ...]:
    return fields.names(key)


def check_says(fields: Fields, says: Text, when: Condition | None, problems: Problems) -> None:
    """The sentence of an entry against its condition; a faulty condition says nothing about what it reads."""
    if when is not NEVER:
        check_places(says, terms_of(when) if when is not None else (), fields.at("says"), problems)


def check_places(says: Text, allowed: tuple[str, ...], mark: Mark, problems: Problems) -> None:
    """Every `{term}` in a sentence is one that its rule reads or asks the knowledge of, and the braces pair up."""
    names = tuple(dict.fromkeys(fact_of(term) for term in allowed))
    for sentence in (says.id, says.en):
        if "{" not in sentence and "}" not in sentence:
            continue
        for name in _PLACE.findall(sentence):
            if name not in names:
                hint = f"It may name: {', '.join(names)}." if names else "Remove the braces."
                problems.error("KB418", mark, f"'{{{name}}}' is not a term this rule reads.", hint)
        if _PLACE.sub("", sentence).strip("{}") != _PLACE.sub("", sentence) or set(_PLACE.sub("", sentence)) & set(
            "{}"
        ):
            problems.error("KB418", mark, "a brace stands alone in the sentence.", "Write {term} or remove it.")


def read_eligibility(node: Node, scope: Scope, problems: Problems) -> Eligibility | None:
    """One eligibility file."""
    fields = Fields(node, "an eligibility term", problems, *TERM)
    term = fields.identifier("term")
    values = tuple(v for n in fields.items("values") if (v := identifier(n, problems)))
    if "values" in fields and (len(values) < 2 or len(set(values)) != len(values)):
        problems.error(
            "KB203", fields.at("values"), "'values' must be two or more different words.", "Write [one, other]."
        )
        return None
    if not term or not values:
        return None
    domain = Domain("level", values)
    entries = []
    for item in fields.items("first_of"):
        entry = Fields(item, "an entry", problems, *ENTRY)
        value_node = entry.node("value")
        value = read_value(value_node, domain, term, problems) if value_node is not None else None
        when = read_when(entry.node("when"), scope, problems)
        period = read_in_force(entry, problems)
        if isinstance(value, int):
            entries.append(Entry(value, when, period, sources_of(entry), entry.mark))
    return Eligibility(term, fields.text("label"), domain, tuple(entries), fields.at("term"))


def read_factor(node: Node, scope: Scope, facts: Map[str, Fact], problems: Problems) -> Factor | None:
    """One factor file."""
    fields = Fields(node, "a factor", problems, *FACTOR)
    factor, axis = fields.identifier("factor"), fields.one_of("axis", tuple(AXES))
    weight = fields.whole("weight", *WEIGHTS)
    if not factor or not axis:
        return None
    sources = sources_of(fields)
    findings = []
    for item in fields.items("findings"):
        finding = _finding(item, factor, axis, sources, scope, facts, problems)
        if finding is not None:
            findings.append(finding)
    return Factor(
        factor,
        fields.text("label"),
        axis,
        Placed(fields.word("dimension"), fields.at("dimension")),
        weight or 1,
        fields.text("why"),
        sources,
        tuple(findings),
        fields.at("factor"),
    )


def _finding(
    node: Node,
    factor: str,
    axis: str,
    shared: tuple[str, ...],
    scope: Scope,
    facts: Map[str, Fact],
    problems: Problems,
) -> Finding | None:
    fields = Fields(node, "a finding", problems, *FINDING)
    if not fields.usable:
        return None
    before = problems.error_count
    finding = identifier(fields.nodes["id"], problems, loose=True) if "id" in fields else ""
    side = fields.one_of("side", AXES[axis])
    rating = fields.whole("rating", *RATINGS)
    when = read_when(fields.node("when"), scope, problems) or NEVER
    says = fields.text("says")
    if finding and side and not finding.startswith(f"{LETTERS[side]}-"):
        problems.error(
            "KB205", fields.at("id"), f"'{finding}' is not the id of a {side}.", f"Begin it with '{LETTERS[side]}-'."
        )
    period = read_in_force(fields, problems)
    examples = _examples(fields, facts, problems)
    check_says(fields, says, when, problems)
    if not finding or not side:
        return None
    if problems.error_count > before:
        # Its names are looked up, but what it means is not compared with others.
        problems.unusable.add(finding)
    return Finding(
        finding,
        factor,
        side,
        rating or 1,
        when,
        says,
        period,
        tuple(dict.fromkeys((*sources_of(fields), *shared))),
        sources_of(fields, "answered_by"),
        examples,
        fields.at("id"),
    )


def _examples(fields: Fields, facts: Map[str, Fact], problems: Problems) -> tuple[Example, ...]:
    node = fields.node("examples")
    if node is None:
        return ()
    both = Fields(node, "'examples'", problems, *EXAMPLES)
    found = []
    for key in EXAMPLES.required:
        for item in both.items(key):
            stated = read_facts(item, facts, "firm", problems)
            if isinstance(item, Mapping) and len(stated) < len(item.entries):
                # A fact of it is faulty, which is said already: what it leaves unsaid cannot be told.
                continue
            known = {name: fact.value for name, fact in stated.items() if fact.value is not None}
            found.append(Example(known, key == "fires", item.mark))
    return tuple(found)


def read_classes(node: Node, problems: Problems) -> ClassTable | None:
    """The class table; the four quadrants must each have exactly one class."""
    fields = Fields(node, "the class table", problems, *TABLE)
    if not fields.usable:
        return None
    classes = [c for item in fields.items("classes") if (c := _class(item, problems)) is not None]
    if len(classes) != len(fields.items("classes")):
        return None
    corners = [(c.x_positive, c.y_positive) for c in classes]
    if "classes" in fields and sorted(corners) != [(False, False), (False, True), (True, False), (True, True)]:
        problems.error(
            "KB411",
            fields.at("classes"),
            "the classes do not cover each pair of signs exactly once.",
            "Give one class for each of x and y positive or not_positive.",
        )
        return None
    for one in classes:
        fitting = ("S" if one.x_positive else "W") + ("O" if one.y_positive else "T")
        if one.strategy != fitting:
            problems.error(
                "KB411",
                place_of(one.strategy, one.mark),
                f"the strategy of '{one.id}' is {one.strategy}, of its pair of signs {fitting}.",
                f"Write {fitting}, or correct x and y.",
            )
    band = _tie_band(fields, problems) or (0, 1)
    return ClassTable(fields.word("reading"), *band, sources_of(fields), tuple(classes), fields.mark)


def _tie_band(fields: Fields, problems: Problems) -> tuple[int, int] | None:
    """The tie band as an exact fraction: numerator and denominator."""
    if "tie_band" not in fields:
        return None
    try:
        band = read_decimal(fields.word("tie_band"))
    except BadValue as bad:
        problems.error(bad.code, fields.at("tie_band"), bad.message, bad.remedy)
        return None
    if not 0 <= band < 1:
        problems.error("KB302", fields.at("tie_band"), "the tie band is not from 0 to below 1.", "Write 0.1 or so.")
        return None
    return band.numerator, band.denominator


def _class(node: Node, problems: Problems) -> Class | None:
    fields = Fields(node, "a class", problems, *CLASS)
    name = fields.identifier("class")
    x, y = fields.one_of("x", SIGNS), fields.one_of("y", SIGNS)
    kind = fields.one_of("strategy", STRATEGIES)
    fostering_node = fields.node("fostering")
    if not (name and x and y and kind) or fostering_node is None:
        return None
    fostering = Fields(fostering_node, "'fostering'", problems, *FOSTERING)
    development_node = fields.node("development")
    return Class(
        name,
        fields.text("label"),
        x == "positive",
        y == "positive",
        Placed(kind, fields.at("strategy")),
        fields.text("says"),
        fields.text("why"),
        {key: fostering.text(key) for key in FOSTERING.required},
        _development(development_node, problems) if development_node is not None else None,
        sources_of(fields),
        fields.at("class"),
    )


def _development(node: Node, problems: Problems) -> Development | None:
    fields = Fields(node, "'development'", problems, *DEVELOPMENT)
    says, months = fields.text("says"), fields.whole("review_months", *REVIEW_MONTHS)
    signs = tuple(text(item, "signs", problems) for item in fields.items("signs"))
    for told in (says, *signs):
        check_places(told, (), fields.at("says" if told is says else "signs"), problems)
    return Development(says, months, signs) if months is not None else None
