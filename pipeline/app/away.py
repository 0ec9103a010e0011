"""The inbox that is away: its share or disk. That it went and that it is back stand in the ledger, once each."""

from typing import Final

from pipeline.ledger import Ledger

AWAY: Final = "inbox.away"
BACK: Final = "inbox.back"


class Absence:
    """What is recorded of the absence of one inbox."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._since: int | None = None  #: the event of its beginning; 0: it is there; None: not looked up yet

    def begin(self) -> None:
        """Record that the inbox is away, unless that is recorded."""
        if not self._since:
            self._since = self._ledger.remark_once(AWAY, {}, ended_by=BACK)

    def end(self) -> None:
        """Record that the inbox is there, if it was away: also for a watcher that was ended meanwhile."""
        if self._since is None:
            events = self._ledger.remarks((AWAY, BACK))
            self._since = events[-1].id if events and events[-1].action == AWAY else 0
        if self._since:
            self._ledger.remark_once(BACK, {"incident": self._since})
            self._since = 0
