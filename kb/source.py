"""The strict, located YAML reader. The only place that imports PyYAML.

Scalars stay text: `NO`, `1.10`, `01111`, `12:30` mean nothing until the vocabulary types them. Events are used instead
of PyYAML's constructors so that duplicate keys, anchors, tags and deep nesting are seen before anything is built:
libyaml's composer recurses and a hundred thousand brackets would end the process.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Union

import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from kb.problem import Mark, Problems

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
# Most files are smaller, and room for the largest need not be made for each.
_PIECE = 64 * 1024
# What YAML does not allow, and zero-width characters and those that turn the direction of writing: they show a reader
# another text than is there.
_UNSEEN = re.compile(f"{yaml.reader.Reader.NON_PRINTABLE.pattern}|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(NamedTuple):
    """A piece of text; `plain` tells `~` and nothing from a quoted empty string. A tuple, because a rule base has
    ten thousand of them and each is read before every assessment."""

    text: str
    mark: Mark
    plain: bool = True

    @property
    def empty(self) -> bool:
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys are unique scalars, in the order written."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark

    def get(self, key: str) -> Node | None:
        for scalar, node in self.entries:
            if scalar.text == key:
                return node
        return None

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)


Node = Union[Scalar, Sequence, Mapping]


class _Stop(Exception):
    """Reading of this file ends here; the problem is already recorded."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Reading makes a hundred thousand small values that stay; looking for garbage among them takes a fifth of it."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read_file(path: Path, shown: str, problems: Problems) -> Node | None:
    """Read one YAML file. Faults (missing, a folder, too large, not UTF-8, not YAML) become problems and None."""
    start = Mark(shown)
    try:
        with open(path, "rb") as stream:
            data = stream.read(_PIECE)
            if len(data) == _PIECE:
                # Devices and pipes have no size to trust, so the read itself is bounded.
                data += stream.read(MAX_BYTES + 1 - _PIECE)
    except IsADirectoryError:
        problems.error("KB101", start, f"'{shown}' is a folder, not a file.", "Name a YAML file.")
        return None
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        problems.error("KB101", start, f"'{shown}' cannot be read: {reason}.", "Check the name and the permissions.")
        return None
    return read_bytes(data, shown, problems)


def read_bytes(data: bytes, shown: str, problems: Problems) -> Node | None:
    """Read YAML from bytes; `shown` is the name problems carry."""
    text = decoded(data, shown, problems)
    return None if text is None else read_text(text, shown, problems)


