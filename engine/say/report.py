"""The answer for an officer as sections of plain lines: class and pattern first, then why, what speaks against, what is
unknown, how to go about it, and what to be careful of. Text and Markdown print the same report."""

from __future__ import annotations

from fractions import Fraction

from engine.compile import in_force
from engine.decision import Decision, PatternVerdict
from engine.say import findings, rests, sentences, words
from engine.say.findings import sources
from engine.say.fostering import closed, how_to
from engine.say.layout import Report, Section
from engine.say.phrases import phrase
from kb.model import Duty
from kb.text import Text


def report(decision: Decision, lang: str) -> Report:
    """The whole answer in one language."""
    say = phrase(lang)
    sections = [
        findings.deciding(decision, lang),
        findings.against(decision, lang),
        findings.scores(decision, lang),
        findings.unknown(decision, lang),
        findings.unknown_for_patterns(decision, lang),
        _patterns(decision, lang),
        *(section for name in decision.recommended for section in _pattern_detail(decision, name, lang)),
        _eligibility(decision, lang),
        *(closed(decision, lang) if decision.closed else how_to(decision, lang)),
        cautions(decision, lang),
    ]
    title = f"{decision.dossier.firm}: {say('assessed on')} {words.day(decision.as_of, lang)}"
    kept = tuple(s for s in sections if s.paragraphs or s.items)
    return Report(title, _lead(decision, lang), kept, foot(decision, lang))


def lead_of_class(decision: Decision, lang: str) -> tuple[str, ...]:
    """The class, or those still possible, and how near its border it is."""
    say = phrase(lang)
    classes = {c.id: c for c in decision.program.knowledge.table.classes}
    settled = decision.settled
    labels = [classes[c].label.say(lang) for c in decision.verdict.possible]
    if settled is not None:
        told = f"{settled.label.say(lang)}. {settled.says.say(lang)}"
    else:
        told = f"{say('not settled yet')}; {say('still possible')}: {sentences.either(labels, lang)}."
    return (f"{say('Class')}: {told}", *_borderline(decision, lang))


def _lead(decision: Decision, lang: str) -> tuple[str, ...]:
    say, knowledge = phrase(lang), decision.program.knowledge
    lines = [*lead_of_class(decision, lang)]
    if decision.recommended:
        names = [knowledge.patterns[p].label.say(lang) for p in decision.recommended]
        head = say("Recommended patterns") if len(names) > 1 else say("Recommended pattern")
        sure = "" if decision.recommendation_final else f" ({say('may still change')})"
        lines.append(f"{head}: {sentences.both(names, lang)}{sure}. {_reasons(decision, lang)}")
    else:
        lines.append(f"{say('Recommended pattern')}: {_none(decision, lang)}.")
    change = sentences.change_of_relation(decision, lang)
    # Where nothing is recommended the line before has said so.
    if decision.recommended or change != sentences.NO_ADVICE.say(lang):
        lines.append(change)
    lines.append(f"{say('Partner')}: {decision.dossier.partner or say('no partner')}.")
    return tuple(lines)


def _none(decision: Decision, lang: str) -> str:
    """Why there is nothing to recommend: nothing is open, facts are missing, classes differ, or the law is silent."""
    say = phrase(lang)
    if decision.recommendation_final:
        return say("none at all")
    if any(p.missing for p in decision.patterns) or len(decision.verdict.possible) > 1:
        return say("none yet")
    return say("none by law")


def _borderline(decision: Decision, lang: str) -> list[str]:
    """Which axis is near its border, and how near; or has no findings at all."""
    say, scores = phrase(lang), decision.scores
    table = decision.program.knowledge.table
    band = Fraction(table.tie_band, table.tie_unit)
    found = []
    for axis, difference, evaluated in (("axis x", scores.x, scores.ife), ("axis y", scores.y, scores.efe)):
        if evaluated is None:
            found.append(say("axis empty").format(axis=say(axis)))
        elif abs(difference) <= band:
            near = {"difference": findings.shown(difference, lang), "band": words.number(band, lang)}
            found.append(say("axis near").format(axis=say(axis), **near))
    return [f"{' '.join(found)} {say('check again')}"] if found else []


def _reasons(decision: Decision, lang: str) -> str:
    say, patterns = phrase(lang), decision.program.knowledge.patterns
    if not decision.recommendation_final and all(patterns[p].fallback for p in decision.recommended):
        return say("nothing else is sure")
    if decision.settled is None:
        return say("best for all possible")
    reasons = [sentences.pattern_reason(decision.pattern(p), decision, lang) for p in decision.recommended]
    return " ".join(r.rstrip(".") + "." for r in dict.fromkeys(reasons) if r)


def _patterns(decision: Decision, lang: str) -> Section:
    say, knowledge = phrase(lang), decision.program.knowledge
    told: dict[str, list[str]] = {}
    for verdict in decision.patterns:
        name = knowledge.patterns[verdict.pattern].label.say(lang)
        rank = f", {say('rank')} {verdict.rank}" if verdict.rank is not None and verdict.status in _OPEN else ""
        reason = sentences.pattern_reason(verdict, decision, lang)
        told_first = [
            sentences.caution_says(p, decision, lang) for p in decision.preparations if p.about == verdict.pattern
        ]
        if told_first:
            reason = f"{reason.rstrip('.')}. {say('First')}: {' '.join(told_first)}"
        # Patterns of the same fate for the same reason share a line, where the first of them stands.
        told.setdefault(f"{sentences.status(verdict.status, lang)}{rank}. {_capital(reason)}", []).append(name)
    return Section(say("Patterns"), items=tuple(f"{', '.join(names)}: {line}" for line, names in told.items()))


