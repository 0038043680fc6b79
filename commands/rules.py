"""Commands about the rule base: check, show, init."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

import kb
from commands.common import (
    NO,
    format_option,
    inner_bases,
    kb_option,
    knowledge_of,
    lang_option,
    print_json,
    rules_folder,
    say_inner_bases,
)
from commands.prove import proof_of, say_problems

# Time for the proofs of `check --prove`.
PROOF_SECONDS = 60.0


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, envvar="MITRA_KB")
@click.option("--kb", "option", metavar="DIR", help="The same as DIR.")
@click.option("--strict", is_flag=True, help="Exit 1 on doubts too; doubts accepted in the manifest do not count.")
@click.option("--prove", "proving", is_flag=True, help="Where nothing is wrong, go on as 'mitra prove' does.")
@format_option("text", "json")
def check(folder: str | None, option: str | None, strict: bool, proving: bool, form: str) -> None:
    """Read a rule base and list everything wrong or doubtful in it, without running it. Exit 1 on errors.

    With --prove one command tells after each save all that can be told without the cases. Rule bases inside it (folders
    with a manifest of their own) are named last, to be checked by themselves.

    \b
    Example:  mitra check rules
              mitra check my-rules --strict --prove
    """
    path, shown = rules_folder(option or folder)
    knowledge, problems = kb.examine(path, shown)
    if proving and knowledge is not None and not problems.errors:
        proof = proof_of(knowledge, path, PROOF_SECONDS)
        for problem in proof.problems:
            problems.add(problem)
        problems.accepted += proof.accepted
    found = list(problems)
    if form == "json":
        accepted = [p.as_json() for p in problems.accepted]
        listed = [p.as_json() for p in found]
        print_json({"problems": listed, "accepted": accepted, "others": inner_bases(path, shown)})
    else:
        say_problems(found)
        doubts, unsettled = (sum(p.severity == kind for p in found) for kind in ("doubt", "open"))
        let_stand = f", {len(problems.accepted)} accepted in the manifest" if problems.accepted else ""
        left = f", {unsettled} questions left open" if proving else ""
        click.echo(f"{shown}: {len(problems.errors)} errors, {doubts} doubts{let_stand}{left}.")
        say_inner_bases(path, shown, "mitra check")
    if (strict and found) or any(problem.severity != "doubt" for problem in found):
        click.get_current_context().exit(NO)


@click.command()
@click.argument("what", metavar="facts|factors|findings|patterns|strategies|…|ID")
@kb_option
@lang_option
@format_option("text", "json")
def show(what: str, folder: str | None, lang: str, form: str) -> None:
    """List what the rule base holds, or one entry in full: any id that an answer prints.

    \b
    Kinds:    facts factors findings patterns principles classes strategies actions cautions cases
              sources eligibility parameters
    Example:  mitra show facts
              mitra show subkontrak.requires
    """
    from engine.say.listing import UnknownEntry, as_words, listing
    from engine.say.tests import listing_text

    # Cases are many, and few ask for one: they are read where nothing else has the name.
    knowledge = knowledge_of(folder, tests=what == "cases")
    try:
        entries = listing(knowledge, what, lang)
    except UnknownEntry:
        knowledge = knowledge_of(folder, tests=True)
        try:
            entries = listing(knowledge, what, lang)
        except UnknownEntry as fault:
            raise click.UsageError(str(fault)) from None
    if form == "json":
        print_json(entries)
    else:
        click.echo(listing_text([as_words(entry, knowledge, lang) for entry in entries], what), nl=False)


@click.command()
@click.argument("target", metavar="DIR")
def init(target: str) -> None:
    """Copy the shipped rule base into a new folder, to be edited and used with --kb.

    \b
    Example:  mitra init my-rules && mitra check my-rules
    """
    path, shipped = Path(target), kb.shipped()
    wanted = shutil.ignore_patterns("__pycache__", "*.py", "*.pyc")
    try:
        if os.path.lexists(path) and (not path.is_dir() or any(path.iterdir())):
            raise click.UsageError(f"'{target}' is there already and not empty; name a new folder.")
        if shipped.resolve() in path.resolve().parents:
            raise click.UsageError(f"'{target}' is inside the shipped rules; name a folder elsewhere.")
        shutil.copytree(shipped, path, ignore=wanted, dirs_exist_ok=True)
    except OSError as fault:
        raise click.UsageError(f"'{target}' cannot be written: {fault.strerror or fault}.") from None
    click.echo(f"Copied the shipped rules to {target}. Check them with: mitra check {target}")
