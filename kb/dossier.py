"""What is known of one firm: facts with state and grade, read from a dossier and a partner file."""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection
from collections.abc import Mapping as Map
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kb.derivation import read_value
from kb.law import read_day
from kb.problem import FaultyDossier, Mark, Problems, TooManyProblems, did_you_mean
from kb.source import Mapping, Node, Scalar, read_bytes, read_file
from kb.text import Fields, Keys
from kb.values import Code
from kb.vocabulary import GRADES, Fact

STATES = ("known", "not_asked", "not_known", "refused")
NOT_KNOWN = ("tidak diketahui", "belum diketahui", "not known", "unknown")
REFUSED = ("tidak dijawab", "refused")
NOT_ASKED = ("tidak ditanyakan", "not asked")
_LONGEST_NAME = 200
DOSSIER = Keys(("firm", "facts"), ("as_of", "about", "notes", "partner"))
PARTNER = Keys(("partner", "facts"), ("about", "notes"))
PARTNER_WITHIN = Keys(("name", "facts"), ("about", "notes"))
STATED = Keys((), ("value", "grade", "note", "state"))


class Stated(NamedTuple):
    """One fact as stated. `value` is coded, or None with the state that says why."""

    value: Code | None
    state: str
    grade: str
    note: str
    stated_by: str
    mark: Mark


class Dossier(NamedTuple):
    """One firm's facts. `as_of` is None where the file gives no day of assessment."""

    firm: str
    as_of: datetime.date | None
    about: str
    notes: tuple[str, ...]
    partner: str
    facts: Map[str, Stated]
    mark: Mark

    def known(self) -> dict[str, Code]:
        """Coded values of the known facts, by id in alphabetical order, so that order in the file cannot matter."""
        return {name: s.value for name, s in sorted(self.facts.items()) if s.value is not None}


class _Names(NamedTuple):
    """What a dossier may state, and the terms that only the rules give a value."""

    facts: Map[str, Fact]
    terms: Collection[str]


def read_dossier(
    path: Path, shown: str, facts: Map[str, Fact], partner: Path | None = None, terms: Collection[str] = ()
) -> Dossier:
    """Read a dossier file; `partner` overrides the one it names. Raises FaultyDossier with every problem.

    `terms` are names of eligibility terms: stating one is a fault of its own, not a slip of the pen.
    """
    problems = Problems()
    with suppress(TooManyProblems):
        node = read_file(path, shown, problems)
        return _dossier(node, path.parent, shown, _Names(facts, terms), partner, problems)
    raise FaultyDossier(problems)


def read_dossier_bytes(
    data: bytes, shown: str, facts: Map[str, Fact], partner: Path | None = None, terms: Collection[str] = ()
) -> Dossier:
    """The same from bytes (standard input); a partner path is then relative to the working folder."""
    problems = Problems()
    with suppress(TooManyProblems):
        node = read_bytes(data, shown, problems)
        return _dossier(node, Path("."), shown, _Names(facts, terms), partner, problems)
    raise FaultyDossier(problems)


def _dossier(
    node: Node | None, folder: Path, shown: str, names: _Names, override: Path | None, problems: Problems
) -> Dossier:
    if node is None:
        if override is not None:
            _read_partner(override, str(override), names, problems)
        raise FaultyDossier(problems)
    fields = Fields(node, "a dossier", problems, *DOSSIER)
    as_of_node = fields.node("as_of")
    as_of = None
    if isinstance(as_of_node, Scalar) and as_of_node.empty:
        problems.error(
            "DS104",
            fields.keys["as_of"],
            "'as_of' gives no day of assessment.",
            "Write it as YYYY-MM-DD; leave 'as_of' out to assess for today.",
        )
    elif as_of_node is not None:
        as_of = read_day(as_of_node, problems)
    stated = (
        dict(read_facts(fields.nodes["facts"], names.facts, "firm", problems, names.terms)) if "facts" in fields else {}
    )
    partner_name, partner_facts = _partner(fields, folder, names, override, problems)
    for name, fact in partner_facts.items():
        if name in stated and stated[name].state != "not_asked":
            problems.error(
                "DS103",
                stated[name].mark,
                f"'{name}' is stated by the firm and by its partner ({fact.mark}).",
                "Keep it in one of the two.",
            )
        stated[name] = fact
    dossier = Dossier(
        _name(fields, "firm"),
        as_of,
        " ".join(_said(fields, "about").split()),
        tuple(" ".join(w.split()) for w, _ in fields.words("notes")) if _filled(fields, "notes") else (),
        partner_name,
        dict(sorted(stated.items())),
        Mark(shown),
    )
    if problems.errors:
        raise FaultyDossier(problems)
    return dossier


