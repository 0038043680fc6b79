"""The examination of a programme for its head: verdict by verdict, what to mend first, what is not known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.decision import Decision, DimensionVerdict, Held
from engine.mending import Mending, mend_first, unknown_facts
from engine.say import findings, fostering, report, sentences, words
from engine.say.json import decision_json
from engine.say.layout import Report, Section
from engine.say.phrases import phrase
from engine.scores import four_decimals

SCHEMA = "mitra.programme/1"
Json = dict[str, Any]
# What the answer shares with the decision on a firm.
_SHARED = ("as_of", "lang", "knowledge", "executors", "note", "facts", "derived", "undetermined", "scores", "class")


def points(share: Fraction) -> Fraction:
    """A share from -1 to 1 on a scale from 0 to 100, to one decimal; 50 where good and bad weigh the same."""
    return Fraction(round((share + 1) * 500), 10)


def programme_json(decision: Decision, lang: str) -> Json:
    """Schema `mitra.programme/1`: sentences in `lang`, everything else language-free."""
    whole = decision_json(decision, lang)
    told = {finding["id"]: finding for finding in whole["findings"]}
    inside = {name for verdict in decision.dimensions for name in verdict.findings}
    answer: Json = {"schema": SCHEMA, "programme": decision.dossier.firm}
    answer |= {key: whole[key] for key in _SHARED}
    answer["dimensions"] = {v.dimension: _dimension_json(v, told, decision, lang) for v in decision.dimensions}
    answer["results"] = [finding for name, finding in told.items() if name not in inside]
    actions = {action["action"]: action for action in whole["programme"]}
    answer["first"] = [_mending_json(m, told, actions, decision) for m in mend_first(decision)]
    facts = decision.program.knowledge.facts
    answer["unknown"] = [
        {"fact": fact, "label": facts[fact].label.say(lang), "ask": facts[fact].ask.say(lang), "can_change": [*moved]}
        for fact, moved in unknown_facts(decision).items()
    ]
    return answer | {key: whole[key] for key in ("strategies", "cautions", "rests_on", "trace")}


def _dimension_json(verdict: DimensionVerdict, told: dict[str, Json], decision: Decision, lang: str) -> Json:
    dimension = decision.program.knowledge.dimensions[verdict.dimension]
    labels = {level.value: level.label.say(lang) for level in dimension.levels}
    return {
        "verdict": verdict.level,
        "label": dimension.label.say(lang),
        "says": labels[verdict.level] if verdict.level is not None else None,
        "possible": list(verdict.possible),
        "share": {"low": four_decimals(verdict.low), "high": four_decimals(verdict.high)},
        "findings": [told[name] for name in verdict.findings],
        "waits_for": list(verdict.waits_for),
    }


def _mending_json(mending: Mending, told: dict[str, Json], actions: dict[str, Json], decision: Decision) -> Json:
    finding = mending.held.finding
    return {
        "finding": finding.id,
        "dimension": _dimension_of(mending.held, decision) or None,
        "amount": mending.amount,
        **{key: told[finding.id][key] for key in ("side", "weight", "rating", "says")},
        "actions": [actions[a.action] for a in mending.actions],
        "answered_above": [a.action for a in mending.above],
        "source": told[finding.id]["source"],
    }


def _dimension_of(held: Held, decision: Decision) -> str:
    return str(decision.program.knowledge.factors[held.finding.factor].dimension)


def programme_report(decision: Decision, lang: str) -> Report:
    """The whole answer in one language; the weakest dimension stands first."""
    say = phrase(lang)
    ranked = sorted(decision.dimensions, key=lambda v: (v.low + v.high, v.dimension))
    inside = {name for verdict in ranked for name in verdict.findings}
    rest = [h for h in decision.findings if h.finding.id not in inside]
    sections = [
        _verdicts(ranked, decision, lang),
        _first(decision, lang),
        report.cautions(decision, lang),
        _unknown(decision, lang),
        *(_dimension(verdict, decision, lang) for verdict in ranked),
        Section(say("Results"), items=_strong_and_weak(rest, decision, lang)),
        Section(say("Scores"), items=findings.differences(decision.scores, lang)),
        fostering.fostering(decision, lang)._replace(title=say("How to mend it")),
        fostering.development(decision, lang),
        fostering.strategies(decision, lang),
    ]
    title = f"{decision.dossier.firm}: {say('examined on')} {words.day(decision.as_of, lang)}"
    kept = tuple(s for s in sections if s.paragraphs or s.items)
    return Report(title, report.lead_of_class(decision, lang), kept, report.foot(decision, lang))


def _shown(verdict: DimensionVerdict, lang: str) -> str:
    low, high = words.number(points(verdict.low), lang), words.number(points(verdict.high), lang)
    say = phrase(lang)
    return say("points").format(points=low) if low == high else say("points between").format(low=low, high=high)


def _verdicts(ranked: list[DimensionVerdict], decision: Decision, lang: str) -> Section:
    """The dimensions, the weakest first, each in the words of its level."""
    say, dimensions = phrase(lang), decision.program.knowledge.dimensions
    items = []
    for verdict in ranked:
        dimension = dimensions[verdict.dimension]
        labels = [level.label.say(lang) for level in dimension.levels if level.value in verdict.possible]
        if not labels:
            items.append(f"{dimension.label.say(lang)}: {say('no factor in force')}.")
            continue
        told = labels[0]
        if verdict.level is None:
            told = f"{say('not settled yet')}; {say('still possible')}: {sentences.either(labels, lang)}"
        items.append(f"{dimension.label.say(lang)}: {told} ({_shown(verdict, lang)}).")
    return Section(say("Verdicts"), (say("scale of points"),), tuple(items))


def _dimension(verdict: DimensionVerdict, decision: Decision, lang: str) -> Section:
    """One dimension: what it asks, from where its levels begin, and its findings, the weak ones first."""
    say, dimension = phrase(lang), decision.program.knowledge.dimensions[verdict.dimension]
    steps = [
        say("level above").format(level=level.label.say(lang), points=words.number(points(level.above), lang))
        for level in dimension.levels
        if level.above is not None
    ]
    lowest = say("level lowest").format(level=dimension.levels[-1].label.say(lang))
    held = [h for h in decision.findings if h.finding.id in verdict.findings]
    paragraphs = (dimension.says.say(lang), f"{say('Levels')}: {', '.join([*steps, lowest])}.")
    return Section(dimension.label.say(lang), paragraphs, _strong_and_weak(held, decision, lang))


def _strong_and_weak(held: list[Held], decision: Decision, lang: str) -> tuple[str, ...]:
    """Finding lines, adverse before good, the heaviest first, each with its weight and rating."""
    say = phrase(lang)
    ranked = sorted(held, key=lambda h: (h.finding.sign, -h.line.weight * h.line.rating, h.finding.id))
    return tuple(
        f"{say('good') if h.finding.sign > 0 else say('bad')}, {h.line.weight} × {h.line.rating}: "
        f"{findings.finding_line(h, decision, lang)}"
        for h in ranked
    )


def _first(decision: Decision, lang: str) -> Section:
    """Weaknesses and threats, the heaviest first, each with what answers it."""
    say, knowledge = phrase(lang), decision.program.knowledge
    items = []
    for mending in mend_first(decision):
        held = mending.held
        says = words.fill(held.finding.says, decision.values, knowledge, lang).rstrip(".")
        told = [f"{says} [{held.finding.id}, {held.line.weight} × {held.line.rating} = {mending.amount}]."]
        for action in mending.actions:
            written = knowledge.actions[action.action]
            open_guard = ""
            if action.holds is None:
                names = sentences.both([words.label(f, knowledge, lang) for f in action.waits_for], lang)
                open_guard = f" ({say('only after knowing')} {names})"
            done = words.fill(written.says, decision.values, knowledge, lang).rstrip(".")
            told.append(f"{written.label.say(lang)}: {done}{open_guard} [{action.action}].")
        above = [sentences.lower_first(knowledge.actions[a.action].label.say(lang)) for a in mending.above]
        if above:
            told.append(f"{say('answered above')}: {sentences.both(above, lang)}.")
        if not mending.actions and not above:
            told.append(say("no action"))
        items.append(" ".join(told))
    return Section(say("Mend first"), (say("heaviest first" if items else "nothing to mend"),), tuple(items))


def _unknown(decision: Decision, lang: str) -> Section:
    """What is not known and could change a verdict, with the verdicts it could change."""
    say, knowledge = phrase(lang), decision.program.knowledge
    open_facts = unknown_facts(decision)
    if not open_facts:
        waiting = {fact for undetermined in decision.undetermined for fact in undetermined.waits_for}
        told = say("unknown cannot change verdicts").format(number=len(waiting))
        return Section(say("What is not known"), (told if waiting else say("every finding is settled"),))

    def moved(fact: str) -> str:
        names = [knowledge.dimensions[n].label if n in knowledge.dimensions else None for n in open_facts[fact]]
        return ", ".join(sentences.lower_first(name.say(lang) if name else say("Class")) for name in names)

    told = say("unknown can change verdicts").format(number=len(open_facts))
    return Section(say("What is not known"), (told,), findings.questions(tuple(open_facts), decision, lang, moved))
