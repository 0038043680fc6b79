"""The command that plants slips in the rules: mutate."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click

import kb
from commands.common import NO, format_option, guarded, kb_option, knowledge_of, print_json, rules_folder

if TYPE_CHECKING:
    from engine.say.mutation import Fate

# Below so many mutants another process is not worth its start.
_WORTH_A_PROCESS = 100
# What a process at work holds: the rules as they are and their mutants, made once when it begins.
_held: dict[str, Any] = {}


@click.command()
@kb_option
@format_option("text", "json")
@click.option("--most", type=click.IntRange(1), metavar="N", help="Try N mutants only, drawn at random.")
@click.option("--seed", type=int, default=1995, show_default=True, help="Where the draw begins.")
@click.option("--only", metavar="FILE", help="Only mutants of rules in files whose path ends so.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes at work (default: one a processor).")
@click.option("--least", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit 1 when fewer are killed.")
def mutate(
    folder: str | None, form: str, most: int | None, seed: int, only: str | None, jobs: int | None, least: float | None
) -> None:
    """Plant small slips in the rules, one at a time, and report those that no case and no example notices.

    Thresholds a step lower and higher, operators, tests, sides, weights, ratings, ranks, dates, bars and answers are
    tried. Slips that the loader would refuse, and those proved to change nothing for any firm, are counted apart.

    \b
    Example:  mitra mutate --kb my-rules --most 200
    """
    from engine.say.mutation import mutation_json, mutation_text, share

    knowledge = knowledge_of(folder, tests=True)
    fates = guarded(lambda: _fates(knowledge, rules_folder(folder), most, seed, only, jobs))
    if form == "json":
        print_json(mutation_json(fates))
    else:
        click.echo(mutation_text(fates), nl=False)
    if least is not None and share(fates) < least:
        click.echo(f"Fewer than {least:g} % were killed.", err=True)
        click.get_current_context().exit(NO)


def _fates(
    knowledge: kb.Knowledge, place: tuple[Path, str], most: int | None, seed: int, only: str | None, jobs: int | None
) -> list[Fate]:
    """What became of each mutant chosen, in the order of the rules."""
    from engine.mutants import mutants_of
    from engine.mutate import failing, ground_of
    from engine.say.mutation import Fate

    ground = ground_of(knowledge)
    broken = failing(ground)
    for name, mark in broken:
        click.echo(f"{mark.file}:{mark.line}: FAILED {name}", err=True)
    if broken:
        click.echo("These fail under the rules as they are: mend them first ('mitra test').", err=True)
        sys.exit(NO)
    mutants = list(mutants_of(knowledge))
    numbers = [n for n, one in enumerate(mutants) if only is None or one.mark.file.endswith(only)]
    if not numbers and only is not None:
        raise click.UsageError(f"No rule stands in a file named '{only}'.")
    if most is not None and most < len(numbers):
        numbers = sorted(Random(seed).sample(numbers, most))
    workers = min(jobs or os.cpu_count() or 1, 1 + len(numbers) // _WORTH_A_PROCESS)
    if workers == 1:
        _held.update(ground=ground, mutants=mutants)
        return [Fate(mutants[n], outcome) for n, outcome in _told(map(_judged, numbers), len(numbers))]
    # Dealt round, because neighbours take about as long.
    dealt = [n for first in range(workers) for n in numbers[first::workers]]
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, place) as pool:
        outcomes = dict(_told(pool.map(_judged, dealt, chunksize=20), len(dealt)))
    return [Fate(mutants[n], outcomes[n]) for n in numbers]


def _told(outcomes: Iterator[tuple[int, str]], whole: int) -> Iterator[tuple[int, str]]:
    """The outcomes, with a count on a terminal's standard error as they come."""
    for done, outcome in enumerate(outcomes, 1):
        if sys.stderr is not None and sys.stderr.isatty() and (done % 20 == 0 or done == whole):
            click.echo(f"\r{done} of {whole} mutants", err=True, nl=done == whole)
        yield outcome


def _begin(path: Path, shown: str) -> None:
    from engine.mutants import mutants_of
    from engine.mutate import ground_of

    knowledge = kb.load(path, shown)
    _held.update(ground=ground_of(knowledge), mutants=list(mutants_of(knowledge)))


def _judged(number: int) -> tuple[int, str]:
    from engine.equal import changes_nothing
    from engine.mutate import judge
    from engine.say.mutation import SAME, SURVIVED

    ground, mutant = _held["ground"], _held["mutants"][number]
    outcome = judge(ground, mutant).outcome
    return number, SAME if outcome == SURVIVED and changes_nothing(ground, mutant) else outcome
