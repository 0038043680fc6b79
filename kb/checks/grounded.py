"""Thresholds come from somewhere: bands turn a number into a level, and without a source nobody can say why there.

Every other rule must name a source to be read at all, and a parameter names one for each value.
"""

from __future__ import annotations

from kb.condition import Dated, tests_of
from kb.derivation import Bands
from kb.model import Knowledge
from kb.problem import Problems

AT_LOAD = False


def check(knowledge: Knowledge, problems: Problems) -> None:
    for fact in knowledge.facts.values():
        if not isinstance(fact.derived, Bands) or fact.source:
            continue
        bounds = [b for limit, _, _ in fact.derived.limits if limit for t in tests_of(limit) for b in t.bounds]
        if any(not isinstance(bound.operand, Dated) for bound in bounds):
            fault = f"the bands of '{fact.id}' rest on no source."
            problems.doubt("KB518", fact.mark, fault, "Add 'source: […]', an assumption if it is one.")
