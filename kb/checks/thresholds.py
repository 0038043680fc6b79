"""Examples stand at the thresholds: one on the last value that passes, one on the first that does not.

An example far from its threshold stays true when the threshold is moved by mistake. Judged are ordered tests
(`at_least`, `at_most`, `above`, `below`) of base facts and of sums and differences, which have a step; of a ratio,
which has none, one example gives the threshold itself. Left out are whole years and bands: their values move with the
day of assessment or jump, and a value beside the threshold need not exist.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from fractions import Fraction

from kb.checks.days import example_day
from kb.condition import Bound, resolve, tests_of
from kb.derivation import Linear, Ratio
from kb.model import Finding, Knowledge
from kb.problem import Problems
from kb.values import Code, Domain
from kb.vocabulary import Fact

AT_LOAD = False
# The last value that passes and the first that does not, in steps from the threshold.
_EDGES = {"ge": (0, -1), "lt": (-1, 0), "le": (0, 1), "gt": (1, 0)}


def check(knowledge: Knowledge, problems: Problems) -> None:
    for finding in knowledge.findings.values():
        when = resolve(finding.when, example_day(finding, knowledge))
        for test in tests_of(when) if when is not None else ():
            fact = knowledge.facts[test.term]
            for bound in test.bounds:
                if bound.op in _EDGES:
                    _bound(finding, fact, bound, knowledge, problems)


def _bound(finding: Finding, fact: Fact, bound: Bound, knowledge: Knowledge, problems: Problems) -> None:
    assert isinstance(bound.operand, (int, Fraction))
    wanted = _wanted(fact, bound.op, bound.operand)
    there = {value_in(example.facts, fact, knowledge.facts) for example in finding.examples}
    missing = [fact.domain.written(code) for code in wanted if code not in there]
    if missing:
        problems.doubt(
            "KB515",
            finding.mark,
            f"no example of '{finding.id}' has '{fact.id}' at {' or at '.join(missing)}, where "
            f"'{bound.word} {fact.domain.written(bound.operand)}' turns.",
            f"Add an example with {missing[0]}, or move one there.",
        )


def _wanted(fact: Fact, op: str, threshold: int | Fraction) -> list[int | Fraction]:
    """The values that examples should give; those outside the fact's range cannot be given."""
    if isinstance(fact.derived, Ratio):
        return [threshold]
    if fact.derived is not None and not isinstance(fact.derived, Linear):
        return []
    low, high = _ends(fact.domain)
    return [code for move in _EDGES[op] if low <= (code := threshold + move) <= high]


def _ends(domain: Domain) -> tuple[int, int]:
    if domain.type == "level":
        return 0, len(domain.values) - 1
    assert domain.low is not None
    assert domain.high is not None
    return domain.low, domain.high


def value_in(stated: Map[str, Code], fact: Fact, facts: Map[str, Fact]) -> Code | None:
    """The coded value of a base fact, sum, difference or ratio in an example; None where it is not told."""
    if fact.derived is None:
        return stated.get(fact.id)
    if isinstance(fact.derived, Linear):
        found = _number(stated, fact, facts)
        assert fact.domain.step is not None
        return None if found is None else found / fact.domain.step
    if isinstance(fact.derived, Ratio):
        above = _number(stated, facts[fact.derived.numerator], facts)
        below = _number(stated, facts[fact.derived.denominator], facts)
        if above is None or below is None:
            return None
        return fact.derived.scale * above / below if below else fact.derived.when_zero
    return None


def _number(stated: Map[str, Code], fact: Fact, facts: Map[str, Fact]) -> Fraction | None:
    """A base fact, sum or difference as a number in its unit."""
    if isinstance(fact.derived, Linear):
        parts = [(sign, _number(stated, facts[name], facts)) for name, sign in fact.derived.operands]
        return None if any(part is None for _, part in parts) else sum((s * p for s, p in parts if p), Fraction(0))
    code = stated.get(fact.id)
    return None if code is None or fact.domain.step is None else Fraction(code) * fact.domain.step
