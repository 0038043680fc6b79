"""Speed of one decision against zen-engine, clipspy and bare durable-rules on the shipped rules; run by `make bench`.

Every contender takes each random firm in turn, so that whatever slows the machine slows them all; medians and their
ratios are printed beside the targets. All get the same coded values and must find the same true rules. Nothing is
asserted about time: this prints, and people judge.
"""

from __future__ import annotations

import datetime
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import clips
import durable_rules_engine
import zen
from tabulate import tabulate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402
from engine.decide import Engine, decide, ready  # noqa: E402
from engine.derive import derive  # noqa: E402
from engine.executors import durable, reference  # noqa: E402
from kb.condition import Condition, Test  # noqa: E402
from kb.normal import Alternative, alternatives  # noqa: E402
from kb.values import Code, Domain  # noqa: E402

DAY = datetime.date(2026, 6, 30)
SEED, WARMING, FIRMS, COLD_RUNS = 20261124, 100, 200, 15
SIGNS = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
COLD = {
    "imports": [sys.executable, "-c", "import click, yaml"],
    "assess": [sys.executable, "cli.py", "assess", "samples/genteng_kebumen.yaml"],
}
# What is shown, whose time it is, against whom, and the ratio to reach.
LINES = (
    ("zen-engine", "zen", "zen with trace", None),
    ("zen-engine with trace", "zen with trace", "zen with trace", None),
    ("clipspy", "clipspy", "zen with trace", None),
    ("reference, full trace", "reference", "zen with trace", 1.0),
    ("durable-rules, bare C calls", "bare", "bare", None),
    ("durable executor", "durable", "bare", 1.2),
    ("one whole decision", "decision", "zen with trace", 3.0),
    ("python -c 'import click, yaml'", "imports", "imports", None),
    ("mitra assess from a cold shell", "assess", "imports", 4.0),
)


def random_firm(random: Random, knowledge: kb.Knowledge) -> kb.Dossier:
    """About four facts in five known; numbers of every magnitude alike."""
    facts = {
        fact.id: kb.Stated(_value(random, fact.domain), "known", "stated", "", "firm", fact.mark)
        for fact in knowledge.facts.values()
        if fact.derived is None and random.random() < 0.8
    }
    return kb.Dossier("random", DAY, "", (), "", facts, kb.Mark("random"))


def _value(random: Random, domain: Domain) -> Code:
    if domain.type == "choice":
        return random.choice(domain.values)
    if domain.type == "level":
        return random.randrange(len(domain.values))
    if domain.low is None or domain.high is None:
        return random.randrange(2) if domain.type == "boolean" else str(random.randrange(10**4, 10**5))
    return domain.low + int((domain.high - domain.low) ** random.random())


class Contest:
    """The conditions of all stages that read facts and derived facts alone, and those who find which are true."""

    def __init__(self, engine: Engine) -> None:
        facts = engine.program.knowledge.facts
        self.engine = engine
        self.rules = {
            rule.id: rule
            for stage in engine.program.stages.values()
            for rule in stage.rules.values()
            if rule.terms and all(term in facts for term in rule.terms)
        }
        self.conditions = {name: rule.when for name, rule in self.rules.items()}
        fractions = frozenset(fact.id for fact in facts.values() if fact.derived and not fact.domain.step)
        self.durable = durable.build(self.conditions, fractions)
        self.zen = zen_decision(self.conditions, self.durable.codes)
        self.clips = Clips(self.conditions, self.durable.codes)
        self.sessions = count(1)

    def reference(self, values: Mapping[str, Code]) -> Any:
        """Truth of every rule, the values it read, and for each true one what made it true."""
        truths = reference.fire(self.conditions, values)
        read = {name: {term: values.get(term) for term in rule.terms} for name, rule in self.rules.items()}
        because = {name: reference.support(self.conditions[name], values) for name, truth in truths.items() if truth}
        return truths, read, because

    def bare(self, coded: Mapping[str, int]) -> dict[str, Any]:
        """The rulesets of the executor with nothing around the C calls but the making and reading of their JSON."""
        fired = {}
        for ruleset in self.durable.rulesets:
            handle, sid = ruleset.handle, str(next(self.sessions))
            known = [term for term in ruleset.shard.terms if term in coded]
            facts = ",".join(
                f'{{"sid":"{sid}","id":{number},"a":"{term}","v":{coded[term]}}}' for number, term in enumerate(known)
            )
            _, state = durable_rules_engine.assert_facts(handle, f"[{facts}]")
            first = durable_rules_engine.start_action_for_state(handle, state)
            action = first[1] if first else None
            while action:
                for name, messages in json.loads(action).items():
                    fired[ruleset.shard.rules[name][0]] = messages
                action = durable_rules_engine.complete_and_start_action(handle, state)
            durable_rules_engine.delete_state(handle, sid)
        return fired

    def of_zen(self, answer: Mapping[str, Any]) -> set[str]:
        return {name for number, name in enumerate(self.conditions) if answer["result"][f"r{number}"]}


