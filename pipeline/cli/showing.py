"""Output: results go to stdout (a table for people, JSON for machines), everything else to stderr."""

import contextlib
import dataclasses
import datetime as dt
import enum
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline import messages
from pipeline.app import wording
from pipeline.errors import IntegrityError
from pipeline.messages import tr
from pipeline.model import Address, Finding, Message, Severity
from pipeline.vietnamese import search_key

if TYPE_CHECKING:
    from pipeline.status.reasons import Told

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

#: What people type for yes and for no, without accents.
_YES = frozenset({"c", "co", "y", "yes", "dong y", "dung"})
_NO = frozenset({"k", "ko", "khong", "n", "no"})


def json_option(command: F) -> F:
    """Add --json to a command that prints facts."""
    decorate: Callable[[F], F] = click.option(
        "--json", "as_json", is_flag=True, help=messages.mark("Print JSON for machines.")
    )
    return decorate(command)


#: Of more rows nobody sees a table at once.
_MOST_FOLDED = 300
#: What may stand for a document on the command line; the last line of the help of such commands.
DOCUMENTS = messages.mark("DOC: the id (12), the code (VT…), the number, or the name of a file that was dropped.")


def document_argument(command: F) -> F:
    """Add the argument that names a document (`DOCUMENTS` says how)."""
    decorate: Callable[[F], F] = click.argument("document", metavar="DOC")
    return decorate(command)


def emit_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # a Message is shown in the language in use: machines get the sentence people get
        if isinstance(value, Message):
            return messages.shown(value)
        # not `asdict`, which would go into messages and enums below before this function sees them
        return {field.name: _spelled(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be shown as JSON")


def _spelled(value: object) -> object:
    """An address as its pointer: it is a tuple, which `json` would write as a list without asking."""
    return str(value) if isinstance(value, Address) else value


def emit_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """Print a table that fits the terminal; without a terminal nothing is cut.

    Of more than `_MOST_FOLDED` rows none is folded: fitting thousands to a terminal takes longer than all the rest.
    """
    listed = list(rows)
    if len(listed) > _MOST_FOLDED:
        _emit_long(heads, listed, title)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # 200 columns for a pipe: rich assumes 80 there, and would fold hashes and paths that a program looks for
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, soft_wrap=False)
    table = Table(title=title or None, box=SIMPLE_HEAD, pad_edge=False, title_justify="left", header_style="bold")
    for head in heads:
        # folded, never cut: an id with dots at its end cannot be used
        table.add_column(head, overflow="fold")
    for row in listed:
        # what people typed is text, never markup
        table.add_row(*(Text(cell) for cell in row))
    with console.capture() as printed:
        console.print(table)
    # the blanks that fill a table up are of no use to whoever copies it or reads it by a program
    lines = [re.sub(r" +(?=(\x1b\[0m)?$)", "", line) for line in printed.get().splitlines()]
    click.echo("\n".join(lines).strip("\n") + "\n")


def _emit_long(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in (heads, *rows))
    click.echo("\n".join([*([title] if title else []), *lines]))


def emit_discrepancies(found: Sequence[Finding], *, clean: str, as_json: bool) -> int:
    """Print what does not agree, or that all does; gives the exit code: an integrity error's for what blocks."""
    # warnings and information (a file taken from the outbox) must not wake the operator at night
    is_wrong = any(one.severity is Severity.BLOCK for one in found)
    if as_json:
        emit_json({"is_clean": not is_wrong, "discrepancies": found})
    elif found:
        heads = (tr("code"), tr("weight"), tr("what is found"))
        emit_table(heads, [(one.code, wording.weight_of(one.severity), messages.shown(one.message)) for one in found])
    if not as_json and not is_wrong:
        click.echo(clean)
    return IntegrityError.exit_code if is_wrong else 0


def progress(things: Iterable[T], count: int, what: str) -> Iterable[T]:
    """Show a bar on stderr while `things` are gone through, when somebody is watching."""
    # in a log or a pipe a bar is noise
    if not sys.stderr.isatty() or count < 2:
        yield from things
        return
    with click.progressbar(things, length=count, label=what, file=sys.stderr) as bar:
        yield from bar


@contextlib.contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr for as long as the block lasts, when somebody is watching; told how many of how many."""
    if not sys.stderr.isatty():
        yield lambda _done, _known: None
        return
    with click.progressbar(length=1, label=what, file=sys.stderr) as bar:

        def tell_bar(done: int, known: int) -> None:
            bar.length = known
            bar.update(done - bar.pos)

        yield tell_bar


def tell_passing(text: str) -> None:
    """Tell somebody who is watching what goes on now, on a line of stderr that the next one takes."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text} …" if text else "\r\x1b[K", nl=False, err=True)


def tell(text: str) -> None:
    """Tell a person something on stderr, where it does not get into a result."""
    click.echo(text, err=True)


def agreed(question: str, *, default: bool = False) -> bool:
    """Ask what is answered by yes or no, in Vietnamese or English; nothing typed is `default`. Raises click.Abort."""
    hint = tr("Y/n") if default else tr("y/N")
    while True:
        typed = click.prompt(f"{question} [{hint}]", default="", show_default=False, err=True)
        word = search_key(typed)
        if word in _YES or word in _NO:
            return word in _YES
        if not word:
            return default
        tell(tr("Answer yes or no, please."))


def tell_unwritten(files: Iterable[Path]) -> None:
    """Tell which views in the outbox could not be written; the work itself is not touched by that."""
    for file in sorted(files):
        tell(
            tr(
                "{file} could not be written (is it open somewhere?); it is written at the next change.",
                file=str(file),
            )
        )


def emit_jobs(told: "Sequence[Told]") -> None:
    """Print jobs as a table."""
    heads = ("#", tr("unit"), tr("document"), tr("file"), tr("state"), tr("why"))
    rows = [
        (
            str(one.job.id),
            one.job.unit or "–",
            one.title or "–",
            one.job.name,
            wording.state_of(one.job),
            # a document that has its number needs no reason; that of others may be a whole paragraph
            one.job.number or _cut(messages.shown(one.why)),
        )
        for one in told
    ]
    emit_table(heads, rows)


def _cut(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
