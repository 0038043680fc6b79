"""Problems as values: what is wrong with a rule base or a dossier, where, and what to write instead.

A step never stops at the first fault: it adds to a `Problems` collection and goes on, and the caller decides
whether the collection is fatal. Every code has a heading in `docs/problems.md` and a broken example in the tests.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

CODES: Mapping[str, str] = {
    # the file itself
    "KB101": "file cannot be read",
    "KB102": "file is not UTF-8 text",
    "KB103": "file is too large",
    "KB104": "not valid YAML",
    "KB105": "nested too deeply",
    "KB106": "duplicate key",
    "KB107": "anchors and aliases are not allowed",
    "KB108": "tags are not allowed",
    "KB109": "more than one document",
    "KB110": "empty file",
    "KB111": "file has no place in a rule base",
    "KB112": "too many problems",
    # shape
    "KB201": "unknown key",
    "KB202": "missing key",
    "KB203": "not an allowed value",
    "KB204": "wrong kind of entry",
    "KB205": "malformed identifier",
    "KB206": "identifier used twice",
    "KB207": "file name and identifier differ",
    "KB208": "text lacks a language",
    "KB209": "value or unit has no words",
    # values
    "KB301": "not a value of this type",
    "KB302": "outside the range",
    "KB303": "not a multiple of the step",
    "KB304": "ambiguous number",
    "KB305": "not a date",
    "KB306": "period ends before it begins",
    "KB307": "periods overlap",
    "KB308": "range of the fact is missing or impossible",
    # meaning
    "KB401": "unknown term",
    "KB402": "test does not fit the type",
    "KB403": "term of a later stage",
    "KB404": "fact feeds both axes",
    "KB405": "divisor can be zero",
    "KB406": "derived facts go round in a circle",
    "KB407": "operand does not fit the derived fact",
    "KB408": "findings of one factor overlap",
    "KB409": "unknown source",
    "KB410": "unknown parameter",
    "KB411": "class table has a gap or an overlap",
    "KB412": "bands are not in order",
    "KB413": "rule has too many alternatives or terms",
    "KB414": "test of knowledge where meaning must be monotone",
    "KB415": "protected fact feeds a rule",
    "KB416": "unknown reference",
    "KB417": "example leaves a fact of its finding unsaid",
    "KB418": "sentence names a term its rule does not read",
    "KB419": "condition is empty",
    "KB420": "test can never hold",
    "KB421": "second fallback pattern",
    "KB422": "bar without a law that was read",
    "KB423": "parameter in another unit than the fact",
    "KB424": "levels of a dimension out of order",
    "KB425": "invariant cannot be tried",
    # doubts
    "KB501": "fact is used nowhere",
    "KB502": "axis is out of balance",
    "KB503": "source is cited by no rule",
    "KB504": "parameter is used by no rule",
    "KB505": "overlap cannot be told from intervals",
    "KB506": "days without a value",
    "KB507": "finding is answered by no action",
    "KB508": "action answers no finding",
    "KB509": "days on which a rule cites nothing",
    "KB510": "examples cannot be tried on examples_as_of",
    "KB511": "entries of a term leave days open, or are never asked",
    "KB512": "no fallback pattern",
    "KB513": "dimension without factors",
    "KB514": "accepted doubt does not arise",
    "KB515": "examples stand far from a threshold",
    "KB516": "conclusion can never be reached",
    "KB517": "rests on what is not in force",
    "KB518": "thresholds without a source",
    "KB519": "languages say different things",
    # proofs
    "PR101": "rule can never hold",
    "PR102": "rule always holds",
    "PR103": "two rules hold for the same firms",
    "PR104": "rule is covered by others",
    "PR105": "part of a condition changes nothing",
    "PR106": "findings of one factor can hold together",
    "PR107": "class that no firm can get",
    "PR108": "pattern that no firm can get",
    "PR109": "pattern that is never recommended",
    "PR110": "value between two thresholds is left out",
    "PR111": "invariant does not hold",
    "PR112": "question left open",
    "PR113": "rule is met and never told",
    # dossiers
    "DS101": "unknown fact",
    "DS102": "derived fact cannot be stated",
    "DS103": "fact stated twice",
    "DS104": "no day of assessment",
    "DS105": "partner file cannot be used",
    "DS106": "unknown state or grade",
    "DS107": "name is empty or too long",
    # matrices
    "MX101": "row of the matrix is faulty",
    # paired comparisons
    "WG101": "too few or too many items",
    "WG102": "item is not a factor",
    "WG103": "item listed twice",
    "WG104": "item is not listed",
    "WG105": "item compared with itself",
    "WG106": "pair compared twice",
    "WG107": "pair not compared",
    "WG108": "not on Saaty's scale",
    "WG109": "expert's name cannot be used",
    "WG110": "scale of the weights cannot be used",
    "WG111": "factor of the other axis",
}


class Mark(NamedTuple):
    """A place in a file: 1-based line and column; file as the user named it."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


