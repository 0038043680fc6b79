"""Rule bases made faulty on purpose: seeded slips in the text of their files, and what must be true all the same.

Run as a program it tries a range of seeds in a process of its own, so that whoever started it can end a hang:
`python tests/fuzz.py FOLDER FIRST LAST` prints `trying SEED` before each and `done N` at the end.
"""

from __future__ import annotations

import datetime
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import kb
from engine.decide import decide, ready
from kb.dossier import Dossier
from kb.problem import Mark

Lines = list[str]
DAYS = (datetime.date(1900, 1, 1), datetime.date(2005, 5, 5), datetime.date(9999, 12, 31))
_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$-]*|-?[0-9][0-9_.,-]*")
_ODD = (
    "\x00",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\u2028",
    "\x85",
    "é",
    "𐍈",
    "\U0001f980",
    "\t",
    "\x07",
    "٣",
    "%",
    "\\",
    "`",
    "@",
)
_PLANTED = (
    "~", "null", "{}", "[]", "''", "true", "-1", "0", "1" * 30, "9" * 5000, "1e999", "0x10", "1_0_0", "1.234", ".inf",
    "0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "&a b", "*a", "!!python/object:os.system x", "? x", "- x",
    "--- x", "%YAML 1.1", "{a: {b: {c: d}}}", "[[[[x]]]]", "{id: }", "$", "$x.y", "all", "any", "not", "class", "as_of",
    "{all: []}", "{not: {not: {}}}", "{is: {}}", "{known: true}", "x" * 3000, "{'': x}", "{? [a] : b}",
    "|\n  x", "\"\\u0000\"",
)  # fmt: skip


class Try(NamedTuple):
    """What came of one seed: whether it still loads, and what is wrong with the answer ('' for nothing)."""

    seed: int
    slips: tuple[str, ...]
    loads: bool
    codes: tuple[str, ...]
    wrong: str


def _delete(lines: Lines, rng: Random) -> Lines:
    at = rng.randrange(len(lines))
    return lines[:at] + lines[at + rng.choice((1, 1, 1, 2, 5)) :]


def _double(lines: Lines, rng: Random) -> Lines:
    at = rng.randrange(len(lines))
    return [*lines[: at + 1], *lines[at:]]


def _swap_lines(lines: Lines, rng: Random) -> Lines:
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def _swap_words(lines: Lines, rng: Random) -> Lines:
    """Two words of the file change places: keys, ids and values alike."""
    text = "\n".join(lines)
    found = list(_WORD.finditer(text))
    if len(found) < 2:
        return lines
    one, other = sorted(rng.sample(found, 2), key=lambda m: m.start())
    head, middle, tail = text[: one.start()], text[one.end() : other.start()], text[other.end() :]
    return (head + other[0] + middle + one[0] + tail).split("\n")


def _drop_word(lines: Lines, rng: Random) -> Lines:
    return _at_word(lines, rng, lambda word: "")


def _plant(lines: Lines, rng: Random) -> Lines:
    return _at_word(lines, rng, lambda word: rng.choice(_PLANTED))


def _misspell(lines: Lines, rng: Random) -> Lines:
    at = rng.random()
    return _at_word(lines, rng, lambda w: w[: int(at * len(w))] + w[int(at * len(w)) + 1 :] + rng.choice(("", "x", w)))


def _at_word(lines: Lines, rng: Random, change: Callable[[str], str]) -> Lines:
    text = "\n".join(lines)
    found = list(_WORD.finditer(text))
    if not found:
        return lines
    one = rng.choice(found)
    return (text[: one.start()] + change(one[0]) + text[one.end() :]).split("\n")


def _odd(lines: Lines, rng: Random) -> Lines:
    at = rng.randrange(len(lines))
    place = rng.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + rng.choice(_ODD) * rng.choice((1, 1, 3)) + lines[at][place:]
    return lines


def _mark(lines: Lines, rng: Random) -> Lines:
    """A sign of the grammar put in, or taken out."""
    text = "\n".join(lines)
    signs = [m.start() for m in re.finditer(r"[:\[\]{},\"'#-]", text)]
    at = rng.choice(signs) if signs else 0
    new = rng.choice(("", ":", "[", "]", "{", "}", ",", '"', "'", "#", "- ", "&x ", "*x", "!", "|", ">", "? "))
    return (text[:at] + new + text[at + rng.choice((0, 1)) :]).split("\n")


def _deep(lines: Lines, rng: Random) -> Lines:
    depth = rng.choice((5, 39, 41, 300, 20_000))
    left, right = rng.choice((("[", "]"), ("{not: ", "}"), ("{a: ", "}"), ("- ", ""), ("{all: [", "]}"), ("? ", "")))
    return _at_word(lines, rng, lambda word: left * depth + word + right * rng.choice((depth, depth - 1)))


def _cut(lines: Lines, rng: Random) -> Lines:
    text = "\n".join(lines)
    return text[: rng.randrange(len(text) + 1)].split("\n")


def _indent(lines: Lines, rng: Random) -> Lines:
    at = rng.randrange(len(lines))
    count = rng.choice((1, 1, 3, 10))
    for n in range(at, min(at + count, len(lines))):
        lines[n] = rng.choice((" ", "  ", "\t")) + lines[n] if rng.random() < 0.5 else lines[n].removeprefix("  ")
    return lines


def _crlf(lines: Lines, rng: Random) -> Lines:
    return [f"{line}\r" if rng.random() < rng.choice((0.5, 1)) else line for line in lines]


