"""Bounds where two unknown facts meet in arithmetic and their domains are too large to try: against enumeration."""

from __future__ import annotations

import datetime
import json
from itertools import product
from pathlib import Path
from random import Random

import pytest
import randombase

import kb
from engine.compile import compile
from engine.derive import derive
from engine.executors import reference
from engine.margins import margins_of
from engine.possible import bounds, group_bounds, groups
from engine.solve import extremes

TINY_DAY = datetime.date(2026, 6, 30)
SIZE = 79  # more values than are ever tried one by one


def meeting_base(random: Random, folder: Path) -> kb.Knowledge:
    """A rule base whose one internal factor reads two large facts, their sum, difference and ratio."""
    files = randombase.rule_base(Random(3), small=True)
    text = randombase.TEXT
    shared = {"label": text, "type": "integer", "ask": text, "answered_by": "firm", "evidence": text}
    low = random.choice([0, 1, -20])
    ends = {"min": low, "max": low + SIZE, "step": 1}
    facts = [{"id": name, **shared, **ends} for name in ("ia", "ib")]
    facts += [
        {"id": "isum", "label": text, "type": "integer", "derived": {"sum": ["ia", "ib"]}},
        {"id": "idif", "label": text, "type": "integer", "derived": {"difference": ["ia", "ib"]}},
        {"id": "irat", "label": text, "type": "percent", "derived": {"ratio": ["ia", "ib"], "when_zero": 7}},
    ]
    marks = {"ia": low + 40, "ib": low + 30, "isum": 2 * low + 70, "idif": 5, "irat": 120}

    def test(name: str) -> dict:
        word = random.choice(["at_least", "at_most", "above", "below", "is", "is_not"])
        return {name: {word: marks[name] + random.randint(-9, 9)}}

    findings = []
    for number, side in enumerate(("strength", "weakness", "strength")):
        names = random.sample(sorted(marks), random.choice([1, 2, 3]))
        joined = random.choice(["all", "any"])
        findings.append(
            {
                "id": f"{side[0].upper()}-meet_{number}",
                "side": side,
                "rating": number + 1,
                "when": {joined: [test(name) for name in names]},
                "says": text,
                "examples": {"fires": [{"ia": low, "ib": low}], "silent": [{"ia": low, "ib": low}]},
            }
        )
    kept = {path: content for path, content in files.items() if not path.startswith("swot/internal")}
    kept["vocabulary/meet.yaml"] = facts
    kept["principles.yaml"] = []
    kept["programme/all.yaml"] = [e for e in kept["programme/all.yaml"] if "inner" not in e]
    for number, finding in enumerate(findings):
        factor = {"label": text, "axis": "internal", "weight": 2, "why": text, "source": ["s-open"]}
        kept[f"swot/internal/meet{number}.yaml"] = {"factor": f"meet{number}", **factor, "findings": [finding]}
    # What read the factors left out goes too.
    gone = {f["id"] for path, content in files.items() if path.startswith("swot/internal") for f in content["findings"]}
    unguarded = [
        {k: v for k, v in e.items() if k != "when"} if "action" in e else e for e in kept["programme/all.yaml"]
    ]
    kept["programme/all.yaml"] = [entry for entry in unguarded if not _names(entry, gone)]
    kept = {path: content for path, content in kept.items() if not _names(content, gone)}
    return kb.load(randombase.write(kept, folder), "meeting")


def _names(content: object, gone: set[str]) -> bool:
    return any(f'"{name}"' in json.dumps(content) for name in gone)


@pytest.mark.parametrize("seed", range(30))
def test_two_worlds_and_the_solver_agree_with_enumeration(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    try:
        knowledge = meeting_base(random, tmp_path)
    except kb.FaultyKnowledge as faulty:
        pytest.fail("\n".join(str(p) for p in faulty.problems))
    program = compile(knowledge, TINY_DAY)
    margins = margins_of(program)
    domain = knowledge.facts["ia"].domain
    assert domain.low is not None
    assert domain.high is not None
    every = range(domain.low, domain.high + 1)
    parts = [p for f in margins.axes["internal"] for p in f.parts]
    totals = set()
    for a, b in product(every, every):
        values = derive(program.steps, {"ia": a, "ib": b})
        totals.add(sum(p.amount for p in parts if reference.holds(p.when, values)))
    found = bounds(margins, "internal", {})
    assert (found.low, found.high) == (min(totals), max(totals))
    conditions = [(p.when, p.amount) for p in parts]
    solved = extremes(conditions, program.steps, {}, ["ia", "ib"], knowledge.facts)
    assert solved == (min(totals), max(totals))
    for group in groups(margins.axes["internal"], {"ia": domain.low}):
        group_bounds(margins, group, {"ia": domain.low})
