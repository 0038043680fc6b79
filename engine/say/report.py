"""The answer for an officer as sections of plain lines: class and pattern first, then why, what speaks against, what is
unknown, how to go about it, and what to be careful of. Text and Markdown print the same report."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.compile import in_force
from engine.decision import Decision, Held, PatternVerdict
from engine.say import sentences, words
from engine.say.phrases import phrase
from engine.scores import four_decimals
from kb.model import Duty
from kb.text import Text


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, then a table, then list items; each may be empty."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = field(default=())


def report(decision: Decision, lang: str) -> Report:
    """The whole answer in one language."""
    say = phrase(lang)
    sections = [
        _deciding(decision, lang),
        _against(decision, lang),
        _scores(decision, lang),
        _unknown(decision, lang),
        _patterns(decision, lang),
        *(_pattern_detail(decision, name, lang) for name in decision.recommended),
        _eligibility(decision, lang),
        _fostering(decision, lang),
        _strategies(decision, lang),
        _programme(decision, lang),
        _cautions(decision, lang),
    ]
    title = f"{decision.dossier.firm}: {say('assessed on')} {words.day(decision.as_of, lang)}"
    kept = tuple(s for s in sections if s.paragraphs or s.items or s.rows)
    return Report(title, _lead(decision, lang), kept, _foot(decision, lang))


def _lead(decision: Decision, lang: str) -> tuple[str, ...]:
    say = phrase(lang)
    knowledge = decision.program.knowledge
    classes = {c.id: c for c in knowledge.table.classes}
    settled = decision.settled
    labels = [classes[c].label.say(lang) for c in decision.verdict.possible]
    lines = []
    if settled is not None:
        lines.append(f"{say('Class')}: {settled.label.say(lang)}. {settled.says.say(lang)}")
    else:
        lines.append(
            f"{say('Class')}: {say('not settled yet')}; {say('still possible')}: {sentences.either(labels, lang)}."
        )
    if decision.verdict.borderline:
        lines.append(say("borderline"))
    if decision.recommended:
        names = [knowledge.patterns[p].label.say(lang) for p in decision.recommended]
        head = say("Recommended patterns") if len(names) > 1 else say("Recommended pattern")
        sure = "" if decision.recommendation_final else f" ({say('may still change')})"
        reasons = [sentences.pattern_reason(decision.pattern(p), decision, lang) for p in decision.recommended]
        told = " ".join(r.rstrip(".") + "." for r in dict.fromkeys(reasons) if r)
        lines.append(f"{head}: {sentences.both(names, lang)}{sure}. {told}")
    else:
        why = say("none yet") if not decision.recommendation_final else say("none at all")
        lines.append(f"{say('Recommended pattern')}: {why}.")
    lines.append(f"{say('Form of the relation')}: {sentences.change_of_relation(decision, lang)}")
    if decision.dossier.partner:
        lines.append(f"{say('Partner')}: {decision.dossier.partner}.")
    return tuple(lines)


def finding_line(held: Held, decision: Decision, lang: str) -> str:
    """A finding with the values and thresholds it read and the law or reason behind it, with its date."""
    knowledge = decision.program.knowledge
    says = words.fill(held.finding.says, decision.values, knowledge, lang).rstrip(".")
    read = "; ".join(sentences.reading(r, knowledge, lang) for r in held.because)
    return f"[{held.finding.letter}] {says}. {read}. {phrase(lang)('Source')}: {sources(held.sources, decision, lang)}."


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


def _deciding(decision: Decision, lang: str) -> Section:
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
    items = tuple(finding_line(h, decision, lang) for h in for_it)
    return Section(say("What decides the class"), items=(*items, *quiet))


def _supports(held: Held, decision: Decision) -> bool:
    settled = decision.settled
    assert settled is not None
    positive = settled.x_positive if held.finding.letter in "SW" else settled.y_positive
    return (held.finding.sign > 0) is positive


def _against(decision: Decision, lang: str) -> Section:
    say = phrase(lang)
    if decision.settled is None:
        return Section(say("What speaks against it"))
    against = [h for h in decision.findings if not _supports(h, decision)]
    return Section(say("What speaks against it"), items=tuple(finding_line(h, decision, lang) for h in against))


def _scores(decision: Decision, lang: str) -> Section:
    say, s = phrase(lang), decision.scores
    rows = (
        (say("Strengths − weaknesses"), four_decimals(s.s), four_decimals(s.w), four_decimals(s.x)),
        (say("Opportunities − threats"), four_decimals(s.o), four_decimals(s.t), four_decimals(s.y)),
    )
    evaluation = [
        f"IFE {four_decimals(s.ife)}" if s.ife is not None else "",
        f"EFE {four_decimals(s.efe)}" if s.efe is not None else "",
    ]
    cell = f"{say('IE cell')} {s.ie_cell}" if s.ie_cell else ""
    told = ", ".join(part for part in (*evaluation, cell) if part)
    header = (say("Scores"), "+", "−", say("difference"))
    return Section(say("Scores"), paragraphs=(f"{told}.",) if told else (), header=header, rows=rows)


def _unknown(decision: Decision, lang: str) -> Section:
    """What is not known, and whether it can change the class."""
    say, knowledge = phrase(lang), decision.program.knowledge
    waiting = decision.verdict.waits_for
    unsettled = dict.fromkeys(f for u in decision.undetermined for f in u.waits_for)
    if not unsettled:
        return Section(say("What is not known"), paragraphs=(say("every finding is settled"),))
    if not waiting:
        told = say("unknown cannot change").format(number=len(unsettled))
        return Section(say("What is not known"), paragraphs=(told,))
    ranked = sorted(waiting, key=lambda f: (knowledge.facts[f].ask_effort or 9, f))
    items = [f"{words.label(f, knowledge, lang)}: {knowledge.facts[f].ask.say(lang)}" for f in ranked[:12]]
    more = (say("and more").format(number=len(ranked) - 12),) if len(ranked) > 12 else ()
    told = say("unknown can change").format(number=len(waiting))
    return Section(say("What is not known"), paragraphs=(told,), items=(*items, *more))


def _patterns(decision: Decision, lang: str) -> Section:
    say, knowledge = phrase(lang), decision.program.knowledge
    rows = []
    for verdict in decision.patterns:
        name = knowledge.patterns[verdict.pattern].label.say(lang)
        rank = str(verdict.rank) if verdict.rank is not None else "/".join(str(r) for r in verdict.ranks.values())
        reason = sentences.pattern_reason(verdict, decision, lang)
        rows.append((name, sentences.status(verdict.status, lang), rank, reason))
    return Section(
        say("Patterns"), header=(say("Pattern"), say("Status"), say("Rank"), say("Reason")), rows=tuple(rows)
    )


def _pattern_detail(decision: Decision, name: str, lang: str) -> Section:
    say, knowledge = phrase(lang), decision.program.knowledge
    pattern, verdict = knowledge.patterns[name], decision.pattern(name)
    items = [f"{say('Possible because')}: {_readings(verdict, decision, lang)}."]
    items += [_principle(p.principle, p.holds, lang, decision) for p in verdict.principles]
    for head, duties in (
        ("Partner's duty", pattern.partner_duties),
        ("Firm's duty", pattern.firm_duties),
        ("The agreement must hold", pattern.clauses),
    ):
        items += [f"{say(head)}: {text}" for text in _duties(duties, decision, lang)]
    law = sources(verdict.sources, decision, lang)
    return Section(
        f"{say('Pattern')} {pattern.label.say(lang)}", (pattern.says.say(lang), f"{say('Law')}: {law}."), tuple(items)
    )


def _readings(verdict: PatternVerdict, decision: Decision, lang: str) -> str:
    knowledge = decision.program.knowledge
    return "; ".join(sentences.reading(r, knowledge, lang) for r in verdict.because) or phrase(lang)("no requirement")


def _principle(name: str, holds: bool | None, lang: str, decision: Decision) -> str:
    say = phrase(lang)
    word = say("holds") if holds else say("fails") if holds is False else say("cannot be told")
    label = sentences.lower_first(decision.program.knowledge.principles[name].label.say(lang))
    return f"{say('Principle')} {label}: {word}"


def _duties(duties: tuple[Duty, ...], decision: Decision, lang: str) -> list[str]:
    """Duties with a source in force, each with it."""
    found = []
    for duty in duties:
        cited = in_force(duty.sources, decision.program.knowledge, decision.as_of)
        if cited:
            titles = "; ".join(decision.program.knowledge.sources[c].title.say(lang) for c in cited)
            found.append(f"{duty.says.say(lang)} ({titles})")
    return found


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
        read = "; ".join(sentences.reading(r, knowledge, lang) for r in verdict.because[:6])
        items.append(f"{name}: {shown}. {read}. {say('Source')}: {sources(verdict.sources, decision, lang)}.")
    return Section(say("Under the law of the day"), items=tuple(items))


def _fostering(decision: Decision, lang: str) -> Section:
    say, settled = phrase(lang), decision.settled
    if settled is None:
        return Section(say("Fostering"))
    return Section(
        say("Fostering"), items=tuple(f"{say(k)}: {text.say(lang)}" for k, text in settled.fostering.items())
    )


def _strategies(decision: Decision, lang: str) -> Section:
    written = decision.program.knowledge.strategies
    items = tuple(
        f"[{written[s.strategy].kind}] {sentences.strategy_says(s, decision, lang)}" for s in decision.strategies[:6]
    )
    return Section(phrase(lang)("Strategies"), items=items)


def _programme(decision: Decision, lang: str) -> Section:
    say, knowledge = phrase(lang), decision.program.knowledge
    items = []
    for action in decision.programme:
        written = knowledge.actions[action.action]
        answers = ", ".join(action.answers)
        told = words.fill(written.says, decision.values, knowledge, lang)
        open_guard = ""
        if action.holds is None:
            names = sentences.both([words.label(f, knowledge, lang) for f in action.waits_for], lang)
            open_guard = f" ({say('only after knowing')} {names})"
        items.append(f"{written.label.say(lang)}: {told}{open_guard} [{answers}]")
    return Section(say("Programme"), items=tuple(items))


def _cautions(decision: Decision, lang: str) -> Section:
    items = tuple(sentences.caution_says(c, decision, lang) for c in decision.cautions)
    return Section(phrase(lang)("Cautions"), items=items)


def _foot(decision: Decision, lang: str) -> tuple[str, ...]:
    say, knowledge = phrase(lang), decision.program.knowledge
    rests = decision.rests_on
    total = sum(rests.values())
    manifest = knowledge.manifest
    lines = [
        say("rests on").format(total=total, **rests),
        f"{say('Rules')}: {manifest.name} {manifest.version} ({knowledge.digest[:19]}…), "
        f"{say('reading')} {manifest.reading}. "
        f"{say('Decided by')}: {sentences.both(list(decision.executors), lang)}.",
    ]
    if decision.note:
        lines.append(decision.note)
    owner: Text = manifest.owner
    lines.append(f"{say('Answerable for the assumptions')}: {owner.say(lang)}.")
    return tuple(lines)
