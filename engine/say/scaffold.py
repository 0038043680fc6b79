"""New files for a rule base, filled so that they load at once: a factor with its fact, an action.

Everything is text with comments that say what to write where. Nothing here looks at what is in the rule base but what
it is given; `commands.write` sees to names and places.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from kb.model import AXES, FIELDS, LETTERS, STEPS
from kb.values import NUMERIC, Code, Domain
from kb.vocabulary import ANSWERERS, Fact

# Types whose values a threshold or a word can be put on.
TESTABLE = (*NUMERIC, "date", "boolean", "level", "choice")
_WIDTH = 100
_LEVELS = {"kurang": "poor", "cukup": "fair", "baik": "good"}

# What each line of a new file wants, in both languages.
_HINTS = {
    "head": (
        "Berkas baru: setiap kalimat di bawah adalah contoh. Gantilah, lalu hapus catatan ini.",
        "A new file: every sentence below is an example. Replace it, then remove this note.",
    ),
    "label": ("sebutan singkat, dalam dua bahasa", "a short name, in both languages"),
    "axis": ("internal: tentang usahanya; external: tentang sekelilingnya", "internal: the firm; external: around it"),
    "weight": (
        "1-5: seberapa menentukan, dibanding faktor lain pada sumbu yang sama",
        "1-5: how decisive, against the others of its axis",
    ),
    "why": ("mengapa faktor ini dihitung, dan mengapa sebesar itu", "why it counts, and why this much"),
    "source": (
        "id sumber dari law/; katakan dengan jujur bila hanya asumsi",
        "source ids of law/; say honestly if it is assumed",
    ),
    "findings": (
        "paling banyak satu temuan boleh muncul bagi usaha mana pun",
        "at most one finding may hold for any firm",
    ),
    "rating": ("1-4: seberapa besar pengaruhnya", "1-4: how large the effect is"),
    "when": ("ambangnya; pindahkan contohnya juga", "the threshold; move the examples with it"),
    "answered_by": (
        "tindakan di programme/ yang menjawabnya: answered_by: [id, …]",
        "actions of programme/ that answer it: answered_by: [id, …]",
    ),
    "examples": ("tepat di kedua sisi ambang", "exactly on each side of the threshold"),
    "values": ("dari yang terendah", "lowest first"),
    "better": (
        "higher atau lower; hapus bila tidak ada satu arah yang selalu lebih baik",
        "higher or lower; remove it where no one direction is always better",
    ),
    "ask": ("pertanyaan di formulir", "the question on the form"),
    "answered": (f"siapa yang menjawab: {', '.join(ANSWERERS)}", f"who answers: {', '.join(ANSWERERS)}"),
    "evidence": ("bukti yang diminta", "the evidence to ask for"),
    "effort": ("1 diketahui di meja … 5 perlu survei", "1 known at the desk … 5 needs a survey"),
    "change": (
        "change_effort: 3 bila sebuah rencana dapat mengubahnya, 1-5 per tingkat",
        "change_effort: 3 where a plan can change it, 1-5 per level",
    ),
    "does": ("apa yang dikerjakan dan oleh siapa, satu kalimat", "what is done and by whom, one sentence"),
    "field": (", ".join(FIELDS), ", ".join(FIELDS)),
    "step": (", ".join(STEPS), ", ".join(STEPS)),
    "named": (
        "ditawarkan bila temuannya muncul: tulis id-nya pada answered_by temuan itu",
        "offered when its finding holds: write its id under answered_by of that finding",
    ),
}


class Hints(NamedTuple):
    """Comments in one language."""

    lang: str

    def __call__(self, key: str) -> str:
        return _HINTS[key][self.lang == "en"]

    def lines(self, key: str, indent: str = "") -> list[str]:
        prefix = f"{indent}# "
        return textwrap.wrap(self(key), _WIDTH, initial_indent=prefix, subsequent_indent=prefix)


def named(name: str) -> str:
    """An id in words: the start of a label."""
    return name.replace("_", " ").capitalize()


def both(name: str, said: str, meant: str) -> str:
    return f"{{id: {named(name)}{said}, en: {named(name)}{meant}}}"


class Side(NamedTuple):
    """One finding to be: the test, and the values with which it fires and stays silent, as they are written."""

    test: str
    fires: str
    silent: str


def sides(fact: Fact) -> tuple[Side, Side]:
    """A good and an adverse end of a fact, which exclude each other; `better: lower` turns them round."""
    domain = fact.domain
    if domain.type == "boolean":
        found = Side("true", "true", "false"), Side("false", "false", "true")
    elif domain.type in ("level", "choice"):
        low, next_low, next_high, high = (domain.values[i] for i in (0, 1, -2, -1))
        if domain.type == "choice":
            high, next_high, low, next_low = low, next_low, next_low, low
        found = Side(f"{{is: {high}}}", high, next_high), Side(f"{{is: {low}}}", low, next_low)
    else:
        found = _ends(domain)
    return (found[1], found[0]) if fact.better == "lower" else found


def _ends(domain: Domain) -> tuple[Side, Side]:
    """The upper and the lower quarter of a range."""
    assert domain.low is not None
    assert domain.high is not None
    span = domain.high - domain.low
    high = max(domain.high - span // 4, domain.low + 1)
    low = min(domain.low + span // 4, high - 1)

    def said(code: Code) -> str:
        return domain.written(code)

    upper = Side(f"{{at_least: {said(high)}}}", said(high), said(high - 1))
    return upper, Side(f"{{at_most: {said(low)}}}", said(low), said(low + 1))


def factor_file(name: str, axis: str, fact: Fact, source: str, lang: str) -> str:
    """A factor of two findings on one fact."""
    hint = Hints(lang)
    lines = [
        *hint.lines("head"),
        f"factor: {name}",
        f"label: {both(name, '', ' (English)')}  # {hint('label')}",
        f"axis: {axis}  # {hint('axis')}",
        f"weight: 2  # {hint('weight')}",
        *hint.lines("why"),
        "why:",
        f"  id: Tulis mengapa {name} ikut menentukan kemitraan dan mengapa bobotnya 2.",
        f"  en: Write why {name} helps to decide the partnership and why it weighs 2.",
        f"source: [{source}]  # {hint('source')}",
        *hint.lines("findings"),
        "findings:",
    ]
    good, bad = AXES[axis]
    told = (("baik", "good"), ("kurang baik", "poor"))
    for side, ends, (said, meant) in zip((good, bad), sides(fact), told):
        lines += [
            f"  - id: {LETTERS[side]}-{name}",
            f"    side: {side}",
            f"    rating: 3  # {hint('rating')}",
            f"    when: {{{fact.id}: {ends.test}}}  # {hint('when')}",
            f"    says: {both(name, f' {said}', f' is {meant}')}",
            *(hint.lines("answered_by", "    ") if side == bad else ()),
            f"    examples: {{fires: [{{{fact.id}: {ends.fires}}}], silent: [{{{fact.id}: {ends.silent}}}]}}"
            f"  # {hint('examples')}",
        ]
    return _whole(lines)


def new_level(name: str) -> Domain:
    """The type of the fact that `fact_file` writes."""
    return Domain("level", tuple(_LEVELS))


def fact_file(name: str, axis: str, lang: str) -> str:
    """A vocabulary file with one fact in levels, answered by the firm or, of what is around it, by an officer."""
    hint = Hints(lang)
    words = ", ".join(f"{value}: {{id: {value}, en: {meant}}}" for value, meant in _LEVELS.items())
    lines = [
        *hint.lines("head"),
        f"- id: {name}",
        f"  label: {both(name, '', ' (English)')}  # {hint('label')}",
        "  type: level",
        f"  values: [{', '.join(_LEVELS)}]  # {hint('values')}",
        f"  value_labels: {{{words}}}",
        f"  better: higher  # {hint('better')}",
        f"  ask: {{id: 'Bagaimana {name}?', en: 'How good is {name}?'}}  # {hint('ask')}",
        f"  answered_by: {'firm' if axis == 'internal' else 'field_officer'}  # {hint('answered')}",
        f"  evidence: {{id: Kunjungan lapangan, en: Field visit}}  # {hint('evidence')}",
        f"  ask_effort: 2  # {hint('effort')}",
        *hint.lines("change", "  "),
    ]
    return _whole(lines)


def action_file(name: str, source: str, lang: str) -> str:
    """A programme file with one action, which a finding still has to name."""
    hint = Hints(lang)
    lines = [
        *hint.lines("head"),
        *hint.lines("named"),
        f"- action: {name}",
        f"  label: {both(name, '', ' (English)')}  # {hint('label')}",
        *hint.lines("does", "  "),
        "  says:",
        f"    id: Mitra dan pemilik usaha mengerjakan {named(name).lower()} menurut rencana kerja.",
        f"    en: The partner and the owner carry out {named(name).lower()} by the work plan.",
        f"  field: production  # {hint('field')}",
        f"  step: carry_out  # {hint('step')}",
        f"  source: [{source}]  # {hint('source')}",
    ]
    return _whole(lines)


def _whole(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
