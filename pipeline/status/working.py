"""Who works: the workers of many machines and what waits for them, in a line each."""

from pipeline.messages import say
from pipeline.model import Message
from pipeline.store.workers import queued, workers
from pipeline.workspace import Workspace


def workers_said(workspace: Workspace) -> tuple[Message, ...]:
    """Say in a line each who works, and what waits; nothing where one machine works alone."""
    found = workers(workspace.ledger.engine)
    if not found:
        return ()
    waiting = queued(workspace.ledger.engine)
    return (
        *(
            say("{machine}: {lanes} jobs side by side, watches the inbox", machine=one.machine, lanes=one.lanes)
            if one.watches
            else say("{machine}: {lanes} jobs side by side", machine=one.machine, lanes=one.lanes)
            for one in found
        ),
        say(
            "Waiting: {waiting}; in hand: {in_hand}", waiting=waiting.get("todo", 0), in_hand=waiting.get("doing", 0)
        ),
    )
