"""Entries of `show` about what follows the class: patterns and their single rules, principles, programme, cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from engine.say import words
from engine.say.json import exact_number
from engine.say.phrases import phrase
from kb.condition import Condition
from kb.law import Period
from kb.model import Case, Clause, Duty, Knowledge, Pattern
from kb.problem import Mark
from kb.rules import Rule, facts_read, rules_of

Json = dict[str, Any]
# Kinds of rules that are no entry by themselves: answers name them as what they belong to, a point and the rest.
_PARTS = ("eligibility", "requires", "eligible", "bar", "principle", "pattern_caution", "prepare")


def patterns(knowledge: Knowledge, lang: str) -> list[Json]:
    """The patterns, with the ids of their single rules."""
    rules = list(rules_of(knowledge))
    return [
        {
            "id": p.id,
            "label": p.label.say(lang),
            "says": p.says.say(lang),
            **_days(p.period),
            "fallback": p.fallback,
            "requires": _written(p.requires.when if p.requires else None, knowledge),
            "barred_by": [_written(b.when, knowledge) for b in p.bars if b.when is not None],
            "suits": {name: suit.rank for name, suit in p.suits.items()},
            "source": list(p.sources),
            "rules": parts_of(p.id, rules),
            "partner_duties": _said(p.partner_duties, lang),
            "firm_duties": _said(p.firm_duties, lang),
            "clauses": _said(p.clauses, lang),
            "file": place(p.mark),
        }
        for p in knowledge.patterns.values()
    ]


def principles(knowledge: Knowledge, lang: str) -> list[Json]:
    """The principles of partnership: one condition for all patterns, and those of their own."""
    return [
        {
            "id": p.id,
            "label": p.label.say(lang),
            **_days(p.period),
            "when": _written(p.default, knowledge),
            "for": {name: _written(when, knowledge) for name, when in p.tests.items()},
            "mend": p.mend.say(lang),
            "source": list(p.sources),
            "file": place(p.mark),
        }
        for p in knowledge.principles.values()
    ]


def actions(knowledge: Knowledge, lang: str) -> list[Json]:
    """The actions of the programme, with the findings they answer."""
    return [
        {
            "id": a.id,
            "label": a.label.say(lang),
            "says": a.says.say(lang),
            "field": a.field,
            "step": a.step,
            "standing": a.standing,
            "answers": [f.id for f in knowledge.findings.values() if a.id in f.answered_by],
            "when": _written(a.when, knowledge),
            **_days(a.period),
            "source": list(a.sources),
            "file": place(a.mark),
        }
        for a in knowledge.actions.values()
    ]


def strategies(knowledge: Knowledge, lang: str) -> list[Json]:
    """The strategies, with the findings each pairs."""
    return [
        {
            "id": s.id,
            "kind": s.kind,
            "says": s.says.say(lang),
            "inner": list(s.inner),
            "outer": list(s.outer),
            "source": list(s.sources),
            "file": place(s.mark),
        }
        for s in knowledge.strategies.values()
    ]


def cautions(knowledge: Knowledge, lang: str) -> list[Json]:
    """The cautions of the programme; those of one pattern are among its rules."""
    return [
        {
            "id": c.id,
            "says": c.says.say(lang),
            "when": _written(c.when, knowledge),
            "reads": list(facts_read(c.when, knowledge)),
            **_days(c.period),
            "source": list(c.sources),
            "file": place(c.mark),
        }
        for c in knowledge.cautions.values()
    ]


def cases(knowledge: Knowledge, _lang: str) -> list[Json]:
    """The expert's whole cases, by name."""
    return [_case(case, knowledge) for case in knowledge.cases]


def expectations(value: Any) -> Any:
    """What a case expects, or got, as JSON: margins are exact numbers."""
    if isinstance(value, Fraction):
        return exact_number(value)
    if isinstance(value, dict):
        return {key: expectations(inner) for key, inner in value.items()}
    return value


def _case(case: Case, knowledge: Knowledge) -> Json:
    domains = {name: knowledge.facts[name].domain for name in case.facts}
    return {
        "id": case.name,
        "as_of": case.as_of.isoformat(),
        "class": case.expect.get("class"),
        "expect": expectations(dict(case.expect)),
        "facts": {name: None if code is None else domains[name].plain(code) for name, code in case.facts.items()},
        "file": place(case.mark),
    }


def parts(knowledge: Knowledge, lang: str) -> list[Json]:
    """The single rules that answers name: of a term of eligibility or of a pattern, and its last resort closed."""
    clauses = {c.id: c for p in knowledge.patterns.values() for c in _clauses(p)}
    single = [_part(rule, clauses, knowledge, lang) for rule in rules_of(knowledge) if rule.kind in _PARTS]
    return single + [
        {
            "id": f"{p.id}.closed",
            "kind": "closed",
            "of": p.id,
            "says": phrase(lang)("said when closed").format(pattern=p.label.say(lang)),
            "source": list(p.sources),
            "file": place(p.mark),
        }
        for p in knowledge.patterns.values()
        if p.fallback
    ]


def parts_of(owner: str, rules: Iterable[Rule]) -> list[str]:
    """Ids of the single rules of one pattern or term."""
    return [rule.id for rule in rules if rule.kind in _PARTS and rule.owner == owner]


def _part(rule: Rule, clauses: dict[str, Clause], knowledge: Knowledge, lang: str) -> Json:
    entry: Json = {"id": rule.id, "kind": rule.kind, "of": rule.owner}
    if rule.kind == "principle":
        principle = knowledge.principles[rule.id.removeprefix(f"{rule.owner}.")]
        entry |= {"label": principle.label.say(lang), "mend": principle.mend.say(lang)}
    elif rule.id in clauses:
        entry["says"] = clauses[rule.id].says.say(lang)
    return entry | {
        "when": _written(rule.when, knowledge),
        "reads": list(facts_read(rule.when, knowledge)),
        **_days(rule.period),
        "source": list(rule.sources),
        "file": place(rule.mark),
    }


def _clauses(pattern: Pattern) -> Iterator[Clause]:
    if pattern.requires is not None:
        yield pattern.requires
    yield from (*pattern.eligible, *pattern.bars, *pattern.cautions)


def _said(duties: tuple[Duty, ...], lang: str) -> list[str]:
    return [duty.says.say(lang) for duty in duties]


def _written(condition: Condition | None, knowledge: Knowledge) -> str:
    return "" if condition is None else words.condition(condition, knowledge)


def _days(period: Period) -> Json:
    return {
        "from": period.start.isoformat() if period.start else None,
        "until": period.end.isoformat() if period.end else None,
    }


def place(mark: Mark) -> str:
    """File and line of an entry."""
    return f"{mark.file}:{mark.line}"
