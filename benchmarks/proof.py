"""The proof in figures: one paper proved of a million, and the whole checked against `sha256sum`.

    python -m benchmarks.proof [--jobs 10000] [--kilobytes 150]

An office of so many filed documents is made row by row (twelve events and two entries each, as a document has that
comes, is signed and filed), with a paper of that size in spool and archive. `check` and `verify` are run on it in
processes of their own; beside them `sha256sum` reads the same files. Then the same with a tenth and a hundredth of
the documents: the memory must be the same. Times are processor time.
"""

import argparse
import datetime as dt
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, update

from benchmarks.pages import write_section
from pipeline import archive
from pipeline.archive.journal import Places, complete
from pipeline.archive.standing import witness
from pipeline.audit import audit
from pipeline.files import Spool, sha256_of
from pipeline.ledger import Ledger
from pipeline.ledger.chain import GENESIS, canonical, linked
from pipeline.ledger.columns import Columns
from pipeline.ledger.rows import stamp
from pipeline.model import Direction, Role, State
from pipeline.proof.inclusion import codes_of
from pipeline.proof.paths import HEIGHT, WIDTH, Tree
from pipeline.proof.signing import Signer
from pipeline.proof.standalone import Frontier, Proof, heads_in, keys_in, leaf_hash, read_proof
from pipeline.store import schema
from pipeline.store.engine import writing
from pipeline.store.metadata import metadata

NOON = dt.datetime(2022, 5, 25, 12, 0, tzinfo=dt.UTC)
ROAD = (
    *(State.READ, State.ACCEPTED, State.WAITING, State.FILLED, State.RENDERED, State.DELIVERED),
    *(State.NUMBERED, State.SIGNED, State.REGISTERED, State.ARCHIVED),
)
SERIES = "KH/2020-2025"


