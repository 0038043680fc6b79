"""The command about a partnership programme: programme."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

import kb
from commands.common import (
    FAULTY_RULES,
    assessed,
    day_option,
    executor_option,
    fail,
    format_option,
    lang_option,
    print_json,
)

# The rule base that examines programmes: a folder of the shipped rules, with a manifest of its own.
FOLDER, NAME = "examination", "mitra-pemeriksaan-program"


@click.command()
@click.argument("dossier", metavar="DOSSIER")
@click.option("--kb", "folder", metavar="DIR", help="Rule base with dimensions (default: the shipped examination).")
@day_option
@lang_option
@format_option("text", "json", "markdown")
@executor_option
def programme(dossier: str, folder: str | None, as_of: str | None, lang: str, form: str, executor: str | None) -> None:
    """What a partnership programme is worth: a verdict on each dimension, and what to mend first.

    DOSSIER states the facts of the programme; its 'firm' is the programme's name, '-' is standard input. MITRA_KB
    counts only where it names a rule base with dimensions; any other judges firms, and the shipped one decides here.

    \b
    Example:  mitra programme samples/programmes/pt_sp.yaml
    """
    decision = assessed(_examination(folder), dossier, None, as_of, executor)
    if form == "json":
        from engine.say.programme import programme_json

        print_json(programme_json(decision, lang))
        return
    from engine.say.markdown import report_markdown
    from engine.say.programme import programme_report
    from engine.say.text import report_text

    told = programme_report(decision, lang)
    click.echo(report_text(told) if form == "text" else report_markdown(told), nl=False)


def _examination(given: str | None) -> kb.Knowledge:
    """The rule base to examine with; one that has no dimensions is refused, for it has no verdict to give."""
    named = given or _from_environment()
    shipped = kb.shipped() / FOLDER
    if not named and has_dimensions(Path()) and Path.cwd() != shipped:
        click.echo(f"These are the shipped rules/{FOLDER}. For the rule base in this folder, name it: '.'", err=True)
    path, shown = (Path(named), named.rstrip("/") or named) if named else (shipped, f"rules/{FOLDER}")
    try:
        knowledge = kb.load(path, shown, tests=False)
    except kb.FaultyKnowledge as faulty:
        fail(faulty, FAULTY_RULES)
    if not named and knowledge.manifest.name != NAME:
        click.echo(f"{path} is not Mitra's examination but '{knowledge.manifest.name}'. Use --kb DIR.", err=True)
        sys.exit(FAULTY_RULES)
    if not knowledge.dimensions:
        inner = [f"'{shown}/{one.relative_to(path).as_posix()}'" for one in kb.nested(path) if has_dimensions(one)]
        hint = f"Name {' or '.join(inner)}." if inner else "Add dimensions.yaml, or leave --kb out."
        raise click.UsageError(f"'{shown}' has no dimensions, so it cannot examine a programme. {hint}")
    return knowledge


def _from_environment() -> str:
    """MITRA_KB, where it names a rule base with dimensions; where it names another, that is said."""
    named = os.environ.get("MITRA_KB", "")
    if not named or has_dimensions(Path(named)):
        return named
    click.echo(
        f"MITRA_KB is '{named}', which has no dimensions: the shipped rules/{FOLDER} decide. Use --kb DIR for others.",
        err=True,
    )
    return ""


def has_dimensions(folder: Path) -> bool:
    """Whether a folder holds the file that makes a rule base fit to examine programmes."""
    return os.path.isfile(folder / "dimensions.yaml")
