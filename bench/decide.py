"""Speed of one decision against zen-engine, clipspy and bare durable-rules on the shipped rules; run by `make bench`.

Every contender takes each random firm, so that whatever slows the machine slows them all; medians and their
ratios are printed beside the targets. All get the same coded values and must find the same true rules. Nothing is
asserted about time: this prints, and people judge.
"""

from __future__ import annotations

import datetime
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
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
from engine.decide import decide, ready  # noqa: E402
from engine.executors import durable, reference  # noqa: E402
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

# An alternative: for each term its name and its bounds, coded.
Plain = list[tuple[str, list[tuple[str, list[int]]]]]


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
    """The conditions of all stages, and those who find which are true once every stage's terms have their values."""

    def __init__(self, knowledge: kb.Knowledge) -> None:
        # The values come from an engine of their own, so that the one that is timed meets each firm for the first time.
        self.engine, self.other = ready(knowledge, DAY), ready(knowledge, DAY)
        rules = [rule for stage in self.engine.program.stages.values() for rule in stage.rules.values()]
        self.read = {rule.id: rule.terms for rule in rules if rule.terms}
        self.conditions = {rule.id: rule.when for rule in rules if rule.terms}
        self.durable = durable.build(self.conditions)
        # Terms such as `known:x` and `S-x` are no names to zen and clips.
        self.names = {term: re.sub(r"\W", "_", term) for term in self.durable.codes}
        plain = {name: [self._plain(a) for a in alternatives(when)] for name, when in self.conditions.items()}
        self.zen = zen_decision(plain)
        self.clips = Clips(plain, self.names.values())
        self.sessions = count(1)

    def _plain(self, alternative: Alternative) -> Plain:
        """An alternative with everything coded as for durable-rules."""
        found = []
        for test in alternative:
            encode = self.durable.codes[test.term].encode
            several = [(b.op, b.operand if isinstance(b.operand, tuple) else (b.operand,)) for b in test.bounds]
            bounds = [(op, sorted({encode(value) for value in operands})) for op, operands in several]
            found.append((self.names[test.term], bounds))
        return found

    def reference(self, values: Mapping[str, Code]) -> Any:
        """Truth of every rule, the values it read, and for each true one what made it true."""
        truths = reference.fire(self.conditions, values)
        read = {name: {term: values.get(term) for term in terms} for name, terms in self.read.items()}
        because = {name: reference.readings(self.conditions[name], values, True) for name in truths if truths[name]}
        return truths, read, because

    def bare(self, coded: Mapping[str, int]) -> dict[str, Any]:
        """The rulesets of the executor with nothing around the C calls but the making and reading of their JSON."""
        fired = {}
        for ruleset in self.durable.rulesets:
            handle, sid = ruleset.handle, str(next(self.sessions))
            known = [term for term in ruleset.shard.terms if term in coded]
            if not known:
                continue
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

    def true_of(self, trace: Mapping[str, bool | None]) -> set[str]:
        return {name for name in self.conditions if trace[name]}

    def of_zen(self, answer: Mapping[str, Any]) -> set[str]:
        return {name for number, name in enumerate(self.conditions) if answer["result"][f"r{number}"]}


def zen_decision(rules: Mapping[str, list[Plain]]) -> zen.ZenDecision:
    """One expression a rule; an unknown term fails its test, because only what is true is asked for."""
    expressions = [
        {"id": name, "key": f"r{number}", "value": " or ".join(map(_zen, each))}
        for number, (name, each) in enumerate(rules.items())
    ]
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "i", "name": "i", "type": "inputNode", "position": place},
        {"id": "e", "name": "e", "type": "expressionNode", "position": place, "content": {"expressions": expressions}},
        {"id": "o", "name": "o", "type": "outputNode", "position": place},
    ]
    edges = [{"id": s + t, "sourceId": s, "targetId": t, "type": "edge"} for s, t in ("ie", "eo")]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def _zen(alternative: Plain) -> str:
    parts = []
    for name, bounds in alternative:
        # Membership of a missing value is plainly false; its other comparisons need asking first.
        if any(op != "in" for op, _ in bounds):
            parts.append(f"{name} != null")
        for op, operands in bounds:
            if op == "in":
                parts.append(f"{name} == {operands[0]}" if len(operands) == 1 else f"{name} in {operands}")
            elif op == "not_in":
                parts += [f"{name} != {value}" for value in operands]
            else:
                parts.append(f"{name} {SIGNS[op]} {operands[0]}")
    return f"({' and '.join(parts)})"


