"""Conditions: what a rule asks of the terms it reads. Read once against the vocabulary, then plain frozen values.

A condition is a tree of All, Any, Not and Test. A Test holds one or more bounds on one term; all of them must hold.
Bounds compare coded values (see `kb.values`) with constants or with a dated parameter, which `resolve` replaces by
its value on a day. Meaning (Kleene's three values) is defined by `engine.executors.reference`.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import NamedTuple, Union

from kb.derivation import read_value, unknown_term
from kb.law import Parameter, value_on
from kb.never import never
from kb.problem import Mark, Problems, did_you_mean
from kb.source import Mapping, Node, Scalar
from kb.text import Placed, items, kind_of
from kb.values import Code, Domain
from kb.vocabulary import GRADES

SETS = {"is": "in", "is_not": "not_in", "one_of": "in", "none_of": "not_in"}
ORDER = {"at_least": "ge", "at_most": "le", "above": "gt", "below": "lt"}
TESTS = (*SETS, *ORDER)
KNOWLEDGE = ("known", "grade_at_least")
KNOWN, GRADE = "known:", "grade:"
RESERVED = ("all", "any", "not", "as_of", "class")
# What other languages call the connectives.
_MEANT = {"and": "all", "dan": "all", "or": "any", "atau": "any", "bukan": "not"}


@dataclass(frozen=True, slots=True)
class Dated:
    """A dated parameter as a bound: its id and its coded values by period."""

    parameter: str
    values: tuple[tuple[datetime.date | None, datetime.date | None, Code], ...]


class Bound(NamedTuple):
    """One comparison. `op` is in, not_in (operand: tuple of codes), ge, le, gt, lt (operand: one code or Dated).

    `word` is the test as the expert writes it; `parameter` and `source` tell where a resolved operand comes from.
    """

    word: str
    op: str
    operand: Code | tuple[Code, ...] | Dated
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    term: str
    bounds: tuple[Bound, ...]
    # Where it is written, which is no part of what it means.
    mark: Mark = field(default=Mark(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = Union[Test, All, Any, Not]
ALWAYS = All(())
# Stands for a faulty condition, so that the rest of its entry is looked at all the same.
NEVER = Any(())


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may read: the terms by name with their domains, and the terms of later stages by name.

    `facts` are those of the terms that somebody states, or that follow from what is stated: of them alone it can be
    asked how well they are known, and only where that is `knowledge_allowed`.
    """

    terms: Map[str, Domain]
    later: Map[str, str]
    parameters: Map[str, Parameter]
    facts: Container[str] = ()
    knowledge_allowed: bool = False