def decoded(data: bytes, shown: str, problems: Problems) -> str | None:
    """The bytes as text that can be shown: UTF-8, of bounded length, without characters that nobody sees."""
    start = Mark(shown)
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1024 // 1024} MiB"
        problems.error("KB103", start, f"'{shown}' is larger than {limit}.", "Name the right file, or split it.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - (data.rfind(b"\n", 0, fault.start) + 1) + 1
        fault_text = f"byte {data[fault.start]:#04x} is not UTF-8."
        problems.error("KB102", Mark(shown, line, column), fault_text, "Save the file as UTF-8 text.")
        return None
    unseen = _UNSEEN.search(text)
    if unseen:
        at = unseen.start()
        mark = Mark(shown, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)
        _refuse_unseen(mark, unseen[0], problems)
        return None
    return text


def read_text(text: str, shown: str, problems: Problems) -> Node | None:
    """Read YAML from text into located nodes; None when nothing usable was found (problems say why)."""
    before = len(problems.errors)
    try:
        node = _build(text, shown, problems)
    except _Stop:
        return None
    except yaml.MarkedYAMLError as fault:
        mark = _place(fault, text, shown)
        if "nesting depth" in str(fault.problem):
            # libyaml 0.2.6 has a limit of its own and looks so far ahead that it stops before our count is asked.
            _too_deep(mark, problems)
            return None
        tab = "".join(text.split("\n")[mark.line - 1 : mark.line])[mark.column - 1 : mark.column] == "\t"
        problems.error(
            "KB104", mark, f"not valid YAML: {fault.problem or fault.context}.", _yaml_remedy(str(fault.problem), tab)
        )
        return None
    except (yaml.YAMLError, ValueError) as fault:
        problems.error(
            "KB104", Mark(shown), f"not valid YAML: {' '.join(str(fault).split())}.", "Write it anew as plain text."
        )
        return None
    return node if len(problems.errors) == before else None


def _place(fault: yaml.MarkedYAMLError, text: str, shown: str) -> Mark:
    """Where the grammar is broken; of what is still open at the end of the file, where that began."""
    at = fault.problem_mark or fault.context_mark
    if at is None:
        return Mark(shown)
    lines = text.rstrip().splitlines() or [""]
    if at.line < len(lines):
        return Mark(shown, at.line + 1, at.column + 1)
    began = fault.context_mark
    # Of other contexts libyaml does not tell the place.
    if began is not None and str(fault.context).endswith(("flow mapping", "flow sequence", "quoted scalar")):
        return Mark(shown, began.line + 1, began.column + 1)
    return Mark(shown, len(lines), len(lines[-1]) + 1)


def _refuse_unseen(mark: Mark, character: str, problems: Problems) -> None:
    fault = f"an invisible character, U+{ord(character):04X}, stands in the text."
    problems.error("KB102", mark, fault, "Remove it; the file must be plain text.")


def _too_deep(mark: Mark, problems: Problems) -> None:
    problems.error("KB105", mark, f"nested deeper than {MAX_DEPTH} levels.", "Write this part with fewer brackets.")


def _yaml_remedy(problem: str, tab: bool) -> str:
    if tab:
        return "Indent with spaces, not tabs."
    if "mapping values are not allowed" in problem:
        return "Put a text that holds ': ' in quotes, or check the indentation."
    return "Check indentation, quotes, brackets and commas near this place."


def _build(text: str, shown: str, problems: Problems) -> Node | None:
    """Fold parser events into nodes with an explicit stack, so that depth is ours to bound.

    A whole rule base passes here before every assessment: the commonest event is asked for first.
    """
    roots: list[Node] = []
    children = roots
    stack: list[tuple[Mark, list[Node]]] = []
    documents = 0
    # Named tuples made without their own `__new__`, which only names the parts.
    new = tuple.__new__
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, ScalarEvent):
            at = event.start_mark
            assert at is not None
            mark = new(Mark, (shown, at.line + 1, at.column + 1))
            if event.anchor is not None or event.tag is not None:
                _refuse_decorations(event, mark, problems)
            # Only an escape within double quotes can still bring one in; printed as JSON it could not be read back.
            if event.style == '"' and (unseen := _UNSEEN.search(event.value)):
                _refuse_unseen(mark, unseen[0], problems)
            children.append(new(Scalar, (event.value, mark, not event.style)))
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            mark = _mark(event, shown)
            _refuse_decorations(event, mark, problems)
            if len(stack) >= MAX_DEPTH:
                _too_deep(mark, problems)
                raise _Stop
            stack.append((mark, children))
            children = []
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            mark, outer = stack.pop()
            is_mapping = isinstance(event, MappingEndEvent)
            outer.append(_mapping(children, mark, problems) if is_mapping else Sequence(tuple(children), mark))
            children = outer
        elif isinstance(event, AliasEvent):
            mark = _mark(event, shown)
            problems.error("KB107", mark, f"alias '*{event.anchor}' is not allowed.", "Write the value out.")
            children.append(Scalar("", mark))
        elif isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                problems.error("KB109", _mark(event, shown), "a second document begins.", "Keep one document a file.")
                raise _Stop
    if not roots or (isinstance(roots[0], Scalar) and roots[0].empty):
        problems.error("KB110", Mark(shown), "the file holds nothing.", "Fill it or remove it.")
        raise _Stop
    return roots[0]


def _mark(event: yaml.Event, shown: str) -> Mark:
    start = event.start_mark
    assert start is not None
    return Mark(shown, start.line + 1, start.column + 1)


def _refuse_decorations(event: yaml.ScalarEvent | yaml.CollectionStartEvent, mark: Mark, problems: Problems) -> None:
    if event.anchor is not None:
        problems.error(
            "KB107", mark, f"anchor '&{event.anchor}' is not allowed.", "Write the value out where it is used."
        )
    if event.tag is not None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        problems.error("KB108", mark, f"tag '{tag}' is not allowed.", "Remove it; the vocabulary types values.")


def _mapping(children: list[Node], mark: Mark, problems: Problems) -> Mapping:
    pairs = list(zip(children[::2], children[1::2]))
    named = tuple([(key, value) for key, value in pairs if isinstance(key, Scalar)])
    if len({key.text for key, _ in named}) == len(pairs):
        return Mapping(named, mark)
    entries: list[tuple[Scalar, Node]] = []
    seen: dict[str, Mark] = {}
    for key, value in pairs:
        if not isinstance(key, Scalar):
            problems.error("KB204", key.mark, "a key must be a word.", "Remove the stray '?' or bracket.")
            continue
        if key.text in seen:
            first = seen[key.text]
            problems.error(
                "KB106",
                key.mark,
                f"'{key.text}' stands twice in one mapping (first on line {first.line}).",
                "Keep one of them.",
            )
            continue
        seen[key.text] = key.mark
        entries.append((key, value))
    return Mapping(tuple(entries), mark)