def _partner(
    fields: Fields, folder: Path, names: _Names, override: Path | None, problems: Problems
) -> tuple[str, Map[str, Stated]]:
    node = fields.node("partner")
    if override is not None:
        return _read_partner(override, str(override), names, problems)
    if node is None or (isinstance(node, Scalar) and node.empty):
        return "", {}
    if isinstance(node, Scalar):
        path = folder / node.text.strip()
        # Unlike Path.is_file, this takes a name that no file system allows for one that is not there.
        if not os.path.isfile(path):
            fault, remedy = _no_file(node.text.strip(), path)
            problems.error("DS105", node.mark, fault, remedy)
            return "", {}
        return _read_partner(path, str(path), names, problems)
    inline = Fields(node, "'partner'", problems, *PARTNER_WITHIN)
    stated = (
        read_facts(inline.nodes["facts"], names.facts, "partner", problems, names.terms) if "facts" in inline else {}
    )
    # A form that is not filled in yet leaves it empty: the partner is not named.
    return _name(inline, "name") if _filled(inline, "name") else "", stated


def _no_file(written: str, path: Path) -> tuple[str, str]:
    if written and os.path.isdir(path):
        return f"'{written[:80]}' is a folder, not a partner file.", "Name the partner's file in it."
    remedy = "Write its path as seen from the dossier, or the partner's name and facts here."
    return f"partner file '{written[:80]}' is not there.", remedy


def _read_partner(path: Path, shown: str, names: _Names, problems: Problems) -> tuple[str, Map[str, Stated]]:
    node = read_file(path, shown, problems)
    if node is None:
        return "", {}
    fields = Fields(node, "a partner file", problems, *PARTNER)
    stated = (
        read_facts(fields.nodes["facts"], names.facts, "partner", problems, names.terms) if "facts" in fields else {}
    )
    return _name(fields, "partner"), stated


def _name(fields: Fields, key: str) -> str:
    """What the firm or its partner is called: every answer begins with it."""
    written = " ".join(fields.word(key).split())
    if key not in fields or (written and len(written) <= _LONGEST_NAME and any(c.isalnum() for c in written)):
        return written
    fault = f"is longer than {_LONGEST_NAME} characters" if len(written) > _LONGEST_NAME else "names nobody"
    fields.problems.error("DS107", fields.at(key), f"'{key}' {fault}.", "Write the name in a few words.")
    return ""


def read_facts(
    node: Node, facts: Map[str, Fact], stated_by: str, problems: Problems, terms: Collection[str] = ()
) -> dict[str, Stated]:
    """A mapping of facts, typed by the vocabulary. An empty one is allowed: nothing has been asked yet."""
    if isinstance(node, Scalar) and node.empty:
        return {}
    if not isinstance(node, Mapping):
        problems.error("KB204", node.mark, "'facts' must be a mapping.", "Write 'fact: value' lines.")
        return {}
    found: dict[str, Stated] = {}
    for key, value in node:
        fact = facts.get(key.text)
        if fact is None and key.text in problems.unusable:
            continue
        if fact is None or fact.derived is not None:
            _refuse(key, facts, terms, problems)
            continue
        stated = _stated(fact, key, value, stated_by, problems)
        if stated is not None:
            found[fact.id] = stated
    return found


