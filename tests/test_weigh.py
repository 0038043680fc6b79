"""Weights from paired comparisons: against characteristic polynomials in exact fractions, laws, refusals, the answer.

Consistency figures of the worked 3 × 3 example (λ 3.0385, CR 0.033, weights 0.637, 0.258, 0.105) are those printed in
introductions to the method; everything else is derived here by other means than the code's.
"""

from __future__ import annotations

import json
import math
import re
import sys
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import kb
from cli import main
from engine.proposal import Proposal, agreement, propose, whole_weight
from engine.weigh import RANDOM_INDEX, Judged, Priorities, on_scale, principal, priorities, weigh
from kb.compare import Comparisons, Expert, Judgement, read_comparisons, read_comparisons_bytes
from kb.model import Factor
from kb.problem import Mark, Problems
from kb.source import Mapping, Sequence, read_text

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "weights" / "ahli_internal.yaml"
NAMES = "abcdefghijklmno"
SCALE = [*(Fraction(1, n) for n in range(9, 1, -1)), *map(Fraction, range(1, 10))]


@cache
def factors() -> dict[str, Factor]:
    return dict(kb.load(kb.shipped(), "rules").factors)


def compared(*experts: dict[tuple[str, str], Fraction], scale: tuple[int, int] = (1, 5)) -> Comparisons:
    """Comparisons of letters, by experts who each give the upper half of a matrix."""
    items = tuple(sorted({item for pair in experts[0] for item in pair}))
    mark = Mark("t")
    given = [tuple(Judgement(*pair, by[pair], mark) for pair in sorted(by)) for by in experts]
    named = tuple(Expert(f"Ahli {n}", judgements) for n, judgements in enumerate(given, 1))
    return Comparisons("", "", *scale, False, items, named)


def consistent(weights: list[Fraction]) -> dict[tuple[str, str], Fraction]:
    return {(a, b): weights[NAMES.index(a)] / weights[NAMES.index(b)] for a, b in pairs(len(weights))}


def pairs(size: int) -> list[tuple[str, str]]:
    return list(combinations(NAMES[:size], 2))


def alone(by: dict[tuple[str, str], Fraction]) -> Priorities:
    return weigh(compared(by))[0][0].priorities


def exact_matrix(by: dict[tuple[str, str], Fraction]) -> list[list[Fraction]]:
    items = sorted({item for pair in by for item in pair})
    return [[Fraction(1) if a == b else by[a, b] if a < b else 1 / by[b, a] for b in items] for a in items]


def characteristic(matrix: list[list[Fraction]]) -> list[Fraction]:
    """det(xI - A), highest power first, by Faddeev and LeVerrier, in fractions."""
    size = len(matrix)
    found, power = [Fraction(1)], [[Fraction(0)] * size for _ in range(size)]
    for step in range(1, size + 1):
        for k in range(size):
            power[k][k] += found[-1]
        power = [[sum((matrix[i][k] * power[k][j] for k in range(size)), Fraction(0)) for j in range(size)]
                 for i in range(size)]  # fmt: skip
        found.append(-sum((power[k][k] for k in range(size)), Fraction(0)) / step)
    return found


def value(polynomial: list[Fraction], x: Fraction) -> Fraction:
    total = Fraction(0)
    for coefficient in polynomial:
        total = total * x + coefficient
    return total


# --- figures


def test_perfect_judgements_give_their_weights_and_no_inconsistency() -> None:
    found = alone({("a", "b"): Fraction(2), ("a", "c"): Fraction(8), ("b", "c"): Fraction(4)})
    assert found.weights == pytest.approx({"a": 8 / 13, "b": 4 / 13, "c": 1 / 13}, abs=1e-14)
    assert found.eigenvalue == pytest.approx(3, abs=1e-13)
    assert found.ratio == pytest.approx(0, abs=1e-12)
    assert found.ratio >= 0


def test_the_worked_example_of_the_introductions() -> None:
    by = {("a", "b"): Fraction(3), ("a", "c"): Fraction(5), ("b", "c"): Fraction(3)}
    found = alone(by)
    assert [round(found.weights[item], 3) for item in "abc"] == [0.637, 0.258, 0.105]
    assert round(found.eigenvalue, 4) == 3.0385
    assert round(found.ratio, 3) == 0.033
    # λ³ − 3λ² = t + 1/t − 2 with t = 5 / (3 · 3), bisected in fractions.
    assert characteristic(exact_matrix(by)) == [1, -3, 0, -(Fraction(5, 9) + Fraction(9, 5) - 2)]
    low, high = Fraction(3), Fraction(4)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if value(characteristic(exact_matrix(by)), middle) < 0 else (low, middle)
    assert found.eigenvalue == pytest.approx(float(low), abs=1e-12)
    # Of three items the eigenvector is the rows' geometric means.
    rows = [float(math.prod(row)) ** (1 / 3) for row in exact_matrix(by)]
    assert [found.weights[item] for item in "abc"] == pytest.approx([row / sum(rows) for row in rows], abs=1e-12)


