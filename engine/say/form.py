"""A blank dossier: every question as a comment, every answer empty, ready to be filled in and assessed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from engine.say import words
from engine.say.phrases import phrase
from kb.complete import base_facts
from kb.model import Knowledge
from kb.rules import base_facts_read, rules_of
from kb.vocabulary import Fact

_WIDTH = 100


def blank_dossier(knowledge: Knowledge, lang: str, day: str) -> str:
    """YAML with one line a fact, grouped by who answers, the partner's under `partner`; unread facts are left out."""
    say = phrase(lang)
    used = {b for rule in rules_of(knowledge) for b in base_facts_read(rule.when, knowledge)}
    if knowledge.manifest.present_relation:
        used |= set(base_facts(knowledge.manifest.present_relation, knowledge.facts))
    asked = [f for f in knowledge.facts.values() if f.id in used and f.derived is None]
    lines = [*_comment(say("form head")), f"firm: {say('form firm')}", f"as_of: {day}", "about:", "notes: []", "facts:"]
    own = [f for f in asked if f.answered_by != "partner"]
    for who in dict.fromkeys(f.answered_by for f in own):
        lines += ["", f"  # === {say(who)} ===", *_questions(own, who, "  ", knowledge, lang)]
    partners = _questions(asked, "partner", "    ", knowledge, lang)
    if partners:
        lines += ["", *_comment(say("form partner")), "partner:", "  name:", "  facts:"]
        lines += [f"    # === {say('partner')} ===", *partners]
    return "\n".join(lines) + "\n"


def _questions(facts: list[Fact], who: str, indent: str, knowledge: Knowledge, lang: str) -> list[str]:
    """Questions for one who answers, the easiest first."""
    mine = sorted((f for f in facts if f.answered_by == who), key=lambda f: (f.ask_effort or 9, f.id))
    return [line for fact in mine for line in _question(fact, indent, knowledge, lang)]


def _question(fact: Fact, indent: str, knowledge: Knowledge, lang: str) -> list[str]:
    say = phrase(lang)
    told = [fact.ask.say(lang), f"({_allowed(fact, knowledge, lang)})"]
    if fact.evidence.id:
        told.append(f"{say('evidence')}: {fact.evidence.say(lang)}.")
    return [*_comment(" ".join(told), indent), f"{indent}{fact.id}:"]


def _allowed(fact: Fact, knowledge: Knowledge, lang: str) -> str:
    domain = fact.domain
    if domain.type == "boolean":
        return ", ".join(words.value(fact.id, code, knowledge, lang) for code in (1, 0))
    if domain.values:
        said = {v: words.value(fact.id, domain.read(v), knowledge, lang) for v in domain.values}
        return ", ".join(v if v == word else f"{v} = {word}" for v, word in said.items())
    if domain.low is not None and domain.high is not None:
        ends = (words.value(fact.id, end, knowledge, lang) for end in (domain.low, domain.high))
        return " … ".join(ends)
    return domain.type


def _comment(text: str, indent: str = "") -> Iterable[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
