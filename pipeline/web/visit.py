"""One request of one person, with the rights that hold for it, and the answers that are made of it."""

import functools
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jinja2
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline import messages
from pipeline.app import wording
from pipeline.errors import NotAllowedNow
from pipeline.messages import tr
from pipeline.model import Job, Person
from pipeline.web.office import Office
from pipeline.web.rights import Reach, reach_of
from pipeline.workspace import Workspace

_TEMPLATES: Final = Path(__file__).with_name("templates")
#: The pages one goes to by themselves, in the order of the day.
_PLACES: Final = ("today", "forms", "drop", "signing", "register", "year", "figures", "kinds", "machine")


@dataclass(frozen=True)
class Visit:
    """One request of one person; `job` is the document its address names, which the right extends to."""

    office: Office
    request: Request
    person: Person
    reach: Reach
    workspace: Workspace
    job: Job | None = None
    form: FormData = field(default_factory=FormData)

    @property
    def document(self) -> Job:
        """The document that the address names."""
        if self.job is None:
            raise TypeError("this address names no document")
        return self.job

    def asked(self, name: str) -> str:
        """What a form, or else the address, says in a field, its letters composed (NFC); "" for nothing."""
        said = self.form.get(name, self.request.query_params.get(name, ""))
        # some keyboards type a letter and its tone apart: one word would be two, in the history and in a search
        return unicodedata.normalize("NFC", said).strip() if isinstance(said, str) else ""

    @property
    def files(self) -> list[UploadFile]:
        """The files that came with a form; an empty choice is none."""
        return [one for one in self.form.getlist("file") if isinstance(one, UploadFile) and one.filename]

    def reason(self) -> str:
        """The reason that every decision has. Raises NotAllowedNow when there is none."""
        said = " ".join(self.asked("why").split())
        if not said:
            raise NotAllowedNow(tr("Write the reason: it goes into the record with your name."))
        return said[:500]

    def must_be_unchanged(self) -> None:
        """Refuse what was decided looking at an older state of a document. Raises NotAllowedNow."""
        if self.asked("sequence") != str(self.document.sequence):
            raise NotAllowedNow(
                tr(
                    "Document #{id} has changed since this page was opened (in another window, or by somebody else). "
                    "Nothing was done: look at it again.",
                    id=self.document.id,
                )
            )

    def page(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - as jinja takes it
        """Show a page."""
        return shown(template, status, visit=self, person=self.person, places=self.places(), **values)

    def live(self, path: str) -> tuple[int, str]:
        """By what a page knows that it has changed: the last event, asked before all else; and where it is anew."""
        head, _ = self.workspace.ledger.events_head()
        return head, path

    def go(self, path: str) -> Response:
        """Go to a page after something was done: loading it again does nothing twice."""
        return RedirectResponse(path, 303)

    def done(self) -> Response:
        """Bring everything up to what was done with the document, and show it."""
        self.office.settle(self.workspace)
        return self.go(f"/ho-so/{self.document.id}")

    def may(self, route: str) -> bool:
        """Whether this person may use a route at all; what may not be done is not shown."""
        return reach_of(route, self.person.role) is not None

    def places(self) -> list[tuple[str, str, bool]]:
        """The pages this person may go to: path, title, and whether it is this one."""
        titles = {
            "today": tr("Today"),
            "forms": tr("Forms"),
            "drop": tr("Drop files"),
            "signing": tr("For signature"),
            "register": tr("Register"),
            "year": tr("Year"),
            "figures": tr("Figures"),
            "kinds": tr("Kinds"),
            "machine": tr("Machine"),
        }
        here = self.request.url.path
        found = []
        for name in _PLACES:
            if self.may(name):
                path = str(self.request.app.url_path_for(name))
                found.append((path, titles[name], path == here))
        return found


def shown(template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - as jinja takes it
    """Show a page, to whomever."""
    given = {"person": None, "places": (), "live": None, "language": messages.language()} | values
    return HTMLResponse(_environment().get_template(template).render(given), status)


@functools.cache
def _environment() -> jinja2.Environment:
    # names of files, units and reasons are other people's words: escaped wherever they stand; what is missing is an
    # error, not an empty place
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        tr=messages.tr,
        said=messages.shown,
        place=lambda at: messages.shown(messages.place(at)),
        state_of=wording.state_of,
        step_of=wording.step_of,
        weight_of=wording.weight_of,
        role_of=wording.role_of,
        file_role=wording.file_role,
        reason=wording.reason,
        accepted=wording.accepted,
        verdict=wording.verdict,
        moment=wording.moment,
        day=wording.day,
        say_count=messages.say_count,
    )
    return made
