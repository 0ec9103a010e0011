"""The machine: whether programs, folders, work and watcher are well."""

from starlette.responses import Response

from pipeline.health import examine, is_well
from pipeline.model import Severity
from pipeline.web.visit import Visit


def machine(visit: Visit) -> Response:
    """Examine everything, as `vanthu doctor` does."""
    found = list(examine(visit.workspace, visit.office.expected))
    order = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}
    return visit.page(
        "machine.html.j2",
        found=sorted(found, key=lambda one: order[one.severity]),
        is_well=is_well(found),
        wrong=sum(one.severity is Severity.BLOCK for one in found),
        eyed=sum(one.severity is Severity.WARN for one in found),
    )
