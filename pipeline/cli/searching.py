"""`vanthu search`: documents by their words."""

import click

from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr


@click.command(
    help=mark(
        "Find documents by words: number, title, unit, signer, the form, and what was read on the scan. Accents and "
        "case do not matter; words in quotes stand together."
    )
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@showing.json_option
@click.pass_obj
def search(session: Session, words: tuple[str, ...], *, as_json: bool) -> None:
    """List the documents that hold all of these words."""
    from pipeline.status import searching

    with session.workspace() as workspace:
        found = searching.search(workspace, words)
    if as_json:
        showing.emit_json(
            [
                {"job": facts.job_facts(one.job), "title": one.title, "sources": one.sources, "line": one.line}
                for one in found
            ]
        )
        return
    if not found:
        showing.tell(tr("No document with these words is found."))
        return
    showing.emit_table(
        ("#", tr("number"), tr("document"), tr("state"), tr("found in")),
        [
            (
                str(one.job.id),
                one.job.number or "–",
                one.title,
                wording.state_of(one.job),
                "\n".join([", ".join(map(_source, one.sources)), *([f"“{one.line}”"] if one.line else [])]),
            )
            for one in found
        ],
    )


def _source(source: str) -> str:
    return {"register": tr("the register"), "form": tr("the form"), "scan": tr("the scan")}[source]


COMMANDS = (search,)
