"""Gathering: what a document needs of others, who is missing, and which documents need what was just accepted."""

from collections.abc import Collection, Iterable

from pipeline.kinds import Kind
from pipeline.model import AFTER_ACCEPTANCE, Direction, Job, Json, JsonObject, State
from pipeline.register.rows import rows, rows_cited
from pipeline.rules.citing import cited_by
from pipeline.workspace import Workspace
from pipeline.years import Year

#: A document that gathers others and stands in one of these is made anew when one of its inputs is replaced.
REMADE = (State.ACCEPTED, State.FILLED, State.RENDERED, State.DELIVERED)


def inputs(workspace: Workspace, year: int, kind_id: str) -> dict[str, Job]:
    """Give, by unit code, the accepted job of one kind and year."""
    return {job.unit: job for job in workspace.ledger.of_kind(kind_id, year, AFTER_ACCEPTANCE)}


def missing(workspace: Workspace, job: Job, kind: Kind) -> tuple[str, ...]:
    """Name the member units a document still waits for, in official order: ("CATP", …)."""
    members = _members(workspace, job, kind, workspace.reading(job).values) if kind.gathers else {}
    lacking = [
        code for gather in kind.gathers for code in members if code not in inputs(workspace, job.year, gather.kind)
    ]
    # a unit that owes two papers is named once
    return tuple(dict.fromkeys(lacking))


def gathered(workspace: Workspace, job: Job, kind: Kind, values: JsonObject) -> JsonObject:
    """Give the values of what a document of these `values` gathers, by kind, in the official order of the units.

    Shape: {"dang_ky": [{**form values, "unit": unit facts}, …]}; units whose document is not here are left out.
    """
    members = _members(workspace, job, kind, values)
    collected: JsonObject = {}
    for gather in kind.gathers:
        there = inputs(workspace, job.year, gather.kind)
        # as a name that templates and CEL can say: a dash would be a minus there
        collected[gather.kind.replace("-", "_")] = [
            _laid_out(workspace, there[code]) | {"unit": facts} for code, facts in members.items() if code in there
        ]
    return collected


def _laid_out(workspace: Workspace, job: Job) -> JsonObject:
    """Give the values of a gathered form with every place of it there, so that a template may ask for any."""
    return workspace.kind(job).fields.laid_out(workspace.reading(job).values)


def _members(workspace: Workspace, job: Job, kind: Kind, values: JsonObject) -> JsonObject:
    """Give the facts of each unit that is a member on the document's own date, by code, in official order."""
    return workspace.year(job.year).members_as_values(kind.date_of(values)) if kind.gathers else {}


def accepted_documents(workspace: Workspace, job: Job, kinds: Collection[str] | None) -> JsonObject:
    """Give the values of every other accepted document of the year by kind, for rules that compare documents.

    Of the `kinds` that rules ask for (underscores for hyphens), None for all there are.
    Shape: {"ke_hoach": [form values, …], …}, with an empty list for a kind that nothing was accepted of.
    """
    names = {kind_id: kind_id.replace("-", "_") for kind_id in sorted(workspace.loaded().kinds)}
    accepted: dict[str, list[Json]] = {name: [] for name in names.values() if kinds is None or name in kinds}
    wanted = [kind_id for kind_id, name in names.items() if name in accepted]
    for other, reading in workspace.readings(wanted, job.year, AFTER_ACCEPTANCE, but=job) if wanted else ():
        accepted[names[other.kind]].append(reading.values)
    return {**accepted}


def registered_numbers(workspace: Workspace, kind: Kind, year: Year, doc: Json) -> list[Json]:
    """Give the numbers of outgoing documents that judging a form of these values needs.

    All where a rule's expression asks for the register; else those cited, with the first and last of each series.
    Shape of each: {"number": "01-KH/CTĐ4", "date": ISO text, "title": text, "status": "valid" or "void"}.
    """
    if kind.rules.is_register_read:
        known = rows(workspace.ledger)
    elif kind.rules.is_register_cited or kind.cites:
        # a register grows with the years, what one document cites does not
        known = rows_cited(workspace.ledger, {one.no for one in cited_by(doc, year.cluster.symbol)})
    else:
        return []
    return [
        {
            "number": row.number,
            "date": row.columns.document_on.isoformat() if row.columns.document_on else "",
            "title": row.columns.title,
            "status": "void" if row.void else "valid",
        }
        for row in known
        if row.direction is Direction.OUTGOING
    ]


def types_under_way(workspace: Workspace, year: int) -> frozenset[str]:
    """Give the types, as numbers have them ("KH"), of which a document of the year is accepted, numbered or not."""
    known = workspace.loaded().kinds
    there = workspace.ledger.kinds_accepted(known, year)
    return frozenset(known[kind_id].series for kind_id in there)


def gatherers_of(workspace: Workspace, year: int, kind_id: str, states: Iterable[State]) -> list[Job]:
    """Find the documents of a year that gather a kind and stand in one of `states`."""
    wanted = tuple(states)
    return [
        job
        for kind in workspace.loaded().kinds.values()
        if any(gather.kind == kind_id for gather in kind.gathers)
        for job in workspace.ledger.of_kind(kind.id, year, wanted)
    ]
