"""What durable-rules is given of a stage's rules: integers for values, and rulesets small enough to be right.

A shard holds alternatives that read the same few terms; every limit that durable-rules breaks silently is kept here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from kb.condition import Bound, Condition, Dated, Test, tests_of
from kb.normal import MAX_LISTED, Alternative
from kb.values import Code

# Limits measured on 2.0.28 with a margin: beyond them it answers with bare numbers, hangs or silently drops.
# Of terms it can hold 400, but it tries every fact against every term of a ruleset: few terms make it faster.
MAX_RULES, MAX_TERMS, MAX_TESTS_PER_TERM, MAX_RULES_PER_TEST = 1000, 12, 50, 200
# Values listed for one term, in one test and in one ruleset: from 512 of them on it never comes back.
MAX_VALUES, MAX_VALUES_PER_TERM = MAX_LISTED, 400


class Shard(NamedTuple):
    """Alternatives that go into one ruleset: rule name as durable sees it → (rule id, alternative)."""

    rules: Mapping[str, tuple[str, Alternative]]
    terms: frozenset[str]


class TermCode:
    """How values of one term become integers that compare the same way.

    Texts become their place among the texts the rules mention, 0 for any other. Fractions become their rank among the
    thresholds: odd between two of them, even on one. Whole numbers stay as they are.
    """

    __slots__ = ("_exact", "_texts", "_thresholds")

    def __init__(self, operands: Iterable[Code]) -> None:
        listed = sorted(set(operands), key=str)
        self._texts = {text: place for place, text in enumerate((t for t in listed if isinstance(t, str)), 1)}
        numbers = sorted({Fraction(n) for n in listed if not isinstance(n, str)})
        self._exact = not any(isinstance(n, Fraction) for n in listed)
        self._thresholds = numbers

    def encode(self, value: Code) -> int:
        if isinstance(value, str):
            return self._texts.get(value, 0)
        if self._exact:
            assert not isinstance(value, Fraction), "a fraction where only whole numbers are compared"
            return value
        exact = Fraction(value)
        place = bisect_left(self._thresholds, exact)
        on_it = place < len(self._thresholds) and self._thresholds[place] == exact
        return 2 * (place + 1) if on_it else 2 * place + 1


def term_codes(conditions: Mapping[str, Condition]) -> dict[str, TermCode]:
    """Codings of every term the conditions read; a term whose values are fractions is compared with fractions."""
    operands: dict[str, list[Code]] = {}
    for test in (test for condition in conditions.values() for test in tests_of(condition)):
        for bound in test.bounds:
            assert not isinstance(bound.operand, Dated)
            several = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
            operands.setdefault(test.term, []).extend(several)
    return {term: TermCode(found) for term, found in operands.items()}


def shards(expanded: Mapping[str, tuple[Alternative, ...]]) -> list[Shard]:
    """Alternatives of all rules dealt into shards within the limits, those that read the same terms together."""
    done: list[Shard] = []
    rules: dict[str, tuple[str, Alternative]] = {}
    tests: dict[Test, int] = {}
    per_term: dict[str, int] = {}
    listed: dict[str, int] = {}

    def close() -> None:
        if rules:
            done.append(Shard(dict(rules), frozenset(per_term)))
        rules.clear()
        tests.clear()
        per_term.clear()
        listed.clear()

    dealt = [(sorted([test.term for test in a]), name, a) for name, each in expanded.items() for a in each if a]
    for terms, name, alternative in sorted(dealt, key=lambda entry: entry[:2]):
        fresh = [test for test in alternative if test not in tests]
        full = (
            len(rules) >= MAX_RULES
            or (rules and len(per_term.keys() | set(terms)) > MAX_TERMS)
            or any(per_term.get(t.term, 0) >= MAX_TESTS_PER_TERM for t in fresh)
            or any(tests.get(t, 0) >= MAX_RULES_PER_TEST for t in alternative)
            or any(rules and listed.get(t.term, 0) + _listed(t) > MAX_VALUES_PER_TERM for t in fresh)
        )
        if full:
            close()
        rules[f"r{len(rules)}"] = (name, alternative)
        for test in alternative:
            if test not in tests:
                per_term[test.term] = per_term.get(test.term, 0) + 1
                listed[test.term] = listed.get(test.term, 0) + _listed(test)
            tests[test] = tests.get(test, 0) + 1
    close()
    return done


def _listed(test: Test) -> int:
    return sum(len(b.operand) for b in test.bounds if isinstance(b.operand, tuple))


def narrow(found: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Alternatives whose long lists of allowed values are dealt over several that each list a few."""
    done: list[Alternative] = []
    waiting = list(reversed(found))
    while waiting:
        one = waiting.pop()
        wide = next(((i, b) for i, test in enumerate(one) for b in test.bounds if _is_wide(b)), None)
        if wide is None:
            done.append(one)
            continue
        place, bound = wide
        assert isinstance(bound.operand, tuple)
        for start in range(0, len(bound.operand), MAX_VALUES):
            part = bound._replace(operand=bound.operand[start : start + MAX_VALUES])
            bounds = tuple(part if b is bound else b for b in one[place].bounds)
            waiting.append((*one[:place], Test(one[place].term, bounds), *one[place + 1 :]))
    return tuple(done)


def _is_wide(bound: Bound) -> bool:
    return bound.op == "in" and isinstance(bound.operand, tuple) and len(bound.operand) > MAX_VALUES
