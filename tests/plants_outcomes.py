"""Faults of outcome that a proof must find: classes and patterns nobody gets, invariants that do not hold."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from plant import REMOVED, At, Base, Plant, Steps, day_before, value_at
from plant_shows import closed, in_no_class, offers, outranked, recommends, recommends_nothing, worse_when_better
from plant_spots import both, plain_of, tests_in

_SAYS = {"id": "Contoh", "en": "Example"}
_GOOD = {"internal": "strength", "external": "opportunity"}


def class_nobody_gets(base: Base) -> Iterator[Plant]:
    """Nothing good is left on an axis, or what is good asks for what nobody has, or on no day any more."""
    axes = {"internal": "x", "external": "y"}
    for axis, good in _GOOD.items():
        lost = [c for c in base.knowledge.table.classes if (c.x_positive if axes[axis] == "x" else c.y_positive)]
        factors = [(file, copy.deepcopy(factor)) for file, _, factor in base.entries(f"swot/{axis}")]
        for how in ("asks for its contrary", "counts against the firm by its weight"):
            changed: dict[str, Any] = {}
            for file, factor in copy.deepcopy(factors):
                for finding in (f for f in factor["findings"] if f["side"] == good):
                    finding["when"] = both(finding["when"], {"not": finding["when"]})
                    changed[file] = factor
            if how.startswith("counts"):
                # One weakness that every firm has outweighs all good there is, which keeps but the least rating.
                changed = _outweighed(base, axis, good)
            for one in lost if changed else ():
                file = base.knowledge.table.mark.file.removeprefix(f"{base.shown}/")
                number = next(n for n, c in enumerate(base.data[file]["classes"]) if c["class"] == one.id)
                at = At(file, ("classes", number, "class"))
                what = f"{one.id}: every {good} {how}"
                yield Plant(
                    "class that nobody gets", what, changed, ("PR107",), at, (f"'{one.id}'",), in_no_class(one.id)
                )


def _outweighed(base: Base, axis: str, good: str) -> dict[str, Any]:
    """New factors whose adverse finding holds for every firm, whatever one of its facts is."""
    reach = sum(
        factor.weight * max((f.rating for f in factor.findings if f.side == good), default=0)
        for factor in base.knowledge.factors.values()
        if factor.axis == axis
    )
    facts = [
        t.term
        for factor in base.knowledge.factors.values()
        if factor.axis == axis
        for finding in factor.findings
        for t in _tests(finding.when)
        if base.knowledge.facts[t.term].domain.values and not base.knowledge.facts[t.term].derived
    ]
    _, _, model = next(base.entries(f"swot/{axis}"))
    action = next(iter(base.knowledge.actions))
    new: dict[str, Any] = {}
    if not facts:
        return new
    fact, values = facts[0], base.knowledge.facts[facts[0]].domain.values
    for number in range(reach // 20 + 1):
        name = f"beban_{number}"
        letter = "W" if axis == "internal" else "T"
        finding = {
            "id": f"{letter}-{name}",
            "side": "weakness" if axis == "internal" else "threat",
            "rating": "4",
            "when": {fact: {"one_of": list(values)}},
            "says": _SAYS,
            "answered_by": [action],
            "examples": {"fires": [{fact: values[0]}], "silent": [{fact: values[1]}]},
        }
        new[f"swot/{axis}/{name}.yaml"] = {**model, "factor": name, "weight": "5", "findings": [finding]}
    return new


def _tests(when: Any) -> Iterator[Any]:
    from kb.condition import tests_of

    return tests_of(when)


def pattern_nobody_gets(base: Base) -> Iterator[Plant]:
    """What a pattern requires, who is eligible and its bars leave nobody: two or three of them together."""
    kind = "pattern that nobody gets"
    facts = [n for n, f in base.knowledge.facts.items() if f.domain.type == "boolean" and not f.derived]
    for number, (file, _, pattern) in enumerate(base.entries("patterns/")):
        name, at, shows = pattern["pattern"], At(file, ("pattern",)), closed(pattern["pattern"])
        where: Steps = ("requires", "when") if "when" in pattern["requires"] else ("requires",)
        requires = value_at(pattern, where)
        days = {"in_force": pattern["in_force"]} if "in_force" in pattern else {}
        source = pattern["barred_by"][0]["source"]

        def bar(when: Any, source: Any = source, days: Any = days) -> Any:
            return {"when": when, "says": _SAYS, "source": source, **days}

        bars = len(pattern["barred_by"])
        path, _, _ = next(tests_in(requires))
        plants = {
            "a bar asks what is required": [(file, ("barred_by", bars), bar(requires))],
            "a bar asks a part of what is required": [(file, ("barred_by", bars), bar({"all": [requires]}))],
        }
        fact = facts[(7 * number) % len(facts)]
        plants[f"two bars, with {fact} and without"] = [
            (file, ("barred_by",), [*pattern["barred_by"], bar({fact: "true"}), bar({fact: "false"})])
        ]
        whens = [clause["when"] for clause in pattern["eligible"]]
        plants["requires that nobody eligible meets"] = [(file, where, both(requires, {"not": {"any": whens}}))]
        plants["everybody eligible is barred"] = [(file, ("barred_by", bars), bar({"any": whens}))]
        plants["a bar and its contrary required"] = [
            (file, ("barred_by", bars), bar(both(requires, {fact: "true"}))),
            (file, where, both(requires, {fact: "true"})),
        ]
        for how, changes in plants.items():
            yield Plant(kind, f"{name}: {how}", base.changed(*changes), ("PR108",), at, (f"'{name}'",), shows)
        if len(path) == 1:
            half = {"any": [{**requires, fact: "true"}, {**requires, fact: "false"}]}
            files = base.changed((file, ("barred_by", bars), bar(half)))
            yield Plant(kind, f"{name}: a bar for both sorts", files, ("PR108",), at, (f"'{name}'",), shows)


def never_recommended(base: Base) -> Iterator[Plant]:
    """A pattern that asks for all that a better one asks for, and more."""
    found = [(file, entry) for file, _, entry in base.entries("patterns/") if "fallback" not in entry]
    for (file, one), (_, other) in combinations([*found, *found[:3]], 2):
        # Whoever may have the one may have the other: the same law of who is eligible, and no bar of its own.
        same = one["pattern"] != other["pattern"] and one.get("in_force") == other.get("in_force")
        alike = [c["when"] for c in one["eligible"]] == [c["when"] for c in other["eligible"]]
        days = [c.get("in_force") for c in one["eligible"]] == [c.get("in_force") for c in other["eligible"]]
        if not (same and alike and days) or len(other["barred_by"]) > 1:
            continue
        where: Steps = ("requires", "when") if "when" in one["requires"] else ("requires",)
        wanted = other["requires"].get("when", other["requires"])
        suits = {key: {**suit, "rank": "8"} for key, suit in one["suits"].items()}
        files = base.changed((file, where, both(value_at(one, where), wanted)), (file, ("suits",), suits))
        name = one["pattern"]
        what = f"{name}, for {other['pattern']} is always open too and better"
        at, shows = At(file, ("pattern",)), outranked(name)
        yield Plant("pattern never recommended", what, files, ("PR109",), at, (f"'{name}'",), shows)


def _invariant(base: Base, claim: str, **wanted: Any) -> Iterator[tuple[str, Steps, Any]]:
    for file, where, one in base.entries("invariants"):
        if one["claim"] == claim and all(one.get(key) == value for key, value in wanted.items()):
            yield file, where, one


def _place(file: str, where: Steps) -> At:
    return At(file, (*where, "invariant"))


def unbarred(base: Base) -> Iterator[Plant]:
    """A bar that an invariant rests on is gone, asks for more, or is in force a day too late or too early."""
    for file, where, one in _invariant(base, "never_recommended"):
        for pattern_file, _, pattern in base.entries("patterns/"):
            name = pattern["pattern"]
            for index, bar in enumerate(pattern["barred_by"]):
                if bar["when"] != one.get("when"):
                    continue
                path: Steps = ("barred_by", index)
                late = day_before(bar["in_force"]["from"], -1) if "in_force" in bar else ""
                term, value = next((t, v) for _, t, v in tests_in(bar["when"]))
                more = {term: value, "berdiri_sendiri": "false"}
                ways = {
                    "narrower": [(pattern_file, (*path, "when"), more)],
                    "a day late": [(pattern_file, (*path, "in_force", "from"), late)],
                    "until 2020": [(pattern_file, (*path, "in_force", "until"), "2020-12-31")],
                }
                if len(pattern["barred_by"]) > 1:
                    ways["gone"] = [(pattern_file, path, REMOVED)]
                for how, changes in ways.items():
                    files = base.changed(*changes)
                    what = f"the bar of {name} {how}"
                    says = (f"'{one['invariant']}'", f"'{name}'")
                    yield Plant(
                        "invariant broken by a bar",
                        what,
                        files,
                        ("PR111",),
                        _place(file, where),
                        says,
                        recommends(name),
                    )


def wider_eligible(base: Base) -> Iterator[Plant]:
    """A clause lets in a value of a term that an invariant shuts out."""
    for file, where, one in _invariant(base, "never_recommended"):
        out = next(((t, v) for _, t, v in tests_in(one["when"]) if t in base.knowledge.eligibility), None)
        if out is None:
            continue
        values = [out[1]] if isinstance(out[1], str) else out[1]["one_of"]
        for pattern_file, _, pattern in base.entries("patterns/"):
            days = one.get("in_force", {})
            for index, clause in enumerate(pattern["eligible"]):
                period = clause.get("in_force", {})
                if days and (period.get("until") != days.get("until")):
                    continue
                if not days and "until" in period:
                    continue
                reads = [t for _, t, _ in tests_in(clause["when"])]
                if out[0] not in reads or "mitra_bumn" in reads:
                    continue
                wider = {out[0]: values[-1] if len(values) == 1 else {"one_of": values}}
                files = base.changed((pattern_file, ("eligible", index, "when"), {"any": [clause["when"], wider]}))
                name = pattern["pattern"]
                what = f"{name} for {' and '.join(values)}, clause {index + 1}"
                says = (f"'{one['invariant']}'", f"'{name}'")
                yield Plant(
                    "invariant broken by a clause", what, files, ("PR111",), _place(file, where), says, recommends(name)
                )


def unguarded(base: Base) -> Iterator[Plant]:
    """An action that an invariant forbids to some firms loses the guard that kept it, or answers more."""
    for file, where, one in _invariant(base, "never_offered"):
        for action in one["actions"]:
            found = next(e for e in base.entries("programme/") if e[2].get("action") == action)
            name, path, entry = found
            ways = {
                "no guard": [(name, (*path, "when"), REMOVED)],
                "another guard": [(name, (*path, "when"), {"pemilik_wni": "true"})],
                "a way round the guard": [(name, (*path, "when"), {"any": [entry["when"], {"pemilik_wni": "true"}]})],
                "standing, without guard": [(name, (*path, "when"), REMOVED), (name, (*path, "standing"), "true")],
            }
            for how, changes in ways.items():
                says = (f"'{one['invariant']}'", f"'{action}'")
                what = f"{action}: {how}"
                yield Plant(
                    "invariant broken by an action",
                    what,
                    base.changed(*changes),
                    ("PR111",),
                    _place(file, where),
                    says,
                    offers(action),
                )


def false_claims(base: Base) -> Iterator[Plant]:
    """New invariants that claim too much: of a pattern, an action, or of everybody."""
    file = "invariants.yaml"
    end = len(base.data[file]) if file in base.data else 0
    if not end:
        return

    def claim(kind: str, **keys: Any) -> Any:
        return {"invariant": "terlalu_banyak", "says": _SAYS, "claim": kind, **keys}

    tried: list[tuple[str, Any, Any]] = []
    for name in base.knowledge.patterns:
        when = {"class": base.knowledge.table.classes[len(tried) % 4].id}
        tried.append((f"{name} never", claim("never_recommended", patterns=[name]), recommends(name)))
        said = claim("never_recommended", patterns=[name], when=when)
        tried.append((f"{name} never in class {when['class']}", said, recommends(name)))
    for name in [*base.knowledge.actions][::6]:
        tried.append((f"{name} never", claim("never_offered", actions=[name]), offers(name)))
    tried.append(("everybody gets a pattern", claim("recommendation"), recommends_nothing))
    for term in base.knowledge.eligibility.values():
        for value in term.domain.values:
            said = claim("recommendation", when={term.id: value})
            tried.append((f"{term.id} {value} gets a pattern", said, recommends_nothing))
    for what, entry, shows in tried:
        files = base.changed((file, (end,), entry))
        at = At(file, (end, "invariant"))
        yield Plant("invariant that claims too much", what, files, ("PR111",), at, ("'terlalu_banyak'",), shows)


def shut_out(base: Base) -> Iterator[Plant]:
    """The last resort is narrowed: firms for which a recommendation was promised get none."""
    for file, where, one in _invariant(base, "recommendation"):
        for pattern_file, _, pattern in base.entries("patterns/"):
            if "fallback" not in pattern:
                continue
            path: Steps = ("requires", "when") if "when" in pattern["requires"] else ("requires",)
            requires = value_at(pattern, path)
            bars = len(pattern["barred_by"])
            facts = [n for n, f in base.knowledge.facts.items() if f.domain.type == "boolean" and not f.derived]
            # Not what the promise itself speaks of, directly or by a term.
            spoken = [str(one.get("when"))]
            spoken += [str(e[2]["first_of"]) for e in base.entries("eligibility/") if e[2]["term"] in spoken[0]]
            facts = [n for n in facts if n not in "".join(spoken) and not base.knowledge.facts[n].protected]
            for number, fact in enumerate(facts[::3]):
                bar = {**pattern["barred_by"][0], "when": {fact: "false"}}
                changes: list[tuple[str, Steps, Any]] = (
                    [(pattern_file, ("barred_by", bars), bar)]
                    if number % 2
                    else [(pattern_file, path, both(requires, {fact: "true"}))]
                )
                files = base.changed(*changes)
                what = f"{pattern['pattern']} {'barred' if number % 2 else 'closed'} without {fact}"
                says = (f"'{one['invariant']}'",)
                at = _place(file, where)
                yield Plant("promised recommendation fails", what, files, ("PR111",), at, says, recommends_nothing)


def not_monotone(base: Base) -> Iterator[Plant]:
    """A better value counts for less: ratings the wrong way round, or sides flipped."""
    claims = [*_invariant(base, "monotone")]
    for file, _, factor in base.entries("swot/") if claims else ():
        at, says = _place(*claims[0][:2]), (f"'{claims[0][2]['invariant']}'",)
        single = [(n, f) for n, f in enumerate(factor["findings"]) if _single(base, f)]
        for (n, one), (m, other) in combinations(single, 2):
            term = next(iter(one["when"]))
            if term not in other["when"]:
                continue
            better, worse = sorted(((n, one), (m, other)), key=lambda f: _height(base, f[1]), reverse=True)
            path: Steps = ("findings",)
            if one["side"] == other["side"]:
                good = one["side"] in _GOOD.values()
                files = base.changed(
                    (file, (*path, better[0], "rating"), "1" if good else "4"),
                    (file, (*path, worse[0], "rating"), "4" if good else "1"),
                )
                what = f"ratings of {better[1]['id']} and {worse[1]['id']}"
                yield Plant("better counts for less", what, files, ("PR111",), at, says, worse_when_better)
            else:
                files = base.changed(
                    *((file, (*path, n, key), other[key]) for key in ("when", "examples")),
                    *((file, (*path, m, key), one[key]) for key in ("when", "examples")),
                )
                what = f"{one['id']} and {other['id']} change sides"
                yield Plant("better counts for less", what, files, ("PR111",), at, says, worse_when_better)


def _single(base: Base, finding: Any) -> bool:
    """Whether a finding is one test on one base fact that is better one way."""
    term = next(iter(finding["when"]))
    fact = base.knowledge.facts.get(term)
    known = fact is not None and bool(fact.better) and fact.derived is None
    return known and len(finding["when"]) == 1 and plain_of(finding["when"][term]) is not None


def _height(base: Base, finding: Any) -> int:
    """How good the values are that a single test takes: by its first example that fires."""
    (term,) = finding["when"]
    fact = base.knowledge.facts[term]
    code = fact.domain.read(finding["examples"]["fires"][0][term])
    assert isinstance(code, int)
    return code if fact.better == "higher" else -code


KINDS = (
    class_nobody_gets,
    pattern_nobody_gets,
    never_recommended,
    unbarred,
    wider_eligible,
    unguarded,
    false_claims,
    shut_out,
    not_monotone,
)
