"""Schemas of what rules rest on: the manifest, words, the vocabulary and the law."""

from __future__ import annotations

from kb.derivation import AS_OF, BANDS, DERIVED, LIMIT, OPERATIONS
from kb.labels import LABELS
from kb.law import CHECKED, DATED, PARAMETER, SOURCE
from kb.model import Knowledge
from kb.read_programme import ACCEPTED, DOUBTS, MANIFEST
from kb.schema.parts import (
    BOOLEAN,
    DAY,
    IDENTIFIER,
    LOOSE,
    SCALAR,
    Schema,
    chosen,
    many,
    mapping,
    one_of,
    one_or_many,
    ref,
    text,
    when_type,
    whole,
    without,
)
from kb.values import NUMERIC, TYPES
from kb.vocabulary import ANSWERERS, BETTER, DERIVED_FACT, EFFORTS, FACT

_WORDED = ("choice", "level")


def manifest(knowledge: Knowledge) -> Schema:
    choices = (fact.id for fact in knowledge.facts.values() if fact.domain.type == "choice")
    accepted = mapping(ACCEPTED, {"doubt": one_of(DOUBTS), "about": SCALAR, "words": SCALAR, "why": text()})
    return mapping(
        MANIFEST,
        {
            "name": SCALAR,
            "version": SCALAR,
            "title": text(),
            "owner": text(),
            "reading": SCALAR,
            "classes": {"type": "string", "pattern": r"^classes(-[a-z0-9]+)*\.yaml$"},
            "examples_as_of": DAY,
            "present_relation": one_of(choices),
            "accepted": many(accepted, empty=True),
        },
    )


def labels(knowledge: Knowledge) -> Schema:
    words = {"type": "object", "additionalProperties": text()}
    return mapping(LABELS, dict.fromkeys(LABELS.optional, words))


def vocabulary(knowledge: Knowledge) -> Schema:
    shared: dict[str, Schema] = {
        "id": IDENTIFIER,
        "label": text(),
        "type": one_of(TYPES),
        "unit": SCALAR,
        "values": {"type": "array", "items": IDENTIFIER, "minItems": 2, "uniqueItems": True},
        "value_labels": {"type": "object", "additionalProperties": text()},
        "source": one_or_many(one_of(knowledge.sources), empty=True),
    }
    others = [kind for kind in TYPES if kind not in _WORDED]
    worded = [when_type(_WORDED, {"required": ["values"]}), when_type(others, without("values"))]
    limits = [
        when_type(
            NUMERIC, {"required": ["min", "max", "step"], "dependentRequired": {"change_effort": ["change_step"]}}
        ),
        when_type(("date",), {"required": ["min", "max"]}),
    ]
    own: dict[str, Schema] = {
        "min": SCALAR,
        "max": SCALAR,
        "step": SCALAR,
        "better": one_of(BETTER),
        "ask": text(),
        "answered_by": one_of(ANSWERERS),
        "evidence": text(),
        "ask_effort": whole(*EFFORTS),
        "change_effort": whole(*EFFORTS),
        "change_step": SCALAR,
        "protected": BOOLEAN,
    }
    fact = mapping(FACT, shared | own, allOf=[*worded, *limits])
    derived = mapping(DERIVED_FACT, shared | {"derived": _derived(knowledge)}, allOf=worded)
    return many(chosen({"derived": derived}, fact), empty=True)


def _derived(knowledge: Knowledge) -> Schema:
    """How a fact is computed: exactly one operation. A fact written a moment ago is no operand until this is remade."""
    known, days = one_of(knowledge.facts), one_of([*knowledge.facts, AS_OF])
    bound: Schema = {"anyOf": [SCALAR, ref("parameter")]}
    tests = {key: one_or_many(SCALAR) if key == "one_of" else bound for key in LIMIT.optional}
    limit = mapping(LIMIT, {"is": SCALAR} | tests)
    two = {"minItems": 2, "maxItems": 2, "uniqueItems": True}
    operations: dict[str, Schema] = {
        "sum": many(known) | {"minItems": 2, "uniqueItems": True},
        "difference": many(known) | two,
        "ratio": many(known) | two,
        "years_between": many(days) | two,
        "bands": mapping(BANDS, {"of": known, "limits": many(limit)}),
        "when_zero": SCALAR,
    }
    one = {"oneOf": [{"required": [name]} for name in OPERATIONS]}
    return mapping(DERIVED, operations, **one, dependentRequired={"when_zero": ["ratio"]})


def law(knowledge: Knowledge) -> Schema:
    source = mapping(
        SOURCE,
        {"source": LOOSE, "title": text(), "checked": one_of(CHECKED), "from": DAY, "until": DAY, "note": text()},
    )
    dated = mapping(DATED, {"value": SCALAR, "source": one_of(knowledge.sources), "from": DAY, "until": DAY})
    parameter = mapping(PARAMETER, {"parameter": LOOSE, "label": text(), "values": many(dated), "unit": SCALAR})
    return many(chosen({"parameter": parameter}, source), empty=True)
