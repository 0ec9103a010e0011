"""Arrival: a file is read. It is a form, or one of our signed papers coming back, or neither."""

from dataclasses import replace

from pipeline import kinds, papers, reading
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.kinds import Kind
from pipeline.kinds.orders import ORDERS
from pipeline.ledger import Outcome
from pipeline.messages import say, shown_in
from pipeline.model import (
    Address,
    Artifact,
    Finding,
    Identity,
    Job,
    Number,
    Place,
    Reading,
    Recognition,
    Role,
    Severity,
    State,
)
from pipeline.reading.names import one_of
from pipeline.steps import outside
from pipeline.steps.answering import folder_unit, next_revision, others_about, returned
from pipeline.steps.by_picture import matches_by_picture
from pipeline.steps.matching import matches
from pipeline.steps.ordering import ordered
from pipeline.steps.secrecy import unseen_pictures
from pipeline.steps.splitting import splits
from pipeline.validation import in_order
from pipeline.workspace import Workspace
from pipeline.years import Year

PDF_MAGIC = b"%PDF-"
#: Faults of a form as a whole: without year, or where nothing of it was found, no rule can be asked.
_UNJUDGED = ("year.", "form.nothing-found")


def reads(workspace: Workspace, job: Job) -> Outcome:
    """Read a received file: a form goes on to be judged, a signed paper goes to its document."""
    direction = outside.direction_of(workspace, job)
    if direction is not None and (waiting := outside.proposes(workspace, job, direction)) is not None:
        return waiting
    path = workspace.spool.path(job.submission_sha256)
    # a paper out of a scan of several, or a picture that was wrapped before
    sheets = workspace.ledger.artifact(job.id, Role.SHEETS)
    if sheets is not None:
        return _reads_sheets(workspace, job, sheets)
    # by its first bytes: a name says nothing about what is in a file
    if picture_format(_head(workspace, job)):
        return _reads_picture(workspace, job)
    if is_pdf(workspace, job):
        # before recognition draws a single page: pdfium inflates what pypdf would refuse
        door = reading.probe_guarded(workspace.guard, path, job.name)
        if door.is_blocked:
            return refused(workspace, job, door)
        recognition = papers.recognise(workspace.guard, path, workspace.practice.scan_standard)
        if (outcome := _as_paper(workspace, job, recognition)) is not None:
            return outcome
        # it was let in as what may be a paper; as a form it is held to the limit of forms
        if (size_bytes := path.stat().st_size) > workspace.practice.limits.form_bytes:
            return refused(workspace, job, Reading("pdf", findings=(_no_form(workspace, size_bytes),)))
    made, renewed = read_form(workspace, job)
    made = replace(made, findings=(*made.findings, *unseen_pictures(workspace, job)))
    outcome = identified(workspace, job, made)
    return replace(outcome, artifacts=(*outcome.artifacts, *renewed))


def _reads_picture(workspace: Workspace, job: Job) -> Outcome:
    """Read a photo or a scan as a picture: wrapped into a PDF, once."""
    made = papers.wrapped(workspace.guard, workspace.spool.path(job.submission_sha256))
    if isinstance(made, Finding):
        return refused(workspace, job, Reading("", findings=(made,)))
    return _reads_sheets(workspace, job, workspace.keep(Role.SHEETS, made))


def _reads_sheets(workspace: Workspace, job: Job, sheets: Artifact) -> Outcome:
    """Read a PDF of ours that stands for the received file: a signed paper goes to its document, all else back."""
    seen = papers.recognise(workspace.guard, workspace.spool.path(sheets.sha256), workspace.practice.scan_standard)
    before = workspace.recognition(job)
    seen = replace(seen, seen_in=sheets.sha256, of_sheets=before.of_sheets if before else ())
    outcome = _as_paper(workspace, job, seen) or refused(
        workspace, job, Reading("", findings=(_no_paper(), *unseen_pictures(workspace, job)))
    )
    return replace(outcome, artifacts=(*outcome.artifacts, sheets))


def _as_paper(workspace: Workspace, job: Job, seen: Recognition) -> Outcome | None:
    """Look at a PDF as a signed paper; None for one that is none: then it is a form."""
    seen = replace(seen, findings=(*seen.findings, *unseen_pictures(workspace, job)))
    if (seen.code or any(seen.codes)) and not seen.few_code:
        # what was split once is one paper
        parts = None if seen.of_sheets else splits(workspace, job, seen)
        return parts or matches(workspace, job, seen)
    # the clerk said by the folder that it is signed: then the code is missing; a form has words, or is a picture of
    # none of our papers
    is_paper = job.folder == workspace.folders.signed or bool(seen.few_code)
    by_picture = (
        matches_by_picture(workspace, job, seen, is_paper=is_paper) if is_paper or not seen.has_text else None
    )
    return by_picture or (matches(workspace, job, seen) if is_paper else None)


