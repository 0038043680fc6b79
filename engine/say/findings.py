"""The part of a report on findings: what decides, what speaks against, the scores, what is not known."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from engine.decision import Decision, Held
from engine.say import sentences, words
from engine.say.layout import Section
from engine.say.phrases import phrase
from engine.scores import Scores, four_decimals


def shown(number: Fraction, lang: str) -> str:
    """Four decimals with the language's decimal mark."""
    text = four_decimals(number)
    return text.replace(".", ",") if lang == "id" else text


def finding_line(held: Held, decision: Decision, lang: str) -> str:
    """A finding with its id, the values and thresholds it read, and the law or reason behind it with its date."""
    knowledge = decision.program.knowledge
    says = words.fill(held.finding.says, decision.values, knowledge, lang).rstrip(".")
    read = sentences.readings(held.because, knowledge, lang)
    return f"[{held.finding.id}] {says}. {read}. {phrase(lang)('Source')}: {sources(held.sources, decision, lang)}."


def sources(names: tuple[str, ...], decision: Decision, lang: str) -> str:
    """Titles of sources with the day from which they are in force and, where not read in full, how they are known."""
    say = phrase(lang)
    told = []
    for name in names:
        source = decision.program.knowledge.sources[name]
        notes = []
        if source.period.start is not None:
            notes.append(f"{say('since')} {words.day(source.period.start, lang)}")
        if source.checked in ("report", "memory"):
            notes.append(say(source.checked))
        told.append(source.title.say(lang) + (f" ({', '.join(notes)})" if notes else ""))
    return "; ".join(told) or say("no source in force")


def cited(names: tuple[str, ...], decision: Decision, lang: str, assumptions: bool = True) -> str:
    """Titles alone, with how a source is known where it was not read; project assumptions only where asked for."""
    say, known = phrase(lang), decision.program.knowledge.sources
    chosen = [known[name] for name in names if assumptions or known[name].checked != "assumption"]
    notes = {"report": f" ({say('short report')})", "memory": f" ({say('memory')})"}
    return "; ".join(source.title.say(lang) + notes.get(source.checked, "") for source in chosen)


def deciding(decision: Decision, lang: str) -> Section:
    """Findings among the grounds that push the margins the way they went, and the silence that matters."""
    say = phrase(lang)
    knowledge = decision.program.knowledge
    settled = decision.settled
    if settled is None:
        held = sorted(decision.findings, key=lambda h: -h.line.weight * h.line.rating)[:8]
        return Section(
            say("Findings that weigh most so far"), items=tuple(finding_line(h, decision, lang) for h in held)
        )
    grounds = {name for g in decision.verdict.because for name in g.holds}
    for_it = [h for h in decision.findings if h.finding.id in grounds and _supports(h, decision)]
    silent = dict.fromkeys(name for g in decision.verdict.because for name in g.silent)
    facts = [
        f"{words.label(g.fact, knowledge, lang)}: {words.value(g.fact, g.value, knowledge, lang)}"
        for g in decision.verdict.because
        if g.silent and not g.holds
    ]
    quiet = (f"{say('Also needed')}: {'; '.join(facts)} ({len(silent)} {say('findings silent')}).",) if facts else ()
    more = [h for h in decision.findings if h.finding.id not in grounds and _supports(h, decision)]
    told = [words.fill(h.finding.says, decision.values, knowledge, lang).rstrip(".") for h in more]
    also = (f"{say('Also supporting')}: {'; '.join(sentences.lower_first(t) for t in told)}.",) if told else ()
    items = tuple(finding_line(h, decision, lang) for h in for_it)
    return Section(say("What decides the class"), items=(*items, *also, *quiet))


def _supports(held: Held, decision: Decision) -> bool:
    settled = decision.settled
    assert settled is not None
    positive = settled.x_positive if held.finding.letter in "SW" else settled.y_positive
    return (held.finding.sign > 0) is positive


def against(decision: Decision, lang: str) -> Section:
    say = phrase(lang)
    if decision.settled is None:
        return Section(say("What speaks against it"))
    against = [h for h in decision.findings if not _supports(h, decision)]
    return Section(say("What speaks against it"), items=tuple(finding_line(h, decision, lang) for h in against))


def scores(decision: Decision, lang: str) -> Section:
    say, s = phrase(lang), decision.scores
    told = [f"{name} {shown(value, lang)}" for name, value in (("IFE", s.ife), ("EFE", s.efe)) if value is not None]
    told += [f"{say('IE cell')} {s.ie_cell}"] if s.ie_cell else []
    compared = (f"{', '.join(told)}: {say('only to compare')}",) if told else ()
    return Section(say("Scores"), items=(*differences(s, lang), *compared))


def differences(s: Scores, lang: str) -> tuple[str, str]:
    """The two differences the class follows from, with what they are the differences of."""
    say = phrase(lang)
    return (
        f"{say('Strengths − weaknesses')}: {shown(s.s, lang)} − {shown(s.w, lang)} = {shown(s.x, lang)}",
        f"{say('Opportunities − threats')}: {shown(s.o, lang)} − {shown(s.t, lang)} = {shown(s.y, lang)}",
    )


def unknown(decision: Decision, lang: str) -> Section:
    """What is not known, and whether it can change the class."""
    say = phrase(lang)
    waiting = decision.verdict.waits_for
    unsettled = dict.fromkeys(f for u in decision.undetermined for f in u.waits_for)
    if not unsettled:
        return Section(say("What is not known"), paragraphs=(say("every finding is settled"),))
    if not waiting:
        told = say("unknown cannot change").format(number=len(unsettled))
        return Section(say("What is not known"), paragraphs=(told,))
    told = say("unknown can change").format(number=len(waiting))
    return Section(say("What is not known"), paragraphs=(told,), items=questions(waiting, decision, lang))


def unknown_for_patterns(decision: Decision, lang: str) -> Section:
    """What an open choice of pattern waits for, beyond the facts that the class waits for."""
    say = phrase(lang)
    title = say("What the choice of pattern waits for")
    waiting = dict.fromkeys(fact for verdict in decision.patterns for fact in verdict.missing)
    asked = tuple(fact for fact in waiting if fact not in decision.verdict.waits_for)
    if decision.recommendation_final or not asked:
        return Section(title)
    told = say("pattern can change").format(number=len(asked))
    return Section(title, paragraphs=(told,), items=questions(asked, decision, lang))


def questions(
    facts: tuple[str, ...], decision: Decision, lang: str, about: Callable[[str], str] | None = None
) -> tuple[str, ...]:
    """The questions, those not asked yet first, then the easiest to answer; a dozen at most.

    `about` says of a fact what its answer would move.
    """
    say, knowledge, stated = phrase(lang), decision.program.knowledge, decision.dossier.facts
    state = {f: stated[f].state if f in stated else "not_asked" for f in facts}
    ranked = sorted(facts, key=lambda f: (state[f] != "not_asked", knowledge.facts[f].ask_effort or 9, f))
    items = [
        f"{words.label(f, knowledge, lang)}: {knowledge.facts[f].ask.say(lang)}"
        + (f" ({say(state[f])})" if state[f] != "not_asked" else "")
        + (f" [{about(f)}]" if about is not None else "")
        for f in ranked[:12]
    ]
    more = (say("and more").format(number=len(ranked) - 12),) if len(ranked) > 12 else ()
    return (*items, *more)
