"""Words in two languages, and the walls every reading step shares: known keys, identifiers, lists, whole numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from kb.problem import Mark, Problems, did_you_mean
from kb.source import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
LANGUAGES = ("id", "en")
_IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")
_REFERENCE = re.compile(r"^[A-Za-z][A-Za-z0-9_.-]*$")


class Text(NamedTuple):
    """One saying in Indonesian and, where given, English."""

    id: str
    en: str = ""

    def say(self, lang: str) -> str:
        """The text in `lang`; Indonesian where English is missing (check reports the gap)."""
        return self.en if lang == "en" and self.en else self.id


class Keys(NamedTuple):
    """What may stand in one kind of mapping: for its reader (`Fields(node, what, problems, *KEYS)`) and its schema."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


NO_TEXT = Text("")
TEXT = Keys(("id",), ("en",))
_NOWHERE = Mark("")


class Placed(str):
    """A name that knows where it is written, for the problem that it names nothing; to all others it is its text."""

    __slots__ = ("mark",)
    mark: Mark

    def __new__(cls, written: str, mark: Mark = _NOWHERE) -> Placed:
        placed = super().__new__(cls, written)
        placed.mark = mark
        return placed


def place_of(name: str, otherwise: Mark) -> Mark:
    """Where a name is written, if it knows."""
    return name.mark if isinstance(name, Placed) else otherwise


def kind_of(node: Node | None) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node is None or node.empty else "a single value"


class Fields:
    """The entries of one mapping, checked against what may stand there; every fault goes to `problems`."""

    def __init__(
        self, node: Node, what: str, problems: Problems, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> None:
        self.problems, self.what, self.mark, self.required = problems, what, node.mark, required
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Mark] = {}
        if not isinstance(node, Mapping):
            problems.error(
                "KB204",
                node.mark,
                f"{what} must be a mapping, not {kind_of(node)}.",
                f"Write 'key: value' lines, such as {(required or optional or ('id',))[0]}: ….",
            )
            self.usable = False
            return
        self.usable = True
        for key, value in node:
            if key.text in required or key.text in optional:
                self.nodes[key.text] = value
                self.keys[key.text] = key.mark
            else:
                problems.error(
                    "KB201",
                    key.mark,
                    f"'{key.text}' is not a key of {what}.",
                    did_you_mean(key.text, (*required, *optional)) or "Remove it.",
                )
        for key_name in required:
            if key_name not in self.nodes:
                problems.error("KB202", node.mark, f"{what} lacks '{key_name}'.", f"Add '{key_name}:'.")

    def __contains__(self, key: str) -> bool:
        return key in self.nodes

    def node(self, key: str) -> Node | None:
        return self.nodes.get(key)

    def at(self, key: str) -> Mark:
        node = self.nodes.get(key)
        return node.mark if node is not None else self.mark

    def word(self, key: str, default: str = "") -> str:
        """A single value as written."""
        node = self.nodes.get(key)
        return default if node is None else word(node, f"'{key}'", self.problems)

    def one_of(self, key: str, allowed: tuple[str, ...], default: str = "") -> str:
        node = self.nodes.get(key)
        if node is None:
            return default
        written = word(node, f"'{key}'", self.problems)
        if written and written not in allowed:
            self.problems.error("KB203", node.mark, f"'{written}' is not an allowed {key}.", _use(written, allowed))
            return default
        return written

    def identifier(self, key: str) -> str:
        node = self.nodes.get(key)
        return "" if node is None else identifier(node, self.problems)

    def text(self, key: str, both: bool = True) -> Text:
        node = self.nodes.get(key)
        return NO_TEXT if node is None else text(node, key, self.problems, both)

    def whole(self, key: str, low: int, high: int) -> int | None:
        node = self.nodes.get(key)
        if node is None:
            return None
        written = word(node, f"'{key}'", self.problems)
        if re.fullmatch(r"\d{1,9}", written) and low <= int(written) <= high:
            return int(written)
        if written:
            self.problems.error(
                "KB302",
                node.mark,
                f"{key} '{written}' is not a whole number from {low} to {high}.",
                f"Write one from {low} to {high}.",
            )
        return None

    def items(self, key: str) -> tuple[Node, ...]:
        node = self.nodes.get(key)
        if isinstance(node, Sequence) and not node.items and key in self.required:
            self.problems.error("KB204", node.mark, f"'{key}' is an empty list.", "Write at least one entry.")
        return () if node is None else items(node, f"'{key}'", self.problems)

    def words(self, key: str) -> tuple[tuple[str, Mark], ...]:
        """A list of single values with their places; one value alone counts as a list of one."""
        found = []
        for item in self.items(key):
            written = word(item, f"an entry of '{key}'", self.problems)
            if written:
                found.append((written, item.mark))
        return tuple(found)

    def names(self, key: str) -> tuple[Placed, ...]:
        """A list of names, each once."""
        return tuple(dict.fromkeys(Placed(written, mark) for written, mark in self.words(key)))


def _use(written: str, allowed: tuple[str, ...]) -> str:
    return did_you_mean(written, allowed) or (f"Use one of: {', '.join(allowed)}." if allowed else "")


def word(node: Node, what: str, problems: Problems) -> str:
    if isinstance(node, Scalar) and not node.empty:
        return node.text.strip()
    problems.error("KB204", node.mark, f"{what} must be a single value, not {kind_of(node)}.", "Write one value.")
    return ""


def items(node: Node, what: str, problems: Problems) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Scalar) and not node.empty:
        return (node,)
    problems.error("KB204", node.mark, f"{what} must be a list, not {kind_of(node)}.", "Begin each entry with '- '.")
    return ()


def identifier(node: Node, problems: Problems, loose: bool = False) -> str:
    """A snake_case identifier; `loose` also allows capitals, points and hyphens (findings, sources, parameters)."""
    written = word(node, "an identifier", problems)
    if written and not (_REFERENCE if loose else _IDENTIFIER).match(written):
        problems.error(
            "KB205",
            node.mark,
            f"'{written}' is not an identifier.",
            "Use small letters, digits and '_', beginning with a letter.",
        )
    return written


def text(node: Node, what: str, problems: Problems, both: bool = True) -> Text:
    """`{id, en}` or a plain Indonesian string."""
    if isinstance(node, Scalar):
        if node.empty or not node.text.strip():
            problems.error("KB204", node.mark, f"'{what}' is empty.", "Write it as {id: …, en: …}.")
            return NO_TEXT
        if both:
            problems.doubt("KB208", node.mark, f"'{what}' has no English.", "Write it as {id: …, en: …}.")
        return Text(" ".join(node.text.split()))
    fields = Fields(node, f"'{what}'", problems, *TEXT)
    found = Text(" ".join(fields.word("id").split()), " ".join(fields.word("en").split()))
    if both and fields.usable and "en" not in fields:
        problems.doubt("KB208", node.mark, f"'{what}' has no English.", "Add 'en:'.")
    return found


def each(nodes: Iterable[Node], read: Callable[[Node], T | None]) -> tuple[T, ...]:
    """`read` over nodes, leaving out what could not be read (its problems are recorded)."""
    return tuple(found for found in map(read, nodes) if found is not None)
