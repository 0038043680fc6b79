"""From a folder of YAML to a checked `Knowledge`, in stages, so that every fault of every file is found at once."""

from __future__ import annotations

import datetime
import importlib
import os
import pkgutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

import kb.checks
import rules
from kb.complete import complete
from kb.condition import RESERVED, Scope
from kb.digest import digest
from kb.dimension import read_dimension
from kb.folder import chosen_table, listed, read_folder, tables
from kb.invariant import read_invariant
from kb.labels import read_labels
from kb.law import Parameter, Source, read_law_entry
from kb.model import Action, ClassTable, Clause, Factor, Knowledge, Manifest, Strategy
from kb.names import (
    CASE,
    CLASS,
    DIMENSION,
    FACT,
    FINDING,
    INVARIANT,
    PARAMETER,
    PATTERN,
    SOURCE,
    TERM,
    check_names,
    claims_of,
)
from kb.problem import FaultyKnowledge, Mark, Problems, TooManyProblems
from kb.read_patterns import read_pattern, read_principle
from kb.read_programme import follow_likes, read_cases, read_manifest, read_programme_entry
from kb.read_rules import check_places, read_classes, read_eligibility, read_factor
from kb.source import Mapping, Node, Scalar, Sequence, collector_paused
from kb.text import NO_TEXT, each
from kb.values import Domain
from kb.vocabulary import Fact, read_fact


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def mark(self) -> Mark: ...


N = TypeVar("N", bound=Named)


# What checks look at where the manifest or the class table cannot be read; nothing is decided with these.
_NO_MANIFEST = Manifest("", "", NO_TEXT, NO_TEXT, "", "", datetime.date.max, (), Mark(""))
_NO_TABLE = ClassTable("", 0, 1, (), (), Mark(""))


def shipped() -> Path:
    """The folder of the rule base that comes with Mitra."""
    return Path(rules.__file__ or "").parent


def load(folder: Path, shown: str = "", tests: bool = True) -> Knowledge:
    """The rule base in `folder`, ready to decide with. Raises FaultyKnowledge with every problem found.

    Without `tests` the cases and invariants are not read: they try the rules and decide nothing.
    """
    problems = Problems()
    knowledge = None
    with collector_paused(), suppress(TooManyProblems):
        knowledge = read(folder, shown or str(folder), problems, tests)
    if knowledge is None or problems.errors:
        raise FaultyKnowledge(p for p in problems if p.severity == "error")
    return knowledge


def examine(folder: Path, shown: str = "") -> tuple[Knowledge | None, Problems]:
    """Everything that can be said about a rule base without running it: `load`, and the slower checks for doubts."""
    problems = Problems()
    knowledge = None
    with collector_paused(), suppress(TooManyProblems):
        knowledge = read(folder, shown or str(folder), problems)
    if knowledge is not None and not problems.errors:
        for module in _checks():
            if not module.AT_LOAD:
                module.check(knowledge, problems)
        # Doubts of a proof arise in a proof.
        for one in (a for a in knowledge.manifest.accepted if not a.code.startswith("PR")):
            if not problems.accept(one.code, one.about, one.words):
                told = f" in the words '{one.words}'" if one.words else ""
                fault = f"there is no doubt {one.code} about '{one.about}'{told} to be accepted."
                problems.doubt("KB514", one.mark, fault, "Remove the entry, or correct its code, name or words.")
    return knowledge, problems


class Check(Protocol):
    AT_LOAD: bool

    def check(self, knowledge: Knowledge, problems: Problems) -> None: ...


def _checks() -> list[Check]:
    """The modules of `kb.checks`, found and not listed: adding a check touches one file and its test."""
    names = sorted(m.name for m in pkgutil.iter_modules(kb.checks.__path__))
    return [importlib.import_module(f"kb.checks.{name}") for name in names]


