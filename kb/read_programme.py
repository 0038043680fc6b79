"""Reading the programme (actions, strategies, cautions), the whole cases and the manifest."""

from __future__ import annotations

import datetime
from collections.abc import Mapping as Map
from fractions import Fraction

from kb.condition import Scope, read_when
from kb.dossier import read_facts
from kb.law import read_day, read_in_force
from kb.model import FIELDS, STEPS, STRATEGIES, Acceptance, Action, Case, Clause, Manifest, Strategy
from kb.problem import CODES, Problems, did_you_mean
from kb.read_rules import check_places, check_says, sources_of
from kb.source import Mapping, Node, Scalar, Sequence
from kb.text import Fields, Keys, Placed, place_of
from kb.values import BadValue, Code, read_decimal
from kb.vocabulary import GRADES, Fact

_KINDS = ("action", "strategy", "caution")
ACTION = Keys(("action", "label", "says", "field", "source"), ("step", "standing", "when", "in_force"))
STRATEGY = Keys(("strategy", "kind", "says", "source"), ("inner", "outer"))
CAUTION = Keys(("caution", "when", "says", "source"), ("in_force",))
CASE = Keys(("case", "as_of", "facts", "expect"), ("like", "why"))
MANIFEST = Keys(
    ("name", "version", "title", "owner", "reading", "classes", "examples_as_of"), ("present_relation", "accepted")
)
ACCEPTED = Keys(("doubt", "about", "why"), ("words",))
DOUBTS = tuple(code for code in CODES if code.startswith(("KB5", "PR1")))


def read_programme_entry(node: Node, scope: Scope, problems: Problems) -> Action | Strategy | Clause | None:
    """One entry of a programme file; its first key says what it is."""
    if isinstance(node, Mapping):
        for kind in _KINDS:
            if node.get(kind) is not None:
                return _READ[kind](node, scope, problems)
    problems.error(
        "KB202",
        node.mark,
        "the entry is neither action, strategy nor caution.",
        "Begin it with 'action:', 'strategy:' or 'caution:'.",
    )
    return None


def _action(node: Node, scope: Scope, problems: Problems) -> Action | None:
    fields = Fields(node, "an action", problems, *ACTION)
    name, when = fields.identifier("action"), read_when(fields.node("when"), scope, problems)
    says = fields.text("says")
    check_says(fields, says, when, problems)
    if not name:
        return None
    field = fields.one_of("field", FIELDS)
    period = read_in_force(fields, problems)
    step = fields.one_of("step", STEPS, "carry_out")
    standing = fields.one_of("standing", ("true", "false")) == "true"
    label, sources = fields.text("label"), sources_of(fields)
    return Action(name, label, says, field, step, standing, when, period, sources, fields.at("action"))


def _strategy(node: Node, scope: Scope, problems: Problems) -> Strategy | None:
    fields = Fields(node, "a strategy", problems, *STRATEGY)
    name, kind = fields.identifier("strategy"), fields.one_of("kind", STRATEGIES)
    inner, outer = sources_of(fields, "inner"), sources_of(fields, "outer")
    if ("inner" in fields) != ("outer" in fields) or bool(inner) != bool(outer):
        remedy = "Name findings under each, or remove both."
        problems.error("KB202", fields.mark, "'inner' and 'outer' stand together or not at all.", remedy)
    says = fields.text("says")
    check_places(says, ("inner", "outer") if inner or outer else (), fields.at("says"), problems)
    if not name or not kind:
        return None
    return Strategy(name, kind, inner, outer, says, sources_of(fields), fields.at("strategy"))


def _caution(node: Node, scope: Scope, problems: Problems) -> Clause | None:
    fields = Fields(node, "a caution", problems, *CAUTION)
    name, when = fields.identifier("caution"), read_when(fields.node("when"), scope, problems)
    says = fields.text("says")
    check_says(fields, says, when, problems)
    if not name:
        return None
    return Clause(name, when, says, read_in_force(fields, problems), sources_of(fields), fields.at("caution"))


_READ = {"action": _action, "strategy": _strategy, "caution": _caution}

EXPECT = Keys(
    (),
    (
        "class",
        "possible",
        "final",
        "borderline",
        "dimensions",
        "findings",
        "eligibility",
        "recommended",
        "recommendation_final",
        "patterns",
        "margins",
        "actions",
        "cautions",
        "strategies",
        "preparations",
        "principles",
    ),
)
# Expectations that name what must be there and what must not.
_LISTS = ("findings", "actions", "cautions", "strategies", "preparations")


