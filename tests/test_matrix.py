"""Experts' own SWOT tables: sums, evaluations and class, and every place where their arithmetic does not add up."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import kb
from cli import main
from engine.matrix import MatrixResult, weigh
from engine.say.matrix import matrix_json, matrix_text
from kb.matrix import Matrix, MatrixRow, read_matrix, read_matrix_bytes
from kb.model import ClassTable
from kb.problem import Mark

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "matrices"

# Sums of the printed scores, as worked out anew from each publication, and sums of weight × rating.
PRINTED = {
    "laundry_kel1": {"S": "2.06", "W": "1.5", "O": "1.5", "T": "1.5"},
    "keripik_kondang_jaya": {"S": "0.967", "W": "1.187"},
    "dbc_spageti": {"O": "1.67", "T": "0.689"},
}
PRODUCTS = {
    "laundry_kel1": {"S": "2.06", "W": "1.5", "O": "1.6", "T": "1.5"},
    "keripik_kondang_jaya": {"S": "0.966", "W": "1.238"},
    "dbc_spageti": {"O": "1.738", "T": "0.73"},
}
WEIGHTS = {
    "laundry_kel1": {"S": "1", "W": "1.01", "O": "1.02", "T": "1"},
    "keripik_kondang_jaya": {"S": "0.318", "W": "0.682"},
    "dbc_spageti": {"O": "0.482", "T": "0.517"},
}
WARNINGS = {
    "laundry_kel1": [
        "internal weights sum to 2.01, not 1 (each side sums to about 1 by itself); --normalise rescales them",
        "external weights sum to 2.02, not 1 (each side sums to about 1 by itself); --normalise rescales them",
        "line 13 (O: dekat kampus dan kos): printed score 1.06, but 0.58 × 2 = 1.16",
        "printed total O 1.54, but its printed scores sum to 1.5",
        "printed total O 1.54, but weight × rating sums to 1.6",
    ],
    "keripik_kondang_jaya": [
        "line 14 (W: kemasan sederhana): printed score 0.153, but 0.102 × 2 = 0.204",
        "the external axis has no rows: y and the class cannot be told",
    ],
    "dbc_spageti": [
        "line 9 (O: banyak penggemar cokelat): printed score 0.306, but 0.085 × 4 = 0.34",
        "line 11 (O: belum ada restoran sejenis di kota): printed score 0.306, but 0.085 × 4 = 0.34",
        "line 12 (T: persaingan restoran): printed score 0.172, but 0.107 × 2 = 0.214",
        "printed total O 1.67, but weight × rating sums to 1.738",
        "printed total T 0.689, but weight × rating sums to 0.73",
        "the internal axis has no rows: x and the class cannot be told",
    ],
}


@cache
def table() -> ClassTable:
    return kb.load(kb.shipped(), "rules").table


def sample(name: str) -> Matrix:
    return read_matrix(SAMPLES / name, name)


def weighed(name: str, **options: Any) -> MatrixResult:
    return weigh(sample(name), table(), **options)


def of(text: str) -> MatrixResult:
    return weigh(read_matrix_bytes(text.encode(), "<stdin>"), table())


def exact(figures: dict[str, str]) -> dict[str, Fraction | None]:
    return {side: Fraction(figures[side]) if side in figures else None for side in "SWOT"}


def class_at(x: bool, y: bool) -> str:
    return table().at(x, y).id


@pytest.mark.parametrize("name", list(PRODUCTS))
def test_sums_by_side_as_published(name: str) -> None:
    result = weighed(f"{name}.yaml")
    assert dict(result.sums) == exact(PRODUCTS[name])
    assert dict(result.printed) == exact(PRINTED[name])
    for side, weight in WEIGHTS[name].items():
        assert sum(row.weight for row in result.rows if row.side == side) == Fraction(weight)


@pytest.mark.parametrize("name", list(WARNINGS))
@pytest.mark.parametrize("ratings", ["reversed", "magnitude"])
def test_each_slip_of_the_authors_is_named_with_its_place(name: str, ratings: str) -> None:
    found = weighed(f"{name}.yaml", ratings=ratings).warnings
    outside = ["IFE or EFE lies outside 1 to 4; no IE cell"] if (name, ratings) == ("laundry_kel1", "magnitude") else []
    assert list(found) == WARNINGS[name] + outside


def test_the_figures_the_authors_print_are_reached() -> None:
    """IFE 2.154 and EFE 2.359 are sums of printed scores; x 0.56 is the difference of the sums by side."""
    chips, restaurant = weighed("keripik_kondang_jaya.yaml"), weighed("dbc_spageti.yaml")
    assert (chips.printed["S"] or 0) + (chips.printed["W"] or 0) == Fraction("2.154")
    assert (restaurant.printed["O"] or 0) + (restaurant.printed["T"] or 0) == Fraction("2.359")
    assert weighed("laundry_kel1.yaml", ratings="magnitude").differences["x"] == Fraction("0.56")


def test_evaluations_by_weight_and_rating() -> None:
    assert weighed("keripik_kondang_jaya.yaml").evaluations == {"x": Fraction("2.204"), "y": None}
    assert weighed("dbc_spageti.yaml").evaluations == {"x": None, "y": Fraction("2.468")}
    assert weighed("laundry_kel1.yaml").evaluations == {"x": Fraction("3.56"), "y": Fraction("3.1")}


def test_ratings_say_how_adverse_sides_are_rated() -> None:
    """Reversed: the size of a weakness is 5 − rating. Sums by side are as printed either way."""
    turned, plain = weighed("laundry_kel1.yaml"), weighed("laundry_kel1.yaml", ratings="magnitude")
    assert turned.sums == plain.sums
    assert turned.differences == {"x": Fraction("-1.49"), "y": Fraction("-1.9")}
    assert plain.differences == {"x": Fraction("0.56"), "y": Fraction("0.1")}
    assert turned.verdict is not None
    assert turned.verdict.id == class_at(False, False)
    # y is 0.1 on weights of 2.02: 0.0495 of the axis, which is within the band.
    assert plain.verdict is not None
    assert (plain.verdict.id, plain.borderline) == (class_at(True, False), True)
    assert plain.evaluations == {"x": Fraction("5.61"), "y": Fraction("5.1")}
    assert (turned.ie_cell, plain.ie_cell) == ("I", None)


def test_normalised_weights_sum_to_one_on_each_axis() -> None:
    result = weighed("laundry_kel1.yaml", normalise=True, ratings="magnitude")
    for sides in ("SW", "OT"):
        assert sum(row.weight for row in result.rows if row.side in sides) == 1
    assert result.differences == {"x": Fraction("0.56") / Fraction("2.01"), "y": Fraction("0.1") / Fraction("2.02")}
    assert result.ie_cell == "V"
    assert not [warning for warning in result.warnings if "weights sum" in warning]
    # The class is that of the shares in any case, and the slips stay.
    assert result.verdict == weighed("laundry_kel1.yaml", ratings="magnitude").verdict
    assert WARNINGS["laundry_kel1"][2] in result.warnings


def test_a_hundred_thousand_rows_are_normalised_in_one_pass() -> None:
    """Each row once summed all others: a table of this length then took minutes, and half of it a quarter as long."""
    mark = Mark("table")
    many = tuple(MatrixRow("SWOT"[n % 4], "", Fraction(1, 1000), Fraction(2), None, mark) for n in range(100_000))
    result = weigh(Matrix("", many, ()), table(), normalise=True)
    assert {row.weight for row in result.rows} == {Fraction(1, 50_000)}


def test_weights_of_zero_stay_when_normalised() -> None:
    result = weigh(read_matrix_bytes(b"side,text,weight,rating\nS,a,0,4\nO,b,2,4\n", "t"), table(), normalise=True)
    assert [row.weight for row in result.rows] == [0, 1]


def test_one_axis_alone_leaves_the_other_open() -> None:
    result = weighed("dbc_spageti.yaml")
    assert (result.verdict, result.ie_cell, result.borderline) == (None, None, True)
    assert result.differences == {"x": None, "y": Fraction("-0.117")}
    assert (result.sums["S"], result.sums["W"]) == (None, None)


def test_a_side_without_rows_is_zero_and_an_axis_without_rows_is_nothing() -> None:
    result = of("side,text,weight,rating\nS,a,1,4\n")
    assert dict(result.sums) == {"S": 4, "W": 0, "O": None, "T": None}
    assert dict(result.printed) == dict.fromkeys("SWOT")


def test_csv_and_yaml_say_the_same() -> None:
    plain, listed = weighed("laundry_kel1.csv"), weighed("laundry_kel1.yaml")
    assert (plain.sums, plain.printed, plain.differences) == (listed.sums, listed.printed, listed.differences)
    assert plain.verdict == listed.verdict
    # The sums that the authors print in their text have no place in a row, and a CSV line counts from the header.
    expected = [w.replace("line 13", "line 7") for w in WARNINGS["laundry_kel1"] if "printed total" not in w]
    assert list(plain.warnings) == expected


@pytest.mark.parametrize(
    ("rating", "weight", "sum_s"),
    [
        ("3.6", "1", "3.6"),
        ("3,6", "1", "3.6"),
        ("2.667", "1", "2.667"),
        ("1.250", "0.5", "0.625"),
        ("4", "0,125", "0.5"),
    ],
)
def test_decimals_of_a_table_are_never_thousands(rating: str, weight: str, sum_s: str) -> None:
    result = of(f'- {{side: S, text: a, weight: "{weight}", rating: "{rating}"}}')
    assert result.sums["S"] == Fraction(sum_s)


def test_a_printed_score_of_three_decimals_is_read() -> None:
    result = of("side,text,weight,rating,score\nS,a,0.309,4,1.236\nW,b,0.691,1,0.691\n")
    assert result.printed["S"] == Fraction("1.236")
    assert [w for w in result.warnings if "printed" in w] == []


@pytest.mark.parametrize("rating", ["0", "0.9", "4.1", "5", "10", "-1"])
def test_ratings_outside_one_to_four_have_no_cell(rating: str) -> None:
    result = of(f"side,text,weight,rating\nS,a,1,{rating}\nO,b,1,2\n")
    assert result.ie_cell is None
    assert result.warnings == (f"line 2 (S: a): rating {rating} is outside 1 to 4; no IE cell",)
    assert result.sums["S"] == Fraction(rating)
    assert result.verdict is not None


def test_cells_of_the_internal_external_matrix() -> None:
    cells = []
    for efe in ("3", "2.99", "1.99"):
        for ife in ("4", "2", "1"):
            cells.append(of(f"side,text,weight,rating\nS,a,1,{ife}\nO,b,1,{efe}\n").ie_cell)
    assert cells == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]


@pytest.mark.parametrize(
    ("strength", "weakness", "positive", "borderline"),
    [
        ("0.6", "0.4", True, False),
        ("0.551", "0.449", True, False),
        ("0.5", "0.5", False, True),
        ("0.55", "0.45", False, True),
        ("0.45", "0.55", False, True),
        ("0.4", "0.6", False, False),
    ],
)
def test_the_tie_band(strength: str, weakness: str, positive: bool, borderline: bool) -> None:
    """Rows rated 1 in magnitude: x is the difference of the weights, and on the band is within it."""
    rows = f"side,text,weight,rating\nS,a,{strength},1\nW,b,{weakness},1\nO,c,1,4\n"
    result = weigh(read_matrix_bytes(rows.encode(), "<stdin>"), table(), ratings="magnitude")
    assert result.verdict is not None
    assert (result.verdict.id, result.borderline) == (class_at(positive, True), borderline)


rows = st.lists(st.tuples(st.sampled_from("SWOT"), st.integers(0, 100), st.integers(10, 40)), min_size=1, max_size=12)


def matrix(drawn: list[tuple[str, int, int]], factor: int = 1) -> Matrix:
    mark = Mark("table")
    made = [MatrixRow(s, "", Fraction(w * factor, 100), Fraction(r, 10), None, mark) for s, w, r in drawn]
    return Matrix("", tuple(made), ())


@given(rows, st.sampled_from(["reversed", "magnitude"]))
def test_the_size_of_weights_changes_no_class(drawn: list[tuple[str, int, int]], ratings: str) -> None:
    one = weigh(matrix(drawn), table(), ratings=ratings)
    ten = weigh(matrix(drawn, 10), table(), ratings=ratings)
    shares = weigh(matrix(drawn), table(), normalise=True, ratings=ratings)
    assert one.verdict == ten.verdict == shares.verdict
    assert one.borderline == ten.borderline == shares.borderline


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(drawn: list[tuple[str, int, int]], random: Any) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    one, other = weigh(matrix(drawn), table()), weigh(matrix(shuffled), table())
    assert (one.sums, one.differences, one.evaluations) == (other.sums, other.differences, other.evaluations)
    assert (one.verdict, one.ie_cell, one.borderline) == (other.verdict, other.ie_cell, other.borderline)


# --- reading


@pytest.mark.parametrize("side", ["S", "s", "strength", "Kekuatan", " S "])
def test_sides_by_letter_or_word(side: str) -> None:
    assert read_matrix_bytes(f"side,text,weight,rating\n{side},a,1,4\n".encode(), "t").rows[0].side == "S"


def test_columns_in_any_order_and_without_text() -> None:
    read = read_matrix_bytes(b"\xef\xbb\xbfSide,Rating,Weight,Score,Text\r\nO,3,0.5,,\r\n\r\n", "t")
    assert [(r.side, r.rating, r.weight, r.score, r.text, r.mark.line) for r in read.rows] == [
        ("O", 3, Fraction(1, 2), None, "", 2)
    ]


FAULTY_CSV = """\
side,text,weight,rating,score
X,a,0.5,4,2
S,b,,4,2
S,c,0.5,tinggi,2
S,d,-0.5,4,2
S,e,0.5,4,dua
S,f,0.5,4,2,7
S,g
Y,,,9
"""
FAULTY_YAML = """\
title: Tabel
printed: {S: banyak, U: 1}
rows:
  - {side: X, text: a, weight: 0.5, rating: 4}
  - {side: S, text: b, rating: 4}
  - {side: S, text: c, weight: 0.5, rating: ''}
  - {side: S, text: d, weight: [1], rating: 4}
  - {side: S, text: e, weight: 0.5, rating: 4, skor: 2}
  - cukup
