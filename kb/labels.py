"""labels.yaml: words for values and units, used by every fact that has them."""

from __future__ import annotations

from kb.problem import Problems
from kb.source import Mapping, Node
from kb.text import Fields, Keys, Text

LABELS = Keys((), ("values", "units", "one"))


def read_labels(node: Node, problems: Problems) -> tuple[dict[str, Text], ...]:
    """Words of values, of units, and of exactly one of a unit."""
    fields = Fields(node, "the labels", problems, *LABELS)
    found: list[dict[str, Text]] = []
    for key in LABELS.optional:
        inner = fields.node(key)
        keys = tuple(k.text for k, _ in inner) if isinstance(inner, Mapping) else ()
        names = Fields(inner, f"'{key}'", problems, (), keys) if inner is not None else None
        found.append({name: names.text(name) for name in names.nodes} if names else {})
    return tuple(found)