# Printed in reprints of the table of 1980; the ratio is the index over them.
PRINTED = (0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)


@pytest.mark.parametrize(("size", "index"), list(enumerate(PRINTED, 3)))
def test_the_ratio_stands_over_the_random_index_of_its_size(size: int, index: float) -> None:
    by = consistent([Fraction(1)] * size) | {("a", "b"): Fraction(9)}
    found = alone(by)
    assert RANDOM_INDEX[size] == index
    assert found.ratio == pytest.approx((found.eigenvalue - size) / (size - 1) / index, rel=1e-12)
    assert found.ratio > 0
    if size == 3:
        # t = 9: λ³ − 3λ² = 64/9.
        assert found.eigenvalue**3 - 3 * found.eigenvalue**2 == pytest.approx(64 / 9)


matrices = st.integers(3, 6).flatmap(
    lambda n: st.fixed_dictionaries({pair: st.sampled_from(SCALE) for pair in pairs(n)})
)


@given(matrices)
def test_the_eigenvalue_is_the_greatest_root_and_the_vector_belongs_to_it(by: dict[tuple[str, str], Fraction]) -> None:
    found, matrix = alone(by), exact_matrix(by)
    weights = [found.weights[item] for item in sorted(found.weights)]
    assert math.fsum(weights) == pytest.approx(1, abs=1e-14)
    # A positive vector that the matrix only stretches can belong to no other eigenvalue (Perron).
    assert min(weights) > 0
    for row, weight in zip(matrix, weights):
        stretched = math.fsum(float(a) * w for a, w in zip(row, weights))
        assert stretched == pytest.approx(found.eigenvalue * weight, rel=1e-9)
    polynomial = characteristic(matrix)
    around = [Fraction(found.eigenvalue) + step for step in (Fraction(-1, 10**6), Fraction(1, 10**6))]
    assert value(polynomial, around[1]) > 0
    if found.ratio > 1e-6:
        # At a perfect matrix the other roots are zero and the sign changes as well, but the step is all there is.
        assert value(polynomial, around[0]) < 0


def test_joined_judgements_are_geometric_means() -> None:
    one = {("a", "b"): Fraction(9), ("a", "c"): Fraction(9), ("b", "c"): Fraction(1)}
    other = {("a", "b"): Fraction(1), ("a", "c"): Fraction(1), ("b", "c"): Fraction(1)}
    group = weigh(compared(one, other))[1]
    # a over b is √9 = 3, so the joint judgement is perfect again.
    assert group.weights == pytest.approx({"a": 0.6, "b": 0.2, "c": 0.2}, abs=1e-12)
    assert group.ratio == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        ("1", "1"),
        ("1.49", "1"),
        ("1.5", "2"),
        ("8.6", "9"),
        ("40", "9"),
        ("0.5", "1/2"),
        ("0.38", "1/3"),
        ("0.01", "1/9"),
    ],
)
def test_a_ratio_comes_to_the_nearest_step_of_the_scale(ratio: str, told: str) -> None:
    assert on_scale(float(ratio)) == Fraction(told)


@pytest.mark.parametrize("planted", pairs(5))
def test_a_planted_slip_is_the_one_that_is_named(planted: tuple[str, str]) -> None:
    """Weights 1, 2, 4, 2, 1 fit the scale exactly; one judgement turned round is found and given back."""
    right = consistent([Fraction(n) for n in (1, 2, 4, 2, 1)])
    wrong = Fraction(1, 9) if right[planted] >= 1 else Fraction(9)
    read = compared(right | {planted: wrong})
    (judged,), _ = weigh(read)
    assert not judged.priorities.tolerable
    mend = judged.mend
    assert mend is not None
    assert {mend.more, mend.than} == set(planted)
    assert mend.stated == 9
    told = mend.proposed if (mend.more, mend.than) == planted else 1 / mend.proposed
    after = alone(right | {planted: told})
    assert mend.ratio == pytest.approx(after.ratio, abs=1e-12)
    assert after.ratio < judged.priorities.ratio
    # Through any third item the rest says what is right.
    implied = mend.implied if (mend.more, mend.than) == planted else 1 / mend.implied
    assert implied == right[planted]
    assert mend.through not in planted


def test_consistent_enough_judgements_are_not_to_be_mended() -> None:
    judged, _ = weigh(compared({("a", "b"): Fraction(3), ("a", "c"): Fraction(5), ("b", "c"): Fraction(3)}))
    assert judged[0].mend is None