def _join(lines: Lines, rng: Random) -> Lines:
    at = rng.randrange(len(lines))
    return [*lines[:at], " ".join(lines[at : at + 2]), *lines[at + 2 :]]


def _number(lines: Lines, rng: Random) -> Lines:
    text = "\n".join(lines)
    found = list(re.finditer(r"-?[0-9][0-9_.]*", text))
    if not found:
        return lines
    one = rng.choice(found)
    new = rng.choice(
        ("-" + one[0], one[0] + "0", one[0] + "_000_000_000_000", one[0] + ".5", "0", "-0", "00", one[0] * 9)
    )
    return (text[: one.start()] + new + text[one.end() :]).split("\n")


SLIPS: tuple[Callable[[Lines, Random], Lines], ...] = (
    # Those that leave the grammar whole come oftener: they reach further.
    *[_delete] * 3, *[_swap_words] * 6, *[_plant] * 6, *[_misspell] * 4, *[_number] * 4, *[_drop_word] * 2,
    _double, _swap_lines, _odd, _mark, _deep, _cut, _indent, _crlf, _join,
)  # fmt: skip


def spoil(folder: Path, rng: Random) -> dict[Path, bytes | None]:
    """A few slips in the files of a rule base; what stood there before, to be put back (None: there was nothing)."""
    before: dict[Path, bytes | None] = {}
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        path = rng.choice([p for p in sorted(folder.rglob("*.yaml")) if p.is_file()])
        before.setdefault(path, path.read_bytes())
        if rng.random() < 0.08:
            _move(path, folder, rng, before)
            continue
        if rng.random() < 0.04:
            path.write_bytes(rng.choice((b"", b"\xff\xfe", b"\x80", b"\n", rng.randbytes(60), path.read_bytes()[::-1])))
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        text = "\n".join(rng.choice(SLIPS)(lines, rng))
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return before


def _move(path: Path, folder: Path, rng: Random, before: dict[Path, bytes | None]) -> None:
    """The file under another name, in another folder, as two files, or gone."""
    homes = [path.parent, folder, folder / "law", folder / "swot" / "external", folder / "cases", folder / "new"]
    name = rng.choice((path.name, path.name.upper(), f"{path.stem}.yml", f"{path.stem}2.yaml", "x y.yaml", "é.yaml"))
    target = rng.choice(homes) / name
    data = path.read_bytes()
    if rng.random() < 0.7:
        path.unlink()
    if target != path and rng.random() < 0.8:
        target.parent.mkdir(exist_ok=True)
        before.setdefault(target, target.read_bytes() if target.exists() else None)
        target.write_bytes(data)


def put_back(before: dict[Path, bytes | None]) -> None:
    for path, data in before.items():
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)


def attempt(folder: Path, seed: int, shown: str = "base") -> Try:
    """One seed: spoil the rule base, read it, look at the answer, put everything back."""
    rng = Random(seed)
    before = spoil(folder, rng)
    names = tuple(sorted(path.relative_to(folder).as_posix() for path in before))
    try:
        loads, codes, wrong = _looked_at(folder, shown, thorough=rng.random() < 0.25)
    except Exception as fault:
        loads, codes, wrong = False, (), f"{type(fault).__name__}: {str(fault)[:300]}"
    finally:
        put_back(before)
    return Try(seed, names, loads, codes, wrong)


def _looked_at(folder: Path, shown: str, thorough: bool) -> tuple[bool, tuple[str, ...], str]:
    knowledge, problems = kb.examine(folder, shown)
    codes = tuple(sorted({problem.code for problem in problems}))
    for problem in problems:
        if "\n" in str(problem) or not problem.remedy.strip():
            return False, codes, f"a problem that is no line with a remedy: {problem!r}"
        if not _located(problem.mark, folder, shown, problem.code):
            return False, codes, f"a problem in no place: {problem}"
    if problems.errors and not thorough:
        # The same reading once more takes most of the time.
        return False, codes, ""
    for tests in (True, False):
        try:
            whole = kb.load(folder, shown, tests)
        except kb.FaultyKnowledge as faulty:
            if not faulty.problems:
                return False, codes, "it does not load and nothing is wrong"
            if not problems.errors:
                return False, codes, f"load finds what check does not: {faulty}"
        else:
            if tests and problems.errors:
                return True, codes, "it loads with errors"
            # Cases and invariants decide nothing: once is enough.
            for day in DAYS if tests else ():
                decide(ready(whole, day, "reference"), Dossier("x", day, "", (), "", {}, Mark("x")))
    return knowledge is not None and not problems.errors, codes, ""


def _located(mark: Mark, folder: Path, shown: str, code: str) -> bool:
    """A line of a file that is there; a file that is missing is named itself."""
    path = folder / mark.file.removeprefix(shown).lstrip("/")
    if not path.is_file():
        return code == "KB101"
    # As an editor counts lines.
    text = path.read_bytes().decode("utf-8", "replace")
    lines = re.split(r"\r\n|\r|\n|\x85|\u2028|\u2029", text)
    return 1 <= mark.line <= len(lines) and 1 <= mark.column <= len(max(lines, key=len)) + 1


def main(base: str, first: int, last: int) -> int:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "base"
        shutil.copytree(base, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for seed in range(first, last):
            print("trying", seed, flush=True)
            found = attempt(folder, seed)
            counts["loads" if found.loads else "refused"] += 1
            if found.wrong:
                counts["wrong"] += 1
                print("wrong", seed, ", ".join(found.slips), found.wrong.replace("\n", " "), flush=True)
    print("done", last - first, dict(sorted(counts.items())), flush=True)
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
