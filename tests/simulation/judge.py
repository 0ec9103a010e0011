"""What must be so after every history, and what is watched while it is lived."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from pipeline import flow
from pipeline.audit import audit
from pipeline.errors import VanthuError
from pipeline.files import Spool
from pipeline.files.withdrawing import ASIDE
from pipeline.ledger import Ledger
from pipeline.model import State
from pipeline.naming import Answer
from pipeline.proof.standalone import MARKER
from pipeline.store.trouble import BUSY_SECONDS
from tests.simulation.disk import Node
from tests.simulation.ledgers import faults_of
from tests.simulation.office import FOLDERS
from tests.simulation.people import AWAITING, LINGERS_SECONDS, Dropped
from tests.simulation.store import Store
from tests.simulation.world import SECOND, World

#: What `check` may say after a history in which nobody but the program touched anything.
#: Bytes that a killed process has put into the spool and not recorded are told there.
_MAY_BE: Final = frozenset({"outbox.gone", "outbox.changed", "spool.unrecorded"})
_OUTBOX: Final = "/office/outbox/"
_INBOX: Final = "/office/inbox/"
#: What is changed so shortly before its renaming nobody can have seen.
_MOMENT: Final = 0.02
#: The same where other programs go on between that look and the renaming.
_LONG_MOMENT: Final = 0.3
#: Times that are told no finer say nothing about a moment.
_EXACT_NS: Final = 10_000_000
#: Of what was not taken there is no job, and no publication: its notice says so.
_NOTICE: Final = ".thong-bao.docx"
#: What the clerk's folder is kept supplied with, as the views are: made of what is recorded, and recorded nowhere.
_LAID_OUT: Final = re.compile(r"van-thu/(?:yeu-cau\.xlsx|[a-z-]+-\d{4}\.docx)")


def sha256(content: bytes | bytearray) -> str:
    return hashlib.sha256(content).hexdigest()


class Watchman:
    """Looks on at each name that is put or taken away."""

    def __init__(self, world: World, store: Store) -> None:
        self._world, self._store = world, store
        self.stood: dict[str, str] = {}

    def named(self, full: str, node: Node) -> None:
        if full.startswith(_INBOX) and ASIDE in full:
            self._rested(full, node)
        if not full.startswith(_OUTBOX) or "/.vanthu-" in full:
            return
        said = sha256(node.data)
        path = full.removeprefix(_OUTBOX)
        is_recorded = not full.endswith(_NOTICE) and not _LAID_OUT.fullmatch(path)
        if is_recorded and not self._store.rows(
            "SELECT 1 FROM publications WHERE path = ? AND sha256 = ?", path, said
        ):
            self._world.violated(f"published and not recorded: {path}")
        if full.startswith(AWAITING) and self.stood.setdefault(full, said) != said:
            self._world.violated(f"other bytes under the same version: {path}")

    def _rested(self, full: str, node: Node) -> None:
        """What is set aside had come to rest; asked where times are exact."""
        world, plan = self._world, self._world.plan
        if plan.coarse_ns > _EXACT_NS or world.offset:
            return
        is_alone = plan.workers == 1 and not any(act.what == "operator" for act in plan.acts)
        age_s = (world.disk.now_ns - node.mtime_ns + plan.coarse_ns) / SECOND
        if (_MOMENT if is_alone else _LONG_MOMENT) < age_s < plan.quiet:
            world.violated(f"taken {age_s:.2f} s after a change: {full}")

    def rendering(self, draft: bytes, holder: str) -> None:
        """What LibreOffice is given by who holds the job is recorded, and what was made last."""
        code = json.loads(draft[5:])["code"]
        # of a job that has gone on since it was read the result does not count, whatever it is
        for job, state in self._store.rows(
            "SELECT id, state FROM jobs WHERE code = ? AND lease_owner = ?", code, holder
        ):
            drafts = self._store.rows(
                "SELECT sha256 FROM artifacts WHERE job_id = ? AND role = 'draft' ORDER BY id", job
            )
            if state != State.FILLED.value:
                self._world.violated(f"job {job} is {state} on record, and LibreOffice is at work on it")
            elif not drafts or drafts[-1][0] != sha256(draft):
                self._world.violated(f"LibreOffice is given another draft of job {job} than the newest")

    def taken_away(self, node: Node) -> None:
        world = self._world
        if world.current is None or node.links:
            return
        # by it a worker is known to live: without it, its leases would be waited for when it is killed
        if node.locked_by is not None and node.locked_by.process != world.current.number:
            world.violated(f"what {node.locked_by.path} locks is taken away while somebody holds it")
        if node.process:
            return
        # of another machine: what lay in the inbox
        if not self._store.rows("SELECT 1 FROM drops WHERE sha256 = ?", sha256(node.data)):
            world.violated(f"taken away and not recorded: {bytes(node.data)[:40]!r}")
        is_clock_new = world.now - world.clock_set < LINGERS_SECONDS * SECOND and world.plan.share == "remote"
        if node.writers and not is_clock_new:
            world.violated(f"taken away under its writer: {bytes(node.data)[:40]!r}")


def judged(world: World, store: Store, dropped: Dropped) -> Iterator[str]:
    """Everything that is not as it must be when all has come to rest."""
    ledger = Ledger(store.engine, world.clock, "judge")
    yield from _drops(world, store, dropped)
    yield from _rest(store)
    yield from _numbers(store)
    yield from _outbox(world, ledger)
    yield from _bytes(world)
    yield from _archive(world, store, dropped)
    yield from _newest(store, world)
    yield from _once(store)
    yield from _gave_way(store)
    yield from _answered(store)
    yield from _failures(store)
    yield from faults_of(store.beside())
    found = audit(ledger, Spool(FOLDERS.var / "spool"), FOLDERS.archive, FOLDERS.outbox, anchors=FOLDERS.anchors)
    yield from (f"check finds {one.code} {one.found}" for one in found if one.code not in _MAY_BE)


def _drops(world: World, store: Store, dropped: Dropped) -> Iterator[str]:
    """Dropped = recorded + still in the inbox, each once."""
    recorded = Counter(sha for (sha,) in store.rows("SELECT sha256 FROM drops"))
    # what a person has cancelled may be taken anew, if it lies there still
    counted = Counter(sha for (sha,) in store.rows("SELECT sha256 FROM drops WHERE fingerprint NOT LIKE '% #%'"))
    inbox = list(world.disk.walk(world.disk.find("/office/inbox")))
    lying = Counter(sha256(node.data) for _, node in inbox)
    known = {sha256(content): content for content in (*dropped.must, *dropped.may)}
    yield from _left(inbox)
    for said in recorded:
        if said not in known:
            yield f"taken though nobody finished it: {said[:8]}"
        elif (count := counted[said]) + lying[said] > dropped.most(known[said]):
            yield f"taken {count} times, dropped {dropped.most(known[said])}: {known[said][:50]!r}"
    for content, times in dropped.must.items():
        said = sha256(content)
        if recorded[said] + lying[said] < times:
            yield f"lost: {content[:50]!r} (dropped {times}, recorded {recorded[said]}, lying {lying[said]})"
        if b'"unseen"' in content and recorded[said] and not _admits(world):
            yield f"what could not be looked into was recorded: {content[:50]!r}"
        if content in dropped.marked and recorded[said]:
            yield f"a marked file was recorded: {content[:50]!r}"
    shas = {sha256(content) for content in dropped.marked}
    yield from (
        f"a marked file was copied: {path}" for path, _ in world.disk.walk() if path.rpartition("/")[2] in shas
    )
    for job, count in store.rows("SELECT job_id, count(*) FROM drops WHERE is_repeat = 0 GROUP BY job_id"):
        if count != 1:
            yield f"job {job} was opened by {count} drops"


def _admits(world: World) -> bool:
    return any(act.what == "operator" and act.said["does"] == "admit" for act in world.plan.acts)


def left_by_the_living(world: World) -> Iterator[str]:
    """Parts of files that a program left which was neither killed nor met trouble."""
    for path, node in world.disk.walk():
        is_left = path.endswith(".part") and path.rpartition("/")[2] not in world.not_removed
        if is_left and node.process and node.process not in world.died:
            yield f"left behind by a program that ended well: {path}"


def _left(inbox: list[tuple[str, Node]]) -> Iterator[str]:
    """What lies in the inbox at the end, and should not."""
    for path, node in inbox:
        if "/.cach-ly/" in path or path == f"/{MARKER}":
            continue
        if "/." in path:
            yield f"left in the inbox: {path}"
        elif not any(mark in node.data for mark in (b'"unseen"', b'"marked"')):
            yield f"never taken: {path}"


def _rest(store: Store) -> Iterator[str]:
    """Everything rests: no job is under way, none is leased, nothing is still to be published."""
    work = [state.value for state in flow.WORK if state is not State.WAITING]
    marks = ",".join("?" * len(work))
    for job, state in store.rows(f"SELECT id, state FROM jobs WHERE state IN ({marks})", *work):  # noqa: S608
        yield f"job {job} does not rest: {state}"
    for (job,) in store.rows("SELECT id FROM jobs WHERE lease_owner <> ''"):
        yield f"job {job} is leased for ever"
    for job, what in store.rows("SELECT job_id, what FROM attempts"):
        if str(BUSY_SECONDS) in what and any(word in what.lower() for word in ("sổ cái", "ledger")):
            yield f"a busy store is an attempt of job {job}: {what}"
    for (path,) in store.rows("SELECT path FROM publications WHERE done_at = ''"):
        yield f"never published: {path}"
    for detail, count in store.rows("SELECT detail, count(*) FROM events WHERE action = 'intake.told' GROUP BY 1"):
        if count > 1:
            yield f"told {count} times: {detail}"


def _named(kind: type[BaseException]) -> Iterator[str]:
    yield kind.__name__
    for narrower in kind.__subclasses__():
        yield from _named(narrower)


def _failures(store: Store) -> Iterator[str]:
    """Nothing is held because the program itself, or a stand-in of ours, has failed: only for what the world does."""
    of_the_world = {*_named(VanthuError), *_named(OSError), "OperationalError"}
    for job, error in store.rows(
        "SELECT job_id, json_extract(detail, '$.error') FROM events WHERE to_state = 'held' ORDER BY id"
    ):
        if error and error.partition(":")[0] not in of_the_world:
            yield f"job {job} is held by a failure of the program: {error}"


def leased_at_rest(store: Store) -> Iterator[str]:
    """Jobs that somebody has leased though nobody works on anything any more."""
    for job, state in store.rows("SELECT id, state FROM jobs WHERE lease_owner <> ''"):
        yield f"job {job} ({state}) is leased, and nobody works on it"


def _gave_way(store: Store) -> Iterator[str]:
    """What was replaced was replaced by something: of each matter one job stands, or was ended by a person."""
    for (job,) in store.rows(
        "SELECT max(id) FROM jobs GROUP BY kind, unit, year, variant HAVING min(state) = 'superseded' AND "
        "max(state) = 'superseded'"
    ):
        yield f"job {job} gave way to nothing"


def _answered(store: Store) -> Iterator[str]:
    """Whoever's form was accepted or went back has been told."""
    for job, action in store.rows(
        "SELECT DISTINCT job_id, action FROM events WHERE action IN ('job.accepted', 'job.returned')"
    ):
        answer = Answer.RECEIPT if action == "job.accepted" else Answer.RETURNED
        if not store.rows(
            "SELECT 1 FROM publications WHERE job_id = ? AND path LIKE ? AND sha256 <> ''",
            job,
            f"%.{answer}.hs{job}.%",
        ):
            yield f"job {job} was {action.removeprefix('job.')}, and nobody was told"