def read_cases(node: Node, facts: Map[str, Fact], problems: Problems) -> list[tuple[Case, str]]:
    """The cases of one file, each with the name of the case it starts from ('' for none)."""
    found: list[tuple[Case, str]] = []
    if not isinstance(node, Sequence):
        problems.error("KB204", node.mark, "a case file is a list.", "Begin each case with '- case: …'.")
        return found
    for item in node.items:
        fields = Fields(item, "a case", problems, *CASE)
        day_node, facts_node = fields.node("as_of"), fields.node("facts")
        day = read_day(day_node, problems) if day_node is not None else None
        stated = read_facts(facts_node, facts, "firm", problems) if facts_node is not None else {}
        expect_node = fields.node("expect")
        expect = _expectations(expect_node, problems) if expect_node is not None else {}
        if day is None or not fields.word("case"):
            continue
        # An unknown answer in a case takes back what the case it is like knew.
        known = {name: fact.value for name, fact in stated.items()}
        grades = {name: fact.grade for name, fact in stated.items() if fact.grade != GRADES[0]}
        case = Case(fields.word("case"), day, known, expect, fields.mark, grades)
        found.append((case, Placed(fields.word("like"), fields.at("like"))))
    return found


def _expectations(node: Node, problems: Problems) -> dict[str, object]:
    fields = Fields(node, "'expect'", problems, *EXPECT)
    found: dict[str, object] = {}
    for key in fields.nodes:
        found[key] = plain(fields.nodes[key])
        if key in ("possible", "recommended") and isinstance(found[key], str):
            found[key] = [found[key]]
        inner = found[key]
        if key in _LISTS and isinstance(inner, dict):
            found[key] = {k: [v] if isinstance(v, str) else v or [] for k, v in inner.items()}
        if key == "margins":
            found[key] = _margins(fields.nodes[key], problems)
    if fields.usable and not fields.nodes:
        problems.error("KB419", node.mark, "'expect' is empty.", "Say at least the class.")
    return found


def _margins(node: Node, problems: Problems) -> dict[str, Fraction]:
    """Exact margins by axis letter, as `assess --format json` prints them."""
    fields = Fields(node, "'margins'", problems, (), ("x", "y"))
    found: dict[str, Fraction] = {}
    for key in fields.nodes:
        try:
            found[key] = read_decimal(fields.word(key), thousands=False)
        except BadValue as bad:
            problems.error(bad.code, fields.at(key), bad.message, bad.remedy)
    return found


def plain(node: Node) -> object:
    """A node as plain text that knows its place, lists and mappings; `true`, `false` and null read as such."""
    if isinstance(node, Scalar):
        words = {"true": True, "false": False, "ya": True, "tidak": False}
        return None if node.empty else words.get(node.text, Placed(node.text, node.mark))
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {Placed(key.text, key.mark): plain(value) for key, value in node}


def follow_likes(found: list[tuple[Case, str]], problems: Problems) -> tuple[Case, ...]:
    """Cases with the facts of the case each is like filled in; a circle or an unknown name is a problem."""
    by_name = {case.name: (case, like) for case, like in found}
    done = []
    for case, like in found:
        chain, seen = [case], {case.name}
        while like and (like in by_name or like not in problems.unusable):
            if like not in by_name or like in seen:
                fault, hint = "is not a case", did_you_mean(like, by_name)
                if like in seen:
                    fault, hint = "goes round in a circle", ""
                hint = hint or "Name a case that does not start from this one."
                problems.error("KB416", place_of(like, case.mark), f"like '{like}' {fault}.", hint)
                break
            seen.add(like)
            chain.append(by_name[like][0])
            like = by_name[like][1]
        facts: dict[str, Code | None] = {}
        grades: dict[str, str] = {}
        for link in reversed(chain):
            facts.update(link.facts)
            grades = {name: grade for name, grade in grades.items() if name not in link.facts} | dict(link.grades)
        done.append(case._replace(facts=facts, grades=grades))
    return tuple(done)


def read_manifest(node: Node, tables: tuple[str, ...], problems: Problems) -> Manifest | None:
    """The manifest; `tables` are the class tables it may choose from."""
    fields = Fields(node, "the manifest", problems, *MANIFEST)
    day_node = fields.node("examples_as_of")
    day = read_day(day_node, problems) if day_node is not None else None
    fields.one_of("classes", tables or ("classes.yaml",))
    if not fields.usable:
        return None
    return Manifest(
        fields.word("name"),
        fields.word("version"),
        fields.text("title"),
        fields.text("owner"),
        fields.word("reading"),
        Placed(fields.word("present_relation"), fields.at("present_relation")),
        day or datetime.date.max,
        tuple(_acceptance(item, problems) for item in fields.items("accepted")),
        fields.at("name"),
    )


def _acceptance(node: Node, problems: Problems) -> Acceptance:
    fields = Fields(node, "an accepted doubt", problems, *ACCEPTED)
    code = fields.one_of("doubt", DOUBTS)
    return Acceptance(code, fields.word("about"), fields.word("words"), fields.text("why"), fields.mark)
