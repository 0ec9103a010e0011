"""The first day of an office, and of each of its years: a working folder with its own facts and nobody else's."""

import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pipeline import naming, vietnamese, years
from pipeline.app.opening import Settings, make_working_folder, set_to
from pipeline.errors import NotAllowedNow, UnknownThing, YearError
from pipeline.files import write_durably
from pipeline.messages import tr
from pipeline.model import JsonObject, Message
from pipeline.strict_yaml import declared
from pipeline.years import answers, beginning, following, writing
from pipeline.years.answers import Answers, Member
from pipeline.years.following import Changes, Following

#: Headings of a list of units (without accents) -> what stands below.
_HEADINGS: Final = {
    "don vi": "name",
    "ten don vi": "name",
    "ten": "name",
    "co quan": "org",
    "to chuc": "org",
    "to chuc ky": "org",
    "co quan ky": "org",
    "ma": "code",
    "ma don vi": "code",
    "ky hieu": "code",
    "nguoi ky": "signer",
    "ho ten": "signer",
    "ho va ten": "signer",
    "ho ten nguoi ky": "signer",
    "thu truong": "signer",
    "chuc vu": "position",
    "chuc danh": "position",
    "email": "mail",
    "thu dien tu": "mail",
    "stt": "",
    "tt": "",
    "so tt": "",
}


def make_office(folder: Path, told: Answers) -> tuple[Message, ...]:
    """Make a working folder for an office as it told of itself; gives what it has still to tell.

    Raises UnsafeSetupError when the folder is not empty.
    """
    _made(folder, beginning.first_table(told), is_party=told.is_party)
    return tuple(beginning.missing(told))


def make_office_after(folder: Path, old: Path, year: int) -> tuple[Message, ...]:
    """Make a working folder whose first year follows the one in the file `old` (0: the next); gives what to look at.

    Raises UnsafeSetupError when the folder is not empty, YearError when the file cannot be used.
    """
    found = _following(old, year, Changes())
    _made(folder, found.table, is_party=True)
    return found.told


def next_year(settings: Settings, year: int, changes: Changes) -> tuple[Path, tuple[Message, ...]]:
    """Write the file of a year after the newest one there is; gives it, and what to look at.

    Raises NotAllowedNow when there is one of that year already, UnknownThing for a code of no unit, YearError.
    """
    there = sorted(path for path in settings.folders.years.glob("*.yaml") if path.stem.isdigit())
    before = [path for path in there if int(path.stem) < year]
    target = settings.folders.years / f"{year}.yaml"
    if target in there:
        raise NotAllowedNow(tr("{file} is there already; it is not written over.", file=str(target)))
    if not before:
        raise UnknownThing(tr("There is no year before {year} in {folder}.", year=year, folder=str(target.parent)))
    found = _following(before[-1], year, changes)
    codes = [str(unit["code"]) for unit in found.table["units"]]  # type: ignore[union-attr,index,call-overload]
    for code in filter(None, (changes.head, changes.deputy)):
        if code not in codes:
            raise UnknownThing(tr("There is no unit {code}; known: {known}.", code=code, known=", ".join(codes)))
    write_durably(target, writing.written(found.table).encode())
    return target, found.told


def _following(old: Path, year: int, changes: Changes) -> Following:
    before = years.load(old)
    table = declared.parse(old.read_bytes(), str(old)).table
    return following.next_table(table, year or before.year + 1, changes)


def _made(folder: Path, table: JsonObject, *, is_party: bool) -> None:
    make_working_folder(folder)
    year = table["year"]
    # the example's facts, and the examples by which its kinds are tested, are nobody else's
    shutil.rmtree(folder / "years")
    for kind in (folder / "templates").iterdir():
        shutil.rmtree(kind / "examples", ignore_errors=True)
    (folder / "years").mkdir()
    write_durably(folder / "years" / f"{year}.yaml", writing.written(table).encode())
    set_to(folder, int(str(year)), "auto" if is_party else "nd30")
    for unit in table["units"]:  # type: ignore[union-attr]
        for place in ("inbox", "outbox"):
            (folder / place / naming.unit_folder(str(unit["code"]))).mkdir()  # type: ignore[index,call-overload]


def read_answers(path: Path) -> Answers:
    """Read a file of answers; its `units` may be another file beside it. Raises YearError."""
    try:
        return answers.read(path.read_bytes(), str(path))
    except OSError as error:
        raise YearError(tr("{file} cannot be read: {why}.", file=str(path), why=error.strerror or "")) from error


def units_in(path: Path) -> tuple[Member, ...]:
    """Read a list of units from .xlsx, .csv or a text with a unit a line; columns by their headings, else in order.

    The order without headings: name, who signs, position, code. Raises YearError.
    """
    try:
        rows = list(_rows(path))
    except (OSError, ValueError, KeyError, InvalidFileException) as error:
        raise YearError(tr("{file} cannot be read: {why}.", file=str(path), why=str(error))) from error
    rows = [row for row in rows if any(row)]
    for at, row in enumerate(rows):
        heads = [_HEADINGS.get(vietnamese.search_key(cell)) for cell in row]
        if "name" in heads and sum(head is not None for head in heads) > 1:
            return tuple(member for one in rows[at + 1 :] if (member := _by_headings(heads, one)).name)
    numbered = all(row[0].isdigit() for row in rows)
    return tuple(answers.member_of(row[1:] if numbered else row) for row in rows)


def _by_headings(heads: Sequence[str | None], row: Sequence[str]) -> Member:
    told = {head: cell for head, cell in zip(heads, row, strict=False) if head and cell}
    return replace(Member(""), **told)


def _rows(path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() == ".xlsx":
        workbook = load_workbook(path, read_only=True, data_only=True)
        for values in workbook.active.iter_rows(values_only=True):  # type: ignore[union-attr]
            yield [vietnamese.clean(str(value)) if value is not None else "" for value in values]
        workbook.close()
        return
    text = path.read_text("utf-8-sig")
    parted = csv.Sniffer().sniff(text, ";,\t|") if path.suffix.lower() == ".csv" else None
    for row in csv.reader(io.StringIO(text), parted) if parted else map(answers.columns_of, text.splitlines()):
        yield [vietnamese.clean(cell) for cell in row]
