"""Trying the expert's invariants on random firms: a counterexample for each that does not hold.

Tried, not proved: a claim that holds here has met no counterexample among so many firms.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from engine.compile import Program
from engine.decide import Engine, decide
from engine.decision import Decision
from engine.derive import derive
from engine.executors.reference import Truth, holds
from engine.firms import Firms
from kb.condition import resolve
from kb.dossier import Dossier, Stated
from kb.invariant import Invariant
from kb.model import AXES
from kb.values import Code, Domain

# Facts moved for one firm when monotony is tried.
MOVED = 12


class Trial(NamedTuple):
    """How an invariant fared: for how many firms it said something, and the facts of one that breaks it."""

    invariant: Invariant
    met: int
    day: datetime.date | None
    broken_by: Mapping[str, object] | None
    how: str


def try_invariants(engines: list[Engine], firms: int, seed: int) -> tuple[Trial, ...]:
    """Every invariant on so many random firms a day, half of them known in full; the first counterexample ends it."""
    knowledge = engines[0].program.knowledge
    met = dict.fromkeys(knowledge.invariants, 0)
    broken: dict[str, Trial] = {}
    for engine in engines:
        program = engine.program
        random, drawing = Random(f"{seed} {program.as_of}"), Firms(program)
        for number in range(firms):
            whole = number % 2 == 0
            base = drawing.complete(random) if whole else drawing.partial(random)
            decision = decide(engine, firm_of(base, program))
            for name, invariant in knowledge.invariants.items():
                if name in broken or not _speaks(invariant, decision, whole):
                    continue
                met[name] += 1
                how = _CLAIMS[invariant.claim](invariant, decision, engine, base, random)
                if how:
                    shown = {fact: knowledge.facts[fact].domain.plain(code) for fact, code in base.items()}
                    broken[name] = Trial(invariant, met[name], program.as_of, shown, how)
    return tuple(
        broken.get(name) or Trial(one, met[name], None, None, "") for name, one in knowledge.invariants.items()
    )


def firm_of(base: Mapping[str, Code], program: Program) -> Dossier:
    """A dossier that states just these facts."""
    mark = program.knowledge.manifest.mark
    stated = {name: Stated(code, "known", "stated", "", "firm", mark) for name, code in sorted(base.items())}
    return Dossier("random", program.as_of, "", (), "", stated, mark)


def _speaks(invariant: Invariant, decision: Decision, whole: bool) -> bool:
    if invariant.claim in ("recommendation", "one_class", "monotone") and not whole:
        return False
    if not invariant.period.holds(decision.as_of):
        return False
    condition = resolve(invariant.when, decision.as_of) if invariant.when is not None else None
    if invariant.when is not None and condition is None:
        # A parameter without a value on the day: the claim says nothing about it.
        return False
    truth: Truth = True if condition is None else holds(condition, decision.values)
    return truth is True


Claim = Callable[[Invariant, Decision, Engine, Mapping[str, Code], Random], str]


def _never_recommended(one: Invariant, decision: Decision, *_: object) -> str:
    found = [p for p in decision.recommended if not one.patterns or p in one.patterns]
    return f"recommended: {', '.join(found)}" if found else ""


def _never_offered(one: Invariant, decision: Decision, *_: object) -> str:
    found = [a.action for a in decision.programme if a.action in one.actions]
    return f"offered: {', '.join(found)}" if found else ""


def _recommendation(_one: Invariant, decision: Decision, *_: object) -> str:
    return "" if decision.recommended else "nothing is recommended"


def _one_class(_one: Invariant, decision: Decision, *_: object) -> str:
    return "" if decision.verdict.final else f"possible: {', '.join(decision.verdict.possible)}"


def _monotone(_one: Invariant, decision: Decision, engine: Engine, base: Mapping[str, Code], random: Random) -> str:
    """Some facts that are better one way, moved that way at random: the margin of their axis does not fall."""
    facts = engine.program.knowledge.facts
    judged = [name for name in base if facts[name].better and name in engine.margins.readers]
    for name in random.sample(judged, min(len(judged), MOVED)):
        code = base[name]
        fact = facts[name]
        readers = {factor.factor for factor in engine.margins.readers[name]}
        if not isinstance(code, int):
            continue
        low, high = (0, len(fact.domain.values) - 1) if fact.domain.values else (fact.domain.low, fact.domain.high)
        if fact.domain.type == "boolean":
            low, high = 0, 1
        assert low is not None
        assert high is not None
        reach = (code + 1, high) if fact.better == "higher" else (low, code - 1)
        if reach[0] > reach[1]:
            continue
        better = random.choice([reach[0], reach[1], random.randint(*reach)])
        for axis in AXES:
            before, after = (_margin(engine, axis, readers, {**base, name: c}) for c in (code, better))
            if after < before:
                shown = f"{fact.domain.written(code)} → {fact.domain.written(better)}"
                return f"{name} {shown} lowers the {axis} margin"
    return ""


def _margin(engine: Engine, axis: str, readers: set[str], base: Mapping[str, Code]) -> int:
    values = derive(engine.program.steps, base)
    factors = (factor for factor in engine.margins.axes[axis] if factor.factor in readers)
    return sum(part.amount for factor in factors for part in factor.parts if holds(part.when, values))


def _no_effect(_one: Invariant, decision: Decision, engine: Engine, base: Mapping[str, Code], *_: object) -> str:
    """Every protected fact given another value, or left out: all but the facts themselves stays the same."""
    facts = engine.program.knowledge.facts
    for name in (name for name, fact in facts.items() if fact.protected):
        for other in ({**base, name: _another(facts[name].domain, base.get(name))}, {**base, name: None}):
            known = {fact: code for fact, code in other.items() if code is not None}
            twin = decide(engine, firm_of(known, engine.program))
            if _outcome(twin) != _outcome(decision):
                return f"{name} changes the decision"
    return ""


def _another(domain: Domain, code: Code | None) -> Code:
    """A value that a term does not have."""
    if domain.type == "choice":
        return next(value for value in domain.values if value != code)
    if domain.type in ("boolean", "level"):
        return 1 if code == 0 else 0
    if domain.low is None or domain.high is None:
        return f"not {code}"
    return domain.high if code == domain.low else domain.low


def _outcome(decision: Decision) -> object:
    return (decision.trace, decision.verdict, decision.patterns, decision.programme, decision.cautions)


_CLAIMS: dict[str, Claim] = {
    "never_recommended": _never_recommended,
    "never_offered": _never_offered,
    "recommendation": _recommendation,
    "one_class": _one_class,
    "monotone": _monotone,
    "no_effect": _no_effect,
}