def test_of_equal_departures_the_most_helpful_is_named_then_the_first() -> None:
    by = {("a", "b"): Fraction(9), ("b", "c"): Fraction(9), ("a", "c"): Fraction(1, 9)}
    mend = weigh(compared(by))[0][0].mend
    assert mend is not None
    # The circle weighs all alike: each judgement fits best as 1, and each helps as much.
    assert (mend.more, mend.than, mend.stated, mend.proposed) == ("a", "b", 9, 1)
    assert (mend.through, mend.implied) == ("c", Fraction(1, 81))


def test_a_judgement_at_the_end_of_the_scale_is_not_to_be_replaced_by_itself() -> None:
    """Neighbours by 5, all others by 9: first over last departs most, but the scale has nothing beyond what it says."""
    near = {("a", "b"), ("b", "c"), ("c", "d")}
    by = {pair: Fraction(5 if pair in near else 9) for pair in pairs(4)}
    weights, mend = alone(by).weights, weigh(compared(by))[0][0].mend
    departures = {(a, b): abs(math.log(float(by[a, b]) * weights[b] / weights[a])) for a, b in by}
    assert max(departures, key=lambda pair: departures[pair]) == ("a", "d")
    assert weights["a"] / weights["d"] > 9
    assert mend is not None
    assert (mend.more, mend.than) == ("c", "d")
    assert mend.proposed < mend.stated == 5


@pytest.mark.parametrize(("ratio", "fine"), [(0.0, True), (0.1, True), (0.1 + 1e-12, True), (0.1001, False)])
def test_a_tenth_is_tolerated(ratio: float, fine: bool) -> None:
    assert Priorities({}, 3.0, ratio).tolerable is fine


def ranked(*weights: tuple[float, ...]) -> tuple[Judged, ...]:
    return tuple(Judged("", Priorities(dict(zip(NAMES, own)), 0.0, 0.0), None) for own in weights)


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([(3, 2, 1), (5, 4, 3)], 1.0),
        ([(3, 2, 1), (1, 2, 3)], 0.0),
        # Rank sums 3, 7, 8: 12 · 14 / (9 · 24).
        ([(3, 2, 1), (3, 2, 1), (3, 1, 2)], 7 / 9),
        # Ranks 1, 2½, 2½ and 1, 2, 3: 12 · 6½ / (4 · 24 − 2 · 6).
        ([(3, 1, 1), (3, 2, 1)], 78 / 84),
        ([(1, 1, 1), (1, 1, 1)], None),
        ([(3, 2, 1)], None),
    ],
)
def test_kendalls_w(weights: list[tuple[float, ...]], told: float | None) -> None:
    found = agreement(ranked(*weights))
    assert found is None if told is None else found == pytest.approx(told, abs=1e-12)


# --- laws

weights_drawn = st.lists(st.integers(1, 60).map(Fraction), min_size=3, max_size=8)
groups = st.integers(3, 5).flatmap(
    lambda n: st.lists(
        st.fixed_dictionaries({pair: st.sampled_from(SCALE) for pair in pairs(n)}), min_size=1, max_size=4
    )
)


@given(weights_drawn)
def test_consistent_judgements_of_any_weights_are_recovered(weights: list[Fraction]) -> None:
    found, total = alone(consistent(weights)), sum(weights)
    for item, weight in zip(NAMES, weights):
        assert found.weights[item] == pytest.approx(float(weight / total), abs=1e-12)
    assert found.ratio == pytest.approx(0, abs=1e-10)


@given(matrices)
def test_one_expert_alone_is_the_group_and_so_is_one_said_thrice(by: dict[tuple[str, str], Fraction]) -> None:
    own = alone(by)
    for group in (weigh(compared(by))[1], weigh(compared(by, by, by))[1]):
        assert group.weights == pytest.approx(own.weights, abs=1e-12)
        assert group.ratio == pytest.approx(own.ratio, abs=1e-9)


def as_yaml(experts: list[dict[tuple[str, str], Fraction]], random: Random | None = None) -> str:
    """The file; with `random` its items, pairs and experts shuffled and pairs turned round."""

    def line(pair: tuple[str, str], by: Fraction) -> str:
        more, than = pair
        if random is not None and random.random() < 0.5:
            more, than, by = than, more, 1 / by
        return f"      - {{more: {more}, than: {than}, by: {by}}}"

    items = sorted({item for pair in experts[0] for item in pair})
    blocks = []
    for number, by in enumerate(experts, 1):
        lines = [line(pair, by[pair]) for pair in by]
        if random is not None:
            random.shuffle(lines)
        blocks.append("\n".join([f"  - expert: Ahli {number}", "    compare:", *lines]))
    if random is not None:
        random.shuffle(items)
        random.shuffle(blocks)
    return "\n".join(["kb: false", f"items: [{', '.join(items)}]", "experts:", *blocks]) + "\n"


def proposed(text: str) -> Proposal:
    return propose(read_comparisons_bytes(text.encode(), "t", {}), {})


