"""A report as plain text for a terminal, and a derivation as an indented list."""

from __future__ import annotations

import textwrap

from tabulate import tabulate

from engine.decision import Decision, Reading
from engine.explain.why import Derivation, Step
from engine.say import sentences, words
from engine.say.findings import sources
from engine.say.layout import Report, Section
from engine.say.phrases import phrase

WIDTH = 100


def report_text(report: Report) -> str:
    """Lines of at most 100 characters."""
    lines = [report.title, "=" * min(len(report.title), WIDTH), ""]
    for paragraph in report.lead:
        lines += _wrap(paragraph, "", "")
    for section in report.sections:
        lines += ["", section.title, "-" * len(section.title), *_section(section)]
    lines += ["", *(line for foot in report.foot for line in _wrap(foot, "", ""))]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    lines = [line for paragraph in section.paragraphs for line in _wrap(paragraph, "", "")]
    if section.rows:
        spare = WIDTH - sum(max(len(row[i]) for row in section.rows) + 2 for i in range(len(section.header) - 1))
        widths = [None] * (len(section.header) - 1) + [max(spare, 30)]
        lines += tabulate(
            section.rows, section.header, "simple", maxcolwidths=widths, disable_numparse=True
        ).splitlines()
    lines += [line for item in section.items for line in _wrap(item, "- ", "  ")]
    return lines


def _wrap(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False) or [""]


def derivation_text(derivation: Derivation, decision: Decision, lang: str) -> str:
    """The steps indented by depth, each with its source; operands of derived facts below them."""
    say = phrase(lang)
    head = _head(derivation, decision, lang)
    if derivation.kind == "not_in_force":
        reason = decision.program.not_in_force[derivation.conclusion]
        return f"{head}: {say('not in force')} ({reason}).\n"
    lines = _wrap(f"{head}, {say('because')}:" if derivation.steps else f"{head}.", "", "")
    for step in derivation.steps:
        indent = "  " * (step.depth + 1)
        lines += _wrap(_step(step, decision, lang), f"{indent}- ", f"{indent}  ")
    return "\n".join(lines) + "\n"


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
        return told if derivation.holds is not False else f"{told} ({say('why fails').format(what=name)})"
    key = {True: "why holds", False: "why fails", None: "why open"}[derivation.holds]
    return say(key).format(what=title_of(name, decision, lang))


def title_of(name: str, decision: Decision, lang: str) -> str:
    """A conclusion's own name or sentence, with its id."""
    knowledge = decision.program.knowledge
    labels = {c.id: c.label for c in knowledge.table.classes} | {a.id: a.label for a in knowledge.actions.values()}
    if name in labels:
        return f"{labels[name].say(lang)} ({name})"
    if name in knowledge.findings:
        return f"{words.fill(knowledge.findings[name].says, decision.values, knowledge, lang).rstrip('.')} ({name})"
    strategy = next((s for s in decision.strategies if s.strategy == name), None)
    if strategy is not None:
        return f"{sentences.strategy_says(strategy, decision, lang).rstrip('.')} ({name})"
    caution = next((c for c in decision.cautions if c.caution == name), None)
    return f"{sentences.caution_says(caution, decision, lang).rstrip('.')} ({name})" if caution is not None else name


def _step(step: Step, decision: Decision, lang: str) -> str:
    say, knowledge = phrase(lang), decision.program.knowledge
    stated = decision.dossier.facts.get(step.term)
    known_from = f", {say(stated.grade)}" if stated is not None and stated.value is not None else ""
    if step.test is None:
        name = words.label(step.term, knowledge, lang)
        return f"{name}: {words.value(step.term, step.value, knowledge, lang)}{known_from}"
    told = sentences.reading(Reading(step.rule, step.test, step.value, step.passed), knowledge, lang)
    cited = f" {say('Source')}: {sources(step.sources, decision, lang)}." if step.sources else ""
    return f"{told}{known_from} [{say('rule')} {step.rule}].{cited}"
