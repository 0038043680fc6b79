"""Asking for a firm that meets conditions: first among firms at hand, then of the solver.

In a sound rule base nearly every question is answered by some firm of the cases, the examples or a random draw, which
costs microseconds; the solver is asked about the rest. What it has proved is remembered by the digest of the question.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from random import Random

from engine.compile import Program
from engine.decide import Engine, decide, ready
from engine.decision import Decision
from engine.derive import Step, derive
from engine.executors.reference import holds
from engine.expand import Query, beyond, knowledge_facts, queries
from engine.firms import Firms
from engine.possible import group_bounds, groups
from engine.prove.digests import code_digest
from engine.prove.firms import AtHand, Firm, Memory
from engine.solve import Sum, Unsolved, find
from kb.complete import base_facts, terms_below
from kb.condition import ALWAYS, GRADE, KNOWN, Condition, fact_of, terms_of
from kb.model import AXES, Class, Knowledge
from kb.values import Code, Domain
from kb.vocabulary import GRADES, Fact

_DRAWN, _SEED = 200, 1995
_REMEMBERED, _MOST_PROVED = 500, 100_000
_LIMIT_MS = 10_000


class Asking:
    """Answers about one rule base. `left` tells the seconds that remain; `memory` what was found out before."""

    def __init__(self, knowledge: Knowledge, left: Callable[[], float], memory: Memory) -> None:
        self.knowledge, self.left = knowledge, left
        self.facts = knowledge_facts(knowledge.facts)
        self.proved = set(memory.proved)
        self.solver_calls = 0
        self._engines: dict[datetime.date, Engine] = {}
        self._extremes: dict[tuple[datetime.date, str, bool], dict[str, Code]] = {}
        self.memory = memory
        self._firms: AtHand | None = None
        self._found: list[Mapping[str, Code]] = []

    @property
    def firms(self) -> AtHand:
        """Firms at hand, drawn and gathered when the first question needs them."""
        if self._firms is None:
            random, drawing = Random(_SEED), Firms(self.program(self.knowledge.manifest.examples_as_of))
            drawn = [drawing.complete(random) for _ in range(_DRAWN)]
            drawn += [drawing.partial(random) for _ in range(_DRAWN // 4)]
            self._firms = AtHand(drawn)
            for finding in self.knowledge.findings.values():
                for example in finding.examples:
                    self._firms.add(dict(example.facts))
            for case in self.knowledge.cases:
                self._firms.add({name: code for name, code in case.facts.items() if code is not None})
            for firm in self.memory.firms:
                if all(self._fits(name, code) for name, code in firm.items()):
                    self._firms.add(dict(firm))
                    self._found.append(firm)
        return self._firms

    def _fits(self, name: str, code: Code) -> bool:
        """Whether a remembered value is one of a base fact as the vocabulary is now."""
        fact = self.knowledge.facts.get(name)
        if fact is None or fact.derived is not None:
            return False
        domain = fact.domain
        if domain.type == "choice" or domain.low is None:
            return isinstance(code, str) is (domain.type in ("choice", "code", "text")) and (
                domain.type != "choice" or code in domain.values
            )
        return isinstance(code, int) and domain.low <= code <= (domain.high or 0)

    def learnt(self, clean: frozenset[str]) -> Memory:
        """What to remember, with the checks that found no fault; also what was not needed this time, within limits."""
        firms = self._found if self._firms is not None else self.memory.firms
        proved = self.proved if len(self.proved) <= _MOST_PROVED else set()
        return Memory(frozenset(proved), clean, tuple(firms[-_REMEMBERED:]))

    def engine(self, day: datetime.date) -> Engine:
        if day not in self._engines:
            self._engines[day] = ready(self.knowledge, day, "reference")
        return self._engines[day]

    def program(self, day: datetime.date) -> Program:
        return self.engine(day).program

    def decision(self, firm: Firm) -> Decision:
        return decide(self.engine(firm.day), firm.dossier(self.knowledge))

    def holding(self, condition: Condition, day: datetime.date, likely: bool = True) -> Firm | None:
        """A firm for which a resolved condition of any stage is true on a day. Raises Unsolved.

        Where none is `likely`, the solver is asked at once: looking through the firms at hand would be in vain.
        """
        return self.first(queries(condition, self.program(day)), day, likely)

    def beyond(
        self, wider: Condition, narrower: Condition, day: datetime.date, partly: bool = False, likely: bool = True
    ) -> Firm | None:
        """A firm for which the one condition is true and the other is not; known in full, or also `partly`."""
        return self.first(beyond(wider, narrower, self.program(day), partly), day, likely)

    def first(self, asked: Sequence[Query], day: datetime.date, likely: bool = True) -> Firm | None:
        """A firm that meets one of the queries."""
        return next((firm for query in asked if (firm := self.firm(query, day, likely)) is not None), None)

    def firm(self, query: Query, day: datetime.date, likely: bool = True) -> Firm | None:
        """A firm that meets a query, or None where the solver has proved that there is none. Raises Unsolved."""
        program = self.program(day)
        if query.in_class:
            wanted = next(c for c in self.knowledge.table.classes if c.id == query.in_class)
            return self.in_class(query.when, day, wanted)
        at_hand = self._among_those_at_hand(query.when, day) if likely else None
        if at_hand is not None:
            return at_hand
        found = self.solved(query.when, program.steps, self.facts, ())
        if found is None:
            return None
        firm = self._partly(found, day)
        self.firms.add(dict(firm.base))
        self._found.append(firm.base)
        return firm

    def _among_those_at_hand(self, when: Condition, day: datetime.date) -> Firm | None:
        asked = [term for term in terms_of(when) if term.startswith((KNOWN, GRADE))]
        steps = self.program(day).steps
        read = (b for t in terms_of(when) for b in base_facts(t, self.facts) if b in self.knowledge.facts)
        for base, values in self.firms.values(day, steps, next(read, "")):
            # What is known of a firm at hand is taken to be verified.
            known = {t: int(fact_of(t) in base) if t.startswith(KNOWN) else len(GRADES) - 1 for t in asked}
            if holds(when, values | known if asked else values) is True:
                grades = {fact_of(t): len(GRADES) - 1 for t in asked if t.startswith(GRADE) and fact_of(t) in base}
                return Firm(base if asked else self._reduced(when, base, self.program(day)), grades, day)
        return None

    def _partly(self, found: Mapping[str, Code], day: datetime.date) -> Firm:
        """The firm that the solver means by `known:` and `grade:` of facts."""
        facts = self.knowledge.facts
        base = {n: c for n, c in found.items() if n in facts and found.get(KNOWN + n, 1)}
        # Of a fact that is only asked to be known the solver has no value; any will do.
        bare = (fact_of(t) for t, code in found.items() if t.startswith(KNOWN) and code and fact_of(t) not in found)
        base |= {name: _some_value(facts[name].domain) for name in bare}
        grades = {n: int(found[GRADE + n]) for n in base if GRADE + n in found}
        return Firm(base, grades, day)

    def _reduced(self, when: Condition, base: Mapping[str, Code], program: Program) -> dict[str, Code]:
        """Only those facts of a firm that the condition reads: an example is read by people."""
        read = {b for term in terms_of(when) for b in base_facts(term, self.knowledge.facts)}
        small = {name: code for name, code in base.items() if name in read}
        return small if holds(when, derive(program.steps, small)) is True else dict(base)

    def in_class(self, when: Condition, day: datetime.date, wanted: Class) -> Firm | None:
        """A firm in a class for which a condition on facts holds.

        Groups of factors that share no fact with the condition are free to be as good, or as bad, as they can: each
        adds its extreme to the margin, so that the solver is asked about the others alone.
        """
        engine, facts = self.engine(day), self.facts
        read = {base for term in terms_of(when) for base in base_facts(fact_of(term), facts)}
        sums: list[Sum] = []
        rest: dict[str, Code] = {}
        for axis, positive in zip(AXES, (wanted.x_positive, wanted.y_positive), strict=True):
            touched: list[tuple[Condition, int]] = []
            spare = 0
            for group in groups(engine.margins.axes[axis], {}):
                if read & {base for factor in group for base in factor.bases}:
                    touched += [(part.when, part.amount) for factor in group for part in factor.parts]
                else:
                    limits = group_bounds(engine.margins, group, {})
                    spare += limits.high if positive else limits.low
            sums.append(Sum(tuple(touched), 1 - spare if positive else None, None if positive else -spare))
        found = self.solved(when, engine.program.steps, facts, tuple(sums))
        if found is None:
            return None
        for axis, positive in zip(AXES, (wanted.x_positive, wanted.y_positive), strict=True):
            for group in groups(engine.margins.axes[axis], {}):
                if not read & {base for factor in group for base in factor.bases}:
                    rest |= self.extreme(day, group[0].factor, positive)
        firm = self._partly(rest | found, day)
        firm = firm._replace(about=frozenset(read & self.knowledge.facts.keys()))
        hides = any(found.get(KNOWN + name) == 0 for name in self.knowledge.facts)
        if hides and self.decision(firm).verdict.id != wanted.id:
            raise Unsolved(f"whether '{wanted.id}' is settled for firms of which that is unknown")
        return firm

    def extreme(self, day: datetime.date, factor: str, high: bool) -> dict[str, Code]:
        """Base facts that bring the group of a factor to its greatest or least part in the margin."""
        key = (day, factor, high)
        if key not in self._extremes:
            margins = self.engine(day).margins
            axis = next(axis for axis, members in margins.axes.items() if factor in {m.factor for m in members})
            group = next(g for g in groups(margins.axes[axis], {}) if factor in {m.factor for m in g})
            limits = group_bounds(margins, group, {})
            parts = tuple((part.when, part.amount) for member in group for part in member.parts)
            wanted = Sum(parts, limits.high, None) if high else Sum(parts, None, limits.low)
            found = find(ALWAYS, margins.program.steps, self.knowledge.facts, sums=[wanted])
            assert found is not None
            self._extremes[key] = found
        return self._extremes[key]

    def solved(
        self, when: Condition, steps: tuple[Step, ...], facts: Mapping[str, Fact], sums: Sequence[Sum]
    ) -> dict[str, Code] | None:
        """`engine.solve.find`, with what is proved remembered and the time that is left kept. Raises Unsolved."""
        key = _key(when, steps, facts, sums)
        if key in self.proved:
            return None
        left = int(self.left() * 1000)
        if left <= 0:
            raise Unsolved("no time was left for it")
        self.solver_calls += 1
        found = find(when, steps, facts, sums=sums, limit_ms=min(left, _LIMIT_MS))
        if found is None:
            self.proved.add(key)
        return found


def _some_value(domain: Domain) -> Code:
    """A value of a base fact."""
    if domain.type == "choice":
        return domain.values[0]
    return "other" if domain.type in ("code", "text") else domain.low or 0


def _key(when: Condition, steps: tuple[Step, ...], facts: Mapping[str, Fact], sums: Sequence[Sum]) -> str:
    """Digest of all that the answer depends on: conditions, how derived facts are computed, ranges."""
    terms = dict.fromkeys(t for one in (when, *(c for s in sums for c, _ in s.parts)) for t in terms_of(one))
    needed = sorted({name for term in terms for name in terms_below(term, facts)})
    read = [step for step in steps if step.term in needed]
    domains = [(name, facts[name].domain) for name in needed]
    return hashlib.sha256(repr((code_digest(), when, tuple(sums), read, domains)).encode()).hexdigest()
