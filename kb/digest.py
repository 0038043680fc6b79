"""The digest of a rule base: what it says, not how it is laid out.

Entries are keyed by kind and id, keys sorted, comments, quoting, file and entry order gone. Examples and cases test the
rules and do not take part in a decision, so they are left out; every other word does, sentences included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as Map

from kb.source import Mapping, Node, Scalar, Sequence

_LEFT_OUT = "examples"


def digest(entries: Map[str, Map[str, Node]]) -> str:
    """`sha256:` and the hash of the canonical JSON of all entries, given as kind → id → node."""
    content = {
        kind: {name: _plain(_without_examples(node)) for name, node in named.items()} for kind, named in entries.items()
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _without_examples(entry: Node) -> Node:
    """A factor without the examples of its findings. Only there: elsewhere a fact may bear that name."""
    if not isinstance(entry, Mapping) or not isinstance(findings := entry.get("findings"), Sequence):
        return entry
    kept = tuple(_less(finding, _LEFT_OUT) for finding in findings.items)
    parts = ((key, Sequence(kept, findings.mark) if key.text == "findings" else value) for key, value in entry)
    return Mapping(tuple(parts), entry.mark)


def _less(node: Node, left_out: str) -> Node:
    if not isinstance(node, Mapping):
        return node
    return Mapping(tuple((key, value) for key, value in node if key.text != left_out), node.mark)


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return None if node.empty else " ".join(node.text.split())
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}
