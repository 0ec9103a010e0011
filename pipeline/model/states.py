"""The states a job can be in, and which may follow which."""

import enum
from collections.abc import Mapping
from types import MappingProxyType


class State(enum.StrEnum):
    """Where a job stands (docs/reference/states.md is made from this list and `flow.STEPS`)."""

    RECEIVED = "received"  #: the bytes are ours; nobody has looked inside
    READ = "read"  #: a form: its values and their places are known
    ACCEPTED = "accepted"  #: no blocking finding
    WAITING = "waiting"  #: gathers others that are not all here
    FILLED = "filled"  #: the Word document exists
    RENDERED = "rendered"  #: its PDF exists (or is left out, said so in the event)
    DELIVERED = "delivered"  #: lies in outbox/cho-ky for signature
    NUMBERED = "numbered"  #: a clerk asked for the number before the paper came back
    PARTLY_SIGNED = "partly-signed"  #: its paper came back whole, and some of those who sign have not signed yet
    SIGNED = "signed"  #: the signed paper came back and was recognised
    REGISTERED = "registered"  #: it has its number in the register
    ARCHIVED = "archived"  #: filed with its sidecar: the end, unless a further paper or document comes
    MATCHED = "matched"  #: this drop was a signed paper and now belongs to another job: the end
    ORDERED = "ordered"  #: an order workbook of the clerk: its rows are done one by one
    ANSWERED = "answered"  #: an order workbook whose rows were all done or told of: the end
    RETURNED = "returned"  #: the unit's turn: blocking findings
    HELD = "held"  #: the operator's turn: our fault, or a person must decide
    SUPERSEDED = "superseded"  #: a later revision took its place: the end
    CANCELLED = "cancelled"  #: cancelled by a person: the end


#: What `ledger.advance` allows: each state, and the states that may follow it.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.RECEIVED: frozenset(
            {State.READ, State.MATCHED, State.ORDERED, State.RETURNED, State.HELD, State.CANCELLED}
        ),
        State.READ: frozenset({State.ACCEPTED, State.RETURNED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.ACCEPTED: frozenset({State.WAITING, State.FILLED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.WAITING: frozenset({State.WAITING, State.FILLED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.FILLED: frozenset({State.RENDERED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.RENDERED: frozenset({State.DELIVERED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        # into themselves: some of the pages came back
        State.DELIVERED: frozenset(
            {State.DELIVERED, State.NUMBERED, State.PARTLY_SIGNED, State.SIGNED, State.CANCELLED, State.SUPERSEDED}
        ),
        State.NUMBERED: frozenset(
            {State.NUMBERED, State.PARTLY_SIGNED, State.SIGNED, State.DELIVERED, State.CANCELLED}
        ),
        # into itself: a further signature came, or its number was asked for; back: that paper was refused
        State.PARTLY_SIGNED: frozenset(
            {State.PARTLY_SIGNED, State.SIGNED, State.DELIVERED, State.NUMBERED, State.CANCELLED}
        ),
        State.SIGNED: frozenset({State.REGISTERED, State.HELD}),
        State.REGISTERED: frozenset({State.ARCHIVED, State.HELD}),
        # never undone: a further paper is filed beside the first, or a note of what was decided about it later
        State.ARCHIVED: frozenset({State.SIGNED, State.REGISTERED}),
        State.MATCHED: frozenset(),
        # into itself: one more of its rows was done
        State.ORDERED: frozenset({State.ORDERED, State.ANSWERED, State.HELD, State.CANCELLED}),
        State.ANSWERED: frozenset(),
        State.RETURNED: frozenset({State.SUPERSEDED, State.RECEIVED, State.CANCELLED, State.MATCHED}),
        State.HELD: frozenset(
            {State.RECEIVED, State.ACCEPTED, State.FILLED, State.SIGNED, State.REGISTERED, State.CANCELLED}
            | {State.SUPERSEDED, State.RETURNED, State.MATCHED}
        ),
        State.SUPERSEDED: frozenset(),
        State.CANCELLED: frozenset(),
    }
)

#: States in which a submission counts as accepted for those that gather it.
AFTER_ACCEPTANCE = frozenset(
    {State.ACCEPTED, State.WAITING, State.FILLED, State.RENDERED, State.DELIVERED}
    | {State.NUMBERED, State.PARTLY_SIGNED, State.SIGNED, State.REGISTERED, State.ARCHIVED}
)

#: The number may be on the paper, or the paper is signed: a document in these states is never changed silently.
AFTER_SIGNATURE = frozenset({State.NUMBERED, State.PARTLY_SIGNED, State.SIGNED, State.REGISTERED, State.ARCHIVED})

#: A document in these states is out for signature: a signed paper of it, or what that still lacks, may come.
AWAITED = frozenset({State.DELIVERED, State.NUMBERED, State.PARTLY_SIGNED})
