"""Replay: what changed templates, rules or facts of the year would change of this year's documents.

Nothing is written: forms are judged again as they were read, and documents are filled again in memory. What depends
on nothing that changed is not made again: a kind with the files it had, or a document whose values and template are
those it was made of. A paper that is signed, or bears its number, is none of it (`AFTER_SIGNATURE`).
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import kinds, years
from pipeline.app.kinds_now import with_sound_templates
from pipeline.errors import NotAllowedNow, UnknownThing, VanthuError
from pipeline.kinds import Kind, Loaded
from pipeline.ledger.chain import canonical
from pipeline.messages import tr
from pipeline.model import AFTER_ACCEPTANCE, AFTER_SIGNATURE, Finding, Job, Role, State
from pipeline.ooxml.word_text import text_of_ours
from pipeline.steps import making
from pipeline.steps.judgement import REPLACES, findings_about
from pipeline.workspace import Workspace
from pipeline.years import Year

#: Documents and forms that may still become others.
_OPEN: Final = (AFTER_ACCEPTANCE - AFTER_SIGNATURE) | {State.RETURNED}


@dataclass(frozen=True)
class Trial:
    """What is tried: `workspace` has the changed kinds and year, `loaded` says which kinds these are."""

    workspace: Workspace
    loaded: Loaded
    is_of_folder: bool  #: what is in force now is held against what was done before it was


@dataclass(frozen=True)
class Replayed:
    """One document, and what would be different: findings, and lines of its text ("- …" gone, "+ …" new)."""

    job: Job
    gone: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()
    lines: tuple[str, ...] = ()
    is_read_anew: bool = False  #: the form of its kind has other fields: only reading it again tells more
    has_new_look: bool = False  #: the same words in another shape
    trouble: str = ""  #: why it could not be made

    @property
    def is_changed(self) -> bool:
        """Whether anything would be different."""
        return bool(self.gone or self.new or self.lines or self.is_read_anew or self.has_new_look or self.trouble)


def trial(workspace: Workspace, templates: Path | None = None, facts: Path | None = None) -> Trial:
    """Try a templates folder or a year's file in place of those of the working folder.

    Raises BrokenKind for the first kind that cannot be used, YearError, UnknownThing for a folder without kinds,
    NotAllowedNow for the facts of another year.
    """
    year = workspace.year(workspace.practice.year) if facts is None else years.load(facts)
    if year.year != workspace.practice.year:
        raise NotAllowedNow(
            tr(
                "{file} holds the facts of {other}, the office works in {year}. Name a file of this year.",
                file=str(facts),
                other=year.year,
                year=workspace.practice.year,
            )
        )
    folder = templates or workspace.folders.templates
    loaded = with_sound_templates(kinds.load_all(folder, workspace.practice.words_of(year)), folder)
    if loaded.broken:
        raise loaded.broken[0]
    if not loaded.kinds:
        raise UnknownThing(tr("There is no kind of document in {folder}.", folder=str(folder)))
    return Trial(_with(workspace, year, loaded), loaded, is_of_folder=templates is None and facts is None)


def _with(workspace: Workspace, year: Year, loaded: Loaded) -> Workspace:
    return replace(
        workspace,
        years={**workspace.years, year.year: year},
        loaded=lambda: loaded,
        _kinds=_kinds_by_bundle(workspace, loaded.kinds),
        _contexts={},
    )


def _kinds_by_bundle(workspace: Workspace, loaded: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds that are tried, in place of the bundles kept with the jobs, inputs of others among them."""
    return {
        job.bundle_sha256: loaded[job.kind]
        for kind_id in loaded
        for job in workspace.ledger.of_kind(kind_id, workspace.practice.year, set(State))
        if job.bundle_sha256
    }


def replay(workspace: Workspace, tried: Trial) -> Iterator[Replayed]:
    """Say of each open document of this year what would be different, in the order in which they came."""
    for job in sorted(_open(workspace), key=lambda one: one.id):
        yield _replayed(workspace, tried, job)


def open_count(workspace: Workspace) -> int:
    """Count the documents of this year that a replay looks at."""
    return len(_open(workspace))


def _open(workspace: Workspace) -> list[Job]:
    return [job for job in workspace.ledger.in_states(tuple(_OPEN)) if job.year == workspace.practice.year]


def signed_count(workspace: Workspace) -> int:
    """Count the documents of this year that are signed or bear their number: no replay touches them."""
    signed = workspace.ledger.in_states(tuple(AFTER_SIGNATURE))
    return sum(job.year == workspace.practice.year for job in signed)


def _replayed(workspace: Workspace, tried: Trial, job: Job) -> Replayed:
    was, now = workspace.kind(job), tried.loaded.kinds.get(job.kind)
    if now is None:
        return Replayed(job, trouble=tr("there is no such kind any more"))
    if workspace.ledger.artifact(job.id, Role.READING) is None:
        return Replayed(job)
    if was.fields.schema != now.fields.schema:
        return Replayed(job, is_read_anew=True)
    found = _verdict(workspace, tried, job)
    # one that goes back makes no document, and one that waits has made none
    if job.state is State.RETURNED or workspace.ledger.artifact(job.id, Role.DRAFT) is None:
        return found
    try:
        return _remade(workspace, tried.workspace, found)
    except VanthuError as trouble:
        return replace(found, trouble=str(trouble))


def _verdict(workspace: Workspace, tried: Trial, job: Job) -> Replayed:
    """What would be found that was not, and the other way round."""
    # as it is today: a deadline that has passed meanwhile is no effect of what is tried
    before = workspace.findings(job) if tried.is_of_folder else findings_about(workspace, job)
    after = findings_about(tried.workspace, job)
    return Replayed(
        job,
        gone=tuple(one for one in before if one.code != REPLACES and _key(one) not in set(map(_key, after))),
        new=tuple(one for one in after if _key(one) not in set(map(_key, before))),
    )


def _key(finding: Finding) -> tuple[str, str]:
    return finding.code, str(finding.place)


def _remade(workspace: Workspace, tried: Workspace, found: Replayed) -> Replayed:
    """The document filled anew, held against the one that was made; where all it is made of is the same, it is."""
    job = found.job
    prepared = making.prepare(tried, job)
    was = workspace.ledger.artifact(job.id, Role.VALUES)
    is_same = was is not None and workspace.spool.get(was.sha256) == canonical(prepared.values).encode()
    if is_same and _template_of(workspace, job) == prepared.template.digest:
        return found
    draft, made = workspace.artifact(job, Role.DRAFT), making.make(prepared)
    lines = tuple(_differing(text_of_ours(draft), text_of_ours(made)))
    return replace(found, lines=lines, has_new_look=not lines and draft != made)


def _template_of(workspace: Workspace, job: Job) -> str:
    """The digest of the template, laid out, that a document was made by."""
    filled = (event for event in reversed(workspace.ledger.events(job.id)) if event.to_state == State.FILLED)
    event = next(filled, None)
    return str(event.detail.get("template", "")) if event is not None else ""


def _differing(before: str, after: str) -> Iterator[str]:
    # a blank at which no line ends is a blank: what documents of before have
    plain = (text.replace("\u00a0", " ").splitlines() for text in (before, after))
    old, new = (list(filter(None, map(str.strip, lines))) for lines in plain)
    return (line for line in difflib.ndiff(old, new) if line[0] in "+-")
