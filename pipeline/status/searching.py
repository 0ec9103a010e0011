"""Searching documents by words: in what the register says of them, in their forms, and in what was read on scans.

Accents, case and line ends do not matter: what a program reads on a scan has the letters right more often than the
tones ("THỊ ĐUA" for "THI ĐUA").
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Description, Job, Json, Role, State
from pipeline.vietnamese import search_key
from pipeline.workspace import Workspace


class Source(enum.StrEnum):
    """Where words were found."""

    REGISTER = "register"  #: number, title, unit, signer, recipients
    FORM = "form"
    SCAN = "scan"  #: what a program has read on the paper: a guess


@dataclass(frozen=True)
class Found:
    """A document in which all words were found, and where; `line` is the first line of the scan that has one."""

    job: Job
    title: str
    sources: tuple[Source, ...]
    line: str = ""


def search(workspace: Workspace, phrases: Sequence[str]) -> list[Found]:
    """Find the documents that hold every one of these phrases, the newest first; superseded versions are left out."""
    keys = [key for phrase in phrases if (key := search_key(phrase))]
    jobs = [job for job in workspace.ledger.in_states(set(State) - {State.SUPERSEDED}) if keys]
    read = workspace.ledger.newest([job.id for job in jobs], Role.PAPER_TEXT)
    found = (_found(workspace, job, keys, read) for job in reversed(jobs))
    return [one for one in found if one is not None]


def _found(workspace: Workspace, job: Job, keys: Sequence[str], read: Mapping[int, str]) -> Found | None:
    description = workspace.description(job)
    if description is None:  # no document of ours was made of it
        return None
    scan = workspace.spool.get(read[job.id]).decode("utf-8", "replace") if job.id in read else ""
    texts = {
        Source.REGISTER: "\n".join(_said(job, description)),
        Source.FORM: "\n".join(_texts(workspace.reading(job).values)),
        Source.SCAN: scan,
    }
    holding = {source: search_key(text) for source, text in texts.items()}
    # one word may stand in the title, another on the paper
    if not all(any(key in text for text in holding.values()) for key in keys):
        return None
    sources = tuple(source for source, text in holding.items() if any(key in text for key in keys))
    lines = (line.strip() for line in scan.splitlines() if any(key in search_key(line) for key in keys))
    return Found(job, description.title, sources, next(lines, ""))


def _said(job: Job, description: Description) -> Iterator[str]:
    yield from (job.number, job.code, job.unit, description.title, description.signer, description.author)
    yield from description.recipients


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
