"""Reading experts' paired comparisons of factors: which of two matters more, and how many times, on Saaty's scale."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from contextlib import suppress
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from kb.model import AXES, WEIGHTS, Factor
from kb.problem import FaultyDossier, Mark, Problems, TooManyProblems, did_you_mean
from kb.source import Node, Scalar, read_bytes, read_file
from kb.text import Fields, identifier, word
from kb.values import BadValue, read_boolean

# Below three items nothing can be inconsistent; above fifteen Saaty's table of random indices ends.
FEWEST, MOST = 3, 15
STRONGEST = 9
# Items that are not factors of the rule base may be weighed on another scale.
_FREE_SCALE = (1, 100)
_LONGEST_NAME = 200
_SHOWN = 6
_WHOLE = re.compile(r"[1-9]")
_RECIPROCAL = re.compile(r"1 ?/ ?([1-9])")


class Judgement(NamedTuple):
    """`first` matters `by` times as much as `second`; the ids of a pair stand in alphabetical order."""

    first: str
    second: str
    by: Fraction
    mark: Mark


class Expert(NamedTuple):
    """One expert's judgements, one for each pair of items, in order of the pairs."""

    name: str
    judgements: tuple[Judgement, ...]


class Comparisons(NamedTuple):
    """What was compared (`items` in alphabetical order), by whom (in the order written), and the scale of the weights.

    `factors` says whether the items are factors of the rule base.
    """

    title: str
    axis: str
    low: int
    top: int
    factors: bool
    items: tuple[str, ...]
    experts: tuple[Expert, ...]


def read_comparisons(path: Path, shown: str, factors: Map[str, Factor]) -> Comparisons:
    """Read a YAML file of comparisons. Raises FaultyDossier with every problem."""
    problems = Problems()
    with suppress(TooManyProblems):
        return _read(read_file(path, shown, problems), factors, problems)
    raise FaultyDossier(problems)


def read_comparisons_bytes(data: bytes, shown: str, factors: Map[str, Factor]) -> Comparisons:
    """The same from standard input."""
    problems = Problems()
    with suppress(TooManyProblems):
        return _read(read_bytes(data, shown, problems), factors, problems)
    raise FaultyDossier(problems)


def _read(node: Node | None, factors: Map[str, Factor], problems: Problems) -> Comparisons:
    if node is None:
        raise FaultyDossier(problems)
    fields = Fields(node, "a comparison", problems, ("items", "experts"), ("title", "axis", "scale", "kb"))
    if not fields.usable:
        raise FaultyDossier(problems)
    axis = fields.one_of("axis", tuple(AXES))
    known = factors if _of_rules(fields, problems) else None
    low, top = _scale(fields, WEIGHTS if known is not None else _FREE_SCALE, problems)
    items, whole = _items(fields, axis, known, problems)
    # Who names a factor that stands misspelt among the items is not wrong as well.
    table = _Table(items, set() if whole else set(factors), whole, problems)
    title = " ".join(fields.word("title").split())
    experts, names = [], dict[str, Mark]()
    for item in fields.items("experts"):
        entry = Fields(item, "an expert", problems, ("expert", "compare"))
        if entry.usable:
            name = _name(entry, names, problems)
            experts.append(Expert(name, table.judgements(entry, name or "This expert")))
    if problems.errors:
        raise FaultyDossier(problems)
    return Comparisons(title, axis, low, top, known is not None, tuple(sorted(items)), tuple(experts))


def _of_rules(fields: Fields, problems: Problems) -> bool:
    written = fields.word("kb")
    try:
        return bool(read_boolean(written)) if written else True
    except BadValue as bad:
        problems.error(bad.code, fields.at("kb"), f"kb: {bad.message}", bad.remedy)
        return True


def _scale(fields: Fields, allowed: tuple[int, int], problems: Problems) -> tuple[int, int]:
    """The least and the greatest weight that may be proposed."""
    if "scale" not in fields:
        return WEIGHTS
    before = problems.error_count
    ends = [word(node, "an end of 'scale'", problems) for node in fields.items("scale")]
    if problems.error_count > before:
        return WEIGHTS
    if len(ends) == 2 and all(re.fullmatch(r"[0-9]{1,3}", end) for end in ends):
        low, top = (int(end) for end in ends)
        if allowed[0] <= low < top <= allowed[1]:
            return low, top
    fault = f"the scale is not two whole numbers of {allowed[0]} to {allowed[1]}, the lesser first."
    problems.error("WG110", fields.at("scale"), fault, f"Write [{WEIGHTS[0]}, {WEIGHTS[1]}], or leave it out.")
    return WEIGHTS


