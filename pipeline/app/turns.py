"""Turns: whose turn it is among those who wait: each party in turn, of each what is cheap first, and nobody for ever.

A party is a unit's folder of the inbox. However much one of them drops, the next turn is of whoever was served
longest ago, so that another one's single form waits for what is in hand and not for a thousand others.
"""

import heapq
import itertools
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

T = TypeVar("T", bound=Hashable)

#: Every so many turns of a party the one that came first is served, whatever it costs: cheap ones that keep coming
#: would else keep a large one waiting for ever.
OLDEST_EVERY: Final = 4


@dataclass
class _Party(Generic[T]):
    by_cost: list[tuple[int, int, T]] = field(default_factory=list)
    by_age: dict[T, None] = field(default_factory=dict)  # a dict keeps its order
    turns: int = 0

    def next(self) -> T:
        self.turns += 1
        if self.turns % OLDEST_EVERY == 0:
            found = next(iter(self.by_age))
        else:
            # what had its turn by its age is still in the heap
            while self.by_cost[0][2] not in self.by_age:
                heapq.heappop(self.by_cost)
            found = heapq.heappop(self.by_cost)[2]
        del self.by_age[found]
        return found


class Turns(Generic[T]):
    """What waits, by party; each waits once, however often it is added."""

    def __init__(self) -> None:
        self._parties: dict[str, _Party[T]] = {}
        self._served: dict[str, int] = {}  # when each party had its last turn, also while nothing of it waits
        self._count = itertools.count(1)
        self._waiting: set[T] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, one: object) -> bool:
        return one in self._waiting

    def add(self, one: T, party: str, cost: int) -> None:
        """Let something wait; `cost` is any figure that grows with the work it is."""
        if one in self._waiting:
            return
        self._waiting.add(one)
        waiting = self._parties.setdefault(party, _Party())
        heapq.heappush(waiting.by_cost, (cost, next(self._count), one))
        waiting.by_age[one] = None

    def count(self, party: str) -> int:
        """Count what waits of one party."""
        return len(self._parties[party].by_age) if party in self._parties else 0

    def parties(self) -> list[str]:
        """Name the parties of which anything waits."""
        return list(self._parties)

    def next(self, among: Callable[[str], bool] = lambda _: True) -> T | None:
        """Take what has the next turn, of the parties that are `among` those asked for; None when nothing waits."""
        parties = [party for party in self._parties if among(party)]
        if not parties:
            return None
        party = min(parties, key=lambda name: self._served.get(name, 0))
        found = self._parties[party].next()
        self._served[party] = next(self._count)
        if not self._parties[party].by_age:
            del self._parties[party]
        self._waiting.remove(found)
        return found

    def clear(self) -> None:
        """Let nothing wait any more; whose turn it is stays as it was."""
        self._parties.clear()
        self._waiting.clear()