def read(folder: Path, shown: str, problems: Problems, tests: bool = True) -> Knowledge | None:
    """Read all files and check what could be read; None when the base has no usable manifest, class table or folder."""
    # Unlike Path.is_dir, this takes a name that no file system allows for one that is not there.
    if not os.path.isdir(folder):
        problems.error("KB101", Mark(shown), f"'{shown}' is not a folder.", "Name the folder that holds manifest.yaml.")
        return None
    files = read_folder(folder, shown, problems, tests)
    if files is None:
        return None
    single, entries = files
    claims = claims_of(files, problems)
    contested = check_names(claims, problems)
    problems.unusable |= contested

    def kept(kind: str, found: Iterable[N]) -> dict[str, N]:
        """Entries of a kind by id; ids that were written and are not among them are unusable."""
        named = {entry.id: entry for entry in sorted(found, key=lambda e: (e.id, e.mark), reverse=True)}
        problems.unusable |= {claim.name for claim in claims if claim.kind == kind} - set(named)
        return dict(sorted(named.items()))

    law = each(entries["law"], lambda n: read_law_entry(n, problems))
    sources = kept(SOURCE, (e for e in law if isinstance(e, Source)))
    parameters = kept(PARAMETER, (e for e in law if isinstance(e, Parameter)))
    parameters = {name: parameter for name, parameter in parameters.items() if name not in problems.unusable}
    stated = kept(FACT, each(entries["vocabulary"], lambda n: read_fact(n, problems)))
    stated = {name: fact for name, fact in stated.items() if name not in contested and name not in RESERVED}
    facts = complete(stated, parameters, problems)

    findings = [claim.name for claim in claims if claim.kind == FINDING]
    later = {claim.name: claim.kind for claim in claims if claim.kind in (TERM, FINDING)} | {"class": "the class"}
    early = Scope({name: fact.domain for name, fact in facts.items()}, later, parameters, facts)

    eligible = each(entries["eligibility"], lambda n: read_eligibility(n, early, problems))
    eligibility = kept(TERM, (e for e in eligible if e.id not in contested and e.id not in RESERVED))
    factors: dict[str, Factor] = {}
    for axis in ("internal", "external"):
        found = each(entries[f"swot/{axis}"], lambda n: read_factor(n, early, facts, problems))
        _check_axis(axis, found, problems)
        factors |= kept("", found)
    dimension_nodes = listed(single["dimensions.yaml"], problems) if "dimensions.yaml" in single else []
    dimensions = kept(DIMENSION, each(dimension_nodes, lambda n: read_dimension(n, problems)))
    kept(FINDING, (finding for factor in factors.values() for finding in factor.findings))
    read_tables = {name: read_classes(single[name], problems) for name in tables(single)}
    table = read_tables.pop(chosen_table(single), None)
    named = kept(CLASS, table.classes) if table and "class" not in contested else {}
    classes = tuple(named)
    problems.unusable |= set() if classes else {"class"}

    terms = dict(early.terms) | {e.id: e.domain for e in eligibility.values()}
    terms |= {name: Domain("boolean") for name in findings if name not in contested}
    if classes:
        terms["class"] = Domain("choice", classes)
    late = Scope(terms, {}, parameters, facts)
    wide = Scope(terms, {}, parameters, facts, knowledge_allowed=True)
    patterns = kept(
        PATTERN, each(entries["patterns"], lambda n: read_pattern(n, late, tuple(named.values()), problems))
    )
    listed_ones = listed(single["principles.yaml"], problems) if "principles.yaml" in single else []
    kinds = tuple(claim.name for claim in claims if claim.kind == PATTERN)
    principles = kept("", each(listed_ones, lambda n: read_principle(n, late, kinds, problems)))
    programme = each(entries["programme"], lambda n: read_programme_entry(n, wide, problems))
    actions = kept("an action", (e for e in programme if isinstance(e, Action)))
    strategies = kept("a strategy", (e for e in programme if isinstance(e, Strategy)))
    invariant_nodes = listed(single["invariants.yaml"], problems) if "invariants.yaml" in single else []
    invariants = kept(INVARIANT, each(invariant_nodes, lambda n: read_invariant(n, late, problems)))
    for one in invariants.values():
        check_places(one.says, (), one.mark, problems)
    cautions = kept("a caution", (e for e in programme if isinstance(e, Clause)))
    read_ones = [c for n in entries["cases"] for c in read_cases(n, facts, problems)]
    problems.unusable |= {claim.name for claim in claims if claim.kind == CASE} - {case.name for case, _ in read_ones}
    cases = follow_likes(read_ones, problems)
    manifest = read_manifest(single["manifest.yaml"], tables(single), problems) if "manifest.yaml" in single else None
    labels, units, ones = read_labels(single["labels.yaml"], problems) if "labels.yaml" in single else ({}, {}, {})
    if manifest and table and manifest.reading and table.reading and manifest.reading != table.reading:
        problems.error(
            "KB416",
            table.mark,
            f"the class table reads '{table.reading}', the manifest '{manifest.reading}'.",
            "Write the same reading in both.",
        )
    knowledge = Knowledge(
        manifest=manifest or _NO_MANIFEST,
        digest=digest(_content(single, entries)),
        labels=labels,
        units=units,
        ones=ones,
        facts=_whole(facts, stated, problems),
        sources=sources,
        parameters=parameters,
        eligibility=eligibility,
        factors=factors,
        dimensions=dimensions,
        table=table or _NO_TABLE,
        alternatives=tuple(other for other in read_tables.values() if other is not None),
        patterns=patterns,
        principles=principles,
        actions=actions,
        strategies=strategies,
        cautions=cautions,
        invariants=invariants,
        cases=cases,
        doubts=(),
    )
    for module in _checks():
        if module.AT_LOAD:
            module.check(knowledge, problems)
    return knowledge if manifest and table else None


