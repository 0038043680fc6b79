"""The house: import order, foreign engines in one place each, no domain word in Python, modules of readable size."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kb
from commands.common import RULES_NAME
from commands.programme import FOLDER, NAME

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"kb": 1, "engine": 2, "commands": 4, "cli": 5}
SOURCES = sorted(p for name in FLOORS for p in [*ROOT.glob(f"{name}/**/*.py"), *ROOT.glob(f"{name}.py")])
FOREIGN = {
    "yaml": "kb/source.py",
    "durable_rules_engine": "engine/executors/durable.py",
    "z3": "engine/solve.py",
    "numpy": "engine/weigh.py",
}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    return found | {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down_only(path: Path) -> None:
    mine = FLOORS[path.relative_to(ROOT).parts[0].removesuffix(".py")]
    for name in imports(path):
        top = name.split(".")[0]
        if top in FLOORS:
            assert FLOORS[top] <= mine, f"{path.name} imports {name} from a higher floor"


@pytest.mark.parametrize("package", sorted(FOREIGN))
def test_a_foreign_engine_lives_in_one_module(package: str) -> None:
    users = [str(p.relative_to(ROOT)) for p in SOURCES if package in {n.split(".")[0] for n in imports(p)}]
    assert users == [FOREIGN[package]]


def test_printing_and_ending_happen_at_the_edge_only() -> None:
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] in ("kb", "engine"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
            assert not called & {"print", "exit", "quit", "input"}, path
            assert "click" not in imports(path), path


def test_no_domain_word_stands_in_python() -> None:
    """Strings and names of the code against every id of fact, factor, finding, class, pattern, action and term."""
    ids: set[str] = set()
    for folder in (kb.shipped(), *kb.nested(kb.shipped())):
        knowledge = kb.load(folder)
        ids |= {*knowledge.facts, *knowledge.factors, *knowledge.findings, *knowledge.patterns, *knowledge.actions}
        ids |= {*knowledge.eligibility, *knowledge.principles, *knowledge.cautions, *knowledge.strategies}
        ids |= {c.id for c in knowledge.table.classes} | set(knowledge.dimensions)
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        said |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert not said & ids, f"{path.relative_to(ROOT)} names {sorted(said & ids)}"


def test_modules_stay_readable() -> None:
    for path in SOURCES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path


def test_every_public_function_says_what_it_does() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path


def test_packages_name_what_is_public() -> None:
    assert all(hasattr(kb, name) for name in kb.__all__)


def test_the_shipped_rules_say_whose_they_are() -> None:
    assert kb.load(kb.shipped(), "rules").manifest.name == RULES_NAME == "mitra-binaan"
    assert kb.load(kb.shipped() / FOLDER).manifest.name == NAME


def test_decisions_of_record_are_numbered_and_listed() -> None:
    pages = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert pages
    assert all(page in index for page in pages)
