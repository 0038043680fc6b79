"""Commands for the expert's tests: test, mutate."""

from __future__ import annotations

import os
from pathlib import Path

import click

import kb
from commands.common import (
    NO,
    executor_option,
    format_option,
    guarded,
    inner_bases,
    kb_option,
    knowledge_of,
    print_json,
    say_inner_bases,
)


@click.command()
@kb_option
@format_option("text", "json")
@click.option("--coverage", "whole", is_flag=True, help="List every rule, test, threshold and day that no case shows.")
@click.option("--junit", metavar="FILE", help="Also write the run as JUnit XML; an older FILE is replaced.")
@executor_option
def test(folder: str | None, form: str, whole: bool, junit: str | None, executor: str | None) -> None:
    """Run the rule base's whole cases, examples and invariants, and say what they reach. Exit 1 when one fails.

    \b
    Example:  mitra test --kb my-rules --coverage
    """
    from engine.cases import run_tests
    from engine.say.junit import run_junit
    from engine.say.tests import run_json, run_text

    knowledge = knowledge_of(folder, tests=True)
    result = guarded(lambda: run_tests(knowledge, executor or ""))
    if junit is not None:
        _write(junit, run_junit(result, knowledge.manifest.name), anew=False)
    path, shown = (Path(folder), folder.rstrip("/") or folder) if folder else (kb.shipped(), "rules")
    if form == "json":
        print_json(run_json(result) | {"others": inner_bases(path, shown)})
    else:
        click.echo(run_text(result, whole), nl=False)
        say_inner_bases(path, shown, "mitra test --kb")
    if result.failures:
        click.get_current_context().exit(NO)


def _write(target: str, content: bytes, anew: bool) -> None:
    """A file written whole or not at all; with `anew` never over one that is there."""
    try:
        whole = os.path.realpath(target)
        if os.path.lexists(whole) and not os.path.isfile(whole):
            raise click.UsageError(f"'{target}' is there already and is not a plain file.")
        beside = f"{whole}.{os.getpid()}.part"
        try:
            with open(beside, "xb") as stream:
                stream.write(content)
            if anew:
                # A link, unlike a move, refuses a name that is taken.
                os.link(beside, whole)
            else:
                os.replace(beside, whole)
        finally:
            if os.path.lexists(beside):
                os.remove(beside)
    except FileExistsError:
        raise click.UsageError(f"'{target}' is there already; name a new file.") from None
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        raise click.UsageError(f"'{target}' cannot be written: {reason}.") from None
