"""A derivation in words: the tests behind a conclusion, then the findings it rests on, those that hold one by one
and those that stay silent gathered under the facts that keep them so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine.decision import Decision, Reading
from engine.explain.why import Derivation, Step
from engine.say import sentences, words
from engine.say.findings import differences, sources
from engine.say.layout import Line
from engine.say.phrases import phrase


class _Block(NamedTuple):
    """A test with the operands of the derived fact it reads."""

    step: Step
    below: tuple[Step, ...]


def derivation_lines(derivation: Derivation, decision: Decision, lang: str) -> tuple[Line, ...]:
    """What `why` says: the conclusion, its own tests by depth, then the findings it rests on."""
    say = phrase(lang)
    head = _head(derivation, decision, lang)
    if derivation.kind == "not_in_force":
        reason = decision.program.not_in_force[derivation.conclusion]
        return (Line(0, f"{head}: {say('not in force')} ({reason})."),)
    lines = [Line(0, f"{head}, {say('because')}:" if derivation.steps else f"{head}.")]
    findings = decision.program.knowledge.findings
    own: list[_Block] = []
    held: list[_Block] = []
    silent: list[_Block] = []
    awaited: list[_Block] = []
    for block in _blocks(derivation.steps):
        rule = block.step.rule
        if rule == "class":
            awaited.append(block)
        elif rule not in findings or derivation.kind == "finding":
            own.append(block)
        else:
            (held if decision.trace[rule] else silent).append(block)
    for block in own:
        lines += _told(block, block.step.depth + 1, True, decision, lang)
    if derivation.kind == "class" or (derivation.kind == "pattern" and (held or silent)):
        lines += _class(derivation, decision, lang)
    if held:
        lines.append(Line(0, f"{say('findings that hold')}:"))
    for rule, blocks in _by_rule(held).items():
        cited = tuple(dict.fromkeys(source for block in blocks for source in block.step.sources))
        told = f"[{findings[rule].letter}] {title_of(rule, decision, lang)}."
        lines.append(Line(1, f"{told} {say('Source')}: {sources(cited, decision, lang)}."))
        for block in blocks:
            lines += _told(block, 2, False, decision, lang)
    if awaited:
        lines.append(Line(0, f"{say('facts awaited')}:"))
        lines += [Line(1, _value(block.step, decision, lang)) for block in awaited]
    if silent:
        lines += [Line(0, f"{say('findings that stay silent')}:"), *_silent(silent, decision, lang)]
    return tuple(lines)


def _blocks(steps: Iterable[Step]) -> list[_Block]:
    found: list[_Block] = []
    for step in steps:
        if step.test is None and step.rule != "class" and found:
            found[-1] = found[-1]._replace(below=(*found[-1].below, step))
        else:
            found.append(_Block(step, ()))
    return found


def _by_rule(blocks: Iterable[_Block]) -> dict[str, list[_Block]]:
    found: dict[str, list[_Block]] = {}
    for block in blocks:
        found.setdefault(block.step.rule, []).append(block)
    return found


def _told(block: _Block, depth: int, cite: bool, decision: Decision, lang: str) -> list[Line]:
    steps = ((block.step, depth), *((s, depth + s.depth - block.step.depth) for s in block.below))
    return [Line(level, _step(step, cite, decision, lang)) for step, level in steps]


def _class(derivation: Derivation, decision: Decision, lang: str) -> list[Line]:
    """The sums the class follows from; for a pattern also the class and its place in it."""
    say, parts = phrase(lang), list(differences(decision.scores, lang))
    if derivation.kind == "pattern" and decision.settled is not None:
        verdict = decision.pattern(derivation.conclusion)
        rank = f", {say('rank')} {verdict.rank}" if verdict.rank is not None else ""
        reason = sentences.pattern_reason(verdict, decision, lang)
        parts.insert(0, f"{title_of('class', decision, lang)}{rank}. {reason.rstrip('.')}.")
    return [Line(1, part) for part in parts]


def _silent(blocks: Iterable[_Block], decision: Decision, lang: str) -> list[Line]:
    """One line for each fact: its value, and the findings that it keeps silent."""
    say = phrase(lang)
    facts: dict[str, tuple[list[str], list[Step]]] = {}
    for block in blocks:
        rules, below = facts.setdefault(_value(block.step, decision, lang), ([], []))
        rules.append(block.step.rule)
        below.extend(block.below)
    lines = []
    for told, (rules, below) in facts.items():
        lines.append(Line(1, f"{told}; {say('silent')}: {', '.join(dict.fromkeys(rules))}."))
        lines += [Line(2, _value(step, decision, lang)) for step in below]
    return lines


def _head(derivation: Derivation, decision: Decision, lang: str) -> str:
    """The conclusion in its own words and how it stands; a pattern by its status, a size by its value."""
    say, knowledge, name = phrase(lang), decision.program.knowledge, derivation.conclusion
    if name in knowledge.patterns:
        verdict = decision.pattern(name)
        head = f"{knowledge.patterns[name].label.say(lang)} ({name}): {sentences.status(verdict.status, lang)}"
        # A pattern out of force has no steps to tell why.
        return head if derivation.steps else f"{head}; {sentences.pattern_reason(verdict, decision, lang)}"
    term = name.partition("=")[0]
    if term in knowledge.eligibility:
        value = next(e.value for e in decision.eligibility if e.term == term)
        told = f"{words.label(term, knowledge, lang)}: {words.value(term, value, knowledge, lang)}"
        if value is None and not derivation.steps:
            return f"{told}; {say('no rule')}"
        return told if derivation.holds is not False else f"{told} ({say('why fails').format(what=name)})"
    if derivation.kind == "fact":
        stated = decision.dossier.facts.get(name)
        note = f" ({stated.note})" if stated is not None and stated.note else ""
        return f"{title_of(name, decision, lang)}{_known_from(name, decision, lang)}{note}"
    if derivation.kind == "principle":
        pattern, _, principle = name.partition(".")
        key = {True: "holds", False: "fails", None: "cannot be told"}[derivation.holds]
        label = sentences.lower_first(knowledge.principles[principle].label.say(lang))
        return f"{say('Principle')} {label}, {knowledge.patterns[pattern].label.say(lang)} ({name}): {say(key)}"
    key = {True: "why holds", False: "why fails", None: "why open"}[derivation.holds]
    return say(key).format(what=title_of(name, decision, lang))


def title_of(name: str, decision: Decision, lang: str) -> str:
    """A conclusion's own name or sentence, with its id."""
    knowledge = decision.program.knowledge
    if name == "class" and decision.settled is not None:
        return f"{phrase(lang)('Class')} {decision.settled.label.say(lang)} ({decision.settled.id})"
    if name == "class":
        return phrase(lang)("Class")
    labels = {c.id: c.label for c in knowledge.table.classes} | {a.id: a.label for a in knowledge.actions.values()}
    if name in labels:
        return f"{labels[name].say(lang)} ({name})"
    if name in knowledge.facts:
        told = words.value(name, decision.values.get(name), knowledge, lang)
        return f"{knowledge.facts[name].label.say(lang)} ({name}): {told}"
    if name in knowledge.findings:
        return f"{words.fill(knowledge.findings[name].says, decision.values, knowledge, lang).rstrip('.')} ({name})"
    strategy = next((s for s in decision.strategies if s.strategy == name), None)
    if strategy is not None:
        return f"{sentences.strategy_says(strategy, decision, lang).rstrip('.')} ({name})"
    caution = next((c for c in decision.cautions if c.caution == name), None)
    return f"{sentences.caution_says(caution, decision, lang).rstrip('.')} ({name})" if caution is not None else name


def _value(step: Step, decision: Decision, lang: str) -> str:
    """A fact with its value and how it is known."""
    knowledge = decision.program.knowledge
    told = f"{words.label(step.term, knowledge, lang)}: {words.value(step.term, step.value, knowledge, lang)}"
    return told + _known_from(step.term, decision, lang)


def _known_from(fact: str, decision: Decision, lang: str) -> str:
    stated = decision.dossier.facts.get(fact)
    if stated is None or stated.state == "not_asked":
        return ""
    return f", {phrase(lang)(stated.grade if stated.value is not None else stated.state)}"


def _step(step: Step, cite: bool, decision: Decision, lang: str) -> str:
    say = phrase(lang)
    if step.test is None:
        return _value(step, decision, lang)
    read = Reading(step.rule, step.test, step.value, step.passed)
    told = sentences.reading(read, decision.program.knowledge, lang) + _known_from(step.term, decision, lang)
    if not cite:
        return told
    cited = f" {say('Source')}: {sources(step.sources, decision, lang)}." if step.sources else ""
    return f"{told} [{say('rule')} {step.rule}].{cited}"
