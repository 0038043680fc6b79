"""Sentences composed from the rules' own words: one template per term, nothing written per case."""

from __future__ import annotations

from engine.decision import CautionVerdict, Decision, PatternVerdict, Reading, StrategyVerdict
from engine.say import words
from kb.condition import GRADE, KNOWN
from kb.model import Knowledge, Pattern
from kb.text import Text

_STATUS = {
    "recommended": Text("disarankan", "recommended"),
    "possible": Text("bisa dijalankan", "possible"),
    "undetermined": Text("belum dapat ditentukan", "undetermined"),
    "not_possible": Text("tidak bisa dijalankan", "not possible"),
    "barred": Text("dilarang", "barred"),
}
_NOT_IN_FORCE = Text("aturannya tidak berlaku pada hari itu", "its rule is not in force on that day")
_NO_RULE = Text(
    "tidak ada aturan yang berlaku pada hari itu untuk: {terms}", "no rule was in force on that day for: {terms}"
)
_FAILS = Text("Prinsip {principle} tidak terpenuhi pada {pattern}", "Principle {principle} fails for {pattern}")
_CLOSED = Text(
    "Tidak ada pola yang dapat disarankan: {pattern} pun tertutup",
    "No pattern can be recommended: even {pattern} is closed",
)
_KEEP = Text(
    "Pertahankan {now}: hubungan sekarang sudah berbentuk yang disarankan.",
    "Keep {now}: the present relation already has the recommended form.",
)
_KEEP_FOR_NOW = Text(
    "Pertahankan {now} sambil melengkapi fakta yang kurang.",
    "Keep {now} while the missing facts are found.",
)
_CHANGE = Text(
    "Ubah bentuk hubungan dari {now} menjadi {then}.", "Change the form of the relation from {now} to {then}."
)
_BEGIN = Text("Mulai hubungan baru: {then}.", "Begin a new relation: {then}.")
_NOW_UNKNOWN = Text(
    "Bentuk hubungan sekarang belum diketahui; yang disarankan {then}.",
    "The present form of the relation is not known; recommended: {then}.",
)
_NONE = Text(
    "Dengan mitra ini tidak ada bentuk hubungan yang dapat disarankan pada hari penilaian; yang menghalangi disebut "
    "pada pola di bawah.",
    "No form of relation with this partner can be recommended on that day; what stands in the way is said of the "
    "patterns below.",
)
NO_ADVICE = Text(
    "Belum ada bentuk hubungan yang dapat disarankan.",
    "No form of relation can be recommended yet.",
)
_REQUIRED = Text("Disyaratkan:", "Required:")
_BUT = Text("Nyatanya", "But")
_BARRED_NOW = Text(
    "Hubungan yang berjalan, {now}, dilarang: {why}.",
    "The relation in use, {now}, is barred: {why}.",
)
_RANKS = Text("urutan menurut kelas", "rank by class")
_OR = Text("atau", "or")
_AND = Text("dan", "and")


def joined(parts: list[str], word: Text, lang: str) -> str:
    """`a, b and c` in the language."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word.say(lang)} {parts[-1]}"


def either(parts: list[str], lang: str) -> str:
    return joined(parts, _OR, lang)


def both(parts: list[str], lang: str) -> str:
    return joined(parts, _AND, lang)


def status(name: str, lang: str) -> str:
    return _STATUS[name].say(lang)


def reading(read: Reading, knowledge: Knowledge, lang: str) -> str:
    """`Mutu produk: unggul (paling sedikit baik)`: the fact, its value, and the test it met or missed."""
    head, told = _reading(read, knowledge, lang)
    return f"{head} ({told})" if told else head


def _reading(read: Reading, knowledge: Knowledge, lang: str) -> tuple[str, str]:
    """The fact with its value, and the test in words where it says more than the value."""
    term = read.test.term
    name = words.label(term, knowledge, lang)
    shown = words.value(term, read.value, knowledge, lang)
    told = words.test(read.test, read.passed, knowledge, lang)
    if term.startswith(KNOWN):
        return f"{name}: {told}", ""
    if term.startswith(GRADE):
        return f"{name}: {shown}", ""
    # A test that only names the value it found adds nothing to the value.
    names_it = all(
        b.op in ("in", "not_in") and isinstance(b.operand, tuple) and len(b.operand) == 1 for b in read.test.bounds
    )
    says_no_more = names_it and (read.passed is True or words.domain_of(term, knowledge).type == "boolean")
    return f"{name}: {shown}", "" if says_no_more else told


def readings(found: tuple[Reading, ...], knowledge: Knowledge, lang: str) -> str:
    """Readings one after the other, each fact once with every test it met or missed."""
    tests: dict[str, dict[str, None]] = {}
    for read in found:
        head, told = _reading(read, knowledge, lang)
        tests.setdefault(head, {}).update({told: None} if told else {})
    return "; ".join(f"{head} ({'; '.join(told)})" if told else head for head, told in tests.items())


def pattern_reason(verdict: PatternVerdict, decision: Decision, lang: str) -> str:
    """One line on why a pattern has its status."""
    knowledge = decision.program.knowledge
    if verdict.reason.endswith("not_in_force"):
        return _NOT_IN_FORCE.say(lang)
    if verdict.status == "undetermined" and not verdict.missing:
        terms = dict.fromkeys(words.label(r.test.term, knowledge, lang) for r in verdict.because if r.passed is None)
        return _NO_RULE.say(lang).format(terms=both(list(terms), lang))
    if verdict.status == "undetermined":
        asked = [words.label(f, knowledge, lang) for f in verdict.missing]
        return Text("perlu diketahui: ", "needs to be known: ").say(lang) + both(asked, lang)
    pattern = knowledge.patterns[verdict.pattern]
    if verdict.status == "barred":
        rules = {r.rule for r in verdict.because}
        bars = [b.says.say(lang) for b in pattern.bars if b.id in rules and b.says.id]
        return "; ".join(bars) or readings(verdict.because, knowledge, lang)
    if verdict.status == "not_possible":
        return _unmet(verdict, pattern, knowledge, lang)
    if decision.verdict.id is None:
        ranks = [
            f"{_class_label(c, knowledge, lang)} {verdict.ranks[c]}"
            for c in decision.verdict.possible
            if c in verdict.ranks
        ]
        return f"{_RANKS.say(lang)}: {', '.join(ranks)}"
    return pattern.suits[decision.verdict.id].why.say(lang)


def _unmet(verdict: PatternVerdict, pattern: Pattern, knowledge: Knowledge, lang: str) -> str:
    """What was required, in the rule's own sentence, and the facts that deny it."""
    rules = {r.rule for r in verdict.because}
    clauses = [c for c in (pattern.requires, *pattern.eligible) if c is not None and c.id in rules and c.says.id]
    asked = "; ".join(dict.fromkeys(lower_first(c.says.say(lang)) for c in clauses))
    denied = readings(verdict.because, knowledge, lang)
    return f"{_REQUIRED.say(lang)} {asked}. {_BUT.say(lang)}: {denied}" if asked else denied


