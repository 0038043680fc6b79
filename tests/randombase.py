"""Random rule bases and firms, from a seed. Every type, state, test, connective, derived kind and rule shape turns up.

`small` keeps domains so small that every completion can be tried one by one.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from random import Random
from typing import Any

Json = dict[str, Any]

TEXT = {"id": "kata", "en": "word"}
DAYS = ("1990-01-01", "2000-06-01", "2012-02-29", "2026-06-30")
SIDES = {"internal": ("strength", "weakness"), "external": ("opportunity", "threat")}
LETTER = {"strength": "S", "weakness": "W", "opportunity": "O", "threat": "T"}


def rule_base(random: Random, small: bool = False) -> dict[str, Any]:
    """A rule base as path → content; write it with `write`."""
    files: dict[str, Any] = {}
    vocabulary: list[Json] = []
    terms: dict[str, dict[str, Json]] = {"internal": {}, "external": {}, "neutral": {}}
    for axis in terms:
        for number in range(random.randint(2, 4) if small else random.randint(3, 6)):
            fact = _fact(random, f"{axis[0]}{number}", small)
            vocabulary.append(fact)
            terms[axis][fact["id"]] = fact
        for number in range(random.randint(1, 3)):
            derived = _derived(random, f"{axis[0]}d{number}", terms[axis])
            if derived is not None:
                vocabulary.append(derived)
                terms[axis][derived["id"]] = derived
    files["vocabulary/all.yaml"] = vocabulary
    files["law/all.yaml"] = [
        {"source": "s-open", "title": TEXT, "checked": "report"},
        {"source": "s-old", "title": TEXT, "until": "2005-01-01", "checked": "text"},
        {"source": "s-new", "title": TEXT, "from": "2005-01-02", "checked": "report"},
        *(_parameter(name, low) for name, low in (("p.one", 1), ("p.two", 2))),
    ]
    everything = {**terms["internal"], **terms["external"], **terms["neutral"]}
    findings: list[str] = []
    for axis in SIDES:
        for number in range(random.randint(1, 3)):
            name = f"f_{axis[0]}{number}"
            factor = _factor(random, name, axis, terms[axis])
            files[f"swot/{axis}/{name}.yaml"] = factor
            findings += [f["id"] for f in factor["findings"]]
    late: dict[str, Json] = dict(everything)
    for number in range(2):
        name = f"q{number}"
        files[f"eligibility/{name}.yaml"] = _eligibility(random, name, everything)
        late[name] = {"id": name, "type": "level", "values": ["kecil", "sedang", "besar"]}
    late |= {name: {"id": name, "type": "boolean"} for name in findings}
    late["class"] = {"id": "class", "type": "choice", "values": ["k1", "k2", "k3", "k4"]}
    for number in range(random.randint(2, 4)):
        files[f"patterns/p{number}.yaml"] = _pattern(random, f"p{number}", late, fallback=False)
    files["patterns/px.yaml"] = _pattern(random, "px", late, fallback=True)
    files["principles.yaml"] = [
        {
            "principle": f"r{number}",
            "label": TEXT,
            "source": ["s-open"],
            "when": condition(random, late, 1),
            "for": {"p0": condition(random, late, 1)},
            "mend": TEXT,
            **_period(random),
        }
        for number in range(2)
    ]
    files["programme/all.yaml"] = _programme(random, late, findings)
    files["classes.yaml"] = _classes(random)
    if random.random() < 0.5:
        _by_strategy(files)
    if random.random() < 0.5:
        _add_dimensions(random, files)
    files["manifest.yaml"] = {
        "name": "random",
        "version": "1",
        "title": TEXT,
        "owner": TEXT,
        "reading": "any",
        "classes": "classes.yaml",
        "examples_as_of": "2026-06-30",
    }
    return files


def write(files: dict[str, Any], folder: Path, random: Random | None = None) -> Path:
    """Files on disk as JSON, which is YAML; `random` shuffles entries and keys, which must change nothing."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(_shuffled(content, random) if random else content), encoding="utf-8")
    return folder


