"""What an answer must and must not say: provisional advice, silent law, awaited facts, names a reader can use again."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import kb
from engine.decide import decide, ready
from engine.decision import Decision
from engine.explain.why import UnknownConclusion, why
from engine.say.derivation import derivation_lines
from engine.say.form import blank_dossier
from engine.say.json import derivation_json
from engine.say.markdown import report_markdown
from engine.say.report import report
from engine.say.text import report_text, tree_text

ROOT = Path(__file__).resolve().parent.parent
GENTENG = ROOT / "samples" / "genteng_kebumen.yaml"
DAY = datetime.date(2026, 6, 30)


@cache
def shipped() -> kb.Knowledge:
    return kb.load(kb.shipped(), "rules")


def decided(
    change: Callable[[dict[str, Any]], dict[str, Any]] = lambda facts: facts, day: datetime.date = DAY
) -> Decision:
    """The decision on the roof-tile maker with other facts, or on another day."""
    dossier = kb.read_dossier(GENTENG, "genteng", shipped().facts)
    return decide(ready(shipped(), day), dossier._replace(facts=change(dict(dossier.facts))))


def without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda facts: {name: fact for name, fact in facts.items() if name not in names}


def with_values(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda facts: facts | {name: facts[name]._replace(value=value) for name, value in values.items()}


def text_of(decision: Decision, lang: str = "en") -> str:
    return " ".join(report_text(report(decision, lang)).split())


def derivation(decision: Decision, conclusion: str, lang: str = "en") -> str:
    return tree_text(derivation_lines(why(decision, conclusion), decision, lang))


def test_a_provisional_fallback_does_not_argue_against_itself() -> None:
    decision = decided(without("mampu_komponen", "buat_komponen"))
    assert decision.recommended == ("pembinaan_murni",)
    assert not decision.recommendation_final
    said = text_of(decision)
    assert "No other pattern is sure to be possible yet." in said
    assert "while the missing facts are found" in said
    assert "A strong firm needs a business link more" not in said.split("All patterns")[0]
    assert "What the choice of pattern waits for" in said


@pytest.mark.parametrize("day", [datetime.date(1989, 1, 1), datetime.date(1995, 12, 25)])
def test_where_the_law_is_silent_no_fact_is_called_missing(day: datetime.date) -> None:
    said = text_of(decided(day=day))
    assert "Recommended pattern: none; the rules in force on that day do not settle it." in said
    assert "No rule was in force on that day for: Eligibility for the state companies' programme." in said
    assert "needs to be known: ." not in said.lower()
    assert "the law wants" not in said
    assert "no rule is in force on that day" in derivation(decided(day=day), "skala_usaha")


def test_nothing_to_recommend_for_good_says_so() -> None:
    decision = decided(with_values(mitra_menguasai=1))
    assert decision.recommended == ()
    assert decision.recommendation_final
    assert "what stands in the way is said of the patterns below" in " ".join(text_of(decision).split())
    assert "can be recommended yet" not in text_of(decision)


def test_a_dossier_without_a_partner_says_so() -> None:
    decision = decided()
    assert "Partner: not named yet." in text_of(decision._replace(dossier=decision.dossier._replace(partner="")))


def test_near_the_border_the_answer_says_what_counts_as_outweighing() -> None:
    laundry = kb.read_dossier(ROOT / "samples" / "laundry_kampus.yaml", "laundry", shipped().facts)
    said = text_of(decide(ready(shipped(), DAY), laundry))
    assert "opportunities and threats differ by only 0.0238; more than 0.1 is needed to count as outweighing" in said


def test_an_unsettled_class_names_the_facts_it_waits_for() -> None:
    decision = decided(lambda facts: {name: fact for name, fact in facts.items() if name.startswith("m")})
    assert len(decision.verdict.possible) > 1
    awaited = derivation(decision, "class").split("Facts that are not known and can change the class:\n")[1]
    listed = awaited.split("\n\n")[0].rstrip().splitlines()
    assert len([line for line in listed if line.startswith("  - ")]) == len(decision.verdict.waits_for)
    assert all("not known" in line for line in listed)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Handal", "handal"),
        ("reliable", "handal"),
        ("Subkontrak", "subkontrak"),
        ("Skala usaha", "skala_usaha"),
        ("Pelatihan pembukuan", "pelatihan_pembukuan"),
        ("Mutu produk", "mutu_produk"),
    ],
)
def test_why_takes_what_the_reader_sees(written: str, meant: str) -> None:
    decision = decided()
    assert why(decision, written) == why(decision, meant)


def test_why_of_a_fact_a_derived_fact_and_a_principle() -> None:
    decision = decided()
    assert derivation(decision, "aset_total") == "Total assets (aset_total): Rp 510,000,000, as stated (asumsi).\n"
    assert derivation(decision, "rasio_utang") == (
        "Debt to all assets (rasio_utang): ≈ 17.65%, because:\n"
        "  - Total debt: Rp 90,000,000, by document\n"
        "  - Total assets: Rp 510,000,000, as stated\n"
    )
    failing = derivation(decision, "subkontrak.saling_mempercayai")
    assert failing.startswith(
        "Principle trusting each other, Subcontract (subkontrak.saling_mempercayai): fails, because"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("saling_mempercayai", "Name its pattern too: subkontrak.saling_mempercayai"),
        ("usaha_kecil.penjualan_maks", "See it with: mitra show usaha_kecil.penjualan_maks"),
        ("pp-7-2021-35", "See it with: mitra show pp-7-2021-35"),
        ("mutu_prduk", "Did you mean 'mutu_produk'?"),
    ],
)
def test_why_of_what_is_no_conclusion_says_what_to_ask(name: str, hint: str) -> None:
    with pytest.raises(UnknownConclusion, match=hint):
        why(decided(), name)


def test_every_id_that_an_answer_prints_can_be_asked_about() -> None:
    decision = decided()
    printed = [h.finding.id for h in decision.findings]
    printed += [s.strategy for s in decision.strategies] + [c.caution for c in decision.cautions]
    said = text_of(decision)
    deciding = [name for name in printed if f"{name}]" in said]
    assert len(deciding) > 20
    assert all(why(decision, name).holds is not None for name in deciding)


def test_a_decision_cannot_be_written_into() -> None:
    decision = decided()
    maps = (
        decision.values,
        decision.trace,
        decision.about_knowledge,
        decision.rests_on,
        decision.patterns[0].ranks,
        decision.program.stages,
        decision.program.stages["findings"].rules,
        decision.program.knowledge.facts,
    )
    for one in maps:
        with pytest.raises(TypeError):
            one["x"] = 1  # type: ignore[index]


def test_a_factor_that_counts_twice_is_said(tmp_path: Path) -> None:
    """Intervals cannot tell that a margin and a quality exclude each other: they do not, and `check` only doubts."""
    shutil.copytree(ROOT / "tests" / "tiny", tmp_path / "rules")
    mutu = tmp_path / "rules" / "swot" / "internal" / "mutu.yaml"
    text = mutu.read_text(encoding="utf-8").replace("when: {mutu: rendah}", "when: {marjin: {below: 5}}")
    text = text.replace("fires: [{mutu: rendah}]", "fires: [{penjualan: 100, biaya: 96}]")
    mutu.write_text(text.replace("silent: [{mutu: cukup}]", "silent: [{penjualan: 100, biaya: 95}]"), encoding="utf-8")
    knowledge = kb.load(tmp_path / "rules")
    facts = b"firm: A\nfacts: {mutu: baik, tenaga: 5, penjualan: 100, biaya: %d}\n"
    once, twice = (
        decide(ready(knowledge, DAY), kb.read_dossier_bytes(facts % cost, "firm", knowledge.facts)) for cost in (95, 96)
    )
    assert "counts more than once" not in once.note.en
    assert "Findings of one factor hold together, so that its weight counts more than once: S-mutu, W-mutu." in text_of(
        twice
    )


def test_markdown_shows_what_was_written() -> None:
    decision = decided()
    named = decision._replace(dossier=decision.dossier._replace(firm="A ~~b~~ &lt; <i> [x](y) `z`"))
    assert report_markdown(report(named, "id")).startswith(r"# A \~\~b\~\~ \&lt; \<i\> \[x\](y) \`z\`: ")


def test_a_derivation_as_json_says_what_can_change_the_class() -> None:
    decision = decided(lambda facts: {name: fact for name, fact in facts.items() if name.startswith("m")})
    steps = derivation_json(why(decision, "class"), decision)["because"]
    awaited = [step["fact"] for step in steps if step["test"] == "can change the class"]
    assert awaited == list(decision.verdict.waits_for)
    operands = derivation_json(why(decided(), "rasio_utang"), decided())["because"]
    assert [step["test"] for step in operands] == ["operand of rasio_utang"] * 2


def test_a_form_asks_each_thing_once_and_of_whom_it_concerns() -> None:
    form = yaml.safe_load(blank_dossier(shipped(), "id", "2026-06-30"))
    of_partners = {fact.id for fact in shipped().facts.values() if fact.answered_by == "partner"}
    assert "mitra_bumn" in form["partner"]["facts"]
    assert set(form["partner"]["facts"]) <= of_partners
    assert not set(form["facts"]) & of_partners


def test_what_a_silent_derived_fact_is_made_of_stands_below_it() -> None:
    # 45% of debt is neither light nor heavy.
    lines = derivation(decided(with_values(utang_total=229_500_000)), "class").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("  - Debt to all assets: 45%; silent:"))
    below = [line for line in lines[place + 1 : place + 5] if line.startswith("    - ")]
    assert below[:2] == [
        "    - Total debt: Rp 229,500,000, by document",
        "    - Total assets: Rp 510,000,000, as stated",
    ]
