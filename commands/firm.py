"""Commands about one firm or one table: assess, why, matrix."""

from __future__ import annotations

from pathlib import Path

import click

import kb
from commands.common import (
    FAULTY_DOSSIER,
    NO,
    day_option,
    decide,
    executor_option,
    fail,
    format_option,
    kb_option,
    knowledge_of,
    lang_option,
    print_json,
    standard_input,
)


@click.command()
@click.argument("dossier", metavar="DOSSIER")
@click.option("--partner", metavar="FILE", help="Partner file, instead of the one the dossier names.")
@kb_option
@day_option
@lang_option
@format_option("text", "json", "markdown")
@executor_option
def assess(
    dossier: str, partner: str | None, folder: str | None, as_of: str | None, lang: str, form: str, executor: str | None
) -> None:
    """Class, recommended pattern and the reasons for one firm; '-' reads the dossier from standard input.

    \b
    Example:  mitra assess samples/genteng_kebumen.yaml --lang en
    """
    decision = decide(dossier, partner, folder, as_of, executor)
    if form == "json":
        from engine.say.json import decision_json

        print_json(decision_json(decision, lang))
        return
    from engine.say.markdown import report_markdown
    from engine.say.report import report
    from engine.say.text import report_text

    told = report(decision, lang)
    click.echo(report_text(told) if form == "text" else report_markdown(told), nl=False)


@click.command()
@click.argument("dossier", metavar="DOSSIER")
@click.argument("conclusion", metavar="CONCLUSION")
@click.option("--partner", metavar="FILE", help="Partner file, instead of the one the dossier names.")
@kb_option
@day_option
@lang_option
@format_option("text", "json", "markdown")
@executor_option
def why(
    dossier: str,
    conclusion: str,
    partner: str | None,
    folder: str | None,
    as_of: str | None,
    lang: str,
    form: str,
    executor: str | None,
) -> None:
    """Why a conclusion holds, down to facts, thresholds and articles. Exit 1 when it does not hold.

    CONCLUSION is a class, pattern, principle of a pattern (subkontrak.saling_mempercayai), finding, eligibility term
    (or term=value), action, strategy, caution or fact.

    \b
    Example:  mitra why samples/genteng_kebumen.yaml subkontrak
    """
    from engine.explain.why import UnknownConclusion
    from engine.explain.why import why as derive_why
    from engine.say.derivation import derivation_lines
    from engine.say.json import derivation_json
    from engine.say.markdown import tree_markdown
    from engine.say.text import tree_text

    decision = decide(dossier, partner, folder, as_of, executor)
    try:
        derivation = derive_why(decision, conclusion)
    except UnknownConclusion as fault:
        raise click.UsageError(str(fault)) from None
    if form == "json":
        print_json(derivation_json(derivation, decision))
    else:
        lines = derivation_lines(derivation, decision, lang)
        click.echo(tree_text(lines) if form == "text" else tree_markdown(lines), nl=False)
    if derivation.holds is not True:
        click.get_current_context().exit(NO)


@click.command()
@click.argument("table", metavar="FILE")
@click.option("--normalise", is_flag=True, help="Rescale the weights of each axis to sum to 1.")
@click.option(
    "--ratings",
    type=click.Choice(["reversed", "magnitude"]),
    default="reversed",
    show_default=True,
    help="How weaknesses and threats are rated: 1 for the gravest, or 4 for the gravest.",
)
@kb_option
@lang_option
@format_option("text", "json")
def matrix(table: str, normalise: bool, ratings: str, folder: str | None, lang: str, form: str) -> None:
    """Sums, class and arithmetic slips of an experts' own SWOT table (YAML or CSV).

    \b
    Columns:  side,text,weight,rating[,score]
    Example:  mitra matrix samples/matrices/laundry_kel1.yaml --ratings magnitude
    """
    from engine.matrix import weigh
    from engine.say.matrix import matrix_json, matrix_text
    from kb.matrix import read_matrix, read_matrix_bytes

    knowledge = knowledge_of(folder)
    try:
        read = read_matrix_bytes(standard_input(), "<stdin>") if table == "-" else read_matrix(Path(table), table)
    except kb.FaultyDossier as faulty:
        fail(faulty, FAULTY_DOSSIER)
    result = weigh(read, knowledge.table, normalise, ratings)
    if form == "json":
        print_json(matrix_json(result, read, lang))
    else:
        click.echo(matrix_text(result, read, lang), nl=False)
