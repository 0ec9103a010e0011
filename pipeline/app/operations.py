"""Operations: what a person may do with a job, and what is refused because of the state the job is in."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn

from pipeline.answers import states
from pipeline.errors import AmbiguousName, NotAcceptable, NotAllowedNow, UnknownThing
from pipeline.ledger import Outcome
from pipeline.ledger.outcome import AGAIN
from pipeline.messages import tr
from pipeline.model import TRANSITIONS, Finding, Job, Role, Severity, State
from pipeline.naming import key, parse
from pipeline.papers import codes
from pipeline.register import lookup
from pipeline.register.lookup import qualified
from pipeline.steps import incidents, warnings
from pipeline.steps.answering import withdrawn
from pipeline.steps.gathering import REMADE
from pipeline.steps.incidents import Incident
from pipeline.steps.judgement import revision_of
from pipeline.steps.partly_signed import gives_back
from pipeline.steps.warnings import Warned
from pipeline.vietnamese import search_key
from pipeline.workspace import Workspace

#: A job's number as a person writes it, or as it stands in file names.
_ID: Final = re.compile("(?:#|hs ?)?([0-9]{1,12})", re.IGNORECASE)
#: What people add to the title of a document: its year.
_OF_A_YEAR: Final = re.compile(r"\s+năm\s+[0-9]{4}$", re.IGNORECASE)
#: Jobs in these states are none of the documents that a kind's name means now.
_PAST: Final = frozenset({State.MATCHED, State.SUPERSEDED, State.CANCELLED})


class Again(enum.StrEnum):
    """How a job can be done again."""

    FROM_START = "from-start"  #: read anew, with the kind as its folder is now
    FROM_SIGNATURE = "from-signature"  #: numbered and filed anew; the signed paper is here
    AS_REVISION = "as-revision"  #: the document is made anew as a new version
    NOT = "not"  #: there is nothing to do, or its number may already be on the signed paper


@dataclass(frozen=True)
class Plan:
    """What `reprocess` would do with a job."""

    job: Job
    again: Again


def find(workspace: Workspace, said: str, series: str = "") -> Job:
    """Find a job by what a person says: its id, its document code, a number, or the name of a file ever seen.

    With `series` it is a number of that series. Raises UnknownThing, AmbiguousName when several bear the number.
    """
    if series:
        return _numbered(workspace, said, series) or _unknown(said)
    # from what is surest to what may be several: an id, a code, our own file names, any name seen, a number
    text = said.strip()
    if number := _ID.fullmatch(text):
        return workspace.ledger.job(int(number[1]))
    # anywhere in the words: a code is checked by itself, and people paste whole lines
    for code in codes.find_all(text.upper()):
        job = workspace.ledger.by_code(code)
        if job is not None:
            return job
    published = parse(text.rpartition("/")[2])
    if published is not None:
        return workspace.ledger.job(published.job)
    seen = workspace.ledger.seen(name_key=key(text.rpartition("/")[2]))
    if seen:
        return workspace.ledger.job(seen[0].job_id)
    return _numbered(workspace, text, "") or _of_kind(workspace, text) or _unknown(said)


def _of_kind(workspace: Workspace, said: str) -> Job | None:
    """Find the document of this year that the name or a title of its kind means, with its unit where several are.

    Raises AmbiguousName when several are meant, UnknownThing when the kind is known and there is none yet.
    """
    words = search_key(_OF_A_YEAR.sub("", said))
    year = workspace.years.get(workspace.practice.year)
    if year is None:
        return None
    for kind in workspace.loaded().kinds.values():
        names = {search_key(name) for name in (kind.id, kind.title_vi, kind.type_name, *kind.form_titles)}
        # "dang-ky CATP", "Bản đăng ký thi đua Công an TP.HCM"
        name = max((one for one in names if words == one or words.startswith(f"{one} ")), key=len, default="")
        if not name:
            continue
        rest = words.removeprefix(name).strip()
        units = [unit.code for unit in year.units if rest in map(search_key, unit.names())]
        if rest and not units:
            continue
        found = workspace.ledger.of_kind(kind.id, year.year, set(State) - _PAST)
        found = [job for job in found if not rest or job.unit in units]
        if len(found) > 1:
            raise AmbiguousName(
                tr(
                    "“{said}” means several documents; nothing was done. Name the unit, too, or give the job's id:\n"
                    "{choices}",
                    said=said,
                    choices="\n".join(f"  #{job.id}  {job.unit or '–'}  {job.name}" for job in found),
                )
            )
        if found:
            return found[0]
        raise UnknownThing(
            tr(
                "There is no document “{title}” of {year} yet. `vanthu status` shows what is still missing.",
                title=kind.title_vi,
                year=year.year,
            )
        )
    return None


def _unknown(said: str) -> NoReturn:
    raise UnknownThing(
        tr(
            "“{said}” is not known. Give a job's id, a document code, a number or the name of a "
            "dropped file; `vanthu status` lists the jobs.",
            said=said,
        )
    )


def _numbered(workspace: Workspace, said: str, series: str) -> Job | None:
    """Find the job that bears a number, or bore it. Raises AmbiguousName when several do."""
    every = lookup.found(workspace.ledger, said, series)
    found = [row for row in every if row.job_id]
    if every and not found:
        raise NotAllowedNow(
            tr(
                "{number} is a number of an old book; it has no document here. `vanthu register show` tells what the "
                "book says of it.",
                number=every[0].number,
            )
        )
    jobs = {row.job_id: row for row in found}
    if len(jobs) > 1:
        choices = "\n".join(f"  {qualified(row)}  #{job}  {row.columns.title}" for job, row in jobs.items())
        raise AmbiguousName(
            tr(
                "“{said}” is the number of several documents; nothing was done. Name it with its series, or give the "
                "job's id:\n{choices}",
                said=said,
                choices=choices,
            )
        )
    return workspace.ledger.job(next(iter(jobs))) if jobs else None


def plans(workspace: Workspace, *, is_failed: bool = False, kind: str = "") -> list[Plan]:
    """Plan to do again all that can be: everything not signed, or only what failed, or only of one kind."""
    states = (State.RETURNED, State.HELD) if is_failed else tuple(State)
    planned = [plan(workspace, job) for job in workspace.ledger.in_states(states) if kind in {"", job.kind}]
    return [one for one in planned if one.again is not Again.NOT]


def out_for_signature(planned: Iterable[Plan]) -> list[Job]:
    """Give the jobs of a plan whose document people may have printed: it would be withdrawn and made again."""
    return [one.job for one in planned if one.job.state is State.DELIVERED]


def plan(workspace: Workspace, job: Job) -> Plan:
    """Say how a job would be done again."""
    if job.state in {State.RETURNED, State.HELD}:
        # a signed paper is never made anew: what failed after it is filing, and only that is done again
        is_signed = workspace.ledger.artifact(job.id, Role.SIGNED) is not None
        return Plan(job, Again.FROM_SIGNATURE if is_signed else Again.FROM_START)
    if job.state in REMADE or job.state is State.WAITING:
        return Plan(job, Again.AS_REVISION)
    return Plan(job, Again.NOT)


def reprocess(workspace: Workspace, planned: Plan, why: str = "") -> Job:
    """Do a job again as planned; the worker takes it from there. Raises NotAllowedNow when there is nothing to do."""
    job = planned.job
    reason = why or AGAIN
    match planned.again:
        case Again.FROM_START:
            outcome = Outcome(
                State.RECEIVED, reason, publications=withdrawn(workspace, job), also=gives_back(workspace, job)
            )
            return workspace.ledger.advance(job, outcome)
        case Again.FROM_SIGNATURE:
            return workspace.ledger.advance(job, Outcome(State.SIGNED, why=reason))
        case Again.AS_REVISION:
            new = revision_of(workspace, job)
            outcome = Outcome(State.SUPERSEDED, reason, publications=withdrawn(workspace, job), opens=(new,))
            return workspace.ledger.advance(job, outcome)
        case Again.NOT:
            raise NotAllowedNow(
                tr("Job {id} is {state}: there is nothing to be done again.", id=job.id, state=states()[job.state])
            )


def cancel(workspace: Workspace, job: Job, why: str) -> Job:
    """Cancel a job; its files are removed from the outbox. Raises NotAllowedNow."""
    # one that is held while a further paper is filed with it has its number for good
    is_filed = workspace.ledger.artifact(job.id, Role.FILED) is not None
    if is_filed or State.CANCELLED not in TRANSITIONS[job.state]:
        raise NotAllowedNow(tr("Job {id} is {state} and cannot be cancelled.", id=job.id, state=states()[job.state]))
    also = gives_back(workspace, job)
    outcome = Outcome(State.CANCELLED, why=why, publications=withdrawn(workspace, job), also=also)
    # its number stays in the register as void, in the transaction that cancels
    if job.number:
        return workspace.ledger.void(job, outcome)
    return workspace.ledger.advance(job, outcome)


def admit(workspace: Workspace, number: int, why: str) -> Incident:
    """Let in a file that the secrecy gate could not look into: a person has. It is taken at the next look.

    Raises UnknownThing when no such incident is open, NotAllowedNow when its file is marked or unfinished.
    """
    found = next((one for one in incidents.standing(workspace) if one.number == number), None)
    if found is None:
        raise UnknownThing(
            tr("There is no open incident {number}. `vanthu incidents list` lists those there are.", number=number)
        )
    if found.sort != incidents.UNSEEN:
        raise NotAllowedNow(
            tr("Incident {number} is about a file that is marked or not finished; it is not let in.", number=number)
        )
    incidents.admit(workspace, number, why)
    return found


#: States in which no warning of a job can be accepted any more.
OVER = frozenset({State.MATCHED, State.SUPERSEDED, State.CANCELLED})


@dataclass(frozen=True)
class Accepting:
    """The result of accepting a rule's warnings: those accepted now, and those that had been accepted before."""

    now: tuple[Finding, ...]
    before: tuple[Warned, ...]


