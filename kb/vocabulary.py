"""The vocabulary: every fact an expert may test, with its type, range, words and, where derived, how it is computed."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from fractions import Fraction

from kb.derivation import Derived, operands_of, read_derived, read_value
from kb.problem import Mark, Problems
from kb.source import Mapping, Node
from kb.text import NO_TEXT, Fields, Keys, Text, identifier, word
from kb.values import CODE_LIMIT, NUMERIC, STEPS, TYPES, WHOLE, BadValue, Domain, plain_number, read_decimal, read_whole

ANSWERERS = ("firm", "partner", "field_officer", "public_record")
GRADES = ("stated", "document", "verified")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the vocabulary. `derived` is None for a base fact, which a dossier may state."""

    id: str
    label: Text
    domain: Domain
    mark: Mark
    unit: str = ""
    value_labels: Map[str, Text] = field(default_factory=dict)
    better: str = ""
    ask: Text = NO_TEXT
    answered_by: str = ""
    evidence: Text = NO_TEXT
    ask_effort: int | None = None
    change_effort: int | None = None
    change_step: int | None = None
    protected: bool = False
    source: tuple[str, ...] = ()
    derived: Derived | None = None

    def operands(self) -> tuple[str, ...]:
        """Terms a derived fact is computed from; the day of assessment is not one."""
        return operands_of(self.derived)


_SHARED = ("unit", "value_labels", "source", "values")
FACT = Keys(
    ("id", "label", "type", "ask", "answered_by", "evidence"),
    (*_SHARED, "min", "max", "step", "better", "ask_effort", "change_effort", "change_step", "protected"),
)
DERIVED_FACT = Keys(("id", "label", "type", "derived"), _SHARED)
BETTER = ("higher", "lower")
EFFORTS = (1, 5)


def read_fact(node: Node, problems: Problems) -> Fact | None:
    """One entry of a vocabulary file, typed; None when it cannot be used at all."""
    is_derived = isinstance(node, Mapping) and node.get("derived") is not None
    what, keys = ("a derived fact", DERIVED_FACT) if is_derived else ("a fact", FACT)
    fields = Fields(node, what, problems, *keys)
    fact_id, kind = fields.identifier("id"), fields.one_of("type", TYPES)
    if not fact_id or not kind:
        return None
    derived_node = fields.node("derived")
    derived = read_derived(derived_node, kind, fields, problems) if derived_node is not None else None
    domain = _domain(fields, kind, is_derived, problems)
    if domain is None or (is_derived and derived is None):
        return None
    return Fact(
        id=fact_id,
        label=fields.text("label"),
        domain=domain,
        mark=fields.at("id"),
        unit=fields.word("unit"),
        value_labels=_value_labels(fields, domain, problems),
        better=fields.one_of("better", BETTER),
        ask=fields.text("ask"),
        answered_by=fields.one_of("answered_by", ANSWERERS),
        evidence=fields.text("evidence"),
        ask_effort=fields.whole("ask_effort", *EFFORTS),
        change_effort=fields.whole("change_effort", *EFFORTS),
        change_step=_change_step(fields, domain, problems),
        protected=fields.one_of("protected", ("true", "false")) == "true",
        source=fields.names("source"),
        derived=derived,
    )


def _value_labels(fields: Fields, domain: Domain, problems: Problems) -> dict[str, Text]:
    node = fields.node("value_labels")
    if node is None:
        return {}
    labels = Fields(node, "'value_labels'", problems, (), domain.values)
    return {value: labels.text(value) for value in labels.nodes}


def _change_step(fields: Fields, domain: Domain, problems: Problems) -> int | None:
    """Steps in the block that one `change_effort` buys; asked of numeric facts that a plan can change."""
    node = fields.node("change_step")
    numeric = domain.type in NUMERIC
    if node is None:
        if numeric and "change_effort" in fields:
            problems.error(
                "KB202",
                fields.mark,
                "a numeric fact with 'change_effort' lacks 'change_step'.",
                "Add it: what one effort buys.",
            )
        return None
    if not numeric or "change_effort" not in fields:
        problems.error("KB201", node.mark, "'change_step' needs a numeric fact with 'change_effort'.", "Remove it.")
        return None
    code = read_value(node, domain, "change_step", problems, bounded=False)
    if isinstance(code, int) and code > 0:
        return code
    if code is not None:
        problems.error("KB302", node.mark, "'change_step' must be above zero.", "Write what one effort buys.")
    return None


def _domain(fields: Fields, kind: str, is_derived: bool, problems: Problems) -> Domain | None:
    if kind in ("choice", "level"):
        values = tuple(v for n in fields.items("values") if (v := identifier(n, problems)))
        if len(set(values)) != len(values) or len(values) < 2:
            problems.error(
                "KB203", fields.at("values"), "'values' must be two or more different words.", "Write [one, other]."
            )
            return None
        return Domain(kind, values)
    if "values" in fields:
        problems.error(
            "KB201",
            fields.keys["values"],
            f"a fact of type {kind} has no 'values'.",
            "Remove them or use choice or level.",
        )
    if is_derived:
        # The range and step of a derived number follow from its operands; `kb.load` fills them in.
        return Domain(kind)
    if kind not in NUMERIC and kind != "date":
        return Domain(kind)
    return _range(fields, kind, problems)


def _range(fields: Fields, kind: str, problems: Problems) -> Domain | None:
    needed = ("min", "max") if kind == "date" else ("min", "max", "step")
    missing = [key for key in needed if key not in fields]
    if missing:
        problems.error(
            "KB308",
            fields.mark,
            f"a fact of type {kind} lacks {' and '.join(missing)}.",
            "Add them: the least and most an answer can be, and how finely it is told.",
        )
        return None
    step: Fraction | None = None
    if kind != "date":
        node = fields.nodes["step"]
        try:
            step = read_whole(word(node, "'step'", problems)) if kind in WHOLE else _decimal_step(node, problems)
        except BadValue as bad:
            problems.error(bad.code, node.mark, bad.message, bad.remedy)
            return None
        if step <= 0 or (kind not in WHOLE and step not in STEPS):
            usual = "Use a whole number above zero." if kind in WHOLE else "Use 1, 0.1, 0.01, 0.001 or 0.0001."
            problems.error("KB308", node.mark, f"step {plain_number(step)} cannot be used.", usual)
            return None
    open_domain = Domain(kind, step=step)
    low = read_value(fields.nodes["min"], open_domain, "min", problems)
    high = read_value(fields.nodes["max"], open_domain, "max", problems)
    if not isinstance(low, int) or not isinstance(high, int):
        return None
    if low >= high or max(abs(low), abs(high)) > CODE_LIMIT:
        problems.error(
            "KB308", fields.at("max"), "the range is empty or too wide.", "Keep min below max and within 10^15 steps."
        )
        return None
    return Domain(kind, low=low, high=high, step=step)


def _decimal_step(node: Node, problems: Problems) -> Fraction:
    # 0.001 has three digits after its mark and is still not ambiguous: it begins with a zero.
    return read_decimal(word(node, "'step'", problems))
