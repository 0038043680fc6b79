"""`mitra diff`: what a change of rules does."""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

import kb
from commands.common import (
    DISAGREE,
    FAULTY_DOSSIER,
    FAULTY_RULES,
    NO,
    as_day,
    day_option,
    fail,
    format_option,
    guarded,
    lang_option,
    print_json,
    rules_folder,
)
from commands.opened import opened

if TYPE_CHECKING:
    from engine.diff.decided import Pair, Told


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option(
    "--kb", "folder", envvar="MITRA_KB", metavar="DIR", help="The rule base that NEW is where it is left out."
)
@click.option(
    "--on", "on", multiple=True, metavar="PATH", help="A dossier, or a folder of dossiers (YAML), to decide under both."
)
@click.option("--seconds", type=click.FloatRange(min=0), default=60.0, show_default=True, help="Time for the proofs.")
@day_option
@lang_option
@format_option("text", "json")
def diff(
    old: str,
    new: str | None,
    folder: str | None,
    on: tuple[str, ...],
    seconds: float,
    as_of: str | None,
    lang: str,
    form: str,
) -> None:
    """What a change of rules does: entries added, removed and changed; an example firm for every kind of change of
    class or recommendation, or the proof that no firm changes; cases, and dossiers given with --on, that change.

    OLD and NEW are folders, archives (.zip, .tar, .tar.gz), or git:REV (the folder of the other one as it was at that
    revision), git:REV:PATH for another folder of the repository. Exit 1 where something stayed open.

    \b
    Example:  mitra diff git:HEAD my-rules
              mitra diff rules my-rules --on samples --format json
    """
    day = as_day(as_of)
    end = time.monotonic() + seconds
    path, shown = rules_folder(folder) if new is None else (Path(new), new.rstrip("/") or new)
    name = old.rstrip("/") or old
    # A revision is one of the other rule base's repository.
    with opened(old, _beside(path)) as old_folder, opened(str(path), _beside(Path(old))) as new_folder:
        before, after = _loaded(old_folder, name), _loaded(new_folder, shown)
    guarded(lambda: _answer((before, after), (name, shown), (on, day), lambda: end - time.monotonic(), lang, form))


def _beside(path: Path) -> Path:
    """A folder in the repository that `git:REV` means: that of the other rule base, else the working folder."""
    return path if path.is_dir() else Path.cwd()


def _loaded(folder: Path, shown: str) -> kb.Knowledge:
    try:
        return kb.load(folder, shown)
    except kb.FaultyKnowledge as faulty:
        fail(faulty, FAULTY_RULES)


def _answer(
    bases: tuple[kb.Knowledge, kb.Knowledge],
    names: tuple[str, str],
    firms: tuple[tuple[str, ...], datetime.date | None],
    left: Callable[[], float],
    lang: str,
    form: str,
) -> None:
    from engine.diff.changes import changes
    from engine.diff.days import Unshown
    from engine.diff.decided import Pair
    from engine.diff.regions import regions
    from engine.say.diff import diff_text
    from engine.say.diff_json import Difference, diff_json

    pair = Pair(*bases)
    on, day = firms
    # Dossiers first: a faulty one is said before anything long is begun.
    told = [one for given in on for one in _dossiers(given, pair, day)]
    try:
        found = regions(*bases, left)
    except Unshown as fault:
        click.echo(f"This is a defect of Mitra, not of the rules. {fault}", err=True)
        sys.exit(DISAGREE)
    decisions = pair.compare(told) if on else None
    answer = Difference(names, *bases, changes(*bases), found, pair.compare(pair.cases()), decisions)
    if form == "json":
        print_json(diff_json(answer))
    else:
        click.echo(diff_text(answer, lang), nl=False)
    if found.open:
        click.get_current_context().exit(NO)


def _dossiers(given: str, pair: Pair, day: datetime.date | None) -> Iterator[Told]:
    """The dossiers at a path: a file, or those of a folder; each read by the new rule base, or else by the old one."""
    path = Path(given)
    if os.path.isdir(path):
        files = sorted(one for one in path.iterdir() if one.suffix == ".yaml")
        if not files:
            raise click.UsageError(f"'{given}' holds no dossier: no file in it ends in .yaml.")
    elif path.suffix in (".yaml", ".yml") or not os.path.lexists(path):
        files = [path]
    else:
        raise click.UsageError(f"'{given}' is no dossier: --on takes YAML dossiers and folders of them.")
    for file in files:
        yield _dossier(file, pair, day)


def _dossier(file: Path, pair: Pair, day: datetime.date | None) -> Told:
    try:
        read, tell = kb.read_dossier(file, str(file), pair.new.facts, None, pair.new.eligibility), pair.from_new
    except kb.FaultyDossier as faulty:
        try:
            read, tell = kb.read_dossier(file, str(file), pair.old.facts, None, pair.old.eligibility), pair.from_old
        except kb.FaultyDossier:
            fail(faulty, FAULTY_DOSSIER)
    return tell(read, day or read.as_of or datetime.date.today())
