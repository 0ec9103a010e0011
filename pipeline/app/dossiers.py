"""The dossiers of a year: what lies in each, when it may be handed over, how long it is kept.

A document lies in the dossier that names its kind. A dossier is handed over once it is closed, as the year's list
says; nothing is ever destroyed here: what may be is proposed, as a list.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from pipeline.answers import states
from pipeline.archive.hand_over import bagit, hsltcq, pdfa
from pipeline.archive.hand_over.contents_list import contents_list
from pipeline.archive.hand_over.dossier import FiledFile, Filled, Paper, longest, may_be_destroyed_from
from pipeline.archive.hand_over.metadata import Rendition, metadata
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.files import sync_folder
from pipeline.messages import VIETNAMESE, say, shown_in, tr
from pipeline.model import AFTER_ACCEPTANCE, Artifact, Direction, Job, Message, Role, State
from pipeline.steps.filed_paper import filed_paper_of
from pipeline.steps.later import decisions, filed
from pipeline.steps.making import description
from pipeline.workspace import Workspace
from pipeline.years import Year
from pipeline.years.facts import Dossier

#: Documents of these states are on their way into a dossier.
_UNDER_WAY = (AFTER_ACCEPTANCE | {State.HELD}) - {State.ARCHIVED}

#: What lies below `data/` of a bag, each file asked for when it is written.
Payload: TypeAlias = dict[PurePosixPath, Callable[[], bytes]]


@dataclass(frozen=True)
class Standing:
    """How a dossier stands: what is filed of it, what is still under way, until when it is kept.

    `may_be_destroyed_from` is None for one that is kept for good.
    """

    year: int
    entry: Dossier
    filed: tuple[Job, ...]
    under_way: tuple[Job, ...]
    retention_years: int
    is_closed: bool
    may_be_destroyed_from: dt.date | None


@dataclass(frozen=True)
class HandedOver:
    """What was made of a dossier: the bag, its manifest's sha256, the package, and what is in none of them."""

    dossier: Filled
    bag: Path
    manifest_sha256: str
    package: Path
    renditions: Mapping[int, Rendition]
    not_included: tuple[Message, ...]


def standings(workspace: Workspace, on: dt.date, year: int | None = None) -> list[Standing]:
    """Say how the dossiers stand on a day, of one year or of all."""
    years = [workspace.year(year)] if year is not None else list(workspace.years.values())
    return [_standing(workspace, facts, entry, on) for facts in years for entry in facts.dossiers]


def _standing(workspace: Workspace, year: Year, entry: Dossier, on: dt.date) -> Standing:
    jobs = [job for job in workspace.ledger.of_year(year.year) if job.kind in entry.kinds]
    lying = tuple(job for job in jobs if job.state is State.ARCHIVED)
    kept = entry.retention_years
    if kept is None:
        known = workspace.loaded().kinds
        kept = longest([known[kind].retention_years for kind in entry.kinds if kind in known])
    closes = entry.period.ends or entry.period.begins
    return Standing(
        year=year.year,
        entry=entry,
        filed=lying,
        under_way=tuple(job for job in jobs if job.state in _UNDER_WAY),
        retention_years=kept,
        is_closed=closes < on,
        may_be_destroyed_from=may_be_destroyed_from(closes, kept),
    )


def filled(workspace: Workspace, year: int, code: str) -> Filled:
    """Gather what is filed in a dossier, in the order of the days. Raises UnknownThing, NotAllowedNow."""
    facts = workspace.year(year)
    entry = facts.dossier(code)
    if entry is None or facts.fonds is None:
        known = ", ".join(one.code for one in facts.dossiers) or "–"
        raise UnknownThing(
            tr("The list of dossiers of {year} has no {code}. It has: {known}.", year=year, code=code, known=known)
        )
    closes = entry.period.ends or entry.period.begins
    if closes >= workspace.today():
        raise NotAllowedNow(
            tr(
                "Dossier {code} is open until {day}; it is handed over after that.",
                code=code,
                day=f"{closes:%d/%m/%Y}",
            )
        )
    standing = _standing(workspace, facts, entry, workspace.today())
    # by day, as a dossier is bound; of one day, as they were registered
    lying = sorted(standing.filed, key=lambda job: (job.document_on or dt.date.max, job.id))
    term = facts.term(closes)
    return Filled(
        year=year,
        fonds=facts.fonds,
        entry=entry,
        term=term.id if term else "",
        organisation_name=facts.cluster.full_name,
        papers=tuple(_paper(workspace, facts, job) for job in lying),
    )


