"""Making: the accepted values become the official Word document and its PDF, and lie ready for signature."""

from pipeline import codes, filling, naming, rendition
from pipeline.composition import Ingredients, compose
from pipeline.form import profile_for
from pipeline.form.checking import Facts, holding
from pipeline.house import House
from pipeline.ledger import Outcome, Publication
from pipeline.model import Artifact, Job, Role, State
from pipeline.steps.dressing import dressed
from pipeline.steps.gathering import gathered, missing
from pipeline.vietnamese.filters import FILTERS

#: The name of the placeholder picture in every template that shows the document code.
CODE_PICTURE = "vanthu-code"


def gathers(house: House, job: Job) -> Outcome | None:
    """Wait until everything a document needs is there, and say for whom; then fill its template."""
    lacking = missing(house, job, house.kind(job))
    if not lacking:
        return fills(house, job)
    if job.state is State.WAITING and job.reason == ", ".join(lacking):
        return None
    return Outcome(State.WAITING, why=", ".join(lacking), detail={"waits_for": list(lacking)})


def fills(house: House, job: Job) -> Outcome:
    """Fill the official template, in the form that is in force on the document's own date."""
    kind, year = house.kind(job), house.year(job.year)
    doc = house.doc(job, kind)
    day = kind.date_of(doc) or house.today()
    profile = profile_for(day, kind.form_family, house.practice.forced_profile)
    values = compose(
        Ingredients(
            job=job,
            kind=kind,
            year=year,
            day=day,
            doc=doc,
            gathered=gathered(house, job, kind),
            profile=profile,
            signature_style=house.practice.signature_style,
            symbol=house.practice.symbol,
        )
    )
    template = dressed(kind.template, profile.id)
    content = filling.fill(template, values, filters=FILTERS, pictures={CODE_PICTURE: codes.picture(job.code)})
    symbol = "" if kind.submitted_by == "unit" else house.practice.symbol or year.cluster.symbol
    holding(content, profile, Facts(on=day, symbol=symbol, prints_number=kind.number_printed), doc)
    return Outcome(
        State.FILLED,
        facts={"document_on": day},
        artifacts=(house.keep_values(values), house.keep(Role.DRAFT, content)),
        detail={"profile": profile.id, "template": template.digest},
    )


def renders(house: House, job: Job) -> Outcome:
    """Make the PDF of a document; without LibreOffice the road goes on, and the history says what was left out."""
    if house.office is None:
        return Outcome(State.RENDERED, detail={"pdf": "left out: LibreOffice is not installed"})
    made = rendition.render(house.artifact(job, Role.DRAFT), house.office, job.code)
    return Outcome(
        State.RENDERED, artifacts=(house.keep(Role.RENDITION, made.content),), detail={"pages": made.pages}
    )


def delivers(house: House, job: Job) -> Outcome:
    """Lay the document out for signature, as Word file and as PDF."""
    published = []
    for role, extension in ((Role.DRAFT, "docx"), (Role.RENDITION, "pdf")):
        artifact = house.ledger.artifact(job.id, role)
        if artifact is not None:
            published.append(_published(house, job, artifact, extension))
    return Outcome(State.DELIVERED, publications=tuple(published))


def _published(house: House, job: Job, artifact: Artifact, extension: str) -> Publication:
    name = naming.published_name(
        cluster=house.year(job.year).cluster.slug,
        year=job.year,
        kind=house.kind(job).abbreviation,
        unit=job.unit,
        version=job.revision,
        job=job.id,
        extension=extension,
    )
    return Publication(f"{house.folders.awaiting}/{name}", artifact.sha256)
