"""Faults of thresholds that a proof must find: parts that change nothing, findings that meet, values left out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from plant import At, Base, Plant, Steps, value_at
from plant_shows import all_fire, exactly, none_fires
from plant_spots import SAYS, another_test, both, fact_of, new_caution, plain_test, spots, tested, tests_in

_ENOUGH = 40


def needless(base: Base) -> Iterator[Plant]:
    """A part of a condition that follows from the rest."""
    for number, spot in enumerate(spots(base)):
        when = value_at(base.data[spot.file], spot.when)
        if spot.kind != "finding" and not any(
            isinstance(v, dict) and {"known", "grade_at_least"} & {*v} for _, _, v in tests_in(when)
        ):
            wider = {"any": [when, both(when, another_test(base, spot, number))]}
            files = base.changed((spot.file, spot.when, wider))
            what = f"an alternative of {spot.rule} within another"
            yield Plant(
                "part that changes nothing", what, files, ("PR105",), spot.at, (spot.rule,), all_fire(spot.rule)
            )
    for test in tested(base):
        plain, domain = plain_test(test), fact_of(test, base).domain
        rule, path = test.spot.rule, test.path
        if plain and plain[0] == "is" and domain.type == "level":
            level = domain.values.index(plain[1])
            if level > 0:
                files = base.changed((test.spot.file, path, {"is": plain[1], "is_not": domain.values[0]}))
                what = f"{test.term} is_not {domain.values[0]} in {rule}"
                yield Plant("part that changes nothing", what, files, ("PR105",), test.spot.at, (rule,), all_fire(rule))
        if (
            plain
            and plain[0] in ("at_least", "above")
            and domain.type in ("integer", "percent")
            and not plain[1].startswith("$")
        ):
            lower = str(int(plain[1]) - 1)
            words = {"at_least": "above", "above": "at_least"}
            files = base.changed((test.spot.file, path, {plain[0]: plain[1], words[plain[0]]: lower}))
            what = f"{test.term} {words[plain[0]]} {lower} beside {plain[0]} {plain[1]} in {rule}"
            yield Plant("part that changes nothing", what, files, ("PR105",), test.spot.at, (rule,), all_fire(rule))


def needless_across_stages(base: Base) -> Iterator[Plant]:
    """A test that a finding already makes, beside the finding."""
    for finding in base.knowledge.findings.values():
        _, _, factor = next(f for f in base.entries("swot/") if f[2]["factor"] == finding.factor)
        written = next(f for f in factor["findings"] if f["id"] == finding.id)
        for path, fact, value in tests_in(written["when"]):
            if len(path) == 1 and "in_force" not in written:
                files, at = new_caution(base, "berlebih", {finding.id: "true", fact: value})
                what = f"{fact} beside {finding.id}"
                shows = all_fire("berlebih")
                yield Plant("part that an earlier stage says", what, files, ("PR105",), at, ("'berlebih'",), shows)


def overlap_by_arithmetic(base: Base) -> Iterator[Plant]:
    """Findings that can hold together, which only arithmetic over derived facts tells."""
    for file, _, factor in base.entries("swot/"):
        for (first, one), (second, other) in combinations(enumerate(factor["findings"]), 2):
            read = {term for f in (one, other) for _, term, _ in tests_in(f["when"])}
            if not any(base.knowledge.facts[term].derived for term in read):
                continue
            names = (one["id"], other["id"])
            at = At(file, ("findings", second, "id"))
            for index, finding, wide in ((first, one, other), (second, other, one)):
                when = {"any": [finding["when"], wide["when"]]}
                path: Steps = ("findings", index)
                examples = copy.deepcopy(finding["examples"])
                stated = {
                    k: v for e in (*wide["examples"]["fires"], *finding["examples"]["fires"]) for k, v in e.items()
                }
                for example in (*examples["fires"], *examples["silent"]):
                    example |= {k: v for k, v in stated.items() if k not in example}
                files = base.changed((file, (*path, "when"), when), (file, (*path, "examples"), examples))
                what = f"{finding['id']} also where {wide['id']} holds"
                yield Plant(
                    "findings overlap by arithmetic", what, files, ("PR106", "KB408"), at, names, all_fire(*names)
                )
            for index, finding in ((first, one), (second, other)):
                yield from _a_step_wider(base, file, index, finding, at, names)


def _a_step_wider(base: Base, file: str, index: int, finding: Any, at: At, names: tuple[str, str]) -> Iterator[Plant]:
    other = next(f for f in base.data[file]["findings"] if f["id"] in names and f["id"] != finding["id"])
    bounds = {(t, word, c) for _, t, v in tests_in(other["when"]) if isinstance(v, dict) for word, c in v.items()}
    meeting = {"below": ("at_least", "at_most"), "above": ("at_most", "at_least")}
    for path, term, test in tests_in(finding["when"]):
        if len(path) == 1 and isinstance(test, dict) and base.knowledge.facts[term].derived:
            for word, value in test.items():
                if word in meeting and (term, meeting[word][0], value) in bounds:
                    wider = {(meeting[word][1] if w == word else w): v for w, v in test.items()}
                    files = base.changed((file, ("findings", index, "when", *path), wider))
                    what = f"{names[0]} and {names[1]} at {term} {value}"
                    yield Plant("findings overlap by arithmetic", what, files, ("PR106",), at, names, all_fire(*names))


def holes(base: Base) -> Iterator[Plant]:
    """Just the value of a threshold belongs to neither of the findings beside it."""
    opened = {"at_least": "above", "at_most": "below"}
    meets = {"at_least": "below", "at_most": "above"}
    for file, _, factor in base.entries("swot/"):
        for index, finding in enumerate(factor["findings"]):
            for path, term, test in tests_in(finding["when"]):
                fact = base.knowledge.facts[term]
                if not isinstance(test, dict) or not fact.domain.ordered or fact.domain.type == "level":
                    continue
                around = value_at(finding["when"], path[:-1])
                others = [f for f in factor["findings"] if f is not finding]
                for word, value in test.items():
                    meeting = (term, meets.get(word, ""), value)
                    if word not in opened or not value.lstrip("-").isdigit() or not _beside(around, meeting, others):
                        continue
                    narrower = {(opened[word] if w == word else w): v for w, v in test.items()}
                    files = base.changed((file, ("findings", index, "when", *path), narrower))
                    rules = [f["id"] for f in factor["findings"]]
                    what = f"{term} of exactly {value} in {factor['factor']}"
                    shows = exactly(term, Fraction(value), *rules)
                    yield Plant(
                        "hole at a threshold", what, files, ("PR110",), At(file, ("factor",)), (term, value), shows
                    )


def _beside(around: Any, bound: tuple[str, str, str], findings: list[Any]) -> bool:
    """Whether one of the findings begins or ends at a bound, and what else both ask does not differ."""
    term, word, value = bound
    for finding in findings:
        for path, other, test in tests_in(finding["when"]):
            if other == term and isinstance(test, dict) and test.get(word) == value:
                near = value_at(finding["when"], path[:-1])
                if all(near[key] == around[key] for key in near if key in around and key != term):
                    return True
    return False


def holes_in_a_rule(base: Base) -> Iterator[Plant]:
    """`above 5` beside `below 5` in one rule; of whole numbers also `at_least 6` beside `at_most 4`."""
    for number, fact in enumerate(base.knowledge.facts.values()):
        domain = fact.domain
        if domain.type not in ("money", "integer", "percent", "decimal") or fact.protected:
            continue
        value = 5 if domain.low is None or domain.high is None else (domain.low + domain.high) // 2
        text = domain.written(value)
        sides = [{fact.id: {"above": text}}, {fact.id: {"below": text}}]
        if domain.step is not None and number % 2:
            sides = [
                {fact.id: {"at_least": domain.written(value + 1)}},
                {fact.id: {"at_most": domain.written(value - 1)}},
            ]
        files, at = new_caution(base, "berlubang", {"any": sides})
        shows = exactly(fact.id, Fraction(value) * (domain.step or 1), "berlubang")
        what = f"{fact.id} of exactly {text}"
        yield Plant("hole in a rule", what, files, ("PR110",), at, ("'berlubang'", fact.id), shows)


def hole_at_a_day(base: Base) -> Iterator[Plant]:
    """A fact that is a date, and a factor that leaves out one day."""
    file = next(name for name in base.data if name.startswith("vocabulary/"))
    for axis, letters in (("internal", "SW"), ("external", "OT")):
        model_file, _, model = next(base.entries(f"swot/{axis}"))
        day, sides = "2015-07-01", {"S": "strength", "W": "weakness", "O": "opportunity", "T": "threat"}
        fact = {
            "id": "tanggal_mulai",
            "label": {"id": "Tanggal mulai", "en": "First day"},
            "type": "date",
            "min": "1950-01-01",
            "max": "2050-12-31",
            "ask": {"id": "Kapan mulai?", "en": "When did it begin?"},
            "answered_by": "firm",
            "evidence": {"id": "Akta", "en": "Deed"},
        }
        findings = [
            {
                "id": f"{letter}-tanggal_mulai",
                "side": sides[letter],
                "rating": "2",
                "when": {"tanggal_mulai": {word: day}},
                "says": SAYS,
                "examples": {"fires": [{"tanggal_mulai": first}], "silent": [{"tanggal_mulai": other}]},
            }
            for letter, word, first, other in (
                (letters[0], "below", "2015-06-30", "2015-07-01"),
                (letters[1], "above", "2015-07-02", "2015-07-01"),
            )
        ]
        factor = {**model, "factor": "tanggal_mulai", "findings": findings}
        new = f"swot/{axis}/tanggal_mulai.yaml"
        files = {**base.changed((file, (len(base.data[file]),), fact)), new: factor}
        rules = [f["id"] for f in findings]

        def shows(engine: Any, decision: Any, problem: Any, rules: tuple[str, ...] = tuple(rules)) -> bool:
            return problem.example["tanggal_mulai"] == "2015-07-01" and none_fires(*rules)(engine, decision, problem)

        what = f"one day, {axis}, beside {model_file}"
        yield Plant("hole at a threshold", what, files, ("PR110",), At(new, ("factor",)), (day,), shows)


KINDS = (
    needless,
    needless_across_stages,
    overlap_by_arithmetic,
    holes,
    holes_in_a_rule,
    hole_at_a_day,
)