def _once(store: Store) -> Iterator[str]:
    """The same bytes from one folder are one job; an incident is one; a paper belongs to one document."""
    for name, count in store.rows(
        "SELECT name, count(*) FROM jobs j WHERE state <> 'cancelled' AND id IN (SELECT job_id FROM events WHERE "
        "action = 'intake.take') GROUP BY submission_sha256, folder HAVING count(*) > 1"
    ):
        yield f"{count} jobs of the same bytes: {name}"
    for (count,) in store.rows(
        "SELECT count(*) FROM events WHERE action IN ('intake.secrecy', 'intake.unseen', 'intake.unfinished') AND id "
        "NOT IN (SELECT json_extract(detail, '$.incident') FROM events WHERE action = 'intake.gone') "
        "GROUP BY action, detail HAVING count(*) > 1"
    ):
        yield f"{count} incidents of one file"
    for job, path in store.rows(
        "SELECT p.job_id, p.path FROM publications p JOIN jobs j ON j.id = p.job_id WHERE p.path LIKE 'cho-ky/%' AND "
        "j.state IN ('archived', 'superseded', 'cancelled', 'registered') AND p.id = (SELECT max(id) FROM "
        "publications q WHERE q.path = p.path) AND p.sha256 <> ''"
    ):
        yield f"job {job} is over, and {path} still lies for signature"
    for job, document in store.rows("SELECT id, reason FROM jobs WHERE state = 'matched'"):
        number = document.removeprefix("job ").partition(":")[0]
        if not store.rows("SELECT 1 FROM jobs WHERE id = ? AND state IN ('archived', 'registered', 'held')", number):
            yield f"paper {job} belongs to {document}, which is not filed"


