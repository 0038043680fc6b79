"""How to go about it: fostering by class, the way on, strategies and the programme in the law's four steps."""

from __future__ import annotations

from engine.decision import ActionVerdict, Decision
from engine.say import sentences, words
from engine.say.days import months_after
from engine.say.layout import Section
from engine.say.phrases import phrase
from kb.model import STEPS

# Actions told of one step; a weak firm is offered dozens, and the first ones answer most.
MOST_ACTIONS = 6


def how_to(decision: Decision, lang: str) -> tuple[Section, ...]:
    """How to go about it."""
    first = (fostering(decision, lang), development(decision, lang), strategies(decision, lang))
    return (*first, *_programme(decision, lang))


def closed(decision: Decision, lang: str) -> tuple[Section, ...]:
    """Where no relation is open there is nothing to foster; promising help all the same would mislead the firm."""
    say = phrase(lang)
    return (Section(say("Fostering"), paragraphs=(say("nothing to foster"),)), *_programme(decision, lang))


def fostering(decision: Decision, lang: str) -> Section:
    """Weight, intensity, priority and duration, as the class sets them."""
    say, settled = phrase(lang), decision.settled
    if settled is None:
        return Section(say("Fostering"))
    return Section(
        say("Fostering"), items=tuple(f"{say(k)}: {text.say(lang)}" for k, text in settled.fostering.items())
    )


def development(decision: Decision, lang: str) -> Section:
    """The way on from the class: where it leads, when to look again, and what shows that it goes on."""
    say, settled = phrase(lang), decision.settled
    way = settled.development if settled is not None else None
    if way is None:
        return Section(say("Development"))
    day = months_after(decision.as_of, way.review_months)
    review = words.day(day, lang) if day is not None else say("no such day")
    signs = "; ".join(sentences.lower_first(sign.say(lang).rstrip(".")) for sign in way.signs)
    return Section(
        say("Development"),
        (way.says.say(lang),),
        (f"{say('Review on')}: {review}", f"{say('Signs of progress')}: {signs}."),
    )


def strategies(decision: Decision, lang: str) -> Section:
    """Strategies that hold, half a dozen at most."""
    written = decision.program.knowledge.strategies
    items = tuple(
        f"[{written[s.strategy].kind} {s.strategy}] {sentences.strategy_says(s, decision, lang)}"
        for s in decision.strategies[:6]
    )
    return Section(phrase(lang)("Strategies"), items=items)


def _programme(decision: Decision, lang: str) -> tuple[Section, ...]:
    """The actions by the law's four steps, in each the heaviest first; how many more there are is said."""
    say, knowledge = phrase(lang), decision.program.knowledge
    sections = []
    for number, step in enumerate(STEPS, 1):
        here = [a for a in decision.programme if knowledge.actions[a.action].step == step]
        items = [_action(action, decision, lang) for action in here[:MOST_ACTIONS]]
        if len(here) > MOST_ACTIONS:
            items.append(say("more actions").format(number=len(here) - MOST_ACTIONS))
        title = f"{say('Programme')}, {say('step').format(number=number)}: {say(step)}"
        sections.append(Section(title, items=tuple(items)))
    return tuple(sections)


def _action(action: ActionVerdict, decision: Decision, lang: str) -> str:
    say, knowledge = phrase(lang), decision.program.knowledge
    written = knowledge.actions[action.action]
    answers = f" [{', '.join(action.answers)}]" if action.answers else f" [{action.action}]"
    told = words.fill(written.says, decision.values, knowledge, lang)
    open_guard = ""
    if action.holds is None:
        names = sentences.both([words.label(f, knowledge, lang) for f in action.waits_for], lang)
        open_guard = f" ({say('only after knowing')} {names})"
    return f"{written.label.say(lang)}: {told}{open_guard}{answers}"
