"""Play an example year: drop its files into an inbox day by day, sign what comes out, and tell what happens.

    python scripts/story.py examples/2022 [FOLDER]

Plays in FOLDER, or in a new temporary working folder, which is left for looking at. Exit code 1 when something came
out otherwise than the story says. Developer code: `make run` calls it, and the acceptance test lives by it.
"""

import datetime as dt
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline import messages, strict_yaml  # noqa: E402 - the checkout is put on the path first
from pipeline.answers import states  # noqa: E402
from pipeline.app import wording  # noqa: E402
from pipeline.app.new_folder import make_working_folder  # noqa: E402
from pipeline.app.opening import open_workspace  # noqa: E402
from pipeline.app.settings import Settings, read_settings  # noqa: E402
from pipeline.app.watching import Rhythm, serve_once  # noqa: E402
from pipeline.app.worker import Worker  # noqa: E402
from pipeline.audit import audit  # noqa: E402
from pipeline.cli import showing  # noqa: E402
from pipeline.filling.composition import names_under_signatures  # noqa: E402
from pipeline.model import AWAITED, Job, Role, Severity, State  # noqa: E402
from pipeline.papers import codes  # noqa: E402
from pipeline.register.rows import rows  # noqa: E402
from pipeline.status import explain, year_status  # noqa: E402
from pipeline.steps.gathering import missing  # noqa: E402
from pipeline.workspace import Workspace  # noqa: E402
from scripts import pretend_signature  # noqa: E402

MORNING = dt.time(9, 0)
#: What a story is played with: files are whole when they are put there, so there is nothing to wait for.
SETTINGS = {"VANTHU_WATCHING__QUIET_SECONDS": "0"}


@dataclass(frozen=True)
class Step:
    """One thing people do, and what should come of it."""

    on: dt.date
    tell: Mapping[str, str]
    drop: str = ""
    drop_all: str = ""
    hand_over: str = ""
    into: str = ""
    sign: Mapping[str, str] = field(default_factory=dict)
    number: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Played:
    """A step as it went: the job it was about, and every way in which it went otherwise than expected."""

    step: Step
    job: Job
    what: str
    differences: tuple[str, ...]


def content_of(story: Path) -> Any:  # noqa: ANN401 - a story is what its file says
    """Read a story's file."""
    parsed = strict_yaml.parse((story / "story.yaml").read_bytes(), f"{story.name}/story.yaml")
    if parsed.problems:
        raise SystemExit("\n".join(map(messages.located, parsed.problems)))
    return parsed.values


def steps_of(story: Path) -> list[Step]:
    """Read the steps of a story."""
    steps = content_of(story)["steps"]
    return [Step(**({"tell": {}} | step | {"on": dt.date.fromisoformat(step["on"])})) for step in steps]


class Clock:
    """The clock of the story: each step's morning, and a minute more with every look."""

    def __init__(self) -> None:
        self.now = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now

    def set(self, day: dt.date) -> None:
        """Go to the morning of a day; never backwards."""
        self.now = max(self.now, dt.datetime.combine(day, MORNING).astimezone(dt.UTC))


def play(story: Path, folder: Path) -> Iterator[Played]:
    """Play a story in a working folder, step by step."""
    clock = Clock()
    settings = read_settings(folder, dict(os.environ) | SETTINGS)
    with open_workspace(settings, who="story", works=True, clock=clock) as workspace:
        worker = Worker(workspace, settings.workers)
        for step in steps_of(story):
            clock.set(step.on)
            yield _played(workspace, worker, story, step)


