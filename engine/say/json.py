"""A decision as JSON, schema `mitra.decision/1`. What is printed can be given back and means the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.compile import in_force, parameter_sources
from engine.decision import CautionVerdict, Decision, EligibilityVerdict, Ground, Held, PatternVerdict, Reading
from engine.explain.why import Derivation, Step
from engine.say import words
from engine.say.days import months_after
from engine.say.rests import cited_sources, conclusions, duties_json
from engine.say.sentences import caution_says, change_of_relation, strategy_says
from engine.say.trace import plain, trace_json
from engine.scores import Scores, four_decimals
from kb.condition import fact_of
from kb.model import Knowledge

SCHEMA = "mitra.decision/1"
Json = dict[str, Any]


def decision_json(decision: Decision, lang: str) -> Json:
    """The whole decision; sentences in `lang`, everything else language-free."""
    answer = _decision(decision, lang)
    return answer | {"sources": cited_sources(answer, decision, lang)}


def _decision(decision: Decision, lang: str) -> Json:
    knowledge = decision.program.knowledge
    return {
        "schema": SCHEMA,
        "firm": decision.dossier.firm,
        "partner": decision.dossier.partner or None,
        "as_of": decision.as_of.isoformat(),
        "lang": lang,
        "knowledge": {
            "name": knowledge.manifest.name,
            "version": knowledge.manifest.version,
            "digest": knowledge.digest,
            "reading": knowledge.manifest.reading,
        },
        "executors": list(decision.executors),
        "note": decision.note.say(lang) or None,
        "facts": _facts(decision),
        "derived": _derived(decision),
        "eligibility": {e.term: _eligibility(e, knowledge) for e in decision.eligibility},
        "findings": [_held(h, decision, lang) for h in decision.findings],
        "undetermined": [{"id": u.finding, "waits_for": list(u.waits_for)} for u in decision.undetermined],
        "scores": _scores(decision.scores),
        "class": _class(decision, lang),
        "patterns": [_pattern(p, decision, lang) for p in decision.patterns],
        "recommended": list(decision.recommended),
        "recommendation_final": decision.recommendation_final,
        "present_relation": {
            "pattern": decision.present_relation,
            "change": change_of_relation(decision, lang),
        },
        "strategies": _strategies(decision, lang),
        "programme": _programme(decision, lang),
        "preparations": [_caution(c, decision, lang) for c in decision.preparations],
        "cautions": [_caution(c, decision, lang) for c in decision.cautions],
        "rests_on": dict(decision.rests_on),
        "conclusions_rest_on": {name: list(kinds) for name, kinds in conclusions(decision).items()},
        "trace": trace_json(decision),
    }


def derivation_json(derivation: Derivation, decision: Decision) -> Json:
    """The answer of `why`."""
    knowledge = decision.program.knowledge
    return {
        "conclusion": derivation.conclusion,
        "kind": derivation.kind,
        "holds": derivation.holds,
        "because": [_step(step, decision, knowledge) for step in derivation.steps],
        "nearest": [],
    }


def _step(step: Step, decision: Decision, knowledge: Knowledge) -> Json:
    stated = decision.dossier.facts.get(step.term)
    state = "known" if step.value is not None else stated.state if stated is not None else "not_asked"
    role = "can change the class" if step.rule == "class" else f"operand of {step.rule}"
    test = words.plain_test(step.test, step.passed, knowledge) if step.test is not None else role
    return {
        "rule": step.rule,
        "test": test,
        "fact": fact_of(step.term),
        "value": plain(step.term, step.value, knowledge),
        "passed": step.passed,
        "state": state,
        "grade": stated.grade if stated is not None and step.value is not None else None,
        "source": list(step.sources),
        "depth": step.depth,
    }


def _facts(decision: Decision) -> Json:
    facts = decision.program.knowledge.facts
    found: Json = {}
    for name, stated in decision.dossier.facts.items():
        value = None if stated.value is None else facts[name].domain.plain(stated.value)
        found[name] = {"value": value, "state": stated.state}
        if stated.value is not None:
            found[name]["grade"] = stated.grade
        if stated.note:
            found[name]["note"] = stated.note
    return found


def _derived(decision: Decision) -> Json:
    knowledge = decision.program.knowledge
    derived = (f for f in knowledge.facts.values() if f.derived is not None)
    return {f.id: plain(f.id, decision.values[f.id], knowledge) for f in derived if f.id in decision.values}


def _reading(reading: Reading, knowledge: Knowledge) -> Json:
    return {
        "rule": reading.rule,
        "fact": fact_of(reading.test.term),
        "value": plain(reading.test.term, reading.value, knowledge),
        "test": words.plain_test(reading.test, reading.passed, knowledge),
        "passed": reading.passed,
    }


def _eligibility(verdict: EligibilityVerdict, knowledge: Knowledge) -> Json:
    domain = knowledge.eligibility[verdict.term].domain
    return {
        "value": None if verdict.value is None else domain.written(verdict.value),
        "rule": verdict.rule or None,
        "source": list(verdict.sources),
        "because": [_reading(r, knowledge) for r in verdict.because],
        "waits_for": list(verdict.waits_for),
    }


def _held(held: Held, decision: Decision, lang: str) -> Json:
    knowledge = decision.program.knowledge
    rule = decision.program.stages["findings"].rules[held.finding.id]
    cited = parameter_sources(rule.when, knowledge, decision.as_of)
    return {
        "id": held.finding.id,
        "factor": held.finding.factor,
        "side": held.finding.letter,
        "weight": held.line.weight,
        "rating": held.line.rating,
        "normalised_weight": four_decimals(held.line.normalised),
        "score": four_decimals(held.line.score),
        "says": words.fill(held.finding.says, decision.values, knowledge, lang),
        "because": [_reading(r, knowledge) for r in held.because],
        "source": list(dict.fromkeys((*held.sources, *cited))),
    }


def exact_number(number: Fraction) -> int | float:
    """A margin as a JSON number: tie bands are short decimals, so the float prints as the exact decimal."""
    return number.numerator if number.denominator == 1 else float(number)


def _scores(scores: Scores) -> Json:
    return {
        "S": four_decimals(scores.s),
        "W": four_decimals(scores.w),
        "O": four_decimals(scores.o),
        "T": four_decimals(scores.t),
        "x": four_decimals(scores.x),
        "y": four_decimals(scores.y),
        "IFE": None if scores.ife is None else four_decimals(scores.ife),
        "EFE": None if scores.efe is None else four_decimals(scores.efe),
        "IE_cell": scores.ie_cell,
        "margin_x": exact_number(scores.margin_x),
        "margin_y": exact_number(scores.margin_y),
    }


def _class(decision: Decision, lang: str) -> Json:
    verdict, settled = decision.verdict, decision.settled
    return {
        "id": verdict.id,
        "final": verdict.final,
        "possible": list(verdict.possible),
        "borderline": verdict.borderline,
        "bounds": {
            "margin_x": [exact_number(b) for b in verdict.bounds_x],
            "margin_y": [exact_number(b) for b in verdict.bounds_y],
        },
        "says": settled.says.say(lang) if settled is not None else None,
        "fostering": {k: v.say(lang) for k, v in settled.fostering.items()} if settled is not None else None,
        "development": _development(decision, lang),
        "because": [_ground(g, decision.program.knowledge) for g in verdict.because],
        "waits_for": list(verdict.waits_for),
        "source": list(_class_sources(decision)),
    }


def _development(decision: Decision, lang: str) -> Json | None:
    """The way on from the class, with the day of the next review."""
    way = decision.settled.development if decision.settled is not None else None
    if way is None:
        return None
    review = months_after(decision.as_of, way.review_months)
    return {
        "says": way.says.say(lang),
        "review_on": review.isoformat() if review is not None else None,
        "signs": [sign.say(lang) for sign in way.signs],
    }


def _class_sources(decision: Decision) -> tuple[str, ...]:
    knowledge, settled = decision.program.knowledge, decision.settled
    own = settled.sources if settled is not None else ()
    return in_force(tuple(dict.fromkeys((*own, *knowledge.table.sources))), knowledge, decision.as_of)


def _ground(ground: Ground, knowledge: Knowledge) -> Json:
    return {
        "fact": ground.fact,
        "value": plain(ground.fact, ground.value, knowledge),
        "axis": ground.axis,
        "findings": list(ground.holds),
        "keeps_silent": list(ground.silent),
    }


def _pattern(verdict: PatternVerdict, decision: Decision, lang: str) -> Json:
    knowledge = decision.program.knowledge
    return {
        "id": verdict.pattern,
        "label": knowledge.patterns[verdict.pattern].label.say(lang),
        "status": verdict.status,
        "rank": verdict.rank,
        "ranks": dict(verdict.ranks),
        "reason": verdict.reason,
        "because": [_reading(r, knowledge) for r in verdict.because],
        "missing": list(verdict.missing),
        "principles": {
            p.principle: {"holds": p.holds, "because": [_reading(r, knowledge) for r in p.because]}
            for p in verdict.principles
        },
        "source": list(verdict.sources),
        **(duties_json(verdict.pattern, decision, lang) if verdict.status == "recommended" else {}),
    }


def _strategies(decision: Decision, lang: str) -> list[Json]:
    written = decision.program.knowledge.strategies
    return [
        {
            "id": s.strategy,
            "kind": written[s.strategy].kind,
            "says": strategy_says(s, decision, lang),
            "pairs": [*s.inner, *s.outer],
            "source": list(s.sources),
        }
        for s in decision.strategies
    ]


def _programme(decision: Decision, lang: str) -> list[Json]:
    written = decision.program.knowledge.actions
    return [
        {
            "action": a.action,
            "label": written[a.action].label.say(lang),
            "says": words.fill(written[a.action].says, decision.values, decision.program.knowledge, lang),
            "field": written[a.action].field,
            "step": written[a.action].step,
            "answers": list(a.answers),
            "holds": a.holds,
            "waits_for": list(a.waits_for),
            "source": list(a.sources),
        }
        for a in decision.programme
    ]


def _caution(caution: CautionVerdict, decision: Decision, lang: str) -> Json:
    return {
        "id": caution.caution,
        "kind": caution.kind,
        "pattern": caution.about or None,
        "says": caution_says(caution, decision, lang),
        "because": [_reading(r, decision.program.knowledge) for r in caution.because],
        "source": list(caution.sources),
    }
