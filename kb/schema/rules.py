"""Schemas of the files that hold rules: factors, eligibility, classes, patterns, principles, programme, invariants."""

from __future__ import annotations

from kb.dimension import DIMENSION, LEVEL
from kb.invariant import CLAIMS, INVARIANT
from kb.law import PERIOD
from kb.model import AXES, FIELDS, LETTERS, STEPS, STRATEGIES, WEIGHTS, Knowledge
from kb.read_patterns import CLAUSE, DUTIES, DUTY, PATTERN, PRINCIPLE, RANKS, SUIT
from kb.read_programme import ACTION, CAUTION, STRATEGY
from kb.read_rules import (
    CLASS,
    DEVELOPMENT,
    ENTRY,
    EXAMPLES,
    FACTOR,
    FINDING,
    FOSTERING,
    RATINGS,
    REVIEW_MONTHS,
    SIGNS,
    TABLE,
    TERM,
)
from kb.schema.firms import facts
from kb.schema.parts import (
    BOOLEAN,
    DAY,
    IDENTIFIER,
    SCALAR,
    Schema,
    by_name,
    chosen,
    many,
    mapping,
    one_of,
    one_or_many,
    ref,
    text,
    told,
    whole,
    without,
)

IN_FORCE = mapping(PERIOD, {"from": DAY, "until": DAY})


def sources(knowledge: Knowledge, empty: bool = False) -> Schema:
    return one_or_many(one_of(knowledge.sources), empty)


def eligibility(knowledge: Knowledge) -> Schema:
    entry = mapping(
        ENTRY, {"value": IDENTIFIER, "source": sources(knowledge), "when": ref("early"), "in_force": IN_FORCE}
    )
    words = {"type": "array", "items": IDENTIFIER, "minItems": 2, "uniqueItems": True}
    return mapping(TERM, {"term": IDENTIFIER, "label": text(), "values": words, "first_of": many(entry)})


def factor(knowledge: Knowledge) -> Schema:
    firm = many(facts(knowledge, empty=False))
    sides = [side for pair in AXES.values() for side in pair]
    finding = mapping(
        FINDING,
        {
            "id": {"type": "string", "pattern": "^[SWOT]-[A-Za-z0-9_.-]*$"},
            "side": one_of(sides),
            "rating": whole(*RATINGS),
            "when": ref("early"),
            "says": text(),
            "examples": mapping(EXAMPLES, {"fires": firm, "silent": firm}),
            "source": sources(knowledge, empty=True),
            "in_force": IN_FORCE,
            "answered_by": one_or_many(one_of(knowledge.actions), empty=True),
        },
        allOf=[_if("side", side, {"properties": {"id": {"pattern": f"^{LETTERS[side]}-"}}}) for side in sides],
    )
    of_axis = [
        _if("axis", axis, {"properties": {"findings": {"items": {"properties": {"side": one_of(pair)}}}}})
        for axis, pair in AXES.items()
    ]
    return mapping(
        FACTOR,
        {
            "factor": IDENTIFIER,
            "label": text(),
            "axis": one_of(AXES),
            "weight": whole(*WEIGHTS),
            "why": text(),
            "source": sources(knowledge),
            "findings": many(finding),
            "dimension": one_of(knowledge.dimensions),
        },
        allOf=of_axis,
    )


def classes(knowledge: Knowledge) -> Schema:
    development = mapping(DEVELOPMENT, {"says": text(), "review_months": whole(*REVIEW_MONTHS), "signs": many(text())})
    one = mapping(
        CLASS,
        {
            "class": IDENTIFIER,
            "label": text(),
            "x": one_of(SIGNS),
            "y": one_of(SIGNS),
            "strategy": one_of(STRATEGIES),
            "says": text(),
            "why": text(),
            "fostering": mapping(FOSTERING, {key: text() for key in FOSTERING.required}),
            "source": sources(knowledge),
            "development": development,
        },
    )
    four = many(one) | {"minItems": 4, "maxItems": 4}
    return mapping(TABLE, {"reading": SCALAR, "tie_band": SCALAR, "source": sources(knowledge), "classes": four})