def _played(workspace: Workspace, worker: Worker, story: Path, step: Step) -> Played:
    if step.drop_all:
        jobs, what = _all_dropped(workspace, worker, story / step.drop_all)
        differences = tuple(one for each in jobs for one in _differences(workspace, each, step.expect))
        return Played(step, jobs[-1], what, differences)
    if step.drop:
        name = Path(step.drop).name
        _put(workspace, name, (story / step.drop).read_bytes(), step.into)
        serve_once(worker, Rhythm(1, 0))
        (newest, *_) = workspace.ledger.seen(sha256=_digest(story / step.drop))
        job = workspace.ledger.job(newest.job_id)
        what = f"{name} → inbox/{step.into}"
    elif step.hand_over:
        job, what = _handed_over(workspace, step)
    elif step.number:
        from pipeline.app import numbering

        job = numbering.next_number(workspace, _awaiting(workspace, step.number))
        what = f"vanthu register next {job.id}"
    else:
        job = _awaiting(workspace, step.sign)
        name = f"ban-ky-{job.id}.pdf"
        _put(workspace, name, _signed(workspace, job, step.sign.get("as", "text")), workspace.folders.signed)
        serve_once(worker, Rhythm(1, 0))
        job = workspace.ledger.job(job.id)
        what = f"{name} → inbox/{workspace.folders.signed}"
    return Played(step, job, what, tuple(_differences(workspace, job, step.expect)))


def _all_dropped(workspace: Workspace, worker: Worker, folder: Path) -> tuple[list[Job], str]:
    """Put every unit's file of a folder into its own folder of the inbox, all at once."""
    files = sorted(folder.iterdir())
    for file in files:
        _put(workspace, file.name, file.read_bytes(), file.stem)
    serve_once(worker, Rhythm(1, 0))
    seen = (workspace.ledger.seen(sha256=_digest(file))[0] for file in files)
    return [workspace.ledger.job(one.job_id) for one in seen], f"{len(files)} × {folder.name} → inbox/…"


def _handed_over(workspace: Workspace, step: Step) -> tuple[Job, str]:
    """Hand a dossier over to the archive; gives its last document."""
    from pipeline.app import dossiers

    filled = dossiers.filled(workspace, step.on.year - 1, step.hand_over)
    made = dossiers.hand_over(workspace, filled, workspace.folders.var.parent / "giao-nop")
    job = workspace.ledger.by_code(filled.papers[-1].document_code)
    if job is None:
        raise SystemExit(f"{step.hand_over}: its last document is not in the ledger")
    return job, f"vanthu dossier make {step.hand_over} → {made.package.name}"


def _put(workspace: Workspace, name: str, content: bytes, into: str) -> None:
    target = workspace.folders.inbox / into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _digest(path: Path) -> str:
    from pipeline.files import sha256_of

    return sha256_of(path.read_bytes())


def _awaiting(workspace: Workspace, wanted: Mapping[str, str]) -> Job:
    """Find the document that is out for signature."""
    found = [
        job
        for job in workspace.ledger.in_states(AWAITED)
        if job.kind == wanted["kind"]
        and job.unit == wanted.get("unit", "")
        and (not wanted.get("variant") or job.variant == wanted["variant"])
    ]
    if len(found) != 1:
        raise SystemExit(f"{len(found)} documents are out for signature for {dict(wanted)}")
    return found[0]


def _signed(workspace: Workspace, job: Job, how: str) -> bytes:
    """Sign a document as people do: the PDF with its text, or printed and scanned."""
    paths = [path for path in workspace.ledger.standing(job.id) if path.endswith(".pdf")]
    if not paths:
        return _sheet_with(job.code)  # no LibreOffice, no PDF: a scan of the printed Word file, as far as it matters
    pdf = (workspace.folders.outbox / paths[0]).read_bytes()
    # everybody signs above the own name: elsewhere no signature is looked for
    names = names_under_signatures(json.loads(workspace.artifact(job, Role.VALUES)))
    signed = pretend_signature.sign_text_layer(pdf, *names)
    return pretend_signature.scan(signed, 200, skew=0.6, noise=4.0) if how == "scan" else signed


def _sheet_with(code: str) -> bytes:
    """Make a scan of one page that shows nothing but the code's picture."""
    page = Image.new("RGB", (1654, 2339), "white")
    with Image.open(io.BytesIO(codes.picture(code))) as picture:
        page.paste(picture.convert("RGB"), (1400, 60))
    return pretend_signature.as_pdf([page], 200)


