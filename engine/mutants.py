"""Small slips in a rule base, one at a time: what an expert might write by mistake and the cases should notice.

Mutants are made of the rules as read, never of their text. A slip that the loader would refuse is made all the same and
marked so: it needs no case. What the loader refuses is told by its own checks (overlapping findings, bands that are
never reached, too many alternatives, tests that nothing passes) and by its limits (weights 1-5, ratings 1-4, values
within the range of what they bound, periods that neither end before they begin nor overlap).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from engine.dimensions import HIGHEST_RATING
from engine.mutant import Change, Mutant, ends_first, meet, moved_days, overlaps, unreadable
from engine.mutants_of_law import of_levels, of_parameter, of_table
from engine.sites import Site, put_entries, put_factor, put_finding, put_in, put_pattern, sites_of, swap
from engine.variants import Domains, domains_of, variants
from kb.checks import bands
from kb.condition import Condition
from kb.law import Period
from kb.model import AXES, WEIGHTS, Factor, Knowledge, Pattern
from kb.problem import Mark, Problems


def mutants_of(knowledge: Knowledge) -> Iterator[Mutant]:
    """Every mutant, in the order of the stages; the same rule base gives the same mutants in the same order."""
    domains = domains_of(knowledge)
    sites = tuple(sites_of(knowledge))
    for site in sites:
        if site.when is not None:
            for mark, change, when in variants(site.when, domains):
                yield _rewritten(knowledge, site, when, site.period, mark, change, domains)
        for period, change in moved_days(site.period) if site.dated else ():
            yield _rewritten(knowledge, site, site.when, period, site.mark, f"in_force: {change}", domains)
    for term in knowledge.eligibility.values():
        yield from _entries_swapped(knowledge, term.id)
    for factor in knowledge.factors.values():
        yield from _of_factor(knowledge, factor)
    for pattern in knowledge.patterns.values():
        yield from _of_pattern(knowledge, pattern)
    for parameter in knowledge.parameters.values():
        yield from of_parameter(knowledge, parameter, sites, domains)
    yield from of_levels(knowledge)
    yield from of_table(knowledge)


def _rewritten(
    knowledge: Knowledge,
    site: Site,
    when: Condition | None,
    period: Period,
    mark: Mark,
    change: str,
    domains: Domains,
) -> Mutant:
    def make() -> Knowledge:
        return site.put(knowledge, when, period)

    changes = tuple(Change(rule, site.kind, _condition(site, rule, when, knowledge), period) for rule in site.rules)
    refused = ends_first(period) or (when is not None and when is not site.when and unreadable(when, domains))
    if not refused and site.kind == "finding":
        refused = overlaps(make(), site.rules)
    if not refused and site.kind == "band":
        problems = Problems()
        bands.check(make(), problems)
        refused = bool(problems.errors)
    kind = "everything" if site.kind == "band" else "rule"
    return Mutant(mark, site.about, change, kind, changes, (), refused, make)


def _condition(site: Site, rule: str, when: Condition | None, knowledge: Knowledge) -> Condition | None:
    """The condition of a rule: that of the site, but each pattern's own where a principle's days are meant."""
    if site.kind != "principle" or when is not None:
        return when
    pattern, _, principle = rule.partition(".")
    return knowledge.principles[principle].condition(pattern)


def _entries_swapped(knowledge: Knowledge, term: str) -> Iterator[Mutant]:
    """Neighbouring entries of different values that share a day, in each other's place."""
    entries = knowledge.eligibility[term].entries
    values = knowledge.eligibility[term].domain.values
    for place, (one, other) in enumerate(pairwise(entries)):
        if one.value != other.value and meet(one.period, other.period):
            said = f"entry {values[one.value]} after the next, {values[other.value]}"
            names = tuple(f"{term}.{n + 1}_{values[entries[n].value]}" for n in (place, place + 1))

            def make(place: int = place) -> Knowledge:
                turned = swap(swap(entries, place, entries[place + 1]), place + 1, entries[place])
                return put_entries(knowledge, term, turned)

            yield Mutant(one.mark, term, said, "order", (), names, False, make)


def _of_factor(knowledge: Knowledge, factor: Factor) -> Iterator[Mutant]:
    held = tuple(finding.id for finding in factor.findings)
    for weight in (factor.weight - 1, factor.weight + 1):
        refused = not WEIGHTS[0] <= weight <= WEIGHTS[1]
        said = f"weight {factor.weight} -> {weight}"
        kind = "everything" if factor.dimension and knowledge.dimensions else "finding"

        def weigh(weight: int = weight) -> Knowledge:
            return put_factor(knowledge, factor._replace(weight=weight))

        yield Mutant(factor.mark, factor.id, said, kind, (), held, refused, weigh)
    for place, finding in enumerate(factor.findings):
        for rating in (finding.rating - 1, finding.rating + 1):

            def rate(place: int = place, rating: int = rating) -> Knowledge:
                return put_finding(knowledge, factor.id, place, factor.findings[place]._replace(rating=rating))

            said, refused = f"rating {finding.rating} -> {rating}", not 1 <= rating <= HIGHEST_RATING
            yield Mutant(finding.mark, finding.id, said, "finding", (), (finding.id,), refused, rate)
        other = next(side for side in AXES[factor.axis] if side != finding.side)

        # The loader would refuse it for its id and its strategies alone; a real slip has those changed with it.
        def flip(place: int = place, other: str = other) -> Knowledge:
            return put_finding(knowledge, factor.id, place, factor.findings[place]._replace(side=other))

        said = f"side {finding.side} -> {other}"
        yield Mutant(finding.mark, finding.id, said, "finding", (), (finding.id,), False, flip)
        for action in finding.answered_by:

            def drop(place: int = place, action: str = action) -> Knowledge:
                old = factor.findings[place]
                rest = tuple(name for name in old.answered_by if name != action)
                return put_finding(knowledge, factor.id, place, old._replace(answered_by=rest))

            said = f"answered_by {action} dropped"
            yield Mutant(finding.mark, finding.id, said, "finding", (), (finding.id,), False, drop)


def _of_pattern(knowledge: Knowledge, pattern: Pattern) -> Iterator[Mutant]:
    for place, bar in enumerate(pattern.bars):

        def drop(place: int = place) -> Knowledge:
            return put_pattern(knowledge, pattern._replace(bars=(*pattern.bars[:place], *pattern.bars[place + 1 :])))

        yield Mutant(bar.mark, bar.id, "bar dropped", "bar", (), (bar.id,), False, drop)
    for one, other in combinations(pattern.suits, 2):
        ranks = [pattern.suits[name].rank for name in (one, other)]
        if ranks[0] == ranks[1]:
            continue

        def turn(one: str = one, other: str = other, ranks: tuple[int, int] = (ranks[0], ranks[1])) -> Knowledge:
            suits = put_in(pattern.suits, one, pattern.suits[one]._replace(rank=ranks[1]))
            suits = put_in(suits, other, suits[other]._replace(rank=ranks[0]))
            return put_pattern(knowledge, pattern._replace(suits=suits))

        said = f"rank of {one} {ranks[0]} and of {other} {ranks[1]} swapped"
        yield Mutant(pattern.mark, pattern.id, said, "rank", (), (pattern.id,), False, turn)
    for period, change in moved_days(pattern.period):

        def date(period: Period = period) -> Knowledge:
            return put_pattern(knowledge, pattern._replace(period=period))

        days = tuple(str(day) for day in (period.start, period.end, pattern.period.start, pattern.period.end) if day)
        refused = ends_first(period)
        yield Mutant(pattern.mark, pattern.id, f"in_force: {change}", "day", (), days, refused, date)
