"""Status of every pattern, its principles, and what is recommended over all classes still possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.compile import Program, Rule
from engine.decision import ClassVerdict, EligibilityVerdict, PatternVerdict, PrincipleVerdict, Reading
from engine.executors.reference import Truth
from engine.explain.because import because, waits_for
from kb.model import Pattern
from kb.values import Code


def judge_patterns(
    program: Program,
    truths: Mapping[str, Truth],
    values: Mapping[str, Code],
    verdict: ClassVerdict,
    eligibility: Sequence[EligibilityVerdict],
) -> tuple[tuple[PatternVerdict, ...], tuple[str, ...], bool]:
    """Verdicts in order of status and rank, the recommended patterns, and whether that can still change."""
    verdicts = {
        name: _judge(pattern, program, truths, values, verdict, eligibility)
        for name, pattern in program.knowledge.patterns.items()
    }
    recommended, final = recommend(verdicts, program.knowledge.patterns, verdict.possible)
    final_verdicts = [_mark(v, recommended) for v in verdicts.values()]
    order = {"recommended": 0, "possible": 1, "undetermined": 2, "not_possible": 3, "barred": 4}

    def place(verdict: PatternVerdict) -> tuple[int, int, str]:
        return order[verdict.status], verdict.rank or min(verdict.ranks.values(), default=99), verdict.pattern

    return tuple(sorted(final_verdicts, key=place)), recommended, final


def _mark(verdict: PatternVerdict, recommended: tuple[str, ...]) -> PatternVerdict:
    return verdict._replace(status="recommended") if verdict.pattern in recommended else verdict


def recommend(
    verdicts: Mapping[str, PatternVerdict], patterns: Mapping[str, Pattern], possible: Sequence[str]
) -> tuple[tuple[str, ...], bool]:
    """Patterns that are best for every possible class; the fallback only when no other can be had."""
    usual = [v for v in verdicts.values() if not patterns[v.pattern].fallback]
    open_ones = [v for v in usual if v.status == "undetermined"]
    best: set[str] | None = None
    settled = True
    for name in possible:
        ranked = [v for v in usual if v.status == "possible" and name in v.ranks]
        top = min((v.ranks[name] for v in ranked), default=None)
        here = {v.pattern for v in ranked if v.ranks[name] == top}
        best = here if best is None else best & here
        settled = settled and not any(top is None or v.ranks.get(name, 99) < top for v in open_ones)
    if best:
        return tuple(sorted(best)), settled
    if any(v.status == "possible" for v in usual):
        # Several classes are possible and no pattern is best for all of them.
        return (), False
    spare = [v for v in verdicts.values() if patterns[v.pattern].fallback]
    chosen = tuple(sorted(v.pattern for v in spare if v.status == "possible"))
    return chosen, not open_ones and not any(v.status == "undetermined" for v in spare)


def _judge(
    pattern: Pattern,
    program: Program,
    truths: Mapping[str, Truth],
    values: Mapping[str, Code],
    verdict: ClassVerdict,
    eligibility: Sequence[EligibilityVerdict],
) -> PatternVerdict:
    possible = verdict.possible
    status, readings, reason, cited = _status(pattern, program, truths, values)
    ranks = {name: suit.rank for name, suit in pattern.suits.items() if name in possible}
    missing: tuple[str, ...] = ()
    if status == "undetermined":
        missing = waits_for(readings, values, program.knowledge, eligibility, verdict)
    return PatternVerdict(
        pattern=pattern.id,
        status=status,
        rank=next(iter(ranks.values())) if len(possible) == 1 and ranks else None,
        ranks=MappingProxyType(ranks),
        because=readings,
        missing=missing,
        principles=_principles(pattern, program, truths, values),
        sources=tuple(dict.fromkeys((*cited, *program.cited[pattern.id]))),
        reason=reason,
    )


def _status(
    pattern: Pattern, program: Program, truths: Mapping[str, Truth], values: Mapping[str, Code]
) -> tuple[str, tuple[Reading, ...], str, tuple[str, ...]]:
    """Status, the readings that make it, the kind of rule that decided, and the sources of those rules."""
    bars = program.of("bar", pattern.id)
    requires = program.of("requires", pattern.id)
    eligible = program.of("eligible", pattern.id)

    def read(rules: Sequence[Rule], truth: Truth) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
        chosen = [r for r in rules if truths[r.id] is truth]
        found = [reading for rule in chosen for reading in because(rule, values, truth)]
        return tuple(found), tuple(dict.fromkeys([s for r in chosen for s in r.sources]))

    if True in [truths[r.id] for r in bars]:
        return "barred", *_with(read(bars, True), "bar")
    if not pattern.period.holds(program.as_of):
        return "not_possible", (), "not_in_force", ()
    # A requirement that has no value on the day cannot be met; said as such.
    if pattern.requires is not None and not requires:
        return "not_possible", (), "requires_not_in_force", ()
    if pattern.eligible and not eligible:
        return "not_possible", (), "eligible_not_in_force", ()
    if False in [truths[r.id] for r in requires]:
        return "not_possible", *_with(read(requires, False), "requires")
    admitted = [truths[r.id] for r in eligible]
    if eligible and all(t is False for t in admitted):
        return "not_possible", *_with(read(eligible, False), "eligible")
    open_rules = [r for r in (*bars, *requires) if truths[r.id] is None]
    if eligible and True not in admitted:
        open_rules += [r for r in eligible if truths[r.id] is None]
    if open_rules:
        return "undetermined", *_with(read(open_rules, None), "open")
    admitting = [r for r in eligible if truths[r.id]][:1]
    parts = (read(requires, True), read(admitting, True), read(bars, False))
    readings = tuple(reading for found, _ in parts for reading in found)
    cited = tuple(dict.fromkeys(s for _, sources in parts[:2] for s in sources))
    return "possible", readings, "requires", cited


def _with(
    found: tuple[tuple[Reading, ...], tuple[str, ...]], reason: str
) -> tuple[tuple[Reading, ...], str, tuple[str, ...]]:
    return found[0], reason, found[1]


def _principles(
    pattern: Pattern, program: Program, truths: Mapping[str, Truth], values: Mapping[str, Code]
) -> tuple[PrincipleVerdict, ...]:
    found = []
    for rule in program.of("principle", pattern.id):
        truth = truths[rule.id]
        name = rule.id.removeprefix(f"{pattern.id}.")
        found.append(PrincipleVerdict(name, truth, because(rule, values, truth)))
    return tuple(found)
