"""Roots of earlier sizes and inclusion paths, of a tree whose nodes are asked for one tile at a time.

A tile holds the up to 256 nodes of one height that lie under one node eight heights further up; only these are kept.
A path in a log of a million leaves asks for six.
"""

from collections.abc import Callable, Sequence
from typing import Final

from pipeline.proof.standalone import Frontier, node_hash

#: Heights between the nodes that are kept: leaves (0), roots of 256 leaves (8), of 65,536 (16) …
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT

#: Gives the nodes of one tile: its level (in tiles, leaves are 0) and number; fewer than 256 at the end of the tree.
Tile = Callable[[int, int], Sequence[bytes]]


class Tree:
    """A tree that is kept in tiles."""

    def __init__(self, tile: Tile) -> None:
        self._tile = tile
        self._seen: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self, size: int) -> bytes:
        """Give the root the tree had when it had `size` leaves."""
        return self._range(0, size) if size else Frontier().root()

    def path(self, index: int, size: int) -> list[bytes]:
        """Give the inclusion path of a leaf in the tree of `size` leaves, from the leaf up (RFC 9162, 2.1.3.1)."""
        first, end, path = 0, size, []
        while end - first > 1:
            middle = first + _split(end - first)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(first, middle))
                first = middle
        return path[::-1]

    def _range(self, first: int, end: int) -> bytes:
        """The root of the leaves from `first` up to `end`."""
        count = end - first
        height = count.bit_length() - 1
        if count == 1 << height and height % HEIGHT == 0:
            level, at = height // HEIGHT, first >> height
            return self._nodes(level, at // WIDTH)[at % WIDTH]
        middle = first + _split(count)
        return node_hash(self._range(first, middle), self._range(middle, end))

    def _nodes(self, level: int, number: int) -> Sequence[bytes]:
        if (level, number) not in self._seen:
            self._seen[level, number] = self._tile(level, number)
        return self._seen[level, number]


def _split(count: int) -> int:
    """The largest power of two that is smaller than a count."""
    return 1 << ((count - 1).bit_length() - 1)
