"""Who carries which name in a rule base. Names are looked at before anything is read, so that one carried twice is one
problem and not one for each rule that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from kb.condition import RESERVED
from kb.folder import Files, chosen_table
from kb.problem import Mark, Problems
from kb.source import Mapping, Node, Scalar, Sequence

FACT, TERM, FINDING, CLASS, PATTERN = "a fact", "an eligibility term", "a finding", "a class", "a pattern"
SOURCE, PARAMETER, FACTOR, CASE = "a source", "a parameter", "a factor", "a case"
DIMENSION, INVARIANT = "a dimension", "an invariant"
_PROGRAMME = {"action": "an action", "strategy": "a strategy", "caution": "a caution"}
# These have a space of names each; all others share one. Cases look after their own.
_APART = (SOURCE, PARAMETER, FACTOR, CASE)
# These a condition can read, and a name that means two of them cannot be read at all.
_READ = (FACT, TERM, FINDING)


class Claim(NamedTuple):
    """One entry's hold on a name."""

    name: str
    kind: str
    mark: Mark


def claims_of(files: Files, problems: Problems) -> list[Claim]:
    """Every name that an entry gives itself. What stands in an entry without a name is noted as unusable."""
    entries, single = files.entries, files.single
    swot = entries["swot/internal"] + entries["swot/external"]
    cases = [item for node in entries["cases"] for item in _members(node)]
    table = single.get(chosen_table(single))
    groups: list[tuple[Iterable[Node], dict[str, str]]] = [
        (entries["vocabulary"], {"id": FACT}),
        (entries["law"], {"parameter": PARAMETER, "source": SOURCE}),
        (entries["eligibility"], {"term": TERM}),
        (swot, {"factor": FACTOR}),
        (_inside(swot, "findings", problems), {"id": FINDING}),
        (_inside([table] if table is not None else [], "classes", problems), {"class": CLASS}),
        (entries["patterns"], {"pattern": PATTERN}),
        (_members(single.get("principles.yaml")), {"principle": "a principle"}),
        (_members(single.get("dimensions.yaml")), {"dimension": DIMENSION}),
        (_members(single.get("invariants.yaml")), {"invariant": INVARIANT}),
        (entries["programme"], _PROGRAMME),
        (cases, {"case": CASE}),
    ]
    return [claim for nodes, kinds in groups for node in nodes if (claim := _claim(node, kinds, problems))]


def _claim(node: Node, kinds: dict[str, str], problems: Problems) -> Claim | None:
    for key, kind in kinds.items():
        written = node.get(key) if isinstance(node, Mapping) else None
        if isinstance(written, Scalar) and written.text.strip():
            return Claim(written.text.strip(), kind, written.mark)
    problems.unusable |= set(_scalars(node))
    return None


def _members(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _inside(nodes: Iterable[Node], key: str, problems: Problems) -> list[Node]:
    """The entries that stand in a list of other entries."""
    found: list[Node] = []
    for node in nodes:
        inner = node.get(key) if isinstance(node, Mapping) else None
        if not isinstance(inner, Sequence):
            problems.unusable |= set(_scalars(node))
        found += _members(inner)
    return found


def _scalars(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text.strip()
    else:
        for part in node.items if isinstance(node, Sequence) else [value for _, value in node]:
            yield from _scalars(part)


def check_names(claims: list[Claim], problems: Problems) -> set[str]:
    """One problem for each name that is reserved or carried twice; the facts and terms that cannot be read for it."""
    contested: set[str] = set()
    shared = [c for c in claims if c.kind not in _APART]
    apart = [[c for c in claims if c.kind == kind] for kind in (SOURCE, PARAMETER, FACTOR)]
    for claim in shared:
        if claim.name in RESERVED:
            fault = f"'{claim.name}' is a word of the rules language."
            problems.error("KB205", claim.mark, fault, "Choose another name.")
    for space in (shared, *apart):
        for name, same in groupby(sorted(space), key=lambda claim: claim.name):
            # A file whose entry has another name than its own is called a copy by that already.
            rivals = sorted((c for c in same if not _misnamed(c)), key=lambda claim: claim.mark)
            for later in rivals[1:]:
                _report(rivals[0], later, problems)
            kinds = [claim.kind for claim in rivals]
            if sum(kind in _READ for kind in kinds) > 1 or kinds.count(PARAMETER) > 1:
                contested.add(name)
            if kinds.count(CLASS) > 1:
                # One of the four is called by a wrong name, and which one is not known.
                contested.add("class")
    return contested


def _misnamed(claim: Claim) -> bool:
    return claim.kind in (TERM, FACTOR, PATTERN) and claim.name != Path(claim.mark.file).stem


def _report(first: Claim, later: Claim, problems: Problems) -> None:
    other = later.kind.replace("a ", "another ", 1) if later.kind == first.kind else later.kind
    problems.error(
        "KB206",
        later.mark,
        f"'{later.name}' is {first.kind} at {first.mark} and {other} at {later.mark}.",
        "Rename one of them.",
    )