def by_name(told: Proposal) -> dict[str, Any]:
    """The result without the order of the experts and the lines they stand on."""
    mends = {one.name: one.mend and one.mend._replace(line=0) for one in told.judged}
    own = {one.name: one.priorities for one in told.judged}
    return {**told._asdict(), "judged": own, "mends": mends, "doubts": sorted(doubt.key for doubt in told.doubts)}


@given(groups, st.integers(0, 10**6))
def test_the_order_of_items_pairs_and_experts_and_the_side_of_a_pair_change_no_bit(
    experts: list[dict[tuple[str, str], Fraction]], seed: int
) -> None:
    assert by_name(proposed(as_yaml(experts))) == by_name(proposed(as_yaml(experts, Random(seed))))


@given(groups, st.integers(1, 3), st.integers(4, 9))
def test_whole_weights_keep_the_order_and_the_scale(
    experts: list[dict[tuple[str, str], Fraction]], low: int, top: int
) -> None:
    told = propose(compared(*experts, scale=(low, top)), {})
    rows = told.items
    assert rows[0].weight == top
    assert all(low <= row.weight <= top for row in rows)
    assert all(a.share >= b.share - 1e-9 and a.weight >= b.weight for a, b in pairwise(rows))
    for row in rows:
        exact = row.share / rows[0].share * top
        assert abs(row.weight - exact) <= 0.5 + 1e-8 or (row.weight == low and exact < low)
        assert row.least - 1e-12 <= row.greatest
    total = sum(row.weight for row in rows)
    assert told.moved == pytest.approx(max(abs(row.weight / total - row.share) for row in rows), abs=1e-8)


@pytest.mark.parametrize(("part", "told"), [(1, 5), (0.5, 3), (0.4999, 2), (0.3, 2), (0.1, 1), (0.001, 1)])
def test_a_half_goes_up_and_nothing_below_the_least(part: float, told: int) -> None:
    assert whole_weight(part, 1, 5) == told
    # What falls short of a half by the arithmetic of floats alone is a half.
    assert whole_weight(part - 1e-12, 1, 5) == told


def test_spread_and_what_rounding_moves() -> None:
    one = consistent([Fraction(n) for n in (4, 2, 2)])
    other = consistent([Fraction(n) for n in (6, 2, 2)])
    told = propose(compared(one, other), {})
    first = told.items[0]
    assert (first.item, first.least, first.greatest) == ("a", pytest.approx(0.5), pytest.approx(0.6))
    # The sample's standard deviation of 0.5 and 0.6 is 0.1/√2, their mean 0.55.
    assert first.deviation == pytest.approx(0.1 / math.sqrt(2) / 0.55)
    share = math.sqrt(6) / (math.sqrt(6) + 2)
    assert first.share == pytest.approx(share)
    assert [row.weight for row in told.items] == [5, 2, 2]
    assert (told.moved, told.moved_item) == (pytest.approx(5 / 9 - share), "a")
    assert propose(compared(one), {}).items[0].deviation is None


# --- reading

GOOD = """\
items: [mutu, laba, modal]
kb: false
experts:
  - expert: Ibu Ratna
    compare:
      - {more: mutu, than: laba, by: 3}
      - {more: modal, than: mutu, by: 1/5}
      - {more: laba, than: modal, by: 1}
"""


def test_what_is_read() -> None:
    read = read_comparisons_bytes(GOOD.encode(), "t", {})
    assert read._replace(experts=()) == Comparisons("", "", 1, 5, False, ("laba", "modal", "mutu"), ())
    (expert,) = read.experts
    assert expert.name == "Ibu Ratna"
    assert [(j.first, j.second, j.by, j.mark.line) for j in expert.judgements] == [
        ("laba", "modal", 1, 8),
        ("laba", "mutu", Fraction(1, 3), 6),
        ("modal", "mutu", Fraction(1, 5), 7),
    ]


def told(text: str, known: dict[str, Factor] | None = None) -> list[str]:
    with pytest.raises(kb.FaultyDossier) as faulty:
        read_comparisons_bytes(text.encode(), "t", known or {})
    return [str(problem) for problem in faulty.value.problems]


FAULTY = """\
title: [a]
kb: mungkin
axis: dalam
scale: [5, 1]
items: [mutu, laba, modal, promosi, laba]
experts:
  - expert: Ibu Ratna
    compare:
      - {more: mutu, than: laba, by: 12}
      - {more: mutu, than: mutu, by: 2}
      - {more: laba, than: mutu, by: 2}
      - {more: laba, than: modall, by: 2}
      - {more: laba, than: modal}
      - cukup
  - expert: ibu  ratna
    compare: []
    note: ya
  - expert:
    compare: [{more: mutu, than: laba, by: 3}]
"""