def _shuffled(value: Any, random: Random, top: bool = True) -> Any:
    """Entries of a file and keys of every mapping in another order; lists inside rules keep theirs."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: _shuffled(value[key], random, False) for key in keys}
    if isinstance(value, list):
        items = [_shuffled(item, random, False) for item in value]
        if top:
            random.shuffle(items)
        return items
    return value


def _fact(random: Random, name: str, small: bool) -> Json:
    kind = random.choice(
        ["money", "integer", "decimal", "percent", "boolean", "choice", "level", "code", "text", "date"]
    )
    fact: Json = {"id": name, "label": TEXT, "type": kind, "ask": TEXT, "answered_by": "firm", "evidence": TEXT}
    if kind in ("money", "integer"):
        fact |= {"min": random.choice([-2, 0, 1]), "max": 3 if small else random.choice([9, 5000]), "step": 1}
    elif kind in ("decimal", "percent"):
        step = random.choice(["0.1", "0.01"])
        fact |= {"min": "-0.1" if random.random() < 0.4 else "0", "max": "0.2" if small else "9", "step": step}
        if small:
            fact["step"] = "0.1"
    elif kind in ("choice", "level"):
        fact["values"] = ["va", "vb", "vc"]
    elif kind == "date":
        low = datetime.date(2000, 2, 27) if small else datetime.date(1980, 1, 1)
        high = datetime.date(2000, 3, 2) if small else datetime.date(2030, 12, 31)
        fact |= {"min": low.isoformat(), "max": high.isoformat()}
    return fact


def _derived(random: Random, name: str, terms: dict[str, Json]) -> Json | None:
    base: Json = {"id": name, "label": TEXT}
    numbers: dict[str, list[str]] = {}
    for fact in terms.values():
        summed = "derived" not in fact or "sum" in fact["derived"] or "difference" in fact["derived"]
        if fact["type"] in ("money", "integer", "decimal", "percent") and summed:
            numbers.setdefault(fact["type"], []).append(fact["id"])
    dates = [f["id"] for f in terms.values() if f["type"] == "date"]
    ordered = [f for f in terms.values() if f["type"] in ("money", "integer", "decimal", "percent", "level", "date")]
    kind = random.choice(["sum", "difference", "ratio", "years_between", "bands"])
    if kind in ("sum", "difference"):
        pools = [(t, ids) for t, ids in numbers.items() if len(ids) >= 2]
        if not pools:
            return None
        value_type, ids = random.choice(pools)
        several = min(len(ids), random.choice([2, 2, 3])) if kind == "sum" else 2
        return base | {"type": value_type, "derived": {kind: random.sample(ids, several)}}
    if kind == "ratio":
        every = [i for ids in numbers.values() for i in ids]
        if len(every) < 2:
            return None
        value_type = random.choice(["decimal", "percent"])
        operands = random.sample(every, 2)
        derived: Json = {"ratio": operands, "when_zero": random.choice([0, 0, 1, 3])}
        if terms[operands[1]].get("min") == 1 and random.random() < 0.7:
            del derived["when_zero"]
        return base | {"type": value_type, "derived": derived}
    if kind == "years_between":
        if not dates:
            return None
        other = random.choice([d for d in dates if d != dates[0]] or ["as_of"])
        return base | {"type": "integer", "derived": {"years_between": [dates[0], other]}}
    choices = [f for f in terms.values() if f["type"] == "choice"]
    if choices and (not ordered or random.random() < 0.3):
        of = random.choice(choices)
        limits = [{"one_of": random.sample(of["values"], random.randint(1, 2)), "is": "true"}, {"is": "false"}]
        return base | {"type": "boolean", "derived": {"bands": {"of": of["id"], "limits": limits}}}
    if not ordered:
        return None
    of = random.choice(ordered)
    # The highest value as a limit would leave nothing to the last one.
    top = of["values"][-1] if "values" in of else str(of.get("max", "1e9"))
    drawn = sorted({str(constant(random, of)) for _ in range(2)}, key=lambda c: _place(of, c))
    cuts = [c for c in drawn if _place(of, c) < _place(of, top)]
    word = random.choice(["at_most", "at_most", "below", "at_least", "above"])
    ordered_cuts = cuts if word in ("at_most", "below") else cuts[::-1]
    limits: list[Json] = [{word: c, "is": v} for c, v in zip(ordered_cuts, ["vc", "vb"])]
    if of["type"] in ("money", "integer") and "min" in of and random.random() < 0.4:
        limits = [{"at_most": "$p.one", "is": "vc"}]
    if not limits:
        return None
    return base | {
        "type": "level",
        "values": ["va", *reversed([limit["is"] for limit in limits[1:]]), "vc"],
        "derived": {"bands": {"of": of["id"], "limits": [*limits, {"is": "va"}]}},
    }


def _place(fact: Json, written: str) -> Any:
    return (
        fact["values"].index(written)
        if fact["type"] == "level"
        else written
        if fact["type"] == "date"
        else float(written)
    )


def constant(random: Random, fact: Json) -> Any:
    """A value of a term's type, mostly inside its range."""
    kind = fact["type"]
    if kind == "boolean":
        return random.choice(["true", "false"])
    if kind in ("choice", "level"):
        return random.choice(fact["values"])
    if kind == "date":
        low = datetime.date.fromisoformat(fact["min"]).toordinal()
        high = datetime.date.fromisoformat(fact["max"]).toordinal()
        return datetime.date.fromordinal(random.randint(low, high)).isoformat()
    if kind in ("money", "integer"):
        return random.randint(int(fact.get("min", -3)), min(int(fact.get("max", 6)), 12))
    if kind in ("decimal", "percent"):
        tenths = random.randint(-1, 2) if fact.get("max") == "0.2" else random.randint(-2, 30)
        return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
    return random.choice(["x1", "x2", "07"])


