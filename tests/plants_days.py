"""Faults of time: days without a value, law that ends or begins a day off, periods that meet or run backwards."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from plant import At, Base, Changes, Plant, Steps, day_before

from kb.checks.cover import parameters_behind
from kb.model import Knowledge
from kb.rules import Rule, rules_of

_FIRST, _LAST = datetime.date.min, datetime.date.max
_OF_PATTERNS = ("requires", "eligible", "bar", "principle", "pattern_caution")


def _values(base: Base) -> Iterator[tuple[str, Steps, Any]]:
    """Every parameter with the file and path it stands in."""
    for file, where, entry in base.entries("law/"):
        if "parameter" in entry:
            yield file, where, entry


def day_without_value(base: Base) -> Iterator[Plant]:
    """Between two values that touched, one day is left open; at the beginning or the end of it."""
    for file, where, entry in _values(base):
        name, values = entry["parameter"], entry["values"]
        for index, value in enumerate(values[:-1]):
            if "from" not in values[index + 1] or day_before(values[index + 1]["from"]) != value["until"]:
                continue
            for key, at, shift in (("until", index, 1), ("from", index + 1, -1)):
                path: Steps = (*where, "values", at, key)
                day = day_before(values[at][key], shift)
                if key == "until" and day < value.get("from", ""):
                    continue
                files = base.changed((file, path, day))
                place = At(file, (*where, "parameter"))
                yield Plant("day without a value", f"{name} {key} {day}", files, ("KB506",), place, (f"'{name}'",))


def law_expires(base: Base) -> Iterator[Plant]:
    """The last value of a parameter gets an end, or the first begins a day late, while rules that read it go on."""
    readers: dict[str, Rule] = {}
    for rule in rules_of(base.knowledge):
        for name in parameters_behind(rule.when, base.knowledge):
            if _ends(rule, base.knowledge) == _LAST:
                readers.setdefault(name, rule)
    for file, where, entry in _values(base):
        name, values = entry["parameter"], entry["values"]
        if name in readers and "until" not in values[-1]:
            for end in ("2025-12-31", "2026-06-29", "2030-01-01"):
                files = base.changed((file, (*where, "values", len(values) - 1, "until"), end))
                place = base.place(readers[name].mark)
                yield Plant("value that expires", f"{name} until {end}", files, ("KB506",), place, (f"${name}",))


def _ends(rule: Rule, knowledge: Knowledge) -> datetime.date:
    pattern = knowledge.patterns.get(rule.owner) if rule.kind in _OF_PATTERNS else None
    ends = [rule.period.end, pattern.period.end if pattern is not None else None]
    return min((end for end in ends if end is not None), default=_LAST)


def _starts(rule: Rule, knowledge: Knowledge) -> datetime.date:
    pattern = knowledge.patterns.get(rule.owner) if rule.kind in _OF_PATTERNS else None
    starts = [rule.period.start, pattern.period.start if pattern is not None else None]
    return max((start for start in starts if start is not None), default=_FIRST)


def source_ends_early(base: Base) -> Iterator[Plant]:
    """A source loses its last day, or gets one, and a rule is left that cites nothing else of those days."""
    knowledge = base.knowledge
    earliest = min((s.period.start for s in knowledge.sources.values() if s.period.start), default=_FIRST)
    where = {entry["source"]: (file, path) for file, path, entry in base.entries("law/") if "source" in entry}
    for name, source in knowledge.sources.items():
        last = source.period.end or datetime.date(2026, 3, 31)
        end = last.isoformat() if source.period.end is None else day_before(last.isoformat())
        open_day = last if source.period.end is not None else last + datetime.timedelta(1)
        for rule in rules_of(knowledge):
            others = (knowledge.sources[one].period for one in rule.sources if one != name)
            counts = max(earliest, _starts(rule, knowledge)) <= open_day <= _ends(rule, knowledge)
            if name in rule.sources and counts and not any(period.holds(open_day) for period in others):
                file, path = where[name]
                files = base.changed((file, (*path, "until"), end))
                place = base.place(rule.mark)
                what = f"{name} until {end}, alone behind {rule.id} the day after"
                yield Plant("source that ends too early", what, files, ("KB509",), place)
                break


def rule_outlives_source(base: Base) -> Iterator[Plant]:
    """A rule that is bounded by the law it rests on begins a day before it."""
    earliest = min((s.period.start for s in base.knowledge.sources.values() if s.period.start), default=_FIRST)
    for rule, at, files in _bounded(base, "from", 1):
        sources = [base.knowledge.sources[name].period for name in rule.sources]
        start = rule.period.start
        pattern = base.knowledge.patterns.get(rule.owner)
        if start is None or (pattern and pattern.period.start and pattern.period.start >= start):
            continue
        day = start - datetime.timedelta(1)
        if day >= earliest and not any(period.holds(day) for period in sources):
            yield Plant("rule older than its source", f"{rule.id} from {day}", files, ("KB509",), at, (rule.id,))


def _bounded(base: Base, key: str, days: int) -> Iterator[tuple[Rule, At, Changes]]:
    """Rules with an `in_force` of their own, its end moved so many days back; the place stays."""
    rules = {rule.id: rule for rule in rules_of(base.knowledge)}
    for file, where, name in _dated(base):
        path: Steps = (*where, "in_force", key)
        entry = base.data[file]
        for step in where:
            entry = entry[step]
        if key in entry["in_force"] and name in rules:
            files = base.changed((file, path, day_before(entry["in_force"][key], days)))
            yield rules[name], base.place(rules[name].mark)._replace(where=_mark(file, where, entry)), files


def _mark(file: str, where: Steps, entry: Any) -> Steps:
    named = next((key for key in ("id", "action", "caution") if isinstance(entry.get(key), str)), "")
    return (*where, named) if named else where


def _dated(base: Base) -> Iterator[tuple[str, Steps, str]]:
    for file, _, factor in base.entries("swot/"):
        yield from ((file, ("findings", n), f["id"]) for n, f in enumerate(factor["findings"]) if "in_force" in f)
    for file, _, pattern in base.entries("patterns/"):
        for key, word in (("eligible", "eligible"), ("barred_by", "bar"), ("cautions", "caution")):
            for index, clause in enumerate(pattern.get(key, ())):
                if "in_force" in clause:
                    yield file, (key, index), f"{pattern['pattern']}.{word}_{index + 1}"
    for file, where, entry in base.entries("programme/"):
        if "in_force" in entry:
            yield file, where, entry.get("action") or entry["caution"]


def periods_meet(base: Base) -> Iterator[Plant]:
    for file, where, entry in _values(base):
        values = entry["values"]
        for index, (one, other) in enumerate(pairwise(values)):
            if "from" in other:
                files = base.changed((file, (*where, "values", index, "until"), other["from"]))
                place = At(file, (*where, "values", index + 1, "value"))
                what = f"{entry['parameter']} until {other['from']}, not {one['until']}"
                yield Plant("periods overlap", what, files, ("KB307",), place)


def _periods(base: Base) -> Iterable[tuple[str, Steps, Any]]:
    for file, where, entry in _values(base):
        yield from ((file, (*where, "values", n), value) for n, value in enumerate(entry["values"]))
    for file, where, entry in base.entries("law/"):
        if "source" in entry:
            yield file, where, entry
    for file, _, term in base.entries("eligibility/"):
        for number, one in enumerate(term["first_of"]):
            if "in_force" in one:
                yield file, ("first_of", number, "in_force"), one["in_force"]


def runs_backwards(base: Base) -> Iterator[Plant]:
    for file, where, period in _periods(base):
        if "from" in period and "until" in period:
            start, end = period["from"], period["until"]
            files = base.changed((file, (*where, "from"), end), (file, (*where, "until"), start))
            what = f"{end} to {start} in {file}"
            yield Plant("period ends before it begins", what, files, ("KB306",), At(file, (*where, "until")))


def no_day(base: Base) -> Iterator[Plant]:
    for number, (file, where, period) in enumerate(_periods(base)):
        for key in (key for key in ("from", "until") if key in period):
            year, month, day = period[key].split("-")
            wrong = (f"{year}-02-30", f"{day}-{month}-{year}", f"{year}-{month}")[number % 3]
            files = base.changed((file, (*where, key), wrong))
            yield Plant("not a day", f"{wrong} in {file}", files, ("KB305",), At(file, (*where, key)))


def undecided_days(base: Base) -> Iterator[Plant]:
    """The entry that takes all others begins late, ends early or gets a condition: some firm gets no value."""
    for file, _, term in base.entries("eligibility/"):
        for index, entry in enumerate(term["first_of"]):
            if "when" in entry:
                continue
            path: Steps = ("first_of", index)
            changes: list[tuple[str, Steps, Any]] = []
            for key, shift in (("from", -1), ("until", 1)):
                if key in entry.get("in_force", {}):
                    changes.append((file, (*path, "in_force", key), day_before(entry["in_force"][key], shift)))
            if "until" not in entry.get("in_force", {}):
                changes.append((file, (*path, "in_force", "until"), "2026-06-29"))
            for change in changes:
                what = f"entry {index + 1} of {term['term']} {change[1][-1]} {change[2]}"
                at = At(file, ("term",))
                yield Plant("days on which a term is open", what, base.changed(change), ("KB511",), at)


def examples_out_of_force(base: Base) -> Iterator[Plant]:
    usual = base.knowledge.manifest.examples_as_of
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            period = ({"until": day_before(usual.isoformat())}, {"from": day_before(usual.isoformat(), -1)})[index % 2]
            files = base.changed((file, ("findings", index, "in_force"), period))
            at = At(file, ("findings", index, "id"))
            what = f"of {finding['id']}, {period}"
            yield Plant("examples of another day", what, files, ("KB510",), at, (f"'{finding['id']}'",))


KINDS = (
    day_without_value,
    law_expires,
    source_ends_early,
    rule_outlives_source,
    periods_meet,
    runs_backwards,
    no_day,
    undecided_days,
    examples_out_of_force,
)
