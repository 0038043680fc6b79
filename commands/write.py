"""Commands that begin a new file: new dossier, factor, pattern, action, case."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click
from click.core import ParameterSource

import kb
from commands.common import FAULTY_RULES, fail, kb_option, knowledge_of, lang_option
from kb.condition import RESERVED
from kb.model import Factor
from kb.problem import Mark, did_you_mean
from kb.text import NO_TEXT
from kb.vocabulary import Fact

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@click.group()
def new() -> None:
    """Begin a new file: a blank dossier, or a factor, pattern, action or case in a rule base of yours."""


@new.command("dossier")
@kb_option
@lang_option
@click.option("--out", metavar="FILE", help="Write here instead of printing; never over an existing file.")
def new_dossier(folder: str | None, lang: str, out: str | None) -> None:
    """A blank dossier with every question as a comment.

    \b
    Example:  mitra new dossier --out firm.yaml
    """
    from engine.say.form import blank_dossier

    text = blank_dossier(knowledge_of(folder), lang, datetime.date.today().isoformat())
    if out is None:
        click.echo(text, nl=False)
        return
    _write({out: text})
    click.echo(f"Wrote {out}. Fill it in, then: mitra assess {out}")


@new.command("factor")
@click.argument("name")
@click.option(
    "--axis", type=click.Choice(["internal", "external"]), required=True, help="The firm, or what is around it."
)
@click.option("--fact", "reads", metavar="ID", help="A fact to read (default: a new fact of the factor's name).")
@kb_option
@lang_option
def new_factor(name: str, axis: str, reads: str | None, folder: str | None, lang: str) -> None:
    """A factor with a finding on each side, in swot/AXIS/NAME.yaml, and the fact it reads, in vocabulary/NAME.yaml.

    With --fact the factor reads a fact that is there, and no fact is written.

    \b
    Example:  mitra new factor perawatan_mesin --axis internal --kb my-rules
              mitra new factor umur_mesin --axis internal --fact tahun_mesin --kb my-rules
    """
    from engine.say.scaffold import fact_file, factor_file, new_level

    base, knowledge = _own_base(folder)
    letters = ("S", "W") if axis == "internal" else ("O", "T")
    _free(name, {n: f.mark for n, f in knowledge.factors.items()}, "factor")
    for letter in letters:
        _free(f"{letter}-{name}", _names(knowledge), "finding", shape=False)
    files: dict[Path, str] = {}
    if reads is None:
        if name in knowledge.facts:
            raise click.UsageError(
                f"'{name}' is a fact already: write --fact {name} to read it, or choose another name."
            )
        _free(name, _names(knowledge), "fact")
        fact = Fact(name, NO_TEXT, new_level(name), Mark(""), better="higher")
        files[base / "vocabulary" / f"{name}.yaml"] = fact_file(name, axis, lang)
    else:
        fact = _readable(reads, axis, knowledge)
    files[base / "swot" / axis / f"{name}.yaml"] = factor_file(name, axis, fact, _source(knowledge), lang)
    _add(files, base, f"mitra show {name} --kb {folder}")


@new.command("pattern")
@click.argument("name")
@click.option("--fact", "reads", metavar="ID", help="A yes-or-no fact that the pattern requires.")
@kb_option
@lang_option
def new_pattern(name: str, reads: str | None, folder: str | None, lang: str) -> None:
    """A pattern in patterns/NAME.yaml, ranked behind all others until you have weighed it.

    \b
    Example:  mitra new pattern sewa_alat --kb my-rules
    """
    from engine.say.skeletons import linkage, pattern_file

    base, knowledge = _own_base(folder)
    _free(name, _names(knowledge), "pattern")
    if reads is not None and reads not in knowledge.facts:
        raise click.UsageError(f"'{reads}' is not a fact. {did_you_mean(reads, knowledge.facts)}".rstrip())
    fact = reads or linkage(knowledge)
    if fact is None or knowledge.facts[fact].domain.type != "boolean" or knowledge.facts[fact].protected:
        raise click.UsageError("A pattern begins with a yes-or-no fact that it requires; name one with --fact.")
    text = pattern_file(name, fact, _source(knowledge), lang)
    _add({base / "patterns" / f"{name}.yaml": text}, base, f"mitra show {name} --kb {folder}")


@new.command("action")
@click.argument("name")
@kb_option
@lang_option
def new_action(name: str, folder: str | None, lang: str) -> None:
    """An action in programme/NAME.yaml. A weakness or threat names it under answered_by.

    \b
    Example:  mitra new action perawatan_mesin_berkala --kb my-rules
    """
    from engine.say.scaffold import action_file

    base, knowledge = _own_base(folder)
    _free(name, _names(knowledge), "action")
    text = action_file(name, _source(knowledge), lang)
    _add({base / "programme" / f"{name}.yaml": text}, base, f"mitra check {folder}")


@new.command("case")
@click.argument("name")
@kb_option
@lang_option
def new_case(name: str, folder: str | None, lang: str) -> None:
    """A whole case in cases/, of a firm on which a few findings hold, expecting what the rules decide of it now.

    NAME is a sentence: what the case is about. The file takes its words.

    \b
    Example:  mitra new case "Bengkel yang mesinnya sering berhenti" --kb my-rules
    """
    from engine.say.skeletons import case_file

    base, knowledge = _own_base(folder)
    said = " ".join(name.split())
    stem = re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")[:60].strip("_")
    if not stem or not said.isprintable():
        raise click.UsageError("The name of a case says in words what it is about.")
    _free(said, {case.name: case.mark for case in knowledge.cases}, "case", shape=False)
    _add({base / "cases" / f"{stem}.yaml": case_file(said, knowledge, lang)}, base, f"mitra test --kb {folder}")


def _own_base(folder: str | None) -> tuple[Path, kb.Knowledge]:
    """The rule base to write into: never the shipped one, unless the command line itself names it."""
    if not folder:
        raise click.UsageError("Name your rule base with --kb DIR; 'mitra init DIR' makes one.")
    named_here = click.get_current_context().get_parameter_source("folder") is ParameterSource.COMMANDLINE
    if not named_here and Path(folder).resolve() == kb.shipped().resolve():
        raise click.UsageError("MITRA_KB names the shipped rules; name them with --kb if they are meant.")
    return Path(folder), knowledge_of(folder, tests=True)


def _names(knowledge: kb.Knowledge) -> dict[str, Mark]:
    """The names that share one space, with where each stands."""
    kinds: tuple[Mapping[str, object], ...] = (
        knowledge.facts,
        knowledge.eligibility,
        knowledge.findings,
        {one.id: one for one in knowledge.table.classes},
        knowledge.patterns,
        knowledge.principles,
        knowledge.dimensions,
        knowledge.invariants,
        knowledge.actions,
        knowledge.strategies,
        knowledge.cautions,
    )
    return {name: getattr(entry, "mark", Mark("")) for kind in kinds for name, entry in kind.items()}


def _free(name: str, taken: Mapping[str, Mark], what: str, shape: bool = True) -> None:
    if shape and not _IDENTIFIER.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789")
        hint = f" Did you mean '{better}'?" if _IDENTIFIER.fullmatch(better) else ""
        fault = f"'{name}' is not an identifier: small letters, digits and '_', beginning with a letter."
        raise click.UsageError(fault + hint)
    if name in RESERVED:
        raise click.UsageError(f"'{name}' is a word of the rules language; choose another name.")
    if name in taken:
        raise click.UsageError(f"A new {what} cannot be called '{name}': that stands at {taken[name]} already.")


def _readable(name: str, axis: str, knowledge: kb.Knowledge) -> Fact:
    """A fact that a factor of the axis may read and a threshold can be put on."""
    from engine.say.scaffold import TESTABLE

    fact = knowledge.facts.get(name)
    if fact is None:
        base = [known for known, one in knowledge.facts.items() if one.derived is None]
        raise click.UsageError(f"'{name}' is not a fact. {did_you_mean(name, base)}".rstrip())
    if fact.derived is not None:
        operands = " or ".join(fact.operands()) or "its operands"
        raise click.UsageError(f"'{name}' is derived; begin with {operands}, and write '{name}' into the file after.")
    if fact.protected or fact.domain.type not in TESTABLE:
        why = "protected" if fact.protected else f"of type {fact.domain.type}"
        raise click.UsageError(f"'{name}' is {why}: no threshold can be put on it.")
    other = next((f for f in knowledge.factors.values() if f.axis != axis and name in _read_by(f, knowledge)), None)
    if other is not None:
        raise click.UsageError(f"'{name}' feeds the {other.axis} factor '{other.id}': a fact feeds one axis only.")
    return fact


def _read_by(factor: Factor, knowledge: kb.Knowledge) -> set[str]:
    from kb.rules import base_facts_read

    return {fact for finding in factor.findings for fact in base_facts_read(finding.when, knowledge)}


def _source(knowledge: kb.Knowledge) -> str:
    """The source of a first draft: an assumption without end, where there is one."""
    drafts = sorted(
        knowledge.sources.values(),
        key=lambda s: (s.period.end is not None, s.period.start is not None, s.checked != "assumption", s.id),
    )
    if not drafts:
        raise click.UsageError("The rule base has no source that a rule could name; add one to law/ first.")
    return drafts[0].id


def _write(files: Mapping[str, str]) -> None:
    """All of the files or none of them, never over one that is there."""
    done: list[str] = []
    for name, text in files.items():
        try:
            with open(name, "x", encoding="utf-8") as stream:
                done.append(name)
                stream.write(text)
        except OSError as fault:
            for path in done:
                Path(path).unlink()
            there = isinstance(fault, FileExistsError)
            told = "is there already" if there else f"cannot be written: {fault.strerror or fault}"
            raise click.UsageError(f"'{name}' {told}.") from None


def _add(files: Mapping[Path, str], base: Path, then: str) -> None:
    """Write new files of a rule base and see that it still loads; what does not is taken back."""
    for path in files:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
    _write({str(path): text for path, text in files.items()})
    try:
        kb.load(base, str(base))
    except kb.FaultyKnowledge as faulty:
        for path in files:
            path.unlink()
        fail(faulty, FAULTY_RULES)
    click.echo(f"Wrote {' and '.join(str(path) for path in files)}. Replace the sentences, then: {then}")
