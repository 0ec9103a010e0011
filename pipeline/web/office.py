"""The office as pages see it: the workspace, opened once, and what is made of it for a person."""

import logging
import threading
from dataclasses import dataclass, field, replace

from pipeline import status
from pipeline.app.book_search import BookAsked, found
from pipeline.app.book_shelf import Shelf
from pipeline.app.identity.provider import Provider
from pipeline.app.settings import Settings
from pipeline.app.statistics import Counting, Statistics
from pipeline.errors import VanthuError
from pipeline.health import Expected
from pipeline.health.heartbeat import heartbeats
from pipeline.ledger import Ledger
from pipeline.model import Direction, Person
from pipeline.status.views import Board
from pipeline.steps import publishing
from pipeline.steps.witnessing import witness
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass
class Office:
    """One working folder that is open in the browser."""

    workspace: Workspace
    expected: Expected
    settings: Settings | None = None
    #: held while LibreOffice draws for somebody: it is started for that alone
    drawing: threading.Lock = field(default_factory=threading.Lock, repr=False)
    #: set when the office closes: what would go on for ever ends
    closing: threading.Event = field(default_factory=threading.Event, repr=False)
    #: the header in which a web server before it says who has come in ("" for none), and from which addresses
    proxy_header: str = ""
    proxy_addresses: frozenset[str] = frozenset()
    #: the identity provider by which people may come in; None without one
    provider: Provider | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _board: tuple[object, Board] | None = field(default=None, repr=False)
    #: the books of the register that were looked into
    shelf: Shelf = field(default_factory=Shelf, repr=False)
    _countings: dict[int, Counting] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, workspace: Workspace, settings: Settings) -> "Office":
        """The office of a workspace that is open."""
        header, addresses = settings.proxy
        expected = Expected(settings.makes_pdf, settings.reads_scans, settings.scan_seconds)
        registered = settings.registration
        provider = Provider(registered, lambda: workspace.clock().timestamp()) if registered is not None else None
        return cls(workspace, expected, settings, proxy_header=header, proxy_addresses=addresses, provider=provider)

    def as_person(self, person: Person, by: str = "web") -> Workspace:
        """The workspace in which what is done is recorded as done by a person, and by what: a browser, a program."""
        ledger = self.workspace.ledger
        return replace(self.workspace, ledger=Ledger(ledger.engine, ledger.clock, f"{person.name}@{by}"))

    def begin(self) -> None:
        """Compile the kinds, count the files of the year, open its books: whoever comes first does not wait."""
        year = self.workspace.practice.year
        self.board()
        self.statistics(year)
        for direction in Direction:
            found(self.workspace, BookAsked(direction, year), self.shelf)

    def board(self) -> Board:
        """The board of the year as it is now; made anew only when anything was recorded, or the day has changed."""
        workspace = self.workspace
        kinds = workspace.loaded().kinds.values()
        year = workspace.year(workspace.practice.year)
        key = (workspace.ledger.events_head(), workspace.today(), year.digest, tuple(kind.digest for kind in kinds))
        # one at a time: fifty people who look at once make it once
        with self._lock:
            if self._board is None or self._board[0] != key:
                facts = status.year_status(workspace, workspace.practice.year)
                self._board = (key, status.board_of(workspace, facts))
            return self._board[1]

    def is_watched(self) -> bool:
        """Whether anybody takes what lies in the inbox, here or on another machine."""
        # where many machines work, one of them watches, and the board says which
        return bool(self.board().workers or heartbeats(self.workspace.folders.workers))

    def statistics(self, year: int) -> Statistics:
        """A year in figures as it is now."""
        with self._lock:
            counting = self._countings.setdefault(year, Counting(year))
        # apart from the board: a hundred thousand files that nobody has counted yet take seconds
        return counting.statistics(self.workspace)

    def settle(self, workspace: Workspace) -> None:
        """Bring folder, views and proofs up to what a person has just done, as a command does.

        What cannot be done now is done by the next who works; the act itself is recorded.
        """
        for what in (publishing.publish, status.refresh, witness):
            try:
                what(workspace)
            except VanthuError as trouble:
                log.warning("not settled", extra={"action": "web.settle", "why": str(trouble)})
