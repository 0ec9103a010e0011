"""What `vanthu show` tells of two versions of a document, and of the chain of one."""

from dataclasses import asdict

from pipeline.app import chain, versions
from pipeline.app.facts import job_facts
from pipeline.cli import showing
from pipeline.errors import IntegrityError
from pipeline.messages import tr
from pipeline.model import Job
from pipeline.workspace import Workspace


def emit_compared(workspace: Workspace, one: Job, other: Job, *, as_json: bool) -> None:
    """Show what is different in two versions, the earlier first. Raises NotAllowedNow."""
    found = versions.compared(workspace, one, other)
    if as_json:
        jobs = {"older": job_facts(found.older), "newer": job_facts(found.newer)}
        showing.emit_json({**jobs, "values": [asdict(one) for one in found.values], "lines": found.lines})
        return
    heads = (tr("Place"), f"#{found.older.id}", f"#{found.newer.id}")
    rows = [
        (" · ".join((tr("Row {number}", number=one.row), one.label)) if one.row else one.label, one.before, one.after)
        for one in found.values
    ]
    if rows:
        showing.emit_table(heads, rows, title=tr("In the form"))
    else:
        showing.tell(tr("Both forms say the same."))
    if found.lines is None:
        showing.tell(tr("One of both has no Word document to be compared."))
    elif not found.lines:
        showing.tell(tr("Both documents have the same words."))
    else:
        showing.emit_table((tr("In the document"),), [(line,) for line in found.lines])


def emit_chain(workspace: Workspace, job: Job, *, as_json: bool) -> int:
    """Show each link of a document's chain, looked at just now; gives the exit code, not 0 where one is broken."""
    links = chain.chain_of(workspace, job)
    code = IntegrityError.exit_code if any(one.holds is chain.Holds.NO for one in links) else 0
    if as_json:
        showing.emit_json([asdict(one) | {"holds": one.holds.value} for one in links])
        return code
    signs = {
        chain.Holds.YES: tr("holds"),
        chain.Holds.NOT_YET: tr("not yet"),
        chain.Holds.NO: tr("does not hold"),
        chain.Holds.UNSEEN: tr("could not be looked at now"),
    }
    rows = [(signs[one.holds], one.name, one.text, one.sha256[:16]) for one in links]
    showing.emit_table(("", tr("link"), tr("what was seen"), "sha256"), rows, title=tr("Chain of proof"))
    return code
