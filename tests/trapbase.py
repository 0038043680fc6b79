"""A small rule base made of what a test brings: facts of every type, and one factor for each condition.

Conditions are those of the rules language; each becomes a strength named `S-<name>`, so that a test reads off how a
condition came out as a finding that holds, does not, or is undetermined.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import randombase
from support import decision_of

import kb
from engine.decision import Decision
from engine.executors import durable

Json = dict[str, Any]
TEXT = {"id": "kata", "en": "word"}
# Both compared, then each alone; where durable-rules cannot be built the reference decides alone.
EXECUTORS = ("", "reference") if durable.available() else ("", "durable", "reference")
DAY = "2026-06-30"

# Every base fact with an answer, which serves as the examples of every finding.
ANSWERS: Json = {
    "uang": 300_000,
    "jumlah": 5,
    "pecahan": "0.1",
    "bagian": "0.2",
    "penyebut": "0.2",
    "pembagi": "2.0",
    "persen": 10,
    "tingkat": "sedang",
    "pilihan": "satu",
    "siap": "ya",
    "kode": "01111",
    "nama": "genteng",
    "hari": DAY,
    "pasar": "ya",
}
_TENTHS = {"min": "-100", "max": 100, "step": "0.1"}


def _fact(name: str, kind: str, **more: Any) -> Json:
    words = {"label": TEXT, "ask": TEXT, "answered_by": "firm", "evidence": TEXT}
    return {"id": name, "type": kind, **words, **more}


def vocabulary() -> list[Json]:
    """Facts of every type; sums, a ratio that can be divided by zero, and one that cannot."""
    return [
        _fact("uang", "money", min=0, max=1_000_000_000, step=1),
        _fact("jumlah", "integer", min=0, max=1000, step=1),
        _fact("pecahan", "decimal", **_TENTHS),
        _fact("bagian", "decimal", **_TENTHS),
        _fact("penyebut", "decimal", **_TENTHS),
        _fact("pembagi", "decimal", min="0.1", max=100, step="0.1"),
        _fact("persen", "percent", min=0, max=100, step="0.1"),
        _fact("tingkat", "level", values=["rendah", "sedang", "tinggi"]),
        _fact("pilihan", "choice", values=["satu", "dua"]),
        _fact("siap", "boolean"),
        _fact("kode", "code"),
        _fact("nama", "text"),
        _fact("hari", "date", min="2000-01-01", max="2050-12-31"),
        _fact("pasar", "boolean"),
        {"id": "seluruh", "label": TEXT, "type": "decimal", "derived": {"sum": ["pecahan", "bagian"]}},
        {"id": "beda", "label": TEXT, "type": "decimal", "derived": {"difference": ["pecahan", "bagian"]}},
        {"id": "hasil", "label": TEXT, "type": "decimal", "derived": {"ratio": ["pecahan", "pembagi"]}},
        {"id": "nisbah", "label": TEXT, "type": "percent", "derived": {"ratio": ["pecahan", "pembagi"]}},
        {
            "id": "hasil_nol",
            "label": TEXT,
            "type": "decimal",
            "derived": {"ratio": ["pecahan", "penyebut"], "when_zero": 0},
        },
    ]


def _factor(name: str, axis: str, finding: str, side: str, when: Any) -> Json:
    return {
        "factor": name,
        "label": TEXT,
        "axis": axis,
        "weight": 3,
        "why": TEXT,
        "source": ["asumsi"],
        "findings": [
            {
                "id": finding,
                "side": side,
                "rating": 3,
                "when": when,
                "says": TEXT,
                "examples": {"fires": [ANSWERS], "silent": [ANSWERS]},
            }
        ],
    }


def rule_base(conditions: Json, facts: list[Json] | None = None) -> Json:
    """Files of the rule base as path → content."""
    corners = [(x, y) for x in ("positive", "not_positive") for y in ("positive", "not_positive")]
    classes = [
        {
            "class": f"kelas_{number}",
            "label": TEXT,
            "x": x,
            "y": y,
            "strategy": kind,
            "says": TEXT,
            "why": TEXT,
            "fostering": dict.fromkeys(("weight", "intensity", "priority", "duration"), TEXT),
            "source": ["asumsi"],
        }
        for number, ((x, y), kind) in enumerate(zip(corners, ("SO", "ST", "WO", "WT")), 1)
    ]
    files: Json = {
        "manifest.yaml": {
            "name": "perangkap",
            "version": "1",
            "title": TEXT,
            "owner": TEXT,
            "reading": "any",
            "classes": "classes.yaml",
            "examples_as_of": DAY,
        },
        "classes.yaml": {"reading": "any", "tie_band": "0.1", "source": ["asumsi"], "classes": classes},
        "law/all.yaml": [{"source": "asumsi", "title": TEXT, "checked": "assumption"}],
        "vocabulary/all.yaml": vocabulary() if facts is None else facts,
        "swot/external/f_pasar.yaml": _factor("f_pasar", "external", "O-pasar", "opportunity", {"pasar": "true"}),
    }
    for name, when in conditions.items():
        files[f"swot/internal/f_{name}.yaml"] = _factor(f"f_{name}", "internal", f"S-{name}", "strength", when)
    return files


def load(folder: Path, conditions: Json, facts: list[Json] | None = None) -> kb.Knowledge:
    return kb.load(randombase.write(rule_base(conditions, facts), folder / "perangkap"), "perangkap")


def outcomes(decision: Decision, conditions: Json) -> dict[str, bool | None]:
    """How each condition came out: its finding holds (True), is undetermined (None), or neither (False)."""
    held = {h.finding.id for h in decision.findings}
    undetermined = {u.finding for u in decision.undetermined}
    assert not held & undetermined
    return {
        name: True if f"S-{name}" in held else None if f"S-{name}" in undetermined else False for name in conditions
    }


def decide_all(facts: Json, knowledge: kb.Knowledge) -> list[Decision]:
    """The decision by both executors together, and by each alone."""
    dossier = {"firm": "A", "as_of": DAY, "facts": facts}
    return [decision_of(dossier, knowledge, executor) for executor in EXECUTORS]
