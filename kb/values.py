"""Values as people write them, read exactly: Indonesian numbers, yes and no, dates, levels, codes.

Inside, a value is coded so that every executor compares the same plain thing: numbers as whole multiples of their
step, booleans as 0 or 1, levels by their place from the lowest, dates as day ordinals, choices, codes and texts as
text. `Domain` is the coding; `read` goes in, `plain` comes out. No binary floats anywhere.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Union

from kb.problem import did_you_mean

Code = Union[int, str, Fraction]

NUMERIC = ("money", "integer", "decimal", "percent")
WHOLE = ("money", "integer")
ORDERED = (*NUMERIC, "level", "date")
TYPES = (*NUMERIC, "boolean", "choice", "level", "code", "text", "date")
STEPS = {Fraction(1, 10**k) for k in range(5)}
# Coded numbers stay inside what JSON readers and durable-rules hold exactly.
CODE_LIMIT = 10**15
# Nothing but a text is longer, and Python itself refuses to read thousands of digits.
MAX_LENGTH = 60

TRUE_WORDS = {"ya", "ada", "true", "yes", "benar"}
FALSE_WORDS = {"tidak", "tidak ada", "false", "no", "salah"}
_SCALES = {"ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "mlr": 9, "triliun": 12, "thousand": 3}
_SCALES |= {"million": 6, "billion": 9, "trillion": 12, "bn": 9, "k": 3}
# Digits are 0 to 9 alone: a Bengali four looks like an eight.
_MONEY = re.compile(r"^(?:rp\.?|idr)? ?(?P<number>[-+]?[0-9._, ]*[0-9]) ?(?P<scale>[a-z]*)\.?$")
# `,-` and `,00` behind an amount say that it is whole.
_NO_CENTS = re.compile(r"(?<=[0-9]),(?:-|00)$")
_GROUPED = re.compile(r"^[-+]?[1-9][0-9]{0,2}(?:[.][0-9]{3})+$")
_UNDERSCORED = re.compile(r"^[-+]?[1-9][0-9]{0,2}(?:[_ ][0-9]{3})+$")
_DIGITS = re.compile(r"^[-+]?[0-9]+$")
_AMBIGUOUS = re.compile(r"^[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}$")
_POINTED = re.compile(r"^[-+]?[0-9]+[.,][0-9]+$")
_ISO = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_OTHER_DATE = re.compile(r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$")


class BadValue(Exception):
    """What is wrong with one written value; becomes a located problem where the place is known."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        self.code, self.message, self.remedy = code, message, remedy
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Domain:
    """The finite set of values a term can take. `low` and `high` are coded; numbers count in steps of `step`.

    A ratio has no step (`step` None): its values are exact fractions and are coded as they are.
    """

    type: str
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    step: Fraction | None = None

    @property
    def ordered(self) -> bool:
        return self.type in ORDERED

    def read(self, text: str, bounded: bool = True) -> Code:
        """Code of the value written as `text`; raises BadValue. `bounded=False` skips the range (for thresholds)."""
        written = " ".join(text.split())
        if len(written) > MAX_LENGTH and self.type != "text":
            raise BadValue(
                "KB301", f"'{written[:20]}…' is far too long for type {self.type}.", "Write the value alone."
            )
        if self.type in NUMERIC:
            number = read_whole(written) if self.type in WHOLE else read_decimal(written, self.type == "percent")
            return self._in_steps(number, written, bounded)
        if self.type == "boolean":
            return read_boolean(written)
        if self.type == "date":
            return self._bounded(read_date(written).toordinal(), written, bounded)
        if self.type in ("level", "choice"):
            if written not in self.values:
                raise BadValue("KB203", f"'{written}' is not one of the values.", _one_of(written, self.values))
            return self.values.index(written) if self.type == "level" else written
        if self.type == "code" and not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z./-]*", written):
            raise BadValue("KB301", f"'{written}' is not a code.", "Write its digits and letters without spaces.")
        if not written:
            raise BadValue("KB301", "the text is empty.", "Write it, or leave the fact out.")
        return written

    def _in_steps(self, number: Fraction, written: str, bounded: bool) -> Code:
        if self.step is None:
            return number
        steps = number / self.step
        if steps.denominator != 1:
            raise BadValue(
                "KB303", f"{written} is not a multiple of the step {plain_number(self.step)}.", "Round it to the step."
            )
        return self._bounded(steps.numerator, written, bounded)

    def _bounded(self, code: int, written: str, bounded: bool) -> int:
        if bounded and ((self.low is not None and code < self.low) or (self.high is not None and code > self.high)):
            raise BadValue(
                "KB302",
                f"{written} is outside {self.written(self.low)} to {self.written(self.high)}.",
                "Write a figure within these, in the unit asked for.",
            )
        return code

    def plain(self, code: Code) -> int | float | bool | str:
        """The JSON form of a coded value; given back to `read` it means the same."""
        if self.type == "boolean":
            return bool(code)
        if self.type in NUMERIC:
            exact = Fraction(code) * (self.step if self.step is not None else 1)
            if exact.denominator == 1:
                return exact.numerator
            text = plain_number(exact)
            # A JSON number cannot carry the trailing zero that keeps '1.250' from being ambiguous, and a ratio
            # need not end at all, or not soon: these go out as text.
            if _AMBIGUOUS.match(text):
                return text + "0"
            return text if "/" in text or str(float(text)) != text else float(text)
        return self.written(code)

    def written(self, code: Code | None) -> str:
        """The value as text that `read` understands."""
        if code is None:
            return "?"
        if self.type == "boolean":
            return "ya" if code else "tidak"
        if self.type == "level":
            return self.values[int(code)]
        if self.type == "date":
            return datetime.date.fromordinal(int(code)).isoformat()
        if self.type in NUMERIC:
            text = plain_number(Fraction(code) * (self.step if self.step is not None else 1))
            return text + "0" if self.type not in WHOLE and _AMBIGUOUS.match(text) else text
        return str(code)

    def size(self) -> int | None:
        """How many values the domain has; None for code, text and ratios."""
        if self.type == "boolean":
            return 2
        if self.values:
            return len(self.values)
        if self.low is None or self.high is None:
            return None
        return self.high - self.low + 1


