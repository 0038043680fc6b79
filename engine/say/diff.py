"""What a change of rules does, for the expert who made it: counts first, then words, regions, cases and dossiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tabulate import tabulate

from engine.diff.changes import Changes, decides
from engine.diff.days import Example, Region
from engine.diff.decided import Comparison, Decided, Table
from engine.say import changes, words
from engine.say.diff_json import Difference
from engine.say.diff_phrases import say
from engine.say.layout import Report, Section
from engine.say.text import report_text
from kb.law import Period
from kb.model import Knowledge
from kb.values import Code

# What a reader takes in: regions and firms that change, and facts of one example.
_REGIONS, _FIRMS, _FACTS = 12, 12, 8


def diff_text(told: Difference, lang: str) -> str:
    """The whole answer as text of at most 100 characters a line."""
    sections = [*_rules(told.changes, lang), _regions(told, lang)]
    sections.append(_firms(say("cases", lang), told.cases, told, lang))
    if told.decisions is not None:
        sections.append(_firms(say("dossiers", lang), told.decisions, told, lang))
    return report_text(
        Report(say("title", lang).format(old=told.names[0], new=told.names[1]), _lead(told, lang), tuple(sections))
    )


def _lead(told: Difference, lang: str) -> tuple[str, ...]:
    found, regions = told.changes, told.regions
    aside = sum(not decides(one) for one in (*found.added, *found.removed)) + sum(not c.decides for c in found.changed)
    counts = {"added": len(found.added), "removed": len(found.removed), "changed": len(found.changed), "aside": aside}
    if regions.found:
        verdict = say("differs", lang).format(number=len(regions.found))
    else:
        verdict = say("open" if regions.open else "equal", lang).format(stretches=regions.stretches)
    lead = [verdict, say("counts", lang).format(**counts)]
    if not any((found.added, found.removed, found.changed)):
        lead[1] = say("same digest" if told.old.digest == told.new.digest else "nothing read differs", lang)
    return tuple(lead)


def _rules(found: Changes, lang: str) -> list[Section]:
    added = [changes.entry(one, lang) + _aside(decides(one), lang) for one in found.added]
    removed = [changes.entry(one, lang) + _aside(decides(one), lang) for one in found.removed]
    changed = []
    # What decides is read first.
    for change in sorted(found.changed, key=lambda change: not change.decides):
        lines = list(changes.lines(change, lang))
        name = changes.entry(change.after, lang) + _aside(change.decides, lang)
        changed += [f"{name}: {lines[0]}"] if len(lines) == 1 else [f"{name}:", *(f"    {line}" for line in lines)]
    titled = (("added", added), ("removed", removed), ("changed", changed))
    return [Section(say(f"rules {key}", lang), (), tuple(items)) for key, items in titled if items]


def _aside(decides_: bool, lang: str) -> str:
    return "" if decides_ else f" [{say('words only', lang)}]"


def _regions(told: Difference, lang: str) -> Section:
    regions = told.regions
    items = [_region(region, told, lang) for region in regions.found[:_REGIONS]]
    paragraphs = [say("region note", lang)] if regions.found else []
    rest = len(regions.found) - len(items)
    if rest:
        paragraphs.append(say("more in JSON", lang).format(number=rest))
    if regions.more:
        paragraphs.append(say("more regions", lang).format(classes=", ".join(regions.more)))
    if not regions.found and not regions.open:
        paragraphs.append(say("proof", lang).format(stretches=regions.stretches, calls=regions.solver_calls))
    paragraphs += [say("left open", lang).format(what=what) for what in regions.open]
    return Section(say("regions", lang), tuple(paragraphs), tuple(items))


def _region(region: Region, told: Difference, lang: str) -> str:
    before, after = region.before, region.after
    one, other = _class(before.in_class, told.old, lang), _class(after.in_class, told.new, lang)
    recommended = f"{_patterns(before.recommended, told.old, lang)} → {_patterns(after.recommended, told.new, lang)}"
    if before.in_class != after.in_class:
        head = f"{one} → {other}; {say('pattern', lang)}: {recommended}"
        if before.recommended == after.recommended:
            head = f"{one} → {other}; {say('pattern stays', lang)}: {_patterns(after.recommended, told.new, lang)}"
    else:
        head = f"{one}: {recommended}"
    days = "; ".join(words_of(period, lang) for period in region.periods)
    day = words.day(region.example.day, lang)
    return (
        f"{head}. {say('in force', lang)}: {days}. {say('example', lang)} ({day}): {_firm(region.example, told, lang)}"
    )


def words_of(period: Period, lang: str) -> str:
    ends = (("from", period.start), ("until", period.end))
    return " ".join(f"{say(key, lang)} {words.day(day, lang)}" for key, day in ends if day) or say("always", lang)


def _class(name: str, knowledge: Knowledge, lang: str) -> str:
    found = next((one for one in knowledge.table.classes if one.id == name), None)
    return name if found is None else found.label.say(lang)


def _patterns(names: Sequence[str], knowledge: Knowledge, lang: str) -> str:
    return ", ".join(knowledge.patterns[name].label.say(lang) for name in names) or say("none", lang)


def _firm(example: Example, told: Difference, lang: str) -> str:
    """The facts that the rules which differ read, in words; how many others the firm has."""
    sides: tuple[tuple[Mapping[str, Any], Knowledge, str], ...] = (
        (example.facts, told.new, ""),
        (example.only_old, told.old, f" ({say('only old', lang)})"),
        (example.only_new, told.new, f" ({say('only new', lang)})"),
    )
    shown = []
    for name in example.about[:_FACTS]:
        for facts, knowledge, mark in sides:
            if name in facts:
                code = _code(name, facts[name], knowledge)
                shown.append(f"{words.label(name, knowledge, lang)} = {words.value(name, code, knowledge, lang)}{mark}")
    rest = sum(len(facts) for facts, _, _ in sides) - len(shown)
    return "; ".join([*shown, say("other facts", lang).format(number=rest)]) + "."


def _code(name: str, plain: Any, knowledge: Knowledge) -> Code:
    domain = knowledge.facts[name].domain
    return int(plain) if isinstance(plain, bool) else domain.read(str(plain))


def _firms(title: str, found: Comparison, told: Difference, lang: str) -> Section:
    paragraphs = [say("firms counted", lang).format(number=found.number, changed=len(found.changed))]
    if found.changed:
        paragraphs += ["", *_table(found.table, told, lang), ""]
    items = [_decided(one, told, lang) for one in found.changed[:_FIRMS]]
    rest = len(found.changed) - len(items)
    if rest:
        paragraphs.append(say("more in JSON", lang).format(number=rest))
    return Section(title, tuple(paragraphs), tuple(items))


def _table(table: Table, told: Difference, lang: str) -> list[str]:
    """Classes before down, after across."""
    rows = list(dict.fromkeys([*(c.id for c in told.old.table.classes), *(before for before, _ in table)]))
    columns = list(dict.fromkeys([*(c.id for c in told.new.table.classes), *(after for _, after in table)]))
    heads = [say("before after", lang), *(_class(name, told.new, lang) or say("several", lang) for name in columns)]
    body = [
        [
            _class(row, told.old, lang) or say("several", lang),
            *(table.get((row, column), 0) or "" for column in columns),
        ]
        for row in rows
        if any(before == row for before, _ in table)
    ]
    return tabulate(body, heads, "simple", disable_numparse=True).splitlines()


def _decided(one: Decided, told: Difference, lang: str) -> str:
    sides = ((one.before, told.old), (one.after, told.new))
    classes = [", ".join(_class(name, kb, lang) for name in d.verdict.possible) for d, kb in sides]
    patterns = [_patterns(d.recommended, kb, lang) for d, kb in sides]
    parts = [_both(say("class", lang), classes), _both(say("pattern", lang), patterns)]
    parts += [f"− {', '.join(one.gone)}"] if one.gone else []
    parts += [f"+ {', '.join(one.come)}"] if one.come else []
    for names, key in zip(one.told.left_out, ("not read old", "not read new"), strict=True):
        parts += [f"{say(key, lang)}: {', '.join(names)}"] if names else []
    return f"{one.told.name} ({one.told.day}): {'; '.join(part for part in parts if part)}."


def _both(what: str, two: Sequence[str]) -> str:
    return f"{what} {two[0]} → {two[1]}" if two[0] != two[1] else f"{what} {two[0]}"
