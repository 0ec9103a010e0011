"""The forms of gathered documents, laid out for the clerk as soon as all they gather is there.

A pledge agreement or an appendix is made of the units' papers and of one form of the clerk's. When the last unit's
paper is accepted that form lies in the clerk's folder, filled in with what the year knows, and the board says so.
Nobody's work is overwritten: a form that was begun, moved or put away is not written again.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline import blank_forms
from pipeline.blank_forms.formats import FORMATS
from pipeline.files import sha256_of, write_durably
from pipeline.files.writing import storage_errors
from pipeline.kinds import Kind
from pipeline.ledger.chain import canonical
from pipeline.messages import say
from pipeline.model import Json, JsonObject, Message, State
from pipeline.status.citations import as_cited
from pipeline.status.year import PAST, due_of
from pipeline.steps.gathering import inputs
from pipeline.workspace import Workspace
from pipeline.years import Year

#: Everybody has a program for it, and tables keep their rows in it.
_FORMAT: Final = "docx"
#: What was laid out, and as which bytes: in the folder of the program.
_MARK: Final = "draft-forms.json"
_ALIVE: Final = frozenset(State) - PAST


@dataclass(frozen=True)
class Asked:
    """A document of which everything is there but the clerk's own form; `path` below the outbox."""

    kind: Kind
    there: int  #: how many units' papers it gathers
    path: PurePosixPath

    def said(self, outbox: str) -> Message:
        """What the board says of it."""
        return say(
            "{document}: all {there} of {expected} papers of the units are accepted; its form is still to be filled "
            "in: it lies in {path}.",
            document=self.kind.title,
            there=self.there,
            expected=self.there,
            path=f"{outbox}/{self.path}",
        )


def asked(workspace: Workspace) -> tuple[Asked, ...]:
    """Name the documents of the year that wait for nothing but the clerk's form, in the order of their kinds."""
    year = workspace.year(workspace.practice.year)
    return tuple(_asked(workspace, year))


def _asked(workspace: Workspace, year: Year) -> Iterator[Asked]:
    for kind in workspace.loaded().kinds.values():
        if not kind.gathers or kind.submitted_by != "cluster":
            continue
        # whatever became of it, somebody has begun
        if workspace.ledger.of_kind(kind.id, year.year, _ALIVE):
            continue
        members = {unit.code for unit in year.members(_day(workspace, kind, year))}
        if members and all(members <= inputs(workspace, year.year, one.kind).keys() for one in kind.gathers):
            name = f"{kind.id}-{year.year}.{_FORMAT}"
            yield Asked(kind, len(members), PurePosixPath(workspace.folders.clerk, name))


def _day(workspace: Workspace, kind: Kind, year: Year) -> dt.date:
    """The day whose members and signatories are filled in: that by which it is due, else today within the year."""
    today = min(max(workspace.today(), dt.date(year.year, 1, 1)), dt.date(year.year, 12, 31))
    return due_of(kind, year) or today


def lay_out(workspace: Workspace, wanted: tuple[Asked, ...]) -> None:
    """Write the forms that are asked for and take away those that no longer are. Raises CannotWrite.

    What somebody has changed stays; what somebody took is not written again while it is asked for.
    """
    mark = workspace.folders.var / _MARK
    before: JsonObject = json.loads(mark.read_bytes()) if mark.is_file() else {}
    now = dict(before)
    outbox = workspace.folders.outbox
    names = {str(one.path): one for one in wanted}
    for name, one in names.items():
        with storage_errors(outbox / one.path):
            is_there = (outbox / one.path).exists()
        # as it was laid out it is nobody's work yet: the plan it names may have got its number since
        is_new, is_as_laid_out = (
            name not in before and not is_there,
            is_there and _is_ours(outbox / name, before.get(name)),
        )
        content = _form(workspace, one.kind) if is_new or is_as_laid_out else b""
        if content and sha256_of(content) != before.get(name):
            workspace.must_be_there("outbox")
            write_durably(outbox / one.path, content)
            now[name] = sha256_of(content)
    for name in before.keys() - names.keys():
        path = outbox / name
        with storage_errors(path):
            if _is_ours(path, before[name]):
                path.unlink()
        del now[name]
    if now != before:
        write_durably(mark, canonical(now).encode())


def _is_ours(path: Path, laid_out: Json) -> bool:
    """Whether a form lies there as it was laid out."""
    return path.is_file() and not path.is_symlink() and sha256_of(path) == laid_out


def _form(workspace: Workspace, kind: Kind) -> bytes:
    year = workspace.year(workspace.practice.year)
    due, day = due_of(kind, year), _day(workspace, kind, year)
    # the day on which it is due is the day it bears, until somebody writes another
    values: JsonObject = {kind.date_field.name: due.isoformat()} if due and len(kind.date_field) == 1 else {}
    for field in kind.fields.root.children:
        if field.cites and (cited := as_cited(workspace, field.cites, year)):
            values[field.name] = cited
    return FORMATS[_FORMAT](blank_forms.plan(kind, year, unit=None, on=day, values=values))