def test_all_problems_come_at_once() -> None:
    known = {name: next(iter(factors().values())) for name in ("mutu", "laba", "modal", "promosi")}
    assert [problem.split(". ")[0] for problem in told(FAULTY, known)] == [
        "t:1:8: KB204 'title' must be a single value, not a list",
        "t:2:5: KB301 kb: 'mungkin' is neither yes nor no",
        "t:3:7: KB203 'dalam' is not an allowed axis",
        "t:4:8: WG110 the scale is not two whole numbers of 1 to 5, the lesser first",
        "t:5:37: WG103 'laba' stands twice among the items (first on line 5)",
        "t:9:38: WG108 '12' is not on Saaty's scale of 1/9 to 9",
        "t:10:9: WG105 'mutu' is compared with itself",
        "t:11:9: WG106 Ibu Ratna compares laba and mutu twice (first on line 9)",
        "t:12:28: WG104 'modall' is not among the items",
        "t:13:9: KB202 a comparison of two lacks 'by'",
        "t:14:9: KB204 a comparison of two must be a mapping, not a single value",
        "t:15:13: WG109 'ibu ratna' is an expert already (first on line 7)",
        "t:16:14: KB204 'compare' is an empty list",
        "t:17:5: KB201 'note' is not a key of an expert",
        "t:18:12: KB204 'expert' must be a single value, not nothing",
    ]


def test_a_misspelt_pair_is_not_called_missing_and_others_are() -> None:
    text = GOOD.replace("[mutu, laba, modal]", "[mutu, laba, modal, promosi]").replace("more: modal,", "more: modall,")
    found = told(text)
    # Only pairs of `mutu` may be meant by the faulty line.
    assert [problem.split(" ")[1] for problem in found] == ["WG107", "WG104"]
    assert "leaves 2 pairs uncompared: laba – promosi, modal – promosi." in found[0]


def test_a_line_that_may_mean_any_pair_excuses_all() -> None:
    text = GOOD.replace("{more: modal, than: mutu, by: 1/5}", "cukup")
    assert [problem.split(" ")[1] for problem in told(text)] == ["KB204"]


def test_no_factor_of_the_other_axis_is_proposed_for_a_misspelt_one() -> None:
    text = GOOD.replace("kb: false", "axis: external").replace(
        "[mutu, laba, modal]", "[persaingn, mutu_produkk, modal]"
    )
    found = [problem for problem in told(text, factors()) if "WG102" in problem]
    assert "Did you mean 'persaingan'?" in found[0]
    assert "mutu_produk'" not in found[1]


def test_a_scale_has_two_ends() -> None:
    assert "WG110" in told(f"scale: [3, 3]\n{GOOD}")[0]
    assert read_comparisons_bytes(f"scale: [3, 4]\n{GOOD}".encode(), "t", {})[2:4] == (3, 4)


def test_many_missing_pairs_are_counted() -> None:
    names = ", ".join(NAMES)
    text = f"kb: no\nitems: [{names}]\nexperts:\n  - {{expert: A, compare: [{{more: a, than: b, by: 1}}]}}\n"
    (found,) = told(text)
    assert "A leaves 104 pairs uncompared: a – c, a – d, a – e, a – f, a – g, a – h and 98 more." in found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "t:1:1: KB110 the file holds nothing."),
        ("- a\n", "t:1:1: KB204 a comparison must be a mapping, not a list."),
        (GOOD.replace("items:", "itmes:"), "t:1:1: KB201 'itmes' is not a key of a comparison. Did you mean 'items'?"),
        (GOOD.replace("items:", "itmes:"), "t:1:1: KB202 a comparison lacks 'items'."),
        ("items: [a, b, c]\nkb: false\nexperts: []\n", "t:3:10: KB204 'experts' is an empty list."),
        ("items: [a, b, c]\nkb: false\n", "t:1:1: KB202 a comparison lacks 'experts'."),
        (GOOD.replace("[mutu, laba, modal]", "[Mutu Produk, laba, modal]"), "t:1:9: KB205 'Mutu Produk' is not an"),
        (GOOD.replace("experts:\n", "experts: &x\n"), "t:3:10: KB107 anchor '&x' is not allowed."),
        (f"{GOOD}items: [a]\n", "t:9:1: KB106 'items' stands twice"),
        (GOOD.replace("experts:", "experts: ["), "KB104 not valid YAML"),
        (GOOD.replace("kb: false\n", ""), "t:1:9: WG102 'mutu' is not a factor of the rule base."),
    ],
)
def test_a_file_that_cannot_be_used(text: str, wanted: str) -> None:
    assert any(wanted in problem for problem in told(text)), told(text)


def test_without_items_the_pairs_are_not_blamed() -> None:
    assert [problem.split(" ")[1] for problem in told(GOOD.replace("items: [mutu, laba, modal]\n", ""))] == ["KB202"]


