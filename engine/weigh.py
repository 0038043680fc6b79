"""Priorities from paired comparisons: principal eigenvectors, their consistency, and the group's common judgement.

Sources: T. L. Saaty, The Analytic Hierarchy Process (McGraw-Hill 1980): weights are the principal right eigenvector,
consistency is told by its eigenvalue. J. Aczél and T. L. Saaty, Procedures for synthesizing ratio judgements, Journal
of Mathematical Psychology 27 (1983) 93-102: judgements are joined by their geometric mean, which alone among the means
that take each judgement by itself keeps reciprocals and ratios.

The only place that imports numpy, and only when something is weighed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from kb.compare import STRONGEST, Comparisons, Judgement

# Saaty's random indices, the table printed since 1980 (means over random reciprocal matrices of n items). The dip at 12
# is in the table as printed: it comes of the sample. Newer simulations differ by at most some hundredths.
RANDOM_INDEX: Mapping[int, float] = {
    3: 0.58,
    4: 0.90,
    5: 1.12,
    6: 1.24,
    7: 1.32,
    8: 1.41,
    9: 1.45,
    10: 1.49,
    11: 1.51,
    12: 1.48,
    13: 1.56,
    14: 1.57,
    15: 1.59,
}
# Saaty's rule of thumb: above it judgements should be looked at again.
TOLERATED = 0.1
# Figures that differ by less come of the arithmetic of floats, not of a judgement.
DIGITS = 9

Matrix = list[list[float]]


class NumpyMissing(Exception):
    """numpy cannot be imported; the message says how to get it."""


class Priorities(NamedTuple):
    """Weights that sum to 1, by item; the greatest eigenvalue and the consistency ratio (0 is perfect)."""

    weights: Mapping[str, float]
    eigenvalue: float
    ratio: float

    @property
    def tolerable(self) -> bool:
        return round(self.ratio, DIGITS) <= TOLERATED


class Mend(NamedTuple):
    """The judgement that departs most from the expert's own weights, and the value on Saaty's scale that mends it.

    `more` over `than` was judged `stated`, at least 1; `through` a third item the expert's own judgements make it
    `implied`. `ratio` is the consistency ratio with `proposed` in its place.
    """

    more: str
    than: str
    stated: Fraction
    proposed: Fraction
    ratio: float
    through: str
    implied: Fraction
    line: int


class Judged(NamedTuple):
    """One expert's priorities; `mend` only where they are less consistent than tolerated."""

    name: str
    priorities: Priorities
    mend: Mend | None


def weigh(read: Comparisons) -> tuple[tuple[Judged, ...], Priorities]:
    """Each expert's priorities, and those of the group. Raises NumpyMissing.

    Items stand in alphabetical order, and sums of logarithms are exact, so the order of items, pairs and experts
    changes no bit of the result.
    """
    judged = tuple(_judged(expert.name, read.items, expert.judgements) for expert in read.experts)
    alike = zip(*(expert.judgements for expert in read.experts))
    joined = {(of[0].first, of[0].second): _mean([j.by for j in of]) for of in alike}
    return judged, priorities(read.items, joined)


def priorities(items: tuple[str, ...], by: Mapping[tuple[str, str], float]) -> Priorities:
    """The principal right eigenvector of the reciprocal matrix with `by` above its diagonal. Raises NumpyMissing."""
    weights, eigenvalue = principal(_matrix(items, by))
    size = len(items)
    # A perfect matrix has the eigenvalue n, and floats may fall short of it.
    index = max(0.0, (eigenvalue - size) / (size - 1))
    return Priorities(dict(zip(items, weights)), eigenvalue, index / RANDOM_INDEX[size])


def principal(matrix: Matrix) -> tuple[list[float], float]:
    """The eigenvector of a positive matrix's greatest eigenvalue, scaled to sum 1, and that eigenvalue.

    By Perron and Frobenius it is real, single and greater in size than all others, and the vector has one sign.
    """
    try:
        import numpy
    except ImportError:
        raise NumpyMissing("Weighing needs numpy. Install it with: pip install 'mitra-binaan[weigh]'") from None
    values, vectors = numpy.linalg.eig(numpy.array(matrix, dtype=float))
    place = int(numpy.argmax(values.real))
    vector = [abs(float(part)) for part in vectors[:, place].real]
    total = math.fsum(vector)
    return [part / total for part in vector], float(values[place].real)


def _matrix(items: tuple[str, ...], by: Mapping[tuple[str, str], float]) -> Matrix:
    return [[1.0 if a == b else by[a, b] if a < b else 1 / by[b, a] for b in items] for a in items]


def _mean(judgements: list[Fraction]) -> float:
    return math.exp(math.fsum(map(_log, judgements)) / len(judgements))


def _log(ratio: Fraction) -> float:
    return math.log(ratio.numerator) - math.log(ratio.denominator)


def _judged(name: str, items: tuple[str, ...], judgements: tuple[Judgement, ...]) -> Judged:
    found = priorities(items, {(j.first, j.second): float(j.by) for j in judgements})
    return Judged(name, found, None if found.tolerable else _mend(items, judgements, found))


def _mend(items: tuple[str, ...], judgements: tuple[Judgement, ...], found: Priorities) -> Mend | None:
    """The judgement a_ij with the greatest a_ij · w_j / w_i either way, and w_i / w_j on Saaty's scale for it.

    With three items all three depart alike, and ties are common with more: among equals, the one whose mending helps
    most, then the first by name. None where every such judgement is as near as the scale allows.
    """
    best: tuple[float, float, Mend] | None = None
    weight = found.weights
    for judgement in judgements:
        first, second, by, mark = judgement
        fitting = weight[first] / weight[second]
        departs = round(abs(_log(by) - math.log(fitting)), DIGITS)
        proposed = on_scale(fitting)
        if proposed == by or (best is not None and departs < best[0]):
            continue
        changed = {(j.first, j.second): float(proposed if j is judgement else j.by) for j in judgements}
        ratio = priorities(items, changed).ratio
        if best is not None and departs == best[0] and round(ratio, DIGITS) >= round(best[1], DIGITS):
            continue
        through, implied = _through(items, first, second, by, {(j.first, j.second): j.by for j in judgements})
        mend = Mend(first, second, by, proposed, ratio, through, implied, mark.line)
        if by < 1:
            mend = mend._replace(more=second, than=first, stated=1 / by, proposed=1 / proposed, implied=1 / implied)
        best = (departs, ratio, mend)
    return None if best is None else best[2]


def on_scale(ratio: float) -> Fraction:
    """The nearest value of Saaty's scale: 1 to 9 rounded as a whole number, below 1 the reciprocal of one."""
    size = ratio if ratio >= 1 else 1 / ratio
    whole = min(STRONGEST, math.floor(round(size, DIGITS) + 0.5))
    return Fraction(whole) if ratio >= 1 else Fraction(1, whole)


def _through(
    items: tuple[str, ...], first: str, second: str, by: Fraction, judged: Mapping[tuple[str, str], Fraction]
) -> tuple[str, Fraction]:
    """The third item whose two judgements contradict this one most, and what they make of the pair."""

    def of(a: str, b: str) -> Fraction:
        return judged[a, b] if a < b else 1 / judged[b, a]

    others = [(item, of(first, item) * of(item, second)) for item in items if item not in (first, second)]
    return max(others, key=lambda other: (round(abs(_log(other[1]) - _log(by)), DIGITS), other[1]))
