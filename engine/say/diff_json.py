"""What a change of rules does, for machines: schema `mitra.diff/1`, language-free."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.decision import Decision
from engine.diff.changes import Changes
from engine.diff.days import Region
from engine.diff.decided import Comparison, Decided, Table
from engine.diff.regions import Regions
from engine.say import changes
from kb.law import Period
from kb.model import Knowledge

SCHEMA = "mitra.diff/1"
Json = dict[str, Any]


class Difference(NamedTuple):
    """Everything that is said: what both rule bases are called, and what came out. `decisions` is None where no dossier
    was given."""

    names: tuple[str, str]
    old: Knowledge
    new: Knowledge
    changes: Changes
    regions: Regions
    cases: Comparison
    decisions: Comparison | None


def diff_json(told: Difference) -> Json:
    """Schema `mitra.diff/1`; language-free."""
    sides = zip(("old", "new"), told.names, (told.old, told.new), strict=True)
    regions = told.regions
    return {
        "schema": SCHEMA,
        **{
            side: {"from": name, "name": kb.manifest.name, "version": kb.manifest.version, "digest": kb.digest}
            for side, name, kb in sides
        },
        "equal": regions.equal,
        "rules": changes.changes_json(told.changes),
        "regions": [_region_json(region) for region in regions.found],
        "more_regions_in": list(regions.more),
        "open": list(regions.open),
        "stretches": regions.stretches,
        "solver_calls": regions.solver_calls,
        "cases": [_decided_json(one) for one in told.cases.changed],
        "decisions": [_decided_json(one) for one in told.decisions.changed] if told.decisions else [],
        "counted": {
            "cases": _table_json(told.cases.table),
            "decisions": _table_json(told.decisions.table) if told.decisions else {},
        },
    }


def _region_json(region: Region) -> Json:
    return {
        "before": {"class": region.before.in_class, "recommended": list(region.before.recommended)},
        "after": {"class": region.after.in_class, "recommended": list(region.after.recommended)},
        "lost": list(region.moved.lost),
        "gained": list(region.moved.gained),
        "as_of": str(region.example.day),
        "periods": [_period_json(period) for period in region.periods],
        "about": list(region.example.about),
        "example": dict(region.example.facts),
        "example_only_old": dict(region.example.only_old),
        "example_only_new": dict(region.example.only_new),
    }


def _period_json(period: Period) -> Json:
    return {key: None if day is None else str(day) for key, day in zip(("from", "until"), period, strict=True)}


def _decided_json(one: Decided) -> Json:
    return {
        "firm": one.told.name,
        "as_of": str(one.told.day),
        "before": _outcome_json(one.before),
        "after": _outcome_json(one.after),
        "findings": {"gone": list(one.gone), "come": list(one.come)},
        "left_out": {"old": list(one.told.left_out[0]), "new": list(one.told.left_out[1])},
    }


def _outcome_json(decision: Decision) -> Json:
    return {
        "class": decision.verdict.id,
        "possible": list(decision.verdict.possible),
        "recommended": list(decision.recommended),
        "recommendation_final": decision.recommendation_final,
    }


def _table_json(table: Table) -> Json:
    found: dict[str, dict[str, int]] = {}
    for (before, after), number in sorted(table.items()):
        found.setdefault(before or "several", {})[after or "several"] = number
    return found
