"""The chain of one document, link by link: from the bytes that were dropped to the signed head that binds its entry.

Each link is looked at anew when it is asked for. "Could not look" is never "it holds", nor "it is broken".
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.app.proving import proof_of
from pipeline.errors import IntegrityError, NotAllowedNow, VanthuError
from pipeline.files import sha256_of
from pipeline.messages import tr
from pipeline.model import Artifact, Job, Role
from pipeline.proof.signing import is_signed_by
from pipeline.proof.standalone import keys_of
from pipeline.workspace import Workspace


class Holds(enum.Enum):
    """What looking at a link has told."""

    YES = "holds"
    NOT_YET = "not-yet"
    NO = "broken"
    UNSEEN = "unseen"  #: a folder is away, or the disk gives an error


@dataclass(frozen=True)
class Link:
    """One link: what it is, what was seen of it, and whether it holds; `sha256` of its bytes, "" for none."""

    name: str
    text: str
    holds: Holds
    sha256: str = ""


#: What the program keeps of a document in its own store, in the order in which it came to be.
_KEPT: Final = (Role.READING, Role.FINDINGS, Role.DRAFT, Role.RENDITION, Role.SIGNED, Role.ISSUED_COPY)
#: What lies in the archive.
_FILED: Final = (Role.FILED, Role.FILED_COPY, Role.SIDECAR, Role.FILED_NOTE)


def chain_of(workspace: Workspace, job: Job) -> list[Link]:
    """Look at every link of a document's chain."""
    return [*_kept(workspace, job), *_filed(workspace, job), *_entered(workspace, job)]


def _kept(workspace: Workspace, job: Job) -> Iterator[Link]:
    names = {
        Role.SUBMISSION: tr("the file as it was dropped"),
        Role.READING: tr("what was read of it"),
        Role.FINDINGS: tr("what was found"),
        Role.DRAFT: tr("the document in Word"),
        Role.RENDITION: tr("the document to be printed"),
        Role.SIGNED: tr("the signed paper as it came"),
        Role.ISSUED_COPY: tr("the copy that goes out"),
    }
    newest = {one.role: one for one in workspace.ledger.artifacts(job.id)}
    hashes = {Role.SUBMISSION: job.submission_sha256} | {
        role: newest[role].sha256 for role in _KEPT if role in newest
    }
    for role, sha256 in hashes.items():
        try:
            workspace.spool_must_be_there()
            # the spool gives nothing whose hash is another one
            size = len(workspace.spool.get(sha256))
        except IntegrityError as trouble:
            yield Link(names[role], str(trouble), Holds.NO, sha256)
        except (VanthuError, OSError) as trouble:
            yield Link(names[role], _why(trouble), Holds.UNSEEN, sha256)
        else:
            yield Link(names[role], tr("{size} bytes, the same as recorded", size=size), Holds.YES, sha256)


def _why(trouble: VanthuError | OSError) -> str:
    """Why nobody could look, in a sentence."""
    if isinstance(trouble, VanthuError):
        return str(trouble)
    return tr("it cannot be read now ({reason})", reason=trouble.strerror or type(trouble).__name__)


def _filed(workspace: Workspace, job: Job) -> Iterator[Link]:
    for one in workspace.ledger.artifacts(job.id):
        if one.role in _FILED:
            yield _in_archive(workspace, one)


def _in_archive(workspace: Workspace, one: Artifact) -> Link:
    path = workspace.folders.archive / one.name
    name = tr("in the archive: {path}", path=one.name)
    try:
        workspace.must_be_there("archive")
        is_same = not path.is_symlink() and sha256_of(path) == one.sha256
    except FileNotFoundError:
        return Link(name, tr("it does not lie there"), Holds.NO, one.sha256)
    except (VanthuError, OSError) as trouble:
        return Link(name, _why(trouble), Holds.UNSEEN, one.sha256)
    if is_same:
        return Link(name, tr("{size} bytes, the same as recorded", size=one.size_bytes), Holds.YES, one.sha256)
    return Link(name, tr("it is not the file that was filed any more"), Holds.NO, one.sha256)


def _entered(workspace: Workspace, job: Job) -> Iterator[Link]:
    entries = workspace.ledger.entries_of(job.id)
    for one in entries:
        position = workspace.ledger.log.position(entry_hash=one.hash)
        name = tr("register {series}, number {number}: {act}", series=one.series, number=one.no, act=_act(one.verb))
        if position is None:
            yield Link(name, tr("it stands in no line of the log"), Holds.NO, one.hash)
        else:
            yield Link(name, tr("line {line} of the log", line=position + 1), Holds.YES, one.hash)
    try:
        proof = proof_of(workspace, job)
    except NotAllowedNow as not_yet:
        yield Link(tr("the signed head"), str(not_yet), Holds.NOT_YET)
        return
    try:
        # the keys lie there: none is found in a folder that is away
        workspace.must_be_there("archive")
        holds = proof.holds(keys_of(workspace.folders.archive), is_signed_by)
    except (VanthuError, OSError) as trouble:
        yield Link(tr("the signed head"), _why(trouble), Holds.UNSEEN)
        return
    said = tr("line {line} leads to the head of {size} lines", line=proof.index + 1, size=proof.head.size)
    text = said if holds else tr("{said}, but no key of this office has signed that head", said=said)
    yield Link(tr("the signed head"), text, Holds.YES if holds else Holds.NO)


def _act(verb: str) -> str:
    return {
        "number": tr("number given"),
        "file": tr("paper filed"),
        "note": tr("something entered beside it"),
        "void": tr("made void"),
    }.get(verb, verb)