def plain_number(number: Fraction) -> str:
    """Exact decimal text of a terminating fraction (point as the mark), else `numerator/denominator`."""
    rest, digits = number.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        digits = max(digits, power)
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    scaled = abs(number.numerator) * 10**digits // number.denominator
    text = str(scaled).rjust(digits + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (text if not digits else f"{text[:-digits]}.{text[-digits:]}")


def _one_of(written: str, allowed: tuple[str, ...]) -> str:
    return did_you_mean(written, allowed) or f"Use one of: {', '.join(allowed)}."


def _refuse_length(written: str) -> None:
    if len(written) > MAX_LENGTH:
        raise BadValue("KB301", f"'{written[:20]}…' is far too long for a number.", "Write the number alone.")


def read_whole(written: str) -> Fraction:
    """Money and integers: `1.200.000`, `1_200_000`, `Rp 1,2 miliar`, `300 juta`. A point groups thousands."""
    _refuse_length(written)
    found = _MONEY.match(_NO_CENTS.sub("", written.lower()))
    if not found:
        raise BadValue("KB301", f"'{written}' is not a whole number.", "Write it like 1.200.000 or Rp 1,2 miliar.")
    body, scale = found["number"], found["scale"]
    if scale and scale not in _SCALES:
        raise BadValue(
            "KB301", f"'{scale}' is not a known magnitude.", _one_of(scale, ("ribu", "juta", "miliar", "triliun"))
        )
    # Before a magnitude a mark can be a decimal one too: 1.200 juta is 1,2 miliar to one and 1,2 juta to another.
    if scale and _AMBIGUOUS.match(body):
        raise BadValue("KB304", f"'{written}' can be read in two ways.", "Write the whole figure in digits.")
    if _DIGITS.match(body):
        number = Fraction(int(body))
    elif _GROUPED.match(body):
        number = Fraction(int(body.replace(".", "")))
    elif _UNDERSCORED.match(body):
        number = Fraction(int(re.sub("[_ ]", "", body)))
    elif scale and _POINTED.match(body):
        number = Fraction(body.replace(",", "."))
    else:
        raise BadValue(
            "KB301",
            f"'{written}' is not a whole number.",
            "Group thousands with points, as in 1.200.000; a comma needs a magnitude, as in 1,2 miliar.",
        )
    number *= Fraction(10 ** _SCALES.get(scale, 0))
    if number.denominator != 1:
        raise BadValue("KB301", f"'{written}' is not a whole number.", "Leave out the fraction.")
    return number


def read_decimal(written: str, percent: bool = False, thousands: bool = True) -> Fraction:
    """Decimals and percents; comma and point are both decimal marks, so `1.250` is ambiguous and refused.

    `thousands=False` where nobody counts in thousands: there `1.250` is one and a quarter.
    """
    _refuse_length(written)
    body = written.removesuffix("%").rstrip() if percent else written
    if thousands and _AMBIGUOUS.match(body):
        whole = re.sub(r"[.,]", "", body)
        raise BadValue(
            "KB304",
            f"'{written}' can be read in two ways.",
            f"Write {whole} if thousands are meant, {body}0 if a fraction.",
        )
    if _DIGITS.match(body):
        return Fraction(int(body))
    if _UNDERSCORED.match(body):
        return Fraction(int(re.sub("[_ ]", "", body)))
    if _POINTED.match(body):
        return Fraction(body.replace(",", "."))
    if _GROUPED.match(body):
        return Fraction(int(body.replace(".", "")))
    raise BadValue("KB301", f"'{written}' is not a number.", "Write it like 12,5 or 12.5.")


def read_boolean(written: str) -> int:
    """Yes or no in either language."""
    word = written.lower()
    if word in TRUE_WORDS:
        return 1
    if word in FALSE_WORDS:
        return 0
    raise BadValue("KB301", f"'{written}' is neither yes nor no.", "Write ya or tidak (or true, false).")


def read_date(written: str) -> datetime.date:
    """ISO dates only; the message offers the ISO form of a day-first date."""
    if _ISO.match(written):
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            raise BadValue("KB305", f"{written} is not a day of the calendar.", "Check month and day.") from None
    other = _OTHER_DATE.match(written)
    if other:
        day, month, year = (int(g) for g in other.groups())
        raise BadValue(
            "KB305", f"'{written}' is not in ISO form.", f"Write {year:04}-{month:02}-{day:02} if that is meant."
        )
    raise BadValue("KB305", f"'{written}' is not a date.", "Write it as YYYY-MM-DD.")
