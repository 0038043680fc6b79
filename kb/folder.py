"""The files of a rule base: which stand where, and their entries as nodes. What the entries mean is not looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping as Map
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kb.problem import Mark, Problems
from kb.source import MAX_BYTES, Mapping, Node, Scalar, Sequence, read_file

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
FILES = ("manifest.yaml", "labels.yaml", "classes.yaml", "principles.yaml", "dimensions.yaml", "invariants.yaml")
# Class tables beside classes.yaml: other readings of the same classes, of which the manifest chooses one.
_TABLE = re.compile(r"classes(-[a-z0-9]+)*\.yaml")
_ENDINGS = (".yaml", ".yml")


class Files(NamedTuple):
    """All nodes: the single files by name, the entries of each folder in order of path."""

    single: dict[str, Node]
    entries: dict[str, list[Node]]


def read_folder(folder: Path, shown: str, problems: Problems, tests: bool = True) -> Files | None:
    """Every file of the rule base, without `tests` those that decide; None where there is no manifest, for then the
    folder is hardly one."""
    # Unlike Path.exists, this also takes a folder that may not be entered.
    missing = [name for name in ("manifest.yaml", "classes.yaml") if not os.path.lexists(folder / name)]
    there: list[str] = []
    with suppress(OSError):
        there = sorted(os.listdir(folder))
    for name in missing:
        other = [one for one in there if one.lower().startswith(f"{Path(name).stem}.")]
        remedy = f"Rename '{other[0]}'." if other else "Add it; every rule base has one."
        problems.error("KB101", Mark(f"{shown}/{name}"), f"'{name}' is not there.", remedy)
    if "manifest.yaml" in missing:
        return None
    files = Files({}, {name: [] for name in FOLDERS})
    others = set(nested(folder))
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        parent = Path(relative).parent.as_posix()
        if any(part.startswith(".") for part in Path(relative).parts) or not _meant(path):
            continue
        if others & {*path.parents, path}:
            continue
        if not tests and (parent == "cases" or relative == "invariants.yaml"):
            continue
        name = f"{shown}/{relative}"
        if path.exists() and not path.is_file() and not path.is_dir():
            problems.error("KB101", Mark(name), f"'{relative}' is not a file that can be read.", "Remove it.")
            continue
        if not _is_single(relative) and (parent not in FOLDERS or path.suffix != ".yaml"):
            problems.error("KB111", Mark(name), f"'{relative}' has no place in a rule base.", _place(path, parent))
            continue
        _take(path, relative, parent, read_file(path, name, problems), files, problems)
    return files


def nested(folder: Path) -> list[Path]:
    """Folders inside a rule base that have a manifest: rule bases of their own, which are no part of this one."""
    # Unlike a walk, this takes a name that no file system allows for one that is not there.
    if not os.path.isdir(folder):
        return []
    own = {name.split("/")[0] for name in FOLDERS}
    found = (path.parent for path in folder.glob("*/**/manifest.yaml"))
    # In a folder of the rule base itself a manifest has no place; that is said there.
    inner = (path for path in found if path.relative_to(folder).parts[0] not in own)
    return sorted(path for path in inner if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def tables(single: Map[str, Node]) -> tuple[str, ...]:
    """The names of the files that hold a class table."""
    return tuple(name for name in single if _TABLE.fullmatch(name))


def chosen_table(single: Map[str, Node]) -> str:
    """The class table that the manifest chooses; the usual one while it does not name one that is there."""
    manifest = single.get("manifest.yaml")
    written = manifest.get("classes") if isinstance(manifest, Mapping) else None
    name = written.text.strip() if isinstance(written, Scalar) else ""
    return name if name in tables(single) else "classes.yaml"


def _is_single(relative: str) -> bool:
    return relative in FILES or bool(_TABLE.fullmatch(relative))


def _meant(path: Path) -> bool:
    """Whether a file is, or was meant as, a part of the rule base: its name ends so, or did before it was copied."""
    if path.suffix in _ENDINGS:
        return True
    return any(suffix.lower() in _ENDINGS for suffix in path.suffixes) and not path.is_dir()


def _place(path: Path, parent: str) -> str:
    """What to do with a file that stands in the way."""
    if parent not in (".", *FOLDERS) or path.suffix == ".yaml":
        return f"Use one of: {', '.join((*FILES, *FOLDERS))}."
    return f"End its name in '.yaml' ({path.name.split('.')[0]}.yaml), or move it out of the rule base."


def _take(path: Path, relative: str, parent: str, node: Node | None, files: Files, problems: Problems) -> None:
    if node is None:
        problems.unusable |= _words(path)
    elif _is_single(relative):
        files.single[relative] = node
    elif FOLDERS[parent]:
        _check_name(path, node, problems)
        files.entries[parent].append(node)
    elif parent == "cases":
        files.entries[parent].append(node)
    else:
        files.entries[parent] += listed(node, problems)
        if not isinstance(node, Sequence):
            problems.unusable |= _words(path)


def _words(path: Path) -> set[str]:
    """Everything that could be a name in a file that cannot be read: none of it is to be called unknown elsewhere."""
    found = {path.stem}
    with suppress(OSError), open(path, "rb") as stream:
        text = stream.read(MAX_BYTES).decode("utf-8", "replace")
        found |= set(re.findall(r"[A-Za-z][A-Za-z0-9_.-]*", text))
        # The name of a case is a sentence.
        found |= {" ".join(name.split()).strip("\"'") for name in re.findall(r"case:(.+)", text)}
    return found


def _check_name(path: Path, node: Node, problems: Problems) -> None:
    for key in ("factor", "pattern", "term"):
        written = node.get(key) if isinstance(node, Mapping) else None
        if isinstance(written, Scalar) and written.text != path.stem:
            problems.error(
                "KB207", written.mark, f"'{written.text}' stands in a file named '{path.stem}'.", "Make them the same."
            )
            problems.unusable.add(path.stem)


def listed(node: Node, problems: Problems) -> list[Node]:
    """The entries of a file that must be a list."""
    if isinstance(node, Sequence):
        return list(node.items)
    problems.error("KB204", node.mark, "this file must be a list.", "Begin each entry with '- '.")
    return []
