"""Shared steps of the tests: a random world (rule base and firms), decisions as JSON."""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import randombase

import kb
from engine.decide import decide, ready
from engine.decision import Decision
from engine.say.json import decision_json


def random_knowledge(seed: int, small: bool = False) -> tuple[kb.Knowledge, dict[str, Any]] | None:
    """The random rule base of a seed; None where it breaks a limit."""
    files = randombase.rule_base(Random(seed), small)
    knowledge = load_random(files)
    return None if knowledge is None else (knowledge, files)


def some_knowledge(seed: int, small: bool = False) -> tuple[kb.Knowledge, dict[str, Any]]:
    """The first random rule base, from a seed on, that breaks no limit: a seed that does would try nothing."""
    worlds = (random_knowledge(seed + step, small) for step in range(0, 100_000_000, 100_000))
    return next(world for world in worlds if world is not None)


def load_random(files: dict[str, Any]) -> kb.Knowledge | None:
    """A random rule base loaded; None where it breaks a limit (too many alternatives, overlap)."""
    with tempfile.TemporaryDirectory() as folder:
        path = randombase.write(files, Path(folder))
        try:
            return kb.load(path, "random")
        except kb.FaultyKnowledge as faulty:
            unexpected = [p for p in faulty.problems if p.code not in ("KB413", "KB420", "KB408", "KB412")]
            assert not unexpected, "\n".join(str(p) for p in unexpected)
            return None


def read(dossier: dict[str, Any], knowledge: kb.Knowledge) -> kb.Dossier:
    return kb.read_dossier_bytes(json.dumps(dossier).encode(), "firm", knowledge.facts)


def decision_of(dossier: dict[str, Any], knowledge: kb.Knowledge, executor: str = "") -> Decision:
    read_one = read(dossier, knowledge)
    day = read_one.as_of or datetime.date(2026, 6, 30)
    return decide(ready(knowledge, day, executor), read_one)


def as_json(decision: Decision) -> dict[str, Any]:
    return decision_json(decision, "id")


def without_executors(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("executors", "note")}


def reduced(dossier: dict[str, Any], facts: tuple[str, ...]) -> dict[str, Any]:
    """The dossier with only the named facts left."""
    return {**dossier, "facts": {k: v for k, v in dossier["facts"].items() if k in facts}}
