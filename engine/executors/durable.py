"""Forward chaining by durable-rules: finds the rules of a stage that are true, with the values they matched.

The only place that imports durable-rules. Its C calls are used directly and only inside the subset in which it is
right: one message per known term, integers only, one condition group per term, alternatives instead of `any` and
`not`, no arithmetic, bounded shards, a fresh short session id, its state deleted whatever happens, one lock.
"""

from __future__ import annotations

import json
import os
import sys
import weakref
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import ModuleType
from typing import NamedTuple

from engine.executors.shards import Shard, TermCode, narrow, shards, term_codes
from engine.locks import library_lock
from kb.condition import Condition, Dated
from kb.normal import Alternative, alternatives
from kb.values import Code

VERSION = "2.0.28"
NAME = f"durable-rules {VERSION}"
_OPERATORS = {"ge": "$gte", "le": "$lte", "gt": "$gt", "lt": "$lt"}
# Session ids are the numbers from 1 to this, of which no two have the same 32-bit hash, the only thing it compares.
SESSIONS = 500_000
_MESSAGE_UNKNOWN = 1
_CALLS = (
    "create_ruleset",
    "delete_ruleset",
    "assert_facts",
    "start_action_for_state",
    "complete_and_start_action",
    "delete_state",
)
# Not an identifier of the rules language, so no term can be called like this.
_PRIME = "prime rule"
_PRIME_RULE = {_PRIME: {"all": [{"m0": {"$and": [{"a": _PRIME}, {"v": 1}]}}]}}
_lock = library_lock()
_sessions = count(1)
_dead: deque[int] = deque()


class DurableUnavailable(Exception):
    """durable-rules cannot be imported here; the message says why."""


class DurableFault(Exception):
    """durable-rules answered with an error code or something that is not an answer."""


class _Ruleset(NamedTuple):
    """A shard as durable has it; `messages` has each term with its message, but for session and value."""

    handle: int
    shard: Shard
    messages: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Durable:
    """One stage's rules inside durable-rules. Rulesets are freed with this object.

    `handles` are the rulesets it owns, shared with what frees them. `clean` is False from a firm's first fact to the
    moment its state is gone: a state left behind would end the process, so what is not clean is made anew.
    """

    codes: Mapping[str, TermCode]
    always: tuple[str, ...]
    dealt: tuple[Shard, ...]
    rulesets: list[_Ruleset] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    clean: bool = True
    __weakref__: object = field(init=False, repr=False, compare=False)

    def coded(self, values: Mapping[str, Code]) -> dict[str, int]:
        """What is known of the terms these rules read, as durable is given it."""
        return {term: code.encode(values[term]) for term, code in self.codes.items() if term in values}

    def fire(self, values: Mapping[str, Code]) -> dict[str, dict[str, int]]:
        """Ids of true rules with the coded values they matched, gathered over all their true alternatives."""
        return self.fire_coded(self.coded(values))

    def fire_coded(self, coded: Mapping[str, int]) -> dict[str, dict[str, int]]:
        """The same of values coded before."""
        engine = _engine()
        fired: dict[str, dict[str, int]] = {name: {} for name in self.always}
        with _lock:
            if not self.clean:
                _abandon(self)
                _make(engine, self)
            for ruleset in self.rulesets:
                known = [(message, coded[term]) for term, message in ruleset.messages if term in coded]
                if known:
                    self.clean = False
                    _run(engine, ruleset, known, fired)
                    self.clean = True
        _sweep(engine)
        return fired


def build(conditions: Mapping[str, Condition]) -> Durable:
    """Rulesets for one stage. Raises DurableUnavailable where the package cannot be imported."""
    engine = _engine()
    codes = term_codes(conditions)
    expanded = {name: narrow(alternatives(condition)) for name, condition in conditions.items()}
    always = tuple(sorted(name for name, each in expanded.items() if () in each))
    stage = Durable(codes, always, tuple(shards(expanded)))
    weakref.finalize(stage, _free, engine, stage.handles)
    with _lock:
        _make(engine, stage)
    return stage


def _make(engine: ModuleType, stage: Durable) -> None:
    """Make a stage's rulesets. Raises DurableFault; those made up to then are freed with the stage."""
    for shard in stage.dealt:
        rules = {name: _rule(alternative, stage.codes) for name, (_, alternative) in shard.rules.items()}
        messages = tuple(
            (term, f'"id":{number},"a":{json.dumps(term)},"v":') for number, term in enumerate(sorted(shard.terms), 1)
        )
        try:
            handle = engine.create_ruleset(f"m{next(_sessions)}", json.dumps(rules | _PRIME_RULE))
            stage.handles.append(handle)
            _prime(engine, handle)
        except DurableFault:
            raise
        except Exception as fault:
            raise DurableFault(f"durable-rules could not take {len(rules)} rules: {fault}") from fault
        stage.rulesets.append(_Ruleset(handle, shard, messages))
    stage.clean = True


