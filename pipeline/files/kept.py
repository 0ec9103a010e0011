"""What was made of foreign bytes is not made again when the same bytes are looked at a moment later.

A file that is dropped is looked at by the secrecy gate, then read, held against the official form, and marked where
it goes back; all of that happens in guarded children (`pipeline.tools.guard`), which remember here what they opened,
by the hash of the bytes they read themselves: between two looks a file of the inbox may change. In any other process
nothing is kept. Refusals are kept as well: a file that takes seconds to be refused takes them once.
"""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from pipeline.files.refusals import Unfit
from pipeline.model import Finding

T = TypeVar("T")

_MOST: Final = 16  # of each sort; a unit drops a handful of files at a time
_WEIGHT_OF_REFUSAL: Final = 1024
_ALL: "Final[list[Kept[object]]]" = []
_SWITCH: Final = {"is_on": False}


class Kept(Generic[T]):
    """The last things of one sort, as long as together they weigh no more than `most_bytes`."""

    def __init__(self, sort: str, most_bytes: int, weigh: Callable[[T], int]) -> None:
        self.sort = sort
        self.made = 0  #: how often something was made and not remembered
        self._most_bytes = most_bytes
        self._weigh = weigh
        self._things: OrderedDict[tuple[str, str], tuple[T | Finding, int]] = OrderedDict()
        _ALL.append(self)  # type: ignore[arg-type]

    def of(self, content: bytes, make: Callable[[], T], way: str = "") -> T:
        """What `make` makes of the bytes, remembered or made now; `way` tells several ways of making apart.

        Raises what `make` raises; Unfit is remembered.
        """
        if not _SWITCH["is_on"]:
            self.made += 1
            return make()
        key = (hashlib.sha256(content).hexdigest(), way)
        if key not in self._things:
            self._make(key, make)
        thing = self._things[key][0]
        self._things.move_to_end(key)
        self._drop_oldest()
        if isinstance(thing, Finding):
            raise Unfit(thing)
        return thing

    def forget(self) -> bool:
        """Drop everything; tells whether there was anything."""
        had = bool(self._things)
        self._things.clear()
        return had

    def digests(self) -> list[str]:
        """The hashes of what is remembered, the newest last."""
        return [digest for digest, _ in self._things]

    def _make(self, key: tuple[str, str], make: Callable[[], T]) -> None:
        self.made += 1
        try:
            thing = make()
        except Unfit as unfit:
            self._things[key] = (unfit.finding, _WEIGHT_OF_REFUSAL)
        else:
            self._things[key] = (thing, self._weigh(thing))

    def _drop_oldest(self) -> None:
        while self._things and (
            len(self._things) > _MOST or sum(weight for _, weight in self._things.values()) > self._most_bytes
        ):
            self._things.popitem(last=False)


def keep_from_now_on() -> None:
    """Remember, in this process: a guarded child, which answers one call at a time."""
    _SWITCH["is_on"] = True


def forget() -> bool:
    """Drop everything that is remembered, to have its memory; tells whether there was anything."""
    return sum(kept.forget() for kept in _ALL) > 0


def digests() -> list[str]:
    """The sha256 of all bytes of which something is remembered."""
    return list(dict.fromkeys(digest for kept in _ALL for digest in kept.digests()))


def makings() -> dict[str, int]:
    """How often each sort of thing was made in this process."""
    return dict(Counter({kept.sort: kept.made for kept in _ALL}))
