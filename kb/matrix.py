"""Reading an experts' own SWOT table: YAML or CSV rows of side, text, weight, rating and, if printed, score."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kb.problem import FaultyDossier, Mark, Problems, TooManyProblems, did_you_mean
from kb.source import MAX_BYTES, Mapping, Node, Scalar, Sequence, decoded, read_bytes, read_file
from kb.text import Fields
from kb.values import BadValue, read_decimal

COLUMNS = ("side", "text", "weight", "rating", "score")
_SIDES = {"s": "S", "w": "W", "o": "O", "t": "T"} | {
    "strength": "S",
    "weakness": "W",
    "opportunity": "O",
    "threat": "T",
    "kekuatan": "S",
    "kelemahan": "W",
    "peluang": "O",
    "ancaman": "T",
}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row as printed; exact decimals. `score` is None where the authors print none."""

    side: str
    text: str
    weight: Fraction
    rating: Fraction
    score: Fraction | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows, and the sums by side that the authors print, where they do."""

    title: str
    rows: tuple[MatrixRow, ...]
    printed: tuple[tuple[str, Fraction], ...]


def read_matrix(path: Path, shown: str) -> Matrix:
    """Read a table by its ending (.csv, else YAML). Raises FaultyDossier with every problem."""
    problems = Problems()
    with suppress(TooManyProblems):
        if path.suffix.lower() != ".csv":
            return _from_yaml(read_file(path, shown, problems), shown, problems)
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
            remedy = "Check the name and the permissions."
            problems.error("KB101", Mark(shown), f"'{shown}' cannot be read: {reason}.", remedy)
            raise FaultyDossier(problems) from None
        return _from_csv(data, shown, problems)
    raise FaultyDossier(problems)


def read_matrix_bytes(data: bytes, shown: str) -> Matrix:
    """The same from standard input: CSV when the first line has a comma and names the columns, else YAML."""
    problems = Problems()
    first = data.split(b"\n", 1)[0].lower()
    with suppress(TooManyProblems):
        if first.removeprefix(b"\xef\xbb\xbf").startswith((b"side,", b"side;")):
            return _from_csv(data, shown, problems)
        return _from_yaml(read_bytes(data, shown, problems), shown, problems)
    raise FaultyDossier(problems)


def _from_yaml(node: Node | None, shown: str, problems: Problems) -> Matrix:
    if node is None:
        raise FaultyDossier(problems)
    title, printed = "", []
    items = node.items if isinstance(node, Sequence) else ()
    if isinstance(node, Mapping):
        fields = Fields(node, "a matrix", problems, ("rows",), ("title", "source", "printed"))
        title, items = fields.word("title"), fields.items("rows")
        sums = fields.node("printed")
        if sums is not None:
            given = Fields(sums, "'printed'", problems, (), ("S", "W", "O", "T"))
            for side in given.nodes:
                number = _number(given.word(side), given.at(side), side, problems)
                printed += [(side, number)] if number is not None else []
    elif not isinstance(node, Sequence):
        problems.error("KB204", node.mark, "a matrix is a list of rows.", "Begin each row with '- '.")
    rows = []
    for item in items:
        fields = Fields(item, "a row", problems, ("side", "text", "weight", "rating"), ("score",))
        if not fields.usable:
            continue
        cells = {key: (n.text, n.mark) for key, n in fields.nodes.items() if isinstance(n, Scalar)}
        for key, cell in fields.nodes.items():
            if not isinstance(cell, Scalar):
                problems.error("MX101", cell.mark, f"{key} must be a single value.", "Write one value.")
        rows.append(_row(cells, item.mark, problems))
    return _done(title, rows, printed, shown, problems)


def _from_csv(data: bytes, shown: str, problems: Problems) -> Matrix:
    text = decoded(data, shown, problems)
    if text is None:
        raise FaultyDossier(problems)
    rows: list[MatrixRow | None] = []
    begun = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if len(header) == 1 and ";" in header[0]:
            # What spreadsheets write where the comma is the decimal mark.
            remedy = "Write commas between the cells, and points in the figures."
            problems.error("KB202", Mark(shown), "the cells are separated by semicolons.", remedy)
            raise FaultyDossier(problems)
        _check_header(header, shown, problems)
        if problems.errors:
            raise FaultyDossier(problems)
        begun = reader.line_num + 1
        for record in reader:
            # A quoted cell may run over lines: the row is where it begins.
            at, begun = Mark(shown, begun), reader.line_num + 1
            if not any(cell.strip() for cell in record):
                continue
            if len(record) > len(header):
                problems.error(
                    "MX101",
                    at,
                    f"the row has {len(record)} cells, the first line {len(header)}.",
                    "Put a cell that holds a comma in double quotes.",
                )
                continue
            whole = [*record, *[""] * (len(header) - len(record))]
            cells = {n: (c, Mark(shown, at.line, i)) for i, (n, c) in enumerate(zip(header, whole), 1)}
            rows.append(_row(cells, at, problems))
    except csv.Error as fault:
        problems.error(
            "MX101",
            Mark(shown, begun),
            f"not readable as CSV: {fault}.",
            'Close every quote, and write "" for a quote within one.',
        )
    return _done("", rows, [], shown, problems)


def _check_header(header: list[str], shown: str, problems: Problems) -> None:
    for place, name in enumerate(header, 1):
        first = header.index(name) + 1
        if name not in COLUMNS:
            problems.error("KB201", Mark(shown, 1, place), f"'{name}' is not a column.", did_you_mean(name, COLUMNS))
        elif first < place:
            # Rows are read by the names of their cells: the last of two would count, and nobody would know.
            fault = f"column '{name}' stands twice in the first line (first in column {first})."
            problems.error("KB106", Mark(shown, 1, place), fault, "Keep one of them.")
    for name in COLUMNS[:4]:
        if name not in header:
            problems.error("KB202", Mark(shown), f"column '{name}' is missing.", "Add it to the first line.")


def _done(
    title: str, rows: list[MatrixRow | None], printed: list[tuple[str, Fraction]], shown: str, problems: Problems
) -> Matrix:
    if not rows and not problems.errors:
        problems.error("MX101", Mark(shown), "the table has no rows.", "Give at least one row.")
    if problems.errors:
        raise FaultyDossier(problems)
    return Matrix(title, tuple(row for row in rows if row is not None), tuple(printed))


def _row(cells: dict[str, tuple[str, Mark]], at: Mark, problems: Problems) -> MatrixRow | None:
    """One row from its cells (text and place); every faulty cell is a problem, one that is not there is one already."""
    for key in ("side", "weight", "rating"):
        if key in cells and not cells[key][0].strip():
            problems.error("MX101", cells[key][1], f"{key} is empty.", f"Give the {key}.")
    filled = {key: cell for key, cell in cells.items() if cell[0].strip()}
    written, place = filled.get("side", ("", at))
    side = _SIDES.get(written.strip().lower())
    if written and side is None:
        problems.error("MX101", place, f"'{written}' is not a side.", "Write S, W, O or T.")
    weight, rating, score = (
        _number(*filled[key], key, problems) if key in filled else None for key in ("weight", "rating", "score")
    )
    if weight is not None and weight < 0:
        problems.error("MX101", cells["weight"][1], "the weight is below zero.", "Write zero or more.")
    if side is None or weight is None or rating is None:
        return None
    return MatrixRow(side, " ".join(cells.get("text", ("", at))[0].split()), weight, rating, score, at)


def _number(written: str, mark: Mark, what: str, problems: Problems) -> Fraction | None:
    if len(written) > 60:
        problems.error("MX101", mark, f"{what} is too long for a number.", "Write the number alone.")
        return None
    try:
        return read_decimal(" ".join(written.split()), thousands=False)
    except BadValue as bad:
        problems.error("MX101", mark, f"{what}: {bad.message}", bad.remedy)
        return None
