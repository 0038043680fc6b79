"""Invariants that do not hold: broken by a bar, a clause, an action or a rating, or claiming too much."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from plant import REMOVED, At, Base, Plant, Steps, day_before, value_at
from plant_shows import offers, recommends, recommends_nothing, worse_when_better
from plant_spots import SAYS, both, plain_of, tests_in

_GOOD = {"internal": "strength", "external": "opportunity"}


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
        return {"invariant": "terlalu_banyak", "says": SAYS, "claim": kind, **keys}

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
    unbarred,
    wider_eligible,
    unguarded,
    false_claims,
    shut_out,
    not_monotone,
)
