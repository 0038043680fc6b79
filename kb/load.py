"""From a folder of YAML to a checked `Knowledge`, in stages, so that every fault of every file is found at once."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

import kb.checks
import rules
from kb.complete import complete
from kb.condition import RESERVED, Scope
from kb.digest import digest
from kb.law import Parameter, Source, read_law_entry
from kb.model import Action, Clause, Factor, Knowledge, Strategy
from kb.problem import FaultyKnowledge, Mark, Problems, TooManyProblems
from kb.read_patterns import read_pattern, read_principle
from kb.read_programme import follow_likes, read_cases, read_manifest, read_programme_entry
from kb.read_rules import read_classes, read_eligibility, read_factor
from kb.source import Mapping, Node, Scalar, Sequence, collector_paused, read_file
from kb.text import Fields, Text, each
from kb.values import Domain
from kb.vocabulary import read_fact

# Folders of a rule base; True where each file holds one entry whose id is the file's name.
FOLDERS = {
    "vocabulary": False,
    "law": False,
    "eligibility": True,
    "swot/internal": True,
    "swot/external": True,
    "patterns": True,
    "programme": False,
    "cases": False,
}
FILES = ("manifest.yaml", "labels.yaml", "classes.yaml", "principles.yaml")


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def mark(self) -> Mark: ...


N = TypeVar("N", bound=Named)


def shipped() -> Path:
    """The folder of the rule base that comes with Mitra."""
    return Path(rules.__file__ or "").parent


def load(folder: Path, shown: str = "") -> Knowledge:
    """The rule base in `folder`, ready to decide with. Raises FaultyKnowledge with every problem found."""
    problems = Problems()
    knowledge = None
    with collector_paused(), suppress(TooManyProblems):
        knowledge = read(folder, shown or str(folder), problems)
    if knowledge is None or problems.errors:
        raise FaultyKnowledge(p for p in problems if p.severity == "error")
    return knowledge


def examine(folder: Path, shown: str = "") -> tuple[Knowledge | None, Problems]:
    """Everything that can be said about a rule base without running it: `load`, and the slower checks for doubts."""
    problems = Problems()
    knowledge = None
    with suppress(TooManyProblems):
        knowledge = read(folder, shown or str(folder), problems)
    if knowledge is not None and not problems.errors:
        for module in _checks():
            if not module.AT_LOAD:
                module.check(knowledge, problems)
    return knowledge, problems


class Check(Protocol):
    AT_LOAD: bool

    def check(self, knowledge: Knowledge, problems: Problems) -> None: ...


def _checks() -> list[Check]:
    """The modules of `kb.checks`, found and not listed: adding a check touches one file and its test."""
    names = sorted(m.name for m in pkgutil.iter_modules(kb.checks.__path__))
    return [importlib.import_module(f"kb.checks.{name}") for name in names]


def read(folder: Path, shown: str, problems: Problems) -> Knowledge | None:
    """Read all files; None when the base has no usable manifest, class table or folder at all."""
    # Unlike Path.is_dir, this takes a name that no file system allows for one that is not there.
    if not os.path.isdir(folder):
        problems.error("KB101", Mark(shown), f"'{shown}' is not a folder.", "Name the folder that holds manifest.yaml.")
        return None
    single, entries = _files(folder, shown, problems)
    law = each(entries["law"], lambda n: read_law_entry(n, problems))
    sources = _named([e for e in law if isinstance(e, Source)], problems)
    parameters = _named([e for e in law if isinstance(e, Parameter)], problems)
    ids: dict[str, Mark] = {}
    stated = _named(each(entries["vocabulary"], lambda n: read_fact(n, problems)), problems, ids)
    problems.unusable |= set(_ids(entries["vocabulary"], "id")) - set(stated)
    facts = complete(stated, parameters, problems)

    later = dict.fromkeys(_ids(entries["eligibility"], "term"), "an eligibility term")
    findings = _finding_ids(entries["swot/internal"] + entries["swot/external"])
    later |= dict.fromkeys(findings, "a finding") | {"class": "the class"}
    early = Scope({name: fact.domain for name, fact in facts.items()}, later, parameters)

    eligible = each(entries["eligibility"], lambda n: read_eligibility(n, early, problems))
    eligibility = _named(eligible, problems, ids)
    factors: dict[str, Factor] = {}
    for axis in ("internal", "external"):
        nodes = entries[f"swot/{axis}"]
        read_ones = each(nodes, lambda n: read_factor(n, early, facts, problems))
        for factor in read_ones:
            if factor.axis != axis:
                problems.error(
                    "KB203",
                    factor.mark,
                    f"an {factor.axis} factor stands in swot/{axis}.",
                    f"Move it to swot/{factor.axis}.",
                )
        factors |= _named(read_ones, problems)
    every_finding = [f for factor in factors.values() for f in factor.findings]
    _named(every_finding, problems, ids)
    table = read_classes(single["classes.yaml"], problems) if "classes.yaml" in single else None
    classes = tuple(_named(table.classes, problems, ids)) if table else ()
    problems.unusable |= set(_ids(entries["eligibility"], "term")) - set(eligibility)
    problems.unusable |= set() if table else {"class"}

    terms = dict(early.terms) | {e.id: e.domain for e in eligible} | {name: Domain("boolean") for name in findings}
    if classes:
        terms["class"] = Domain("choice", classes)
    late = Scope(terms, {}, parameters)
    wide = Scope(terms, {}, parameters, knowledge_allowed=True)
    patterns = _named(each(entries["patterns"], lambda n: read_pattern(n, late, classes, problems)), problems, ids)
    listed = _list(single["principles.yaml"], problems) if "principles.yaml" in single else []
    kinds = tuple(_ids(entries["patterns"], "pattern"))
    principles = _named(each(listed, lambda n: read_principle(n, late, kinds, problems)), problems, ids)
    programme = each(entries["programme"], lambda n: read_programme_entry(n, wide, problems))
    actions = _named([e for e in programme if isinstance(e, Action)], problems, ids)
    strategies = _named([e for e in programme if isinstance(e, Strategy)], problems, ids)
    cautions = _named([e for e in programme if isinstance(e, Clause)], problems, ids)
    cases = follow_likes([c for n in entries["cases"] for c in read_cases(n, facts, problems)], problems)
    manifest = read_manifest(single["manifest.yaml"], problems) if "manifest.yaml" in single else None
    labels, units, ones = _labels(single["labels.yaml"], problems) if "labels.yaml" in single else ({}, {}, {})
    if manifest is None or table is None:
        return None
    if manifest.reading != table.reading:
        problems.error(
            "KB416",
            table.mark,
            f"the class table reads '{table.reading}', the manifest '{manifest.reading}'.",
            "Write the same reading in both.",
        )
    knowledge = Knowledge(
        manifest=manifest,
        digest=digest(_content(single, entries)),
        labels=labels,
        units=units,
        ones=ones,
        facts=facts,
        sources=sources,
        parameters=parameters,
        eligibility=eligibility,
        factors=factors,
        table=table,
        patterns=patterns,
        principles=principles,
        actions=actions,
        strategies=strategies,
        cautions=cautions,
        cases=cases,
        doubts=(),
    )
    if not problems.errors:
        for module in _checks():
            if module.AT_LOAD:
                module.check(knowledge, problems)
    return knowledge


def _files(folder: Path, shown: str, problems: Problems) -> tuple[dict[str, Node], dict[str, list[Node]]]:
    """All nodes: the single files by name, the entries of each folder in order of path."""
    single: dict[str, Node] = {}
    entries: dict[str, list[Node]] = {name: [] for name in FOLDERS}
    present = set()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.suffix not in (".yaml", ".yml") or any(part.startswith(".") for part in Path(relative).parts):
            continue
        name, parent = f"{shown}/{relative}", Path(relative).parent.as_posix()
        if relative not in FILES and (parent not in FOLDERS or path.suffix != ".yaml"):
            places = ", ".join((*FILES, *FOLDERS))
            problems.error("KB111", Mark(name), f"'{relative}' has no place in a rule base.", f"Use one of: {places}.")
            continue
        present.add(relative)
        node = read_file(path, name, problems)
        if node is None:
            continue
        if relative in FILES:
            single[relative] = node
        elif FOLDERS[parent]:
            _check_name(path, node, problems)
            entries[parent].append(node)
        else:
            entries[parent] += [node] if parent == "cases" else _list(node, problems)
    for needed in ("manifest.yaml", "classes.yaml"):
        if needed not in present:
            problems.error(
                "KB101", Mark(f"{shown}/{needed}"), f"'{needed}' is not there.", "Add it; every rule base has one."
            )
    return single, entries


def _check_name(path: Path, node: Node, problems: Problems) -> None:
    for key in ("factor", "pattern", "term"):
        written = node.get(key) if isinstance(node, Mapping) else None
        if isinstance(written, Scalar) and written.text != path.stem:
            problems.error(
                "KB207", written.mark, f"'{written.text}' stands in a file named '{path.stem}'.", "Make them the same."
            )


def _list(node: Node, problems: Problems) -> list[Node]:
    if isinstance(node, Sequence):
        return list(node.items)
    problems.error("KB204", node.mark, "this file must be a list.", "Begin each entry with '- '.")
    return []


def _named(found: Iterable[N], problems: Problems, taken: dict[str, Mark] | None = None) -> dict[str, N]:
    """Entries by id in alphabetical order; `taken` holds ids that other kinds use in the same space of names."""
    seen = taken if taken is not None else {}
    kept: dict[str, N] = {}
    for entry in sorted(found, key=lambda e: (e.id, e.mark)):
        if entry.id in RESERVED and taken is not None:
            problems.error(
                "KB205", entry.mark, f"'{entry.id}' is a word of the rules language.", "Choose another name."
            )
        elif entry.id in seen:
            problems.error(
                "KB206", entry.mark, f"'{entry.id}' is already used at {seen[entry.id]}.", "Rename one of them."
            )
        else:
            seen[entry.id] = entry.mark
            kept[entry.id] = entry
    return kept


def _ids(nodes: list[Node], key: str) -> list[str]:
    found = (n.get(key) for n in nodes if isinstance(n, Mapping))
    return [n.text for n in found if isinstance(n, Scalar)]


def _finding_ids(nodes: list[Node]) -> list[str]:
    lists = (n.get("findings") for n in nodes if isinstance(n, Mapping))
    return [name for node in lists if isinstance(node, Sequence) for name in _ids(list(node.items), "id")]


def _labels(node: Node, problems: Problems) -> tuple[dict[str, Text], ...]:
    fields = Fields(node, "the labels", problems, (), ("values", "units", "one"))
    found: list[dict[str, Text]] = []
    for key in ("values", "units", "one"):
        inner = fields.node(key)
        keys = tuple(k.text for k, _ in inner) if isinstance(inner, Mapping) else ()
        names = Fields(inner, f"'{key}'", problems, (), keys) if inner is not None else None
        found.append({name: names.text(name) for name in names.nodes} if names else {})
    return tuple(found)


def _content(single: dict[str, Node], entries: dict[str, list[Node]]) -> dict[str, dict[str, Node]]:
    """Nodes by kind and id for the digest; cases stay out."""
    keys = ("id", "source", "parameter", "term", "factor", "pattern", "principle", "action", "strategy", "caution")
    content: dict[str, dict[str, Node]] = {"": {k: v for k, v in single.items() if k != "principles.yaml"}}
    listed = dict(entries)
    principles = single.get("principles.yaml")
    listed["principles"] = list(principles.items) if isinstance(principles, Sequence) else []
    for kind, nodes in listed.items():
        if kind == "cases":
            continue
        for node in nodes:
            own = next((f"{k}:{n}" for k in keys for n in _ids([node], k)), "")
            content.setdefault(kind, {})[own] = node
    return content
