"""Slips in dated parameters, in the levels of dimensions and in the tie band."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from engine.mutant import Change, Mutant, ends_first, meet, moved_days, overlaps
from engine.sites import Site, put_in, swap
from engine.variants import Domains, moved, written
from kb.checks import bands
from kb.condition import All, Any, Condition, Dated, Not, Test, parameters_of, tests_of
from kb.dimension import Dimension
from kb.law import Parameter, Period
from kb.model import Knowledge
from kb.problem import Mark, Problems
from kb.values import Code, plain_number

# How far the border between two levels of a dimension is moved.
_SHARE = Fraction(1, 100)
_Values = tuple[tuple[datetime.date | None, datetime.date | None, Code], ...]


def of_parameter(
    knowledge: Knowledge, parameter: Parameter, sites: tuple[Site, ...], domains: Domains
) -> Iterator[Mutant]:
    """Each dated value a step lower and higher, and its period moved; only where some rule reads it."""
    readers = [s for s in sites if s.when is not None and parameter.id in parameters_of(s.when)]
    if not readers:
        return
    term, code = _bound_of(readers[0].when, parameter.id)
    for place, value in enumerate(parameter.values):
        mark = value.value.mark
        codes = [_bound_of(site.when, parameter.id) for site in readers]
        for direction in (0, 1):
            at = [(t, dated[place][2]) for t, dated in codes]
            new = [(domain, moved(c, domain)) for t, c in at if (domain := domains(t)) is not None]
            refused = any(
                len(found) < 2 or not _within(found[direction], domain.low, domain.high) for domain, found in new
            )
            old_words = written(code[place][2], domains(term))
            ends = new[0][1]
            words = written(ends[direction], domains(term)) if len(ends) > direction else "beyond the last"
            said = f"${parameter.id} {old_words} -> {words}"
            yield _dated(knowledge, parameter, readers, place, value.period, direction, mark, said, refused, domains)
        for period, change in moved_days(value.period):
            others = [other.period for number, other in enumerate(parameter.values) if number != place]
            refused = ends_first(period) or any(meet(period, other) for other in others)
            said = f"${parameter.id} {change}"
            yield _dated(knowledge, parameter, readers, place, period, None, mark, said, refused, domains)


def _dated(
    knowledge: Knowledge,
    parameter: Parameter,
    readers: Sequence[Site],
    place: int,
    period: Period,
    direction: int | None,
    mark: Mark,
    said: str,
    refused: bool,
    domains: Domains,
) -> Mutant:
    """The parameter with another period at one place, and its value there a step lower (0) or higher (1)."""

    def rewrite(condition: Condition) -> Condition:
        if isinstance(condition, Test):
            bounds = []
            for bound in condition.bounds:
                operand = bound.operand
                if isinstance(operand, Dated) and operand.parameter == parameter.id:
                    code = operand.values[place][2]
                    domain = domains(condition.term)
                    ends = moved(code, domain) if domain is not None and direction is not None else ()
                    code = ends[direction] if direction is not None and len(ends) > direction else code
                    values = swap(operand.values, place, (period.start, period.end, code))
                    bound = bound._replace(operand=replace(operand, values=values))
                bounds.append(bound)
            return replace(condition, bounds=tuple(bounds))
        if isinstance(condition, Not):
            return Not(rewrite(condition.part))
        parts = tuple(rewrite(part) for part in condition.parts)
        return All(parts) if isinstance(condition, All) else Any(parts)

    def make() -> Knowledge:
        values = swap(parameter.values, place, parameter.values[place]._replace(period=period))
        parameters = put_in(knowledge.parameters, parameter.id, parameter._replace(values=values))
        found = replace(knowledge, parameters=parameters)
        for site in readers:
            assert site.when is not None
            found = site.put(found, rewrite(site.when), site.period)
        return found

    changes = tuple(
        Change(rule, site.kind, rewrite(site.when), site.period)
        for site in readers
        if site.when is not None
        for rule in site.rules
    )
    findings = [change.rule for change in changes if change.kind == "finding"]
    in_bands = any(site.kind == "band" for site in readers)
    if not refused and (findings or in_bands):
        made, problems = make(), Problems()
        if in_bands:
            bands.check(made, problems)
        refused = overlaps(made, findings) or bool(problems.errors)
    kind = "everything" if in_bands else "rule"
    return Mutant(mark, parameter.id, said, kind, changes, (), refused, make)


def _bound_of(when: Condition | None, parameter: str) -> tuple[str, _Values]:
    assert when is not None
    return next(
        (test.term, bound.operand.values)
        for test in tests_of(when)
        for bound in test.bounds
        if isinstance(bound.operand, Dated) and bound.operand.parameter == parameter
    )


def _within(code: Code, low: int | None, high: int | None) -> bool:
    return isinstance(code, str) or ((low is None or code >= low) and (high is None or code <= high))


def of_levels(knowledge: Knowledge) -> Iterator[Mutant]:
    """The border of each level of a dimension a hundredth lower and higher."""
    for dimension in knowledge.dimensions.values():
        for place, level in enumerate(dimension.levels):
            for by in (-_SHARE, _SHARE) if level.above is not None else ():
                assert level.above is not None
                levels = swap(dimension.levels, place, level._replace(above=level.above + by))
                borders = [one.above for one in levels if one.above is not None]
                falling = all(high > low for high, low in pairwise(borders))
                changed = dimension._replace(levels=levels)

                def make(changed: Dimension = changed) -> Knowledge:
                    return replace(knowledge, dimensions=put_in(knowledge.dimensions, changed.id, changed))

                said = f"{level.value} above {plain_number(level.above)} -> {plain_number(level.above + by)}"
                refused = not falling or not all(-1 <= border < 1 for border in borders)
                yield Mutant(dimension.mark, dimension.id, said, "everything", (), (), refused, make)


def of_table(knowledge: Knowledge) -> Iterator[Mutant]:
    """The tie band one unit narrower and wider."""
    table = knowledge.table
    for by in (-1, 1):

        def make(by: int = by) -> Knowledge:
            return replace(knowledge, table=table._replace(tie_band=table.tie_band + by))

        old, new = (plain_number(Fraction(band, table.tie_unit)) for band in (table.tie_band, table.tie_band + by))
        refused = not 0 <= table.tie_band + by < table.tie_unit
        yield Mutant(table.mark, "tie_band", f"tie_band {old} -> {new}", "everything", (), (), refused, make)
