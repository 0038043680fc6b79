"""Planted faults: one small fault at a time in the executors, and whether the tests find it. Writes docs/mutants.md.

A mutant flips a comparison or a logical operator, drops a negation, a statement or a branch, shifts a constant, or
swaps an argument, in a private copy of the project. It is tried on the quick tests first and, if it survives them, on
the slower ones. Survivors are listed with their place; a reason for each stands in bench/survivors.yaml.
"""

from __future__ import annotations

import argparse
import ast
import copy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    "engine/executors/reference.py",
    "engine/executors/durable.py",
    "engine/executors/shards.py",
    "engine/infer.py",
    "kb/normal.py",
)
QUICK = ("tests/test_durable.py", "tests/test_traps.py", "tests/test_threads.py", "tests/test_chains.py")
SLOWER = ("tests/test_defects.py", "tests/test_possible.py", "tests/test_laws.py", "tests/test_samples.py")
PATIENCE = 300
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
    """One fault: `source` is the whole text of `file` with it."""

    file: str
    line: int
    what: str
    source: str


def mutants_of(file: str) -> Iterator[Mutant]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        for place, (what, _) in enumerate(_changes(node)):
            twin = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(twin)) if i == number)
            list(_changes(target))[place][1](target)
            yield Mutant(file, getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(twin)))


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


def tried(mutant: Mutant) -> str:
    """Where the mutant was found: by `quick` or `slower` tests, or `` for a survivor."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "project"
        shutil.copytree(
            ROOT, copied, ignore=shutil.ignore_patterns(".git", ".venv*", "*.pyc", "__pycache__", ".*_cache")
        )
        (copied / mutant.file).write_text(mutant.source, encoding="utf-8")
        for name, tests in (("quick", QUICK), ("slower", SLOWER)):
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
            try:
                done = subprocess.run(
                    command,
                    cwd=copied,
                    capture_output=True,
                    timeout=PATIENCE,
                    check=False,
                    env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copied), "HYPOTHESIS_STORAGE_DIRECTORY": folder},
                )
            except subprocess.TimeoutExpired:
                return name
            if done.returncode != 0:
                return name
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
    drawn = sorted(
        Random(chosen.seed).sample(found, min(chosen.most, len(found))), key=lambda m: (m.file, m.line, m.what)
    )
    results: list[tuple[Mutant, str]] = []
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for mutant, where in zip(drawn, pool.map(tried, drawn)):
            results.append((mutant, where))
            if not where:
                print(f"survives: {mutant.file}:{mutant.line} {mutant.what}", file=sys.stderr, flush=True)
            if len(results) % 20 == 0 or len(results) == len(drawn):
                print(f"{len(results)} of {len(drawn)}", file=sys.stderr, flush=True)
                # Hours may have gone into it: what is known is kept.
                page = written(results, f"--most {chosen.most} --seed {chosen.seed}", len(found))
                (ROOT / "docs" / "mutants.md").write_text(page, encoding="utf-8")
    return 0


def written(results: list[tuple[Mutant, str]], options: str, number: int) -> str:
    reasons = yaml.safe_load((ROOT / "bench" / "survivors.yaml").read_text(encoding="utf-8")) or {}
    survivors = [mutant for mutant, where in results if not where]
    counts = {name: sum(where == name for _, where in results) for name in ("quick", "slower")}
    rows = [
        f"| {m.file}:{m.line} | {m.what} | {reasons.get(f'{m.file}: {m.what}', 'not explained')} |" for m in survivors
    ]
    return f"""# Planted faults

Written by `bench/mutants.py {options}`: of {number} faults that can be planted in {", ".join(TARGETS)},
{len(results)} were tried, one at a time.

| what | number |
|---|---|
| found by the quick tests | {counts["quick"]} |
| found by the slower tests | {counts["slower"]} |
| not found | {len(survivors)} |

| survivor | fault | why it changes nothing |
|---|---|---|
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    sys.exit(main())