def _numbers(store: Store) -> Iterator[str]:
    """Numbers 1 … N in each series, each given once; a valid one for a document that has one."""
    for series, last in store.rows("SELECT id, last_no FROM series"):
        given = [
            no
            for (no,) in store.rows(
                "SELECT no FROM register WHERE series_id = ? AND act = 'number' ORDER BY no", series
            )
        ]
        begun = [no for (no,) in store.rows("SELECT no FROM register WHERE series_id = ? AND act = 'begin'", series)]
        highest = max([*given, *(first - 1 for first in begun)], default=0)
        if highest != last or len(given) != len(set(given)) or _passed(given, begun):
            yield f"series {series}: numbers {given}, last {last}"
    held = Counter(
        job
        for (job, no, act) in store.rows("SELECT job_id, no, act FROM register WHERE act = 'number'")
        if not store.rows("SELECT 1 FROM register WHERE act = 'void' AND no = ? AND job_id = ?", no, job)
    )
    yield from (f"job {job} has {count} numbers" for job, count in held.items() if count > 1)
    for job, number, state in store.rows("SELECT id, number, state FROM jobs"):
        if bool(number) != bool(held[job]):
            yield f"job {job} ({state}) has number {number!r} and {held[job]} in the register"
        if number and state in {"cancelled", "superseded", "returned"}:
            yield f"job {job} is {state} and keeps its number"
        if (
            state == "archived"
            and number
            and not store.rows("SELECT 1 FROM register WHERE act = 'file' AND job_id = ?", job)
        ):
            yield f"job {job} is filed without the register's word"
    twice = store.rows("SELECT number, count(*) FROM jobs WHERE number <> '' GROUP BY number HAVING count(*) > 1")
    yield from (f"{count} documents have number {number}" for number, count in twice)


