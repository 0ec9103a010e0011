"""Filling a form in in the browser: begun with what the year knows, judged as it will be judged, sent as a file.

What is sent is the form as text, word for word what was typed, laid into the inbox like every dropped file; whatever
the browser said of it before, the road decides.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pipeline import reading
from pipeline.app import dropping
from pipeline.app.blank_forms import plan_of
from pipeline.blank_forms import FormPlan
from pipeline.blank_forms.text import write_yaml
from pipeline.blank_forms.typed import Typed, Written, begun, known_names, written
from pipeline.errors import NotAllowedNow
from pipeline.ledger.begun_forms import BegunForm, BegunForms, Sent, Which
from pipeline.messages import say, shown_in, tr
from pipeline.model import Finding, Job, Person, Severity, State
from pipeline.steps.answering import others_about
from pipeline.steps.arrival import can_be_judged, identify
from pipeline.steps.judgement import findings_of, replaces
from pipeline.tools.private_folder import private_folder
from pipeline.validation import in_order
from pipeline.vietnamese.secrecy import has_mark
from pipeline.workspace import Workspace

#: Where a place of the form is not named: what is said of the form as a whole.
WHOLE_FORM: Final = ""


@dataclass(frozen=True)
class Judged:
    """A form as it would be sent: its file, and what would be found, by the names of the places."""

    content: bytes
    name: str
    findings: tuple[Finding, ...]
    at: Mapping[str, tuple[Finding, ...]]

    @property
    def blocking(self) -> int:
        """How many faults keep it from being sent."""
        return sum(one.severity is Severity.BLOCK for one in self.findings)

    @property
    def warnings(self) -> str:
        """What tells these warnings from others, "" where there are none: a person has seen them, or not yet."""
        told = [f"{one.code}{one.place.pointer}" for one in self.findings if one.severity is Severity.WARN]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if told else ""


def form_of(workspace: Workspace, which: Which) -> FormPlan:
    """The form as it is laid out now. Raises UnknownThing."""
    return plan_of(workspace, which.kind, which.unit)


def opened(workspace: Workspace, person: Person, which: Which, plan: FormPlan) -> BegunForm:
    """The form as a person has it: as it was saved last, else begun with what the year knows."""
    saved = BegunForms(workspace.ledger, person).find(which)
    return saved or BegunForm(which, begun(plan))


def save(
    workspace: Workspace, person: Person, plan: FormPlan, which: Which, typed: Typed, version: int
) -> BegunForm | None:
    """Save what is typed; None where another window has saved since `version`.

    Raises NotAllowedNow for what bears a mark of secrecy: nothing of it is kept.
    """
    if has_mark(typed.values()):
        raise NotAllowedNow(
            tr(
                "What is typed seems to bear a mark of secrecy. Nothing of it was saved or sent: this machine must "
                "not hold secret papers. If it is no mark, write it in other words."
            )
        )
    known = {name: typed[name] for name in known_names(plan, typed) if name in typed}
    return BegunForms(workspace.ledger, person).save(which, known, version)


def judged(workspace: Workspace, person: Person, plan: FormPlan, begun_form: BegunForm) -> Judged:
    """Judge a form by the readers and rules that will judge its file."""
    form, which = written(plan, begun_form.typed), begun_form.which
    content = _file_of(workspace, person, form, begun_form)
    name = "-".join(part for part in (which.kind, str(which.year), which.unit) if part) + ".yaml"
    findings = _findings(workspace, _as_job(workspace, which, name, content), content)
    at: dict[str, tuple[Finding, ...]] = {}
    for one in findings:
        shown_at = form.name_of(one.place.pointer)
        at[shown_at] = (*at.get(shown_at, ()), one)
    return Judged(content, name, findings, at)


def _file_of(workspace: Workspace, person: Person, form: Written, begun_form: BegunForm) -> bytes:
    """The form as text. Saved anew it is another file: what was cancelled can be sent again as it was."""
    head = say(
        "Filled in in the browser by {person}, saved for the {count}. time.",
        person=person.full_name or person.name,
        count=begun_form.version,
    )
    return write_yaml(form.plan, (shown_in(head, workspace.practice.language),))


def _findings(workspace: Workspace, job: Job, content: bytes) -> tuple[Finding, ...]:
    with private_folder(workspace.folders.var / "begun-forms") as folder:
        path = folder / "form.yaml"
        path.write_bytes(content)
        made = reading.read_guarded(workspace.guard, path, job.name, workspace.context())
    kind = workspace.loaded().kinds.get(made.kind)
    if kind is None:
        return made.findings
    made, identity = identify(workspace, job, kind, made)
    if not can_be_judged(kind, identity, made):
        return in_order(made.findings, kind)
    known = replace(job, kind=kind.id, unit=identity.unit, year=identity.year, variant=identity.variant)
    found = findings_of(workspace, known, kind, made)
    return (*found, *replaces(others_about(workspace, known, identity)))


def _as_job(workspace: Workspace, which: Which, name: str, content: bytes) -> Job:
    """The job that the file would open; it is not recorded, and no other has its id."""
    now = workspace.clock()
    return Job(
        id=0,
        state=State.RECEIVED,
        sequence=0,
        kind="",
        unit="",
        year=0,
        variant="",
        revision=0,
        code="",
        name=name,
        folder=_folder(workspace, which),
        submission_sha256=hashlib.sha256(content).hexdigest(),
        bundle_sha256="",
        received_at=now,
        changed_at=now,
    )


def _folder(workspace: Workspace, which: Which) -> str:
    # a unit's own, where its answer will lie; what the cluster draws up is the clerk's
    return which.unit or workspace.folders.clerk


def send(workspace: Workspace, person: Person, begun_form: BegunForm, ready: Judged) -> str:
    """Lay a form into the inbox; gives the name it has there.

    Raises NotAllowedNow for one with faults or that the door does not take, FolderAway, CannotWrite, NoSpaceError.
    """
    if ready.blocking:
        raise NotAllowedNow(tr("The form still has faults; it was not sent."))
    which, folder = begun_form.which, _folder(workspace, begun_form.which)
    brought = dropping.bring(workspace, folder, ready.name, io.BytesIO(ready.content))
    if brought.refusal is not None:
        raise NotAllowedNow(shown_in(brought.refusal, workspace.practice.language))
    sha256 = hashlib.sha256(ready.content).hexdigest()
    sent = Sent(sha256, brought.name, folder, workspace.clock(), begun_form.version)
    BegunForms(workspace.ledger, person).sent(which, sent)
    return brought.name


def answer_of(workspace: Workspace, sent: Sent) -> Job | None:
    """The job that what was sent has opened; None while it lies in the inbox."""
    seen = workspace.ledger.seen(sha256=sent.sha256)
    found = next((one for one in seen if one.folder == sent.folder), None)
    return workspace.ledger.job(found.job_id) if found is not None else None