"""


def told(text: str) -> list[str]:
    with pytest.raises(kb.FaultyDossier) as faulty:
        read_matrix_bytes(text.encode(), "t")
    return [str(problem) for problem in faulty.value.problems]


def test_all_problems_of_a_csv_come_at_once() -> None:
    assert told(FAULTY_CSV) == [
        "t:2:1: MX101 'X' is not a side. Write S, W, O or T.",
        "t:3:3: MX101 weight is empty. Give the weight.",
        "t:4:4: MX101 rating: 'tinggi' is not a number. Write it like 12,5 or 12.5.",
        "t:5:3: MX101 the weight is below zero. Write zero or more.",
        "t:6:5: MX101 score: 'dua' is not a number. Write it like 12,5 or 12.5.",
        "t:7:1: MX101 the row has 6 cells, the first line 5. Put a cell that holds a comma in double quotes.",
        "t:8:3: MX101 weight is empty. Give the weight.",
        "t:8:4: MX101 rating is empty. Give the rating.",
        "t:9:1: MX101 'Y' is not a side. Write S, W, O or T.",
        "t:9:3: MX101 weight is empty. Give the weight.",
    ]


def test_all_problems_of_a_yaml_table_come_at_once() -> None:
    found = [problem.split(". ")[0] for problem in told(FAULTY_YAML)]
    assert found == [
        "t:2:14: MX101 S: 'banyak' is not a number",
        "t:2:22: KB201 'U' is not a key of 'printed'",
        "t:4:12: MX101 'X' is not a side",
        "t:5:5: KB202 a row lacks 'weight'",
        "t:6:45: MX101 rating is empty",
        "t:7:32: MX101 weight must be a single value",
        "t:8:48: KB201 'skor' is not a key of a row",
        "t:9:5: KB204 a row must be a mapping, not a single value",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("side,text,wieght,rating\nS,a,1,4\n", ["t:1:3: KB201 'wieght' is not a column. Did you mean 'weight'?"]),
        (
            "side,Side,text,weight,rating\nS,W,a,1,4\n",
            ["t:1:2: KB106 column 'side' stands twice in the first line (first in column 1). Keep one of them."],
        ),
        ("side,text,weight\nS,a,1\n", ["t:1:1: KB202 column 'rating' is missing. Add it to the first line."]),
        (
            "side;text;weight;rating\nS;a;0,5;4\n",
            [
                "t:1:1: KB202 the cells are separated by semicolons. "
                "Write commas between the cells, and points in the figures."
            ],
        ),
        ("side,text,weight,rating\n", ["t:1:1: MX101 the table has no rows. Give at least one row."]),
        ("rows: []\n", ["t:1:7: KB204 'rows' is an empty list. Write at least one entry."]),
        ("tabel\n", ["t:1:1: KB204 a matrix is a list of rows. Begin each row with '- '."]),
        ("", ["t:1:1: KB110 the file holds nothing. Fill it or remove it."]),
    ],
)
def test_a_table_that_is_none(text: str, wanted: list[str]) -> None:
    found = told(text)
    assert all(problem in found for problem in wanted), found


def test_bytes_that_are_not_text() -> None:
    for data in (b"side,text,weight,rating\nS,caf\xe9,1,4\n", b"- {side: S, text: caf\xe9}\n"):
        with pytest.raises(kb.FaultyDossier, match="UTF-8"):
            read_matrix_bytes(data, "t")


# --- what is printed


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda p: p.name)
@pytest.mark.parametrize("options", [[], ["--normalise"], ["--ratings", "magnitude"], ["--lang", "en"]], ids=str)
def test_samples_are_done_and_their_text_tells_every_warning(path: Path, options: list[str]) -> None:
    result = CliRunner().invoke(main, ["matrix", str(path), *options])
    assert result.exit_code == 0, result.output
    answer = json.loads(CliRunner().invoke(main, ["matrix", str(path), *options, "--format", "json"]).output)
    assert len(answer["warnings"]) >= 1
    for warning in answer["warnings"]:
        assert f"! {warning}\n" in result.output


def test_the_json_answer_carries_the_figures() -> None:
    read = sample("laundry_kel1.yaml")
    answer = matrix_json(weigh(read, table(), ratings="magnitude"), read, "id")
    assert answer["scores"] == {
        "S": "2.0600",
        "W": "1.5000",
        "O": "1.6000",
        "T": "1.5000",
        "x": "0.5600",
        "y": "0.1000",
        "IFE": "5.6100",
        "EFE": "5.1000",
        "IE_cell": None,
    }
    assert answer["printed"] == {"S": "2.0600", "W": "1.5000", "O": "1.5000", "T": "1.5000"}
    assert answer["rows"][5] == {
        "side": "O",
        "text": "dekat kampus dan kos",
        "weight": "0.5800",
        "rating": "2.0000",
        "score": "1.1600",
        "printed_score": "1.0600",
        "line": 13,
    }
    assert answer["class"]["id"] == class_at(True, False)
    assert answer["class"]["borderline"] is True


def test_an_axis_that_is_missing_is_null_in_json_and_a_dash_in_text() -> None:
    read = sample("keripik_kondang_jaya.yaml")
    result = weigh(read, table())
    answer = matrix_json(result, read, "id")
    assert [answer["scores"][key] for key in ("O", "T", "y", "EFE", "IE_cell")] == [None] * 5
    assert answer["class"] is None
    assert "y = —" in matrix_text(result, read, "id")


@pytest.mark.parametrize("name", ["laundry_kel1", "keripik_kondang_jaya", "dbc_spageti"])
@pytest.mark.parametrize("ratings", ["reversed", "magnitude"])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_text_says_how_ratings_were_read_and_the_difference_formed(name: str, ratings: str, lang: str) -> None:
    read = sample(f"{name}.yaml")
    result = weigh(read, table(), ratings=ratings)
    text = matrix_text(result, read, lang)
    assert text.count(f"(--ratings {ratings})") == 1
    answer = matrix_json(result, read, lang)
    assert answer["ratings"] == ratings
    for axis, good, adverse in (("x", "S", "W"), ("y", "O", "T")):
        sizes, difference = answer["sizes"], answer["scores"][axis]
        if difference is None:
            assert f"\n{axis} = —\n" in text
            continue
        figures = f"{sizes[good]} − {sizes[adverse]} = {difference}"
        assert f"\n{axis} = {good} − {adverse} = {figures} (" in text
        assert answer["positive_above"][axis] in text
        assert Fraction(sizes[good]) - Fraction(sizes[adverse]) == Fraction(difference)


@pytest.mark.parametrize(("ratings", "other"), [("reversed", "magnitude"), ("magnitude", "reversed")])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_another_class_under_the_other_reading_is_told(ratings: str, other: str, lang: str) -> None:
    read = sample("laundry_kel1.yaml")
    result = weigh(read, table(), ratings=ratings)
    opposite = weigh(read, table(), ratings=other).verdict
    assert opposite is not None
    assert result.other_verdict == opposite
    (line,) = [line for line in matrix_text(result, read, lang).splitlines() if f"(--ratings {other})" in line]
    assert opposite.label.say(lang) in line
    assert matrix_json(result, read, lang)["class_by_other_ratings"] == {
        "ratings": other,
        "id": opposite.id,
        "label": opposite.label.say(lang),
        "differs": True,
    }


def test_the_same_class_under_both_readings_is_not_told_twice() -> None:
    read = read_matrix_bytes(b"side,text,weight,rating\nS,a,0.9,4\nW,b,0.1,2\nO,c,1,4\n", "t")
    result = weigh(read, table())
    assert "magnitude" not in matrix_text(result, read, "en")
    assert matrix_json(result, read, "en")["class_by_other_ratings"]["differs"] is False


def test_without_adverse_rows_there_is_nothing_to_reverse() -> None:
    read = read_matrix_bytes(b"side,text,weight,rating\nS,a,1,4\nO,c,1,4\n", "t")
    assert "--ratings" not in matrix_text(weigh(read, table()), read, "en")


@given(rows, st.sampled_from(["reversed", "magnitude"]))
def test_the_other_reading_is_the_one_its_option_gives(drawn: list[tuple[str, int, int]], ratings: str) -> None:
    other = {"reversed": "magnitude", "magnitude": "reversed"}[ratings]
    one, opposite = weigh(matrix(drawn), table(), ratings=ratings), weigh(matrix(drawn), table(), ratings=other)
    assert (one.other_verdict, opposite.other_verdict) == (opposite.verdict, one.verdict)


@pytest.mark.parametrize("normalise", [False, True])
def test_where_nothing_weighs_anything_nothing_is_told(normalise: bool) -> None:
    rows = read_matrix_bytes(b"side,text,weight,rating\nS,a,0,4\nW,b,0,4\nO,c,1,4\n", "t")
    result = weigh(rows, table(), normalise)
    assert result.verdict is None
    assert result.borderline
    assert "internal weights are all zero: the class cannot be told; give each row its weight" in result.warnings
