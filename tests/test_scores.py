"""Scores as printed, and the cells of the internal-external matrix at their borders."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.scores import four_decimals, ie_cell


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(1, 20_000), "0.0001"),
        (Fraction(-1, 20_000), "-0.0001"),
        (Fraction(-1, 20_001), "0.0000"),
        (Fraction(0), "0.0000"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(99_999, 100_000), "1.0000"),
        (Fraction(-5, 2), "-2.5000"),
    ],
)
def test_four_decimals_are_half_away_from_zero_and_never_minus_nothing(number: Fraction, shown: str) -> None:
    assert four_decimals(number) == shown


@pytest.mark.parametrize(
    ("ife", "efe", "cell"),
    [
        ("3", "3", "I"),
        ("2.9999", "3", "II"),
        ("1.9999", "4", "III"),
        ("3", "2", "IV"),
        ("2", "2", "V"),
        ("1", "2.5", "VI"),
        ("4", "1.9999", "VII"),
        ("2.5", "1", "VIII"),
        ("1", "1", "IX"),
        ("0.9999", "2", None),
    ],
)
def test_cells_go_by_exact_values(ife: str, efe: str, cell: str | None) -> None:
    assert ie_cell(Fraction(ife), Fraction(efe)) == cell


def test_an_empty_axis_has_no_cell() -> None:
    assert ie_cell(None, Fraction(2)) is None
