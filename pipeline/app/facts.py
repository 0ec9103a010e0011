"""Jobs, explanations, years and numbers as machines get them: plain mappings, the same on every face."""

import dataclasses
from typing import TYPE_CHECKING

from pipeline.model import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.app.dossiers import HandedOver, Standing
    from pipeline.app.old_books import Report
    from pipeline.app.old_papers import Outcome
    from pipeline.app.statistics import Statistics
    from pipeline.register.attaching import Attached
    from pipeline.register.rows import Row
    from pipeline.status import Explanation, YearStatus
    from pipeline.status.reminding import Reminder
    from pipeline.status.views import Board


def job_facts(job: Job) -> dict[str, object]:
    """Give a job's facts."""
    # every field as it is called in the ledger: what machines read is not reworded with the screens
    return {field.name: getattr(job, field.name) for field in dataclasses.fields(job)}


def explanation_facts(told: "Explanation") -> dict[str, object]:
    """Give what there is to say of one job: where it is, what was found, what happens next."""
    return {
        "job": job_facts(told.job),
        "title": told.title,
        "state": told.state,
        "next_step": told.next_step,
        "findings": told.findings,
        "accepted_warnings": [one for one in told.warnings if one.acceptance],
        "scanned": told.scanned,
        "digital_signatures": told.signatures,
        "lies_in": told.lies_in,
        "decided_later": told.decided_later,
        "seen": told.seen,
    }


def year_facts(facts: "YearStatus", board: "Board") -> dict[str, object]:
    """Give how a year stands."""
    return {
        "year": facts.year,
        "as_of": facts.as_of,
        "changed_at": facts.changed_at,
        "units": [
            {
                "unit": cell.unit,
                "kind": cell.kind,
                "stand": cell.status,
                "late_days": cell.late_days,
                "job": job_facts(cell.job) if cell.job else None,
            }
            for cell in facts.cells
        ],
        "deadlines": board.deadlines,
        "cluster": [job_facts(job) for job in facts.cluster],
        "waiting": [{"job": job_facts(one.job), "waits_for": one.units} for one in facts.waiting],
        "asked": board.asked,
        "warnings": [
            {
                "job": job.id,
                "unit": job.unit,
                "kind": job.kind,
                "rule": finding.code,
                "pointer": str(finding.place.pointer),
                "message": finding.message,
            }
            for job, finding in facts.warnings
        ],
        "held": [job_facts(job) for job in facts.held],
        "unclear": [job_facts(job) for job in facts.unclear],
        "counts": {state.value: count for state, count in facts.counts.items()},
        "register_check": board.register_check,
        "workers": board.workers,
    }


def number_facts(row: "Row") -> dict[str, object]:
    """Give one number of the register."""
    return {
        "series": row.series,
        "no": row.no,
        "suffix": row.suffix,
        "number": row.number,
        "job": row.job_id,
        "imported_from": row.imported_from,
        "status": row.status,
        "why": row.void.why if row.void else "",
        "at": row.booked.at,
        "who": row.booked.who,
        "direction": row.direction,
        "facts": row.columns.as_json(),
        "entered_by": dict(row.entered_by),
        "remarks": row.remarks,
        "hash": row.booked.hash,
    }


def import_facts(made: "Report") -> dict[str, object]:
    """Give what an old book would become, line by line."""
    return {
        "workbook": made.workbook,
        "sha256": made.sha256,
        "is_sound": made.is_sound,
        "lines": [
            {
                "place": line.place,
                "said": line.said,
                "series": line.series,
                "numbers": [one.text for one in line.numbers],
                "is_refused": line.is_refused,
                "void": line.void_why,
                "facts": line.columns.as_json(),
                "findings": line.findings,
            }
            for line in made.lines
        ],
        "findings": made.book.findings,
        "passed_over": [{"place": one.place, "text": one.text} for one in made.book.passed_over],
        "next": made.following,
        "missing": made.missing,
    }


def papers_facts(seen: "Sequence[Attached]", outcomes: "Sequence[Outcome]") -> list[dict[str, object]]:
    """Give which old paper belongs to which number, and what came of filing it."""
    done = {one.of.paper.name: one for one in outcomes}
    return [
        {
            "file": one.paper.name,
            "number": one.of.label if one.of else "",
            "series": one.of.series if one.of else "",
            "why": one.why,
            "job": job_facts(job) if one.paper.name in done and (job := done[one.paper.name].job) else None,
            "trouble": done[one.paper.name].trouble if one.paper.name in done else "",
        }
        for one in seen
    ]


def dossier_facts(one: "Standing") -> dict[str, object]:
    """Give how a dossier stands."""
    return {
        "year": one.year,
        "code": one.entry.code,
        "title": one.entry.title,
        "kinds": one.entry.kinds,
        "opens": one.entry.period.begins,
        "closes": one.entry.period.ends,
        "is_closed": one.is_closed,
        "retention_years": one.retention_years or "permanent",
        "may_be_destroyed_from": one.may_be_destroyed_from,
        "filed": [job.id for job in one.filed],
        "under_way": [job.id for job in one.under_way],
    }


def hand_over_facts(made: "HandedOver") -> dict[str, object]:
    """Give what was made of a dossier that is handed over."""
    return {
        "code": made.dossier.entry.code,
        "bag": made.bag,
        "package": made.package,
        "manifest_sha256": made.manifest_sha256,
        "documents": len(made.dossier.papers),
        "pages": made.dossier.pages,
        "renditions": [one.facts() for one in made.renditions.values()],
        "not_included": made.not_included,
    }


def reminder_facts(one: "Reminder", job: Job | None) -> dict[str, object]:
    """Give one letter that reminds; `job` None where an earlier one serves."""
    return {
        "kind": one.kind,
        "missing": one.units,
        "due": one.due,
        "job": job_facts(job) if job else None,
        "earlier": job_facts(one.earlier) if one.earlier else None,
    }


def statistics_facts(made: "Statistics") -> dict[str, object]:
    """Give a year in figures; times in days."""
    lines = {"units": made.units, "kinds": made.kinds, "all": (made.all,)}
    return {
        "year": made.year,
        "as_of": made.as_of,
        "days": [{"day": day, "files": count} for day, count in made.days],
        "again": made.again,
        **{
            name: [dataclasses.asdict(one) | {"right_percent": one.right_percent} for one in of]
            for name, of in lines.items()
        },
    }
