"""JSON Schemas (draft 2020-12) of every kind of file, made from a rule base, so that an editor completes its ids.

What keys an entry has is taken from the constants that its reader uses (`kb.text.Keys`); what names there are, from the
rule base. A schema never asks for more than the reader does; what no schema can say (periods that overlap, examples
that fit, ranges) stays with `mitra check`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from kb.model import Knowledge
from kb.schema import firms, rules
from kb.schema.base import labels, law, manifest, vocabulary
from kb.schema.parts import Schema, Terms, document


class Kind(NamedTuple):
    """One kind of file: where its files stand in a rule base ('' outside one), and how its schema is made."""

    files: tuple[str, ...]
    make: Callable[[Knowledge], Schema]


KINDS: Mapping[str, Kind] = {
    "manifest": Kind(("manifest.yaml",), manifest),
    "labels": Kind(("labels.yaml",), labels),
    "vocabulary": Kind(("vocabulary/*.yaml",), vocabulary),
    "law": Kind(("law/*.yaml",), law),
    "eligibility": Kind(("eligibility/*.yaml",), rules.eligibility),
    "factor": Kind(("swot/internal/*.yaml", "swot/external/*.yaml"), rules.factor),
    "classes": Kind(("classes.yaml", "classes-*.yaml"), rules.classes),
    "dimensions": Kind(("dimensions.yaml",), rules.dimensions),
    "pattern": Kind(("patterns/*.yaml",), rules.pattern),
    "principles": Kind(("principles.yaml",), rules.principles),
    "programme": Kind(("programme/*.yaml",), rules.programme),
    "invariants": Kind(("invariants.yaml",), rules.invariants),
    "cases": Kind(("cases/*.yaml",), firms.cases),
    "dossier": Kind((), firms.dossier),
    "partner": Kind((), firms.partner),
}


def schemas(knowledge: Knowledge) -> dict[str, Schema]:
    """The schema of each kind of file."""
    definitions = Terms(knowledge).definitions
    name = f"{knowledge.manifest.name} {knowledge.manifest.version}"
    return {kind: document(f"{kind}: {name}", one.make(knowledge), definitions) for kind, one in KINDS.items()}
