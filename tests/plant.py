"""Planted faults: faulty copies of a rule base, each with what must be said of it and where.

A plant changes entries of a few files. Files are read and written with all scalars as text, so that a file written
back unchanged means the same; the place where the fault must be reported is told as a path into the changed file and
looked up in its text. The kinds of plants stand in `plants_*`; `planted` gathers them and draws by a seed.
"""

from __future__ import annotations

import copy
import datetime
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Union

import yaml

import kb
from engine.decide import Engine, decide, ready
from engine.decision import Decision

SEED = 1995
# Instances of a kind: each is another file, rule or value.
MOST = 12
KEY = "the key, not its value"
REMOVED = object()
Steps = tuple[Union[str, int], ...]
Shows = Callable[[Engine, Decision, kb.Problem], bool]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TextLoader(_LOADER):
    """All scalars are text."""

    yaml_implicit_resolvers: Mapping[str, Any] = {}


class _TextDumper(yaml.SafeDumper):
    """Text is written without quotes wherever it can be."""

    yaml_implicit_resolvers: Mapping[str, Any] = {}

    def ignore_aliases(self, data: object) -> bool:
        return True


def read_text(text: str) -> Any:
    return yaml.load(text, _TextLoader)


def written(content: Any) -> str:
    """The text of a file; one that is planted as text is taken as it is."""
    if isinstance(content, str):
        return content
    return str(yaml.dump(content, Dumper=_TextDumper, allow_unicode=True, sort_keys=False, width=1000))


class At(NamedTuple):
    """A place: a file of the rule base, and a path into it or a line."""

    file: str
    where: Steps | int


class Plant(NamedTuple):
    """One faulty copy. `files` holds the changed files as data or text; None removes one, a new name adds one.

    One of `codes` must be reported at `at` (None: anywhere) with all of `says` in its message. For what only a proof
    can find, `shows` tells whether the decision of the example firm shows the fault.
    """

    kind: str
    what: str
    files: Mapping[str, Any]
    codes: tuple[str, ...]
    at: At | None
    says: tuple[str, ...] = ()
    shows: Shows | None = None

    @property
    def by_proof(self) -> bool:
        return self.codes[0].startswith("PR")

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


class Changes(Mapping[str, Any]):
    """Changed files, made when they are looked at: of many plants only few are drawn."""

    def __init__(self, data: Mapping[str, Any], changes: tuple[tuple[str, Steps, Any], ...]) -> None:
        self.data, self.changes = data, changes

    @cached_property
    def files(self) -> dict[str, Any]:
        files: dict[str, Any] = {}
        for name, where, value in self.changes:
            content = files.setdefault(name, copy.deepcopy(self.data.get(name)))
            inner, last = value_at(content, where[:-1]), where[-1]
            if value is REMOVED:
                del inner[last]
            elif isinstance(inner, list) and last == len(inner):
                inner.append(value)
            else:
                inner[last] = value
        return files

    def __getitem__(self, name: str) -> Any:
        return self.files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


class Base:
    """A sound rule base: its files as data by their path, what it means, and a folder in which plants are laid."""

    def __init__(self, folder: Path, shown: str) -> None:
        self.folder, self.shown = folder, shown
        self.knowledge = kb.load(folder, shown)
        inner = kb.nested(folder)
        paths = [p for p in sorted(folder.rglob("*.yaml")) if not any(p.is_relative_to(other) for other in inner)]
        self.texts = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in paths}
        self.data = {name: read_text(text) for name, text in self.texts.items()}

    def entries(self, start: str) -> Iterator[tuple[str, Steps, Any]]:
        """Entries of the files whose path begins so: the whole of a file, or each member of a list."""
        for name, content in self.data.items():
            if name.startswith(start):
                if isinstance(content, list):
                    yield from ((name, (index,), entry) for index, entry in enumerate(content))
                else:
                    yield name, (), content

    def changed(self, *changes: tuple[str, Steps, Any]) -> Changes:
        """Files with values put in place of others (REMOVED: taken away), added, or appended to a list."""
        return Changes(self.data, changes)

    def place(self, mark: kb.Mark) -> At:
        """A mark of the sound rule base as a place in a file that a plant leaves as it is."""
        return At(mark.file.removeprefix(f"{self.shown}/"), mark.line)