def tests_of(condition: Condition) -> Iterator[Test]:
    """Every test, in the order written."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests_of(condition.part)
    else:
        for part in condition.parts:
            yield from tests_of(part)


def terms_of(condition: Condition) -> tuple[str, ...]:
    """Terms read, each once, in the order written."""
    return tuple(dict.fromkeys(test.term for test in tests_of(condition)))


def fact_of(term: str) -> str:
    """The fact a term speaks of: `known:f` and `grade:f` speak of f."""
    return term.split(":", 1)[1] if term.startswith((KNOWN, GRADE)) else term


def parameters_of(condition: Condition) -> tuple[str, ...]:
    found = (b.operand.parameter for t in tests_of(condition) for b in t.bounds if isinstance(b.operand, Dated))
    return tuple(dict.fromkeys(found))


def resolve(condition: Condition, day: datetime.date) -> Condition | None:
    """The condition with every parameter replaced by its value on `day`; None when one has no value then."""
    if isinstance(condition, Test):
        bounds = []
        for bound in condition.bounds:
            if isinstance(bound.operand, Dated):
                value = value_on(bound.operand.values, day)
                if value is None:
                    return None
                operand: Code | tuple[Code, ...] = (value,) if bound.op in ("in", "not_in") else value
                bound = Bound(bound.word, bound.op, operand, bound.operand.parameter)
            bounds.append(bound)
        return Test(condition.term, tuple(bounds), condition.mark)
    if isinstance(condition, Not):
        part = resolve(condition.part, day)
        return None if part is None else Not(part)
    parts = [resolve(part, day) for part in condition.parts]
    if any(part is None for part in parts):
        return None
    whole = tuple(part for part in parts if part is not None)
    return All(whole) if isinstance(condition, All) else Any(whole)


def read_condition(node: Node, scope: Scope, problems: Problems) -> Condition | None:
    """A condition from its node; None when any part is faulty (every fault is recorded)."""
    if not isinstance(node, Mapping):
        problems.error(
            "KB204", node.mark, f"a condition must be a mapping, not {kind_of(node)}.", "Write {fact: {is: value}}."
        )
        return None
    if not node.entries:
        problems.error("KB419", node.mark, "the condition is empty.", "Name at least one fact and its test.")
        return None
    # Keys of a mapping have no order, so that two writings with one digest read as one condition.
    parts = [_entry(key, value, scope, problems) for key, value in sorted(node, key=lambda entry: entry[0].text)]
    whole = tuple(part for part in parts if part is not None)
    if len(whole) != len(parts):
        return None
    return whole[0] if len(whole) == 1 else All(whole)


def read_when(node: Node | None, scope: Scope, problems: Problems) -> Condition | None:
    """The condition of an entry; None where it has none, NEVER where it is faulty."""
    return None if node is None else read_condition(node, scope, problems) or NEVER


def _entry(key: Scalar, value: Node, scope: Scope, problems: Problems) -> Condition | None:
    name = key.text
    if name in ("all", "any"):
        members = items(value, f"'{name}'", problems)
        if not members:
            problems.error("KB419", value.mark, f"'{name}' is empty.", "List at least one condition.")
            return None
        parts = [read_condition(member, scope, problems) for member in members]
        whole = tuple(part for part in parts if part is not None)
        if len(whole) != len(parts):
            return None
        return All(whole) if name == "all" else Any(whole)
    if name == "not":
        part = read_condition(value, scope, problems)
        return None if part is None else Not(part)
    if name in scope.later:
        problems.error(
            "KB403",
            key.mark,
            f"'{name}' is {scope.later[name]}, which is settled later than this rule.",
            "Read only facts and terms of earlier stages.",
        )
        return None
    meant = _MEANT.get(name.lower(), "")
    if name not in scope.terms and meant:
        problems.error("KB401", key.mark, f"'{name}' is not a term.", f"Write {meant}:.")
        return _entry(Scalar(meant, key.mark), value, scope, problems)
    if name not in scope.terms:
        unknown_term(name, scope.terms, key.mark, problems)
        return None
    return _tests(name, value, scope, problems)


def _tests(term: str, node: Node, scope: Scope, problems: Problems) -> Condition | None:
    domain = scope.terms[term]
    if isinstance(node, Scalar):
        node = Mapping(((Scalar("is", node.mark), node),), node.mark)
    if not isinstance(node, Mapping) or not node.entries:
        problems.error("KB419", node.mark, f"'{term}' has no test.", f"Write {{{term}: {{is: …}}}}.")
        return None
    parts: list[Condition] = []
    bounds: list[Bound] = []
    good = True
    for key, value in sorted(node, key=lambda entry: entry[0].text):
        if key.text in KNOWLEDGE:
            extra = _knowledge(term, key, value, scope, problems)
            if extra is None:
                good = False
            else:
                parts.append(extra)
        elif key.text not in TESTS:
            words = (*TESTS, *KNOWLEDGE) if scope.knowledge_allowed else TESTS
            problems.error("KB201", key.mark, f"'{key.text}' is not a test.", did_you_mean(key.text, words))
            good = False
        else:
            found = _bound(term, key.text, value, domain, scope, problems)
            good = good and found is not None
            bounds += [found] if found is not None else []
    if not good:
        return None
    if bounds:
        test = Test(term, tuple(sorted(bounds, key=lambda bound: TESTS.index(bound.word))), node.mark)
        if never(test, domain):
            problems.error("KB420", node.mark, f"no value of '{term}' can pass this test.", "Widen its bounds.")
            return None
        parts.insert(0, test)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _knowledge(term: str, key: Scalar, value: Node, scope: Scope, problems: Problems) -> Test | None:
    if not scope.knowledge_allowed:
        problems.error(
            "KB414",
            key.mark,
            f"'{key.text}' may be tested only in cautions and actions.",
            "Test the fact's value; what is decided here must not change its mind when more becomes known.",
        )
        return None
    if term not in scope.facts:
        remedy = "Ask of the facts that it rests on."
        problems.error("KB414", key.mark, f"'{term}' is not a fact: nobody states it.", remedy)
        return None
    if key.text == "known":
        code = read_value(value, Domain("boolean"), term, problems)
        return None if code is None else Test(KNOWN + term, (Bound("is", "in", (code,)),), value.mark)
    grade = read_value(value, Domain("level", GRADES), term, problems)
    return None if grade is None else Test(GRADE + term, (Bound("at_least", "ge", grade),), value.mark)


def _bound(term: str, word: str, node: Node, domain: Domain, scope: Scope, problems: Problems) -> Bound | None:
    if word in ORDER and not domain.ordered:
        problems.error(
            "KB402", node.mark, f"'{word}' needs an ordered type; '{term}' is a {domain.type}.", "Use is or one_of."
        )
        return None
    if word in ("one_of", "none_of"):
        members = items(node, f"'{word}'", problems)
        codes = [read_value(member, domain, term, problems, bounded=False) for member in members]
        whole = tuple(dict.fromkeys(code for code in codes if code is not None))
        if not members:
            problems.error("KB419", node.mark, f"'{word}' is empty.", "List at least one value.")
        return Bound(word, SETS[word], whole) if members and None not in codes else None
    op = ORDER.get(word) or SETS[word]
    if isinstance(node, Scalar) and node.text.startswith("$"):
        dated = _dated(term, node, domain, scope, problems)
        return None if dated is None else Bound(word, op, dated)
    code = read_value(node, domain, term, problems, bounded=False)
    if code is None:
        return None
    return Bound(word, op, (code,) if op in ("in", "not_in") else code)


def _dated(term: str, node: Scalar, domain: Domain, scope: Scope, problems: Problems) -> Dated | None:
    name = node.text[1:]
    parameter = scope.parameters.get(name)
    if parameter is None:
        if name not in problems.unusable:
            hint = did_you_mean(name, scope.parameters) or "Add it to rules/law."
            problems.error("KB410", node.mark, f"'{name}' is not a parameter.", hint)
        return None
    values = []
    for entry in parameter.values:
        # Within the range, unlike a constant: a figure of the law beyond it is a slip, or in another unit.
        code = read_value(entry.value, domain, f"${name} for '{term}'", problems)
        if code is not None:
            values.append((entry.period.start, entry.period.end, code))
    if len(values) < len(parameter.values):
        return None
    return Dated(Placed(name, node.mark), tuple(values))
