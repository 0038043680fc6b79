"""What is recommended from statuses and ranks, case by case; periods of the law; grades of derived facts."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import kb
from engine.compile import compile
from engine.decide import _knowledge_of
from engine.decision import PatternVerdict
from engine.patterns import recommend
from kb.law import Period
from kb.model import Pattern
from kb.text import NO_TEXT

DAY = datetime.date(2026, 6, 30)
TINY = Path(__file__).parent / "tiny"


def verdict(name: str, status: str, ranks: dict[str, int]) -> PatternVerdict:
    return PatternVerdict(name, status, None, ranks, (), (), (), (), "")


def pattern(name: str, fallback: bool = False) -> Pattern:
    mark = kb.Mark("none")
    return Pattern(name, NO_TEXT, NO_TEXT, Period(), (), fallback, None, (), (), {}, (), (), (), (), (), mark)


def recommended(possible: list[str], *rows: tuple[str, str, dict[str, int]]) -> tuple[tuple[str, ...], bool]:
    patterns = {name: pattern(name, name.startswith("spare")) for name, _, _ in rows}
    return recommend({name: verdict(name, status, ranks) for name, status, ranks in rows}, patterns, possible)


@pytest.mark.parametrize(
    ("possible", "rows", "expected"),
    [
        # the best rank alone; ties all
        (["k"], [("p", "possible", {"k": 1}), ("q", "possible", {"k": 2})], (("p",), True)),
        (["k"], [("p", "possible", {"k": 1}), ("q", "possible", {"k": 1})], (("p", "q"), True)),
        # best for every possible class, or nothing yet
        (["k", "m"], [("p", "possible", {"k": 1, "m": 1}), ("q", "possible", {"k": 1, "m": 2})], (("p",), True)),
        (["k", "m"], [("p", "possible", {"k": 1, "m": 2}), ("q", "possible", {"k": 2, "m": 1})], ((), False)),
        # a better-ranked one still open can change it, one of the same or a worse rank cannot
        (["k"], [("p", "possible", {"k": 2}), ("q", "undetermined", {"k": 1})], (("p",), False)),
        (["k"], [("p", "possible", {"k": 1}), ("q", "undetermined", {"k": 1})], (("p",), True)),
        (["k"], [("p", "possible", {"k": 1}), ("q", "undetermined", {"k": 2})], (("p",), True)),
        # the fallback only when every other is closed, whatever its rank
        (["k"], [("p", "possible", {"k": 9}), ("spare", "possible", {"k": 1})], (("p",), True)),
        (["k"], [("p", "barred", {"k": 1}), ("spare", "possible", {"k": 9})], (("spare",), True)),
        (["k"], [("p", "undetermined", {"k": 1}), ("spare", "possible", {"k": 9})], (("spare",), False)),
        (["k"], [("p", "not_possible", {"k": 1}), ("spare", "barred", {"k": 9})], ((), True)),
        (["k"], [("p", "not_possible", {"k": 1}), ("spare", "undetermined", {"k": 9})], ((), False)),
    ],
)
def test_recommendation(possible: list[str], rows: list, expected: tuple[tuple[str, ...], bool]) -> None:
    assert recommended(possible, *rows) == expected


def test_both_ends_of_a_period_are_in_it() -> None:
    first, last = datetime.date(1995, 12, 26), datetime.date(2008, 7, 3)
    day = datetime.timedelta(days=1)
    period = Period(first, last)
    assert [period.holds(d) for d in (first - day, first, last, last + day)] == [False, True, True, False]
    assert Period(None, last).holds(datetime.date.min)
    assert Period(first, None).holds(datetime.date.max)


def test_a_derived_fact_is_known_as_well_as_its_worst_base() -> None:
    knowledge = kb.load(TINY, "tiny")
    program = compile(knowledge, DAY)
    derived = next(f for f in knowledge.facts.values() if f.derived is not None and len(f.operands()) == 2)
    one, other = derived.operands()
    mark = kb.Mark("none")

    def grades(first: str, second: str) -> int:
        facts = {
            one: kb.Stated(1, "known", first, "", "firm", mark),
            other: kb.Stated(1, "known", second, "", "firm", mark),
        }
        dossier = kb.Dossier("F", DAY, "", (), "", facts, mark)
        term = f"grade:{derived.id}"
        return int(_knowledge_of((term,), program, dossier, {one: 1, other: 1, derived.id: 1})[term])

    assert (grades("verified", "stated"), grades("document", "verified"), grades("verified", "verified")) == (0, 1, 2)
