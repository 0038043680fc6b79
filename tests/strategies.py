"""Random rule bases and firms as Hypothesis strategies: `randombase` with its draws made, and shrunk, by Hypothesis."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

import randombase
from hypothesis import assume
from hypothesis import strategies as st
from support import load_random

import kb


class World(NamedTuple):
    """A rule base that loads, as path → content and loaded; `random` draws what else is needed."""

    files: dict[str, Any]
    knowledge: kb.Knowledge
    random: Random

    def firm(self, known: float | None = None) -> dict[str, Any]:
        """A dossier for it, each base fact known with probability `known`."""
        return randombase.firm(self.random, self.files, known)


@st.composite
def worlds(draw: st.DrawFn, small: bool = False) -> World:
    """Rule bases of every shape; those that break a limit of the loader are drawn again."""
    random = draw(st.randoms(use_true_random=False))
    files = randombase.rule_base(random, small)
    knowledge = load_random(files)
    assume(knowledge is not None)
    return World(files, knowledge, random)