def condition(random: Random, terms: dict[str, Json], depth: int, knowledge: bool = False) -> Json:
    """A random condition: tests, ranges, parameters, all, any, not."""
    roll = random.random()
    if depth > 0 and roll < 0.25:
        return {"all": [condition(random, terms, depth - 1, knowledge) for _ in range(random.randint(1, 2))]}
    if depth > 0 and roll < 0.5:
        return {"any": [condition(random, terms, depth - 1, knowledge) for _ in range(random.randint(1, 3))]}
    if depth > 0 and roll < 0.6:
        # Several terms in one mapping, the commonest way to write `all`.
        return condition(random, terms, 0, knowledge) | condition(random, terms, 0, knowledge)
    if depth > 0 and roll < 0.7:
        return {"not": condition(random, terms, depth - 1, knowledge)}
    fact = random.choice(list(terms.values()))
    name = fact["id"]
    if knowledge and random.random() < 0.3 and ("ask" in fact or "derived" in fact):
        return {name: random.choice([{"known": "true"}, {"known": "false"}, {"grade_at_least": "document"}])}
    ordered = fact["type"] in ("money", "integer", "decimal", "percent", "level", "date")
    roll = random.random()
    if ordered and roll < 0.6:
        word = random.choice(["at_least", "at_most", "above", "below"])
        if fact["type"] in ("money", "integer") and "min" in fact and random.random() < 0.2:
            return {name: {word: random.choice(["$p.one", "$p.two"])}}
        return {name: {word: _inside(random, fact, word)}}
    if ordered and roll < 0.7 and fact["type"] != "level":
        pair = sorted((constant(random, fact), constant(random, fact)), key=lambda c: _place(fact, str(c)))
        return {name: {"at_least": pair[0], "at_most": pair[1]}}
    if fact["type"] in ("money", "integer") and "min" in fact and roll > 0.9:
        return {name: {random.choice(["is", "is_not"]): random.choice(["$p.one", "$p.two"])}}
    if fact["type"] == "boolean" and roll < 0.8:
        return {name: random.choice(["true", "false"])}
    word = random.choice(["is", "is_not", "one_of", "none_of"])
    if word in ("one_of", "none_of"):
        return {name: {word: list(dict.fromkeys(str(constant(random, fact)) for _ in range(2)))}}
    return {name: {word: constant(random, fact)}}


def _inside(random: Random, fact: Json, word: str) -> Any:
    """A threshold that some value can pass: no `above` the highest level, no `below` the lowest."""
    if fact["type"] == "level":
        values = fact["values"]
        pool = values[:-1] if word == "above" else values[1:] if word == "below" else values
        return random.choice(pool)
    if "min" not in fact:
        return constant(random, fact)
    if fact["type"] == "date":
        low = datetime.date.fromisoformat(fact["min"]).toordinal() + 1
        high = datetime.date.fromisoformat(fact["max"]).toordinal() - 1
        return datetime.date.fromordinal(random.randint(low, high)).isoformat()
    if fact["type"] in ("money", "integer"):
        return random.randint(int(fact["min"]) + 1, min(int(fact["max"]), 12) - 1)
    return random.choice(["0.1", "0.0"]) if fact["max"] == "0.2" else constant(random, {**fact, "min": "0"}).lstrip("-")


