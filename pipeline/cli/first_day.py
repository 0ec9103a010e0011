"""`vanthu init` and `vanthu year`: the first day of an office, and of each of its years."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Message
    from pipeline.years.answers import Answers, Member

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(help=mark("Make the working folder of an office: asks for its name, its members, who signs."))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "told", type=_FILE, help=mark("Take the answers from this file (docs/first-day.vi.md)."))
@click.option(
    "--units", "listed", type=_FILE, help=mark("Take the members from this list: .xlsx, .csv, .docx or .txt.")
)
@click.option("--year-from", "old", type=_FILE, help=mark("Begin with the year after the one in this year's file."))
@click.option("--example", "is_example", is_flag=True, help=mark("Take the example year, to try the program."))
def init(folder: Path, told: Path | None, listed: Path | None, old: Path | None, *, is_example: bool) -> None:
    """Make a working folder from nothing."""
    from pipeline.app import first_day

    open_ends: Sequence[Message] = ()
    is_nobody_there = not (is_example or told or old or sys.stdin.isatty())
    if listed and (is_example or is_nobody_there or old):
        raise click.UsageError(tr("--units goes with --from, or with the questions at a terminal."))
    if is_example or is_nobody_there:
        first_day.make_example(folder)
    elif old is not None:
        open_ends = first_day.make_office_after(folder, old)
    else:
        members = first_day.units_in(listed) if listed else ()
        answers = first_day.read_answers(told, members) if told else _asked(members)
        open_ends = first_day.make_office(folder, answers)
    showing.tell(tr("The working folder {folder} is ready.", folder=str(folder)))
    if is_nobody_there:
        # scripts that try the program make folders so; an office must not mistake it for its own
        showing.tell(
            tr(
                "Nobody was there to be asked, so it holds the example year, which is invented. For an office: "
                "--from FILE."
            )
        )
    _tell(open_ends)
    showing.tell(
        tr("Look through config.yaml and years/, then: vanthu -C {folder} run", folder=str(folder)),
    )


def _tell(open_ends: "Sequence[Message]") -> None:
    if open_ends:
        showing.tell(tr("Still to be entered or looked at in years/:"))
    for one in open_ends:
        showing.tell(f"  • {messages.shown(one)}")


def _asked(listed: "tuple[Member, ...]") -> "Answers":
    """Ask for everything, with what follows from the answers so far as proposals."""
    from pipeline import vietnamese
    from pipeline.years.answers import Answers, symbol_of

    def ask(text: str, default: str = "") -> str:
        return vietnamese.clean(click.prompt(text, default=default, show_default=bool(default), err=True))

    def need(text: str) -> str:
        while not (typed := ask(text)):
            showing.tell(tr("This cannot be left out."))
        return typed

    is_party = showing.agreed(
        tr("Do its documents have the form of the Party (else of the State, NĐ 30)?"), default=True
    )
    year = click.prompt(tr("Year of emulation"), type=int, default=dt.date.today().year, err=True)
    name = need(tr("Name, as in documents (Cụm thi đua số 7)"))
    parent = need(tr("Superior organisation (Văn phòng Thành ủy)"))
    place = need(tr("Place (Thành phố Hồ Chí Minh)"))
    symbol = ask(tr("Symbol in numbers"), symbol_of(name))
    head = ask(tr("Title of who leads"), f"{name.partition(' ')[0]} trưởng")
    term = _asked_day(tr("First day of the committee's term (14/10/2025; empty: later)")) if is_party else None
    theme = ask(tr("Theme of the year (empty: none)"))
    decision = ask(tr("The act that founded it, as it is cited (empty: later)"))
    return Answers(
        is_party=is_party,
        year=year,
        name=name,
        parent=parent,
        place=place,
        symbol=symbol,
        head_title=head,
        term_from=term,
        theme=theme,
        decision=decision,
        members=listed or _asked_members(),
        contents=_asked_contents(),
    )


def _asked_day(text: str) -> dt.date | None:
    from pipeline import vietnamese

    while True:
        typed = click.prompt(text, default="", show_default=False, err=True)
        day = vietnamese.parse_date(typed)
        if day is not None or not typed.strip():
            return day
        showing.tell(tr("“{typed}” is no day.", typed=typed))


def _asked_members() -> "tuple[Member, ...]":
    from pipeline.years.answers import member_of

    showing.tell(
        tr(
            "The members, one a line: name; who signs; position; code. The lead first, its deputy second. Pasting "
            "from a sheet is fine. An empty line ends the list."
        )
    )
    members = [member_of(line) for line in _lines()]
    while len(members) < 2:
        showing.tell(tr("At least two members are needed."))
        members += [member_of(line) for line in _lines()]
    return tuple(members)


def _asked_contents() -> tuple[tuple[str, str], ...]:
    from pipeline.years.answers import content_of

    showing.tell(
        tr(
            "The contents of emulation, one a line: title; weight. Weights may be left out. An empty line ends the "
            "list."
        )
    )
    return tuple(content_of(line) for line in _lines())


def _lines() -> "Iterator[str]":
    while line := click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True).strip():
        yield line


@click.group(help=mark("The years of this office."))
def year() -> None:
    """Group the commands about years."""


@year.command(help=mark("Write the facts of a year after the one before: members go on, days are moved."))
@click.argument("number", metavar="YEAR", type=click.IntRange(2000, 2200))
@click.option("--theme", help=mark("The theme of that year."))
@click.option("--head", help=mark("The code of the unit that leads then."))
@click.option("--deputy", help=mark("The code of the unit that is its deputy then."))
@click.pass_obj
def new(session: Session, number: int, theme: str | None, head: str | None, deputy: str | None) -> None:
    """Write years/<number>.yaml."""
    from pipeline.app import first_day
    from pipeline.years.following import Changes

    if sys.stdin.isatty():
        theme = theme if theme is not None else _answer(tr("Theme of the year (empty: none)"))
        head = head if head is not None else _answer(tr("Code of the unit that leads (empty: as before)"))
        deputy = deputy if deputy is not None else _answer(tr("Code of its deputy (empty: as before)"))
    changes = Changes(theme or "", (head or "").upper(), (deputy or "").upper())
    path, told = first_day.next_year(session.settings, number, changes)
    showing.tell(tr("Written: {file}.", file=str(path)))
    _tell(told)
    showing.tell(tr("When that year begins, put “year: {year}” into config.yaml.", year=number))


def _answer(text: str) -> str:
    return str(click.prompt(text, default="", show_default=False, err=True)).strip()


COMMANDS = (init, year)
