"""The command that turns experts' paired comparisons into weights: weigh."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import click

import kb
from commands.common import (
    FAULTY_DOSSIER,
    as_day,
    fail,
    format_option,
    kb_option,
    knowledge_of,
    lang_option,
    print_json,
    standard_input,
)

_USAGE = 2


@click.command()
@click.argument("comparisons", metavar="FILE")
@click.option("--out", metavar="FILE", help="Write the proposal as YAML to copy from; never over an existing file.")
@click.option("--force", is_flag=True, help="With --out: replace a file that is there.")
@click.option("--as-of", "as_of", metavar="YYYY-MM-DD", help="Day the proposal carries (default: today).")
@kb_option
@lang_option
@format_option("text", "json")
def weigh(
    comparisons: str, out: str | None, force: bool, as_of: str | None, folder: str | None, lang: str, form: str
) -> None:
    """Weights of factors from several experts' paired comparisons (AHP); '-' reads them from standard input.

    Each expert says for every pair of items which matters more, and how many times, 1 to 9 or 1/2 to 1/9. The answer
    has each expert's consistency, the group's weights, and whole weights beside those of the rule base. Needs numpy:
    pip install 'mitra-binaan[weigh]'.

    \b
    Judgement:  {more: ITEM, than: OTHER, by: 3}
    Example:    mitra weigh samples/weights/ahli_internal.yaml --out usulan.yaml
    """
    from engine.proposal import propose
    from engine.say.weigh import proposal_yaml, weigh_json, weigh_text
    from engine.weigh import NumpyMissing
    from kb.compare import read_comparisons, read_comparisons_bytes

    if force and out is None:
        raise click.UsageError("--force only goes with --out FILE.")
    day = (as_day(as_of) or datetime.date.today()).isoformat()
    factors = knowledge_of(folder).factors
    try:
        if comparisons == "-":
            read = read_comparisons_bytes(standard_input(), "<stdin>", factors)
        else:
            read = read_comparisons(Path(comparisons), comparisons, factors)
    except kb.FaultyDossier as faulty:
        fail(faulty, FAULTY_DOSSIER)
    try:
        told = propose(read, factors)
    except NumpyMissing as fault:
        click.echo(str(fault), err=True)
        sys.exit(_USAGE)
    if out is not None:
        _write(out, proposal_yaml(told, read, day, lang), force, comparisons)
    if form == "json":
        print_json(weigh_json(told, read, day, lang))
    else:
        click.echo(weigh_text(told, read, factors, day, lang), nl=False)
    if out is not None:
        # Beside JSON the answer must stay readable by a program.
        click.echo(f"Wrote {out}. Copy from it into the factors' files, then: mitra check", err=form == "json")


def _write(out: str, text: str, force: bool, read: str) -> None:
    """Write the whole file or nothing: beside its place first, then moved there in one step.

    Without `force` the name is claimed by an empty file, so that no file that is there is ever replaced.
    """
    target = Path(os.path.realpath(out)) if "\0" not in out else Path(out)
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    claimed = False
    try:
        if os.path.lexists(out):
            if not target.is_file():
                raise click.UsageError(f"'{out}' is there already and is not a plain file.")
            if read != "-" and os.path.samefile(out, read):
                raise click.UsageError(f"'{out}' is the file that was read; name another.")
            if not force:
                raise click.UsageError(f"'{out}' is there already; --force replaces it.")
        else:
            with open(target, "x", encoding="utf-8"):
                claimed = True
        with open(beside, "x", encoding="utf-8") as stream:
            stream.write(text)
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except (OSError, ValueError) as fault:
        for left in (beside, *([target] if claimed else ())):
            with suppress(OSError, ValueError):
                left.unlink()
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        raise click.UsageError(f"'{out}' cannot be written: {reason}.") from None