def _refuse(key: Scalar, facts: Map[str, Fact], terms: Collection[str], problems: Problems) -> None:
    """A name that nobody may state: derived from facts, given by the rules, or not known at all."""
    name = key.text
    if name in facts:
        operands = " and ".join(facts[name].operands()) or "its operands"
        problems.error("DS102", key.mark, f"'{name}' is derived and cannot be stated.", f"State {operands} instead.")
    elif name in terms:
        remedy = f"State the facts it rests on: 'mitra show {name}' lists them."
        problems.error("DS102", key.mark, f"'{name}' is derived by the rules and cannot be stated.", remedy)
    else:
        base = [known for known, fact in facts.items() if fact.derived is None]
        remedy = did_you_mean(name, base) or "See 'mitra show facts'."
        problems.error("DS101", key.mark, f"'{name}' is not a fact.", remedy)


def _stated(fact: Fact, key: Scalar, node: Node, stated_by: str, problems: Problems) -> Stated | None:
    grade, note, state, graded = "stated", "", "", None
    value: Node | None = node
    if isinstance(node, Mapping):
        fields = Fields(node, f"'{fact.id}'", problems, *STATED)
        value = fields.node("value")
        written = _choice(fields, "grade", GRADES, problems)
        grade, graded = written or "stated", fields.at("grade") if written else None
        state = _choice(fields, "state", STATES, problems)
        note = " ".join(_said(fields, "note").split())
    elif not isinstance(node, Scalar):
        problems.error("KB204", node.mark, f"'{fact.id}' needs one value, not a list.", "Write one value.")
        return None
    if value is not None and not isinstance(value, Scalar):
        problems.error("KB204", value.mark, f"'{fact.id}' needs one value.", "Write one value.")
        return None
    unknown = _unknown_state(value)
    if unknown:
        if state == "known":
            problems.error(
                "DS106",
                node.mark,
                f"'{fact.id}' is said to be known but has no value.",
                "Give the value, or another state.",
            )
            return None
        if graded:
            # Evidence is evidence of a value: a grade left standing here hides an answer that was never written.
            fault = f"'{fact.id}' is graded '{grade}' but has no value."
            problems.error("DS106", graded, fault, "Give the value, or remove the grade.")
            return None
        return Stated(None, state or unknown, grade, note, stated_by, key.mark)
    if state not in ("", "known"):
        problems.error(
            "DS106", node.mark, f"'{fact.id}' has a value and state '{state}'.", "Remove the value or the state."
        )
        return None
    assert value is not None
    code = read_value(value, fact.domain, fact.id, problems)
    return None if code is None else Stated(code, "known", grade, note, stated_by, key.mark)


def _filled(fields: Fields, key: str) -> bool:
    """Whether something stands behind a key: a form filled in by hand leaves some of them empty."""
    node = fields.node(key)
    return node is not None and not (isinstance(node, Scalar) and node.empty)


def _said(fields: Fields, key: str) -> str:
    return fields.word(key) if _filled(fields, key) else ""


def _choice(fields: Fields, key: str, allowed: tuple[str, ...], problems: Problems) -> str:
    written = _said(fields, key)
    if written and written not in allowed:
        problems.error("DS106", fields.at(key), f"'{written}' is not a {key}.", did_you_mean(written, allowed))
        return ""
    return written


def _unknown_state(node: Node | None) -> str:
    if node is None or (isinstance(node, Scalar) and node.empty):
        return "not_asked"
    words = " ".join(node.text.lower().split()) if isinstance(node, Scalar) else ""
    if words in NOT_KNOWN:
        return "not_known"
    if words in REFUSED:
        return "refused"
    return "not_asked" if words in NOT_ASKED else ""
