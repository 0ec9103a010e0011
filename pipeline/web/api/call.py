"""One request of one program: as a visit of a page, but that what is decided is answered as JSON."""

from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Self

from pydantic import TypeAdapter
from starlette.datastructures import FormData
from starlette.responses import Response

from pipeline.app import wording
from pipeline.messages import shown, tr
from pipeline.model import Job
from pipeline.status import explain
from pipeline.status.reasons import Told, told
from pipeline.web.api import shapes
from pipeline.web.api.problem import Refused
from pipeline.web.pages.document import files_of
from pipeline.web.visit import Visit

ROOT = "/api/v1"


@dataclass(frozen=True)
class Call(Visit):
    """One request of one program; `body` is what it sent, in the shape that its operation takes, and `sent` files."""

    body: Any = None
    sent: tuple[tuple[str, str, BinaryIO], ...] = field(default=())  #: name, sha256, and the bytes

    def about(self, job: Job) -> Self:
        """The same, of the document that its address names."""
        return replace(self, job=job)

    def with_body(self, form: FormData, body: Any = None, sent: tuple[tuple[str, str, BinaryIO], ...] = ()) -> Self:  # noqa: ANN401 - one of the shapes
        """The same with what was sent."""
        return replace(self, form=form, body=body, sent=sent)

    def reason(self) -> str:
        """The reason that every decision has. Raises Refused when there is none."""
        said = " ".join(self.asked("why").split())
        if not said:
            raise Refused("body.unreadable", tr("Write the reason: it goes into the record with your name."))
        return said

    def must_be_unchanged(self) -> None:
        """Refuse what was decided looking at an older state of a document. Raises Refused."""
        if self.asked("sequence") != str(self.document.sequence):
            text = tr("Document #{id} has changed since it was looked at; nothing was done.", id=self.document.id)
            raise Refused("document.changed", text, sequence=self.document.sequence)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - as of a visit
        """There are no pages here."""
        raise TypeError(f"{template} is no answer for a program")

    def done(self) -> Response:
        """Bring everything up to what was done with the document, and give it as it is now."""
        self.office.settle(self.workspace)
        return answered(self.whole(self.workspace.ledger.job(self.document.id)))

    def summary(self, one: Told) -> shapes.DocumentSummary:
        """A document as it is listed."""
        return shapes.DocumentSummary(**_facts(one))

    def whole(self, job: Job) -> shapes.Document:
        """A document with what happens next and its files."""
        (said,) = told(self.workspace, [job])
        explained = explain(self.workspace, job)
        here = f"{ROOT}/documents/{job.id}/files"
        files = (
            shapes.File(one.role.value, name, one.sha256, one.size_bytes, f"{here}/{one.sha256}")
            for one, name in files_of(self, job)
        )
        return shapes.Document(
            **_facts(said), next_step=shown(explained.next_step), lies_in=explained.lies_in, files=tuple(files)
        )


def _facts(one: Told) -> dict[str, Any]:
    job = one.job
    return {
        "id": job.id,
        "state": job.state.value,
        "state_text": wording.state_of(job),
        "sequence": job.sequence,
        "title": one.title,
        "kind": job.kind,
        "unit": job.unit,
        "year": job.year,
        "variant": job.variant,
        "revision": job.revision,
        "code": job.code,
        "number": job.number,
        "name": job.name,
        "folder": job.folder,
        "submission_sha256": job.submission_sha256,
        "document_on": job.document_on,
        "received_at": job.received_at,
        "changed_at": job.changed_at,
        "why": shown(one.why),
        "href": f"{ROOT}/documents/{job.id}",
    }


def answered(value: object, status: int = 200) -> Response:
    """A value of one of the shapes as an answer."""
    return Response(TypeAdapter(type(value)).dump_json(value), status, media_type="application/json")
