"""A browser as tests need one: it keeps its cookie, and says of its requests what browsers say."""

import dataclasses
import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from pipeline.app import people
from pipeline.app.settings import read_settings
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Job, PersonRole, State
from pipeline.web.application import application
from pipeline.web.office import Office
from pipeline.workspace import Workspace
from tests.folders import drop, let_in

PASSWORD: Final = "mat-khau-dai-1"  # noqa: S105 - of accounts that live as long as a test
HERE: Final = "http://127.0.0.1:8022"
#: Of each role one account; the unit's is of EVNHCMC.
ACCOUNTS: Final = {
    PersonRole.CLERK: ("lan", "Nguyễn Thị Lan", ""),
    PersonRole.LEADER: ("hung", "Trần Văn Hùng", ""),
    PersonRole.UNIT: ("dien", "Lê Thị Điện", "EVNHCMC"),
    PersonRole.READER: ("tra", "", ""),
}


class Browser(TestClient):
    """One browser, in which nobody has come in yet."""

    __test__ = False

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, base_url=HERE, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})

    def come_in(self, name: str, password: str = PASSWORD) -> httpx2.Response:
        """Say name and password at the door."""
        return self.post("/vao", data={"name": name, "password": password})

    def decide(self, path: str, job: Job, **fields: str) -> httpx2.Response:
        """Press a button of a document's page, as it was shown of the job as it is given."""
        return self.post(f"/ho-so/{job.id}/{path}", data={"sequence": str(job.sequence), **fields})

    def text(self, path: str) -> str:
        """What a page says, without its marks; the page must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words(answer))
        return words(answer)


def words(answer: httpx2.Response) -> str:
    """What a page says, without its marks."""
    bare = re.sub(r"<[^>]*>", " ", answer.text.partition("<body>")[2])
    return html.unescape(re.sub(r"\s+", " ", bare))


@dataclass
class Rooms:
    """A working folder that is open in the browser, with an account of each role."""

    folder: Path
    workspace: Workspace
    app: ASGIApp
    office: Office

    @classmethod
    def of(cls, folder: Path, workspace: Workspace) -> "Rooms":
        """Open a workspace in the browser."""
        for role, (name, full_name, unit) in ACCOUNTS.items():
            people.add(workspace, name, full_name, role, unit, PASSWORD)
        return cls.again(folder, workspace)

    @classmethod
    def again(cls, folder: Path, workspace: Workspace) -> "Rooms":
        """Open a workspace whose people are known."""
        office = Office.of(dataclasses.replace(workspace, office=None), read_settings(folder, {}))
        return cls(folder, workspace, application(office), office)

    def browser(self, role: PersonRole | None = None) -> Browser:
        """A browser in which a person of a role has come in, or nobody."""
        made = Browser(self.app)
        if role is not None:
            assert made.come_in(ACCOUNTS[role][0]).status_code == 303
        return made

    def drop(self, name: str, content: str | bytes, folder: str = "") -> Job:
        """Drop a file and work it off; gives its job."""
        drop(self.folder, name, content, folder)
        self.serve()
        return max(self.workspace.ledger.in_states(State), key=lambda job: job.id)

    def serve(self) -> None:
        """Work off what lies in the inbox."""
        serve_once(Worker(self.workspace, 1), Rhythm(1, 0))
        if let_in(self.workspace):
            serve_once(Worker(self.workspace, 1), Rhythm(1, 0))

    def job(self, job: Job) -> Job:
        """Read a job as it is now."""
        return self.workspace.ledger.job(job.id)
