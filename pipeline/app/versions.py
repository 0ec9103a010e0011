"""Two files about one matter held against each other: what their forms say, and what stands in their documents."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.blank_forms import Entry, FormPlan, Section, Table, plan
from pipeline.blank_forms.typed import Typed, begun, places_of, written
from pipeline.errors import NotAllowedNow
from pipeline.messages import tr
from pipeline.model import Finding, Job, Role
from pipeline.ooxml.word_text import text_of_ours
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Place:
    """One place of a form as it was read: whose it is, the row it is in (from 1; 0 for none), and its text."""

    label: str
    row: int
    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class AsRead:
    """A form as it was received: place by place under the headings of its sections, and what is said of it whole."""

    sections: tuple[tuple[str, tuple[Place, ...]], ...]
    about_all: tuple[Finding, ...]


@dataclass(frozen=True)
class Changed:
    """A place that says something else in the newer form; "" for nothing."""

    label: str
    row: int
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """What is different; `lines` are of the Word documents: "- …" gone, "+ …" new, None where one has none."""

    older: Job
    newer: Job
    values: tuple[Changed, ...]
    lines: tuple[str, ...] | None


def as_read(workspace: Workspace, job: Job) -> AsRead:
    """Give a form as it was read, with its faults at their places. Raises NotAllowedNow where none was read."""
    form, texts = _form(workspace, job)
    filled = written(form, texts)
    at: dict[str, tuple[Finding, ...]] = {}
    for one in workspace.findings(job):
        name = filled.name_of(one.place.pointer)
        at[name] = (*at.get(name, ()), one)
    sections = tuple((one.heading, tuple(_places(one, texts, at))) for one in form.sections)
    return AsRead(sections, at.get("", ()))


def _places(section: Section, texts: Typed, at: Mapping[str, tuple[Finding, ...]]) -> Iterator[Place]:
    for part in section.parts:
        if isinstance(part, Table) and part.name in at:
            yield Place(part.label, 0, "", at[part.name])
        for row, entry, name in places_of(part, texts):
            text = _shown(entry, texts.get(name, ""))
            # of a table's row what is left empty is not listed, of the form itself it is
            if text or name in at or not row:
                yield Place(entry.label, row, text, at.get(name, ()))


def compared(workspace: Workspace, one: Job, other: Job) -> Compared:
    """Hold two files about one matter against each other, the earlier first.

    Raises NotAllowedNow for files about other matters, or of which no form was read.
    """
    older, newer = sorted((one, other), key=lambda job: job.id)
    if older.id == newer.id or (older.kind, older.unit, older.year) != (newer.kind, newer.unit, newer.year):
        raise NotAllowedNow(tr("#{one} and #{other} are not versions of one document.", one=one.id, other=other.id))
    before, after = (dict(_said(workspace, job)) for job in (older, newer))
    places = [*before, *(place for place in after if place not in before)]
    values = tuple(
        Changed(label, row, before.get((label, row), ""), after.get((label, row), ""))
        for label, row in places
        if before.get((label, row), "") != after.get((label, row), "")
    )
    return Compared(older, newer, values, _lines(workspace, older, newer))


def _said(workspace: Workspace, job: Job) -> Iterator[tuple[tuple[str, int], str]]:
    form, texts = _form(workspace, job)
    for section in form.sections:
        for part in section.parts:
            for row, entry, name in places_of(part, texts):
                # the same label stands in several groups: Chức vụ of who signs, Chức vụ of whom to ask
                above = section.heading if section.heading != entry.label else ""
                label = " – ".join(filter(None, (above, entry.label)))
                yield (label, row), _shown(entry, texts.get(name, ""))


def _form(workspace: Workspace, job: Job) -> tuple[FormPlan, dict[str, str]]:
    if not job.kind or workspace.ledger.artifact(job.id, Role.READING) is None:
        raise NotAllowedNow(tr("Of document #{id} no form was read.", id=job.id))
    kind = workspace.kind(job) if job.bundle_sha256 else workspace.loaded().kinds.get(job.kind)
    if kind is None:
        raise NotAllowedNow(tr("Of document #{id} no form was read.", id=job.id))
    year, values = workspace.year(job.year), workspace.reading(job).values
    unit = year.unit(job.unit) if job.unit else None
    form = plan(kind, year, unit=unit, on=kind.date_of(values) or workspace.today(), values=values, is_blank=True)
    return form, begun(form)


def _shown(entry: Entry, text: str) -> str:
    return "; ".join(dict(entry.choices).get(line, line) for line in text.splitlines()) if entry.choices else text


def _lines(workspace: Workspace, older: Job, newer: Job) -> tuple[str, ...] | None:
    if any(workspace.ledger.artifact(job.id, Role.DRAFT) is None for job in (older, newer)):
        return None
    before, after = (
        list(filter(None, map(str.strip, text_of_ours(workspace.artifact(job, Role.DRAFT)).splitlines())))
        for job in (older, newer)
    )
    return tuple(line for line in difflib.ndiff(before, after) if line[0] in "+-")
