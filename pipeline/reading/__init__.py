"""Reading: from the bytes of a submitted form to its values, their places, and everything odd about them.

Foreign bytes are only opened in a guarded child: the flow calls `read_guarded`, the readers themselves are imported
by the child alone.
"""

import functools
import os
from dataclasses import replace
from pathlib import Path

from pipeline.files import refusals, sha256_of
from pipeline.messages import say
from pipeline.model import Finding, Reading, Severity, ShownLines, Tables
from pipeline.reading.context import ContentName, KindForm, ReadingContext, UnitNames
from pipeline.reading.look import Look, Mark, Unseen
from pipeline.reading.old_formats import NEW_FORMATS, frozen
from pipeline.reading.sight import DRAW, Sight, with_pictures
from pipeline.tools.guard import Encoded, Guard, GuardFault, GuardRefused, encoded
from pipeline.tools.soffice import Converter, Unconvertible
from pipeline.vietnamese.secrecy import is_marked_name

__all__ = [
    "FUNCTIONS",
    "ContentName",
    "KindForm",
    "Look",
    "Mark",
    "ReadingContext",
    "Sight",
    "UnitNames",
    "Unseen",
    "lines_guarded",
    "look_guarded",
    "probe_guarded",
    "read_guarded",
    "read_renewed",
    "renewed",
    "tables_guarded",
]

_READ = "pipeline.reading.reader:read"
_PROBE = "pipeline.reading.reader:probe"
_GATE = "pipeline.reading.gate:look"
_OLD = "pipeline.reading.reader:old_format"
_TABLES = "pipeline.reading.book_tables:tables"
_LINES = "pipeline.reading.shown_lines:lines"

#: How many times the limits on time a register of many years may take.
_BOOK_TIMES = 4

#: What a guard must be started with to read.
FUNCTIONS = (_READ, _PROBE, _GATE, _OLD, _TABLES, _LINES, DRAW)


def read_guarded(guard: Guard, path: Path, name: str, context: ReadingContext) -> Reading:
    """Read the file at `path`, dropped under `name`, in a guarded child; a file that breaks its reader is a finding.

    A file in an old format is refused here; see `renewed`. Raises GuardFault for a bug of ours.
    """
    return _called(guard, _READ, path, name, _encoded(context))


def probe_guarded(guard: Guard, path: Path, name: str) -> Reading:
    """Look at the door only: format and refusals, for papers that are not read as forms."""
    return _called(guard, _PROBE, path, name)


def tables_guarded(guard: Guard, path: Path, name: str) -> Tables:
    """Read the tables of somebody's workbook, Word or CSV file in a guarded child; what is wrong is in the findings.

    A book of ten thousand rows takes longer than a form may. Raises GuardFault for a bug of ours.
    """
    try:
        return guard.call(_TABLES, os.fsencode(path).hex(), name, returns=Tables, times=_BOOK_TIMES)
    except GuardRefused as refused:
        return Tables(findings=(refusals.stopped(is_heavy=refused.is_heavy),))


def lines_guarded(guard: Guard, path: Path, name: str) -> tuple[str, ...]:
    """Give the lines of a paper as its own text has them, in a guarded child; none for one that breaks its reader."""
    try:
        return guard.call(_LINES, os.fsencode(path).hex(), name, returns=ShownLines).lines
    except GuardRefused:
        return ()


def renewed(converter: Converter, path: Path, made: Reading) -> bytes | Finding | None:
    """What LibreOffice makes of a file whose first reading found it in an old format: the same as .docx or .xlsx.

    None when it is in no old format or was refused for another reason, or when nothing here can convert it; a finding
    when LibreOffice could make nothing of it.
    """
    is_old = made.format in NEW_FORMATS and all(finding.code == "I01" for finding in made.findings)
    if not is_old or not converter.reads(made.format):
        return None
    try:
        return converter.convert(frozen(path.read_bytes(), made.format), made.format)
    except Unconvertible:
        return refusals.unconvertible(made.format, NEW_FORMATS[made.format])


def read_renewed(guard: Guard, path: Path, name: str, context: ReadingContext, old_format: str) -> Reading:
    """Read what `renewed` gave, lying at `path`, as the file in an old format that was dropped under `name`."""
    new = NEW_FORMATS[old_format]
    made = read_guarded(guard, path, f"{name.rpartition('.')[0] or name}.{new}", context)
    told = () if made.format == "" else (refusals.converted(old_format, new),)
    found = (_computed_anew(one) if one.code == "text.computed" else one for one in made.findings)
    return replace(made, format=old_format, findings=(*told, *found))


def _computed_anew(finding: Finding) -> Finding:
    """What a field of an old file said is gone: LibreOffice has computed it once more."""
    return replace(
        finding,
        severity=Severity.BLOCK,
        message=say(
            "The text here is made by the office program itself; what it said when it was saved is not known."
        ),
    )


def look_guarded(
    guard: Guard, path: Path, name: str, converter: Converter | None = None, sight: Sight | None = None
) -> Look:
    """Look, in a guarded child, whether a file still in the inbox bears a mark of secrecy (the-thuc.md §9).

    An old format is looked at as `converter` makes it new, in a private folder that is gone when the answer is there;
    without one, by the text that lies in its bytes. Pictures are looked at by `sight`, none without it. A file that
    breaks its reader, or meets a bug of ours, could not be looked at.
    """
    # without its bytes: also of a file that ends whoever opens it
    if is_marked_name(name):
        return Look(Mark.MARKED)
    try:
        # a name in the inbox may be any bytes, and what goes to the child is JSON
        at = os.fsencode(path).hex()
        if converter is not None and (old := guard.call(_OLD, at, name, returns=str)) and converter.reads(old):
            return _look_when_new(guard, path, name, converter, old, sight)
        return _looked(guard, path, name, sight)
    except GuardRefused as refused:
        return Look(Mark.UNSEEN, refusals.stopped(is_heavy=refused.is_heavy).code)
    except GuardFault:
        # not told as an error: its traceback may hold what the file says
        return Look(Mark.UNSEEN, "gate.fault")


def _looked(guard: Guard, path: Path, name: str, sight: Sight | None) -> Look:
    found = guard.call(_GATE, os.fsencode(path).hex(), name, returns=Look)
    return with_pictures(guard, path, found, sight or Sight())


def _look_when_new(guard: Guard, path: Path, name: str, converter: Converter, old: str, sight: Sight | None) -> Look:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            whole = file.read()
        content = frozen(whole, old)
        with converter.shown(converter.convert(content, old)) as shown:
            new_name = f"{name.rpartition('.')[0] or name}.{NEW_FORMATS[old]}"
            found = _looked(guard, shown, new_name, sight)
    except (Unconvertible, OSError):
        found = guard.call(_GATE, os.fsencode(path).hex(), name, returns=Look)
        # the letters in its bytes are not all that it may show
        return found if found.mark is not Mark.NONE else Look(Mark.UNSEEN, "file.damaged")
    if found.mark is not Mark.NONE:
        converter.forget(content, old)
    # of the file itself, not of what it was made into
    return replace(found, sha256=sha256_of(whole))


@functools.lru_cache(maxsize=4)
def _encoded(context: ReadingContext) -> Encoded:
    return encoded(context)


def _called(guard: Guard, function: str, path: Path, name: str, *more: object) -> Reading:
    try:
        # a name may be any bytes; what goes to the child is JSON
        legible = name.encode("utf-8", errors="replace").decode()
        return guard.call(function, str(path), legible, *more, returns=Reading, about=path.name)
    except GuardRefused as refused:
        return Reading("", findings=(refusals.stopped(is_heavy=refused.is_heavy),))
