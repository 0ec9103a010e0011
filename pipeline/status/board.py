"""The board of a year, made from its status: names instead of codes, days left instead of dates alone."""

import itertools
from collections.abc import Iterable, Sequence

from pipeline.answers import states
from pipeline.kinds import Kind
from pipeline.messages import say
from pipeline.model import AFTER_ACCEPTANCE, Finding, Job, Message, State
from pipeline.register import order
from pipeline.status.draft_forms import Asked, asked
from pipeline.status.reasons import reason_of
from pipeline.status.titles import title_of
from pipeline.status.views import (
    Board,
    Cell,
    Column,
    Deadline,
    Document,
    OpenWarning,
    Row,
    Status,
    Stopped,
    WaitingDocument,
)
from pipeline.status.working import workers_said
from pipeline.status.year import STATUS_OF, UnitStatus, YearStatus, due_of
from pipeline.steps.later import decisions
from pipeline.steps.number_wishes import rules_waiting
from pipeline.steps.partly_signed import lacking
from pipeline.workspace import Workspace
from pipeline.years import Year

#: States in which a document of the cluster is there, at least to be signed.
MADE = AFTER_ACCEPTANCE - {State.ACCEPTED, State.WAITING}


def board_of(workspace: Workspace, facts: YearStatus, wanted: Sequence[Asked] | None = None) -> Board:
    """Make the board of a year for people; `wanted` are the forms the clerk is asked for, where they are known."""
    wanted = asked(workspace) if wanted is None else wanted
    year, kinds = workspace.year(facts.year), workspace.loaded().kinds
    shown = dict.fromkeys(cell.kind for cell in facts.cells)
    return Board(
        year=facts.year,
        cluster=year.cluster.full_name,
        as_of=facts.as_of,
        changed_at=facts.changed_at,
        columns=tuple(
            Column(kind.id, kind.title, kind.abbreviation, due_of(kind, year))
            for kind in (kinds[kind_id] for kind_id in shown)
        ),
        rows=tuple(_rows(facts.cells, year)),
        documents=tuple(
            Document(
                job.id,
                title_of(kinds, job, workspace.practice.language),
                states()[job.state],
                STATUS_OF.get(job.state, Status.VALID),
                job.number,
                tuple(one.message for one in lacking(workspace, job))
                or tuple(one.remark for one in decisions(workspace, job)),
            )
            for job in facts.cluster
        ),
        deadlines=tuple(_deadlines(facts, year, kinds.values())),
        waiting=tuple(
            WaitingDocument(
                one.job.id,
                title_of(kinds, one.job, workspace.practice.language),
                one.units,
                tuple(_name(year, code) for code in one.units),
            )
            for one in facts.waiting
        ),
        warnings=tuple(_warnings(workspace, facts, year)),
        stopped=tuple(
            Stopped(job.id, _name(year, job.unit), job.name, states()[job.state], reason_of(workspace, job))
            for job in {job.id: job for job in (*facts.held, *facts.unclear)}.values()  # a job may be in both
        ),
        register_check=_register_check(workspace, facts.year),
        workers=workers_said(workspace),
        is_example=year.is_example,
        asked=tuple(one.said(workspace.folders.outbox.name) for one in wanted),
    )


def _register_check(workspace: Workspace, year: int) -> tuple[Message, ...]:
    """Check the books of the year: numbers missing or double, dates that do not run with them; a rule that waits.

    `vanthu check` goes through all books; of those that are closed nothing can be added.
    """
    ledger = workspace.ledger
    runs = ledger.runs_of(year)
    gaps = (order.gaps(run.series, ledger.entries(run.series)) for run in runs if not run.is_without_gap)
    entries = [ledger.given(run.series) for run in runs]
    dated = (order.date_order(acts) for acts in entries)
    doubled = order.doubles(itertools.chain.from_iterable(entries), dict[str, str]())
    found = tuple(one.message for one in (*itertools.chain(*gaps, *dated), *doubled))
    given = sum(run.count for run in runs)
    sound = say("Numbers follow each other, none is double, dates run with them ({count} numbers).", count=given)
    return (*(found or ((sound,) if given else ())), *rules_waiting(workspace))


def _rows(cells: Iterable[UnitStatus], year: Year) -> Iterable[Row]:
    of_unit: dict[str, list[Cell]] = {}
    for cell in cells:
        shown = Cell(cell.status, cell.late_days, cell.job.id if cell.job else 0)
        of_unit.setdefault(cell.unit, []).append(shown)
    return (Row(code, _name(year, code), tuple(row)) for code, row in of_unit.items())


def _deadlines(facts: YearStatus, year: Year, kinds: Iterable[Kind]) -> Iterable[Deadline]:
    """Count for each milestone the papers due by it, the units' and the cluster's own, and those received."""
    known = list(kinds)
    made = {job.kind for job in facts.cluster if job.state in MADE}
    for milestone in sorted(year.milestones, key=lambda one: one.due):
        wanted = {kind.id for kind in known if kind.deadline == milestone.code}
        # a unit that is no member on that day owes nothing: it must not make the count look incomplete
        owed = [cell for cell in facts.cells if cell.kind in wanted and cell.status is not Status.NOT_OWED]
        own = [kind.id for kind in known if kind.id in wanted and kind.submitted_by == "cluster"]
        yield Deadline(
            milestone.code,
            milestone.task,
            milestone.owner,
            milestone.due,
            (milestone.due - facts.as_of).days,
            sent=sum(not cell.is_missing for cell in owed) + sum(kind_id in made for kind_id in own),
            expected=len(owed) + len(own),
        )


def _warnings(workspace: Workspace, facts: YearStatus, year: Year) -> Iterable[OpenWarning]:
    """Give the open warnings, those of one document and rule as one: they are accepted together."""
    by_rule: dict[tuple[int, str], list[tuple[Job, Finding]]] = {}
    for job, finding in facts.warnings:
        by_rule.setdefault((job.id, finding.code), []).append((job, finding))
    for (job_id, rule), found in by_rule.items():
        job, first = found[0]
        title = title_of(workspace.loaded().kinds, job, workspace.practice.language)
        yield OpenWarning(job_id, _name(year, job.unit), title, rule, first.message, len(found))


def _name(year: Year, code: str) -> str:
    unit = year.unit(code)
    # a unit may have been taken out of the year's file since: its papers remain
    return unit.name if unit else code
