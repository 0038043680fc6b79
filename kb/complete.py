"""Making the vocabulary whole: operands looked up, ranges of derived facts computed, bands bound, circles found."""

from __future__ import annotations

import math
from collections.abc import Mapping as Map
from dataclasses import replace
from fractions import Fraction

from kb.condition import Condition, Scope, parameters_of, read_condition
from kb.derivation import AS_OF, Bands, Linear, Ratio, YearsBetween, unknown_term
from kb.law import Parameter
from kb.problem import Mark, Problems
from kb.source import Mapping, Node, Scalar
from kb.values import CODE_LIMIT, NUMERIC, Code, Domain
from kb.vocabulary import Fact


def complete(read: Map[str, Fact], parameters: Map[str, Parameter], problems: Problems) -> dict[str, Fact]:
    """Base facts by id, then derived facts in an order in which each comes after its operands."""
    whole = {name: fact for name, fact in sorted(read.items()) if fact.derived is None}
    waiting = {name: fact for name, fact in sorted(read.items()) if fact.derived is not None}
    for name, fact in list(waiting.items()):
        unknown = [operand for operand in fact.operands() if operand not in read]
        for operand in unknown:
            unknown_term(operand, read, fact.mark, problems)
        if unknown:
            problems.unusable.add(name)
            whole[name] = waiting.pop(name)
    while waiting:
        ready = [f for f in waiting.values() if all(o in whole for o in f.operands())]
        if not ready:
            _report_circles(waiting, problems)
            problems.unusable |= set(waiting)
            break
        for fact in ready:
            del waiting[fact.id]
            broken = any(operand in problems.unusable for operand in fact.operands())
            done = None if broken else _complete_one(fact, whole, parameters, problems)
            if done is None:
                problems.unusable.add(fact.id)
            # A faulty derived fact still counts as read, so that conditions on it are looked at too.
            whole[fact.id] = done if done is not None else fact
    return whole


def _report_circles(waiting: Map[str, Fact], problems: Problems) -> None:
    for fact in waiting.values():
        through = [o for o in fact.operands() if fact.id in _rests_on(o, waiting)]
        if through:
            problems.error(
                "KB406",
                fact.mark,
                f"'{fact.id}' needs {', '.join(through)}, which needs it in turn.",
                "Compute one of them from other facts.",
            )


def _rests_on(name: str, waiting: Map[str, Fact]) -> set[str]:
    """`name` and every waiting fact it needs, directly or not."""
    found: set[str] = set()
    ahead = [name] if name in waiting else []
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += [operand for operand in waiting[one].operands() if operand in waiting]
    return found


def _complete_one(
    fact: Fact, facts: Map[str, Fact], parameters: Map[str, Parameter], problems: Problems
) -> Fact | None:
    derived = fact.derived
    if isinstance(derived, Linear):
        return _linear(fact, derived, facts, problems)
    if isinstance(derived, Ratio):
        return _ratio(fact, derived, facts, problems)
    if isinstance(derived, YearsBetween):
        return _years(fact, derived, facts, problems)
    assert isinstance(derived, Bands)
    return _bands(fact, derived, facts, parameters, problems)


def _adds_up(fact: Fact, into: Fact | None = None) -> bool:
    """Whether a number is a base fact or a sum of such, of the type summed: only then is every test on it linear."""
    same_type = into is None or fact.domain.type == into.domain.type
    return same_type and (fact.derived is None or isinstance(fact.derived, Linear))


def _linear(fact: Fact, derived: Linear, facts: Map[str, Fact], problems: Problems) -> Fact | None:
    steps: list[Fraction] = []
    low = high = Fraction(0)
    for name, sign in derived.operands:
        domain = facts[name].domain
        if domain.step is None or domain.low is None or domain.high is None or not _adds_up(facts[name], fact):
            problems.error(
                "KB407",
                fact.mark,
                f"'{name}' cannot be added into {fact.domain.type} '{fact.id}'.",
                f"Use {fact.domain.type} facts, or sums and differences of them.",
            )
            return None
        ends = (domain.low * domain.step * sign, domain.high * domain.step * sign)
        low, high = low + min(ends), high + max(ends)
        steps.append(domain.step)
    step = common_step(tuple(steps))
    domain = Domain(fact.domain.type, low=int(low / step), high=int(high / step), step=step)
    if max(abs(int(low / step)), abs(int(high / step))) > 4 * CODE_LIMIT:
        problems.error("KB308", fact.mark, f"the range of '{fact.id}' is too wide.", "Narrow the operands' ranges.")
        return None
    return replace(fact, domain=domain)


