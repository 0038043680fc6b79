"""Random firms of two rule bases at once: each drawn as `engine.firms` draws for one of them, so that the thresholds of
both are reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, lcm
from random import Random

from engine.diff.merged import Merged, ends
from engine.firms import Firms
from kb.values import NUMERIC, Code, Domain


def drawn(merged: Merged, random: Random, number: int) -> Iterator[dict[str, Code]]:
    """So many complete firms, drawn for the old rule base and for the new one in turn."""
    old, new = Firms(merged.old), Firms(merged.new)
    for count in range(number):
        one = old.complete(random)
        other = {merged.named(name): code for name, code in new.complete(random).items()}
        yield fitted(merged, one | other if count % 2 else other | one, of_new=bool(count % 2))


def fitted(merged: Merged, firm: dict[str, Code], of_new: bool = False) -> dict[str, Code]:
    """A firm brought into the merged world: within the ranges that both share, both writings of a fact saying one
    thing, the old one unless it is `of_new`.
    """
    for name, fact in merged.facts.items():
        if name in firm and fact.derived is None:
            firm[name] = _inside(fact.domain, firm[name])
    for name, codes in merged.pairs.items():
        here = merged.named(name)
        back = {code: one for one, code in codes.items()}
        chosen = back.get(firm[here]) if of_new else firm[name]
        firm[name] = chosen if chosen is not None and chosen in codes else next(iter(codes))
        firm[here] = codes[firm[name]]
    for name, (one, other) in merged.scaled.items():
        here = merged.named(name)
        real = Fraction(firm[here]) * other if of_new else Fraction(firm[name]) * one
        real = _common(real, one, other, merged.facts[name].domain, merged.facts[here].domain)
        firm[name], firm[here] = int(real / one), int(real / other)
    return firm


def _common(real: Fraction, one: Fraction, other: Fraction, first: Domain, second: Domain) -> Fraction:
    """A number near this one that is a multiple of both steps and in both ranges."""
    step = Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))
    low, high = max(ends(first)[0], ends(second)[0]), min(ends(first)[1], ends(second)[1])
    return min(max(real // step * step, -(-low // step) * step), high // step * step)


def _inside(domain: Domain, code: Code) -> Code:
    if domain.type == "choice":
        return code if code in domain.values else domain.values[0]
    if domain.type not in (*NUMERIC, "date") or domain.low is None or domain.high is None:
        return code
    return min(max(int(code), domain.low), domain.high)
