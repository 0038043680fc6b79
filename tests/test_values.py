"""Values as people write them: what each type reads, what it refuses and with which words, and the way back."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.problem import Problems
from kb.source import Mapping, Scalar, read_text
from kb.values import (
    CODE_LIMIT,
    MAX_LENGTH,
    STEPS,
    TYPES,
    WHOLE,
    BadValue,
    Domain,
    plain_number,
    read_boolean,
    read_date,
    read_decimal,
    read_whole,
)

ONE = Fraction(1)
MONEY = Domain("money", low=0, high=10**13, step=ONE)
INTEGER = Domain("integer", low=-100, high=5000, step=ONE)
DECIMAL = Domain("decimal", low=-100_000, high=10_000_000, step=Fraction(1, 1000))
PERCENT = Domain("percent", low=-1000, high=10_000, step=Fraction(1, 10))
BOOLEAN = Domain("boolean")
LEVEL = Domain("level", ("rendah", "cukup", "baik", "unggul"))
CHOICE = Domain("choice", ("perorangan", "kelompok", "pt"))
CODE = Domain("code")
TEXT = Domain("text")
DATE = Domain(
    "date", low=datetime.date(1945, 8, 17).toordinal(), high=datetime.date(2050, 12, 31).toordinal(), step=None
)


def fault(domain: Domain, written: str) -> BadValue:
    with pytest.raises(BadValue) as bad:
        domain.read(written)
    assert bad.value.remedy.strip()
    return bad.value


@pytest.mark.parametrize(
    ("written", "rupiah"),
    [
        ("1200000", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1_200_000", 1_200_000),
        ("1 200 000", 1_200_000),
        ("1\u00a0200\u00a0000", 1_200_000),
        ("Rp 1.200.000", 1_200_000),
        ("Rp1.200.000", 1_200_000),
        ("rp. 1.200.000", 1_200_000),
        ("IDR 1_200_000", 1_200_000),
        ("Rp1.200.000,-", 1_200_000),
        ("Rp 1.200.000,00", 1_200_000),
        ("Rp 1.200.000.", 1_200_000),
        ("  Rp   1.200.000  ", 1_200_000),
        ("Rp 1,2 miliar", 1_200_000_000),
        ("Rp 1.2 miliar", 1_200_000_000),
        ("1,2 MILYAR", 1_200_000_000),
        ("1.2 billion", 1_200_000_000),
        ("0,125 miliar", 125_000_000),
        ("0.125 miliar", 125_000_000),
        ("300 juta", 300_000_000),
        ("300juta", 300_000_000),
        ("300 jt", 300_000_000),
        ("300 jt.", 300_000_000),
        ("1.250.000 juta", 1_250_000_000_000),
        ("12_500 juta", 12_500_000_000),
        ("1,25 juta", 1_250_000),
        ("2,5 million", 2_500_000),
        ("750 ribu", 750_000),
        ("750 rb", 750_000),
        ("750 thousand", 750_000),
        ("5 triliun", 5_000_000_000_000),
        ("1.250", 1250),
        ("0", 0),
        ("007", 7),
        ("+5", 5),
    ],
)
def test_money_is_read_in_both_languages(written: str, rupiah: int) -> None:
    assert MONEY.read(written) == rupiah


@pytest.mark.parametrize(
    ("written", "code", "says"),
    [
        ("1.250 juta", "KB304", "two ways"),
        ("Rp 1,250 miliar", "KB304", "two ways"),
        ("1,200", "KB301", "not a whole number"),
        ("1,200,000", "KB301", "not a whole number"),
        ("1.20", "KB301", "not a whole number"),
        ("1.2000", "KB301", "not a whole number"),
        ("0.125", "KB301", "not a whole number"),
        ("0.125.000", "KB301", "not a whole number"),
        ("1.200.00", "KB301", "not a whole number"),
        ("1.200,000,000", "KB301", "not a whole number"),
        ("1.200.000,50", "KB301", "not a whole number"),
        ("1__200", "KB301", "not a whole number"),
        ("12_34", "KB301", "not a whole number"),
        ("10 12", "KB301", "not a whole number"),
        ("10-12", "KB301", "not a whole number"),
        ("5.0", "KB301", "not a whole number"),
        ("5/2", "KB301", "not a whole number"),
        ("1e6", "KB301", "not a whole number"),
        ("0x10", "KB301", "not a whole number"),
        ("nan", "KB301", "not a whole number"),
        ("inf", "KB301", "not a whole number"),
        ("Rp", "KB301", "not a whole number"),
        ("-", "KB301", "not a whole number"),
        ("", "KB301", "not a whole number"),
        ("banyak", "KB301", "not a whole number"),
        ("12:30", "KB301", "not a whole number"),
        ("USD 5", "KB301", "not a whole number"),
        ("$ 5", "KB301", "not a whole number"),
        ("1,5 M", "KB301", "not a known magnitude"),
        ("3 jutaan", "KB301", "not a known magnitude"),
        ("1,23456 ribu", "KB301", "not a whole number"),
        ("-1", "KB302", "outside 0 to 10000000000000"),
        ("11 triliun", "KB302", "outside"),
    ],
)
def test_what_is_not_money_is_refused(written: str, code: str, says: str) -> None:
    bad = fault(MONEY, written)
    assert (bad.code, says in bad.message) == (code, True), bad.message


def test_a_misspelt_magnitude_is_named() -> None:
    assert fault(MONEY, "3 jutaan").remedy == "Did you mean 'juta'?"
    assert fault(MONEY, "3 milliar").remedy == "Did you mean 'miliar'?"


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), ("1.200", 1200), ("-3", -3), ("- 3", None), ("12,0", None), ("12 orang", None)]
)
def test_integers(written: str, number: int | None) -> None:
    if number is None:
        assert fault(INTEGER, written).code == "KB301"
    else:
        assert INTEGER.read(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("-12,5", "-12.5"),
        ("1.10", "1.1"),
        ("1,2500", "1.25"),
        ("1.2500", "1.25"),
        ("0.250", "0.25"),
        ("0,001", "0.001"),
        ("1250", "1250"),
        ("1_250", "1250"),
        ("1 250", "1250"),
        ("1250.500", "1250.5"),
        ("5", "5"),
        ("5.0", "5"),
        ("5,000", None),
        ("1.250", None),
        ("-1.250", None),
        ("999,999", None),
    ],
)
def test_decimals_and_what_can_be_read_in_two_ways(written: str, number: str | None) -> None:
    if number is None:
        bad = fault(DECIMAL, written)
        assert bad.code == "KB304"
        bare = written.replace(".", "").replace(",", "")
        assert bad.remedy == f"Write {bare} if thousands are meant, {written}0 if a fraction."
        # Either of the two remedies can be followed.
        fraction = written.replace(",", ".")
        assert DECIMAL.read(f"{written}0") == Fraction(fraction) * 1000
        assert read_decimal(bare) == int(bare)
    else:
        assert DECIMAL.read(written) == Fraction(number) * 1000


def test_a_point_and_three_digits_is_a_fraction_where_nobody_counts_in_thousands() -> None:
    assert read_decimal("1.250", thousands=False) == Fraction(5, 4)
    assert read_decimal("1,250", thousands=False) == Fraction(5, 4)


@pytest.mark.parametrize(
    "written", ["", " ", "1.200,5", "1,200.5", "1 2,5", "12 .5", ".5", "5.", "1e3", "NaN", "5/2", "5 %", "ya", "1.2.3"]
)
def test_what_is_not_a_decimal_is_refused(written: str) -> None:
    assert fault(DECIMAL, written).code == "KB301"


@pytest.mark.parametrize(
    ("written", "tenths"),
    [("12.5", 125), ("12,5%", 125), ("12.5 %", 125), ("100", 1000), ("100%", 1000), ("-5 %", -50)],
)
def test_percents(written: str, tenths: int) -> None:
    assert PERCENT.read(written) == tenths


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("12.55", "KB303"),
        ("1.250 %", "KB304"),
        ("1.250", "KB304"),
        ("5%%", "KB301"),
        ("5 % %", "KB301"),
        ("%", "KB301"),
        ("1001", "KB302"),
        ("-100,1", "KB302"),
        ("lima persen", "KB301"),
    ],
)
def test_what_is_not_a_percent_is_refused(written: str, code: str) -> None:
    assert fault(PERCENT, written).code == code


def test_ends_of_a_range_are_inside() -> None:
    assert (INTEGER.read("-100"), INTEGER.read("5.000")) == (-100, 5000)
    assert fault(INTEGER, "-101").message == "-101 is outside -100 to 5000."
    assert fault(INTEGER, "5.001").code == "KB302"


def test_a_threshold_may_lie_outside_the_range() -> None:
    assert INTEGER.read("9999", bounded=False) == 9999
    assert DATE.read("1900-01-01", bounded=False) == datetime.date(1900, 1, 1).toordinal()


def test_money_in_steps() -> None:
    thousands = Domain("money", low=0, high=5000, step=Fraction(1000))
    assert thousands.read("1.200.000") == 1200
    assert fault(thousands, "1.200.500").message == "1.200.500 is not a multiple of the step 1000."
    assert thousands.plain(1200) == 1_200_000


@pytest.mark.parametrize("word", ["ya", "Ya", "YA", "ada", "true", "True", "yes", "benar", " ya "])
def test_yes(word: str) -> None:
    assert BOOLEAN.read(word) == 1


@pytest.mark.parametrize("word", ["tidak", "TIDAK", "tidak ada", "tidak  ada", "false", "no", "NO", "salah"])
def test_no(word: str) -> None:
    assert BOOLEAN.read(word) == 0


@pytest.mark.parametrize("word", ["", "1", "0", "y", "n", "on", "off", "mungkin", "ya tidak", "tak"])
def test_neither_yes_nor_no(word: str) -> None:
    assert fault(BOOLEAN, word).code == "KB301"
    with pytest.raises(BadValue, match="neither yes nor no"):
        read_boolean(word)


@pytest.mark.parametrize("written", ["2026-06-30", "2024-02-29", " 2026-06-30 ", "1945-08-17", "2050-12-31"])
def test_iso_dates(written: str) -> None:
    assert DATE.read(written) == datetime.date.fromisoformat(written.strip()).toordinal()


@pytest.mark.parametrize(
    ("written", "code", "says"),
    [
        ("31-01-2026", "KB305", "Write 2026-01-31 if that is meant."),
        ("31/1/2026", "KB305", "Write 2026-01-31 if that is meant."),
        ("31.01.2026", "KB305", "Write 2026-01-31 if that is meant."),
        ("2026-02-30", "KB305", "Check month and day."),
        ("2025-02-29", "KB305", "Check month and day."),
        ("0000-01-01", "KB305", "Check month and day."),
        ("2026-6-30", "KB305", "Write it as YYYY-MM-DD."),
        ("20260630", "KB305", "Write it as YYYY-MM-DD."),
        ("2026-06-30T00:00:00", "KB305", "Write it as YYYY-MM-DD."),
        ("30 Juni 2026", "KB305", "Write it as YYYY-MM-DD."),
        ("", "KB305", "Write it as YYYY-MM-DD."),
        ("1945-08-16", "KB302", "Write a figure within these, in the unit asked for."),
    ],
)
def test_other_dates_are_refused(written: str, code: str, says: str) -> None:
    bad = fault(DATE, written)
    assert (bad.code, bad.remedy) == (code, says)


@pytest.mark.parametrize("written", ["01111", "0123456712345", "01.234.567.8-901.000", "A-1/2", "0", "00"])
def test_codes_keep_every_digit(written: str) -> None:
    assert CODE.read(written) == written
    assert CODE.plain(written) == written


@pytest.mark.parametrize("written", ["", "01 111", "12:30", "-1", "é", "１", "a_b"])
def test_what_is_not_a_code_is_refused(written: str) -> None:
    assert fault(CODE, written).code == "KB301"


def test_levels_are_places_and_choices_are_words() -> None:
    assert [LEVEL.read(value) for value in LEVEL.values] == [0, 1, 2, 3]
    assert CHOICE.read("pt") == "pt"
    assert LEVEL.ordered
    assert not CHOICE.ordered


@pytest.mark.parametrize(
    ("domain", "written", "remedy"),
    [
        (LEVEL, "unggull", "Did you mean 'unggul'?"),
        (LEVEL, "UNGGUL", "Did you mean 'unggul'?"),
        (LEVEL, "", "Use one of: rendah, cukup, baik, unggul."),
        (LEVEL, "3", "Use one of: rendah, cukup, baik, unggul."),
        (CHOICE, "kelompk", "Did you mean 'kelompok'?"),
        (CHOICE, "pt, kelompok", "Did you mean 'kelompok'?"),
    ],
)
def test_a_word_that_is_no_value_is_refused(domain: Domain, written: str, remedy: str) -> None:
    bad = fault(domain, written)
    assert (bad.code, bad.remedy) == ("KB203", remedy)


def test_text_is_kept_with_its_spaces_joined() -> None:
    assert TEXT.read("  genteng \n pres ") == "genteng pres"
    assert TEXT.read("x" * 500) == "x" * 500
    assert fault(TEXT, " \n ").message == "the text is empty."


@pytest.mark.parametrize("kind", [t for t in TYPES if t != "text"])
@pytest.mark.parametrize("written", ["9" * 61, "1" * 5000, "0." + "3" * 100_000, "٣" * 5000])
def test_huge_strings_of_digits_are_refused_at_once(kind: str, written: str) -> None:
    domain = Domain(kind, ("satu", "dua"), low=0, high=9, step=ONE)
    assert "far too long" in fault(domain, written).message


def test_the_longest_numbers_are_read_exactly() -> None:
    assert read_whole("9" * MAX_LENGTH) == 10**MAX_LENGTH - 1
    assert read_decimal("0." + "3" * (MAX_LENGTH - 2)) < Fraction(1, 3)
    assert fault(MONEY, "9" * MAX_LENGTH).code == "KB302"
    for read in (read_whole, read_decimal):
        with pytest.raises(BadValue, match="far too long"):
            read("9" * (MAX_LENGTH + 1))


@pytest.mark.parametrize("written", ["１２", "٣", "৪", "1২", "²", "Ⅷ", "一"])
def test_digits_of_other_scripts_are_refused(written: str) -> None:
    """A Bengali four looks like an eight: only 0 to 9 count."""
    for domain in (MONEY, INTEGER, DECIMAL, PERCENT):
        assert fault(domain, written).code == "KB301"
    with pytest.raises(BadValue, match="not a date"):
        read_date("٢٠٢٦-٠٦-٣٠")


def test_no_number_goes_through_a_binary_float() -> None:
    total = sum((read_decimal(w) for w in ("0.1", "0.2")), Fraction(0))
    assert total == read_decimal("0.3")
    assert MONEY.read("1,1 miliar") == 1_100_000_000
    assert DECIMAL.read("1.1") == 1100


NUMBERS = {
    kind: st.sampled_from([ONE, Fraction(10), Fraction(1000)] if kind in WHOLE else sorted(STEPS))
    for kind in ("money", "integer", "decimal", "percent")
}
words = st.text("abcXYZ0189éñ界😀'\"%&*:#,.-_~", min_size=1, max_size=20)
names = st.text("abc_xyz012", min_size=1, max_size=9).map(lambda rest: f"v{rest}")
codes = st.text("01289AZaz./-", max_size=30).map(lambda rest: f"0{rest}")


@st.composite
def coded(draw: Any) -> tuple[Domain, Any]:
    """A domain of any type with one of its values."""
    kind = draw(st.sampled_from(TYPES))
    if kind in NUMBERS:
        low = draw(st.integers(-CODE_LIMIT, CODE_LIMIT - 1))
        high = draw(st.integers(low + 1, CODE_LIMIT))
        near = st.integers(-5000, 5000).filter(lambda n: low <= n <= high) if low < 5000 and high > -5000 else None
        everywhere = st.integers(low, high)
        code = draw(everywhere if near is None else st.one_of(everywhere, near))
        return Domain(kind, low=low, high=high, step=draw(NUMBERS[kind])), code
    if kind in ("level", "choice"):
        values = tuple(draw(st.lists(names, min_size=2, max_size=6, unique=True)))
        place = draw(st.integers(0, len(values) - 1))
        return Domain(kind, values), place if kind == "level" else values[place]
    if kind == "boolean":
        return Domain(kind), draw(st.integers(0, 1))
    if kind == "date":
        return Domain(kind, low=1, high=datetime.date.max.toordinal()), draw(st.dates()).toordinal()
    if kind == "code":
        return Domain(kind), draw(codes)
    return Domain(kind), " ".join(draw(st.lists(words, min_size=1, max_size=5)))


@given(coded())
def test_what_goes_out_comes_back(pair: tuple[Domain, Any]) -> None:
    domain, code = pair
    assert domain.read(str(domain.plain(code))) == code
    assert domain.read(domain.written(code)) == code


@given(coded())
def test_what_goes_out_as_json_comes_back(pair: tuple[Domain, Any]) -> None:
    domain, code = pair
    printed = json.dumps({"value": domain.plain(code)}, ensure_ascii=False)
    node = read_text(printed, "firm", Problems())
    assert isinstance(node, Mapping)
    value = node.get("value")
    assert isinstance(value, Scalar)
    assert domain.read(value.text) == code


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**18), st.sampled_from(["decimal", "percent"]))
def test_a_ratio_goes_out_exactly(above: int, below: int, kind: str) -> None:
    """Ratios have no step: a number where its digits tell it exactly, else text."""
    ratio = Fraction(above, below)
    assert Fraction(str(Domain(kind).plain(ratio))) == ratio
    assert Fraction(Domain(kind).written(ratio)) == ratio


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        (Fraction(5, 2), 2.5),
        (Fraction(5), 5),
        (Fraction(5, 4), 1.25),
        (Fraction(5001, 4000), 1.25025),
        (Fraction(1255, 1000), "1.2550"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(1, 2**60), plain_number(Fraction(1, 2**60))),
        (Fraction(1, 10**7), "0.0000001"),
    ],
)
def test_json_form_of_ratios(number: Fraction, plain: object) -> None:
    found = Domain("decimal").plain(number)
    assert (found, type(found)) == (plain, type(plain))


def test_plain_numbers() -> None:
    pairs = [("0", 0), ("-1", -1), ("0.5", Fraction(1, 2)), ("-0.05", Fraction(-1, 20)), ("1/3", Fraction(1, 3))]
    assert [plain_number(Fraction(n)) for _, n in pairs] == [text for text, _ in pairs]


@pytest.mark.parametrize(
    ("domain", "size"),
    [(BOOLEAN, 2), (LEVEL, 4), (CHOICE, 3), (INTEGER, 5101), (CODE, None), (TEXT, None), (Domain("decimal"), None)],
)
def test_size(domain: Domain, size: int | None) -> None:
    assert domain.size() == size
