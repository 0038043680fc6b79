"""Running a stage: by the reference, by durable-rules, or by both with their answers compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.compile import STAGES, Program, Stage
from engine.executors import durable, reference
from engine.executors.durable import Durable
from engine.executors.reference import Truth
from kb.text import NO_TEXT, Text
from kb.values import Code

EXECUTORS = ("durable", "reference")


class EngineDisagreement(Exception):
    """The executors differ on a stage: no decision is issued. Carries the differences and both traces, rule by rule."""

    def __init__(self, stage: str, differences: tuple[str, ...], traces: tuple[str, ...]) -> None:
        self.stage, self.differences, self.traces = stage, differences, traces
        super().__init__("\n".join((f"the executors disagree on {stage}:", *differences, *traces)))


class ExecutorMissing(Exception):
    """The executor asked for by name cannot run here."""


class Inference(NamedTuple):
    """A program with the executors that will run it. `note` says why one of them is missing, if so."""

    program: Program
    rulesets: Mapping[str, Durable]
    use_reference: bool
    note: Text

    @property
    def executors(self) -> tuple[str, ...]:
        names = [durable.NAME] if self.rulesets else []
        return (*names, reference.NAME) if self.use_reference else tuple(names)


def prepare(program: Program, executor: str = "") -> Inference:
    """Choose executors: both by default, one when named; durable-rules is left out, and said so, where it is missing.

    Raises ExecutorMissing when durable-rules is named and cannot be imported.
    """
    why_not = durable.available() if executor != "reference" else ""
    if why_not and executor == "durable":
        raise ExecutorMissing(f"durable-rules cannot be used here: {why_not}")
    rulesets: dict[str, Durable] = {}
    if executor != "reference" and not why_not:
        rulesets = {name: durable.build(program.stages[name].conditions) for name in STAGES}
    note = Text(
        f"durable-rules tidak dapat dipakai di sini ({why_not}); pelaksana reference memutuskan sendiri.",
        f"durable-rules cannot be used here ({why_not}); the reference executor decided alone.",
    )
    return Inference(program, rulesets, executor != "durable", note if why_not else NO_TEXT)


def run(inference: Inference, name: str, values: Mapping[str, Code]) -> dict[str, Truth]:
    """Truth of every rule of a stage. Raises EngineDisagreement.

    True comes from both executors, or from the one that was asked for; false and unknown from the reference, because
    durable-rules knows only what is true.
    """
    stage = inference.program.stages[name]
    truths = reference.fire(stage.conditions, values)
    if not inference.rulesets:
        return truths
    ruleset = inference.rulesets[name]
    coded = ruleset.coded(values)
    fired = ruleset.fire_coded(coded)
    if not inference.use_reference:
        return {rule: True if rule in fired else (None if t is None else False) for rule, t in truths.items()}
    differences = compare(stage, truths, fired, values, coded)
    if differences:
        traces = [f"trace of {durable.NAME}: {rule} true on {dict(fired[rule])}" for rule in sorted(fired)]
        traces += [f"trace of {reference.NAME}: {rule} {_word(truth)}" for rule, truth in sorted(truths.items())]
        raise EngineDisagreement(name, differences, tuple(traces))
    return truths


def compare(
    stage: Stage,
    truths: Mapping[str, Truth],
    fired: Mapping[str, Mapping[str, int]],
    values: Mapping[str, Code],
    coded: Mapping[str, int],
) -> tuple[str, ...]:
    """Differences between the executors: rules true for one only, and rules true for both by other values."""
    found = []
    true = {rule for rule, truth in truths.items() if truth}
    for rule in fired.keys() - true:
        found.append(f"{rule}: reference says {_word(truths[rule])}, durable-rules fired it on {dict(fired[rule])}")
    for rule in true:
        matched = fired.get(rule)
        support = {term: coded[term] for term in reference.support(stage.conditions[rule], values)}
        if matched is None:
            found.append(f"{rule}: reference says true on {support}, durable-rules did not fire it")
        elif matched != support:
            found.append(f"{rule}: reference read {support}, durable-rules matched {dict(matched)}")
    return tuple(sorted(found))


def _word(truth: Truth) -> str:
    return "unknown" if truth is None else str(truth).lower()
