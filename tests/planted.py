"""All planted faults of the shipped rule bases, and what becomes of one: found, shown by its example, or missed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import plants_days
import plants_edges
import plants_invariants
import plants_never
import plants_outcomes
import plants_rules
import plants_sense
import plants_tables
import plants_thresholds
import plants_values
import plants_words
from plant import MOST, Base, Plant, drawn, fitting, laid, shown

import kb
from engine.prove import Memory, prove

# What reading finds, and what only a proof finds.
READ = (plants_words, plants_values, plants_sense, plants_tables, plants_days, plants_edges)
PROVED = (plants_never, plants_rules, plants_thresholds, plants_outcomes, plants_invariants)
# A proof that takes longer has hung.
_SECONDS = 120.0


class Fate(NamedTuple):
    """`found`: the problems that are the fault, as printed; `shown`: None where reading finds it and no firm need show
    it; `others`: how many problems beside it."""

    found: tuple[str, ...]
    shown: bool | None
    others: int
    said: tuple[str, ...]

    @property
    def missed(self) -> bool:
        return not self.found or self.shown is False


@lru_cache
def shipped() -> tuple[Base, ...]:
    """The rule base that decides, and those inside it."""
    folders = (kb.shipped(), *kb.nested(kb.shipped()))
    return tuple(Base(folder, "rules") for folder in folders)


@lru_cache
def plants(base: Base, most: int) -> tuple[Plant, ...]:
    """So many of every kind that the rule base offers."""
    found = [plant for module in (*READ, *PROVED) for kind in module.KINDS for plant in kind(base)]
    return tuple(drawn(found, _share(base, most)))


def _share(base: Base, most: int) -> int:
    """Of a rule base inside the other a quarter."""
    return most if base is shipped()[0] else max(1, most // 4)


def chosen(read_most: int, proved_most: int) -> list[tuple[Base, Plant]]:
    """A share of all plants (at most MOST of a kind), the same at every run."""
    return [
        (base, plant)
        for base in shipped()
        for number, plant in enumerate(plants(base, MOST))
        if _rank(base, number) < _share(base, proved_most if plant.by_proof else read_most)
    ]


def _rank(base: Base, number: int) -> int:
    """The place of a plant among those of its kind."""
    every = plants(base, MOST)
    return sum(other.kind == every[number].kind for other in every[:number])


@lru_cache
def remembered(base: Base) -> Memory:
    """What a proof of the sound rules has found out, so that a faulty copy asks only about what it changes."""
    return prove(base.knowledge, lambda: 300.0).memory


def fate(plant: Plant, base: Base, folder: Path) -> Fate:
    """Lay a plant, read the rules and, where only a proof can find it, prove them."""
    with laid(plant, base, folder) as rules:
        knowledge, problems = kb.examine(rules, base.shown)
        said = list(problems)
        if plant.by_proof and knowledge is not None and not problems.errors:
            said += prove(knowledge, lambda: _SECONDS, remembered(base)).problems
        found = fitting(plant, base, said)
        seen = None
        if plant.shows is not None and found:
            assert knowledge is not None
            told = [problem for problem in found if problem.example is not None]
            seen = any(shown(plant, knowledge, problem) for problem in told)
    texts = tuple(str(problem) for problem in said)
    return Fate(tuple(str(problem) for problem in found), seen, len(said) - len(found), texts)
