"""The first day of an office, and of each of its years: a working folder with its own facts and nobody else's."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline import messages, naming, reading, vietnamese, years
from pipeline.app.new_folder import make_working_folder, set_to
from pipeline.app.settings import Settings, find_root, read_settings
from pipeline.errors import ConfigError, NotAllowedNow, UnknownThing, UnsafeSetupError, YearError
from pipeline.files import write_durably
from pipeline.messages import VIETNAMESE, say, tr
from pipeline.model import JsonObject, Message, Severity
from pipeline.steps import secrecy
from pipeline.strict_yaml import declared
from pipeline.tools.guard import Guard
from pipeline.years import answers, beginning, following, writing
from pipeline.years.answers import Answers, Member
from pipeline.years.following import Changes, Following

#: Official forms as config.yaml names them: the Party's by the date of a document, and the State's.
AUTO: Final = "auto"
STATE: Final = "nd30"
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


def make_example(folder: Path) -> None:
    """Make a working folder with the example year, to try the program. Raises UnsafeSetupError if it is not empty."""
    make_working_folder(folder)
    for year in years.load_all(folder / "years")[0].values():
        _make_unit_folders(folder, [unit.code for unit in year.units])


def make_office(folder: Path, told: Answers) -> tuple[Message, ...]:
    """Make a working folder for an office as it told of itself; gives what it has still to tell.

    Raises UnsafeSetupError when the folder is not empty, YearError when no year can be made of what was told.
    """
    _make(folder, beginning.first_table(told), AUTO if told.is_party else STATE)
    return tuple(beginning.missing(told))


def make_office_after(folder: Path, old: Path) -> tuple[Message, ...]:
    """Make a working folder whose first year follows the one in the file `old`; gives what to look at.

    Raises UnsafeSetupError when the folder is not empty, YearError when the file cannot be used.
    """
    found = _following(old, 0, Changes())
    profile = _form_beside(old)
    _make(folder, found.table, profile or AUTO)
    if profile:
        return found.told
    form = say(
        "the official form: it follows the date of each document, as the Party's; for Nghị định 30 put form_profile: "
        "nd30 into config.yaml"
    )
    return (*found.told, form)


def next_year(settings: Settings, year: int, changes: Changes) -> tuple[Path, tuple[Message, ...]]:
    """Write the file of a year after the newest one there is; gives it, and what to look at.

    What is wrong with it (nobody is deputy any more, say) is told, too: an unfinished year stops no other.
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
    codes = _codes(found.table)
    for code in filter(None, (changes.head, changes.deputy)):
        if code not in codes:
            raise UnknownThing(tr("There is no unit {code}; known: {known}.", code=code, known=", ".join(codes)))
    write_durably(target, writing.written(found.table).encode())
    try:
        years.load(target)
    except YearError as unfinished:
        lines = str(unfinished).splitlines()
        return target, (*found.told, *(Message.of_texts({VIETNAMESE: one}) for one in lines))
    return target, found.told


def _following(old: Path, year: int, changes: Changes) -> Following:
    before = years.load(old)
    table = declared.parse(old.read_bytes(), str(old)).table
    return following.next_table(table, year or before.year + 1, changes)


def _form_beside(old: Path) -> str:
    """The official form of the working folder that a year's file lies in; "" where it lies in none."""
    try:
        return read_settings(find_root(old.resolve().parent), {}).practice.forced_profile or AUTO
    except (ConfigError, UnsafeSetupError):
        return ""


def _make(folder: Path, table: JsonObject, form_profile: str) -> None:
    name = f"{table['year']}.yaml"
    text = writing.written(table).encode()
    # a name that is too long, a code that is none: told before anything is made, and no folder is named by it
    if problems := declared.read(text, f"years/{name}", years.SCHEMA).problems:
        raise YearError(declared.listed(problems))
    make_working_folder(folder)
    # the example's facts, and the examples by which its kinds are tested, are nobody else's
    shutil.rmtree(folder / "years")
    for kind in (folder / "templates").iterdir():
        shutil.rmtree(kind / "examples", ignore_errors=True)
    (folder / "years").mkdir()
    write_durably(folder / "years" / name, text)
    set_to(folder, int(str(table["year"])), form_profile)
    _make_unit_folders(folder, _codes(table))


def _make_unit_folders(folder: Path, codes: Iterable[str]) -> None:
    """The folders into which units drop, and in which they find their answers."""
    for code in codes:
        for place in ("inbox", "outbox"):
            (folder / place / naming.unit_folder(code)).mkdir(exist_ok=True)


def _codes(table: JsonObject) -> list[str]:
    units = table["units"]
    return [str(unit["code"]) for unit in units if isinstance(unit, dict)] if isinstance(units, list) else []


def read_answers(path: Path, listed: tuple[Member, ...] = ()) -> Answers:
    """Read a file of answers, with a list of the members that lies beside it. Raises YearError."""
    try:
        return answers.read(path.read_bytes(), str(path), listed)
    except OSError as error:
        raise YearError(tr("{file} cannot be read: {why}.", file=str(path), why=error.strerror or "")) from error


def units_in(path: Path) -> tuple[Member, ...]:
    """Read a list of units: the first table of a workbook, a .csv or a Word file, or a text with a unit a line.

    Columns are told by their headings, else by their order: name, who signs, position, code. Raises YearError.
    """
    rows = _lines_of(path) if path.suffix.lower() == ".txt" else _table_of(path)
    rows = [row for row in rows if any(row)]
    if not rows:
        raise _unreadable(path, tr("nothing in it says who the members are"))
    for at, row in enumerate(rows):
        heads = [_HEADINGS.get(vietnamese.search_key(cell)) for cell in row]
        if "name" in heads and sum(head is not None for head in heads) > 1:
            return tuple(member for one in rows[at + 1 :] if (member := _by_headings(heads, one)).name)
    numbered = all(row[0].isdigit() for row in rows)
    return tuple(answers.member_of(row[1:] if numbered else row) for row in rows)


def _by_headings(heads: Sequence[str | None], row: Sequence[str]) -> Member:
    told = {head: cell for head, cell in zip(heads, row, strict=False) if head and cell}
    return replace(Member(""), **told)


def _lines_of(path: Path) -> list[list[str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    return [[vietnamese.clean(cell) for cell in answers.columns_of(line)] for line in text.splitlines()]


def _table_of(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise _unreadable(path, tr("there is no such file"))
    # the list came by mail from somebody: it is opened where every foreign file is
    with Guard(reading.FUNCTIONS) as guard:
        found = reading.tables_guarded(guard, path.absolute(), naming.display(path.name))
    refused = [messages.shown(one.message) for one in found.findings if one.severity is Severity.BLOCK]
    if found.is_marked:
        refused.append(tr("it seems to bear a mark of secrecy"))
    if found.unseen:
        refused.append(messages.shown(secrecy.trouble_of(found.unseen)))
    if refused:
        raise _unreadable(path, "; ".join(refused))
    # the first: which one was open last says nothing
    return [[vietnamese.clean(cell.text) for cell in row.cells] for table in found.tables[:1] for row in table.rows]


def _unreadable(path: Path, why: str) -> YearError:
    return YearError(tr("{file} cannot be read: {why}.", file=str(path), why=why))