def test_a_thousand_faults_end_in_one_list() -> None:
    lines = "      - {more: mutu, than: laba, by: x}\n" * 1200
    found = told(f"{GOOD}{lines}")
    assert len(found) == 1001
    assert [problem for problem in found if "KB112" in problem]


# --- the command


def run(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["weigh", *words], input=text)


DAY = ("--as-of", "2026-11-24")


def test_the_sample_says_that_it_is_an_example() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.startswith("# CONTOH.")
    assert "EXAMPLE" in text
    read = read_comparisons(SAMPLE, "sample", factors())
    assert len(read.experts) == 3
    assert all("Contoh" in expert.name for expert in read.experts)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_text_has_every_figure_and_warning_of_the_json(lang: str) -> None:
    told = run(str(SAMPLE), *DAY, "--lang", lang)
    assert told.exit_code == 0, told.output
    answer = json.loads(run(str(SAMPLE), *DAY, "--lang", lang, "--format", "json").output)
    assert answer["day"] == "2026-11-24"
    assert "2026-11-24" in told.output
    lines = told.output.splitlines()
    for row in answer["items"]:
        factor = factors()[row["item"]]
        assert row["old_weight"] == factor.weight
        assert row["difference"] == row["weight"] - factor.weight
        assert row["old_share"] == f"{factor.weight / sum(other['old_weight'] for other in answer['items']):.4f}"
        change = f"{row['difference']:+d}" if row["difference"] else "0"
        figures = [row["share"], row["least"], row["greatest"], row["variation"]]
        figures += [str(row["weight"]), str(factor.weight), change, row["old_share"]]
        (line,) = [line for line in lines if line.split()[-8:] == figures]
        assert line.startswith(factor.label.say(lang))
        assert f"[{row['item']}]" in told.output
    assert [row["share"] for row in answer["items"]] == sorted((r["share"] for r in answer["items"]), reverse=True)
    for expert in answer["experts"]:
        flag = [] if expert["tolerable"] else ["!"]
        figures = [*expert["expert"].split(), expert["eigenvalue"], expert["consistency_ratio"], *flag]
        assert [line for line in lines if line.split() == figures]
    moved = answer["rounding_moves_at_most"]
    for figure in (moved["share"], moved["item"], answer["agreement"], answer["group"]["consistency_ratio"]):
        assert figure in told.output
    assert [line for line in lines if line.startswith("! ")] == [f"! {warning}" for warning in answer["warnings"]]


def test_the_slip_of_the_sample_is_named_in_both_languages() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    line = lines.index("      - {more: pembukuan, than: kekuatan_merek, by: 5}") + 1
    name = "Ibu Contoh Tiga (pendamping pemasaran)"
    assert f"! {name}, baris {line}: pembukuan atas kekuatan_merek dinilai 5, padahal lewat " in run(str(SAMPLE)).output
    english = run(str(SAMPLE), "--lang", "en").output
    assert (
        f"! {name}, line {line}: pembukuan over kekuatan_merek is judged 5, but by way of kelancaran_angsuran"
        in english
    )
    assert "comes to 0.25. 1 fits the other judgements better; the consistency ratio would be 0.0515." in english
    assert f"! {name}'s judgements are not consistent enough: the consistency ratio 0.1326 is above 0.1." in english


MIXED = """\
items: [promosi, agunan, produk_impor]
experts:
  - expert: Ahli A
    compare:
      - {more: promosi, than: agunan, by: 9}
      - {more: agunan, than: produk_impor, by: 9}
      - {more: promosi, than: produk_impor, by: 1/9}
"""


def test_what_else_must_be_looked_at_is_said() -> None:
    told = run("-", "--lang", "en", text=MIXED)
    assert told.exit_code == 0
    for words in (
        "The joint judgement is not consistent enough",
        "One expert only",
        "The items are of both axes",
        "None of these items weighs more than 3 now, yet the heaviest is proposed 5;",
    ):
        assert f"! {words}" in told.output
    assert "—" in told.output
    assert "Kendall" not in told.output
    assert "lower the top" not in run("-", "--lang", "en", text=f"scale: [1, 3]\n{MIXED}").output


def test_items_that_are_no_factors_have_no_weight_now() -> None:
    told = run("-", "--lang", "en", text=f"scale: [1, 10]\n{GOOD}")
    assert told.exit_code == 0, told.output
    assert not re.search(r"\bnow\b", told.output)
    row = json.loads(run("-", "--format", "json", text=GOOD).output)["items"][0]
    assert (row["item"], row["old_weight"], row["old_share"], row["difference"]) == ("mutu", None, None, None)