def _class_label(name: str, knowledge: Knowledge, lang: str) -> str:
    return lower_first(next(c.label for c in knowledge.table.classes if c.id == name).say(lang))


def strategy_says(verdict: StrategyVerdict, decision: Decision, lang: str) -> str:
    knowledge = decision.program.knowledge
    findings = knowledge.findings
    text = knowledge.strategies[verdict.strategy].says.say(lang)
    for place, names in (("{inner}", verdict.inner), ("{outer}", verdict.outer)):
        told = [lower_first(words.fill(findings[n].says, decision.values, knowledge, lang)) for n in names]
        text = text.replace(place, _listed([t.rstrip(".") for t in told], lang))
    return text


def _listed(told: list[str], lang: str) -> str:
    """Sentences as one list; where one holds a comma or an "and" of its own, semicolons keep them apart."""
    if any("," in t or f" {_AND.say(lang)} " in t for t in told):
        return "; ".join(told)
    return both(told, lang)


def lower_first(text: str) -> str:
    """For use inside a sentence; abbreviations keep their capitals."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def caution_says(caution: CautionVerdict, decision: Decision, lang: str) -> str:
    """The caution in words, a whole sentence; a failing principle also says what would mend it."""
    return _caution(caution, decision, lang).rstrip(".") + "."


def _caution(caution: CautionVerdict, decision: Decision, lang: str) -> str:
    knowledge = decision.program.knowledge
    values = decision.values | decision.about_knowledge
    pattern = knowledge.patterns.get(caution.about)
    name = pattern.label.say(lang) if pattern is not None else ""
    found = readings(caution.because, knowledge, lang)
    if caution.kind == "principle":
        principle = knowledge.principles[caution.caution.removeprefix(f"{caution.about}.")]
        head = _FAILS.say(lang).format(principle=lower_first(principle.label.say(lang)), pattern=name)
        return f"{head} ({found}). {principle.mend.say(lang)}"
    if caution.kind == "closed":
        return _CLOSED.say(lang).format(pattern=name) + (f" ({found})." if found else ".")
    if caution.kind in ("pattern", "prepare"):
        assert pattern is not None
        clause = next(c for c in (*pattern.cautions, *pattern.prepare) if c.id == caution.caution)
        return words.fill(clause.says, values, knowledge, lang)
    return words.fill(knowledge.cautions[caution.caution].says, values, knowledge, lang)


def change_of_relation(decision: Decision, lang: str) -> str:
    """The present form of the relation against the recommended one: the change is the remedy."""
    knowledge = decision.program.knowledge
    now = decision.present_relation
    then = either([lower_first(knowledge.patterns[p].label.say(lang)) for p in decision.recommended], lang)
    barred = now is not None and now in knowledge.patterns and decision.pattern(now).status == "barred"
    if now is not None and barred and now not in decision.recommended:
        label, why = knowledge.patterns[now].label.say(lang), pattern_reason(decision.pattern(now), decision, lang)
        told = _BARRED_NOW.say(lang).format(now=lower_first(label), why=lower_first(why).rstrip("."))
        if not decision.recommended:
            return f"{told} {_NONE.say(lang)}" if decision.recommendation_final else told
        return f"{told} {_BEGIN.say(lang).format(then=then)}"
    if not decision.recommended:
        return (_NONE if decision.recommendation_final else NO_ADVICE).say(lang)
    if now is None:
        return _NOW_UNKNOWN.say(lang).format(then=then)
    if now in decision.recommended:
        sure = decision.recommendation_final or not knowledge.patterns[now].fallback
        return (
            (_KEEP if sure else _KEEP_FOR_NOW)
            .say(lang)
            .format(now=lower_first(knowledge.patterns[now].label.say(lang)))
        )
    if now not in knowledge.patterns:
        # The choice fact also has a word for "no relation yet".
        return _BEGIN.say(lang).format(then=then)
    return _CHANGE.say(lang).format(now=lower_first(knowledge.patterns[now].label.say(lang)), then=then)
