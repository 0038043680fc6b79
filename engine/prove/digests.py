"""Digests of all that a question depends on, so that what was found in order need not be asked again.

A term's digest covers its range, how it is computed, and what it rests on; a rule's, its condition and days as well.
Two rule bases that agree in these get the same answer, wherever the rule stands and whatever else they hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from kb.condition import Condition, fact_of, terms_of
from kb.derivation import Bands
from kb.law import Period
from kb.model import Knowledge
from kb.rules import Rule

_ROOT = Path(__file__).resolve().parent.parent.parent


class Digests:
    """Digests of the terms and rules of one rule base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._terms: dict[str, str] = {}
        self._all = repr(knowledge.manifest.examples_as_of) + code_digest()

    def unit(self, name: str, rules: Iterable[Rule], extra: object = "", terms: Iterable[str] = ()) -> str:
        """Digest of a question about rules, by the name of the question; `extra` is what else it depends on."""
        told = [
            (rule.id, rule.kind, rule.owner, repr(rule.when), rule.period, self._owner(rule), *self._read(rule.when))
            for rule in rules
        ]
        return _hashed(self._all, name, told, extra, [self.term(term) for term in terms])

    def _owner(self, rule: Rule) -> Period | None:
        pattern = self.knowledge.patterns.get(rule.owner)
        return pattern.period if pattern is not None else None

    def _read(self, when: Condition | None) -> Iterator[str]:
        for term in terms_of(when) if when is not None else ():
            yield self.term(fact_of(term))

    def term(self, name: str) -> str:
        """Digest of a term of any stage with all it rests on; of the class, of every factor."""
        if name not in self._terms:
            self._terms[name] = _hashed(*self._told(name))
        return self._terms[name]

    def _told(self, name: str) -> Iterator[object]:
        knowledge = self.knowledge
        yield name
        if name == "class":
            table = knowledge.table
            yield table.tie_band, table.tie_unit, [(c.id, c.x_positive, c.y_positive) for c in table.classes]
            for factor in knowledge.factors.values():
                yield factor.id, factor.axis, factor.weight
                for finding in factor.findings:
                    yield finding.id, finding.side, finding.rating, self.term(finding.id)
        elif name in knowledge.findings:
            found = knowledge.findings[name]
            yield repr(found.when), found.period, *self._read(found.when)
        elif name in knowledge.eligibility:
            for entry in knowledge.eligibility[name].entries:
                yield entry.value, repr(entry.when), entry.period, *self._read(entry.when)
        elif name in knowledge.facts:
            fact = knowledge.facts[name]
            yield fact.domain, fact.better, fact.protected, *(self.term(operand) for operand in fact.operands())
            if isinstance(fact.derived, Bands):
                yield [(repr(condition), value) for condition, value, _ in fact.derived.limits]
            else:
                yield fact.derived


def _hashed(*told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


_FOUND: list[str] = []


def code_digest() -> str:
    """Digest of all the code that reads rules and asks, and of the solver: an answer by others is none."""
    if not _FOUND:
        paths = sorted(path for floor in ("kb", "engine") for path in (_ROOT / floor).rglob("*.py"))
        told = b"".join(path.read_bytes() for path in paths) + version("z3-solver").encode()
        _FOUND.append(hashlib.sha256(told).hexdigest())
    return _FOUND[0]