def test_a_faulty_file_and_a_faulty_rule_base_have_codes_of_their_own(tmp_path: Path) -> None:
    told = run("-", text=MIXED.replace("more: agunan", "more: aguna"))
    assert (told.exit_code, told.stdout) == (4, "")
    assert "<stdin>:6:16: WG104 'aguna' is not among the items. Did you mean 'agunan'?" in told.stderr
    assert run(str(tmp_path / "none.yaml")).exit_code == 4
    assert run(str(SAMPLE), "--kb", str(tmp_path)).exit_code == 3
    assert run(str(SAMPLE), "--as-of", "24-11-2026").exit_code == 2
    assert run(str(SAMPLE), "--force").exit_code == 2
    assert run().exit_code == 2


def test_another_rule_base_gives_its_own_factors() -> None:
    tiny = str(ROOT / "tests" / "tiny")
    assert "WG102" in run(str(SAMPLE), "--kb", tiny).stderr
    text = MIXED.replace("promosi", "laba").replace("agunan", "mutu").replace("produk_impor", "bahan")
    rows = json.loads(run("-", "--kb", tiny, "--format", "json", text=text).output)["items"]
    assert {row["item"]: row["old_weight"] for row in rows} == {"laba": 3, "mutu": 2, "bahan": 1}


def test_without_numpy_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    told = run(str(SAMPLE), "--out", str(tmp_path / "usulan.yaml"))
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == "Weighing needs numpy. Install it with: pip install 'mitra-binaan[weigh]'\n"
    assert list(tmp_path.iterdir()) == []
    # What is wrong with the file is said all the same.
    assert run("-", text="").exit_code == 4


# --- the file to copy from


def plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key.text: plain(one) for key, one in node}
    return [plain(one) for one in node.items] if isinstance(node, Sequence) else node.text


def written(path: Path) -> dict[str, Any]:
    problems = Problems()
    node = read_text(path.read_text(encoding="utf-8"), path.name, problems)
    assert list(problems) == []
    assert isinstance(node, Mapping)
    found = plain(node)
    assert isinstance(found, dict)
    return found


def test_the_proposal_reads_back_with_old_new_and_a_draft_of_why(tmp_path: Path) -> None:
    out = tmp_path / "usulan.yaml"
    told = run(str(SAMPLE), *DAY, "--out", str(out))
    assert told.exit_code == 0
    assert told.output.endswith(f"Wrote {out}. Copy from it into the factors' files, then: mitra check\n")
    answer = json.loads(run(str(SAMPLE), *DAY, "--format", "json").output)
    found = written(out)
    assert (found["day"], found["scale"]) == ("2026-11-24", ["1", "5"])
    assert found["group_consistency_ratio"] == answer["group"]["consistency_ratio"]
    assert [e["expert"] for e in found["experts"]] == [e["expert"] for e in answer["experts"]]
    assert [e["consistency_ratio"] for e in found["experts"]] == [e["consistency_ratio"] for e in answer["experts"]]
    for entry, row in zip(found["proposal"], answer["items"], strict=True):
        assert (entry["factor"], entry["weight"], entry["old_weight"], entry["share"]) == (
            row["item"],
            str(row["weight"]),
            str(row["old_weight"]),
            row["share"],
        )
        for lang in ("id", "en"):
            for words in ("2026-11-24", found["group_consistency_ratio"], f" {row['weight']} "):
                assert words in entry["why"][lang]
            for expert in answer["experts"]:
                assert expert["expert"] in entry["why"][lang]
                assert expert["consistency_ratio"] in entry["why"][lang]
    assert all(len(line) <= 120 for line in out.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    "name", ['Ibu "R": #1', "Bapak A, B {c} [d]", "- O'Hara \\ x", "Jln. %s {name} 50%", "-".join(["Ani"] * 45)]
)
def test_names_that_mean_something_to_yaml_come_back_as_they_are(name: str, tmp_path: Path) -> None:
    out = tmp_path / "usulan.yaml"
    text = GOOD.replace("Ibu Ratna", json.dumps(name)) + f"title: {json.dumps(name)}\n"
    assert run("-", "--out", str(out), text=text).exit_code == 0
    found = written(out)
    assert (found["experts"][0]["expert"], found["title"]) == (name, name)
    assert name in found["proposal"][0]["why"]["en"]
    assert "old_weight" not in found["proposal"][0]
    assert found["proposal"][0]["item"] == "mutu"


def test_many_experts_are_counted_in_the_draft_and_not_set_side_by_side(tmp_path: Path) -> None:
    block = GOOD.split("experts:\n")[1]
    text = GOOD.split("experts:\n")[0] + "experts:\n" + "".join(block.replace("Ratna", f"R{n}") for n in range(9))
    out = tmp_path / "usulan.yaml"
    told = run("-", "--out", str(out), text=text)
    assert "bagian menurut" not in told.output
    why = written(out)["proposal"][0]["why"]
    assert "Ibu R4, dan 4 ahli lain" in why["id"]
    assert "Ibu R5" not in why["id"]
    assert len(written(out)["experts"]) == 9


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    out = tmp_path / "usulan.yaml"
    out.write_text("lama", encoding="utf-8")
    told = run(str(SAMPLE), "--out", str(out))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "is there already; --force replaces it." in told.stderr
    assert out.read_text(encoding="utf-8") == "lama"
    out.chmod(0o640)
    assert run(str(SAMPLE), "--out", str(out), "--force", "--format", "json").exit_code == 0
    assert written(out)["proposal"]
    assert out.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["usulan.yaml"]