def _period(random: Random) -> Json:
    roll = random.random()
    if roll < 0.1:
        return {"in_force": {"from": "2005-01-01"}}
    if roll < 0.15:
        return {"in_force": {"from": "1991-01-01", "until": "2012-02-29"}}
    return {"in_force": {"until": "2010-01-01"}} if roll < 0.25 else {}


def _parameter(name: str, low: int) -> Json:
    return {
        "parameter": name,
        "label": TEXT,
        "values": [
            {"from": "1995-01-01", "until": "2005-12-31", "value": low, "source": "s-open"},
            {"from": "2010-01-01", "value": low + 1, "source": "s-new"},
        ],
    }


def _factor(random: Random, name: str, axis: str, terms: dict[str, Json]) -> Json:
    """Findings guarded by different values of one term, so that at most one can hold."""
    guards = [f for f in terms.values() if f["type"] in ("boolean", "choice", "level")]
    guard = random.choice(guards) if guards else None
    values = [] if guard is None else ["true", "false"] if guard["type"] == "boolean" else list(guard["values"])
    random.shuffle(values)
    findings = []
    for number in range(random.randint(1, max(1, min(3, len(values))))):
        side = random.choice(SIDES[axis])
        when = condition(random, terms, 2)
        if guard is not None:
            when = {"all": [{guard["id"]: values[number]}, when]}
        findings.append(
            {
                "id": f"{LETTER[side]}-{name}_{number}",
                "side": side,
                "rating": random.randint(1, 4),
                "when": when,
                "says": TEXT,
                "answered_by": ["a0"] if random.random() < 0.5 else [],
                "examples": {"fires": [_every(random, terms)], "silent": [_every(random, terms)]},
                **_period(random),
            }
        )
    return {
        "factor": name,
        "label": TEXT,
        "axis": axis,
        "weight": random.randint(1, 5),
        "why": TEXT,
        "source": ["s-open", "s-old"],
        "findings": findings,
    }


def _every(random: Random, terms: dict[str, Json]) -> Json:
    return {f["id"]: _answer(random, f) for f in terms.values() if "derived" not in f}


def _eligibility(random: Random, name: str, terms: dict[str, Json]) -> Json:
    entries = [
        {
            "value": random.choice(["kecil", "sedang", "besar"]),
            "when": condition(random, terms, 2),
            "source": ["s-open"],
            **_period(random),
        }
        for _ in range(random.randint(1, 3))
    ]
    if random.random() < 0.5:
        entries.append({"value": "besar", "source": ["s-open"]})
    return {"term": name, "label": TEXT, "values": ["kecil", "sedang", "besar"], "first_of": entries}


def _clause(random: Random, terms: dict[str, Json]) -> Json:
    return {"when": condition(random, terms, 1), "source": ["s-open"], "says": TEXT, **_period(random)}


def _pattern(random: Random, name: str, terms: dict[str, Json], fallback: bool) -> Json:
    pattern: Json = {
        "pattern": name,
        "label": TEXT,
        "says": TEXT,
        "source": ["s-new", "s-open"],
        "requires": condition(random, terms, 2),
        "barred_by": [_clause(random, terms) for _ in range(random.randint(0, 2))],
        "suits": {k: {"rank": random.randint(1, 3), "why": TEXT} for k in ("k1", "k2", "k3", "k4")},
        "cautions": [_clause(random, terms)],
        **_period(random),
    }
    if random.random() < 0.5:
        pattern["prepare"] = [_clause(random, terms)]
    if random.random() < 0.5:
        pattern["eligible"] = [_clause(random, terms) for _ in range(random.randint(1, 2))]
    if fallback:
        pattern["fallback"] = "true"
    return pattern


def _by_strategy(files: dict[str, Any]) -> None:
    """The same ranks written by the strategy of each class."""
    kinds = {one["class"]: one["strategy"] for one in files["classes.yaml"]["classes"]}
    for path, pattern in files.items():
        if path.startswith("patterns/"):
            pattern["suits"] = {kinds[name]: suit for name, suit in pattern["suits"].items()}