def _whole(facts: dict[str, Fact], stated: dict[str, Fact], problems: Problems) -> dict[str, Fact]:
    """The facts as checks may walk them: a derived fact that cannot be computed rests on nothing."""
    if not problems.errors:
        return facts
    every = stated | facts
    return {name: replace(fact, derived=None) if name in problems.unusable else fact for name, fact in every.items()}


def _check_axis(axis: str, factors: Iterable[Factor], problems: Problems) -> None:
    for factor in factors:
        if factor.axis != axis:
            problems.error(
                "KB203",
                factor.mark,
                f"an {factor.axis} factor stands in swot/{axis}.",
                f"Move it to swot/{factor.axis}.",
            )


def _content(single: dict[str, Node], entries: dict[str, list[Node]]) -> dict[str, dict[str, Node]]:
    """Nodes by kind and id for the digest; cases stay out."""

    def own_id(node: Node) -> str:
        found = ((key, node.get(key)) for key in (*keys, "dimension")) if isinstance(node, Mapping) else ()
        return next((f"{key}:{name.text}" for key, name in found if isinstance(name, Scalar)), "")

    keys = ("id", "source", "parameter", "term", "factor", "pattern", "principle", "action", "strategy", "caution")
    # Class tables that are not in use decide nothing, and invariants are tests.
    lists = ("principles", "dimensions")
    apart = ({*tables(single)} - {chosen_table(single)}) | {*(f"{name}.yaml" for name in lists), "invariants.yaml"}
    content: dict[str, dict[str, Node]] = {"": {k: v for k, v in single.items() if k not in apart}}
    whole = dict(entries)
    for name in lists:
        node = single.get(f"{name}.yaml")
        whole[name] = list(node.items) if isinstance(node, Sequence) else []
    for kind, nodes in whole.items():
        if kind == "cases":
            continue
        for node in nodes:
            content.setdefault(kind, {})[own_id(node)] = node
    return content
