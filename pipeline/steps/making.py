"""Making: the accepted values become the official Word document and its PDF, and lie ready for signature."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pipeline import filling, naming, ooxml
from pipeline.filling import CompiledTemplate
from pipeline.filling.composition import Ingredients, compose, describe
from pipeline.layout import kept_together, profile_for
from pipeline.layout.check import Facts, own_document, require_conforming, require_real
from pipeline.ledger import NumberWish, Outcome, Publication
from pipeline.model import Artifact, Description, Direction, Job, JsonObject, Role, State
from pipeline.papers import codes, page_marks
from pipeline.steps.filed_paper import newest_sidecar
from pipeline.steps.gathering import gathered, missing
from pipeline.steps.layout import laid_out
from pipeline.steps.number_wishes import next_of, wish_for
from pipeline.steps.witnessing import refuse_older
from pipeline.vietnamese.filters import FILTERS
from pipeline.workspace import Workspace

#: The name of the placeholder picture in every template that shows the document code.
CODE_PICTURE = "vanthu-code"


def may_go_on(workspace: Workspace, job: Job) -> bool:
    """Tell whether a waiting document waits no longer, or for others than it says: else there is nothing to do."""
    # compared with what `gathers` last recorded: without a change there would be an event at every look
    return job.reason != ", ".join(missing(workspace, job, workspace.kind(job)))


def gathers(workspace: Workspace, job: Job) -> Outcome:
    """Wait until everything a document needs is there, and say for whom; then fill its template."""
    lacking = missing(workspace, job, workspace.kind(job))
    if not lacking:
        return fills(workspace, job)
    return Outcome(State.WAITING, why=", ".join(lacking), detail={"waits_for": list(lacking)})


@dataclass(frozen=True)
class Prepared:
    """All that a document is made of: `values` go into `template`; `number` is the one it is to bear, if any."""

    job: Job
    made_of: Ingredients
    values: JsonObject
    template: CompiledTemplate
    number: NumberWish | None = None


def fills(workspace: Workspace, job: Job) -> Outcome:
    """Fill the official template, in the form that is in force on the document's own date."""
    prepared = prepare(workspace, job)
    made_of = prepared.made_of
    return Outcome(
        State.FILLED,
        document_on=made_of.day,
        artifacts=(
            workspace.keep_values(prepared.values),
            workspace.keep_description(describe(made_of)),
            workspace.keep(Role.DRAFT, make(prepared)),
        ),
        # in the transaction that records the document: were the number another's by then, it is made again
        number=prepared.number,
        detail={"profile": made_of.profile.id, "template": prepared.template.digest},
    )


def prepare(workspace: Workspace, job: Job) -> Prepared:
    """Bring together what a document is made of; nothing is kept. Raises YearError, TemplateError."""
    made_of = _ingredients(workspace, job)
    wish = _reserved(workspace, job, made_of)
    if wish is not None:
        made_of = replace(made_of, number=wish.expected)
    template = laid_out(made_of.kind.template, made_of.profile.id if made_of.kind.has_form else "")
    return Prepared(job, made_of, compose(made_of), template, wish)


def make(prepared: Prepared) -> bytes:
    """Make the Word document. Raises TemplateError, and NotConforming when it must not be delivered."""
    made_of, kind = prepared.made_of, prepared.made_of.kind
    pictures = {CODE_PICTURE: codes.picture(prepared.job.code)}
    content = filling.fill(
        prepared.template,
        prepared.values,
        filters=FILTERS,
        pictures=pictures,
        finish=partial(kept_together, profile=made_of.profile),
    )
    # a unit's paper bears the unit's own symbol, which no fact of the year tells
    symbol = "" if kind.submitted_by == "unit" else kind.symbol_of(made_of.symbol or made_of.year.cluster.symbol)
    # looked through once for all that is asked of it
    opened = ooxml.opened_ours(content)
    filling.require_valid(opened)
    whole = own_document(opened)
    facts = Facts(on=made_of.day, symbol=symbol, prints_number=kind.number_printed)
    # ours as well: a fault of form in our own document holds the job before anybody signs it
    require_conforming(whole, made_of.profile if kind.has_form else None, facts, made_of.doc)
    if not made_of.year.is_example:
        require_real(whole)
    return content


