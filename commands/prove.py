"""`mitra prove`: what holds for every firm, asked of a solver; remembered between runs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

import kb
from commands.common import DISAGREE, NO, format_option, inner_bases, print_json, rules_folder, say_inner_bases

# Open questions that are told one by one.
_SHOWN = 12

if TYPE_CHECKING:
    from engine.prove import Memory, Proof


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, envvar="MITRA_KB")
@click.option("--kb", "option", metavar="DIR", help="The same as DIR.")
@click.option("--seconds", type=click.IntRange(0, 86_400), default=60, show_default=True, help="Time for the proofs.")
@click.option("--strict", is_flag=True, help="Exit 1 on doubts too.")
@click.option("--fresh", is_flag=True, help="Prove everything anew, without what earlier runs proved.")
@format_option("text", "json")
def prove(folder: str | None, option: str | None, seconds: int, strict: bool, fresh: bool, form: str) -> None:
    """Ask a solver what holds for every firm, under the law of every day, and show a firm for each fault.

    Rules that can never hold, or always do; that say one thing twice, or leave another nothing; findings of a factor
    that can meet; values between two thresholds that nobody takes; classes and patterns that no firm can get; and
    every invariant, proved or refuted. A question that is not settled in time is listed as open. Exit 1 on errors and
    open questions.

    \b
    Example:  mitra prove rules
              mitra prove my-rules --format json > faults.json
    """
    path, shown = rules_folder(option or folder)
    knowledge, problems = kb.examine(path, shown)
    if knowledge is None or problems.errors:
        sys.exit(_unread(problems, form))
    proof = proof_of(knowledge, path, seconds, fresh)
    if form == "json":
        print_json(_json(proof, inner_bases(path, shown)))
    else:
        _print(proof, shown)
        say_inner_bases(path, shown, "mitra prove")
    bad = {"error", "open", "doubt"} if strict else {"error", "open"}
    if any(problem.severity in bad for problem in proof.problems):
        click.get_current_context().exit(NO)


def proof_of(knowledge: kb.Knowledge, path: Path, seconds: float, fresh: bool = False) -> Proof:
    """The proof of a rule base that was read from a folder, with what earlier runs proved of it."""
    from engine.prove import Unshown
    from engine.prove import prove as prove_all

    kept = _kept_in(path)
    end = time.monotonic() + seconds
    try:
        proof = prove_all(knowledge, lambda: end - time.monotonic(), _remembered(kept, fresh), _progress)
    except Unshown as fault:
        _progress("")
        click.echo(f"This is a defect of Mitra, not of the rules. {fault}", err=True)
        sys.exit(DISAGREE)
    _progress("")
    _remember(kept, proof.memory)
    return proof


def _unread(problems: kb.Problems, form: str) -> int:
    """A rule base that cannot be read proves nothing: its errors are the answer."""
    found = problems.errors
    if form == "json":
        print_json({"problems": [problem.as_json() for problem in found]})
    else:
        for problem in found:
            click.echo(str(problem), err=True)
        click.echo("Nothing could be proved: the rule base cannot be read. Mend these first.", err=True)
    return NO


def _json(proof: Proof, others: list[str]) -> dict[str, object]:
    return {
        "problems": [problem.as_json() for problem in proof.problems],
        "accepted": [problem.as_json() for problem in proof.accepted],
        "questions": proof.questions,
        "solver_calls": proof.solver_calls,
        "others": others,
    }


def _print(proof: Proof, shown: str) -> None:
    count = Counter(problem.severity for problem in proof.problems)
    say_problems(proof.problems)
    let_stand = f", {len(proof.accepted)} accepted in the manifest" if proof.accepted else ""
    click.echo(
        f"{shown}: {count['error']} errors, {count['doubt']} doubts{let_stand}, {count['open']} questions left open; "
        f"{proof.questions} questions asked, the solver {proof.solver_calls} times."
    )


def say_problems(problems: Iterable[kb.Problem]) -> None:
    """Each on a line, errors apart from doubts. Of open questions, which come by the hundred when time is short and say
    one thing, the first few."""
    unsettled = 0
    for problem in problems:
        unsettled += problem.severity == "open"
        if problem.severity != "open" or unsettled <= _SHOWN:
            click.echo(str(problem), err=problem.severity != "doubt")
    if unsettled > _SHOWN:
        click.echo(f"{unsettled - _SHOWN} more questions are open; --format json has them all.", err=True)


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{f'proving: {step} …' if step else ''}", nl=False, err=True)


def _kept_in(path: Path) -> Path:
    """Where what was proved about this rule base is kept between runs: the user's cache."""
    base = os.environ.get("MITRA_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]
    return Path(base) / "mitra" / f"proofs-{name}.json"


def _remembered(kept: Path, fresh: bool) -> Memory:
    """What is kept, as far as it can be read; it only saves time, so anything else is proved anew."""
    from engine.prove import Memory

    if fresh:
        return Memory()
    try:
        # A pipe or a device in its place would be read for ever.
        if not kept.is_file():
            return Memory()
        content = json.loads(kept.read_text(encoding="utf-8"))
        firms = tuple(dict(firm) for firm in content["firms"])
        proved, clean = (frozenset(str(key) for key in content[part]) for part in ("proved", "clean"))
        return Memory(proved, clean, firms)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Memory()


def _remember(kept: Path, memory: Memory) -> None:
    """Written whole or not at all. A firm's codes are whole numbers and texts, as JSON has them."""
    firms = [dict(firm) for firm in memory.firms]
    text = json.dumps({"proved": sorted(memory.proved), "clean": sorted(memory.clean), "firms": firms})
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as beside:
            (Path(beside) / kept.name).write_text(text, encoding="utf-8")
            os.replace(Path(beside) / kept.name, kept)
    except OSError as fault:
        click.echo(f"What was proved could not be kept for next time: {fault.strerror}.", err=True)
