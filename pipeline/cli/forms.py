"""`vanthu forms`: the form of a kind, blank or with the facts of the year, for people to fill in."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import showing
from pipeline.cli.session import Session, now
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.app.blank_forms import Pair, Written

#: Some forms were there already, changed by somebody, and were not overwritten.
NOT_ALL = 3


class Formats(click.ParamType[tuple[str, ...]]):
    """Formats with commas between them."""

    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Read the formats, or say which there are."""
        from pipeline.blank_forms.formats import FORMATS

        # as people write extensions: “.XLSX, pdf”
        wanted = tuple(word.strip().lower().lstrip(".") for word in str(value).split(",") if word.strip())
        for word in wanted:
            if word not in FORMATS:
                known = ", ".join(FORMATS)
                said = tr("“{word}” is not a format; the formats are {known}.", word=word, known=known)
                self.fail(said, param, ctx)
        return tuple(dict.fromkeys(wanted))


@click.command(
    help=mark("Make the form of a kind, with the facts of the year filled in."),
    epilog=mark("The forms lie in outbox/<UNIT>/bieu-mau, those of the cluster and for any unit in outbox/bieu-mau."),
)
@click.argument("kind")
@click.option("--unit", "unit", default="", help=mark("For one unit: its code or a name of it."))
@click.option("--all", "is_all", is_flag=True, help=mark("One for every member unit."))
@click.option(
    "--format",
    "formats",
    type=Formats(),
    default="",
    help=mark("xlsx, docx, pdf, yaml, json; by default the first three."),
)
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help=mark("Another folder to put them into.")
)
@click.option("--blank", "is_blank", is_flag=True, help=mark("Fill nothing in."))
@click.option("--replace", is_flag=True, help=mark("Overwrite also forms that somebody has changed."))
@showing.json_option
@click.pass_obj
def forms(
    session: Session,
    /,
    kind: str,
    unit: str,
    formats: tuple[str, ...],
    folder: Path | None,
    *,
    as_json: bool,
    **flags: bool,
) -> int:
    """Write the forms; exit code 3 when one that somebody has changed was left as it is."""
    from pipeline.app.blank_forms import Order, write_forms

    order = Order(kind, unit, flags["is_all"], formats, folder, flags["is_blank"], flags["replace"])
    made = write_forms(session.settings, order, now().astimezone().date(), _bar)
    if as_json:
        showing.emit_json(made)
    else:
        _show(made)
    # a form left alone is no error, but whoever gave the order must notice
    return NOT_ALL if any(one.outcome == "kept" for one in made) else 0


def _bar(pairs: "Sequence[Pair]", count: int) -> "Iterable[Pair]":
    return showing.progress(pairs, count, tr("Forms"))


def _show(made: "Sequence[Written]") -> None:
    outcomes = {
        "written": tr("written"),
        "unchanged": tr("unchanged"),
        "kept": tr("left alone: somebody has changed it"),
    }
    heads = (tr("unit"), tr("format"), tr("form"), tr("what was done"))
    showing.emit_table(heads, [(one.unit or "–", one.format, str(one.path), outcomes[one.outcome]) for one in made])
    if any(one.outcome == "kept" for one in made):
        showing.tell(tr("--replace overwrites the forms that were changed."))


COMMANDS = (forms,)
