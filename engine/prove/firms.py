"""Firms that answer questions: one as it is shown, those at hand, and what is remembered of them between runs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.derive import Step, derive
from kb.dossier import Dossier, Stated
from kb.model import Knowledge
from kb.values import Code
from kb.vocabulary import GRADES


class Firm(NamedTuple):
    """A firm that shows something: its base facts, coded, the grades that matter, and the day. `about` are the facts to
    name first where there are many."""

    base: Mapping[str, Code]
    grades: Mapping[str, int]
    day: datetime.date
    about: frozenset[str] = frozenset()

    def dossier(self, knowledge: Knowledge) -> Dossier:
        mark = knowledge.manifest.mark
        stated = {
            name: Stated(code, "known", GRADES[self.grades.get(name, 0)], "", "firm", mark)
            for name, code in sorted(self.base.items())
        }
        return Dossier("example", self.day, "", (), "", stated, mark)

    def plain(self, knowledge: Knowledge) -> dict[str, object]:
        """Its facts as a dossier states them."""
        told: dict[str, object] = {}
        for name, code in sorted(self.base.items()):
            value = knowledge.facts[name].domain.plain(code)
            told[name] = {"value": value, "grade": GRADES[self.grades[name]]} if name in self.grades else value
        return told


class Memory(NamedTuple):
    """What earlier proofs found out: digests of questions that have no firm, of checks that found no fault, and firms
    that answered questions, which are only looked at and never believed."""

    proved: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()
    firms: tuple[Mapping[str, Code], ...] = ()


class AtHand:
    """Firms that a question may be answered by: some drawn at random, which are all looked at, and others that state
    little, which are looked at where they state a fact that is asked about."""

    def __init__(self, drawn: list[dict[str, Code]]) -> None:
        self.drawn = drawn
        self.others: dict[str, list[dict[str, Code]]] = {}
        self._derived: dict[tuple[datetime.date, int], dict[str, Code]] = {}

    def add(self, base: dict[str, Code]) -> None:
        for name in base:
            self.others.setdefault(name, []).append(base)

    def values(
        self, day: datetime.date, steps: tuple[Step, ...], fact: str
    ) -> Iterator[tuple[dict[str, Code], dict[str, Code]]]:
        """Each firm, and its values with the derived ones of a day."""
        for base in (*self.drawn, *self.others.get(fact, ())):
            # They stay in their lists, so that their identity is theirs alone.
            key = (day, id(base))
            if key not in self._derived:
                self._derived[key] = derive(steps, base)
            yield base, self._derived[key]
