"""Conditions and firms in the words an expert writes rules in, short enough for a message."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from kb.condition import GRADE, KNOWN, All, Bound, Condition, Dated, Not, Test, fact_of
from kb.model import Knowledge
from kb.values import Code, Domain
from kb.vocabulary import GRADES

_LONGEST = 160
_FEW = 6


def told(condition: Condition, knowledge: Knowledge) -> str:
    """`mutu_produk is baik`, `any(…, …)`: the condition as written, parameters by name with their value."""
    if isinstance(condition, Test):
        return (
            f"{fact_of(condition.term)} {' and '.join(_bound(b, condition.term, knowledge) for b in condition.bounds)}"
        )
    if isinstance(condition, Not):
        return f"not({told(condition.part, knowledge)})"
    word = "all" if isinstance(condition, All) else "any"
    return f"{word}({', '.join(told(part, knowledge) for part in condition.parts)})"


def short(condition: Condition, knowledge: Knowledge) -> str:
    """As `told`, cut in the middle where it is long."""
    text = told(condition, knowledge)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def _bound(bound: Bound, term: str, knowledge: Knowledge) -> str:
    operand = bound.operand
    assert not isinstance(operand, Dated)
    several = operand if isinstance(operand, tuple) else (operand,)
    values = [_value(code, term, knowledge) for code in several]
    shown = values[0] if len(values) == 1 and bound.word not in ("one_of", "none_of") else f"[{', '.join(values)}]"
    if term.startswith(KNOWN):
        return f"known {'true' if operand == (1,) else 'false'}"
    word = "grade_at_least" if term.startswith(GRADE) else bound.word
    return f"{word} ${bound.parameter} ({shown})" if bound.parameter else f"{word} {shown}"


def _value(code: Code, term: str, knowledge: Knowledge) -> str:
    if term.startswith(GRADE) and isinstance(code, int):
        return GRADES[code]
    domain = domain_of(term, knowledge)
    return str(code) if domain is None else domain.written(code)


def domain_of(term: str, knowledge: Knowledge) -> Domain | None:
    """The domain of a term of any stage; None of the class, whose codes are its names."""
    if term in knowledge.facts:
        return knowledge.facts[term].domain
    if term in knowledge.eligibility:
        return knowledge.eligibility[term].domain
    return Domain("boolean") if term in knowledge.findings else None


def on_day(day: datetime.date, usual: datetime.date) -> str:
    """Where an example is of another day than the usual one, that day."""
    return "" if day == usual else f" on {day}"


def firm(facts: Mapping[str, object], about: frozenset[str]) -> str:
    """`a: 1, b: baik`, those it is about first, and cut where it is long."""
    ordered = sorted(facts.items(), key=lambda pair: (pair[0] not in about, pair[0]))
    pairs = [f"{name}: {_plain(value)}" for name, value in ordered]
    shown = max(_FEW, len(about & facts.keys()))
    if len(pairs) <= shown:
        return ", ".join(pairs)
    return f"{', '.join(pairs[:shown])} and {len(pairs) - shown} more facts (--format json has them all)"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        value = value["value"]
    return str(value).lower() if isinstance(value, bool) else str(value)
