"""Derived facts: the kinds there are, and their reading by shape. Operands are looked up in `kb.complete`."""

from __future__ import annotations

from collections.abc import Mapping as Map
from fractions import Fraction
from typing import Any, NamedTuple, Union

from kb.problem import Mark, Problems, did_you_mean
from kb.source import Mapping, Node, Scalar
from kb.text import Fields, Keys
from kb.values import NUMERIC, BadValue, Code, Domain

AS_OF = "as_of"
OPERATIONS = ("sum", "difference", "ratio", "years_between", "bands")
DERIVED = Keys((), (*OPERATIONS, "when_zero"))
BANDS = Keys(("of", "limits"))
LIMIT = Keys(("is",), ("at_most", "below", "at_least", "above", "one_of"))


class Linear(NamedTuple):
    """Sum of operands with whole signs: `sum` has +1 each, `difference` +1 and -1."""

    operands: tuple[tuple[str, int], ...]


class Ratio(NamedTuple):
    """scale * numerator / denominator; `when_zero` is the value where the denominator is zero."""

    numerator: str
    denominator: str
    scale: int
    when_zero: Fraction | None


class YearsBetween(NamedTuple):
    """Whole years from one date to another or to the day of assessment (`as_of`)."""

    start: str
    end: str


class Bands(NamedTuple):
    """A level read off a number: the first limit that holds.

    Each limit is (test, value, place); the test is a node when read, a condition on `of` once `kb.complete` bound it,
    and None for the last, which always holds.
    """

    of: str
    limits: tuple[tuple[Any, Code, Mark], ...]


Derived = Union[Linear, Ratio, YearsBetween, Bands]


def read_value(node: Node, domain: Domain, owner: str, problems: Problems, bounded: bool = True) -> Code | None:
    """Coded value of a scalar in a domain; a fault becomes a problem naming `owner` and None is returned."""
    if not isinstance(node, Scalar):
        problems.error("KB204", node.mark, "a single value is expected here.", "Write one value.")
        return None
    try:
        return domain.read(node.text, bounded)
    except BadValue as bad:
        of = f"{owner}: " if owner else ""
        problems.error(bad.code, node.mark, of + bad.message, bad.remedy)
        return None


def operands_of(derived: Derived | None) -> tuple[str, ...]:
    if derived is None:
        return ()
    if isinstance(derived, Linear):
        return tuple(term for term, _ in derived.operands)
    if isinstance(derived, Ratio):
        return (derived.numerator, derived.denominator)
    if isinstance(derived, YearsBetween):
        return tuple(t for t in (derived.start, derived.end) if t != AS_OF)
    return (derived.of,)


def read_derived(node: Node, kind: str, fact: Fields, problems: Problems) -> Derived | None:
    """How a derived fact is computed, by shape alone; operands are looked up when the vocabulary is whole."""
    fields = Fields(node, "'derived'", problems, *DERIVED)
    chosen = [op for op in OPERATIONS if op in fields]
    if len(chosen) != 1:
        problems.error(
            "KB204", node.mark, "'derived' needs exactly one operation.", f"Use one of: {', '.join(OPERATIONS)}."
        )
        return None
    operation = chosen[0]
    if "when_zero" in fields and operation != "ratio":
        problems.error("KB201", fields.keys["when_zero"], "'when_zero' belongs to a ratio.", "Remove it.")
    fitting = {"ratio": ("decimal", "percent"), "years_between": ("integer",), "bands": ("level", "boolean", "choice")}
    allowed = fitting.get(operation, NUMERIC)
    if kind not in allowed:
        problems.error(
            "KB407", fact.at("type"), f"a {operation} is not of type {kind}.", f"Use {' or '.join(allowed)}."
        )
        return None
    if operation == "bands":
        return _read_bands(fields.nodes["bands"], fact, kind, problems)
    names = tuple(w for w, _ in fields.words(operation))
    if (operation == "sum" and len(names) < 2) or (operation != "sum" and len(names) != 2):
        problems.error("KB407", fields.at(operation), f"a {operation} needs two operands.", "Write [one, other].")
        return None
    if len(set(names)) != len(names):
        problems.error("KB407", fields.at(operation), "an operand stands twice.", "Name different facts.")
        return None
    if operation == "sum":
        return Linear(tuple((name, 1) for name in names))
    if operation == "difference":
        return Linear(((names[0], 1), (names[1], -1)))
    if operation == "years_between":
        return YearsBetween(*names)
    when_zero: Fraction | None = None
    if "when_zero" in fields:
        value = read_value(fields.nodes["when_zero"], Domain(kind), "when_zero", problems)
        when_zero = Fraction(value) if value is not None else None
    return Ratio(names[0], names[1], 100 if kind == "percent" else 1, when_zero)


def _read_bands(node: Node, fact: Fields, kind: str, problems: Problems) -> Bands | None:
    before = problems.error_count
    fields = Fields(node, "'bands'", problems, *BANDS)
    values = tuple(w for w, _ in fact.words("values")) if "values" in fact else ()
    if kind != "boolean" and len(set(values)) < 2:
        # Said where the values stand; what the limits give cannot be told.
        return None
    domain = Domain(kind, values)
    limits: list[tuple[Any, Code, Mark]] = []
    for item in fields.items("limits"):
        entry = Fields(item, "a limit", problems, *LIMIT)
        value_node = entry.node("is")
        if value_node is None:
            continue
        code = read_value(value_node, domain, "is", problems)
        tests = tuple((k, v) for k, v in item if k.text != "is") if isinstance(item, Mapping) else ()
        if code is not None:
            limits.append((Mapping(tests, item.mark) if tests else None, code, item.mark))
    if problems.error_count > before or not limits:
        return None
    open_ended = [i for i, (tests, _, _) in enumerate(limits) if tests is None]
    if open_ended != [len(limits) - 1]:
        problems.error("KB412", node.mark, "only the last limit stands without a test.", "End with {is: …} alone.")
        return None
    return Bands(fields.identifier("of"), tuple(limits))


def unknown_term(name: str, known: Map[str, object], mark: Mark, problems: Problems) -> None:
    if name not in problems.unusable:
        hint = did_you_mean(name, known) or "Add it to the vocabulary."
        problems.error("KB401", mark, f"'{name}' is not a term.", hint)
