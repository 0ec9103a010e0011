"""A small office for tests: a ledger that numbers and files papers through its own door, in milliseconds."""

import datetime as dt
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import archive
from pipeline.archive import Filing
from pipeline.archive.journal import Places
from pipeline.archive.standing import witness
from pipeline.audit import audit
from pipeline.files import Spool
from pipeline.ledger import Columns, Drop, Ledger, NumberWish, Outcome
from pipeline.model import Artifact, Direction, Job, Role, State, TextTemplate
from tests.folders import empty_ledger

NOON = dt.datetime(2022, 5, 25, 12, 0, tzinfo=dt.UTC)
ROAD = (State.READ, State.ACCEPTED, State.FILLED, State.RENDERED, State.DELIVERED, State.SIGNED)


@dataclass(frozen=True)
class SmallOffice:
    """A working folder with nothing but what is recorded and filed."""

    folder: Path

    @property
    def places(self) -> Places:
        return Places(self.folder / "archive", self.folder / "moc-so")

    @property
    def database(self) -> Path:
        return self.folder / "var" / "vanthu.sqlite"

    @property
    def spool(self) -> Spool:
        return Spool(self.folder / "var" / "spool")

    def ledger(self) -> Ledger:
        return Ledger.open(f"sqlite:///{self.database}", lambda: NOON, "test")

    def file(self, ledger: Ledger, number: int, series: str = "KH") -> Job:
        """Take, number and file one paper, as the steps do."""
        content = f"%PDF-1.7 paper {number}".encode()
        taken = self.spool.put(content)
        job = ledger.take(Drop(f"{number}.pdf", "", taken, len(content), f"dev:{number}"), name_key=f"{number}").job
        for state in ROAD:
            job = ledger.advance(job, Outcome(state))
        columns = Columns(f"Kế hoạch số {number}", copies=1)
        template = TextTemplate.parse("{number}-" + series + "/CTĐ4")
        job = ledger.advance(
            job,
            Outcome(
                State.REGISTERED,
                number=NumberWish(f"{series}/2020-2025", Direction.OUTGOING, template, 2, columns),
            ),
        )
        path = PurePosixPath(f"{series}-2020-2025/{number:04d}.pdf")
        sidecar = archive.sidecar_of({"number": job.number, "sha256": taken})
        filing = Filing({path: content}, sidecar)
        archive.file(self.places.archive, filing)
        detail = {
            "path": path.as_posix(),
            "sha256": taken,
            "sidecar_sha256": self.spool.put(sidecar),
        }
        kept = (
            Artifact(Role.FILED, taken, len(content), path.as_posix()),
            Artifact(Role.SIDECAR, str(detail["sidecar_sha256"]), len(sidecar), filing.sidecar_path.as_posix()),
        )
        return ledger.advance(job, Outcome(State.ARCHIVED, files_number=True, artifacts=kept, detail=detail))

    def witness(self, ledger: Ledger) -> None:
        witness(ledger.log, self.places, self.folder / "var")

    def check(self) -> set[str]:
        """The codes of what `vanthu check` finds to be wrong."""
        ledger = self.ledger()
        try:
            found = audit(
                ledger, self.spool, self.places.archive, self.folder / "outbox", anchors=self.places.anchors
            )
        finally:
            ledger.close()
        return {one.code for one in found if one.severity.value == "block"}

    def copied(self, folder: Path) -> "SmallOffice":
        shutil.copytree(self.folder, folder)
        return SmallOffice(folder)


def small_office(folder: Path, papers: int = 3) -> SmallOffice:
    """An office that has filed some papers, each with a head put out after it."""
    office = SmallOffice(folder)
    office.database.parent.mkdir(parents=True)
    office.places.anchors.mkdir()
    office.places.archive.mkdir()
    office.database.write_bytes(empty_ledger())
    ledger = office.ledger()
    for number in range(1, papers + 1):
        office.file(ledger, number, "KH" if number % 2 else "CV")
        office.witness(ledger)
    ledger.close()
    return office


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
