"""`vanthu find`: documents by their words, day, unit, signer and kind."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.app.searching import Found, FoundNumber

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.command(
    help=mark(
        "Find documents by words: number, title, people, the document, its form, and what was read on the scan. "
        "Accents and case do not matter; words in quotes stand together; * at the end of a word: what begins so."
    )
)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--kind", default="", help=mark("Only this kind."))
@click.option("--unit", default="", help=mark("Only this unit, by its code."))
@click.option("--signer", default="", help=mark("Only what this person signs; a part of the name will do."))
@click.option("--since", type=_DAY, help=mark("Only documents of this day and later."))
@click.option("--until", type=_DAY, help=mark("Only documents of this day and earlier."))
@click.option("--most", type=click.IntRange(1, 10_000), default=50, help=mark("Show at most so many, the newest."))
@click.option("--rebuild", is_flag=True, help=mark("Make what is searched anew from what is recorded, first."))
@showing.json_option
@click.pass_obj
def find(  # noqa: PLR0913 - one parameter per option
    session: Session,
    words: tuple[str, ...],
    kind: str,
    unit: str,
    signer: str,
    since: dt.datetime | None,
    until: dt.datetime | None,
    *,
    most: int,
    rebuild: bool,
    as_json: bool,
) -> None:
    """List the documents that hold all of these words."""
    from pipeline.app import searching
    from pipeline.ledger.findable import Wanted
    from pipeline.vietnamese.phrases import phrases_of

    phrases, signers = phrases_of(words), phrases_of([signer])
    # words without a letter or a figure name nothing: asked for, they must not find everything
    if bool(words) > bool(phrases) or not (phrases or signers or kind or unit or since or until or rebuild):
        raise click.UsageError(tr("Say what is searched for: words with letters or figures, or an option."))
    days = [one.date() if one else None for one in (since, until)]
    with session.workspace() as workspace:
        if rebuild:
            searching.rebuild(workspace)
        # one more, to know whether there are more
        wanted = Wanted(phrases, kind, unit.upper(), signers, *days)
        found = searching.find(workspace, wanted, most + 1)
        numbers = searching.find_numbers(workspace, wanted, most + 1 - len(found))
    listed, listed_numbers = found[:most], numbers[: max(0, most - len(found))]
    if as_json:
        showing.emit_json(
            [
                *({"job": facts.job_facts(one.job), "title": one.title, "hits": list(one.hits)} for one in listed),
                *(
                    {"job": None, "number": facts.number_facts(one.row), "title": one.row.columns.title}
                    | {"hits": list(one.hits)}
                    for one in listed_numbers
                ),
            ]
        )
    elif not found and not numbers:
        showing.tell(tr("No such document is found."))
    else:
        _show(listed, listed_numbers)
    if len(found) + len(numbers) > most:
        showing.tell(tr("There are more; these are the newest {count}. --most shows more of them.", count=most))


def _show(found: "list[Found]", numbers: "list[FoundNumber]") -> None:
    showing.emit_table(
        ("#", tr("number"), tr("date"), tr("document"), tr("state"), tr("found in")),
        [
            *(
                (
                    str(one.job.id),
                    one.job.number or "–",
                    wording.day(one.job.document_on),
                    one.title,
                    wording.state_of(one.job),
                    "\n".join(wording.hit(hit) for hit in one.hits),
                )
                for one in found
            ),
            # a number of an old book has no job while its paper is not here
            *(
                (
                    "–",
                    one.row.number,
                    wording.day(one.row.columns.document_on),
                    one.row.columns.title,
                    wording.number_status(one.row),
                    "\n".join(wording.hit(hit) for hit in one.hits),
                )
                for one in numbers
            ),
        ],
    )


COMMANDS = (find,)