def _ratio(fact: Fact, derived: Ratio, facts: Map[str, Fact], problems: Problems) -> Fact | None:
    for name in (derived.numerator, derived.denominator):
        if facts[name].domain.type not in NUMERIC or facts[name].domain.step is None or not _adds_up(facts[name]):
            problems.error(
                "KB407", fact.mark, f"'{name}' cannot stand in a ratio.", "Use numbers, sums or differences."
            )
            return None
    below = facts[derived.denominator].domain
    can_be_zero = below.low is None or below.high is None or below.low <= 0 <= below.high
    if can_be_zero and derived.when_zero is None:
        problems.error(
            "KB405",
            fact.mark,
            f"'{derived.denominator}' can be zero and '{fact.id}' does not say what then.",
            "Add when_zero, or give the divisor a minimum above zero.",
        )
        return None
    return fact


def _years(fact: Fact, derived: YearsBetween, facts: Map[str, Fact], problems: Problems) -> Fact | None:
    for name in (derived.start, derived.end):
        if name != AS_OF and facts[name].domain.type != "date":
            problems.error("KB407", fact.mark, f"'{name}' is not a date.", "Use date facts or as_of.")
            return None
    return replace(fact, domain=Domain("integer", low=-9999, high=9999, step=Fraction(1)))


def _bands(
    fact: Fact, derived: Bands, facts: Map[str, Fact], parameters: Map[str, Parameter], problems: Problems
) -> Fact | None:
    of = facts[derived.of]
    if not of.domain.ordered and of.domain.type != "choice":
        problems.error(
            "KB407", fact.mark, f"'{derived.of}' has no order to put bands on.", "Use a number, date, level or choice."
        )
        return None
    scope = Scope({of.id: of.domain}, {}, parameters)
    limits: list[tuple[Condition | None, Code, Mark]] = []
    for tests, value, mark in derived.limits:
        if tests is None:
            limits.append((None, value, mark))
            continue
        listed = isinstance(tests, Mapping) and tests.get("one_of") is not None
        if listed is of.domain.ordered:
            remedy = "Write at_most, below, at_least or above." if listed else "Write 'one_of: […]'."
            problems.error("KB407", mark, f"this limit does not fit '{of.id}', a {of.domain.type}.", remedy)
            return None
        node: Node = Mapping(((Scalar(of.id, mark), tests),), mark)
        condition = read_condition(node, scope, problems)
        if condition is None:
            return None
        limits.append((condition, value, mark))
    return replace(fact, derived=Bands(derived.of, tuple(limits)))


def common_step(steps: tuple[Fraction, ...]) -> Fraction:
    """Greatest step of which every given step is a whole multiple."""
    denominator = math.lcm(*(s.denominator for s in steps))
    return Fraction(math.gcd(*(int(s * denominator) for s in steps)), denominator)


def base_facts(term: str, facts: Map[str, Fact]) -> tuple[str, ...]:
    """The base facts a term rests on, each once."""
    return tuple(name for name in terms_below(term, facts) if facts[name].derived is None)


def parameters_of_fact(term: str, facts: Map[str, Fact]) -> tuple[str, ...]:
    """Parameters that the bands of a term, or of its operands, move by."""
    found: list[str] = []
    for name in terms_below(term, facts):
        derived = facts[name].derived
        if isinstance(derived, Bands):
            for condition, _, _ in derived.limits:
                found += parameters_of(condition) if condition is not None else ()
    return tuple(dict.fromkeys(found))


def terms_below(term: str, facts: Map[str, Fact]) -> tuple[str, ...]:
    """A term and all it rests on, in the order written, each once: a chain may be long and its links shared."""
    found: dict[str, None] = {}
    ahead = [term]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = None
            ahead += reversed(facts[name].operands())
    return tuple(found)
