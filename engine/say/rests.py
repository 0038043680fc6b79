"""What an answer rests on: how the sources of its conclusions are known, and every source it cites."""

from __future__ import annotations

from typing import Any

from engine.compile import in_force
from engine.decision import Decision
from kb.law import CHECKED


def conclusions(decision: Decision) -> dict[str, tuple[str, ...]]:
    """For the class, each eligibility term and each recommended pattern: how its sources in force are known."""
    knowledge, settled = decision.program.knowledge, decision.settled
    cited: dict[str, tuple[str, ...]] = {}
    if settled is not None:
        own = tuple(dict.fromkeys((*settled.sources, *knowledge.table.sources)))
        cited["class"] = in_force(own, knowledge, decision.as_of)
    cited |= {e.term: e.sources for e in decision.eligibility if e.value is not None}
    cited |= {name: decision.pattern(name).sources for name in decision.recommended}
    kinds = {name: {knowledge.sources[s].checked for s in sources} for name, sources in cited.items()}
    return {name: tuple(kind for kind in CHECKED if kind in found) for name, found in kinds.items()}


def cited_sources(answer: Any, decision: Decision, lang: str) -> dict[str, Any]:
    """Every source that an answer in JSON names, with its title, its days and how it is known."""
    knowledge = decision.program.knowledge
    names: set[str] = set()
    waiting = [answer]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            names |= set(part.get("source") or ())
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return {
        name: {
            "title": knowledge.sources[name].title.say(lang),
            "from": _day(knowledge.sources[name].period.start),
            "until": _day(knowledge.sources[name].period.end),
            "checked": knowledge.sources[name].checked,
        }
        for name in sorted(names)
    }


def duties_json(name: str, decision: Decision, lang: str) -> dict[str, Any]:
    """Duties of both sides and clauses of the agreement under a pattern, those with a source in force."""
    pattern, knowledge = decision.program.knowledge.patterns[name], decision.program.knowledge
    found: dict[str, Any] = {}
    parts = (
        ("partner_duties", pattern.partner_duties),
        ("firm_duties", pattern.firm_duties),
        ("clauses", pattern.clauses),
    )
    for key, duties in parts:
        cited = [(duty, in_force(duty.sources, knowledge, decision.as_of)) for duty in duties]
        found[key] = [{"says": duty.says.say(lang), "source": list(sources)} for duty, sources in cited if sources]
    return found


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