def _passed(given: list[int], begun: list[int]) -> bool:
    """Whether numbers are missing that no beginning of a run has passed by."""
    expected = 1
    for number in given:
        if number != expected and not any(expected < first <= number for first in begun):
            return True
        expected = number + 1
    return False


def _outbox(world: World, ledger: Ledger) -> Iterator[str]:
    """The outbox is what is recorded as published, and nothing else."""
    standing = ledger.standing()
    lying = {
        path.removeprefix("/"): sha256(node.data) for path, node in world.disk.walk(world.disk.find("/office/outbox"))
    }
    for path, said in standing.items():
        if lying.get(path) != said:
            yield f"in the outbox {path} is {'gone' if path not in lying else 'another'}"
    for path in lying.keys() - standing.keys():
        if not path.endswith(_NOTICE) and not _LAID_OUT.fullmatch(path) and path != MARKER:
            yield f"nobody recorded {path} in the outbox"


def _bytes(world: World) -> Iterator[str]:
    """No bytes that nobody recorded."""
    for path, _ in world.disk.walk():
        if "/.vanthu-" in path and path.endswith(".part"):
            yield f"left behind: {path}"


def _archive(world: World, store: Store, dropped: Dropped) -> Iterator[str]:
    """Each signed paper is filed once, with the document whose code it bears, byte for byte."""
    papers = {sha256(content): code for content, code in dropped.papers.items()}
    filed: Counter[int] = Counter()
    for job, said, name, code in store.rows(
        "SELECT j.id, a.sha256, a.name, j.code FROM artifacts a JOIN jobs j ON j.id = a.job_id WHERE a.role = 'filed'"
    ):
        filed[job] += 1
        if papers.get(said) != code:
            yield f"job {job} is filed with another's paper"
        there = world.disk.there(f"/office/archive/{name}")
        if there is None or sha256(there.data) != said:
            yield f"the archive lacks {name}"
    for job, state in store.rows("SELECT id, state FROM jobs"):
        if (state == "archived") != bool(filed[job]) or filed[job] > 1:
            yield f"job {job} is {state} and filed {filed[job]} times"


def _newest(store: Store, world: World) -> Iterator[str]:
    """What lies for signature is what was made last, of what was read last."""
    for job, code in store.rows("SELECT id, code FROM jobs WHERE state IN ('delivered', 'numbered')"):
        drafts = store.rows("SELECT sha256 FROM artifacts WHERE job_id = ? AND role = 'draft' ORDER BY id", job)
        lying = store.rows(
            "SELECT sha256 FROM publications WHERE job_id = ? AND path LIKE 'cho-ky/%.docx' ORDER BY id DESC", job
        )
        if not lying or lying[0][0] != drafts[-1][0]:
            yield f"job {job}: what lies for signature is not the newest draft"
            continue
        node = world.disk.there(f"/office/var/spool/{lying[0][0][:2]}/{lying[0][0]}")
        said = json.loads(bytes(node.data)[5:]) if node else {}
        if said.get("code") != code:
            yield f"job {job}: what lies for signature bears {said.get('code')}, not {code}"
        number = store.rows("SELECT no FROM register WHERE job_id = ? AND act = 'number' ORDER BY id DESC", job)
        if said.get("number") is not None and said["number"] != (number[0][0] if number else None):
            yield f"job {job}: {said['number']} is printed, and the register says {number}"
