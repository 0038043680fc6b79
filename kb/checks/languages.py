"""Both languages say the same: a sentence names the same terms in each, and is not copied from one to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.model import Knowledge
from kb.problem import Mark, Problems
from kb.text import Text

AT_LOAD = False
_PLACE = re.compile(r"\{([^{}]*)\}")
# Names and short labels may be the same in both.
_SENTENCE = 5


class _Said(NamedTuple):
    owner: str
    key: str
    text: Text
    mark: Mark


def check(knowledge: Knowledge, problems: Problems) -> None:
    for one in _sentences(knowledge):
        if not one.text.en:
            # Said where it is read.
            continue
        named, also = (set(_PLACE.findall(sentence)) for sentence in (one.text.id, one.text.en))
        if named != also:
            fault = f"'{one.key}' of '{one.owner}' names {_listed(named)} in Indonesian and {_listed(also)} in English."
            problems.doubt("KB519", one.mark, fault, "Name the same terms in both.")
        elif one.text.id == one.text.en and len(one.text.id.split()) >= _SENTENCE:
            fault = f"'{one.key}' of '{one.owner}' is the same sentence in both languages."
            problems.doubt("KB519", one.mark, fault, "Write each in its own language.")


def _listed(names: set[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in sorted(names)) or "nothing"


def _sentences(knowledge: Knowledge) -> Iterator[_Said]:
    """Every saying that a reader meets, with whose it is."""
    for fact in knowledge.facts.values():
        for key, text in (("label", fact.label), ("ask", fact.ask), ("evidence", fact.evidence)):
            yield _Said(fact.id, key, text, fact.mark)
    for source in knowledge.sources.values():
        yield _Said(source.id, "note", source.note, source.mark)
    for factor in knowledge.factors.values():
        yield _Said(factor.id, "why", factor.why, factor.mark)
        yield from (_Said(f.id, "says", f.says, f.mark) for f in factor.findings)
    for one in (c for table in (knowledge.table, *knowledge.alternatives) for c in table.classes):
        yield _Said(one.id, "says", one.says, one.mark)
        yield _Said(one.id, "why", one.why, one.mark)
        yield from (_Said(one.id, key, text, one.mark) for key, text in one.fostering.items())
    for pattern in knowledge.patterns.values():
        yield _Said(pattern.id, "says", pattern.says, pattern.mark)
        yield from (_Said(pattern.id, "why", suit.why, pattern.mark) for suit in pattern.suits.values())
        clauses = (*pattern.eligible, *pattern.bars, *pattern.cautions, *pattern.prepare)
        yield from (_Said(clause.id, "says", clause.says, clause.mark) for clause in clauses)
        duties = (*pattern.partner_duties, *pattern.firm_duties, *pattern.clauses)
        yield from (_Said(pattern.id, "says", duty.says, pattern.mark) for duty in duties)
    for principle in knowledge.principles.values():
        yield _Said(principle.id, "mend", principle.mend, principle.mark)
    for said in (knowledge.actions, knowledge.strategies, knowledge.cautions, knowledge.invariants):
        yield from (_Said(entry.id, "says", entry.says, entry.mark) for entry in said.values())
