"""What `show` lists: every kind of entry of a rule base, and one entry in full."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from engine.say import words
from engine.say.phrases import phrase
from engine.say.rule_entries import (
    Json,
    actions,
    cases,
    cautions,
    parts,
    parts_of,
    patterns,
    place,
    principles,
    strategies,
)
from kb.model import Factor, Finding, Knowledge
from kb.problem import did_you_mean
from kb.rules import base_facts_read, facts_read, rules_of
from kb.values import NUMERIC, Domain
from kb.vocabulary import Fact

# A pair longer than this stands on a line of its own.
_LONG = 50


class UnknownEntry(Exception):
    """Nothing in the rule base has that id."""


def listing(knowledge: Knowledge, what: str, lang: str) -> list[Json]:
    """All entries of a kind, or the one entry with an id. Raises UnknownEntry."""
    if what in _KINDS:
        return _KINDS[what](knowledge, lang)
    entries = [entry for kind in (*_KINDS.values(), parts) for entry in kind(knowledge, lang)]
    found = [entry for entry in entries if entry["id"] == what]
    if found:
        # A factor may carry the id of a fact, which comes first.
        return found[:1]
    pool = [*_KINDS, *(entry["id"] for entry in entries)]
    holding = [f"'{name}'" if " " in name else name for name in dict.fromkeys(pool) if what in name][:8]
    hint = f"Did you mean one of: {', '.join(holding)}?" if holding else did_you_mean(what, pool)
    raise UnknownEntry(f"'{what}' is nothing in this rule base. {hint or 'List what there is: mitra show facts.'}")


def as_words(entry: Json, knowledge: Knowledge, lang: str) -> Json:
    """The entry as a person reads it: numbers grouped, yes and no in words, sentences on lines, nothing empty."""
    shown = dict(entry)
    fact = knowledge.facts.get(entry["id"]) if "type" in entry else None
    if fact is not None:
        shown |= {
            key: words.measure(Fraction(str(entry[key])), fact.domain, fact.unit, knowledge, lang)
            for key in ("min", "max", "step", "change_step")
            if key in entry and fact.domain.type in NUMERIC
        }
    labels = shown.pop("value_labels", {})
    if labels:
        shown["values"] = ", ".join(v if labels[v] == v else f"{v} = {labels[v]}" for v in entry["values"])
    told = {key: _in_words(value, lang) for key, value in shown.items()}
    return {key: value for key, value in told.items() if value != ""}


def _in_words(value: object, lang: str) -> str:
    if isinstance(value, bool):
        return phrase(lang)("yes" if value else "no")
    if isinstance(value, list):
        # Sentences and conditions hold commas of their own.
        told = [_in_words(_filled(item), lang) for item in value]
        return ("\n" if any(" " in item for item in told) else ", ").join(told)
    if isinstance(value, dict):
        told = [f"{key}: {_inner(item, lang)}" for key, item in value.items()]
        return ("\n" if any(len(item) > _LONG for item in told) else ", ").join(told)
    return "" if value is None else str(value)


def _filled(item: object) -> object:
    return {key: value for key, value in item.items() if value is not None} if isinstance(item, dict) else item


def _inner(value: object, lang: str) -> str:
    if value is None:
        return "—"
    told = _in_words(value, lang)
    return f"({told})" if isinstance(value, dict) else told


def _facts(knowledge: Knowledge, lang: str) -> list[Json]:
    readers: dict[str, list[Finding]] = {}
    for finding in knowledge.findings.values():
        read = facts_read(finding.when, knowledge)
        for fact in dict.fromkeys(f for one in read for f in _rests_on(one, knowledge)):
            readers.setdefault(fact, []).append(finding)
    return [_fact(fact, readers.get(fact.id, []), knowledge, lang) for fact in knowledge.facts.values()]


def _rests_on(name: str, knowledge: Knowledge) -> tuple[str, ...]:
    """A fact and all that it is computed from."""
    below = (f for operand in knowledge.facts[name].operands() for f in _rests_on(operand, knowledge))
    return (name, *below)


def _fact(fact: Fact, readers: list[Finding], knowledge: Knowledge, lang: str) -> Json:
    domain = fact.domain
    entry: Json = {"id": fact.id, "label": fact.label.say(lang), "type": domain.type}
    if domain.values:
        entry["values"] = list(domain.values)
        entry["value_labels"] = _value_labels(fact.id, domain, knowledge, lang)
    if domain.low is not None and domain.high is not None:
        entry |= {"min": domain.plain(domain.low), "max": domain.plain(domain.high)}
    if domain.step is not None:
        step = domain.step
        entry["step"] = step.numerator if step.denominator == 1 else float(step)
    extra = {
        "unit": fact.unit,
        # A fact feeds factors of one axis only.
        "axis": next((knowledge.factors[f.factor].axis for f in readers), ""),
        "better": fact.better,
        "ask": fact.ask.say(lang),
        "answered_by": fact.answered_by,
        "evidence": fact.evidence.say(lang),
        "ask_effort": fact.ask_effort,
        "change_effort": fact.change_effort,
        "protected": fact.protected or None,
    }
    entry |= {key: value for key, value in extra.items() if value}
    if fact.change_step is not None:
        entry["change_step"] = domain.plain(fact.change_step)
    if fact.derived is not None:
        entry |= {"derived": True, "from": list(fact.operands())}
    if readers:
        entry["findings"] = [f.id for f in readers]
    if fact.id in knowledge.factors:
        # Asked for by this id, the fact comes first: what the factor says of itself stands here too.
        factor = knowledge.factors[fact.id]
        entry["factor"] = {"weight": factor.weight, "why": factor.why.say(lang), "source": list(factor.sources)}
    return entry | {"file": place(fact.mark)}


def _factors(knowledge: Knowledge, lang: str) -> list[Json]:
    return [_factor(factor, knowledge, lang) for factor in knowledge.factors.values()]


def _factor(factor: Factor, knowledge: Knowledge, lang: str) -> Json:
    return {
        "id": factor.id,
        "label": factor.label.say(lang),
        "axis": factor.axis,
        "weight": factor.weight,
        "why": factor.why.say(lang),
        "source": list(factor.sources),
        "findings": [f.id for f in factor.findings],
        "file": factor.mark.file,
    }


def _findings(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {
            "id": f.id,
            "factor": f.factor,
            "side": f.letter,
            "weight": knowledge.factors[f.factor].weight,
            "rating": f.rating,
            "says": f.says.say(lang),
            "reads": list(facts_read(f.when, knowledge)),
            "when": words.condition(f.when, knowledge),
            "answered_by": list(f.answered_by),
            "source": list(f.sources),
            "file": place(f.mark),
        }
        for f in knowledge.findings.values()
    ]


def _classes(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {
            "id": c.id,
            "label": c.label.say(lang),
            "x": "positive" if c.x_positive else "not_positive",
            "y": "positive" if c.y_positive else "not_positive",
            "strategy": c.strategy,
            "says": c.says.say(lang),
            "why": c.why.say(lang),
            "fostering": {key: text.say(lang) for key, text in c.fostering.items()},
            "source": list(c.sources),
            "file": place(c.mark),
        }
        for c in knowledge.table.classes
    ]


def _sources(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {
            "id": s.id,
            "title": s.title.say(lang),
            "from": s.period.start.isoformat() if s.period.start else None,
            "until": s.period.end.isoformat() if s.period.end else None,
            "checked": s.checked,
            "note": s.note.say(lang),
            "file": place(s.mark),
        }
        for s in knowledge.sources.values()
    ]


def _eligibility(knowledge: Knowledge, lang: str) -> list[Json]:
    rules = list(rules_of(knowledge))
    return [
        {
            "id": e.id,
            "label": e.label.say(lang),
            "values": list(e.domain.values),
            "value_labels": _value_labels(e.id, e.domain, knowledge, lang),
            "entries": len(e.entries),
            "reads": list(dict.fromkeys(f for entry in e.entries for f in base_facts_read(entry.when, knowledge))),
            "rules": parts_of(e.id, rules),
            "file": place(e.mark),
        }
        for e in knowledge.eligibility.values()
    ]


def _value_labels(term: str, domain: Domain, knowledge: Knowledge, lang: str) -> dict[str, str]:
    return {v: words.value(term, domain.read(v), knowledge, lang) for v in domain.values}


def _parameters(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {
            "id": p.id,
            "label": p.label.say(lang),
            "unit": p.unit,
            "values": [
                {
                    "from": v.period.start.isoformat() if v.period.start else None,
                    "until": v.period.end.isoformat() if v.period.end else None,
                    "value": getattr(v.value, "text", ""),
                    "source": v.source,
                }
                for v in p.values
            ],
            "file": place(p.mark),
        }
        for p in knowledge.parameters.values()
    ]


_KINDS: dict[str, Callable[[Knowledge, str], list[Json]]] = {
    "facts": _facts,
    "factors": _factors,
    "findings": _findings,
    "patterns": patterns,
    "principles": principles,
    "classes": _classes,
    "strategies": strategies,
    "actions": actions,
    "cautions": cautions,
    "cases": cases,
    "sources": _sources,
    "eligibility": _eligibility,
    "parameters": _parameters,
}
KINDS = tuple(_KINDS)
# Columns of the short table of each kind; everything is in the JSON and in the entry shown alone.
COLUMNS = {
    "facts": ("id", "label", "type", "axis", "derived"),
    "factors": ("id", "label", "axis", "weight"),
    "findings": ("id", "side", "weight", "rating", "says"),
    "patterns": ("id", "label", "from", "requires"),
    "principles": ("id", "label", "from", "when"),
    "classes": ("id", "label", "x", "y", "strategy"),
    "strategies": ("id", "kind", "says"),
    "actions": ("id", "label", "field"),
    "cautions": ("id", "from", "until", "says"),
    "cases": ("id", "as_of", "class"),
    "sources": ("id", "title", "from", "until", "checked"),
    "eligibility": ("id", "label", "values"),
    "parameters": ("id", "label", "unit"),
}