def _abandon(stage: Durable) -> None:
    """Let go of rulesets that may hold a state. They are never freed: freeing them with it ends the process."""
    stage.rulesets.clear()
    stage.handles.clear()


def _prime(engine: ModuleType, handle: int) -> None:
    """Fire one action before any firm comes.

    `deleteStateNode` frees two pointers of a state that only a firing sets (`context.messages` and `.stateFact` are
    never initialised), so forgetting the first firm for which no rule fired would free garbage and end the process.
    States are used one at a time and their slot is taken again, so one firing leaves it clean for good.
    """
    _, state = engine.assert_facts(handle, f'[{{"sid":"0","id":1,"a":"{_PRIME}","v":1}}]')
    if not engine.start_action_for_state(handle, state):
        raise DurableFault("durable-rules did not fire its first rule")
    engine.complete_and_start_action(handle, state)
    engine.delete_state(handle, "0")


def _free(engine: ModuleType, handles: list[int]) -> None:
    _dead.extend(handles)
    _sweep(engine)


def _sweep(engine: ModuleType) -> None:
    """Free rulesets whose stage is gone. A collection may come while this very thread is inside durable-rules and
    holds the lock: then it is left to the end of that call."""
    while _dead and _lock.acquire(blocking=False):
        try:
            while _dead:
                engine.delete_ruleset(_dead.popleft())
        finally:
            _lock.release()


def _rule(alternative: Alternative, codes: Mapping[str, TermCode]) -> dict[str, object]:
    """One alternative as durable's JSON: a message per term, tests on one term in one `$and`."""
    messages = []
    for place, test in enumerate(alternative):
        conditions: list[dict[str, object]] = [{"a": test.term}]
        for bound in test.bounds:
            if isinstance(bound.operand, tuple):
                coded = sorted({codes[test.term].encode(value) for value in bound.operand})
                if bound.op == "in":
                    conditions.append({"v": coded[0]} if len(coded) == 1 else {"$or": [{"v": c} for c in coded]})
                else:
                    conditions += [{"$neq": {"v": c}} for c in coded]
            else:
                assert not isinstance(bound.operand, Dated)
                conditions.append({_OPERATORS[bound.op]: {"v": codes[test.term].encode(bound.operand)}})
        messages.append({f"m{place}": {"$and": conditions}})
    return {"all": messages}


def _run(engine: ModuleType, ruleset: _Ruleset, known: list[tuple[str, int]], fired: dict[str, dict[str, int]]) -> None:
    """One firm through one ruleset: assert everything known, read off every firing, forget the firm."""
    handle, sid = ruleset.handle, str(1 + next(_sessions) % SESSIONS)
    facts = ",".join([f'{{"sid":"{sid}",{message}{value}}}' for message, value in known])
    actions = []
    try:
        code, state = engine.assert_facts(handle, f"[{facts}]")
        if code not in (0, _MESSAGE_UNKNOWN):
            raise DurableFault(f"durable-rules answered {code} to {len(known)} facts")
        first = engine.start_action_for_state(handle, state)
        action = first[1] if first else None
        while action:
            actions.append(action)
            action = engine.complete_and_start_action(handle, state)
        for found in json.loads(f"[{','.join(actions)}]"):
            for name, messages in found.items():
                matched = fired.setdefault(ruleset.shard.rules[name][0], {})
                for message in messages.values():
                    matched[message["a"]] = message["v"]
    except BaseException as fault:
        # The first fault is the one to tell. Whether the state is gone then is not known: the stage is made anew.
        with suppress(Exception):
            engine.delete_state(handle, sid)
        if isinstance(fault, DurableFault) or not isinstance(fault, Exception):
            raise
        # Its errors are bare exceptions with a number; callers get one kind with words.
        raise DurableFault(f"durable-rules failed: {fault}") from fault
    try:
        engine.delete_state(handle, sid)
    except Exception as fault:
        raise DurableFault(f"durable-rules could not forget a firm: {fault}") from fault


_loaded: list[ModuleType] = []


def _engine() -> ModuleType:
    if not _loaded:
        _loaded.append(_import())
    return _loaded[0]


def _import() -> ModuleType:
    """The C extension, bound lazily: from Python 3.13 on it names a function that is gone and that we never call."""
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    try:
        if flags is not None:
            sys.setdlopenflags(os.RTLD_LAZY)
        import durable_rules_engine
    except (ImportError, OSError) as fault:
        raise DurableUnavailable(str(fault)) from fault
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    module: ModuleType = durable_rules_engine
    missing = [name for name in _CALLS if not hasattr(module, name)]
    if missing:
        raise DurableUnavailable(f"{NAME} has no {', '.join(missing)}")
    return module


def available() -> str:
    """Empty where durable-rules can be used, else why not."""
    try:
        _engine()
    except DurableUnavailable as fault:
        return str(fault)
    return ""
