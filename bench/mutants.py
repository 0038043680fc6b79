"""Planted faults: one small fault at a time in the executors, and whether the tests find it. Writes docs/mutants.md.

A mutant flips a comparison or a logical operator, drops a negation, a statement or a branch, shifts a constant, or
swaps an argument, in a private copy of the project. It is tried on the quick tests first and, if it survives them, on
the slower groups; before all, every group must pass without a fault. A run that does not end counts as found, and is
counted apart. Results are kept in bench/mutants.json by the text of the faulty file, so that a broken run goes on
where it stopped and a changed file is tried anew. A reason for each survivor stands in bench/survivors.yaml, by its
line.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    "engine/executors/reference.py",
    "engine/executors/durable.py",
    "engine/executors/shards.py",
    "engine/infer.py",
    "engine/locks.py",
    "kb/normal.py",
)
KEPT = ROOT / "bench" / "mutants.json"
TESTS = {
    "quick": ("tests/test_durable.py", "tests/test_traps.py", "tests/test_chains.py", "tests/test_problems.py"),
    "threads": ("tests/test_threads.py", "tests/test_workers.py"),
    "slower": ("tests/test_samples.py", "tests/test_possible.py", "tests/test_laws.py"),
}
# Of how long the tests take without a fault.
PATIENCE = 8
NEVER_ENDED = "did not end"
COMPARE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitOr: ast.BitAnd}


class Mutant(NamedTuple):
    """One fault: `source` is the whole text of `file` with it, `text` the line as it was."""

    file: str
    line: int
    what: str
    text: str
    source: str

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.file}\n{self.source}".encode()).hexdigest()

    @property
    def reason(self) -> str:
        """Where its reason stands, if it has one."""
        return f"{self.file}: {self.what}: {self.text}"


def mutants_of(file: str) -> Iterator[Mutant]:
    text = (ROOT / file).read_text(encoding="utf-8")
    tree, lines = ast.parse(text), ["", *text.splitlines()]
    told = _annotations(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in told:
            continue
        for place, (what, _) in enumerate(_changes(node)):
            twin = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(twin)) if i == number)
            list(_changes(target))[place][1](target)
            line = getattr(node, "lineno", 0)
            yield Mutant(file, line, what, lines[line].strip(), ast.unparse(ast.fix_missing_locations(twin)))


def _annotations(tree: ast.AST) -> set[int]:
    """Nodes of annotations, which nothing evaluates."""
    found = [n.annotation for n in ast.walk(tree) if isinstance(n, (ast.AnnAssign, ast.arg)) and n.annotation]
    found += [n.returns for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.returns]
    return {id(inner) for node in found for inner in ast.walk(node)}


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """What can be done to a node: words for it, and the deed."""
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            if type(op) in COMPARE:
                other = COMPARE[type(op)]
                yield f"{type(op).__name__} → {other.__name__}", lambda n, i=index, o=other: n.ops.__setitem__(i, o())
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other_bool.__name__}", lambda n, o=other_bool: setattr(n, "op", o())
        for index in range(len(node.values)):
            if len(node.values) > 1:
                yield f"operand {index + 1} dropped", lambda n, i=index: n.values.pop(i)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda n: (setattr(n, "op", ast.UAdd()), setattr(n, "operand", _truth(n.operand)))
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        other_op = ARITHMETIC[type(node.op)]
        yield f"{type(node.op).__name__} → {other_op.__name__}", lambda n, o=other_op: setattr(n, "op", o())
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} → {node.value + 1}", lambda n: setattr(n, "value", n.value + 1)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{node.value} → {not node.value}", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "returns None", lambda n: setattr(n, "value", ast.Constant(None))
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield "condition always true", lambda n: setattr(n, "test", ast.Constant(True))
        yield "condition always false", lambda n: setattr(n, "test", ast.Constant(False))
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "filter dropped", lambda n: setattr(n, "ifs", [])
    elif isinstance(node, (ast.FunctionDef, ast.For, ast.With, ast.Try)):
        for index, statement in enumerate(node.body):
            documentation = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.For)) and not documentation:
                told = ast.unparse(statement).splitlines()[0][:60]
                yield f"dropped: {told}", lambda n, i=index: n.body.__setitem__(i, ast.Pass())
    elif isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        yield "arguments swapped", lambda n: n.args.reverse()


def _truth(operand: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("bool", ast.Load()), [operand], [])


def passes(mutant: Mutant | None, tests: tuple[str, ...], patience: float | None) -> bool | None:
    """Whether the tests pass with a fault, or without one; None when they did not end in time."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "project"
        left_out = shutil.ignore_patterns(".git", ".venv*", "*.pyc", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, copied, ignore=left_out)
        if mutant is not None:
            (copied / mutant.file).write_text(mutant.source, encoding="utf-8")
        running = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
            cwd=copied,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copied), "HYPOTHESIS_STORAGE_DIRECTORY": folder},
        )
        try:
            return running.wait(patience) == 0
        except subprocess.TimeoutExpired:
            return None
        finally:
            # What hangs may be a child of a test.
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def tried(mutant: Mutant, usual: Mapping[str, float]) -> str:
    """Where the mutant was found: by which group of tests, or that they never ended; `` for a survivor."""
    for name, tests in TESTS.items():
        passed = passes(mutant, tests, PATIENCE * usual[name])
        if not passed:
            return NEVER_ENDED if passed is None else name
    return ""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--most", type=int, default=500, help="mutants, drawn evenly; all when there are fewer")
    options.add_argument("--seed", type=int, default=20261124)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--list", action="store_true", help="only count the mutants there are")
    chosen = options.parse_args()
    found = [mutant for file in TARGETS for mutant in mutants_of(file)]
    print(f"{len(found)} mutants", file=sys.stderr)
    if chosen.list:
        return 0
    usual: dict[str, float] = {}
    for name, tests in TESTS.items():
        start = perf_counter()
        if not passes(None, tests, None):
            print(f"the {name} tests fail without a fault: mend them first", file=sys.stderr)
            return 1
        usual[name] = perf_counter() - start
    drawn = Random(chosen.seed).sample(found, min(chosen.most, len(found)))
    kept: dict[str, str] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    # A survivor with a reason is not tried again: it counts as not found, whatever tests have been added since.
    kept |= {mutant.key: "" for mutant in drawn if mutant.reason in reasons()}
    waiting = [mutant for mutant in drawn if mutant.key not in kept]
    print(f"{len(drawn) - len(waiting)} known, {len(waiting)} to try", file=sys.stderr, flush=True)
    with ThreadPoolExecutor(chosen.jobs) as pool:
        working = {pool.submit(tried, mutant, usual): mutant for mutant in waiting}
        for number, done in enumerate(as_completed(working), 1):
            mutant = working[done]
            kept[mutant.key] = done.result()
            # Hours may have gone into it: what is known is kept.
            KEPT.write_text(json.dumps(kept), encoding="utf-8")
            if not kept[mutant.key]:
                print(f"survives: {mutant.reason}", file=sys.stderr, flush=True)
            if number % 20 == 0:
                print(f"{number} of {len(waiting)}", file=sys.stderr, flush=True)
    results = sorted((mutant, kept[mutant.key]) for mutant in drawn)
    page = written(results, f"--most {chosen.most} --seed {chosen.seed}", len(found))
    (ROOT / "docs" / "mutants.md").write_text(page, encoding="utf-8")
    return 0


def reasons() -> dict[str, str]:
    """Why survivors change nothing, by `file: what: line of code`."""
    return yaml.safe_load((ROOT / "bench" / "survivors.yaml").read_text(encoding="utf-8")) or {}


def written(results: list[tuple[Mutant, str]], options: str, number: int) -> str:
    known = reasons()
    survivors = [mutant for mutant, where in results if not where]
    counts = Counter(where for _, where in results)
    rows = [f"| {m.file}:{m.line} | {m.what} | {known.get(m.reason, 'not explained')} |" for m in survivors]
    return f"""# Planted faults

Written by `bench/mutants.py {options}`: of {number} faults that can be planted in {", ".join(TARGETS)},
{len(results)} were tried, one at a time.

| what | number |
|---|---|
| found by the quick tests | {counts["quick"]} |
| found by the tests of threads and worker processes | {counts["threads"]} |
| found by the slower tests | {counts["slower"]} |
| found because the tests {NEVER_ENDED} | {counts[NEVER_ENDED]} |
| not found | {len(survivors)} |

| survivor | fault | why it changes nothing |
|---|---|---|
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    sys.exit(main())