def test_beside_json_the_note_does_not_stand_in_the_answer(tmp_path: Path) -> None:
    told = run(str(SAMPLE), "--out", str(tmp_path / "usulan.yaml"), "--format", "json")
    assert json.loads(told.stdout)["items"]
    assert told.stderr.startswith("Wrote ")


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    copy = tmp_path / "ahli.yaml"
    copy.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "hilang").symlink_to(tmp_path / "tiada")
    for out, words in (
        (str(tmp_path), "is not a plain file"),
        (str(tmp_path / "hilang"), "is not a plain file"),
        (str(copy), "is the file that was read"),
        (str(tmp_path / "tiada" / "x.yaml"), "cannot be written: No such file"),
        ("", "cannot be written"),
        ("a\0b", "cannot be written"),
    ):
        for force in ([], ["--force"]):
            told = run(str(copy), "--out", out, *force)
            assert (told.exit_code, told.stdout) == (2, ""), out
            assert words in told.stderr, told.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ahli.yaml", "hilang"]


def test_a_write_that_fails_leaves_nothing_and_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    out = tmp_path / "usulan.yaml"
    told = run(str(SAMPLE), "--out", str(out))
    assert (told.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "cannot be written: No space left on device." in told.stderr
    out.write_text("lama", encoding="utf-8")
    assert run(str(SAMPLE), "--out", str(out), "--force").exit_code == 2
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["lama"]


# --- what the document says of the shipped weights


def test_the_document_counts_the_sources_as_they_are() -> None:
    knowledge = kb.load(kb.shipped(), "rules")
    text = (ROOT / "docs" / "weights.md").read_text(encoding="utf-8")

    def kinds(factor: Factor) -> frozenset[str]:
        of = {s: knowledge.sources[s].checked for s in factor.sources}
        case = ("kasus-", "survei-", "praktik-")
        return frozenset(
            "assumed" if c == "assumption" else "case" if s.startswith(case) else "law" for s, c in of.items()
        )

    counted = [kinds(factor) for factor in knowledge.factors.values()]
    order = [
        {"assumed"},
        {"case", "assumed"},
        {"law", "assumed"},
        {"law", "case", "assumed"},
        {"law", "case"},
        {"case"},
    ]
    assert f"The rules have {len(counted)} factors" in text
    table = text.split("| sources of the factor | factors |")[1].split("\n\n")[0]
    assert [int(n) for n in re.findall(r"\| (\d+) \|", table)] == [counted.count(frozenset(kind)) for kind in order]
    assert sum(counted.count(frozenset(kind)) for kind in order) == len(counted)


def test_the_document_quotes_shipped_and_published_weights_as_they_are() -> None:
    text = (ROOT / "docs" / "weights.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d) \| (0\.\d+) \|$", text, re.M)
    assert len(rows) == 17
    tables = [(ROOT / "samples" / "matrices" / name).read_text(encoding="utf-8") for name in
              ("keripik_kondang_jaya.yaml", "dbc_spageti.yaml")]  # fmt: skip
    for place, (factor, shipped, published) in enumerate(rows):
        assert factors()[factor].weight == int(shipped)
        assert re.search(rf"weight: {published.rstrip('0')}0*,", tables[place >= 11]), factor
    chips = [(int(shipped), float(published)) for _, shipped, published in rows[:11]]
    heavy = [published for shipped, published in chips if shipped > 3]
    assert len(heavy) == 4
    assert max(heavy) < sorted((p for _, p in chips), reverse=True)[4]


def test_the_example_of_the_document_is_read() -> None:
    text = (ROOT / "docs" / "weights.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    assert read_comparisons_bytes(example.encode(), "doc", factors()).factors


def test_the_greatest_of_the_eigenvalues_is_taken() -> None:
    """Where others are complex, or negative and greater in size than most, the real one that dominates is found."""
    vector, eigenvalue = principal([[1.0, 9.0, 1 / 9], [1 / 9, 1.0, 9.0], [9.0, 1 / 9, 1.0]])
    assert vector == pytest.approx([1 / 3] * 3)
    assert eigenvalue == pytest.approx(1 + 9 + 1 / 9)
    assert priorities(("a", "b", "c"), {("a", "b"): 9, ("a", "c"): 1 / 9, ("b", "c"): 9}).ratio == pytest.approx(
        (1 + 9 + 1 / 9 - 3) / 2 / 0.58
    )