def _add_dimensions(random: Random, files: dict[str, Any]) -> None:
    """Two dimensions, most factors in one of them, across the axes."""
    levels = [{"value": "tinggi", "above": "0.2", "label": TEXT}, {"value": "cukup", "above": "-0.2", "label": TEXT}]
    levels.append({"value": "rendah", "label": TEXT})
    files["dimensions.yaml"] = [
        {"dimension": name, "label": TEXT, "says": TEXT, "levels": levels} for name in ("d0", "d1")
    ]
    for path, factor in files.items():
        if path.startswith("swot/") and random.random() < 0.8:
            factor["dimension"] = random.choice(["d0", "d1"])


def _programme(random: Random, terms: dict[str, Json], findings: list[str]) -> list[Json]:
    entries: list[Json] = [
        {
            "action": "a0",
            "label": TEXT,
            "says": TEXT,
            "field": "capital",
            "source": ["s-open"],
            "when": condition(random, terms, 1, knowledge=True),
            **_period(random),
        },
        {"action": "a1", "label": TEXT, "says": TEXT, "field": "capital", "source": ["s-open"]},
        {
            "action": "a2",
            "label": TEXT,
            "says": TEXT,
            "field": "capital",
            "source": ["s-open"],
            "step": random.choice(["identify", "prepare", "carry_out", "monitor"]),
            "standing": "true",
            "when": condition(random, terms, 1, knowledge=True),
        },
    ]
    entries += [
        {"caution": f"c{n}", "when": condition(random, terms, 2, knowledge=True), "says": TEXT, "source": ["s-open"]}
        | _period(random)
        for n in range(2)
    ]
    for kind in ("SO", "ST", "WO", "WT"):
        entries.append({"strategy": f"g_{kind.lower()}", "kind": kind, "says": TEXT, "source": ["s-open"]})
        inner = [f for f in findings if f.startswith(kind[0])]
        outer = [f for f in findings if f.startswith(kind[1])]
        if inner and outer:
            entries.append(
                {
                    "strategy": f"h_{kind.lower()}",
                    "kind": kind,
                    "inner": inner,
                    "outer": outer,
                    "says": TEXT,
                    "source": ["s-open"],
                }
            )
    return entries


def _classes(random: Random) -> Json:
    corners = [("positive", "positive"), ("positive", "not_positive"), ("not_positive", "positive")]
    corners.append(("not_positive", "not_positive"))
    random.shuffle(corners)
    fostering = dict.fromkeys(("weight", "intensity", "priority", "duration"), TEXT)
    return {
        "reading": "any",
        "tie_band": random.choice(["0", "0.1", "0.25"]),
        "source": ["s-open"],
        "classes": [
            {
                "class": f"k{number}",
                "label": TEXT,
                "x": x,
                "y": y,
                "strategy": ("S" if x == "positive" else "W") + ("O" if y == "positive" else "T"),
                "says": TEXT,
                "why": TEXT,
                "fostering": fostering,
                "source": ["s-open"],
            }
            for number, (x, y) in enumerate(corners, 1)
        ],
    }


def firm(random: Random, files: dict[str, Any], known: float | None = None) -> Json:
    """A dossier for a rule base: each base fact known with probability `known`, else in one of the unknown states."""
    share = random.choice([0.2, 0.6, 0.9, 1.0]) if known is None else known
    facts: Json = {}
    for fact in files["vocabulary/all.yaml"]:
        if "derived" in fact:
            continue
        if random.random() >= share:
            state = random.choice(["", "tidak diketahui", "refused", "absent"])
            if state != "absent":
                facts[fact["id"]] = state or None
            continue
        value = _answer(random, fact)
        facts[fact["id"]] = value
        if random.random() < 0.4:
            facts[fact["id"]] = {"value": value, "grade": random.choice(["stated", "document", "verified"])}
    return {"firm": "Random", "as_of": random.choice(DAYS), "facts": facts}


def _answer(random: Random, fact: Json) -> Any:
    kind = fact["type"]
    if kind in ("money", "integer"):
        return random.randint(int(fact["min"]), random.choice([min(int(fact["max"]), 8), int(fact["max"])]))
    if kind in ("decimal", "percent"):
        low = 0 if fact["min"] == "0" else -1
        tenths = random.randint(low, 2 if fact["max"] == "0.2" else 90)
        return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
    return constant(random, fact)
