"""Conditions with one small slip: a threshold moved, an operator swapped, a value or a test dropped or added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from kb.condition import GRADE, KNOWN, All, Any, Bound, Condition, Dated, Not, Test, tests_of
from kb.model import Knowledge
from kb.problem import Mark
from kb.values import NUMERIC, WHOLE, Code, Domain, plain_number
from kb.vocabulary import GRADES

SWAPPED = {
    "at_least": "above",
    "above": "at_least",
    "at_most": "below",
    "below": "at_most",
    "is": "is_not",
    "is_not": "is",
    "one_of": "none_of",
    "none_of": "one_of",
}
_OPS = {"ge": "gt", "gt": "ge", "le": "lt", "lt": "le", "in": "not_in", "not_in": "in"}
Domains = Callable[[str], Domain | None]


class Variant(NamedTuple):
    """A condition with one slip: where it was made and what it is, in words."""

    mark: Mark
    change: str
    when: Condition


def domains_of(knowledge: Knowledge) -> Domains:
    """The values of a term; None for the class, which is a choice among the classes."""

    def find(term: str) -> Domain | None:
        if term.startswith(GRADE):
            return Domain("level", GRADES)
        if term in knowledge.facts:
            return knowledge.facts[term].domain
        if term in knowledge.eligibility:
            return knowledge.eligibility[term].domain
        if term in knowledge.findings or term.startswith(KNOWN):
            return Domain("boolean")
        return Domain("choice", tuple(c.id for c in knowledge.table.classes))

    return find


def variants(condition: Condition, domains: Domains) -> Iterator[Variant]:
    """Every slip of a condition, one at a time, in the order written."""
    if isinstance(condition, Test):
        yield from _of_test(condition, domains)
    elif isinstance(condition, Not):
        first = next(tests_of(condition.part))
        yield Variant(first.mark, f"'not' before {first.term} dropped", condition.part)
        for found in variants(condition.part, domains):
            yield found._replace(when=Not(found.when))
    else:
        for place, part in enumerate(condition.parts):
            if len(condition.parts) > 1:
                rest = (*condition.parts[:place], *condition.parts[place + 1 :])
                kind = "all" if isinstance(condition, All) else "any"
                mark = next((test.mark for test in tests_of(part)), Mark(""))
                yield Variant(mark, f"{_said(part, domains)} dropped from '{kind}'", _like(condition, rest))
            for found in variants(part, domains):
                parts = (*condition.parts[:place], found.when, *condition.parts[place + 1 :])
                yield found._replace(when=_like(condition, parts))


def _like(condition: All | Any, parts: tuple[Condition, ...]) -> Condition:
    return All(parts) if isinstance(condition, All) else Any(parts)


def _said(condition: Condition, domains: Domains) -> str:
    """A part in short: its tests."""
    return " + ".join(
        f"{test.term} {' '.join(said(bound, domains(test.term)) for bound in test.bounds)}"
        for test in tests_of(condition)
    )


def _of_test(test: Test, domains: Domains) -> Iterator[Variant]:
    domain = domains(test.term)
    for place, bound in enumerate(test.bounds):
        rest = (*test.bounds[:place], *test.bounds[place + 1 :])
        before = said(bound, domain)
        if rest:
            yield Variant(test.mark, f"{test.term} {before} dropped", replace(test, bounds=rest))
        for other in _of_bound(bound, domain):
            bounds = (*test.bounds[:place], other, *test.bounds[place + 1 :])
            yield Variant(test.mark, f"{test.term} {before} -> {said(other, domain)}", replace(test, bounds=bounds))


def _of_bound(bound: Bound, domain: Domain | None) -> Iterator[Bound]:
    yield bound._replace(word=SWAPPED[bound.word], op=_OPS[bound.op])
    operand = bound.operand
    if isinstance(operand, Dated) or domain is None:
        return
    if not isinstance(operand, tuple):
        yield from (bound._replace(operand=code) for code in moved(operand, domain))
        return
    if bound.word in ("is", "is_not"):
        yield from (bound._replace(operand=(code,)) for code in moved(operand[0], domain))
        return
    if len(operand) > 1:
        yield from (bound._replace(operand=tuple(c for c in operand if c != code)) for code in operand)
    every: tuple[Code, ...] = tuple(range(len(domain.values))) if domain.type == "level" else domain.values
    missing = [code for code in every if code not in operand]
    # With every value in it the test would ask nothing, or let nothing pass.
    yield from (bound._replace(operand=(*operand, code)) for code in missing if len(missing) > 1)


def moved(code: Code, domain: Domain) -> tuple[Code, ...]:
    """The values one step below and above; of a ratio, which has no step, by the last digit written."""
    if isinstance(code, str) or domain.type in ("boolean", "choice", "code", "text"):
        return ()
    step = Fraction(1)
    if domain.type in NUMERIC and domain.step is None:
        digits = len(plain_number(Fraction(code)).partition(".")[2])
        step = Fraction(1, 10**digits)
    found = tuple(int(c) if isinstance(code, int) and c.denominator == 1 else c for c in (code - step, code + step))
    return tuple(c for c in found if 0 <= c < len(domain.values)) if domain.values else found


def said(bound: Bound, domain: Domain | None) -> str:
    """A bound as one writes it."""
    if isinstance(bound.operand, Dated):
        return f"{bound.word} ${bound.operand.parameter}"
    codes = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
    words = ", ".join(written(code, domain) for code in codes)
    return f"{bound.word} [{words}]" if bound.word in ("one_of", "none_of") else f"{bound.word} {words}"


def written(code: Code, domain: Domain | None) -> str:
    """A value as one writes it, thousands apart."""
    if domain is None:
        return str(code)
    if domain.type in WHOLE and isinstance(code, int) and domain.step == 1:
        return f"{code:_}"
    return domain.written(code)
