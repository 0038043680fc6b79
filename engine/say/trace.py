"""The trace of a decision as JSON, for those who check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.decision import Decision
from engine.say import words
from kb.model import Knowledge
from kb.values import Code


def trace_json(decision: Decision) -> dict[str, Any]:
    """Every rule of the base: true, false, unknown or not in force, with the values it read."""
    knowledge = decision.program.knowledge
    names: Mapping[bool | None, str] = {True: "true", False: "false", None: "unknown"}
    values = decision.values | decision.about_knowledge
    found: dict[str, Any] = {}
    for stage in decision.program.stages.values():
        for rule in stage.rules.values():
            read = {t: plain(t, values.get(t), knowledge) for t in rule.terms}
            found[rule.id] = {"truth": names[decision.trace[rule.id]], "read": read}
    for name, reason in decision.program.not_in_force.items():
        found[name] = {"truth": "not_in_force", "reason": reason}
    return dict(sorted(found.items()))


def plain(term: str, code: Code | None, knowledge: Knowledge) -> Any:
    """A value as JSON; null where it is not known."""
    return None if code is None else words.domain_of(term, knowledge).plain(code)