def _reserved(workspace: Workspace, job: Job, made_of: Ingredients) -> NumberWish | None:
    """Say which number a document is to bear when it is made; None for a kind that is numbered after signature."""
    if made_of.kind.number_at != "filling":
        return None
    refuse_older(workspace)
    wish = wish_for(workspace, job, describe(made_of))
    held = workspace.ledger.number_entry(job.id)
    # made again after trouble of ours: the number it has is its own
    if wish is not None and held is not None:
        return replace(wish, expected=held.no)
    return replace(wish, expected=next_of(workspace, wish)) if wish is not None else None


def _ingredients(workspace: Workspace, job: Job) -> Ingredients:
    kind, year = workspace.kind(job), workspace.year(job.year)
    doc = workspace.doc(job, kind)
    day = kind.date_of(doc) or job.document_on or workspace.today()
    return Ingredients(
        job=job,
        kind=kind,
        year=year,
        day=day,
        doc=doc,
        gathered=gathered(workspace, job, kind, doc),
        profile=profile_for(day, kind.form_family, workspace.practice.forced_profile),
        signature_style=workspace.practice.signature_style,
        symbol=workspace.practice.symbol,
    )


def description(workspace: Workspace, job: Job) -> Description:
    """Give what register and archive say of a document, as it was recorded when the document was made.

    A job that was filled before descriptions were recorded has none: it is made now, of what was read then. Only the
    facts of the year are then those of today. One that came back from the archive was never read: its sidecar tells.
    """
    recorded = workspace.description(job)
    if recorded is None and workspace.ledger.artifact(job.id, Role.READING) is None:
        return _from_archive(job, newest_sidecar(workspace, job))
    return recorded or describe(_ingredients(workspace, job))


def _from_archive(job: Job, said: Mapping[str, Any]) -> Description:
    entered = (said.get("register_entry") or {}).get("facts", {})
    return Description(
        on=job.document_on or dt.date.fromisoformat(said["document_on"]),
        title=str(said.get("title", "")),
        profile="",
        signer=str(entered.get("signer", "")),
        recipients=tuple(filter(None, str(entered.get("recipients", "")).split("; "))),
        kept_by=tuple(filter(None, str(entered.get("kept_by", "")).split("; "))),
        author=str(entered.get("author", "")),
        direction=Direction(entered["direction"]) if entered.get("direction") else None,
    )


def renders(workspace: Workspace, job: Job) -> Outcome:
    """Make the PDF of a document; without LibreOffice the job goes on, and the history says what was left out."""
    if workspace.office is None:
        return Outcome(State.RENDERED, detail={"pdf": "left out: LibreOffice is not installed"})
    from pipeline import rendition  # two PDF libraries, which a run without PDFs does not load

    key = workspace.mark_key()

    def mark_of(page: int, pages: int) -> str:
        return page_marks.mark_text(job.code, page, pages, key)

    made = rendition.render(workspace.artifact(job, Role.DRAFT), workspace.office, job.code, codes.find_all, mark_of)
    return Outcome(
        State.RENDERED,
        artifacts=(workspace.keep(Role.RENDITION, made.content),),
        detail={"pages": made.pages, "mark_key": page_marks.fingerprint(key)},
    )


def delivers(workspace: Workspace, job: Job) -> Outcome:
    """Publish the document for signature, as Word file and as PDF."""
    published = []
    # Word too: without LibreOffice there is nothing else to print
    for role, extension in ((Role.DRAFT, "docx"), (Role.RENDITION, "pdf")):
        artifact = workspace.ledger.artifact(job.id, role)
        if artifact is not None:
            published.append(_published(workspace, job, artifact, extension))
    return Outcome(State.DELIVERED, publications=tuple(published))


def _published(workspace: Workspace, job: Job, artifact: Artifact, extension: str) -> Publication:
    name = naming.published_name(
        cluster=workspace.year(job.year).cluster.slug,
        year=job.year,
        kind=workspace.kind(job).abbreviation,
        unit=job.unit,
        version=job.revision,
        job=job.id,
        extension=extension,
    )
    return Publication(f"{workspace.folders.awaiting}/{name}", artifact.sha256)
