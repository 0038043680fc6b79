"""Derived facts that build on one another, further than anybody would write by hand."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import kb
from engine.decide import decide, ready
from kb.complete import base_facts

TINY = Path(__file__).parent / "tiny"
LENGTH = 400
LINK = """\
- id: s{number}
  label: {{id: Jumlah, en: Sum}}
  type: money
  derived: {{sum: [{before}, alat]}}
"""
CAUTION = """\
- caution: panjang
  when: {{s{last}: {{at_least: {limit}}}}}
  says: {{id: Cukup, en: Enough}}
  source: [asumsi]
"""


def test_a_chain_of_derived_facts_is_followed_to_its_end(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "rules")
    links = [LINK.format(number=n, before=f"s{n - 1}" if n else "kas") for n in range(LENGTH)]
    (tmp_path / "rules/vocabulary/chain.yaml").write_text("".join(links), encoding="utf-8")
    caution = CAUTION.format(last=LENGTH - 1, limit=7 + 3 * LENGTH)
    (tmp_path / "rules/programme/chain.yaml").write_text(caution, encoding="utf-8")
    (tmp_path / "firm.yaml").write_text("firm: A\nfacts: {kas: 7, alat: 3}\n", encoding="utf-8")
    knowledge = kb.load(tmp_path / "rules")
    assert base_facts(f"s{LENGTH - 1}", knowledge.facts) == ("kas", "alat")
    dossier = kb.read_dossier(tmp_path / "firm.yaml", "firm.yaml", knowledge.facts)
    decision = decide(ready(knowledge, datetime.date(2026, 6, 30)), dossier)
    assert decision.values[f"s{LENGTH - 1}"] == 7 + 3 * LENGTH
    assert "panjang" in [caution.caution for caution in decision.cautions]
