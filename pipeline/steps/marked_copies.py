"""Copies that go back with a note: the file with every fault marked where it is, and with its form put right."""

import logging
import re
from pathlib import Path
from typing import Final

from pipeline import naming
from pipeline.answers.marking import mark_guarded
from pipeline.layout import mending
from pipeline.layout.check import Facts
from pipeline.model import WHOLE, Artifact, Finding, Job, Reading, Role
from pipeline.naming import Answer
from pipeline.reading.formats import TEXT
from pipeline.reading.old_formats import NEW_FORMATS
from pipeline.tools.guard import GuardFault
from pipeline.workspace import Workspace

#: The rules of the official form.
_FORMALITY: Final = re.compile(r"TT\d\d")
log = logging.getLogger(__name__)

#: What is written as text is marked also where it could not be read to its end.
_OF_TEXT = frozenset(f"file.{format_}" for format_ in TEXT.values())


def marked_copy(workspace: Workspace, job: Job, findings: tuple[Finding, ...], reading: Reading) -> Artifact | None:
    """Mark a copy of a job's file, to be recorded; None where the note must do alone.

    A file that was refused at the door has no copy. Trouble with marking is no trouble of the job: it is logged.
    """
    is_broken_text = bool(findings) and all(finding.code in _OF_TEXT for finding in findings)
    if not reading.kind and not is_broken_text:
        return None
    path, name = _source(workspace, job, reading)
    if path is None:
        return None
    # a value nobody wrote has no place: its fault is said at the nearest one known
    nearby = frozenset(finding.place.pointer for finding in findings) - reading.places.keys() - {WHOLE}
    try:
        made = mark_guarded(
            workspace.guard, path, name, findings, nearby=nearby, language=workspace.practice.language
        )
    except GuardFault as fault:
        log.warning("not marked", extra={"action": "answer.mark", "job": job.id, "why": str(fault)})
        return None
    if made is None:
        return None
    shown = naming.answer_name(job.name, Answer.MARKED, job=job.id, extension=made.extension)
    return workspace.keep(Role.MARKED, made.content, shown)


def mended_copy(workspace: Workspace, job: Job, findings: tuple[Finding, ...], reading: Reading) -> Artifact | None:
    """Put right the official form of a unit's own Word file, in a copy to be recorded; None where there is nothing.

    Only where departures from the form were told of it (`judgement.formalities`): a form of ours is no such paper.
    """
    if reading.format != "docx" or reading.form or not any(_FORMALITY.match(one.code) for one in findings):
        return None
    path = workspace.spool.path(job.submission_sha256)
    facts = Facts(today=workspace.today())
    try:
        made = mending.mend_guarded(workspace.guard, path, on=workspace.clock(), facts=facts)
    except GuardFault as fault:
        log.warning("not mended", extra={"action": "answer.mend", "job": job.id, "why": str(fault)})
        return None
    if not made.mended:
        return None
    shown = naming.answer_name(job.name, Answer.MENDED, job=job.id, extension="docx")
    return workspace.keep(Role.MENDED, made.content, shown)


def _source(workspace: Workspace, job: Job, reading: Reading) -> tuple[Path | None, str]:
    """The file whose places were read, and its name: of one in an old format what it was made into."""
    if reading.format not in NEW_FORMATS:
        return workspace.spool.path(job.submission_sha256), job.name
    made_new = workspace.ledger.artifact(job.id, Role.CONVERTED)
    name = f"{job.name.rpartition('.')[0] or job.name}.{NEW_FORMATS[reading.format]}"
    return (workspace.spool.path(made_new.sha256) if made_new else None), name
