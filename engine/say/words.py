"""Words for values and tests: numbers, money and dates as an Indonesian or English reader writes them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction

from kb.condition import GRADE, KNOWN, All, Bound, Condition, Dated, Not, Test, fact_of
from kb.model import Knowledge
from kb.normal import opposite
from kb.text import Text
from kb.values import NUMERIC, Code, Domain, plain_number
from kb.vocabulary import GRADES

_MONTHS = {
    "id": "Januari,Februari,Maret,April,Mei,Juni,Juli,Agustus,September,Oktober,November,Desember",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}
_TESTS = {
    "is": Text("adalah", "is"),
    "is_not": Text("bukan", "is not"),
    "one_of": Text("salah satu dari", "one of"),
    "none_of": Text("bukan salah satu dari", "none of"),
    "at_least": Text("paling sedikit", "at least"),
    "at_most": Text("paling banyak", "at most"),
    "above": Text("di atas", "above"),
    "below": Text("di bawah", "below"),
}
_YES_NO = (Text("tidak", "no"), Text("ya", "yes"))
_GRADES = {
    "stated": Text("keterangan lisan", "stated"),
    "document": Text("dokumen", "document"),
    "verified": Text("terverifikasi", "verified"),
}
_AND = Text("dan", "and")
_UNKNOWN = Text("belum diketahui", "not known")
_KNOWN = Text("diketahui", "known")
_PLACE = re.compile(r"\{([^{}]*)\}")


def domain_of(term: str, knowledge: Knowledge) -> Domain:
    """Domain of a term of any stage."""
    if term.startswith(KNOWN):
        return Domain("boolean")
    if term.startswith(GRADE):
        return Domain("level", GRADES)
    if term in knowledge.facts:
        return knowledge.facts[term].domain
    if term in knowledge.eligibility:
        return knowledge.eligibility[term].domain
    if term == "class":
        return Domain("choice", tuple(c.id for c in knowledge.table.classes))
    return Domain("boolean")


def label(term: str, knowledge: Knowledge, lang: str) -> str:
    """What a term is called."""
    name = fact_of(term)
    if name in knowledge.facts:
        return knowledge.facts[name].label.say(lang)
    if name in knowledge.eligibility:
        return knowledge.eligibility[name].label.say(lang)
    if name == "class":
        return Text("Kelas", "Class").say(lang)
    finding = knowledge.findings.get(name)
    return finding.says.say(lang) if finding is not None else name


def value(term: str, code: Code | None, knowledge: Knowledge, lang: str) -> str:
    """A coded value in words; `not known` for None."""
    if code is None:
        return _UNKNOWN.say(lang)
    domain = domain_of(term, knowledge)
    if domain.type == "boolean":
        return _YES_NO[int(code)].say(lang)
    if term.startswith(GRADE):
        return _GRADES[GRADES[int(code)]].say(lang) if code != -1 else _UNKNOWN.say(lang)
    fact = knowledge.facts.get(term)
    if domain.type in ("level", "choice"):
        word = domain.written(code)
        own: Mapping[str, Text] = fact.value_labels if fact is not None else {}
        classes = {c.id: c.label for c in knowledge.table.classes} if term == "class" else {}
        found = own.get(word) or classes.get(word) or knowledge.labels.get(word)
        if found is None and word in knowledge.patterns:
            found = knowledge.patterns[word].label
        return found.say(lang) if found is not None else word.replace("_", " ")
    if domain.type == "date":
        return day(datetime.date.fromordinal(int(code)), lang)
    if domain.type in NUMERIC:
        exact = Fraction(code) * (domain.step if domain.step is not None else 1)
        return measure(exact, domain, fact.unit if fact is not None else "", knowledge, lang)
    return str(code)


def measure(exact: Fraction, domain: Domain, unit: str, knowledge: Knowledge, lang: str) -> str:
    """A number with its unit."""
    text = number(exact, lang)
    if domain.type == "money":
        # The currency goes in front; what is left of the unit ("per year") behind.
        rest = unit.replace("rupiah", "").strip()
        return f"Rp {text}" + (f" {_unit(rest, exact, knowledge, lang)}" if rest else "")
    if domain.type == "percent":
        return f"{text}%"
    return f"{text} {_unit(unit, exact, knowledge, lang)}".strip()


def _unit(unit: str, count: Fraction, knowledge: Knowledge, lang: str) -> str:
    """The unit in words; a language with a singular has its own word for exactly one."""
    found = knowledge.ones.get(unit) if count == 1 else None
    found = found or knowledge.units.get(unit)
    return found.say(lang) if found is not None else unit


def number(exact: Fraction, lang: str) -> str:
    """Digits grouped and marked as the language does; more than four decimals, or endless ones, to two with ≈."""
    text = plain_number(exact)
    about = ""
    if "/" in text or len(text.partition(".")[2]) > 4:
        about = "≈ "
        text = plain_number(Fraction(round(exact * 100), 100))
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    grouped = f"{int(whole):,}"
    if lang == "id":
        return about + sign + grouped.replace(",", ".") + (f",{rest}" if rest else "")
    return about + sign + grouped + (f".{rest}" if rest else "")


def day(date: datetime.date, lang: str) -> str:
    return f"{date.day} {_MONTHS[lang].split(',')[date.month - 1]} {date.year}"


def test(read: Test, passed: bool | None, knowledge: Knowledge, lang: str) -> str:
    """The test in words, as it came out: a test that failed is said by its opposite."""
    domain = domain_of(read.term, knowledge)
    if read.term.startswith(KNOWN):
        operand = read.bounds[0].operand
        asked = isinstance(operand, tuple) and operand[0] == 1
        return (_KNOWN if asked is bool(passed) else _UNKNOWN).say(lang)
    # The lower end of a range is said first.
    ordered = sorted(read.bounds, key=lambda bound: bound.op not in ("ge", "gt"))
    parts = [_bound(b, read.term, domain, knowledge, lang) for b in ordered]
    if passed is False:
        if len(read.bounds) == 1:
            return _bound(opposite(read.bounds[0]), read.term, domain, knowledge, lang)
        return f"{Text('di luar', 'outside').say(lang)} ({f' {_AND.say(lang)} '.join(parts)})"
    return f" {_AND.say(lang)} ".join(parts)


def _bound(bound: Bound, term: str, domain: Domain, knowledge: Knowledge, lang: str) -> str:
    several = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
    shown = ", ".join(value(term, code, knowledge, lang) for code in several)  # type: ignore[arg-type]
    return f"{_TESTS[bound.word].say(lang)} {shown}"


def plain_test(read: Test, passed: bool | None, knowledge: Knowledge) -> str:
    """The test in the rules' own words (`is unggul`, `at_least 80, below 95`), for machines and auditors."""
    domain = domain_of(read.term, knowledge)
    # What is read may be how well a fact is known, not its value.
    about = "known " if read.term.startswith(KNOWN) else "grade " if read.term.startswith(GRADE) else ""

    def one(bound: Bound) -> str:
        several = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
        return f"{about}{bound.word} {', '.join(domain.written(code) for code in several)}"  # type: ignore[arg-type]

    if passed is False and len(read.bounds) == 1:
        return one(opposite(read.bounds[0]))
    text = ", ".join(one(bound) for bound in read.bounds)
    return f"not ({text})" if passed is False else text


def fill(says: Text, values: Mapping[str, Code], knowledge: Knowledge, lang: str) -> str:
    """A sentence with `{term}` replaced by the term's value."""
    return _PLACE.sub(lambda m: value(m.group(1), values.get(m.group(1)), knowledge, lang), says.say(lang))


def condition(written: Condition, knowledge: Knowledge) -> str:
    """A condition as one line in the rules' own words, parameters by name."""
    if isinstance(written, Test):
        domain = domain_of(written.term, knowledge)
        parts = []
        for bound in written.bounds:
            if isinstance(bound.operand, Dated):
                parts.append(f"{bound.word} ${bound.operand.parameter}")
            else:
                several = bound.operand if isinstance(bound.operand, tuple) else (bound.operand,)
                parts.append(f"{bound.word} {', '.join(domain.written(code) for code in several)}")
        return f"{written.term} {' and '.join(parts)}"
    if isinstance(written, Not):
        return f"not ({condition(written.part, knowledge)})"
    word = " and " if isinstance(written, All) else " or "
    return word.join(
        condition(p, knowledge) if isinstance(p, Test) else f"({condition(p, knowledge)})" for p in written.parts
    )
