"""Commands for the expert's tests: test, mutate."""

from __future__ import annotations

import os
import sys
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

# Where the draws of a background firm begin, if the rule base has no case to start from.
_SEED = 1995


@click.command()
@kb_option
@format_option("text", "json")
@click.option("--coverage", "whole", is_flag=True, help="List every rule, test, threshold and day that no case shows.")
@click.option("--junit", metavar="FILE", help="Also write the run as JUnit XML; an older FILE is replaced.")
@click.option("--suggest", metavar="FILE", help="Write cases for what none shows to FILE, which must be new.")
@executor_option
def test(
    folder: str | None, form: str, whole: bool, junit: str | None, suggest: str | None, executor: str | None
) -> None:
    """Run the rule base's whole cases, examples and invariants, and say what they reach. Exit 1 when one fails.

    Suggested cases are made by a solver and expect what the engine answers now: read each before you keep it.

    \b
    Example:  mitra test --kb my-rules --coverage
    """
    from engine.cases import run_tests
    from engine.say.junit import run_junit
    from engine.say.tests import run_json, run_text

    knowledge = knowledge_of(folder, tests=True)
    result = guarded(lambda: run_tests(knowledge, executor or ""))
    if suggest is not None and os.path.lexists(suggest):
        raise click.UsageError(f"'{suggest}' is there already; name a new file.")
    if junit is not None:
        _write(junit, run_junit(result, knowledge.manifest.name), anew=False)
    path, shown = (Path(folder), folder.rstrip("/") or folder) if folder else (kb.shipped(), "rules")
    if form == "json":
        print_json(run_json(result) | {"others": inner_bases(path, shown)})
    else:
        click.echo(run_text(result, whole), nl=False)
        say_inner_bases(path, shown, "mitra test --kb")
    if suggest is not None and not result.failures:
        _suggest(knowledge, suggest)
    if result.failures:
        if suggest is not None:
            click.echo("Nothing is suggested while a test fails.", err=True)
        click.get_current_context().exit(NO)


def _suggest(knowledge: kb.Knowledge, target: str) -> None:
    """Cases for what none shows, and on standard error what cannot be shown."""
    from engine.mutate import ground_of
    from engine.say.coverage import said_point
    from engine.say.suggestion import suggestions_yaml
    from engine.suggest import suggest

    def told(left: int) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(f"\r{left:6} points left", err=True, nl=not left)

    found = guarded(lambda: suggest(ground_of(knowledge), _SEED, told))
    for point in found.impossible:
        click.echo(f"{said_point(point, found.plan)}: no firm can show it.", err=True)
    for point in found.not_found:
        click.echo(f"{said_point(point, found.plan)}: no firm was found.", err=True)
    if not found.made:
        click.echo("There is nothing to suggest.", err=True)
        return
    text = suggestions_yaml(found, [case.name for case in knowledge.cases])
    _write(target, text.encode(), anew=True)
    click.echo(f"Wrote {len(found.made)} cases to {target}. Read each expectation before you keep it.", err=True)


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