def _paper(workspace: Workspace, year: Year, job: Job) -> Paper:
    said, kind, newest = description(workspace, job), workspace.kind(job), filed_paper_of(workspace, job)
    draft, rendition = (workspace.ledger.artifact(job.id, role) for role in (Role.DRAFT, Role.RENDITION))
    is_incoming = said.direction is Direction.INCOMING
    entry = workspace.ledger.number_entry(job.id)
    return Paper(
        document_code=job.code,
        number="" if is_incoming else job.number,
        entered=str(entry.no) if is_incoming and entry else "",
        on=job.document_on or said.on,
        type_name=kind.title_vi,
        abbreviation=kind.abbreviation,
        title=said.title,
        author=said.author or year.cluster.full_name,
        signer=said.signer,
        pages=newest.pages or workspace.pages_of(job),
        retention_years=kind.retention_years,
        is_signed_digitally=newest.is_signed_digitally,
        files=tuple(map(_file, filed(workspace, job))),
        shown=_file(newest.shown) if newest.shown else None,
        draft=draft.sha256 if draft else "",
        rendition=rendition.sha256 if rendition else "",
        remarks=tuple(shown_in(one.remark, VIETNAMESE) for one in decisions(workspace, job)),
    )


def _file(of: Artifact) -> FiledFile:
    return FiledFile(PurePosixPath(of.name), of.sha256)


def hand_over(workspace: Workspace, dossier: Filled, target: Path) -> HandedOver:
    """Write the bag and the package of a dossier into a folder, and record that it was done.

    Raises NotAllowedNow for one without papers, and where one of that name lies there already; what was begun and
    cut off is made anew.
    """
    if not dossier.papers:
        raise NotAllowedNow(tr("Nothing is filed in dossier {code} yet.", code=dossier.entry.code))
    bag, package = target / dossier.folder, target / f"{dossier.folder}.zip"
    for path in (bag, package):
        if path.exists():
            raise NotAllowedNow(
                tr("{path} is there already; choose another folder, nothing was changed.", path=str(path))
            )
    making = target / f".{dossier.folder}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    payload = _originals(workspace, dossier)
    renditions = _renditions(workspace, dossier, payload)
    missing = tuple(_not_included(workspace, dossier, renditions))
    told = [shown_in(one, VIETNAMESE) for one in missing]
    payload[PurePosixPath("ho-so.json")] = lambda: metadata(dossier, renditions, told)
    digest = bagit.write_bag(making / "bag", payload, _bag_info(workspace, dossier))
    hsltcq.package(dossier, workspace.spool.get, making / "package.zip")
    (making / "package.zip").rename(package)
    (making / "bag").rename(bag)
    making.rmdir()
    sync_folder(target)
    workspace.ledger.remark(
        "dossier.hand-over",
        {
            "year": dossier.year,
            "dossier": dossier.entry.code,
            "folder": dossier.folder,
            "documents": len(dossier.papers),
            "sha256": digest,
        },
    )
    return HandedOver(dossier, bag, digest, package, renditions, missing)


def _originals(workspace: Workspace, dossier: Filled) -> Payload:
    """All that is filed, and the list of it; each file is asked for when it is written."""
    payload: Payload = {
        PurePosixPath("van-ban") / one.path: partial(workspace.spool.get, one.sha256)
        for paper in dossier.papers
        for one in paper.files
    }
    listed = contents_list(dossier)
    payload[PurePosixPath("muc-luc-van-ban.docx")] = lambda: listed
    if workspace.office is not None:
        shown = pdfa.tidied(workspace.office.convert(listed))
        payload[PurePosixPath("muc-luc-van-ban.pdf")] = lambda: shown
    return payload


def _renditions(workspace: Workspace, dossier: Filled, payload: Payload) -> dict[int, Rendition]:
    """Put a PDF/A of each document made here beside the originals, by its position: that which was printed, or else
    one made now.
    """
    made = {}
    for position, paper in enumerate(dossier.papers):
        if paper.rendition:
            content = workspace.spool.get(paper.rendition)
        elif paper.draft and workspace.office is not None:
            content = pdfa.tidied(workspace.office.convert(workspace.spool.get(paper.draft)))
        else:
            continue
        path = PurePosixPath("pdfa") / dossier.name_of(position)
        made[position] = Rendition(
            path.as_posix(), pdfa.judged(content), bool(paper.rendition), pdfa.wordless_pages(content)
        )
        payload[path] = partial(bytes, content)
    return made


def _bag_info(workspace: Workspace, dossier: Filled) -> dict[str, str]:
    return {
        "Source-Organization": dossier.organisation_name,
        "External-Identifier": dossier.folder,
        "Internal-Sender-Identifier": dossier.state_code,
        "External-Description": dossier.entry.title,
        "Bagging-Date": workspace.today().isoformat(),
    }


def _not_included(workspace: Workspace, dossier: Filled, renditions: Mapping[int, Rendition]) -> Iterator[Message]:
    """Say what a reader may miss: documents still under way, papers that no PDF shows, renditions that lack."""
    standing = _standing(workspace, workspace.year(dossier.year), dossier.entry, workspace.today())
    for job in standing.under_way:
        yield say("#{id} ({file}): {state}", id=job.id, file=job.name, state=states()[job.state])
    for position, paper in enumerate(dossier.papers):
        name = dossier.name_of(position)
        if paper.shown is None:
            yield say("{name}: no PDF of it is filed", name=name)
        if position not in renditions:
            yield say("{name}: there is no PDF/A of it", name=name)
        elif faults := renditions[position].judgement.faults:
            yield say("{name}: its PDF/A has a fault: {fault}", name=name, fault=faults[0])
