"""A report as plain text for a terminal, and a derivation as an indented list."""

from __future__ import annotations

import textwrap

from tabulate import tabulate

from engine.decision import Decision
from engine.explain.why import Derivation, Step
from engine.say import words
from engine.say.findings import sources
from engine.say.layout import Report, Section
from engine.say.phrases import phrase
from kb.condition import KNOWN
from kb.vocabulary import GRADES

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
    key = {True: "why holds", False: "why fails", None: "why open"}[derivation.holds]
    name = title_of(derivation.conclusion, decision, lang)
    head = say(key).format(what=name)
    if derivation.kind == "not_in_force":
        reason = decision.program.not_in_force[derivation.conclusion]
        return f"{head}: {say('not in force')} ({reason}).\n"
    lines = [f"{head}, {say('because')}:" if derivation.steps else f"{head}."]
    for step in derivation.steps:
        indent = "  " * (step.depth + 1)
        lines += _wrap(_step(step, decision, lang), f"{indent}- ", f"{indent}  ")
    return "\n".join(lines) + "\n"


def title_of(name: str, decision: Decision, lang: str) -> str:
    """A conclusion's own name."""
    knowledge = decision.program.knowledge
    labelled = {c.id: c.label for c in knowledge.table.classes}
    labelled |= {p.id: p.label for p in knowledge.patterns.values()} | {
        a.id: a.label for a in knowledge.actions.values()
    }
    own = labelled.get(name)
    if name in knowledge.eligibility:
        verdict = next(e for e in decision.eligibility if e.term == name)
        return f"{words.label(name, knowledge, lang)} {words.value(name, verdict.value, knowledge, lang)}"
    if name in knowledge.findings:
        return f"{words.fill(knowledge.findings[name].says, decision.values, knowledge, lang).rstrip('.')} ({name})"
    return f"{own.say(lang)} ({name})" if own is not None else name


def _step(step: Step, decision: Decision, lang: str) -> str:
    say, knowledge = phrase(lang), decision.program.knowledge
    name = words.label(step.term, knowledge, lang)
    shown = words.value(step.term, step.value, knowledge, lang)
    stated = decision.dossier.facts.get(step.term)
    grade = (
        words.value(f"grade:{step.term}", GRADES.index(stated.grade), knowledge, lang)
        if stated and stated.value is not None
        else ""
    )
    known_from = f", {say('known from')} {grade}" if grade else ""
    if step.test is None:
        return f"{name}: {shown}{known_from}"
    told = words.test(step.test, step.passed, knowledge, lang)
    if step.term.startswith(KNOWN):
        # Whether a fact is known is said of the fact, never as a yes or no that reads like its value.
        return f"{name}: {told} [{say('rule')} {step.rule}]."
    cited = f" {say('Source')}: {sources(step.sources, decision, lang)}." if step.sources else ""
    return f"{name}: {shown}{known_from} ({told}) [{say('rule')} {step.rule}].{cited}"