def _items(
    fields: Fields, axis: str, factors: Map[str, Factor] | None, problems: Problems
) -> tuple[dict[str, Mark], bool]:
    """The ids to be compared with their places, and whether all of them can be used."""
    before, found = problems.error_count, dict[str, Mark]()
    nodes = fields.items("items")
    for node in nodes:
        name = identifier(node, problems) if factors is None else word(node, "an item", problems)
        if not name:
            continue
        if name in found:
            fault = f"'{name}' stands twice among the items (first on line {found[name].line})."
            problems.error("WG103", node.mark, fault, "Keep one of them.")
            continue
        found[name] = node.mark
        if factors is None:
            continue
        if name not in factors:
            near = did_you_mean(name, [f.id for f in factors.values() if axis in ("", f.axis)])
            remedy = near or "Write the id of a factor (mitra show factors), or 'kb: false' to weigh other things."
            problems.error("WG102", node.mark, f"'{name}' is not a factor of the rule base.", remedy)
        elif axis and factors[name].axis != axis:
            fault = f"'{name}' is a factor of the {factors[name].axis} axis, not of the {axis} one."
            problems.error("WG111", node.mark, fault, "Weigh each axis in a file of its own.")
    if nodes and not FEWEST <= len(found) <= MOST:
        remedy = f"List {FEWEST} to {MOST} items; weigh more in groups that share an item."
        problems.error("WG101", fields.at("items"), f"{len(found)} different items are listed.", remedy)
    return found, problems.error_count == before and bool(found)


def _name(entry: Fields, names: dict[str, Mark], problems: Problems) -> str:
    """The expert's name; each answer and each reason draft names who judged."""
    name = " ".join(entry.word("expert").split())
    if not name:
        return ""
    mark, key = entry.at("expert"), name.casefold()
    if len(name) > _LONGEST_NAME or not any(c.isalnum() for c in name):
        fault = f"is longer than {_LONGEST_NAME} characters" if len(name) > _LONGEST_NAME else "names nobody"
        problems.error("WG109", mark, f"'expert' {fault}.", "Write the name in a few words.")
        return ""
    if key in names:
        fault = f"'{name}' is an expert already (first on line {names[key].line})."
        problems.error("WG109", mark, fault, "Put all comparisons of one expert together, or tell the names apart.")
    names.setdefault(key, mark)
    return name


class _Table(NamedTuple):
    """What every expert's comparisons are held against; `excused` are names that may be meant by a faulty item."""

    items: Map[str, Mark]
    excused: set[str]
    whole: bool
    problems: Problems

    def judgements(self, entry: Fields, name: str) -> tuple[Judgement, ...]:
        """All pairs once, or problems that say which are faulty, double or missing."""
        found: dict[tuple[str, str], Judgement] = {}
        # Pairs that a faulty line may be about: its one good item, or none where any pair may be meant.
        meant: list[str | None] = []
        nodes = entry.items("compare")
        for node in nodes:
            fields = Fields(node, "a comparison of two", self.problems, ("more", "than", "by"))
            more, than = self._item(fields, "more"), self._item(fields, "than")
            by = self._by(fields)
            if not more or not than or more == than:
                meant.append(more or than or None)
                if more and more == than:
                    fault = f"'{more}' is compared with itself."
                    self.problems.error("WG105", fields.mark, fault, "Name two items.")
                continue
            pair = (min(more, than), max(more, than))
            if pair in found:
                fault = f"{name} compares {pair[0]} and {pair[1]} twice (first on line {found[pair].mark.line})."
                self.problems.error("WG106", fields.mark, fault, "Keep the one that is meant.")
                continue
            value = by if by is not None else Fraction(1)
            found[pair] = Judgement(*pair, value if more == pair[0] else 1 / value, fields.mark)
        if nodes and self.whole and None not in meant:
            pairs = [p for p in combinations(sorted(self.items), 2) if not set(p) & set(meant)]
            self._missing([p for p in pairs if p not in found], entry, name)
        return tuple(found[pair] for pair in sorted(found))

    def _missing(self, pairs: list[tuple[str, str]], entry: Fields, name: str) -> None:
        if pairs:
            told = ", ".join(f"{a} – {b}" for a, b in pairs[:_SHOWN])
            more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
            number = f"{len(pairs)} pair" + ("s" if len(pairs) > 1 else "")
            fault = f"{name} leaves {number} uncompared: {told}{more}."
            self.problems.error("WG107", entry.at("expert"), fault, "Compare each pair once; equal ones by 1.")

    def _item(self, fields: Fields, key: str) -> str:
        """The item named; empty where it is none of those listed. Where none could be read, any may be meant."""
        name = fields.word(key)
        if name and self.items and name not in self.items:
            if name not in self.excused:
                remedy = did_you_mean(name, self.items) or "Name one of the items listed, or list it."
                self.problems.error("WG104", fields.at(key), f"'{name}' is not among the items.", remedy)
            return ""
        return name

    def _by(self, fields: Fields) -> Fraction | None:
        node = fields.node("by")
        written = fields.word("by")
        if not written or not isinstance(node, Scalar):
            return None
        if _WHOLE.fullmatch(written):
            return Fraction(int(written))
        if reciprocal := _RECIPROCAL.fullmatch(written):
            return Fraction(1, int(reciprocal[1]))
        fault = f"'{written}' is not on Saaty's scale of 1/{STRONGEST} to {STRONGEST}."
        remedy = f"Write 1 (equal), 2 to {STRONGEST}, or 1/2 to 1/{STRONGEST} where 'than' matters more."
        self.problems.error("WG108", node.mark, fault, remedy)
        return None