def _no_form(workspace: Workspace, size_bytes: int) -> Finding:
    return Finding(
        "file.too-heavy",
        Severity.BLOCK,
        say(
            "No document of ours is recognised on the PDF, and for a form it is too large ({size} MB; at most "
            "{limit} MB).",
            size=Number(size_bytes / 1_000_000, places=1),
            limit=Number(workspace.practice.limits.form_bytes / 1_000_000, places=1),
        ),
        mend=say(
            "If it is a signed paper, scan it anew at 300 dpi, its codes visible. A form is filled in as .docx, "
            ".xlsx or fillable PDF, without pictures."
        ),
    )


def _no_paper() -> Finding:
    return Finding(
        "I01",
        Severity.BLOCK,
        say("The file is a picture, on which no document of ours is recognised; a form cannot be read from it."),
        mend=say(
            "If it is a signed paper, scan or photograph each page anew: straight, from above, with the corners of "
            "the page in view. A form is filled in as .docx or .xlsx."
        ),
    )


def read_form(workspace: Workspace, job: Job) -> tuple[Reading, tuple[Artifact, ...]]:
    """Read a form; one in an old format as LibreOffice converts it, once: the result is kept with the job."""
    path = workspace.spool.path(job.submission_sha256)
    made = reading.read_guarded(workspace.guard, path, job.name, workspace.context())
    # converted once and kept with the job: done again it is read as it was read first (decision 0010)
    known = workspace.ledger.artifact(job.id, Role.CONVERTED)
    if known is not None:
        new: bytes | Finding | None = workspace.spool.get(known.sha256)
    else:
        new = reading.renewed(workspace.converter, path, made) if workspace.converter else None
    if not isinstance(new, bytes):
        return (replace(made, findings=(new,)) if new else made), ()
    kept = workspace.keep(Role.CONVERTED, new)
    path = workspace.spool.path(kept.sha256)
    return reading.read_renewed(workspace.guard, path, job.name, workspace.context(), made.format), (kept,)


def identified(workspace: Workspace, job: Job, made: Reading) -> Outcome:
    """Send a form that was read on to be judged, as a document of its kind, or back when it is nobody's."""
    if made.kind == ORDERS.id:
        return ordered(workspace, job, made)
    loaded = workspace.loaded()
    kind = loaded.kinds.get(made.kind)
    if kind is None:
        if loaded.broken and any(finding.code == "kind.unknown" for finding in made.findings):
            # the form may well be of a kind that is broken: that is our fault, not the unit's
            broken = "; ".join(str(trouble) for trouble in loaded.broken)
            why = say("its kind is not known while these kinds are broken: {kinds}", kinds=broken)
            return Outcome(State.HELD, why=shown_in(why, workspace.practice.language))
        return refused(workspace, job, made)
    if (speaker := _not_for_the_cluster(workspace, job, kind)) is not None:
        # without what was read: nothing in the file is to be mended, so no copy of it is marked
        told = (speaker, *unseen_pictures(workspace, job))
        return returned(workspace, job, told, replace(job.identity, unit=folder_unit(workspace, job)))
    made, identity = identify(workspace, job, kind, made)
    if not can_be_judged(kind, identity, made):
        return returned(workspace, job, in_order(made.findings, kind), identity, made)
    # the folder as it is now goes with the job: an edited template never changes work under way
    bundle = workspace.keep(Role.BUNDLE, kinds.pack(workspace.folders.templates / kind.id, workspace.words))
    return Outcome(
        State.READ,
        identity=identity,
        bundle_sha256=bundle.sha256,
        artifacts=(workspace.keep_reading(made), bundle),
    )


def can_be_judged(kind: Kind, identity: Identity, made: Reading) -> bool:
    """Tell whether rules can be asked: without unit or year nobody knows which, and what stands beside the form."""
    blocking = [finding.code for finding in made.findings if finding.severity is Severity.BLOCK]
    is_of_nobody = kind.submitted_by == "unit" and not identity.unit
    return not is_of_nobody and not any(code.startswith(_UNJUDGED) for code in blocking)


def refused(workspace: Workspace, job: Job, made: Reading) -> Outcome:
    """Send back a file that cannot be read as anything; one that readers disagree about is for a person to decide."""
    answered = returned(workspace, job, made.findings, replace(job.identity, unit=folder_unit(workspace, job)), made)
    if any(finding.code == "file.doubtful" for finding in made.findings):
        # no answer to the unit alone can be right: the same bytes mean two things to two programs
        why = say("readers disagree about what is in this file; look at it, then cancel or reprocess")
        return replace(answered, to=State.HELD, why=shown_in(why, workspace.practice.language))
    return answered


def is_pdf(workspace: Workspace, job: Job) -> bool:
    """Tell by its first bytes whether a file claims to be a PDF."""
    return _head(workspace, job).startswith(PDF_MAGIC)


