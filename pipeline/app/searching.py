"""Searching documents by words: what is looked through of each, kept up to date, and where the words were found.

Accents, case and line ends do not matter: what a program reads on a scan has the letters right more often than the
tones ("THỊ ĐUA" for "THI ĐUA").
"""

import contextlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import IntegrityError
from pipeline.ledger import Unrecorded, findable, findable_numbers
from pipeline.ledger.findable import Findable, Place, Wanted
from pipeline.model import Artifact, Description, Job, Json, Role
from pipeline.ooxml.word_text import text_of_ours
from pipeline.register.rows import Row, rows_of
from pipeline.steps.making import description
from pipeline.vietnamese.phrases import WORD, Phrase, words_of
from pipeline.workspace import Workspace

#: Before the words of each page in what is kept of a scan (`papers.words`).
_PAGE = re.compile(r"^\[(\d+)\]$", re.MULTILINE)
#: Characters shown of a line, and of them before the words.
_SHOWN, _BEFORE = 120, 40


@dataclass(frozen=True)
class Hit:
    """Where words were found: `place` as in `findable.Place`, its page (0 where none is), the line around them."""

    place: str
    page: int
    line: str


@dataclass(frozen=True)
class Found:
    """A document in which all words were found, and where: the first place of each kind that holds any of them."""

    job: Job
    title: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class FoundNumber:
    """A number of an old book that has no paper yet, and where the words were found."""

    row: Row
    hits: tuple[Hit, ...]


def find(workspace: Workspace, wanted: Wanted, most: int) -> list[Found]:
    """Find the documents that hold every phrase, the newest first, at most so many."""
    bring_up_to_date(workspace)
    return [
        Found(job, _title(places), tuple(_hits(places, (*wanted.phrases, *wanted.signer))))
        for job, places in findable.matching(workspace.ledger, wanted, most)
    ]


def find_numbers(workspace: Workspace, wanted: Wanted, most: int) -> list[FoundNumber]:
    """Find the numbers without a paper that hold every phrase, the newest day first, at most so many."""
    bring_up_to_date(workspace)
    return [
        FoundNumber(row, tuple(_hits(_places(row), (*wanted.phrases, *wanted.signer))))
        for hash_, acts in findable_numbers.matching(workspace.ledger, wanted, most)
        for row in rows_of(acts)
        if row.booked.hash == hash_
    ]


def _places(row: Row) -> list[Place]:
    said = row.columns
    people = "\n".join((said.signer, said.author, *said.recipients.split("; ")))
    return [
        Place("number", 0, f"{said.number}\n{said.sender_number}"),
        Place("title", 0, said.title),
        Place("people", 0, people),
    ]


def bring_up_to_date(workspace: Workspace) -> None:
    """Make the rows anew of what something happened to since they were made."""
    findable_numbers.bring_up_to_date(workspace.ledger)
    while (known := findable.changed(workspace.ledger)) is not None:
        jobs, artifacts = workspace.ledger.jobs_of(known.jobs), workspace.ledger.artifacts_of(known.jobs)
        # the files are read before the transaction (rule 4); when another process was first, its rows stand
        findable.record(workspace.ledger, known, [_made(workspace, job, artifacts[job.id]) for job in jobs])


def rebuild(workspace: Workspace) -> None:
    """Make all rows anew from what is recorded."""
    findable.forget(workspace.ledger)
    findable_numbers.forget(workspace.ledger)
    bring_up_to_date(workspace)


def _made(workspace: Workspace, job: Job, artifacts: list[Artifact]) -> Findable:
    workspace = replace(workspace, ledger=Unrecorded(workspace.ledger, job, artifacts))
    # `findable.changed` names only those that have a description or a sidecar
    said = description(workspace, job)
    texts = (Place(name, page, text) for name, page, text in _texts(workspace, job, said))
    return Findable(job, said.signer, tuple(one for one in texts if one.text.strip()))


def _texts(workspace: Workspace, job: Job, said: Description) -> Iterator[tuple[str, int, str]]:
    yield "number", 0, "\n".join((job.number, job.code))
    yield "title", 0, said.title
    yield "people", 0, "\n".join((job.unit, said.signer, said.author, *said.recipients))
    # a file that was damaged is told by `check`; all others are still to be found
    with contextlib.suppress(IntegrityError):
        yield "document", 0, text_of_ours(draft) if (draft := _kept(workspace, job, Role.DRAFT)) else ""
    with contextlib.suppress(IntegrityError):
        if workspace.ledger.artifact(job.id, Role.READING) is not None:
            yield "form", 0, "\n".join(_values(workspace.reading(job).values))
    with contextlib.suppress(IntegrityError):
        # "[1]", the words of page 1, "[2]" …; as it is filed where the ledger was made anew from the archive
        read = _kept(workspace, job, Role.PAPER_TEXT) or _kept(workspace, job, Role.FILED_TEXT)
        _, *pages = _PAGE.split(read.decode("utf-8", "replace"))
        yield from (("scan", int(page), text) for page, text in zip(pages[::2], pages[1::2], strict=True))


def _kept(workspace: Workspace, job: Job, role: Role) -> bytes:
    return workspace.artifact(job, role) if workspace.ledger.artifact(job.id, role) else b""


def _values(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, str):
        yield value


def _title(places: Sequence[Place]) -> str:
    return next((one.text for one in places if one.name == "title"), "")


def _hits(places: Sequence[Place], phrases: Sequence[Phrase]) -> Iterator[Hit]:
    told = set()
    for place in places:
        line = "" if place.name in told else _line_of(place.text, phrases)
        if line:
            told.add(place.name)
            yield Hit(place.name, place.page, line)


def _line_of(text: str, phrases: Sequence[Phrase]) -> str:
    """The line in which one of these phrases begins, cut around it; "" where none stands."""
    lines = text.splitlines()
    words = [words_of(line).split() for line in lines]
    said = " {} ".format(" ".join(word for line in words for word in line))
    at = next((at for phrase in phrases if (at := said.find(phrase.key)) >= 0), -1)
    if at < 0:
        return ""
    # words before the phrase, and before each line
    nth, before = said.count(" ", 0, at), 0
    begins = [before := before + len(line) for line in words]
    which = bisect_right(begins, nth)
    return _cut(lines[which].strip(), nth - (begins[which - 1] if which else 0))


def _cut(line: str, nth: int) -> str:
    """Cut a line around its n-th word."""
    if len(line) <= _SHOWN:
        return line
    starts = [found.start() for found in WORD.finditer(line)]
    begin = max(0, (starts[nth] if nth < len(starts) else 0) - _BEFORE)
    begin = line.find(" ", begin) + 1 if begin else 0
    end = line.rfind(" ", begin, begin + _SHOWN) if begin + _SHOWN < len(line) else len(line)
    return f"{'… ' if begin else ''}{line[begin:end]}{' …' if end < len(line) else ''}"
