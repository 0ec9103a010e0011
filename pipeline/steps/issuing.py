"""Issuing: copies of a filed document lie for its recipients, with number and date where the paper's are blank.

The copy is made of the filed paper, or of the PDF beside it where the paper came as pictures; the paper itself is
never written into. A copy of a paper that is signed digitally is that paper, as it came: anything written into it
would break its signatures.
"""

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline import naming, papers
from pipeline.ledger import Publication
from pipeline.messages import say
from pipeline.model import Amendment, Artifact, Description, Direction, Job, Message, Role
from pipeline.register.recipients import resolved
from pipeline.steps.later import Decision
from pipeline.workspace import Workspace
from pipeline.years import Year

_WRITTEN, _BY_HAND, _NOT_FOUND, _AS_IT_CAME = "written", "by hand", "place not found", "signed digitally"


@dataclass(frozen=True)
class Issue:
    """A copy that goes out: its bytes, the units it goes to, and the lines of Nơi nhận that name none (the clerk's).

    `number` and `date` say what was done with each, "" where the paper needs none.
    """

    sha256: str
    units: tuple[str, ...]
    others: tuple[str, ...]
    number: str = ""
    date: str = ""

    def facts(self) -> dict[str, object]:
        """Give it as the sidecar tells it."""
        return {
            "sha256": self.sha256,
            "number": self.number or None,
            "date": self.date or None,
            "units": list(self.units),
            "others": list(self.others),
        }

    def kept(self, workspace: Workspace, filed: PurePosixPath) -> Artifact:
        """Describe the copy as an artifact to be recorded."""
        return workspace.keep_file(Role.ISSUED_COPY, self.sha256, _name(filed))

    def publications(self, workspace: Workspace, filed: PurePosixPath) -> tuple[Publication, ...]:
        """Say where copies are to lie, named as the document is filed; a further paper's is put in its place."""
        folders = [naming.unit_folder(unit) for unit in self.units]
        if self.others:
            folders.append(workspace.folders.clerk)
        issued = workspace.folders.issued
        return tuple(Publication(f"{folder}/{issued}/{_name(filed)}", self.sha256) for folder in folders)

    def told(self, filed: Message, year: Year) -> Message:
        """Add to a sentence to whom copies go, whom the clerk sends one, and why a copy bears no number."""
        lines = [filed]
        names = tuple(unit.name if (unit := year.unit(code)) else code for code in self.units)
        if len(names) > 1 and {unit.code for unit in year.units} <= set(self.units):
            lines.append(say("Copies lie in the folders of all {count} units.", count=len(names)))
        elif names:
            lines.append(say("Copies lie in the folders of: {units}.", units="; ".join(names)))
        if self.others:
            lines.append(say("The clerk sends a copy to: {others}.", others="; ".join(self.others)))
        if self.number == _NOT_FOUND:
            lines.append(say("The number was not written on the copies: its place on the paper was not found."))
        if self.number == _AS_IT_CAME:
            lines.append(say("The copies are the digitally signed file as it came; no number is written into it."))
        return functools.reduce(lambda one, other: say("{one} {other}", one=one, other=other), lines)


def _name(filed: PurePosixPath) -> str:
    return f"{filed.name.partition('.')[0]}.pdf"


def issues(workspace: Workspace, job: Job, sha256: str, said: Description, *, is_signed: bool) -> Issue:
    """Make the copy of a filed PDF that goes out; `is_signed` says that it bears digital signatures.

    Done again, it is the same.
    """
    copy, number, date = _copied(workspace, job, sha256, said, is_signed=is_signed)
    units, others = _recipients(workspace, job, said)
    return Issue(copy, units, others, number, date)


def _recipients(workspace: Workspace, job: Job, said: Description) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say which recipients of a document are units of its year."""
    found = resolved(said, workspace.doc(job, workspace.kind(job)), workspace.year(job.year))
    units = (unit for one in found for unit in one.units)
    return tuple(dict.fromkeys(units)), tuple(one.line for one in found if not one.units)


def _copied(
    workspace: Workspace, job: Job, sha256: str, said: Description, *, is_signed: bool
) -> tuple[str, str, str]:
    """Give the sha256 of the copy, and what was done with number and date."""
    rendition, entry = workspace.ledger.artifact(job.id, Role.RENDITION), workspace.ledger.number_entry(job.id)
    # an incoming number is the register's own and stands on no paper (NĐ30 Phụ lục IV)
    if entry is None or said.direction is not Direction.OUTGOING:
        return sha256, "", ""
    if is_signed:
        return sha256, _AS_IT_CAME, ""
    path = workspace.spool.path(sha256)
    # without LibreOffice nothing was printed here, and where the number stands is not known
    seen = papers.Blanks(is_lost=True)
    if rendition is not None:
        seen = papers.blanks_of(workspace.guard, path, workspace.spool.path(rendition.sha256))
    figures = _figures(entry.no, said.on)
    texts = [(blank, figures[blank.name]) for blank in seen.blanks]
    made = papers.written_over(workspace.guard, path, texts) if texts else None
    if seen.is_lost or (texts and made is None):
        return sha256, _NOT_FOUND, ""
    wrote = {papers.part_of(blank.name) for blank, _ in texts}
    number, date = (
        _WRITTEN if one in wrote else _BY_HAND if one in seen.by_hand else "" for one in ("number", "date")
    )
    return (workspace.spool.put(made) if made else sha256), number, date


def _figures(number: int, on: dt.date) -> dict[str, str]:
    """What is written into the blanks; day and the first two months have a leading zero (HD05 II.4, NĐ30)."""
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return {"number": f"{number:02d}", "day": f"{on.day:02d}", "month": month, "year": str(on.year)}


def taken_back(workspace: Workspace, job: Job) -> tuple[Publication, ...]:
    """Take away the copies of a document."""
    standing = workspace.ledger.standing(job.id, is_pending_counted=True)
    return tuple(
        Publication(path) for path in standing if PurePosixPath(path).parent.name == workspace.folders.issued
    )


def is_ended_by(decision: Decision) -> bool:
    """Tell whether a document ends with what was decided: another one replaces or withdraws it (NĐ30 Điều 18)."""
    said = decision.said
    return "amended" in said and said["how"] in {Amendment.REPLACES, Amendment.WITHDRAWS}
