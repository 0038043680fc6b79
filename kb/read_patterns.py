"""Reading patterns and principles: which relation fits which class, and what the law lets stand in its way."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import replace

from kb.condition import Condition, Scope, read_condition, read_when
from kb.law import ALWAYS_IN_FORCE, read_in_force
from kb.model import Class, Clause, Duty, Pattern, Principle, Suit
from kb.problem import Problems
from kb.read_rules import check_places, check_says, sources_of
from kb.source import Mapping, Node
from kb.text import NO_TEXT, Fields, Keys, Text

PATTERN = Keys(
    ("pattern", "label", "says", "source", "requires", "suits"),
    ("in_force", "fallback", "eligible", "barred_by", "duties", "clauses", "cautions", "prepare"),
)
CLAUSE = Keys(("source",), ("when", "says", "in_force"))
SUIT = Keys(("rank", "why"))
RANKS = (1, 99)
DUTIES = Keys((), ("partner", "firm"))
DUTY = Keys(("says", "source"))
PRINCIPLE = Keys(("principle", "label", "source", "when", "mend"), ("in_force", "for"))


def read_pattern(node: Node, scope: Scope, classes: tuple[Class, ...], problems: Problems) -> Pattern | None:
    """One pattern file. `scope` reads all terms up to the class; its cautions may also test knowledge."""
    fields = Fields(node, "a pattern", problems, *PATTERN)
    name = fields.identifier("pattern")
    if not name:
        return None
    duties_node = fields.node("duties")
    duties = Fields(duties_node, "'duties'", problems, *DUTIES) if duties_node is not None else None
    wide = replace(scope, knowledge_allowed=True)
    return Pattern(
        id=name,
        label=fields.text("label"),
        says=fields.text("says"),
        period=read_in_force(fields, problems),
        sources=sources_of(fields),
        fallback=fields.one_of("fallback", ("true", "false")) == "true",
        requires=_requires(fields, name, scope, problems),
        eligible=_clauses(fields, "eligible", f"{name}.eligible", scope, problems),
        bars=_clauses(fields, "barred_by", f"{name}.bar", scope, problems),
        suits=_suits(fields, classes, problems),
        partner_duties=_duties(duties, "partner", problems),
        firm_duties=_duties(duties, "firm", problems),
        clauses=_duties(fields, "clauses", problems),
        cautions=_clauses(fields, "cautions", f"{name}.caution", wide, problems),
        prepare=_clauses(fields, "prepare", f"{name}.prepare", scope, problems),
        mark=fields.at("pattern"),
    )


def _requires(fields: Fields, name: str, scope: Scope, problems: Problems) -> Clause | None:
    node = fields.node("requires")
    if node is None:
        return None
    if isinstance(node, Mapping) and node.get("when") is not None:
        return read_clause(node, f"{name}.requires", scope, problems)
    when = read_when(node, scope, problems)
    return Clause(f"{name}.requires", when, NO_TEXT, ALWAYS_IN_FORCE, (), node.mark)


def _clauses(fields: Fields | None, key: str, prefix: str, scope: Scope, problems: Problems) -> tuple[Clause, ...]:
    if fields is None or key not in fields:
        return ()
    found = []
    for number, item in enumerate(fields.items(key), 1):
        clause = read_clause(item, f"{prefix}_{number}", scope, problems)
        if clause is not None:
            found.append(clause)
    return tuple(found)


def read_clause(node: Node, clause_id: str, scope: Scope, problems: Problems) -> Clause | None:
    """`{when, says, source, in_force}`: all but `source` may be left out; a sentence may name the terms it reads."""
    fields = Fields(node, "this entry", problems, *CLAUSE)
    if not fields.usable:
        return None
    when = read_when(fields.node("when"), scope, problems)
    says = fields.text("says")
    check_says(fields, says, when, problems)
    return Clause(clause_id, when, says, read_in_force(fields, problems), sources_of(fields), fields.mark)


def _suits(fields: Fields, classes: tuple[Class, ...], problems: Problems) -> dict[str, Suit]:
    """Ranks by class; written by class or by the strategy of its quadrant, which every class table has."""
    node = fields.node("suits")
    if node is None or not classes:
        # Without a usable class table nothing can be said about the names here.
        return {}
    entries = Fields(node, "'suits'", problems, (), (*(c.id for c in classes), *(str(c.strategy) for c in classes)))
    found = {}
    for one in classes:
        written = [key for key in (one.id, str(one.strategy)) if key in entries]
        if entries.usable and not written:
            remedy = f"Add '{one.id}:', or '{one.strategy}:' for whatever class stands there."
            problems.error("KB202", node.mark, f"'suits' lacks '{one.id}'.", remedy)
        if len(written) > 1:
            fault = f"'{one.id}' and '{one.strategy}' are the same class."
            problems.error("KB203", entries.keys[written[1]], fault, "Keep one of them.")
        for key in written[:1]:
            suit = Fields(entries.nodes[key], f"'suits' of {key}", problems, *SUIT)
            rank = suit.whole("rank", *RANKS)
            if rank is not None:
                found[one.id] = Suit(rank, suit.text("why"))
    return found


def _duties(fields: Fields | None, key: str, problems: Problems) -> tuple[Duty, ...]:
    if fields is None or key not in fields:
        return ()
    found = []
    for item in fields.items(key):
        duty = Fields(item, f"an entry of '{key}'", problems, *DUTY)
        if duty.usable:
            says: Text = duty.text("says")
            check_places(says, (), duty.at("says"), problems)
            found.append(Duty(says, sources_of(duty)))
    return tuple(found)


def read_principle(node: Node, scope: Scope, patterns: tuple[str, ...], problems: Problems) -> Principle | None:
    """One principle: `when` for every pattern that `for` does not name."""
    fields = Fields(node, "a principle", problems, *PRINCIPLE)
    name = fields.identifier("principle")
    default = read_when(fields.node("when"), scope, problems)
    for_node = fields.node("for")
    tests: dict[str, Condition] = {}
    if for_node is not None:
        unread = (key.text for key, _ in for_node) if isinstance(for_node, Mapping) else ()
        known = (*patterns, *(name for name in unread if name in problems.unusable))
        entries = Fields(for_node, "'for'", problems, (), known)
        for pattern, item in entries.nodes.items():
            condition = read_condition(item, scope, problems)
            if condition is not None:
                tests[pattern] = condition
    if not name or default is None:
        return None
    return Principle(
        name,
        fields.text("label"),
        read_in_force(fields, problems),
        sources_of(fields),
        default,
        tests,
        fields.text("mend"),
        fields.at("principle"),
    )


def clauses_of(pattern: Pattern) -> Map[str, Clause]:
    """Every conditional clause of a pattern by its id."""
    requires = (pattern.requires,) if pattern.requires else ()
    return {
        clause.id: clause
        for clause in (*requires, *pattern.eligible, *pattern.bars, *pattern.cautions, *pattern.prepare)
    }