def accept(workspace: Workspace, job: Job, rule: str, why: str, at: str = "") -> Accepting:
    """Accept a job's warnings of one rule (only the one at the pointer `at`, when given), with a reason.

    Raises UnknownThing when the job has no such finding, NotAcceptable when it is no warning, NotAllowedNow when
    another file has taken the job's place.
    """
    # a wrong rule or place is told first: a list of the open warnings helps more than the state
    _refuse_others(workspace, job, rule, at)
    if job.state in OVER:
        raise NotAllowedNow(
            tr("Job {id} is {state}: it has no warning that is still open.", id=job.id, state=states()[job.state])
        )
    meant = [
        one
        for one in _warned(workspace, job)
        if one.finding.code == rule and at in {"", str(one.finding.place.pointer)}
    ]
    now = tuple(one.finding for one in meant if one.acceptance is None)
    warnings.accept(workspace, job, now, why)
    return Accepting(now, tuple(one for one in meant if one.acceptance is not None))


def _warned(workspace: Workspace, job: Job) -> tuple[Warned, ...]:
    return warnings.warnings_of(workspace, [job]).get(job.id, ())


def _refuse_others(workspace: Workspace, job: Job, rule: str, at: str) -> None:
    """Refuse a rule the job has no finding of, and one whose finding is no warning."""
    found = workspace.findings(job)
    meant = [one for one in found if one.code == rule and at in {"", str(one.place.pointer)}]
    if not meant:
        known = dict.fromkeys(
            f"{one.code} {one.place.pointer}".strip() for one in found if one.severity is Severity.WARN
        )
        raise UnknownThing(
            tr(
                "Job {id} has no warning {rule}. Its warnings: {known}.",
                id=job.id,
                rule=f"{rule} {at}".strip(),
                known=", ".join(known) or "–",
            )
        )
    if any(one.severity is Severity.BLOCK for one in meant):
        raise NotAcceptable(
            tr(
                "{rule} blocks the document of job {id} and cannot be accepted: it must be mended, and the file "
                "dropped again.",
                rule=rule,
                id=job.id,
            )
        )
    if all(one.severity is Severity.INFO for one in meant):
        raise NotAcceptable(tr("{rule} is for information only; nothing is to be accepted.", rule=rule))