def zen_decision(conditions: Mapping[str, Condition], codes: Mapping[str, durable.TermCode]) -> zen.ZenDecision:
    """One expression a rule; an unknown term fails its test, because only what is true is asked for."""
    expressions = [
        {"id": name, "key": f"r{number}", "value": " or ".join(_zen(a, codes) for a in alternatives(condition))}
        for number, (name, condition) in enumerate(conditions.items())
    ]
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "i", "name": "i", "type": "inputNode", "position": place},
        {"id": "e", "name": "e", "type": "expressionNode", "position": place, "content": {"expressions": expressions}},
        {"id": "o", "name": "o", "type": "outputNode", "position": place},
    ]
    edges = [{"id": s + t, "sourceId": s, "targetId": t, "type": "edge"} for s, t in ("ie", "eo")]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def _zen(alternative: Alternative, codes: Mapping[str, durable.TermCode]) -> str:
    parts = []
    for test in alternative:
        # Membership of a missing value is plainly false; its other comparisons need asking first.
        if any(bound.op != "in" for bound in test.bounds):
            parts.append(f"{test.term} != null")
        for op, operands in _bounds(test, codes):
            if op == "in":
                parts.append(f"{test.term} == {operands[0]}" if len(operands) == 1 else f"{test.term} in {operands}")
            elif op == "not_in":
                parts += [f"{test.term} != {value}" for value in operands]
            else:
                parts.append(f"{test.term} {SIGNS[op]} {operands[0]}")
    return f"({' and '.join(parts)})"


def _bounds(test: Test, codes: Mapping[str, durable.TermCode]) -> list[tuple[str, list[int]]]:
    encode = codes[test.term].encode
    several = [(b.op, b.operand if isinstance(b.operand, tuple) else (b.operand,)) for b in test.bounds]
    return [(op, sorted({encode(value) for value in operands})) for op, operands in several]


class Clips:
    """One template a term, one rule an alternative; a firing calls back with the rule's name."""

    def __init__(self, conditions: Mapping[str, Condition], codes: Mapping[str, durable.TermCode]) -> None:
        self.environment = clips.Environment()
        self.fired: set[str] = set()
        self.environment.define_function(self.fired.add, name="fired")
        for term in codes:
            self.environment.build(f"(deftemplate {term} (slot v))")
        self.templates = {term: self.environment.find_template(term) for term in codes}
        for name, condition in conditions.items():
            for number, alternative in enumerate(alternatives(condition)):
                tests = " ".join(_clips(test, f"?v{place}", codes) for place, test in enumerate(alternative))
                self.environment.build(f'(defrule {name}.{number} {tests} => (fired "{name}"))')

    def fire(self, coded: Mapping[str, int]) -> set[str]:
        self.fired.clear()
        self.environment.reset()
        for term, value in coded.items():
            self.templates[term].assert_fact(v=value)
        self.environment.run()
        return set(self.fired)


def _clips(test: Test, variable: str, codes: Mapping[str, durable.TermCode]) -> str:
    bounds = _bounds(test, codes)
    if len(bounds) == 1 and bounds[0][0] == "in":
        return f"({test.term} (v {'|'.join(map(str, bounds[0][1]))}))"
    parts = [variable]
    for op, operands in bounds:
        if op == "in":
            parts.append(f":(or {' '.join(f'(= {variable} {value})' for value in operands)} FALSE)")
        elif op == "not_in":
            parts += [f"~{value}" for value in operands]
        else:
            parts.append(f":({SIGNS[op]} {variable} {operands[0]})")
    return f"({test.term} (v {'&'.join(parts)}))"


def warm(contest: Contest, firms: list[kb.Dossier]) -> dict[str, float]:
    """Median milliseconds of each contender, firm by firm in turn. Raises AssertionError where answers differ."""
    spent: dict[str, list[float]] = {}

    def clock(name: str, work: Callable[..., Any], *given: Any) -> Any:
        began = perf_counter()
        answer = work(*given)
        spent.setdefault(name, []).append(1000 * (perf_counter() - began))
        return answer

    for dossier in firms:
        values = derive(contest.engine.program.steps, dossier.known())
        coded = contest.durable.coded(values)
        truths, _, _ = clock("reference", contest.reference, values)
        found = [
            contest.of_zen(clock("zen", contest.zen.evaluate, coded)),
            contest.of_zen(clock("zen with trace", contest.zen.evaluate, coded, {"trace": True})),
            clock("clipspy", contest.clips.fire, coded),
            set(clock("bare", contest.bare, coded)),
            set(clock("durable", contest.durable.fire, values)),
        ]
        clock("decision", decide, contest.engine, dossier)
        expected = {name for name, truth in truths.items() if truth}
        assert all(one == expected for one in found), "the contenders disagree"
    return {name: median(times) for name, times in spent.items()}


def cold() -> dict[str, float]:
    """Median milliseconds of a first answer from the shell, and of Python with its two imports, run in turn."""
    spent: dict[str, list[float]] = {name: [] for name in COLD}
    for _ in range(COLD_RUNS):
        for name, command in COLD.items():
            began = perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            spent[name].append(1000 * (perf_counter() - began))
    return {name: median(times) for name, times in spent.items()}


def main() -> None:
    knowledge = kb.load(kb.shipped())
    contest = Contest(ready(knowledge, DAY))
    random = Random(SEED)
    warm(contest, [random_firm(random, knowledge) for _ in range(WARMING)])
    # As a server would: what stays for good is not looked through at every collection.
    gc.collect()
    gc.freeze()
    found = warm(contest, [random_firm(random, knowledge) for _ in range(FIRMS)]) | cold()
    table = []
    for what, name, against, target in LINES:
        ratio = found[name] / found[against]
        met = "" if target is None else "yes" if ratio <= target else "no"
        table.append([what, f"{found[name]:.3f}", f"{ratio:.2f} × {against}", target and f"≤ {target:g}", met])
    print(f"{len(contest.conditions)} conditions, {FIRMS} random firms; medians in milliseconds\n")
    print(tabulate(table, ["what", "ms", "ratio", "target", "met"], disable_numparse=True))


if __name__ == "__main__":
    main()
