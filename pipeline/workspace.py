"""The workspace: everything a step needs, opened once and passed along; steps take values from it."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter

from pipeline import blank_forms, kinds
from pipeline.archive.copying import ArchiveCopy
from pipeline.archive.journal import Places
from pipeline.errors import IntegrityError, StateConflict, YearError
from pipeline.files import CannotWrite, Identity, Spool
from pipeline.files.shared_spool import SharedSpool, StoreIdentity
from pipeline.kinds import Kind, Loaded
from pipeline.kinds.orders import ORDERS
from pipeline.kinds.outside import OUTSIDE
from pipeline.ledger import Lease, Ledger
from pipeline.ledger.chain import canonical
from pipeline.model import (
    Artifact,
    Description,
    Finding,
    Job,
    JsonObject,
    Order,
    Proposal,
    Reading,
    Recognition,
    Reply,
    Role,
    SignatureCheck,
    State,
    TextLayer,
)
from pipeline.practice import Folders, Mail, Practice
from pipeline.reading import ContentName, KindForm, ReadingContext, Sight, UnitNames
from pipeline.tools.guard import Guard
from pipeline.tools.soffice import Converter, Office
from pipeline.tools.tesseract import Tesseract
from pipeline.years import Year

T = TypeVar("T")
#: Of each sort: `watch` runs for months, and every job leaves something to remember.
MOST_REMEMBERED = 2048
_READING = TypeAdapter(Reading)
_DESCRIPTION = TypeAdapter(Description)
_FINDINGS = TypeAdapter(tuple[Finding, ...])
_RECOGNITION = TypeAdapter(Recognition)
_SIGNATURES = TypeAdapter(SignatureCheck)
_TEXT_LAYER = TypeAdapter(TextLayer)
_PROPOSAL = TypeAdapter(Proposal)


@dataclass(frozen=True)
class Workspace:
    """One working folder, open. `loaded` gives the kinds as the templates folder has them at this moment."""

    folders: Folders
    practice: Practice
    ledger: Ledger
    spool: Spool
    years: Mapping[int, Year]
    loaded: Callable[[], Loaded]
    guard: Guard
    office: Office | None
    converter: Converter | None
    tesseract: Tesseract | None
    #: by which the secrecy gate looks at pictures
    sight: Sight
    #: by which people are told to look into their folders; None where nobody asked for it
    mail: Mail | None
    clock: Callable[[], dt.datetime]
    #: under which this process works on a job
    lease: Lease
    #: gives the secret by which the office knows its own page marks
    mark_key: Callable[[], bytes]
    #: carries out an order of the clerk: what a person may do is known above the steps
    obey: Callable[["Workspace", Order], Reply]
    #: the archive once more, elsewhere; None where nobody asked for it
    copy: ArchiveCopy | None = None
    #: gives the secret with which links are signed
    link_key: Callable[[], bytes] | None = None
    #: what was read of the spool before: its bytes never change under their hash
    _kinds: dict[str, Kind] = field(default_factory=dict, repr=False)
    _readings: dict[str, Reading] = field(default_factory=dict, repr=False)
    _findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict, repr=False)
    _contexts: dict[str, ReadingContext] = field(default_factory=dict, repr=False)
    #: by job, why not all its pictures were looked at for marks: the first event of a history never changes
    _unseen: dict[str, str] = field(default_factory=dict, repr=False)

    def mail_of(self, unit: str) -> tuple[str, ...]:
        """Give the addresses to which a unit of the current year wants to be told; () where it did not ask."""
        year = self.years.get(self.practice.year)
        found = next((one for one in year.units if one.code == unit), None) if year is not None else None
        return found.mail if found is not None else ()

    @property
    def places(self) -> Places:
        """Where the proofs lie."""
        return Places(self.folders.archive, self.folders.anchors)

    @property
    def identities(self) -> Mapping[str, Identity | StoreIdentity]:
        """What folders and object stores are known by that may be away, by their names in config.yaml."""
        apart = {"spool": self.spool.identity} if isinstance(self.spool, SharedSpool) else {}
        return {**self.folders.identities, **apart}

    @property
    def is_spool_shared(self) -> bool:
        """Whether other machines see the spool: on a share, or in an object store."""
        return self.folders.is_spool_apart or isinstance(self.spool, SharedSpool)

    def must_be_there(self, name: str) -> None:
        """Make sure that "inbox", "outbox", "archive" or a "spool" apart is the folder it was. Raises FolderAway."""
        self.folders.identities[name].must_be_there()

    def spool_must_be_there(self) -> None:
        """Make sure that a spool apart is the one it was: bytes put below an empty mount point are lost.

        Raises FolderAway.
        """
        if self.folders.is_spool_apart:
            self.must_be_there("spool")
        self.spool.must_be_there()

    def today(self) -> dt.date:
        """Give the date in local time: a document dropped in the evening has the office's date, not that of UTC."""
        return self.clock().astimezone().date()

    def year(self, year: int) -> Year:
        """Give the facts of a year. Raises YearError when there are none."""
        if year not in self.years:
            raise YearError(
                f"There is no sound file years/{year}.yaml. Mend it, or copy last year's and change its facts."
            )
        return self.years[year]

    @property
    def words(self) -> Mapping[str, str]:
        """The words that the files of kinds leave to the office: those of the current year."""
        year = self.years.get(self.practice.year)
        return self.practice.words_of(year) if year else kinds.OF_NO_OFFICE

    def kind(self, job: Job) -> Kind:
        """Give a job's kind as it was when the job began, from the bundle kept with the job."""
        if job.kind in OUTSIDE:
            return OUTSIDE[job.kind]
        if job.kind == ORDERS.id:
            return ORDERS
        return _remembered(self._kinds, job.bundle_sha256, lambda: kinds.unpack(self.spool.get(job.bundle_sha256)))

    def unseen(self, job: Job) -> str:
        """Tell why not every picture in a submission was looked at for marks of secrecy; "" where all were."""

        def recorded() -> str:
            events = self.ledger.events(job.id)[:1]
            return str(events[0].detail.get("unseen", "")) if events else ""

        return _remembered(self._unseen, str(job.id), recorded)

    def note_unseen(self, job: Job, why: str) -> None:
        """Remember the same of a job whose first event has just been recorded here."""
        _remembered(self._unseen, str(job.id), lambda: why)

    def cost_of(self, job: Job) -> int:
        """Give a figure that grows with the work a job is: the bytes of its submission."""
        try:
            return self.spool.seen(job.submission_sha256).size_bytes
        except (IntegrityError, CannotWrite):  # it is gone or away: whoever opens it will say so
            return 0

    def artifact(self, job: Job, role: Role) -> bytes:
        """Give a job's newest recorded bytes in a role. Raises StateConflict when there are none."""
        # read by its hash, which `Spool.get` proves: changed bytes are never worked on
        return self.spool.get(self._artifact(job, role).sha256)

    def _artifact(self, job: Job, role: Role) -> Artifact:
        artifact = self.ledger.artifact(job.id, role)
        if artifact is None:
            raise StateConflict(f"Job {job.id} has no {role.value} on record. This is a bug; please report it.")
        return artifact

    def reading(self, job: Job) -> Reading:
        """Give what was read of a job's form."""
        return self._reading(self._artifact(job, Role.READING).sha256)

    def context(self) -> ReadingContext:
        """Give what a reader must know: the fields of every kind, the names of the year's units and contents."""
        loaded, year = self.loaded(), self.year(self.practice.year)
        # by content, not by time: the templates folder may change while `watch` runs, and change back
        key = f"{year.year} {year.digest} {' '.join(kind.digest for kind in loaded.kinds.values())}"
        return _remembered(self._contexts, key, lambda: reading_context(loaded.kinds.values(), year))

    def readings(
        self, kinds: Collection[str], year: int, states: Iterable[State], but: Job
    ) -> Iterator[tuple[Job, Reading]]:
        """Give what was read of the forms of all jobs of some kinds, a year and some states, but for one."""
        others = self.ledger.with_newest(kinds, year, states, Role.READING)
        return ((job, self._reading(sha256)) for job, sha256 in others if job.id != but.id)

    def _reading(self, sha256: str) -> Reading:
        return _remembered(self._readings, sha256, lambda: _READING.validate_json(self.spool.get(sha256)))

    def findings(self, job: Job) -> tuple[Finding, ...]:
        """Give what was found about a job, nothing when it was not judged yet."""
        return self.findings_of([job]).get(job.id, ())

    def findings_of(self, jobs: Iterable[Job]) -> dict[int, tuple[Finding, ...]]:
        """Give what was found about several jobs, by their ids; those not judged yet are left out."""
        newest = self.ledger.newest([job.id for job in jobs], Role.FINDINGS)
        return {job_id: self._found(sha256) for job_id, sha256 in newest.items()}

    def _found(self, sha256: str) -> tuple[Finding, ...]:
        return _remembered(self._findings, sha256, lambda: _FINDINGS.validate_json(self.spool.get(sha256)))

    def description(self, job: Job) -> Description | None:
        """Give what register and archive say of a job's document, None when it was never recorded."""
        artifact = self.ledger.artifact(job.id, Role.DESCRIPTION)
        return _DESCRIPTION.validate_json(self.spool.get(artifact.sha256)) if artifact else None

    def doc(self, job: Job, kind: Kind) -> JsonObject:
        """Give the values of a job's form with what the year supplies for places left empty."""
        values = self.reading(job).values
        # as of the document's own day: signatory and acts may have changed since
        return kind.completed(values, self.year(job.year).as_values(kind.date_of(values)))

    def keep(self, role: Role, content: bytes, name: str = "") -> Artifact:
        """Keep bytes in the spool as an artifact to be recorded."""
        return Artifact(role, self.spool.put(content), len(content), name)

    def keep_file(self, role: Role, sha256: str, name: str = "") -> Artifact:
        """Describe bytes that the spool holds already as an artifact to be recorded."""
        return Artifact(role, sha256, self.spool.seen(sha256).size_bytes, name)

    def pages_of(self, job: Job) -> int:
        """Give how many pages a job's document has, 0 when no PDF of it was made."""
        pages = self._rendered(job).get("pages")
        return pages if isinstance(pages, int) else 0

    def mark_key_of(self, job: Job) -> str:
        """Give the fingerprint of the key with which a job's pages were marked, "" for pages without marks."""
        return str(self._rendered(job).get("mark_key", ""))

    def _rendered(self, job: Job) -> Mapping[str, object]:
        # the last rendition: that one was printed, and the paper is held against it (A04)
        for event in reversed(self.ledger.events(job.id)):
            if event.to_state == State.RENDERED:
                return event.detail
        return {}

    def keep_reading(self, reading: Reading) -> Artifact:
        """Keep what was read of a form."""
        return self.keep(Role.READING, _READING.dump_json(reading))

    def recognition(self, job: Job) -> Recognition | None:
        """Give what was seen of a signed paper that came back, None for a file that was not taken for one."""
        artifact = self.ledger.artifact(job.id, Role.RECOGNITION)
        return _RECOGNITION.validate_json(self.spool.get(artifact.sha256)) if artifact else None

    def keep_recognition(self, recognition: Recognition) -> Artifact:
        """Keep what was seen of a signed paper."""
        return self.keep(Role.RECOGNITION, _RECOGNITION.dump_json(recognition))

    def signatures(self, job: Job) -> SignatureCheck | None:
        """Give what is known of the digital signatures of a paper, or of a document's paper; None without any."""
        artifact = self.ledger.artifact(job.id, Role.SIGNATURES)
        return _SIGNATURES.validate_json(self.spool.get(artifact.sha256)) if artifact else None

    def keep_signatures(self, check: SignatureCheck) -> Artifact:
        """Keep what is known of a paper's digital signatures."""
        return self.keep(Role.SIGNATURES, _SIGNATURES.dump_json(check))

    def text_layer(self, job: Job) -> TextLayer | None:
        """Give what was read of a document's newest scanned paper, None where nothing was to be read."""
        artifact = self.ledger.artifact(job.id, Role.TEXT_LAYER)
        return self.layer_of(artifact) if artifact else None

    def layer_of(self, artifact: Artifact) -> TextLayer:
        """Give a text layer that was kept."""
        return _TEXT_LAYER.validate_json(self.spool.get(artifact.sha256))

    def keep_text_layer(self, layer: TextLayer) -> Artifact:
        """Keep what was read of a scanned paper."""
        return self.keep(Role.TEXT_LAYER, _TEXT_LAYER.dump_json(layer))

    def keep_findings(self, findings: tuple[Finding, ...]) -> Artifact:
        """Keep what was found about a form."""
        return self.keep(Role.FINDINGS, _FINDINGS.dump_json(findings))

    def keep_description(self, description: Description) -> Artifact:
        """Keep what register and archive say of a document."""
        return self.keep(Role.DESCRIPTION, _DESCRIPTION.dump_json(description))

    def proposal(self, job: Job) -> Proposal | None:
        """Give what was read on a paper that was not made here, None for any other job."""
        artifact = self.ledger.artifact(job.id, Role.PROPOSAL)
        return _PROPOSAL.validate_json(self.spool.get(artifact.sha256)) if artifact else None

    def keep_proposal(self, proposal: Proposal) -> Artifact:
        """Keep what was read on a paper that was not made here, or what a person says of it."""
        return self.keep(Role.PROPOSAL, _PROPOSAL.dump_json(proposal))

    def keep_values(self, values: JsonObject) -> Artifact:
        """Keep what is given to a template."""
        # in one spelling, so that equal values are equal bytes and lie in the spool once
        return self.keep(Role.VALUES, canonical(values).encode())


def reading_context(known: Iterable[Kind], year: Year) -> ReadingContext:
    """Everything that reading knows of these kinds and this year."""
    orders = KindForm(ORDERS.id, ORDERS.title_vi, ORDERS.form_titles, ORDERS.fields, is_order=True)
    return ReadingContext(
        kinds=(
            *(KindForm(kind.id, kind.title_vi, kind.form_titles, kind.fields, kind.abbreviation) for kind in known),
            orders,
        ),
        units=tuple(UnitNames(unit.code, tuple(unit.names())) for unit in year.units),
        contents=tuple(ContentName(content.code, content.title) for content in year.contents),
        year=year.year,
        standing=(year.cluster.name, *blank_forms.standing_lines()),
    )


def _remembered(memory: dict[str, T], key: str, made: Callable[[], T]) -> T:
    """Give what was made of some bytes before, or make it; the oldest is forgotten when there are too many."""
    # threads share it without a lock: made twice a value is the same, and its key names its content
    if key not in memory:
        if len(memory) >= MOST_REMEMBERED:
            memory.pop(next(iter(memory)), None)
        memory[key] = made()
    return memory[key]