def _head(workspace: Workspace, job: Job) -> bytes:
    with workspace.spool.path(job.submission_sha256).open("rb") as file:
        return file.read(HEAD_BYTES)


def identify(workspace: Workspace, job: Job, kind: Kind, made: Reading) -> tuple[Reading, Identity]:
    """Say whose document this is, of which year and about what (I07); the document's code follows from that."""
    findings: list[Finding] = []
    said = made.values.get("emulation_year")
    # a form that says none is of the current year; what it says and cannot be read is a finding already
    number = said if isinstance(said, int) else workspace.practice.year
    if number not in workspace.years:
        findings.append(_unknown_year(number, made.places.get(Address.of("/emulation_year"), Place())))
        # the members of the current year meanwhile: the unit is looked for too, and both faults told in one answer
        number = workspace.practice.year
    unit = ""
    if kind.submitted_by == "unit":
        by_folder = folder_unit(workspace, job)
        # where two sources disagree, whoever reads the folder is answered: there the file was dropped
        unit = by_folder or made.unit
        findings += _unit_findings(made, by_folder, workspace.year(number))
        # rules and template ask the form, also where only the folder said whose it is: all faults are told at once.
        # Where the two disagree the form is judged as what it says it is.
        judged_as = made.unit or by_folder
        if judged_as and "unit_code" in kind.field_names:
            made = replace(made, unit=judged_as, values=made.values | {"unit_code": judged_as})
    identity = Identity(kind.id, unit, number, kind.variant_of(made.values))
    return replace(made, findings=(*findings, *made.findings)), next_revision(
        job.submission_sha256, identity, others_about(workspace, job, identity)
    )


def _not_for_the_cluster(workspace: Workspace, job: Job, kind: Kind) -> Finding | None:
    """Ask about a document of the cluster that lies in the folder of a unit (I07): it may be a copy, or a draft.

    Taken for the cluster's it would take the place of the cluster's own, and the answer would go where nobody of the
    unit looks.
    """
    unit = folder_unit(workspace, job)
    if kind.submitted_by != "cluster" or not unit or unit in workspace.practice.speaks_for_cluster:
        return None
    return Finding(
        "unit.not-for-cluster",
        Severity.BLOCK,
        say(
            "“{kind}” is a document of the cluster; this file was dropped into the folder of {unit}.",
            kind=kind.title_vi,
            unit=_called(workspace.year(workspace.practice.year), unit),
        ),
        mend=say(
            "If it is meant for the cluster, have the cluster's clerk drop it; if it is a copy for information, "
            "nothing is to be done."
        ),
    )


def _unit_findings(made: Reading, by_folder: str, year: Year) -> list[Finding]:
    """Find fault with who sent the form: an unknown unit, none at all, or two sources that disagree."""
    unit_code = Address.of("/unit_code")
    place = made.places.get(unit_code, Place(unit_code))
    members = one_of((unit.code, unit.name) for unit in year.units)
    if made.said_unit and not made.unit:
        return [
            Finding(
                "unit.unknown",
                Severity.BLOCK,
                say("“{unit}” is not a member unit in {year}.", unit=made.said_unit, year=year.year),
                place,
                made.said_unit,
                # the folder says which of them it is most likely
                members if not by_folder else None,
                say("Write the unit's code, or its name as in the list of members.")
                if not by_folder
                else say("By its folder the file is of {unit}: if it is, write that.", unit=_called(year, by_folder)),
            )
        ]
    if made.unit and by_folder and made.unit != by_folder:
        return [
            Finding(
                "unit.conflict",
                Severity.BLOCK,
                say(
                    "The form says {form}, but the file was dropped into the folder of {folder}.",
                    form=_called(year, made.unit),
                    folder=_called(year, by_folder),
                ),
                place,
                made.said_unit or made.unit,
                say("the same unit in both"),
                say("Drop the file into the folder of its own unit, or correct the unit in the form."),
            )
        ]
    # a file in which nothing of the form is found does not lack its unit besides
    if not made.unit and not by_folder and not any(one.code == "form.nothing-found" for one in made.findings):
        return [
            Finding(
                "unit.missing",
                Severity.BLOCK,
                say("The form does not say which unit it comes from."),
                place,
                "",
                members,
                say("Fill in the unit, or drop the file into the unit's own folder."),
            )
        ]
    return []


def _called(year: Year, code: str) -> str:
    unit = year.unit(code)
    return f"{unit.name} ({code})" if unit else code


def _unknown_year(year: int, place: Place) -> Finding:
    return Finding(
        "year.unknown",
        Severity.BLOCK,
        say("No emulation year {year} is kept here.", year=year),
        place,
        str(year),
        None,
        say("Correct the year; if it is right, ask the cluster's clerk to open that year."),
    )
