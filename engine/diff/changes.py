"""What two rule bases say differently: entries added, removed and changed, field by field, on what was read and not on
how it is laid out.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from engine.say.words import domain_of
from kb.condition import KNOWN, All, Bound, Condition, Dated, Not, Test, fact_of
from kb.condition import Any as AnyOf
from kb.law import Period
from kb.model import Knowledge
from kb.problem import Mark
from kb.source import Scalar
from kb.text import Text
from kb.values import Domain

# Fields that change no verdict: what is said, cited, asked, tried, or done beside it.
_WORDS = {
    "label",
    "title",
    "says",
    "why",
    "mend",
    "ask",
    "evidence",
    "note",
    "sources",
    "source",
    "checked",
    "examples",
}
_WORDS |= {"unit", "value_labels", "answered_by", "ask_effort", "change_effort", "change_step", "better", "owner"}
_WORDS |= {"fostering", "development", "version", "name", "partner_duties", "firm_duties", "clauses", "reading"}
_WORDS |= {"strategy", "field", "step", "standing", "accepted", "examples_as_of", "cautions", "prepare", "protected"}
# Entries that decide nothing about class or recommendation.
_ASIDE = {"principle", "action", "strategy", "caution", "invariant", "case", "label", "source", "manifest", "table"}
_ASIDE |= {"dimension"}
# Fields in which a plain number is a code of the term they belong to.
_CODED = ("entries", "derived", "change_step")
_UNSAID = {"id", "mark", "factor", "findings", "classes", "alternatives"}


class Entry(NamedTuple):
    """Something with a name in a rule base: its kind, what it is called, its value and place."""

    kind: str
    id: str
    label: Text
    value: Any
    mark: Mark


class Field(NamedTuple):
    """One field that differs; None where one side has none. `decides` tells whether class or recommendation can rest on
    it."""

    path: tuple[str, ...]
    before: Any
    after: Any
    decides: bool


class Change(NamedTuple):
    """An entry that both have and that differs in these fields."""

    before: Entry
    after: Entry
    fields: tuple[Field, ...]

    @property
    def decides(self) -> bool:
        return any(field.decides for field in self.fields)


class Changes(NamedTuple):
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Change, ...]


def changes(old: Knowledge, new: Knowledge) -> Changes:
    """All entries by kind and name, compared."""
    before, after = ({(e.kind, e.id): e for e in entries(knowledge)} for knowledge in (old, new))
    changed = []
    for key in before.keys() & after.keys():
        aside = key[0] in _ASIDE
        told = _Comparison(old, new, aside)
        found = tuple(told.differences((), before[key].value, after[key].value))
        changed += [Change(before[key], after[key], found)] if found else []
    order = {kind: number for number, kind in enumerate(dict.fromkeys(kind for kind, _ in (*after, *before)))}

    def place(kind: str, name: str) -> tuple[int, str]:
        return order[kind], name

    return Changes(
        tuple(after[key] for key in sorted(after.keys() - before.keys(), key=lambda key: place(*key))),
        tuple(before[key] for key in sorted(before.keys() - after.keys(), key=lambda key: place(*key))),
        tuple(sorted(changed, key=lambda change: place(change.after.kind, change.after.id))),
    )


def decides(entry: Entry) -> bool:
    """Whether class or recommendation can rest on an entry that is added or removed."""
    return entry.kind not in _ASIDE


def entries(knowledge: Knowledge) -> Iterator[Entry]:
    """Everything that has a name, what decides first."""
    for factor in knowledge.factors.values():
        yield Entry("factor", factor.id, factor.label, factor, factor.mark)
    for finding in knowledge.findings.values():
        yield Entry("finding", finding.id, finding.says, finding, finding.mark)
    table = knowledge.table
    yield Entry("classes", "", Text("tabel kelas", "class table"), table, table.mark)
    for one in table.classes:
        yield Entry("class", one.id, one.label, one, one.mark)
    kinds: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("pattern", knowledge.patterns),
        ("eligibility", knowledge.eligibility),
        ("fact", knowledge.facts),
        ("parameter", knowledge.parameters),
        ("dimension", knowledge.dimensions),
        ("principle", knowledge.principles),
        ("action", knowledge.actions),
        ("strategy", knowledge.strategies),
        ("caution", knowledge.cautions),
        ("source", knowledge.sources),
        ("invariant", knowledge.invariants),
    )
    for kind, named in kinds:
        for name, value in named.items():
            label = getattr(value, "label", None) or getattr(value, "title", None) or getattr(value, "says", None)
            yield Entry(kind, name, label or Text(name), value, value.mark)
    for other in knowledge.alternatives:
        yield Entry("table", other.reading, Text(other.reading), (other, other.classes), other.mark)
    for case in knowledge.cases:
        yield Entry("case", case.name, Text(case.name), case, case.mark)
    manifest = knowledge.manifest
    yield Entry("manifest", "", manifest.title, manifest, manifest.mark)
    words = {"values": knowledge.labels, "units": knowledge.units, "one": knowledge.ones}
    for group, said in words.items():
        for name, text in said.items():
            yield Entry("label", f"{group}.{name}", text, text, manifest.mark)


class _Comparison:
    """Walks two values of one type side by side."""

    def __init__(self, old: Knowledge, new: Knowledge, aside: bool) -> None:
        self.old, self.new, self.aside = old, new, aside

    def differences(self, path: tuple[str, ...], old: Any, new: Any, of: str = "") -> Iterator[Field]:
        """Fields that differ; `of` is the term whose codes plain values are. None stands for what is not there."""
        there = old if old is not None else new
        if isinstance(there, Mark):
            return
        if old is not None and new is not None and type(old) is not type(new):
            if not (is_leaf(old) or is_leaf(new)):
                yield from self.differences(path, old, None, of)
                yield from self.differences(path, None, new, of)
                return
            there = old if is_leaf(old) else new
        if is_leaf(there):
            before, after = leaf(old, self.old, of), leaf(new, self.new, of)
            if before != after:
                yield Field(path, before, after, not self.aside and not _WORDS & {*path})
        elif isinstance(there, Mapping):
            for key in dict.fromkeys((*(old or {}), *(new or {}))):
                one, other = (None if side is None else side.get(key) for side in (old, new))
                yield from self.differences((*path, str(key)), one, other, str(key))
        elif _names(there):
            for name in _names(there):
                inside = there.id if name in _CODED and isinstance(getattr(there, "domain", None), Domain) else of
                yield from self.differences((*path, name), getattr(old, name, None), getattr(new, name, None), inside)
        else:
            yield from self._items(path, old or (), new or (), of)

    def _items(self, path: tuple[str, ...], old: Sequence[Any], new: Sequence[Any], of: str) -> Iterator[Field]:
        """Lists of things without a name: what is in both is left out, the rest compared in order."""
        keys = [[self._key(item, side, of) for item in items] for items, side in ((old, self.old), (new, self.new))]
        if sorted(map(repr, keys[0])) == sorted(map(repr, keys[1])):
            if keys[0] != keys[1] and path[-1] == "entries":
                # The first that is true gives the value, so here order counts.
                before = tuple(str(number) for number in range(1, len(old) + 1))
                after = tuple(str(keys[0].index(key) + 1) for key in keys[1])
                yield Field((*path, "order"), " ".join(before), " ".join(after), not self.aside)
            return
        left = [(n, item) for n, item in enumerate(old, 1) if keys[0][n - 1] not in keys[1]]
        right = [(n, item) for n, item in enumerate(new, 1) if keys[1][n - 1] not in keys[0]]
        for count in range(max(len(left), len(right))):
            number = (left[count] if count < len(left) else right[count])[0]
            one = left[count][1] if count < len(left) else None
            other = right[count][1] if count < len(right) else None
            yield from self.differences((*path, str(number)), one, other, of)

    def _key(self, item: Any, knowledge: Knowledge, of: str) -> str:
        return repr(_content(item, knowledge, of))


def is_leaf(value: Any) -> bool:
    """Whether a value is compared as a whole."""
    kinds = (Text, str, int, Fraction, Period, datetime.date, Scalar, Domain, Test, All, AnyOf, Not)
    return value is None or isinstance(value, kinds) or _is_names(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, tuple) and not hasattr(value, "_fields") and all(isinstance(one, str) for one in value)


def _names(value: Any) -> list[str]:
    """The fields of a record; none of anything else."""
    names = [f.name for f in fields(value)] if is_dataclass(value) else list(getattr(value, "_fields", ()))
    return [name for name in names if name not in _UNSAID]


def _content(value: Any, knowledge: Knowledge, of: str) -> object:
    """All that is in a value, places apart."""
    if isinstance(value, Mark):
        return None
    if is_leaf(value):
        return leaf(value, knowledge, of)
    if isinstance(value, Mapping):
        return sorted((str(key), repr(_content(one, knowledge, str(key)))) for key, one in value.items())
    if _names(value):
        return [(name, _content(getattr(value, name), knowledge, of)) for name in _names(value)]
    return [_content(one, knowledge, of) for one in value]


def leaf(value: Any, knowledge: Knowledge, of: str = "") -> Any:
    """A value as it can be compared, and said, without its rule base: conditions and codes in the rules' own words."""
    if isinstance(value, (Test, All, AnyOf, Not)):
        return shape(value, knowledge)
    if isinstance(value, Domain):
        ends = {"min": value.low, "max": value.high}
        shown = [f"{name} {value.written(end)}" for name, end in ends.items() if end is not None]
        return (value.type, *value.values, *shown, *([f"step {value.step}"] if value.step is not None else []))
    if isinstance(value, Scalar):
        return value.text
    if _is_names(value):
        return tuple(str(one) for one in value)
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool) and of:
        domains = {name: term.domain for name, term in knowledge.eligibility.items()}
        domains |= {name: fact.domain for name, fact in knowledge.facts.items()}
        return domains[of].written(value) if of in domains else str(value)
    if isinstance(value, Fraction):
        return str(value)
    return str(value) if isinstance(value, str) else value


def shape(condition: Condition, knowledge: Knowledge) -> str:
    """A condition in the rules' own words, its parts in an order of their own."""
    if isinstance(condition, Test):
        domain = domain_of(condition.term, knowledge)
        about = "known " if condition.term.startswith(KNOWN) else ""
        told = sorted(f"{about}{_bound(bound, domain)}" for bound in condition.bounds)
        return f"{fact_of(condition.term)} {' and '.join(told)}"
    if isinstance(condition, Not):
        return f"not ({shape(condition.part, knowledge)})"
    parts = sorted(shape(p, knowledge) if isinstance(p, Test) else f"({shape(p, knowledge)})" for p in condition.parts)
    return (" and " if isinstance(condition, All) else " or ").join(parts)


def _bound(bound: Bound, domain: Domain) -> str:
    operand = bound.operand
    if isinstance(operand, Dated):
        return f"{bound.word} ${operand.parameter}"
    several = operand if isinstance(operand, tuple) else (operand,)
    return f"{bound.word} {', '.join(sorted(domain.written(code) for code in several))}"
