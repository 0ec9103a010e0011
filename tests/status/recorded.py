"""Jobs in the ledger of an office as the steps would leave them, without making any document."""

import dataclasses

from pipeline import kinds
from pipeline.ledger import Drop, Outcome
from pipeline.model import TRANSITIONS, Identity, Job, Reading, State
from tests.status.office import Office

#: Facts that come with the step into the state, not with the matter.
OF_THE_LAST_STEP = frozenset({"why", "document_on", "publications", "number"})


def way(to: State) -> list[State]:
    """The shortest road of a job to a state."""
    roads: dict[State, list[State]] = {State.RECEIVED: []}
    waiting = [State.RECEIVED]
    while to not in roads:
        here = waiting.pop(0)
        for one in sorted(TRANSITIONS[here] - roads.keys()):
            roads[one] = [*roads[here], one]
            waiting.append(one)
    return roads[to]


def put(office: Office, state: State, kind: str = "dang-ky", unit: str = "CATP", **about: object) -> Job:
    """Record a job that stands in a state, as the steps would; `about` are more facts of it, or of the last step.

    With `is_kept` it has the folder of its kind, as one that waits has always.
    """
    workspace = office.workspace
    count = sum(workspace.ledger.counts().values()) + 1
    name = f"tep-{count}.yaml"
    job = workspace.ledger.take(Drop(name, "", f"{count:064x}", 1, name), name_key=name).job
    findings, values = about.pop("findings", ()), about.pop("values", {})
    last: dict[str, object] = {
        key: about.pop(key) for key in ("why", "document_on", "publications", "number") if key in about
    }
    if state is State.WAITING or about.pop("is_kept", False):
        last["bundle_sha256"] = workspace.spool.put(kinds.pack(workspace.folders.templates / kind, workspace.words))
    if findings or values:
        last["artifacts"] = (
            workspace.keep_findings(tuple(findings)),  # type: ignore[arg-type]  # findings
            workspace.keep_reading(Reading("yaml", kind, unit, values=values)),  # type: ignore[arg-type]  # of a form
        )
    identity = Identity(kind, unit, **{"year": 2022} | about)  # type: ignore[arg-type]  # facts of a matter
    identity = dataclasses.replace(identity, revision=len(workspace.ledger.about(identity)) + 1)
    *road, goal = way(state)
    for to in road:
        job = workspace.ledger.advance(job, Outcome(to, identity=identity))
    return workspace.ledger.advance(job, Outcome(goal, identity=identity, **last))  # type: ignore[arg-type]
