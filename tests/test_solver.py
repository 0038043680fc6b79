"""What the solver is asked about firms, against the reference on the firms themselves."""

from __future__ import annotations

from random import Random

import pytest
import randombase
from support import read, some_knowledge

from engine.decide import decide, ready
from engine.derive import derive
from engine.executors.reference import holds
from engine.expand import Query, in_facts, queries
from engine.firms import Firms
from engine.invariants import firm_of
from engine.possible import bounds
from engine.solve import Sum, find
from kb import condition as told
from kb.condition import ALWAYS, GRADE, KNOWN, NEVER, Bound, Not, terms_of
from kb.model import AXES
from kb.problem import Mark
from kb.text import Text
from kb.values import Code, Domain
from kb.vocabulary import Fact

SEEDS = range(7001, 7021)
pytestmark = pytest.mark.once


def _met(asked: tuple[Query, ...], values: dict[str, Code], in_class: str | None) -> bool:
    """Whether a firm meets the query of its class; where that is open, those of all classes."""
    own = [query for query in asked if query.in_class in ("", in_class)] if in_class else asked
    return all(holds(query.when, values) is True for query in own)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_rule_told_in_facts_holds_for_the_same_firms(seed: int) -> None:
    knowledge, files = some_knowledge(seed)
    random, seen = Random(seed), 0
    for _ in range(25):
        dossier = read(randombase.firm(random, files), knowledge)
        assert dossier.as_of is not None
        engine = ready(knowledge, dossier.as_of, "reference")
        decision = decide(engine, dossier)
        values = derive(engine.program.steps, {n: s.value for n, s in dossier.facts.items() if s.value is not None})
        for stage in engine.program.stages.values():
            for rule in stage.rules.values():
                terms = terms_of(rule.when)
                truth = decision.trace[rule.id]
                if any(term.startswith((KNOWN, GRADE)) for term in terms):
                    continue
                asked = queries(rule.when, engine.program)
                met = _met(asked, dict(values), decision.verdict.id)
                # An entry that is open may be overruled by one of the same value, which in_facts does not look into.
                assert met is (truth is True) or (truth is True and set(terms) & set(knowledge.eligibility)), rule.id
                if "class" not in terms and truth is False and not set(terms) & set(knowledge.eligibility):
                    assert holds(in_facts(rule.when, engine.program, wanted=False), values) is True
                seen += truth is True
    assert seen


@pytest.mark.parametrize("seed", SEEDS)
def test_a_firm_that_is_found_is_one_and_where_none_is_found_random_ones_are_none(seed: int) -> None:
    knowledge, _ = some_knowledge(seed, small=True)
    engine = ready(knowledge, knowledge.manifest.examples_as_of, "reference")
    program, random = engine.program, Random(seed)
    drawn = [derive(program.steps, Firms(program).complete(random)) for _ in range(40)]
    for rule in (rule for stage in program.stages.values() for rule in stage.rules.values()):
        if any(term == "class" or term.startswith((KNOWN, GRADE)) for term in terms_of(rule.when)):
            continue
        condition = in_facts(rule.when, program)
        for wanted in (condition, Not(condition)):
            base = find(wanted, program.steps, knowledge.facts)
            if base is None:
                assert not any(holds(wanted, values) for values in drawn), rule.id
            else:
                assert holds(wanted, derive(program.steps, base)) is True
                decision = decide(engine, firm_of(base, program))
                if wanted is condition:
                    assert decision.trace[rule.id] is True


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_reach_the_bounds_of_the_margin_and_no_further(seed: int) -> None:
    knowledge, _ = some_knowledge(seed, small=True)
    engine = ready(knowledge, knowledge.manifest.examples_as_of, "reference")
    for axis in AXES:
        parts = tuple((part.when, part.amount) for factor in engine.margins.axes[axis] for part in factor.parts)
        limits = bounds(engine.margins, axis, {})
        for low, high, there in (
            (limits.high, None, True),
            (limits.high + 1, None, False),
            (None, limits.low, True),
            (None, limits.low - 1, False),
        ):
            base = find(ALWAYS, engine.program.steps, knowledge.facts, sums=[Sum(parts, low, high)])
            assert (base is not None) is there
            if base is not None and parts:
                values = derive(engine.program.steps, base)
                total = sum(amount for when, amount in parts if holds(when, values))
                assert total == (limits.high if low is not None else limits.low)


def test_known_facts_stay_and_nothing_meets_never() -> None:
    knowledge, _ = some_knowledge(7001)
    name = next(name for name, fact in knowledge.facts.items() if fact.domain.type == "boolean")
    assert find(ALWAYS, (), knowledge.facts, {name: 1}) == {name: 1}
    assert find(NEVER, (), knowledge.facts) is None


def test_a_text_that_rules_name_is_not_given_out_as_any_other() -> None:
    mark = Mark("facts.yaml")
    facts = {"kode": Fact("kode", Text("Kode", "Code"), Domain("code"), mark)}
    named = ("other", "other_")
    found = find(told.Test("kode", (Bound("none_of", "not_in", named),)), (), facts)
    assert found is not None
    assert found["kode"] not in named
    assert find(told.Test("kode", (Bound("one_of", "in", named[:1]),)), (), facts) == {"kode": "other"}
