"""What `show` lists: facts, factors, findings, patterns, classes, sources, and one entry in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.say import words
from kb.complete import base_facts
from kb.condition import Condition
from kb.model import Factor, Knowledge
from kb.problem import did_you_mean
from kb.rules import facts_read
from kb.vocabulary import Fact

Json = dict[str, Any]


class UnknownEntry(Exception):
    """Nothing in the rule base has that id."""


def listing(knowledge: Knowledge, what: str, lang: str) -> list[Json]:
    """All entries of a kind, or the one entry with an id. Raises UnknownEntry."""
    if what in _KINDS:
        return _KINDS[what](knowledge, lang)
    for kind in _KINDS.values():
        found = [entry for entry in kind(knowledge, lang) if entry["id"] == what]
        if found:
            return found
    pool = [*_KINDS, *(entry["id"] for kind in _KINDS.values() for entry in kind(knowledge, lang))]
    holding = [name for name in dict.fromkeys(pool) if what in name][:8]
    hint = f"Did you mean one of: {', '.join(holding)}?" if holding else did_you_mean(what, pool)
    raise UnknownEntry(f"'{what}' is nothing in this rule base. {hint or 'List what there is: mitra show facts.'}")


def _facts(knowledge: Knowledge, lang: str) -> list[Json]:
    axes: dict[str, str] = {}
    for factor in knowledge.factors.values():
        for finding in factor.findings:
            for fact in facts_read(finding.when, knowledge):
                axes[fact] = factor.axis
                axes |= dict.fromkeys(base_facts(fact, knowledge.facts), factor.axis)
    return [_fact(fact, axes.get(fact.id, ""), knowledge, lang) for fact in knowledge.facts.values()]


def _fact(fact: Fact, axis: str, knowledge: Knowledge, lang: str) -> Json:
    domain = fact.domain
    entry: Json = {"id": fact.id, "label": fact.label.say(lang), "type": domain.type}
    if domain.values:
        entry["values"] = list(domain.values)
    if domain.low is not None and domain.high is not None:
        entry |= {"min": domain.plain(domain.low), "max": domain.plain(domain.high)}
    if domain.step is not None:
        step = domain.step
        entry["step"] = step.numerator if step.denominator == 1 else float(step)
    extra = {
        "unit": fact.unit,
        "axis": axis,
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
    return entry


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
            "when": _written(f.when, knowledge),
            "answered_by": list(f.answered_by),
            "source": list(f.sources),
            "file": f"{f.mark.file}:{f.mark.line}",
        }
        for f in knowledge.findings.values()
    ]


def _written(condition: Condition, knowledge: Knowledge) -> str:
    return words.condition(condition, knowledge)


def _patterns(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {
            "id": p.id,
            "label": p.label.say(lang),
            "says": p.says.say(lang),
            "from": p.period.start.isoformat() if p.period.start else None,
            "until": p.period.end.isoformat() if p.period.end else None,
            "fallback": p.fallback,
            "requires": _written(p.requires.when, knowledge) if p.requires and p.requires.when is not None else "",
            "barred_by": [_written(b.when, knowledge) for b in p.bars if b.when is not None],
            "suits": {name: suit.rank for name, suit in p.suits.items()},
            "source": list(p.sources),
        }
        for p in knowledge.patterns.values()
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
        }
        for s in knowledge.sources.values()
    ]


def _eligibility(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {"id": e.id, "label": e.label.say(lang), "values": list(e.domain.values), "entries": len(e.entries)}
        for e in knowledge.eligibility.values()
    ]


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
        }
        for p in knowledge.parameters.values()
    ]


def _actions(knowledge: Knowledge, lang: str) -> list[Json]:
    return [
        {
            "id": a.id,
            "label": a.label.say(lang),
            "says": a.says.say(lang),
            "field": a.field,
            "answers": [f.id for f in knowledge.findings.values() if a.id in f.answered_by],
            "source": list(a.sources),
        }
        for a in knowledge.actions.values()
    ]


_KINDS: dict[str, Callable[[Knowledge, str], list[Json]]] = {
    "facts": _facts,
    "factors": _factors,
    "findings": _findings,
    "patterns": _patterns,
    "classes": _classes,
    "sources": _sources,
    "eligibility": _eligibility,
    "parameters": _parameters,
    "actions": _actions,
}
KINDS = tuple(_KINDS)
# Columns of the short table of each kind; everything is in the JSON and in the entry shown alone.
COLUMNS = {
    "facts": ("id", "label", "type", "axis"),
    "factors": ("id", "label", "axis", "weight"),
    "findings": ("id", "side", "weight", "rating", "says"),
    "patterns": ("id", "label", "from", "requires"),
    "classes": ("id", "label", "x", "y", "strategy"),
    "sources": ("id", "title", "from", "until", "checked"),
    "eligibility": ("id", "label", "values"),
    "parameters": ("id", "label", "unit"),
    "actions": ("id", "label", "field"),
}