class Rows:
    """Makes the rows of an office with their hashes, as the ledger would, thousands at once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.frontier = Frontier()
        self.events, self.entries = (0, GENESIS), (0, GENESIS)
        self.kept: dict[str, list[dict[str, object]]] = {}

    def event(self, job: int, action: str, state: State, before: str, detail: dict[str, object]) -> None:
        number, previous = self.events[0] + 1, self.events[1]
        row = {
            "id": number,
            "job_id": job,
            "at": stamp(NOON),
            "who": "bench@office",
            "action": action,
            "from_state": before,
            "to_state": state.value,
            "why": "",
            "detail": canonical(detail),
        }
        self.events = number, self._put("events", row, row, previous, event_id=number)

    def entry(self, job: int, act: str, facts: dict[str, object]) -> None:
        number, previous = self.entries[0] + 1, self.entries[1]
        row = {
            "entry": number,
            "no": job,
            "act": act,
            "job_id": job,
            "at": stamp(NOON),
            "who": "bench@office",
            "why": "",
            "facts": canonical(facts),
        }
        stored = row | {"id": number, "series_id": 1}
        self.entries = number, self._put("register", row | {"series": SERIES}, stored, previous, entry_id=number)

    def _put(self, table: str, said: dict[str, object], row: dict[str, object], previous: str, **of: int) -> str:
        data = linked(previous, said)
        hash_ = sha256_of(data)
        size, made = self.frontier.size, self.frontier.append(leaf_hash(data))
        self.put(table, row | {"previous_hash": previous, "hash": hash_})
        self.put("log", {"position": size, "leaf": made[0].hex(), "event_id": None, "entry_id": None} | of)
        for height in range(HEIGHT, len(made), HEIGHT):
            node = {"level": height // HEIGHT, "number": size >> height, "hash": made[height].hex()}
            self.put("log_nodes", node)
        return hash_

    def put(self, table: str, row: dict[str, object]) -> None:
        self.kept.setdefault(table, []).append(row)

    def flush(self) -> None:
        with writing(self.ledger.engine) as connection:
            for name in ("jobs", "artifacts", "events", "register", "log", "log_nodes"):
                if rows := self.kept.pop(name, []):
                    connection.execute(insert(metadata.tables[name]), rows)

    def end(self) -> None:
        self.flush()
        frontier = " ".join(peak.hex() for peak in self.frontier.peaks)
        with writing(self.ledger.engine) as connection:
            connection.execute(update(schema.log_head).values(size=self.frontier.size, frontier=frontier))
            connection.execute(
                insert(schema.chains).values(name="events", length=self.events[0], head=self.events[1])
            )
            connection.execute(
                update(schema.series).values(
                    last_no=self.entries[0] // 2, entries=self.entries[0], head=self.entries[1]
                )
            )


def office_of(folder: Path, jobs: int, size: int) -> None:
    """Make an office of so many filed documents with papers of `size` bytes."""
    (folder / "moc-so").mkdir(parents=True)
    (folder / "var").mkdir()
    spool, places = Spool(folder / "var" / "spool"), Places(folder / "archive", folder / "moc-so")
    ledger = Ledger.open(f"sqlite:///{folder / 'var' / 'vanthu.sqlite'}", lambda: NOON, "bench")
    with writing(ledger.engine) as connection:
        connection.execute(
            insert(schema.series).values(id=1, key=SERIES, direction=Direction.OUTGOING.value, last_no=0, entries=0)
        )
    rows, noise = Rows(ledger), random.Random(1).randbytes(size)  # noqa: S311 - bytes that come again
    for job in range(1, jobs + 1):
        _document(rows, spool, places.archive, job, noise)
        if job % 1000 == 0:
            rows.flush()
    rows.end()
    complete(ledger.log, places)
    witness(ledger.log, places, folder / "var")
    ledger.close()


def _document(rows: Rows, spool: Spool, folder: Path, job: int, noise: bytes) -> None:
    paper = b"%PDF-1.7 " + str(job).encode() + noise
    number, path = f"{job:02d}-KH/CTĐ4", f"KH-2020-2025/{job // 1000:03d}/{job:07d}.pdf"
    sidecar = archive.sidecar_of({"number": number, "sha256": sha256_of(paper)})
    filed = {"path": path, "sha256": sha256_of(paper), "sidecar_sha256": sha256_of(sidecar)}
    # without the syncs of a filing, which take longer than all the rest; one copy under both names
    for content, name in ((paper, path), (sidecar, path.replace(".pdf", ".json"))):
        kept, target = spool.path(sha256_of(content)), folder / name
        for place in (kept, target):
            place.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(content)
        target.hardlink_to(kept)
    rows.put("jobs", _job(job, number, str(filed["sha256"])))
    for role, name, sha256 in (
        (Role.FILED, path, filed["sha256"]),
        (Role.SIDECAR, path.replace(".pdf", ".json"), filed["sidecar_sha256"]),
    ):
        rows.put(
            "artifacts",
            {"job_id": job, "role": role.value, "sha256": sha256, "size_bytes": 1, "name": name, "at": stamp(NOON)},
        )
    rows.event(job, "intake.take", State.RECEIVED, "", {"name": f"{job}.xlsx", "sha256": str(filed["sha256"])})
    before = State.RECEIVED
    for state in ROAD:
        if state is State.NUMBERED:
            columns = Columns(f"Kế hoạch số {job}", NOON.date(), number=number, direction=Direction.OUTGOING)
            rows.entry(job, "number", columns.as_json())
        if state is State.ARCHIVED:
            rows.entry(job, "file", dict(filed))
        rows.event(job, f"job.{state}", state, before.value, dict(filed) if state is State.ARCHIVED else {})
        before = state


def _job(job: int, number: str, sha256: str) -> dict[str, object]:
    return {
        "id": job,
        "state": State.ARCHIVED.value,
        "name": f"{job}.xlsx",
        "number": number,
        "submission_sha256": sha256,
        "received_at": stamp(NOON),
        "changed_at": stamp(NOON),
    }


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds of processor time, its children's among it, and the most memory in MB."""

    seconds: float
    megabytes: float


