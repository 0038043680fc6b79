"""Suggested cases as YAML, in the form of a rule base's own, with what the engine answers now as the expectation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import chain

from engine.decision import Decision
from engine.say.coverage import point_words
from engine.say.json import exact_number
from engine.suggest import Suggestion, Suggestions
from engine.visible import KEYS
from kb.model import Knowledge
from kb.rules import Rule
from kb.vocabulary import GRADES

_WIDTH = 118
_PLAIN = re.compile(r"^(?:[a-z][a-z0-9_.-]*|[A-Z]-[a-z0-9_]+|-?[0-9]+(?:\\.[0-9]+)?|\\d{4}-\\d\\d-\\d\\d)$")
_SIDES = {"under": "tepat di bawah ambang", "at": "tepat pada ambang", "over": "tepat di atas ambang"}
_OUTCOMES = {"true": "terpenuhi", "false": "tidak terpenuhi", "unknown": "tidak diketahui"}
_HEAD = """\
# Kasus-kasus ini dibuat oleh pemecah (solver) dari aturan sebagaimana adanya. Yang diharapkan adalah jawaban mesin
# sekarang, jadi kesalahan aturan ikut tersalin: seorang pakar harus membaca setiap harapan sebelum menyimpannya.
# Made by a solver from the rules as they are. What is expected is what the engine answers now, faults and all: an
# expert must read each expectation before keeping it.
"""


def suggestions_yaml(found: Suggestions, taken: Iterable[str]) -> str:
    """A case file; no name is one of those `taken`."""
    names = set(taken)
    cases = []
    for one in found.made:
        name = _name(one, found)
        number = 2
        unique = name
        while unique in names:
            unique, number = f"{name}, {number}", number + 1
        names.add(unique)
        cases.append(_case(one, unique, found))
    return _HEAD + "".join(cases)


def _name(one: Suggestion, found: Suggestions) -> str:
    """What the case tries first, in Indonesian."""
    point = one.shows[0]
    rule = next(rule for rule in (*found.plan.rules, *found.plan.bands) if rule.id == point.rule)
    knowledge = found.plan.knowledge
    side, _, _ = point.side.partition("@")
    if point.kind == "day":
        return f"{_label(rule, knowledge)} pada {point.side}"
    if point.kind == "rule":
        return f"{_label(rule, knowledge)} {_OUTCOMES[side]} pada {one.day}"
    term = point_words(point, found.plan)[0].split()[0]
    fact = knowledge.facts.get(term)
    label = fact.label.id if fact is not None else term.replace(":", " ")
    said = side if point.kind == "value" else _SIDES.get(side) or _OUTCOMES[side]
    return f"{label} {said} untuk {_label(rule, knowledge)} pada {one.day}"


def _label(rule: Rule, knowledge: Knowledge) -> str:
    """What a rule decides, in the words of the rule base: its own saying, or the label of what it belongs to."""
    if rule.id in knowledge.findings:
        return knowledge.findings[rule.id].says.id.split("{")[0].strip()
    for labels in (knowledge.patterns, knowledge.actions, knowledge.eligibility, knowledge.facts):
        held = labels.get(rule.owner)
        if held is not None:
            return f"{held.label.id} ({rule.id})"
    return rule.id


def _case(one: Suggestion, name: str, found: Suggestions) -> str:
    knowledge = found.plan.knowledge
    facts = {}
    for fact, code in (one.firm.facts if one.like is not None else one.decision.dossier.known()).items():
        written = "tidak diketahui" if code is None else _scalar(knowledge.facts[fact].domain.written(code))
        grade = one.firm.grades.get(fact)
        facts[fact] = f"{{value: {written}, grade: {grade}}}" if grade and grade != GRADES[0] else written
    tried = dict.fromkeys(point.rule for point in one.shows)
    lines = [f"- case: {json.dumps(name, ensure_ascii=False)}"]
    if one.like is not None:
        lines.append(f"  like: {json.dumps(one.like.name, ensure_ascii=False)}")
    lines += [f"  as_of: {one.day}", _flow("  facts: ", facts)]
    lines.append("  expect:")
    lines += [_flow(f"    {key}: ", value) for key, value in expectation(one, found).items()]
    several = f" dan {len(tried) - 6} lagi" if len(tried) > 6 else ""
    lines.append(f"  why: {json.dumps('Menguji ' + ', '.join([*tried][:6]) + several, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def expectation(one: Suggestion, found: Suggestions) -> dict[str, object]:
    """What the engine answers now, as far as it concerns what the case shows."""
    decision = one.decision
    verdict, knowledge = decision.verdict, found.plan.knowledge
    expect: dict[str, object] = {"class": verdict.id or "null"}
    if verdict.id is None:
        expect["possible"] = list(verdict.possible)
    expect["margins"] = {"x": exact_number(decision.scores.margin_x), "y": exact_number(decision.scores.margin_y)}
    terms = {e.term: e.value for e in decision.eligibility}
    expect["eligibility"] = {
        name: "null" if value is None else knowledge.eligibility[name].domain.written(value)
        for name, value in terms.items()
    }
    expect["dimensions"] = {d.dimension: d.level or list(d.possible) for d in decision.dimensions}
    if decision.patterns:
        expect["recommended"] = list(decision.recommended)
        expect["recommendation_final"] = "true" if decision.recommendation_final else "false"
    shown = {point.rule for point in one.shows}
    near = {point.rule for point in one.shows if point.kind in ("threshold", "value", "day")}
    truths = decision.trace
    # What is far from a threshold and silent tells a reader nothing, and the margins tell the rest.
    rules = [
        rule
        for rule in found.plan.rules
        if rule.id in shown and (rule.kind != "finding" or rule.id in near or truths.get(rule.id))
    ]
    for key in dict.fromkeys(KEYS[rule.kind] for rule in rules if KEYS[rule.kind] != "eligibility"):
        expect[key] = _of_kind(key, [rule for rule in rules if KEYS[rule.kind] == key], decision)
    held = {h.finding.id: h.finding for h in decision.findings}
    answers = chain.from_iterable(held[r.id].answered_by for r in rules if r.id in held)
    offered = {a.action for a in decision.programme if a.holds}
    answered = [name for name in dict.fromkeys(answers) if name in offered]
    if answered:
        listed = expect.setdefault("actions", {"present": []})
        assert isinstance(listed, dict)
        listed["present"] = list(dict.fromkeys((*listed.get("present", ()), *answered)))
    return {key: value for key, value in expect.items() if value not in ({}, {"present": [], "absent": []})}


def _of_kind(key: str, rules: list[Rule], decision: Decision) -> dict[str, object]:
    if key == "patterns":
        return {name: decision.pattern(name).status for name in dict.fromkeys(rule.owner for rule in rules)}
    if key == "principles":
        truths: dict[str, dict[str, str]] = {}
        for rule in rules:
            judged = {p.principle: p.holds for p in decision.pattern(rule.owner).principles}
            name = rule.id.partition(".")[2]
            outcome = "null" if name not in judged else _word(judged[name])
            truths.setdefault(rule.owner, {})[name] = outcome
        return dict(truths)
    given = {
        "findings": {h.finding.id for h in decision.findings},
        "actions": {a.action for a in decision.programme if a.holds},
        "cautions": {c.caution for c in decision.cautions},
        "preparations": {c.caution for c in decision.preparations},
    }[key]
    open_ones = {n for n, truth in decision.trace.items() if truth is None}
    open_ones |= {a.action for a in decision.programme if a.holds is None}
    names = [rule.id for rule in rules]
    absent = [name for name in names if name not in given and name not in open_ones]
    return {"present": [name for name in names if name in given], "absent": absent}


def _word(truth: bool | None) -> str:
    return "unknown" if truth is None else "true" if truth else "false"


def _scalar(written: str) -> str:
    """A value as YAML: plain where that reads back as the same text."""
    return written if _PLAIN.match(written) else json.dumps(written, ensure_ascii=False)


def _flow(head: str, value: object) -> str:
    """`head` and a value in YAML's flow form, broken over lines no longer than the page."""
    indent = " " * (len(head) - len(head.lstrip()) + 2)
    if not isinstance(value, Mapping | list):
        return f"{head}{value}"
    lines, line = [], head
    for piece in _pieces(value):
        if len(line) + len(piece) > _WIDTH and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += piece
    return "\n".join([*lines, line.rstrip()])


def _pieces(value: object) -> list[str]:
    """The flow form in pieces between which a line may end."""
    if isinstance(value, Mapping):
        parts = []
        for number, (key, inner) in enumerate(value.items()):
            pieces = _pieces(inner)
            end = ", " if number + 1 < len(value) else ""
            parts += (
                [f"{key}: {pieces[0]}", *pieces[1:-1], pieces[-1] + end]
                if len(pieces) > 1
                else [f"{key}: {pieces[0]}{end}"]
            )
        return ["{" + parts[0], *parts[1:-1], parts[-1] + "}"] if len(parts) > 1 else ["{" + "".join(parts) + "}"]
    if isinstance(value, list):
        words = [f"{one}, " for one in value[:-1]] + [str(one) for one in value[-1:]]
        return ["[" + words[0], *words[1:-1], words[-1] + "]"] if len(words) > 1 else ["[" + "".join(words) + "]"]
    return [str(value)]