class Clips:
    """One template a term, one rule an alternative; a firing calls back with the rule's name."""

    def __init__(self, rules: Mapping[str, list[Plain]], names: Iterable[str]) -> None:
        self.environment = clips.Environment()
        self.fired: set[str] = set()
        self.environment.define_function(self.fired.add, name="fired")
        for name in names:
            self.environment.build(f"(deftemplate {name} (slot v))")
        self.templates = {name: self.environment.find_template(name) for name in names}
        for rule, each in rules.items():
            for number, alternative in enumerate(each):
                tests = " ".join(_clips(name, bounds) for name, bounds in alternative)
                self.environment.build(f'(defrule {rule}.{number} {tests} => (fired "{rule}"))')

    def fire(self, coded: Mapping[str, int]) -> set[str]:
        self.fired.clear()
        self.environment.reset()
        for name, value in coded.items():
            self.templates[name].assert_fact(v=value)
        self.environment.run()
        return set(self.fired)


def _clips(name: str, bounds: list[tuple[str, list[int]]]) -> str:
    if len(bounds) == 1 and bounds[0][0] == "in":
        return f"({name} (v {'|'.join(map(str, bounds[0][1]))}))"
    # One variable a template, so that no two patterns of a rule are held together by it.
    parts = [f"?{name}"]
    for op, operands in bounds:
        if op == "in":
            parts.append(f":(or {' '.join(f'(= ?{name} {value})' for value in operands)} FALSE)")
        elif op == "not_in":
            parts += [f"~{value}" for value in operands]
        else:
            parts.append(f":({SIGNS[op]} ?{name} {operands[0]})")
    return f"({name} (v {'&'.join(parts)}))"


def warm(contest: Contest, firms: list[kb.Dossier], random: Random) -> dict[str, float]:
    """Median milliseconds of each contender, firm by firm. Raises AssertionError where answers differ.

    The order is drawn anew for each firm: whoever runs right after its own twin finds its rules still in the cache.
    """
    spent: dict[str, list[float]] = {}
    for dossier in firms:
        told = decide(contest.other, dossier)
        values = told.values | told.about_knowledge
        coded = contest.durable.coded(values)
        named = {contest.names[term]: value for term, value in coded.items()}
        # How each is run, and how the set of true rules is read off its answer.
        contenders: list[tuple[str, Callable[[], Any], Callable[[Any], set[str]]]] = [
            ("zen", partial(contest.zen.evaluate, named), contest.of_zen),
            ("zen with trace", partial(contest.zen.evaluate, named, {"trace": True}), contest.of_zen),
            ("clipspy", partial(contest.clips.fire, named), set),
            ("bare", partial(contest.bare, coded), set),
            ("durable", partial(contest.durable.fire, values), set),
            ("reference", partial(contest.reference, values), lambda answer: {n for n, t in answer[0].items() if t}),
            ("decision", partial(decide, contest.engine, dossier), lambda answer: contest.true_of(answer.trace)),
        ]
        expected = contest.true_of(told.trace)
        for name, work, read in random.sample(contenders, len(contenders)):
            began = perf_counter()
            answer = work()
            spent.setdefault(name, []).append(1000 * (perf_counter() - began))
            assert read(answer) == expected, f"{name} finds other rules true"
    return {name: median(times) for name, times in spent.items()}


def cold() -> dict[str, float]:
    """Median milliseconds of a first answer from the shell, and of Python with its two imports, run in turn.

    As installed: modules are compiled, which a first run of each sees to.
    """
    spent: dict[str, list[float]] = {name: [] for name in COLD}
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        for number in range(COLD_RUNS + 1):
            for name, command in COLD.items():
                began = perf_counter()
                subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
                if number:
                    spent[name].append(1000 * (perf_counter() - began))
    return {name: median(times) for name, times in spent.items()}


def main() -> None:
    knowledge = kb.load(kb.shipped())
    contest = Contest(knowledge)
    random = Random(SEED)
    warm(contest, [random_firm(random, knowledge) for _ in range(WARMING)], random)
    # As a server would: what stays for good is not looked through at every collection.
    gc.collect()
    gc.freeze()
    found = warm(contest, [random_firm(random, knowledge) for _ in range(FIRMS)], random) | cold()
    table = []
    for what, name, against, target in LINES:
        ratio = found[name] / found[against]
        met = "" if target is None else "yes" if ratio <= target else "no"
        table.append([what, f"{found[name]:.3f}", f"{ratio:.2f} × {against}", target and f"≤ {target:g}", met])
    print(f"{len(contest.conditions)} conditions, {FIRMS} random firms; medians in milliseconds\n")
    print(tabulate(table, ["what", "ms", "ratio", "target", "met"], disable_numparse=True))


if __name__ == "__main__":
    main()
