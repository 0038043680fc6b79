"""What a decision gave for each thing that a case may expect."""

from __future__ import annotations

from collections.abc import Callable, Collection

from engine.decision import Decision
from kb.model import Case


def differences(case: Case, decision: Decision) -> tuple[dict[str, object], dict[str, object]]:
    """The expectations that fail, and what came instead."""
    expected: dict[str, object] = {}
    got: dict[str, object] = {}
    for key, wanted in case.expect.items():
        found = _GOT[key](decision, wanted)
        if key in ("possible", "recommended") and isinstance(wanted, list):
            same = sorted(wanted) == sorted(found)
        else:
            same = found == wanted
        if not same:
            expected[key], got[key] = wanted, found
    return expected, got


def _findings(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    held = {h.finding.id for h in decision.findings}
    present = [name for name in wanted.get("present", []) if name in held]
    # Absent means false: a finding that is merely unknown is not absent.
    absent = [n for n in wanted.get("absent", []) if decision.trace.get(n, False) is False]
    waiting = [name for name in wanted.get("open", []) if decision.trace.get(name, False) is None]
    return {key: {"present": present, "absent": absent, "open": waiting}[key] for key in wanted}


def _listed(given: Callable[[Decision], Collection[str]]) -> Callable[[Decision, object], object]:
    """Of the names wanted, those the answer holds and those it does not; one that is still open is neither."""

    def compare(decision: Decision, wanted: object) -> object:
        assert isinstance(wanted, dict)
        names = given(decision)
        present = [name for name in wanted.get("present", []) if name in names]
        open_ones = {name for name, truth in decision.trace.items() if truth is None}
        open_ones |= {one.action for one in decision.programme if one.holds is None}
        absent = [n for n in wanted.get("absent", []) if n not in names and n not in open_ones]
        waiting = [name for name in wanted.get("open", []) if name in open_ones]
        return {key: {"present": present, "absent": absent, "open": waiting}[key] for key in wanted}

    return compare


def _margins(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    found = {"x": decision.scores.margin_x, "y": decision.scores.margin_y}
    return {axis: found[axis] for axis in wanted}


def _principles(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    found: dict[str, dict[str, object]] = {}
    for name, inner in wanted.items():
        judged = {p.principle: "unknown" if p.holds is None else p.holds for p in decision.pattern(name).principles}
        # Absent from the answer on a day on which the principle is not in force.
        found[name] = {principle: judged.get(principle) for principle in inner}
    return found


def _eligibility(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    terms = decision.program.knowledge.eligibility
    found = {e.term: None if e.value is None else terms[e.term].domain.written(e.value) for e in decision.eligibility}
    return {name: found.get(name) for name in wanted}


def _dimensions(decision: Decision, wanted: object) -> object:
    """The level of each dimension asked for, or all that are possible where the case lists them."""
    assert isinstance(wanted, dict)
    found = {verdict.dimension: verdict for verdict in decision.dimensions}
    return {
        name: list(found[name].possible) if isinstance(level, list) else found[name].level
        for name, level in wanted.items()
    }


def _patterns(decision: Decision, wanted: object) -> object:
    assert isinstance(wanted, dict)
    return {name: decision.pattern(name).status for name in wanted}


_GOT = {
    "class": lambda d, w: d.verdict.id,
    "possible": lambda d, w: list(d.verdict.possible),
    "final": lambda d, w: d.verdict.final,
    "borderline": lambda d, w: d.verdict.borderline,
    "dimensions": _dimensions,
    "findings": _findings,
    "eligibility": _eligibility,
    "recommended": lambda d, w: list(d.recommended),
    "recommendation_final": lambda d, w: d.recommendation_final,
    "patterns": _patterns,
    "margins": _margins,
    "actions": _listed(lambda d: {one.action for one in d.programme if one.holds}),
    "cautions": _listed(lambda d: {one.caution for one in d.cautions}),
    "strategies": _listed(lambda d: {one.strategy for one in d.strategies}),
    "preparations": _listed(lambda d: {one.caution for one in d.preparations}),
    "principles": _principles,
}
