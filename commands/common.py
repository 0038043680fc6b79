"""What the commands share: options, reading with exit codes, printing."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

import kb

F = TypeVar("F", bound=Callable[..., Any])
NO, FAULTY_RULES, FAULTY_DOSSIER, DISAGREE, UNWRITTEN = 1, 3, 4, 5, 6
RULES_NAME = "mitra-binaan"

kb_option = click.option(
    "--kb", "folder", envvar="MITRA_KB", metavar="DIR", help="Rule base (default: the shipped one)."
)
day_option = click.option("--as-of", "as_of", metavar="YYYY-MM-DD", help="Day of assessment; over the dossier's own.")
lang_option = click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
executor_option = click.option(
    "--executor", type=click.Choice(["durable", "reference"]), help="Run one executor alone (default: both, compared)."
)


def format_option(*formats: str) -> Callable[[F], F]:
    return click.option("--format", "form", type=click.Choice(formats), default="text", show_default=True)


def rules_folder(given: str | None) -> tuple[Path, str]:
    if given:
        return Path(given), given.rstrip("/") or given
    path = kb.shipped()
    if Path("manifest.yaml").is_file() and Path.cwd() != path:
        click.echo("These are the shipped rules. For the rule base in this folder, name it: '.'", err=True)
    return path, "rules"


def inner_bases(path: Path, shown: str) -> list[str]:
    """Rule bases inside a rule base, which no command on the outer one reads, named as they can be named here."""
    found = []
    for inner in kb.nested(path):
        name = f"{shown}/{inner.relative_to(path).as_posix()}"
        found.append(name if Path(name).is_dir() and Path(name).samefile(inner) else str(inner))
    return found


def say_inner_bases(path: Path, shown: str, command: str) -> None:
    for name in inner_bases(path, shown):
        click.echo(f"{name} is a rule base of its own: {command} {name}")


def knowledge_of(given: str | None, tests: bool = False) -> kb.Knowledge:
    """The rule base named, or the shipped one; its cases and invariants are read only where they are asked for."""
    path, shown = rules_folder(given)
    try:
        knowledge = kb.load(path, shown, tests)
    except kb.FaultyKnowledge as faulty:
        fail(faulty, FAULTY_RULES)
    if not given and knowledge.manifest.name != RULES_NAME:
        # Another distribution may install a top-level folder of the same name.
        click.echo(f"{path} is not Mitra's rule base but '{knowledge.manifest.name}'. Use --kb DIR.", err=True)
        sys.exit(FAULTY_RULES)
    return knowledge


def decide(dossier: str, partner: str | None, rules: str | None, as_of: str | None, executor: str | None) -> Any:
    as_day(as_of)  # A slip in an option is said before any reading.
    return assessed(knowledge_of(rules), dossier, partner, as_of, executor)


def assessed(
    rule_base: kb.Knowledge, dossier: str, partner: str | None, as_of: str | None, executor: str | None
) -> Any:
    """The decision on a dossier ('-' is standard input) under a rule base that is read."""
    from engine.decide import decide, ready

    wanted = as_day(as_of)
    over = Path(partner) if partner is not None else None
    try:
        if dossier == "-":
            read = kb.read_dossier_bytes(standard_input(), "<stdin>", rule_base.facts, over, rule_base.eligibility)
        else:
            read = kb.read_dossier(Path(dossier), dossier, rule_base.facts, over, rule_base.eligibility)
    except kb.FaultyDossier as faulty:
        fail(faulty, FAULTY_DOSSIER)
    day = wanted or read.as_of or datetime.date.today()
    return guarded(lambda: decide(ready(rule_base, day, executor or ""), read))


def standard_input() -> bytes:
    """What is piped in, and no more of it than a file may hold."""
    from kb.source import MAX_BYTES

    if sys.stdin is None:
        raise click.UsageError("There is no standard input. Name a file.")
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def guarded(work: Callable[[], Any]) -> Any:
    """Run an engine step; its refusals become one clear message and their exit code."""
    from engine.executors.durable import DurableFault
    from engine.infer import EngineDisagreement, ExecutorMissing
    from engine.solve import Unsolved

    try:
        return work()
    except (EngineDisagreement, DurableFault, Unsolved) as fault:
        click.echo(str(fault), err=True)
        sys.exit(DISAGREE)
    except ExecutorMissing as fault:
        raise click.UsageError(str(fault)) from None


def as_day(written: str | None) -> datetime.date | None:
    from kb.values import BadValue, read_date

    if written is None:
        return None
    try:
        return read_date(written.strip())
    except BadValue as bad:
        raise click.BadParameter(f"{bad.message} {bad.remedy}", param_hint="--as-of") from None


def fail(faulty: kb.FaultyInput, code: int) -> NoReturn:
    for problem in faulty.problems:
        click.echo(str(problem), err=True)
    sys.exit(code)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