def value_at(content: Any, where: Steps) -> Any:
    for step in where:
        content = content[step]
    return content


def line_of(text: str, where: Steps) -> int:
    """The line of a value, or of its key where the path ends with KEY."""
    node: Any = yaml.compose(text, _LOADER)
    key = node
    for step in (one for one in where if one is not KEY):
        if isinstance(node, yaml.MappingNode):
            key, node = next((k, v) for k, v in node.value if k.value == step)
        else:
            key = node = node.value[step]
    return int((key if where and where[-1] is KEY else node).start_mark.line) + 1


@contextmanager
def laid(plant: Plant, base: Base, folder: Path) -> Iterator[Path]:
    """A folder that holds the faulty copy, for as long as it is looked at; before and after it holds a sound one."""
    rules = folder / "rules"
    if not rules.exists():
        for name, text in base.texts.items():
            (rules / name).parent.mkdir(parents=True, exist_ok=True)
            (rules / name).write_text(text, encoding="utf-8")
    made = [name for name in plant.files if not (rules / name).parent.exists()]
    for name, content in plant.files.items():
        path = rules / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(content), encoding="utf-8")
    try:
        yield rules
    finally:
        for name in plant.files:
            if name in base.texts:
                (rules / name).write_text(base.texts[name], encoding="utf-8")
            else:
                (rules / name).unlink()
        for name in made:
            shutil.rmtree((rules / name).parent)


def fitting(plant: Plant, base: Base, problems: Sequence[kb.Problem]) -> list[kb.Problem]:
    """The problems that are the fault that was planted: of its code, at its place, in its words."""
    found = [p for p in problems if p.code in plant.codes and all(word in p.message for word in plant.says)]
    if plant.at is None:
        return found
    file, where = plant.at
    content = plant.files.get(file, base.texts.get(file))
    line = where if isinstance(where, int) else line_of(written(content), where)
    return [p for p in found if (p.mark.file, p.mark.line) == (f"{base.shown}/{file}", line)]


def shown(plant: Plant, knowledge: kb.Knowledge, problem: kb.Problem) -> bool:
    """Whether the example of a problem is a dossier that is accepted, and its decision shows the fault.

    Raises FaultyDossier where the example is no dossier.
    """
    assert plant.shows is not None
    assert problem.example is not None, f"{problem} has no example"
    day = problem.day or knowledge.manifest.examples_as_of
    engine = ready(knowledge, day, "reference")
    return plant.shows(engine, decided(problem.example, engine), problem)


def decided(facts: Mapping[str, Any], engine: Engine) -> Decision:
    """The decision about a firm of which these facts are stated, read as a dossier is read."""
    dossier = {"firm": "Contoh", "as_of": engine.program.as_of.isoformat(), "facts": dict(facts)}
    return decide(
        engine, kb.read_dossier_bytes(json.dumps(dossier).encode(), "example", engine.program.knowledge.facts)
    )


def drawn(plants: Sequence[Plant], most: int, seed: int = SEED) -> list[Plant]:
    """So many of each kind, in an order that does not change with the others."""
    by_kind: dict[str, list[Plant]] = {}
    for plant in plants:
        by_kind.setdefault(plant.kind, []).append(plant)
    return [
        plant
        for kind, same in sorted(by_kind.items())
        for plant in Random(f"{seed} {kind}").sample(same, min(most, len(same)))
    ]


def day_before(day: str, days: int = 1) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days)).isoformat()


def typo(word: str) -> str:
    """The word as it may be mistyped: a letter twice."""
    middle = len(word) // 2
    return f"{word[:middle]}{word[middle]}{word[middle:]}"
