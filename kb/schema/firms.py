"""Schemas of what is said of firms: dossiers, partner files, examples and whole cases."""

from __future__ import annotations

from collections.abc import Iterable

from kb.checks.cases import STATUSES, listed_names
from kb.dossier import DOSSIER, NOT_ASKED, NOT_KNOWN, PARTNER, PARTNER_WITHIN, REFUSED, STATED, STATES
from kb.model import Knowledge
from kb.read_programme import CASE, EXPECT
from kb.schema.parts import (
    DAY,
    NOTHING,
    SCALAR,
    Schema,
    by_name,
    many,
    mapping,
    one_of,
    one_or_many,
    told,
    value,
)
from kb.vocabulary import GRADES, Fact

_OPEN: Schema = {"enum": [None, *NOT_KNOWN, *REFUSED, *NOT_ASKED]}
_PERHAPS: Schema = {"anyOf": [SCALAR, NOTHING]}
_NOTES: Schema = {"anyOf": [one_or_many(SCALAR, empty=True), NOTHING]}
_JUDGED: Schema = {"enum": [True, False, None, "true", "false", "ya", "tidak", "unknown"]}
_TRUTH: Schema = {"enum": [True, False, "true", "false", "ya", "tidak"]}


def stated(fact: Fact) -> Schema:
    """A fact as a firm states it: a value, an unknown one, or either with its grade and note."""
    plain: Schema = {"anyOf": [value(fact.domain), _OPEN]}
    grade, state = {"enum": [*GRADES, None]}, {"enum": [*STATES, None]}
    full = mapping(STATED, {"value": plain, "grade": grade, "note": _PERHAPS, "state": state})
    return {"anyOf": [*plain["anyOf"], full], **told(fact.label)}


def facts(knowledge: Knowledge, empty: bool = True) -> Schema:
    """The base facts; derived ones are never stated."""
    found = by_name({fact.id: stated(fact) for fact in knowledge.facts.values() if fact.derived is None})
    return {"anyOf": [found, NOTHING]} if empty else found


def dossier(knowledge: Knowledge) -> Schema:
    within = mapping(PARTNER_WITHIN, {"name": _PERHAPS, "facts": facts(knowledge), "about": _PERHAPS, "notes": _NOTES})
    return mapping(
        DOSSIER,
        {
            "firm": SCALAR,
            "facts": facts(knowledge),
            "as_of": DAY,
            "about": _PERHAPS,
            "notes": _NOTES,
            "partner": {"anyOf": [SCALAR, NOTHING, within]},
        },
    )


def partner(knowledge: Knowledge) -> Schema:
    return mapping(PARTNER, {"partner": SCALAR, "facts": facts(knowledge), "about": _PERHAPS, "notes": _NOTES})


def cases(knowledge: Knowledge) -> Schema:
    case = mapping(
        CASE,
        {
            "case": SCALAR,
            "as_of": DAY,
            "facts": facts(knowledge),
            "expect": mapping(EXPECT, _expected(knowledge), minProperties=1),
            "like": one_of(one.name for one in knowledge.cases),
            "why": SCALAR,
        },
    )
    return many(case, empty=True)


def _expected(knowledge: Knowledge) -> dict[str, Schema]:
    """What a case may expect, key by key."""
    classes = one_of(one.id for one in knowledge.table.classes)
    patterns = one_of(knowledge.patterns)
    levels = {
        one.id: {"anyOf": [one_or_many(one_of(level.value for level in one.levels)), NOTHING]}
        for one in knowledge.dimensions.values()
    }
    terms = {term.id: {"anyOf": [one_of(term.domain.values), NOTHING]} for term in knowledge.eligibility.values()}
    judged = dict.fromkeys(knowledge.principles, _JUDGED)
    described = {
        "class": {"anyOf": [classes, NOTHING]},
        "possible": one_or_many(classes, empty=True),
        "final": _TRUTH,
        "borderline": _TRUTH,
        "dimensions": by_name(levels),
        "eligibility": by_name(terms),
        "recommended": one_or_many(patterns, empty=True),
        "recommendation_final": _TRUTH,
        "patterns": by_name({name: one_of(STATUSES) for name in knowledge.patterns}),
        "margins": by_name({"x": SCALAR, "y": SCALAR}),
        "principles": by_name({name: by_name(judged) for name in knowledge.patterns}),
    }
    # Findings, actions and the like: what must be there and what must not.
    described |= {kind: _there(names) for kind, (_, names) in listed_names(knowledge).items()}
    return described


def _there(names: Iterable[str]) -> Schema:
    listed = {"anyOf": [one_or_many(one_of(names), empty=True), NOTHING]}
    return by_name({"present": listed, "absent": listed, "open": listed})
