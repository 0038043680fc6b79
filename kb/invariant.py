"""Invariants: what must hold for every firm whatever the rules say, in words an expert reads and tests can try."""

from __future__ import annotations

from typing import NamedTuple

from kb.condition import Condition, Scope, read_when
from kb.law import Period, read_in_force
from kb.problem import Mark, Problems
from kb.source import Node
from kb.text import Fields, Keys, Text

INVARIANT = Keys(("invariant", "says", "claim"), ("when", "patterns", "actions", "source", "in_force"))
# What may be claimed, each with the keys that belong to it.
CLAIMS = {
    "never_recommended": ("when", "patterns"),
    "never_offered": ("when", "actions"),
    "recommendation": ("when",),
    "one_class": (),
    "monotone": (),
    "no_effect": (),
}


class Invariant(NamedTuple):
    """A claim about every firm for which `when` holds (None: every firm), on the days of `period`.

    never_recommended: none of `patterns` (all, where none is named); never_offered: none of `actions`;
    recommendation: a firm of which everything is known gets one; one_class: such a firm gets one class;
    monotone: a better fact never lowers its margin; no_effect: protected facts change nothing.
    """

    id: str
    says: Text
    claim: str
    when: Condition | None
    period: Period
    patterns: tuple[str, ...]
    actions: tuple[str, ...]
    sources: tuple[str, ...]
    mark: Mark


def read_invariant(node: Node, scope: Scope, problems: Problems) -> Invariant | None:
    """One entry of invariants.yaml; `scope` reads all terms up to the class."""
    fields = Fields(node, "an invariant", problems, *INVARIANT)
    name, claim = fields.identifier("invariant"), fields.one_of("claim", tuple(CLAIMS))
    when = read_when(fields.node("when"), scope, problems)
    if not name or not claim:
        return None
    for key in ("when", "patterns", "actions"):
        if key in fields and key not in CLAIMS[claim]:
            fault, remedy = f"the claim '{claim}' takes no '{key}'.", "Remove it, or choose another claim."
            problems.error("KB425", fields.keys[key], fault, remedy)
    if claim == "never_offered" and not fields.names("actions"):
        problems.error("KB425", fields.mark, "the claim 'never_offered' names no action.", "Add 'actions: […]'.")
    says, period = fields.text("says"), read_in_force(fields, problems)
    patterns, actions, sources = (fields.names(key) for key in ("patterns", "actions", "source"))
    return Invariant(name, says, claim, when, period, patterns, actions, sources, fields.at("invariant"))