_OPEN = ("recommended", "possible", "undetermined")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "." if text else ""


def _pattern_detail(decision: Decision, name: str, lang: str) -> tuple[Section, ...]:
    say, knowledge = phrase(lang), decision.program.knowledge
    pattern, verdict = knowledge.patterns[name], decision.pattern(name)
    label = pattern.label.say(lang)
    items = [f"{say('Possible because')}: {_readings(verdict, decision, lang)}."]
    items += [_principle(p.principle, p.holds, lang, decision) for p in verdict.principles]
    law = sources(verdict.sources, decision, lang)
    head = Section(
        f"{say('Pattern')} {label}", (_capital(pattern.says.say(lang)), f"{say('Law')}: {law}."), tuple(items)
    )
    parts = (
        ("Partner's duty", pattern.partner_duties),
        ("Firm's duty", pattern.firm_duties),
        ("The agreement must hold", pattern.clauses),
    )
    rest = (Section(f"{say(title)} ({label})", items=_duties(duties, decision, lang)) for title, duties in parts)
    return (head, *rest)


def _readings(verdict: PatternVerdict, decision: Decision, lang: str) -> str:
    knowledge = decision.program.knowledge
    return sentences.readings(verdict.because, knowledge, lang) or phrase(lang)("no requirement")


def _principle(name: str, holds: bool | None, lang: str, decision: Decision) -> str:
    say = phrase(lang)
    word = say("holds") if holds else say("fails") if holds is False else say("cannot be told")
    label = sentences.lower_first(decision.program.knowledge.principles[name].label.say(lang))
    return f"{say('Principle')} {label}: {word}"


def _duties(duties: tuple[Duty, ...], decision: Decision, lang: str) -> tuple[str, ...]:
    """Duties with a source in force, each with it."""
    found = []
    for duty in duties:
        cited = in_force(duty.sources, decision.program.knowledge, decision.as_of)
        if cited:
            found.append(f"{duty.says.say(lang)} ({findings.cited(cited, decision, lang)})")
    return tuple(found)


def _eligibility(decision: Decision, lang: str) -> Section:
    say, knowledge = phrase(lang), decision.program.knowledge
    items = []
    for verdict in decision.eligibility:
        name = words.label(verdict.term, knowledge, lang)
        if verdict.value is None:
            asked = sentences.both([words.label(f, knowledge, lang) for f in verdict.waits_for], lang)
            items.append(
                f"{name}: {say('not settled yet')}" + (f"; {say('needs')} {asked}" if asked else f"; {say('no rule')}")
            )
            continue
        shown = words.value(verdict.term, verdict.value, knowledge, lang)
        read = sentences.readings(verdict.because, knowledge, lang)
        items.append(f"{name}: {shown}. {read}. {say('Source')}: {sources(verdict.sources, decision, lang)}.")
    return Section(say("Under the law of the day"), items=tuple(items))


def cautions(decision: Decision, lang: str) -> Section:
    """What to be careful of, each with its id."""
    items = []
    for caution in decision.cautions:
        law = findings.cited(caution.sources, decision, lang, assumptions=False)
        told = sentences.caution_says(caution, decision, lang)
        items.append(f"{told}{f' ({law})' if law else ''} [{caution.caution}]")
    return Section(phrase(lang)("Cautions"), items=tuple(items))


def _rest(decision: Decision, lang: str) -> str:
    """How the sources of the conclusions beyond the findings are known."""
    say, knowledge = phrase(lang), decision.program.knowledge
    told = []
    for name, kinds in rests.conclusions(decision).items():
        label = say("Class") if name == "class" else words.label(name, knowledge, lang)
        if name in knowledge.patterns:
            label = f"{say('Pattern')} {knowledge.patterns[name].label.say(lang)}"
        told.append(f"{label}: {sentences.both([say(f'on {kind}') for kind in kinds], lang)}")
    return f"{say('rest of the answer')} {'; '.join(told)}." if told else ""


def foot(decision: Decision, lang: str) -> tuple[str, ...]:
    """What the answer rests on, which rules gave it, and who answers for the assumptions."""
    say, knowledge = phrase(lang), decision.program.knowledge
    counts = decision.rests_on
    total = sum(counts.values())
    manifest = knowledge.manifest
    lines = [
        f"{say('rests on').format(total=total, **counts)} {_rest(decision, lang)}".strip(),
        f"{say('Rules')}: {manifest.name} {manifest.version} ({knowledge.digest[:19]}…), "
        f"{say('reading')} {manifest.reading}. "
        f"{say('Decided by')}: {sentences.both(list(decision.executors), lang)}.",
    ]
    if decision.note.id:
        lines.append(decision.note.say(lang))
    owner: Text = manifest.owner
    lines.append(f"{say('Answerable for the assumptions')}: {owner.say(lang)}.")
    return tuple(lines)
