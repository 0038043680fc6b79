"""New files for a rule base that need to know it: a pattern beside the others, a whole case that is true now."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

from engine.decide import decide, ready
from engine.decision import Decision
from engine.say.scaffold import Hints, both
from kb.condition import terms_of
from kb.dossier import Dossier, Stated
from kb.model import STRATEGIES, Example, Knowledge
from kb.values import Code

_PLAIN = re.compile(r"-?\w[\w.-]*( [\w.-]+)*")
# So few factors of each axis speak in a new case.
_FACTORS = 3
_LAST_RANK = 99

_NOTES = {
    "pattern": (
        "Pola baru. Peringkat 99 menaruhnya di belakang semua yang lain sampai Anda menimbangnya.",
        "A new pattern. Rank 99 puts it behind all others until you have weighed it.",
    ),
    "says": ("batasannya, satu kalimat", "what it is, one sentence"),
    "in_force": (
        "hari mulai berlaku menurut sumbernya: in_force: {from: …}",
        "the day its law began: in_force: {from: …}",
    ),
    "source": ("sumber yang mengatur pola ini", "the sources that govern it"),
    "requires": (
        "keterkaitan yang harus ada; fakta yang tidak diketahui menunda pola ini",
        "the link that must be there; an unknown fact makes the pattern wait",
    ),
    "barred_by": (
        "larangan hukum, hanya dari sumber yang sudah dibaca (text, report): barred_by: [{when: …, source: […]}]",
        "bars of the law, only from sources that were read (text, report): barred_by: [{when: …, source: […]}]",
    ),
    "suits": (
        "peringkat menurut kuadran, 1 terbaik, dengan alasan",
        "the rank by quadrant, 1 is best, with the reason",
    ),
    "duties": ("kewajiban kedua pihak", "what each side must do"),
    "clauses": ("yang harus tertulis dalam perjanjian", "what the agreement must hold"),
    "case": (
        "Kasus baru dari contoh beberapa temuan. Ganti faktanya dengan usaha yang Anda kenal.",
        "A new case, from examples of a few findings. Replace its facts by those of a firm you know.",
    ),
    "expect": (
        "Yang diputuskan aturan sekarang. Tulislah yang menurut Anda semestinya; bila lain, tinjau aturannya.",
        "What the rules decide now. Write what you think they should; where it differs, look at the rules.",
    ),
    "day": ("hari penilaian: hukum hari itu yang berlaku", "the day of assessment: the law of that day counts"),
}


def _note(key: str, lang: str, indent: str = "") -> str:
    return f"{indent}# {_NOTES[key][lang == 'en']}"


def written(text: str) -> str:
    """A value as it may stand in a file: plain where nothing in it means anything to YAML, else in quotes."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def linkage(knowledge: Knowledge) -> str | None:
    """A yes-or-no fact for a new pattern to ask for: the one that most patterns ask for already, if there is any."""
    asked = Counter(
        t for p in knowledge.patterns.values() if p.requires and p.requires.when for t in terms_of(p.requires.when)
    )
    fitting = [f.id for f in knowledge.facts.values() if f.domain.type == "boolean" and not f.protected]
    return min(fitting, key=lambda name: (-asked[name], name), default=None)


def pattern_file(name: str, fact: str, source: str, lang: str) -> str:
    hint = Hints(lang)
    lines = [
        _note("pattern", lang),
        f"pattern: {name}",
        f"label: {both(name, '', ' (English)')}  # {hint('label')}",
        f"says:  # {_NOTES['says'][lang == 'en']}",
        "  id: Tulis apa yang dikerjakan usaha kecil dan apa yang dikerjakan mitranya.",
        "  en: Write what the small firm does and what its partner does.",
        _note("in_force", lang),
        f"source: [{source}]  # {_NOTES['source'][lang == 'en']}",
        _note("requires", lang),
        "requires:",
        f"  when: {{{fact}: true}}",
        f"  source: [{source}]",
        _note("barred_by", lang),
        f"suits:  # {_NOTES['suits'][lang == 'en']}",
    ]
    for quadrant in STRATEGIES:
        why = f"{{id: Belum ditimbang bagi {quadrant}, en: Not weighed yet for {quadrant}}}"
        lines.append(f"  {quadrant}: {{rank: {_LAST_RANK}, why: {why}}}")
    lines += [
        f"duties:  # {_NOTES['duties'][lang == 'en']}",
        "  partner:",
        f"    - {{says: {{id: Tulis kewajiban mitra, en: Write what the partner must do}}, source: [{source}]}}",
        "  firm:",
        f"    - {{says: {{id: Tulis kewajiban usaha, en: Write what the firm must do}}, source: [{source}]}}",
        f"clauses:  # {_NOTES['clauses'][lang == 'en']}",
        f"  - {{says: {{id: Tulis satu pasal, en: Write one clause}}, source: [{source}]}}",
    ]
    return "\n".join(lines) + "\n"


def case_file(name: str, knowledge: Knowledge, lang: str) -> str:
    """A case of a firm on which a few findings hold, expecting what the reference executor decides of it."""
    facts = _facts(knowledge)
    day = knowledge.manifest.examples_as_of
    mark = knowledge.manifest.mark
    stated = {name: Stated(code, "known", "stated", "", "firm", mark) for name, code in sorted(facts.items())}
    decision = decide(ready(knowledge, day, "reference"), Dossier(name, day, "", (), "", stated, mark))
    shown = [f"    {n}: {written(knowledge.facts[n].domain.written(code))}" for n, code in facts.items()]
    lines = [
        _note("case", lang),
        f"- case: {written(name)}",
        f"  as_of: {day.isoformat()}  # {_NOTES['day'][lang == 'en']}",
        *(["  facts:", *shown] if shown else ["  facts: {}"]),
        _note("expect", lang, "  "),
        "  expect:",
        *(f"    {line}" for line in _expected(decision)),
    ]
    return "\n".join(lines) + "\n"


def _facts(knowledge: Knowledge) -> dict[str, Code]:
    """The first firing examples of a few factors of each axis, as far as they agree."""
    found: dict[str, Code] = {}
    day = knowledge.manifest.examples_as_of
    for axis in ("internal", "external"):
        wanted = _FACTORS
        for factor in knowledge.factors.values():
            findings = [f for f in factor.findings if f.period.holds(day)] if factor.axis == axis and wanted else []
            example = next((e for f in findings for e in f.examples if e.fires and _agrees(e, found)), None)
            if example is not None:
                found.update(example.facts)
                wanted -= 1
    return found


def _agrees(example: Example, found: Mapping[str, Code]) -> bool:
    return all(found.get(name, code) == code for name, code in example.facts.items())


def _expected(decision: Decision) -> list[str]:
    verdict = decision.verdict
    lines = [
        f"class: {verdict.id or 'null'}",
        f"possible: [{', '.join(verdict.possible)}]",
        f"final: {str(verdict.final).lower()}",
    ]
    held = [h.finding.id for h in decision.findings]
    if held:
        lines.append(f"findings: {{present: [{', '.join(held)}]}}")
    if decision.recommended:
        lines.append(f"recommended: [{', '.join(decision.recommended)}]")
    return lines