def timed(*words: str) -> Cost:
    """Run a command that must find nothing."""
    most = 0
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    # asked while it lives: what `wait` tells begins with the memory of the process that started it
    while not (ended := os.wait4(running.pid, os.WNOHANG))[0]:
        for line in Path(f"/proc/{running.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                most = max(most, int(line.split()[1]))
        time.sleep(0.02)
    running.returncode = os.waitstatus_to_exitcode(ended[1])
    if running.returncode:
        raise SystemExit(f"{' '.join(words)}: {running.returncode}")
    # not the clock, which others that work on the machine make run faster
    return Cost(ended[2].ru_utime + ended[2].ru_stime, most / 1024)


def checked(folder: Path) -> None:
    """What `vanthu check` does, in this process."""
    ledger = Ledger.open(f"sqlite:///{folder / 'var' / 'vanthu.sqlite'}", lambda: NOON, "bench")
    found = audit(
        ledger, Spool(folder / "var" / "spool"), folder / "archive", folder / "outbox", anchors=folder / "moc-so"
    )
    if found:
        raise SystemExit(f"{len(found)}: {found[:3]}")


def measured(folder: Path, jobs: int, size: int, times: int) -> dict[str, Cost]:
    """Check, verify and sum one office, several times in turn; the medians."""
    office_of(folder, jobs, size)
    me = (sys.executable, "-m", "benchmarks.proof", "--check", str(folder))
    alone = (sys.executable, str(folder / "archive" / "nhat-ky" / "verify.py"), str(folder / "archive"))
    heads = str(folder / "moc-so" / "moc.txt")
    sums = ("sh", "-c", f"find {folder}/var/spool {folder}/archive -type f -print0 | xargs -0 sha256sum")
    just_archive = ("sh", "-c", f"find {folder}/archive -type f -print0 | xargs -0 sha256sum")
    ways = {"sums": sums, "check": me, "archive sums": just_archive, "verify": (*alone, heads)}
    runs = [{name: timed(*words) for name, words in ways.items()} for _ in range(times)]
    shutil.rmtree(folder)
    return {
        name: Cost(statistics.median(run[name].seconds for run in runs), max(run[name].megabytes for run in runs))
        for name in ways
    }


def one_of_a_million(count: int = 1_000_000) -> str:
    """Prove one entry of a million: how large the proof is, how long making and checking take."""
    frontier, kept = Frontier(), dict[int, list[bytes]]()
    began = time.perf_counter()
    for number in range(count):
        made = frontier.append(leaf_hash(str(number).encode()))
        for height in range(0, len(made), HEIGHT):
            kept.setdefault(height // HEIGHT, []).append(made[height])
    grown = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        signer = Signer(Path(folder))
        (head,) = heads_in(signer.sign(count, frontier.root()))
        keys = keys_in(signer.verifier_key)
    worst_making = worst = largest = 0.0
    for index in random.Random(2).sample(range(count), 200):  # noqa: S311 - chances that come again
        began = time.process_time()
        path = Tree(lambda level, tile: kept[level][tile * WIDTH : (tile + 1) * WIDTH]).path(index, count)
        worst_making = max(worst_making, time.process_time() - began)
        codes = codes_of(Proof(str(index).encode(), index, tuple(path), head))
        began = time.process_time()
        read = read_proof("\n".join(codes))
        # with the verifier of the program that lies in archives, which is the slower one
        if read is None or not read.holds(keys):
            raise SystemExit(f"{index} is not proved")
        worst = max(worst, time.process_time() - began)
        largest = max(largest, (len(codes[0]) - 5) * 5 / 8)
    return (
        f"| one entry of {count:,} | tree {grown:.1f} s; path made in {worst_making * 1000:.1f} ms; proof "
        f"{largest:.0f} bytes, checked in {worst * 1000:.1f} ms of processor "
        "time by the standard library alone (worst of 200) |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--kilobytes", type=int, default=150)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--check", type=Path)
    asked = parser.parse_args()
    if asked.check:
        checked(asked.check)
        return
    lines = ["| what | figure |", "|---|---|", one_of_a_million()]
    with tempfile.TemporaryDirectory() as folder:
        for jobs in (asked.jobs // 100, asked.jobs // 10, asked.jobs):
            cost = measured(Path(folder) / str(jobs), jobs, asked.kilobytes * 1000, asked.times)
            for name, of in (("check", "sums"), ("verify", "archive sums")):
                ratio = cost[name].seconds / cost[of].seconds
                lines.append(
                    f"| `{name}` of {jobs:,} documents | {cost[name].seconds:.1f} s, {ratio:.2f} × `sha256sum` of "
                    f"the same files ({cost[of].seconds:.1f} s); {cost[name].megabytes:.0f} MB |"
                )
                print(lines[-1], flush=True)
    report = "\n".join(lines)
    print(report)
    write_section("performance.md", "proof.py", "The proof", report)


if __name__ == "__main__":
    main()