def _differences(workspace: Workspace, job: Job, expect: Mapping[str, Any]) -> Iterator[str]:
    if expect.get("state") == "seen":
        if not workspace.ledger.seen(sha256=job.submission_sha256)[0].is_repeat:
            yield "taken a second time"
    elif "state" in expect and job.state.value != expect["state"]:
        yield f"state {job.state.value}, not {expect['state']} ({job.reason})"
    blocking = sorted({one.code for one in workspace.findings(job) if one.severity is Severity.BLOCK})
    if "findings" in expect and blocking != sorted(expect["findings"]):
        yield f"findings {blocking}, not {sorted(expect['findings'])}"
    if "number" in expect and job.number != expect["number"]:
        yield f"number {job.number or '–'}, not {expect['number']}"
    if "waits_for" in expect and list(missing(workspace, job, workspace.kind(job))) != list(expect["waits_for"]):
        yield f"waits for {missing(workspace, job, workspace.kind(job))}, not {expect['waits_for']}"
    for kind in expect.get("releases", ()):
        states = {one.state for one in workspace.ledger.in_states(State) if one.kind == kind}
        if State.DELIVERED not in states:
            yield f"{kind} is {sorted(states)}, not delivered"


def tell(played: Played) -> None:
    """Tell one step."""
    told = played.step.tell.get(messages.language(), "")
    if told:
        print(f"\n{played.step.on:%d/%m/%Y}  {told}")
    job = played.job
    number = f" · {job.number}" if job.number else ""
    print(f"            {played.what}\n            → #{job.id} {wording.state_of(job)}{number}{_why(job)}")
    for difference in played.differences:
        print(f"            ✗ {difference}")


def _why(job: Job) -> str:
    return f" · {job.reason}" if job.state in {State.RETURNED, State.WAITING, State.HELD} else ""


def tell_end(settings: Settings, folder: Path, words: Mapping[str, str]) -> bool:
    """Tell how the year ended: the register, the folders, the audit; True when all is as recorded."""
    with open_workspace(settings, who="story", works=False, clock=lambda: dt.datetime.now(dt.UTC)) as workspace:
        print()
        heads = (words["number"], words["date"], words["title"], words["filed"])
        table = [
            (row.number, f"{row.columns.document_on}", row.columns.title, ", ".join(_places(workspace, row.job_id)))
            for row in rows(workspace.ledger)
        ]
        showing.emit_table(heads, table, title=words["register"])
        stands = year_status(workspace, settings.year)
        for state, count in sorted(stands.counts.items()):
            print(f"  {count:4d}  {messages.shown(states()[state])}")
        discrepancies = audit(workspace.ledger, workspace.spool, workspace.folders.archive, workspace.folders.outbox)
        for one in discrepancies:
            print(f"  ✗ {messages.shown(one.message)}")
        if workspace.office is None and not list((folder / "outbox").rglob("*.pdf")):
            print(words["no_pdf"])
        print(words["look"].format(folder=folder))
    return not discrepancies


def _places(workspace: Workspace, job_id: int) -> tuple[str, ...]:
    return tuple(
        place for place in explain(workspace, workspace.ledger.job(job_id)).lies_in if place.startswith("archive")
    )


def main() -> int:
    """Play, tell, and say whether it went as the story says."""
    story = Path(sys.argv[1]).resolve()
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="vanthu-"))
    messages.use(os.environ.get("VANTHU_LANG", "vi"))
    make_working_folder(folder)
    went_otherwise = 0
    for played in play(story, folder):
        tell(played)
        went_otherwise += bool(played.differences)
    is_clean = tell_end(read_settings(folder, os.environ), folder, content_of(story)["words"][messages.language()])
    return int(bool(went_otherwise) or not is_clean)


if __name__ == "__main__":
    sys.exit(main())
