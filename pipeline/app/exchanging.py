"""Exchange with other offices as files: a filed document becomes a message, a message that came in is taken apart.

Nothing is sent and nothing is taken from a network: a gateway fetches and brings the files. What came in is laid out
in a folder; into the inbox, and so through the secrecy gate, a person puts it.
"""

import dataclasses
import json
import mimetypes
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import exchange, naming
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.exchange import Attachment, Letter, Organisation, Status
from pipeline.exchange.message import STATUS_CODES, document_id
from pipeline.exchange.reading import LIMITS, UnreadableMessage
from pipeline.files import write_once
from pipeline.messages import tr
from pipeline.model import Direction, Job, State, number_parts
from pipeline.steps.filed_paper import filed_paper_of
from pipeline.steps.making import description
from pipeline.workspace import Workspace
from pipeline.years.facts import Axis

MESSAGE, FACTS = ".edxml", "thong-diep.json"


@dataclass(frozen=True)
class Incoming:
    """What became of a message that came in: where it was laid out, or why not; both "" for one taken before."""

    message: Path
    folder: Path | None = None
    trouble: str = ""


def export(workspace: Workspace, job: Job, recipients: list[str], target: Path) -> Path:
    """Write the message of a filed document for some recipients. Raises NotAllowedNow, UnknownThing.

    And UnwritableMessage for a document of which the axis takes no message.
    """
    said, axis = description(workspace, job), workspace.year(job.year).axis
    if axis is None:
        raise UnknownThing(
            tr(
                "The year's file does not say who the office is on the axis; add `axis:` to years/{year}.yaml.",
                year=job.year,
            )
        )
    if job.state is not State.ARCHIVED or said.direction is not Direction.OUTGOING or not job.number:
        raise NotAllowedNow(
            tr(
                "Document #{id} is not filed as an outgoing one with a number; only such a document goes out.",
                id=job.id,
            )
        )
    letter = _letter(workspace, job, axis, recipients)
    content = exchange.written(letter, workspace.clock().astimezone())
    path = target / f"{naming.safe(letter.document_id.replace(',', '_').replace('/', '-'))}{MESSAGE}"
    if path.exists():
        raise NotAllowedNow(
            tr("{path} is there already; choose another folder, nothing was changed.", path=str(path))
        )
    write_once(path, content)
    workspace.ledger.remark(
        "exchange.export", {"job": job.id, "document_id": letter.document_id, "recipients": list(recipients)}
    )
    return path


def _letter(workspace: Workspace, job: Job, axis: Axis, recipients: list[str]) -> Letter:
    said, year = description(workspace, job), workspace.year(job.year)
    unknown = [one for one in recipients if one not in axis.partners]
    if unknown:
        known = ", ".join(axis.partners) or "–"
        raise UnknownThing(
            tr("The axis has no {unknown}. The year's file names: {known}.", unknown=", ".join(unknown), known=known)
        )
    number, notation = number_parts(job.number)
    signatory = next((one for unit in year.units for one in unit.signatories if one.name == said.signer), None)
    return Letter(
        sender=Organisation(
            axis.organisation,
            year.cluster.full_name,
            in_charge=year.cluster.parent,
            address=axis.address,
            email=axis.email,
            telephone=axis.telephone,
        ),
        recipients=tuple(Organisation(one, axis.partners[one]) for one in recipients),
        document_id=document_id(axis.organisation, said.on, number, notation),
        code_number=number,
        code_notation=notation,
        place=year.cluster.places.get(said.profile, ""),
        promulgated_on=said.on,
        type_name=workspace.kind(job).title_vi,
        subject=said.title,
        signer=said.signer,
        signer_position=signatory.position_sign if signatory else "",
        pages=workspace.pages_of(job),
        attachments=tuple(_attachments(workspace, job)),
    )


def _attachments(workspace: Workspace, job: Job) -> Iterator[Attachment]:
    """The newest paper as it was filed, byte for byte: a digital signature in it stays whole."""
    for one in filed_paper_of(workspace, job).originals:
        name = PurePosixPath(one.name).name
        yield Attachment(
            name, workspace.spool.get(one.sha256), mimetypes.guess_type(name)[0] or "application/octet-stream"
        )


def import_all(workspace: Workspace, source: Path, target: Path) -> Iterator[Incoming]:
    """Lay out every message of a folder; one that cannot be read keeps no other from it."""
    for path in sorted(path for path in source.iterdir() if path.suffix.lower() == MESSAGE and path.is_file()):
        try:
            yield _import(workspace, path, target)
        except UnreadableMessage as trouble:
            yield Incoming(path, trouble=str(trouble))


def _import(workspace: Workspace, path: Path, target: Path) -> Incoming:
    with path.open("rb") as file:
        # one more than it may have, to be refused by it, and no more of a file without end
        message = exchange.read(file.read(LIMITS.bytes + 1))
    folder = target / naming.safe(f"{path.stem}")
    if folder.exists():
        return Incoming(path)
    making = target / f".{folder.name}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    if isinstance(message, Letter):
        for name, one in _named(message):
            write_once(making / name, one.content)
        answer = _answer(workspace, message)
        if answer is not None:
            write_once(making / f"trang-thai-{answer.code}{MESSAGE}", exchange.status(answer))
    write_once(making / FACTS, _facts(message))
    making.rename(folder)
    workspace.ledger.remark("exchange.import", {"document_id": message.document_id, "folder": folder.name})
    return Incoming(path, folder)


def _named(letter: Letter) -> Iterator[tuple[str, Attachment]]:
    """Each file with a name of its own: what a sender calls it may be no name here, or that of another file."""
    for number, one in enumerate(letter.attachments, 1):
        path = PurePosixPath(one.name)
        suffix = f".{naming.safe(path.suffix[1:], 10)}" if path.suffix[1:] else ""
        yield f"{number:02d}-{naming.safe(path.stem, 80)}{suffix}", one


def _answer(workspace: Workspace, letter: Letter) -> Status | None:
    """The status to bring back: that the letter came ("01"); whether it is taken, a clerk decides."""
    axis = workspace.year(workspace.practice.year).axis
    if axis is None:
        return None
    name = workspace.year(workspace.practice.year).cluster.full_name
    at = workspace.clock().astimezone()
    return Status(
        letter.document_id, Organisation(axis.organisation, name), "01", STATUS_CODES["01"], f"{at:%Y/%m/%d %H:%M:%S}"
    )


def _facts(message: Letter | Status) -> bytes:
    said = dataclasses.asdict(message)
    if isinstance(message, Letter):
        said["promulgated_on"] = message.promulgated_on.isoformat() if message.promulgated_on else None
        said["due_on"] = message.due_on.isoformat() if message.due_on else None
        said["attachments"] = [
            {"file": name, "name": one.name, "content_type": one.content_type, "description": one.description}
            for name, one in _named(message)
        ]
    return (json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
