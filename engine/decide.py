"""One firm, one day, one rule base: the decision. Pure; the same input gives the same bytes.

Stages run in order and each reads only what earlier ones settled: facts, derived facts, eligibility, findings, scores,
class, patterns, programme.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from engine.compile import Program, compile
from engine.decision import ClassVerdict, Decision, EligibilityVerdict, Held, Reading, Undetermined, is_closed
from engine.derive import derive
from engine.dimensions import judge_dimensions
from engine.executors.reference import Truth
from engine.explain.because import because, waits_for
from engine.explain.grounds import grounds
from engine.infer import Inference, prepare, run
from engine.margins import Bounds, Margins, margins_of, stand_ins
from engine.patterns import judge_patterns
from engine.possible import Spread, spread_of_axis, total
from engine.programme import actions, cautions, preparations, strategies
from engine.scores import Scores, score
from kb.complete import base_facts
from kb.condition import GRADE, KNOWN, fact_of
from kb.dossier import Dossier
from kb.law import CHECKED
from kb.model import STEPS, Knowledge
from kb.rules import value_given
from kb.text import NO_TEXT, Text
from kb.values import Code
from kb.vocabulary import GRADES


@dataclass(frozen=True, slots=True)
class Engine:
    """A rule base made ready for one day: reuse it for every firm assessed on that day.

    `plain` are the margins without the tie band, None where no dimension asks for them; `note` is what every decision
    of the day must say; `weakest` is how the weakest source of each finding is known; `asked` are the `known:` and
    `grade:` terms that programme rules read.
    """

    inference: Inference
    margins: Margins
    plain: Margins | None
    note: Text
    weakest: Mapping[str, str]
    asked: tuple[str, ...]

    @property
    def program(self) -> Program:
        return self.inference.program


def ready(knowledge: Knowledge, as_of: datetime.date, executor: str = "") -> Engine:
    """Compile for a day and choose executors (see `engine.infer.prepare`)."""
    program = compile(knowledge, as_of)
    inference = prepare(program, executor)
    note = _joined(inference.note, _before_law(program))
    weakest = {rule.id: _weakest(rule.sources, knowledge) for rule in program.stages["findings"].rules.values()}
    terms = dict.fromkeys(term for rule in program.stages["programme"].rules.values() for term in rule.terms)
    asked = tuple(term for term in terms if term.startswith((KNOWN, GRADE)))
    plain = margins_of(program, tied=False) if knowledge.dimensions else None
    return Engine(inference, margins_of(program), plain, note, weakest, asked)


def decide(engine: Engine, dossier: Dossier) -> Decision:
    """The decision on one firm. Raises EngineDisagreement when the executors differ."""
    program, knowledge = engine.program, engine.program.knowledge
    base = dossier.known()
    values = derive(program.steps, base)
    trace: dict[str, Truth] = {}

    truths = run(engine.inference, "eligibility", values)
    trace |= truths
    eligibility = tuple(_eligibility(term, program, truths, values) for term in knowledge.eligibility)
    finding_truths = run(engine.inference, "findings", values)
    trace |= finding_truths
    known = dict(values)
    known |= {e.term: e.value for e in eligibility if e.value is not None}
    known |= {name: int(truth) for name, truth in finding_truths.items() if truth is not None}
    # A finding that is not in force on the day does not hold; that much is known.
    known |= {name: 0 for name in program.not_in_force if name in knowledge.findings}

    findings, undetermined, scores = _findings(program, finding_truths, values)
    verdict = _classify(engine.margins, base, scores, trace)
    if verdict.id is not None:
        known["class"] = verdict.id

    pattern_truths = run(engine.inference, "patterns", known)
    trace |= pattern_truths
    patterns, recommended, final = judge_patterns(program, pattern_truths, known, verdict, eligibility)

    about_knowledge = _knowledge_of(engine.asked, program, dossier, values)
    programme_values = known | about_knowledge
    programme_truths = run(engine.inference, "programme", programme_values)
    trace |= programme_truths
    settled = next((c for c in knowledge.table.classes if c.id == verdict.id), None)
    present = known.get(knowledge.manifest.present_relation)
    offered = actions(program, findings, programme_truths, programme_values, eligibility)
    if is_closed(patterns, recommended, final):
        # Where no pattern is open and none can become so, looking closer is all there is to do.
        offered = tuple(a for a in offered if knowledge.actions[a.action].step == STEPS[0])
    return Decision(
        program=program,
        margins=engine.margins,
        dossier=dossier,
        as_of=program.as_of,
        executors=engine.inference.executors,
        note=_joined(engine.note, _counted_twice(findings)),
        values=MappingProxyType(known),
        about_knowledge=MappingProxyType(about_knowledge),
        trace=MappingProxyType(trace),
        eligibility=eligibility,
        findings=findings,
        undetermined=undetermined,
        scores=scores,
        verdict=verdict,
        dimensions=judge_dimensions(engine.plain, base, trace),
        patterns=patterns,
        recommended=recommended,
        recommendation_final=final,
        present_relation=None if present is None else str(present),
        strategies=strategies(program, findings, settled),
        programme=offered,
        preparations=preparations(program, patterns, pattern_truths | programme_truths, programme_values),
        cautions=cautions(program, patterns, recommended, programme_truths, programme_values),
        rests_on=MappingProxyType(_rests_on(findings, engine.weakest)),
    )


def _joined(*notes: Text) -> Text:
    said = [note for note in notes if note.id]
    return Text(" ".join(note.id for note in said), " ".join(note.en for note in said))


def _counted_twice(findings: tuple[Held, ...]) -> Text:
    """Said when a factor counts more than once, which only a doubt of `mitra check` can have foretold."""
    by_factor: dict[str, list[str]] = {}
    for held in findings:
        by_factor.setdefault(held.finding.factor, []).append(held.finding.id)
    several = "; ".join(", ".join(names) for names in by_factor.values() if len(names) > 1)
    if not several:
        return NO_TEXT
    return Text(
        f"Temuan satu faktor muncul bersama, sehingga bobotnya terhitung lebih dari sekali: {several}.",
        f"Findings of one factor hold together, so that its weight counts more than once: {several}.",
    )


def _before_law(program: Program) -> Text:
    """Said when the day lies before every dated source: the rule base has no law for it."""
    dated = [s.period.start for s in program.knowledge.sources.values() if s.period.start is not None]
    if not dated or min(dated) <= program.as_of:
        return NO_TEXT
    day, first = program.as_of, min(dated)
    return Text(
        f"Pada {day} belum satu pun hukum dalam aturan ini berlaku; yang paling awal mulai {first}.",
        f"On {day} none of the laws of this rule base is in force yet; the earliest begins {first}.",
    )


def _eligibility(
    term: str, program: Program, truths: Mapping[str, Truth], values: Mapping[str, Code]
) -> EligibilityVerdict:
    """The first entry that is true, earlier ones being false or saying the same; None while one is open."""
    passed: list[Reading] = []
    open_values: set[int] = set()
    open_readings: list[Reading] = []
    for rule in program.of("eligibility", term):
        truth = truths[rule.id]
        value = value_given(rule.id, program.knowledge.eligibility[term])
        readings = because(rule, values, truth)
        if truth is None:
            open_values.add(value)
            open_readings += readings
            continue
        if truth is False:
            passed += readings
            continue
        if open_values - {value}:
            break
        return EligibilityVerdict(term, value, rule.id, rule.sources, (*readings, *passed), ())
    waiting = waits_for(tuple(open_readings), values, program.knowledge)
    return EligibilityVerdict(term, None, "", (), tuple(open_readings or passed), waiting)


def _findings(
    program: Program, truths: Mapping[str, Truth], values: Mapping[str, Code]
) -> tuple[tuple[Held, ...], tuple[Undetermined, ...], Scores]:
    knowledge = program.knowledge
    rules = program.stages["findings"].rules
    by_id = knowledge.findings
    scores = score(knowledge, (by_id[name] for name, truth in truths.items() if truth))
    held = tuple(
        Held(by_id[line.finding], line, rules[line.finding].sources, because(rules[line.finding], values, True))
        for line in scores.lines
    )
    undetermined = tuple(
        Undetermined(name, waits_for(because(rules[name], values, None), values, knowledge))
        for name in sorted([name for name, truth in truths.items() if truth is None])
    )
    return held, undetermined, scores


def _classify(margins: Margins, base: Mapping[str, Code], scores: Scores, trace: Mapping[str, Truth]) -> ClassVerdict:
    table = margins.program.knowledge.table
    known = stand_ins(margins, base)
    spreads = {axis: spread_of_axis(margins, axis, known, trace) for axis in margins.axes}
    totals = {axis: total(found) for axis, found in spreads.items()}
    x, y = totals["internal"], totals["external"]
    possible = tuple(c.id for c in table.classes if c.x_positive in x.signs and c.y_positive in y.signs)
    band = Fraction(table.tie_band, table.tie_unit)
    empty = scores.ife is None or scores.efe is None
    return ClassVerdict(
        id=possible[0] if len(possible) == 1 else None,
        possible=possible,
        borderline=empty or abs(scores.x) <= band or abs(scores.y) <= band,
        bounds_x=_real(x, table.tie_unit),
        bounds_y=_real(y, table.tie_unit),
        because=grounds(margins, spreads, totals, known, base, trace),
        waits_for=_class_waits_for(spreads, totals, base, trace),
    )


def _real(found: Bounds, unit: int) -> tuple[Fraction, Fraction]:
    return Fraction(found.low, unit), Fraction(found.high, unit)


def _class_waits_for(
    spreads: Mapping[str, Spread], totals: Mapping[str, Bounds], base: Mapping[str, Code], trace: Mapping[str, Truth]
) -> tuple[str, ...]:
    """Unknown facts that can still move a margin whose sign is not settled."""
    waiting: set[str] = set()
    for axis, found in spreads.items():
        if len(totals[axis].signs) < 2:
            continue
        for group, limits in found:
            if limits.low < limits.high:
                parts = ((name, bases) for factor in group for name, bases in factor.part_bases.items())
                waiting |= {b for name, bases in parts if trace[name] is None for b in bases if b not in base}
    return tuple(sorted(waiting))


def _knowledge_of(
    asked: tuple[str, ...], program: Program, dossier: Dossier, values: Mapping[str, Code]
) -> dict[str, Code]:
    """`known:` and `grade:` of the facts that programme rules ask about; a derived fact is as good as its bases."""
    found: dict[str, Code] = {}
    facts = program.knowledge.facts
    for term in asked:
        name = fact_of(term)
        known = name in values
        if term.startswith(KNOWN):
            found[term] = int(known)
        else:
            stated = [dossier.facts[b] for b in base_facts(name, facts) if b in dossier.facts]
            grades = [GRADES.index(s.grade) for s in stated if s.value is not None]
            found[term] = min(grades) if known and grades else -1
    return found


def _weakest(sources: tuple[str, ...], knowledge: Knowledge) -> str:
    """How the weakest of the sources is known; nothing cited is an assumption."""
    known = {knowledge.sources[name].checked for name in sources}
    return max(known, key=CHECKED.index, default=CHECKED[-1])


def _rests_on(findings: tuple[Held, ...], weakest: Mapping[str, str]) -> dict[str, int]:
    """How many findings rest on text, report, memory, assumption: each counts by its weakest source in force."""
    counts = dict.fromkeys(CHECKED, 0)
    for held in findings:
        counts[weakest[held.finding.id]] += 1
    return counts
