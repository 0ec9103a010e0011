"""The ledger as whoever advances one job sees it: with what its steps have come to and is not on record yet.

What follows one step after the other, without an outside program in between, is recorded in one transaction: each
step an event of its own, as if it had been recorded by itself. A crash before that loses nothing but the work: the
bytes are in the spool, and the same steps done again come to the same (decision 0061).
"""

from collections.abc import Iterable

from pipeline.ledger import acts
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.outcome import Done, Lease, Outcome
from pipeline.model import Artifact, Identity, Job, Role
from pipeline.store.engine import writing


class Unrecorded(Ledger):
    """The ledger of `ledger`, in which `job` stands where its steps have brought it; for one thread."""

    def __init__(self, ledger: Ledger, job: Job, recorded: list[Artifact] | None = None) -> None:
        super().__init__(ledger.engine, ledger.clock, ledger.who)
        self._job_id = job.id
        self._stretch: list[Done] = []
        #: what is on record of the job: nobody adds to it while it is leased, and if somebody does, the job has moved
        self._recorded = recorded
        self._about: dict[tuple[str, str, int, str], list[Job]] = {}

    def advance(self, job: Job, outcome: Outcome, lease: Lease | None = None) -> Job:
        """Note what a step of the job came to; what concerns others too is recorded at once, after what was noted.

        Raises StateConflict.
        """
        if job.id != self._job_id:
            return super().advance(job, outcome, lease)
        if acts.is_plain(job, outcome):
            done = Done(job, outcome, self.clock())
            moved = acts.moved(job, outcome, done.at)
            self._stretch.append(done)
            return moved
        self.record(lease)
        self._forget()
        return super().advance(job, outcome, lease)

    def record(self, lease: Lease | None) -> Job | None:
        """Record what was noted and give the job as it stands; None where nothing was noted.

        The job is given back by it, or with `lease` stays with its worker. Raises StateConflict when it was moved
        since it was read; then nothing at all has changed.
        """
        # forgotten also when it cannot be recorded: it is done again, from what is on record
        stretch, self._stretch, known = self._stretch, [], self._recorded
        self._forget()
        if not stretch:
            return None
        with writing(self.engine) as connection:
            return acts.move_on(connection, stretch, self.who, lease, known)

    def _forget(self) -> None:
        self._recorded = None
        self._about.clear()

    def about(self, identity: Identity) -> list[Job]:
        """Read all jobs about one matter, once for a stretch: one that moves meanwhile is noticed by its row."""
        matter = (identity.kind, identity.unit, identity.year, identity.variant)
        if matter not in self._about:
            self._about[matter] = super().about(identity)
        return self._about[matter]

    def artifacts(self, job_id: int) -> list[Artifact]:
        """Read a job's artifacts, with those that its steps have made."""
        if job_id != self._job_id:
            return super().artifacts(job_id)
        if self._recorded is None:
            self._recorded = super().artifacts(job_id)
        newest: dict[tuple[Role, str], Artifact] = {}
        for artifact in (*self._recorded, *self._made()):
            # what is recorded again counts as recorded then
            newest.pop((artifact.role, artifact.sha256), None)
            newest[artifact.role, artifact.sha256] = artifact
        return list(newest.values())

    def newest(self, job_ids: Iterable[int], role: Role) -> dict[int, str]:
        """Give, by job, the sha256 of the newest artifact in a role, with those that its steps have made."""
        wanted = list(job_ids)
        found = super().newest(wanted, role)
        made = [artifact.sha256 for artifact in self._made() if artifact.role is role]
        return found | ({self._job_id: made[-1]} if made and self._job_id in wanted else {})

    def _made(self) -> list[Artifact]:
        return [artifact for done in self._stretch for artifact in done.outcome.artifacts]