# Errors after which reading stops.
LIMIT = 1000
# Of a message, which quotes what was read: a key may be as long as a file.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `severity` is `error` or `doubt`, or `open` for a question of a proof that was not settled.

    `example` is a dossier's facts that show it, if any, and `day` their day.
    """

    code: str
    mark: Mark
    message: str
    remedy: str
    severity: str = "error"
    example: Mapping[str, Any] | None = None
    day: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unregistered problem code {self.code}")

    def __str__(self) -> str:
        doubt = {"error": ""}.get(self.severity, f"{self.severity}: ")
        return " ".join(f"{self.mark}: {self.code} {doubt}{self.message} {self.remedy}".split())

    def as_json(self) -> dict[str, Any]:
        """The contract's form: code, severity, file, line, column, message, remedy, example; and the example's day."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.mark.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "message": self.message,
            "remedy": self.remedy,
            "example": dict(self.example) if self.example is not None else None,
            "as_of": self.day.isoformat() if self.day is not None else None,
        }


class TooManyProblems(Exception):
    """Reading has stopped; what was found stands in the Problems, with a last one that says so."""


@dataclass(slots=True)
class Problems:
    """A growing list of problems; the only mutable value that passes between reading steps.

    `accepted` are doubts that were let stand. `unusable` holds the names whose own entry is faulty or contested, of
    every kind, and all that stands in files that cannot be read, so that those who use such a name are not called wrong
    as well.
    """

    found: list[Problem] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)
    seen: set[tuple[str, Mark, str, str]] = field(default_factory=set)
    error_count: int = 0
    accepted: list[Problem] = field(default_factory=list)

    def error(self, code: str, mark: Mark, message: str, remedy: str, example: Mapping[str, Any] | None = None) -> None:
        self.add(Problem(code, mark, message, remedy, "error", example))

    def doubt(self, code: str, mark: Mark, message: str, remedy: str) -> None:
        self.add(Problem(code, mark, message, remedy, "doubt"))

    def add(self, problem: Problem) -> None:
        """Once each. Raises TooManyProblems."""
        if len(problem.message) > _LONGEST:
            short = f"{problem.message[: _LONGEST // 2]}…{problem.message[-_LONGEST // 2 :]}"
            problem = replace(problem, message=short)
        # One fault met on two ways (a principle is read for every pattern) is said once.
        key = (problem.code, problem.mark, problem.message, problem.remedy)
        if key in self.seen:
            return
        self.seen.add(key)
        self.found.append(problem)
        self.error_count += problem.severity == "error"
        if self.error_count == LIMIT:
            # A file of the wrong kind, or a hostile one: nobody reads on, and each hint costs time.
            last = "Mend these first; a file of another kind may have been named."
            self.found.append(Problem("KB112", problem.mark, f"{LIMIT} problems up to here; reading stops.", last))
            raise TooManyProblems

    def accept(self, code: str, about: str, words: str) -> bool:
        """Set aside the doubts of a code about a name that have these words: the expert let them stand. False where
        there is none."""
        doubts = (p for p in self.found if (p.severity, p.code) == ("doubt", code))
        fitting = [p for p in doubts if f"'{about}'" in p.message and words in p.message]
        self.accepted += fitting
        self.found = [p for p in self.found if p not in fitting]
        return bool(fitting)

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.found if p.severity == "error"]

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.found, key=lambda p: (p.mark, p.code, p.message)))


class FaultyInput(Exception):
    """Raised at the end of a reading step whose input cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class FaultyKnowledge(FaultyInput):
    """The rule base cannot be used (exit 3)."""


class FaultyDossier(FaultyInput):
    """The dossier, partner file or table cannot be used (exit 4)."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """`Did you mean 'x'?` for the nearest candidate, else a short list of what is allowed, else nothing."""
    # Looked for only where something is wrong.
    import difflib

    pool = list(candidates)
    near = difflib.get_close_matches(word.lower(), [c.lower() for c in pool], n=1, cutoff=0.6)
    if near:
        match = next(c for c in pool if c.lower() == near[0])
        return f"Did you mean '{match}'?"
    if pool and len(pool) <= 12:
        return f"Use one of: {', '.join(pool)}."
    return ""