def pattern(knowledge: Knowledge) -> Schema:
    suit = mapping(SUIT, {"rank": whole(*RANKS), "why": text()})
    ranked = {one.id: suit | told(one.label) for one in knowledge.table.classes} | dict.fromkeys(STRATEGIES, suit)
    every = [{"anyOf": [{"required": [one.id]}, {"required": [one.strategy]}]} for one in knowledge.table.classes]
    duties = many(mapping(DUTY, {"says": text(), "source": sources(knowledge)}), empty=True)
    late, wide = (many(_clause(knowledge, name), empty=True) for name in ("late", "wide"))
    return mapping(
        PATTERN,
        {
            "pattern": IDENTIFIER,
            "label": text(),
            "says": text(),
            "source": sources(knowledge),
            "requires": chosen({"when": _clause(knowledge, "late")}, ref("late")),
            "suits": by_name(ranked, allOf=every),
            "in_force": IN_FORCE,
            "fallback": BOOLEAN,
            "eligible": late,
            "barred_by": late,
            "duties": mapping(DUTIES, {"partner": duties, "firm": duties}),
            "clauses": duties,
            "cautions": wide,
            "prepare": late,
        },
    )


def _clause(knowledge: Knowledge, scope: str) -> Schema:
    return mapping(CLAUSE, {"source": sources(knowledge), "when": ref(scope), "says": text(), "in_force": IN_FORCE})


def principles(knowledge: Knowledge) -> Schema:
    principle = mapping(
        PRINCIPLE,
        {
            "principle": IDENTIFIER,
            "label": text(),
            "source": sources(knowledge),
            "when": ref("late"),
            "mend": text(),
            "in_force": IN_FORCE,
            "for": by_name({one.id: ref("late") | told(one.label) for one in knowledge.patterns.values()}),
        },
    )
    return many(principle, empty=True)


def programme(knowledge: Knowledge) -> Schema:
    shared = {"says": text(), "source": sources(knowledge), "in_force": IN_FORCE}
    action = mapping(
        ACTION,
        shared
        | {
            "action": IDENTIFIER,
            "label": text(),
            "field": one_of(FIELDS),
            "step": one_of(STEPS),
            "standing": BOOLEAN,
            "when": ref("wide"),
        },
    )
    caution = mapping(CAUTION, shared | {"caution": IDENTIFIER, "when": ref("wide")})
    entry = chosen({"action": action, "strategy": _strategy(knowledge), "caution": caution}, action)
    return many(entry, empty=True)


def _strategy(knowledge: Knowledge) -> Schema:
    """Its findings are of the sides that its kind pairs, and both lists stand together."""
    by_side = {
        letter: one_or_many(one_of(f.id for f in knowledge.findings.values() if f.letter == letter), empty=True)
        for letter in LETTERS.values()
    }
    every = one_or_many(one_of(knowledge.findings), empty=True)
    paired = [
        _if("kind", kind, {"properties": {"inner": by_side[kind[0]], "outer": by_side[kind[1]]}}) for kind in STRATEGIES
    ]
    return mapping(
        STRATEGY,
        {
            "strategy": IDENTIFIER,
            "kind": one_of(STRATEGIES),
            "says": text(),
            "source": sources(knowledge),
            "inner": every,
            "outer": every,
        },
        dependentRequired={"inner": ["outer"], "outer": ["inner"]},
        allOf=paired,
    )


def dimensions(knowledge: Knowledge) -> Schema:
    level = mapping(LEVEL, {"value": IDENTIFIER, "label": text(), "above": SCALAR})
    one = mapping(DIMENSION, {"dimension": IDENTIFIER, "label": text(), "says": text(), "levels": many(level)})
    return many(one, empty=True)


def invariants(knowledge: Knowledge) -> Schema:
    own = {key for keys in CLAIMS.values() for key in keys}
    closed = [_if("claim", claim, without(*sorted(own - set(keys)))) for claim, keys in CLAIMS.items()]
    named = {"patterns": one_of(knowledge.patterns), "actions": one_of(knowledge.actions)}
    one = mapping(
        INVARIANT,
        {
            "invariant": IDENTIFIER,
            "says": text(),
            "claim": one_of(CLAIMS),
            "when": ref("late"),
            "source": sources(knowledge, empty=True),
            "in_force": IN_FORCE,
        }
        | {key: one_or_many(names, empty=True) for key, names in named.items()},
        allOf=closed,
    )
    return many(one, empty=True)


def _if(key: str, is_value: str, then: Schema) -> Schema:
    return {"if": {"properties": {key: {"const": is_value}}, "required": [key]}, "then": then}
