"""Firms at hand decided under two rule bases: the expert's cases, and dossiers; which come out otherwise, and how."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.cases import as_dossier
from engine.decide import Engine, decide, ready
from engine.decision import Decision
from kb.dossier import Dossier, Stated
from kb.model import Case, Knowledge
from kb.values import BadValue
from kb.vocabulary import Fact

# A class before and after, each '' while several are possible, with how many firms it has.
Table = Mapping[tuple[str, str], int]


class Told(NamedTuple):
    """A firm as it was read, told to both rule bases; `left_out` are facts that one of them cannot read, by side."""

    name: str
    day: datetime.date
    old: Dossier
    new: Dossier
    left_out: tuple[tuple[str, ...], tuple[str, ...]]


class Decided(NamedTuple):
    """A firm whose decision differs: both decisions, findings that hold no longer, and those that hold now."""

    told: Told
    before: Decision
    after: Decision
    gone: tuple[str, ...]
    come: tuple[str, ...]


class Comparison(NamedTuple):
    """All firms counted by class before and after, and those that come out otherwise."""

    table: Table
    changed: tuple[Decided, ...]

    @property
    def number(self) -> int:
        return sum(self.table.values())


class Pair:
    """Two rule bases, made ready once for each day."""

    def __init__(self, old: Knowledge, new: Knowledge) -> None:
        self.old, self.new = old, new
        self._ready: dict[tuple[bool, datetime.date], Engine] = {}

    def compare(self, firms: Iterable[Told]) -> Comparison:
        table: dict[tuple[str, str], int] = {}
        changed: list[Decided] = []
        for told in firms:
            before, after = self._decide(told.old, told.day, True), self._decide(told.new, told.day, False)
            key = (before.verdict.id or "", after.verdict.id or "")
            table[key] = table.get(key, 0) + 1
            held, holds = ({found.finding.id for found in one.findings} for one in (before, after))
            if _outcome(before) != _outcome(after) or held != holds:
                changed.append(Decided(told, before, after, tuple(sorted(held - holds)), tuple(sorted(holds - held))))
        return Comparison(table, tuple(changed))

    def cases(self) -> Iterator[Told]:
        """The cases of both, those that are the same once."""
        seen = set()
        for case, own, other in (*_owned(self.new, self.old), *_owned(self.old, self.new)):
            mine, theirs = as_dossier(case), retold(as_dossier(case), own.facts, other.facts)
            old, new = (theirs, mine) if own is self.new else (mine, theirs)
            key = (
                case.name,
                case.as_of,
                *(tuple(sorted(plain(d, k.facts).items())) for d, k in ((old, self.old), (new, self.new))),
            )
            if key not in seen:
                seen.add(key)
                yield self.told(case.name, case.as_of, old, new)

    def told(self, name: str, day: datetime.date, old: Dossier, new: Dossier) -> Told:
        left_out = (tuple(new.facts.keys() - old.facts.keys()), tuple(old.facts.keys() - new.facts.keys()))
        return Told(name, day, old, new, (tuple(sorted(left_out[0])), tuple(sorted(left_out[1]))))

    def from_new(self, dossier: Dossier, day: datetime.date) -> Told:
        """A dossier that the new rule base read."""
        return self.told(dossier.firm, day, retold(dossier, self.new.facts, self.old.facts), dossier)

    def from_old(self, dossier: Dossier, day: datetime.date) -> Told:
        """A dossier that only the old rule base could read."""
        return self.told(dossier.firm, day, dossier, retold(dossier, self.old.facts, self.new.facts))

    def _decide(self, dossier: Dossier, day: datetime.date, is_old: bool) -> Decision:
        key = (is_old, day)
        if key not in self._ready:
            # Differences are what is looked for; every decision for people compares both executors.
            self._ready[key] = ready(self.old if is_old else self.new, day, "reference")
        return decide(self._ready[key], dossier)


def _owned(own: Knowledge, other: Knowledge) -> list[tuple[Case, Knowledge, Knowledge]]:
    return [(case, own, other) for case in own.cases]


def _outcome(decision: Decision) -> object:
    return decision.verdict.possible, tuple(sorted(decision.recommended)), decision.recommendation_final


def retold(dossier: Dossier, own: Mapping[str, Fact], other: Mapping[str, Fact]) -> Dossier:
    """The dossier for another vocabulary: the facts that it knows, values as it writes them; the rest is left out."""
    facts: dict[str, Stated] = {}
    for name, stated in dossier.facts.items():
        fact = other.get(name)
        if fact is None or fact.derived is not None:
            continue
        if stated.value is None:
            facts[name] = stated
            continue
        try:
            code = fact.domain.read(own[name].domain.written(stated.value))
        except BadValue:
            continue
        facts[name] = stated._replace(value=code)
    return dossier._replace(facts=facts)


def plain(dossier: Dossier, facts: Mapping[str, Fact]) -> dict[str, str]:
    """The known facts as they are written."""
    return {name: facts[name].domain.written(code) for name, code in dossier.known().items()}
