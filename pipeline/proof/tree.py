"""The Merkle tree of RFC 9162. Part of the program that is written into archives: the standard library alone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field


def leaf_hash(data: bytes) -> bytes:
    """Hash the bytes of one leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees to the tree above them (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass
class Frontier:
    """The roots of a growing tree's complete subtrees, the largest first: enough to append and to sum up."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[bytes]:
        """Append one leaf hash; gives the root of each subtree completed by it, the leaf itself first."""
        made, size = [leaf], self.size
        while size & 1:
            made.append(node_hash(self.peaks.pop(), made[-1]))
            size >>= 1
        self.peaks.append(made[-1])
        self.size += 1
        return made

    def root(self) -> bytes:
        """Give the root of the whole tree."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of_path(index: int, size: int, leaf: bytes, path: Iterable[bytes]) -> bytes | None:
    """Give the root that an inclusion path leads to (RFC 9162, 2.1.3.2); None for a path of another length."""
    at, last, root = index, size - 1, leaf
    for other in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(other, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, other)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None
