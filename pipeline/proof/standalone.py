"""Kiểm tra kho lưu trữ của vanthu mà không cần vanthu: chỉ cần Python 3.11, không cần cài thêm gì.

    python3 nhat-ky/verify.py [KHO_LUU_TRU] [TEP_MOC ...]

KHO_LUU_TRU là thư mục chứa nhat-ky; TEP_MOC là tệp mốc (moc.txt), biên nhận hay thông báo (.docx), chứng minh của một
văn bản. Không nêu tệp mốc nào thì chỉ kiểm tra được kho với chính nó. Kết quả: 0 là nguyên vẹn, 1 là có sai lệch.

English: vanthu verifies with this very file and lays it into each archive, so it needs nothing but the standard
library. A journal file (nhat-ky/<number of its first line>.txt) has one line for each leaf of the log, at most LINES:
"<hash of the leaf>", or of the register's entries and of filings "<hash before> <canonical JSON>". A leaf's bytes are
the hash before (of its series, or of the events), a line feed, the JSON. Trees and paths are RFC 9162's, heads signed
notes of C2SP (tlog-checkpoint, Ed25519), proofs tlog-proof.
"""

# ruff: noqa: T201 - there is no other face here
import base64
import contextlib
import hashlib
import itertools
import json
import re
import sqlite3
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

FOLDER, KEYS, SELF, ANCHORS = "nhat-ky", "khoa-cong-khai.txt", "verify.py", "moc.txt"
MARKER = ".vanthu-thu-muc"  # by which vanthu knows the archive from an empty folder in its place
LINES = 4096  #: never to be changed: the names of the journal's files follow from it
GENESIS = "0" * 64
PROOF = "c2sp.org/tlog-proof@v1"
SENTENCES = {
    "journal.missing": "không có nhật ký: thư mục {where} thiếu hoặc trống, không chứng minh được gì",
    "journal.gap": "{where}: nhật ký chỉ đọc liền được đến dòng {line}; ở giữa đã mất một tệp hay nhiều dòng",
    "journal.line": "{where}: dòng {line} không phải dòng nhật ký; có người đã sửa, hoặc đĩa hỏng",
    "journal.changed": "mốc {size} trong {where} không khớp: sau dòng {good} nhật ký bị sửa, xóa, chèn hay đổi chỗ",
    "journal.cut": "mốc trong {where} ghi {size} dòng mà nhật ký chỉ còn {lines}: bị cắt cuối, hoặc là bản cũ",
    "head.signature": "mốc {size} trong {where} không có chữ ký của cơ quan này",
    "head.split": "{where}: hai mốc cùng {size} dòng mà khác nhau, đều có chữ ký: có hai quyển sổ",
    "head.none-since": "{lines} dòng cuối chưa có mốc nào (bình thường, nếu việc vừa mới làm)",
    "chain.changed": "sổ {where}: chuỗi đứt ở dòng nhật ký {line}; một mục đã bị sửa, xóa hay chèn",
    "chain.gap": "sổ {where}: số ở dòng nhật ký {line} lẽ ra phải là {number}",
    "paper.missing": "{where}: đã vào sổ nhưng tệp không còn",
    "paper.changed": "{where}: không còn là tệp đã vào sổ; nội dung đã bị thay",
    "paper.unknown": "{where}: không có trong sổ; có người đặt vào",
}
MERELY_TOLD = {"head.none-since"}  #: lines after the last head are bound by the next one


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was: a code, the file or the place, and figures for the sentence."""

    code: str
    where: str
    facts: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {SENTENCES[self.code].format_map({'where': self.where, **self.facts})}"


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
        made = [leaf]
        while self.size >> len(made) - 1 & 1:
            made.append(node_hash(self.peaks.pop(), made[-1]))
        self.peaks.append(made[-1])
        self.size += 1
        return made

    def root(self) -> bytes:
        """Give the root of the whole tree."""
        root = self.peaks[-1] if self.peaks else hashlib.sha256(b"").digest()
        for peak in self.peaks[-2::-1]:
            root = node_hash(peak, root)
        return root


def root_of_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Give the root that an inclusion path leads to (RFC 9162, 2.1.3.1); None for a path of another length."""
    if size <= 1 or not path:
        return leaf if (index, size, len(path)) == (0, 1, 0) else None
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        root = root_of_path(index, half, leaf, path[:-1])
        return root and node_hash(root, path[-1])
    root = root_of_path(index - half, size - half, leaf, path[:-1])
    return root and node_hash(path[-1], root)


_P, _L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]
Verifier = Callable[[bytes, bytes, bytes], bool]


def _add(one: _Point, other: _Point) -> _Point:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b, c, d = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P, 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(count: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    for bit in f"{count:b}":
        total = _add(total, total)
        if bit == "1":
            total = _add(total, point)
    return total


def _point(text: bytes) -> _Point:
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number % 2**255
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        raise ValueError(text)  # no point of the curve
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def is_signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature (64 bytes) of a message is by a public key (32 bytes)."""
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= _L:
        return False
    try:
        key, given = _point(public), _point(signature[:32])
    except ValueError:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    (x1, y1, z1, _), (x2, y2, z2, _) = _times(s, _BASE), _add(given, _times(k, key))
    return (x1 * z2 - x2 * z1) % _P == 0 and (y1 * z2 - y2 * z1) % _P == 0


_B64 = "[A-Za-z0-9+/]+={0,2}"
#: Name, size, root, signature: as a note, or on one line as receipts and pages have it.
_HEAD = re.compile(rf"([^\s·]+)(?:\n| · )(\d{{1,15}})(?:\n| · )({_B64})(?:\n\n— \S+ | · )({_B64})")


@dataclass(frozen=True)
class Head:
    """A head of the log: how many leaves it had and their root, signed; `where` tells in which file it stands."""

    origin: str
    size: int
    root: bytes
    signature: bytes  #: four bytes that name the key, then the signature
    where: str = ""

    def is_genuine(self, keys: Iterable[bytes], verifier: Verifier = is_signed_by) -> bool:
        """Tell whether it is signed by one of the public keys."""
        return any(verifier(key, self.body, self.signature[4:]) for key in keys)

    @property
    def body(self) -> bytes:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""  # leads to no key and to no head


def heads_in(text: str, where: str = "") -> list[Head]:
    """Find the heads in a text."""
    # on paper what belongs together stays on one line: blanks of a receipt may be such that break no line
    text = text.replace("\u00a0", " ")
    return [
        Head(origin, int(size), _bytes(root), _bytes(signature), where)
        for origin, size, root, signature in _HEAD.findall(text)
    ]


def heads_of(path: Path) -> list[Head]:
    """Read the heads of an anchors file, or of a receipt in Word."""
    content = path.read_bytes()
    if content[:2] == b"PK":
        with zipfile.ZipFile(path) as parts:
            names = [name for name in parts.namelist() if re.fullmatch(r"word/(document|footer\d*)\.xml", name)]
            content = b"\n".join(re.sub(rb"<[^>]*>", b"", parts.read(name)) for name in names)
    text = content.decode("utf-8", "replace")
    found = heads_in(text, path.name)
    # what was signed and cannot be read any more was a head: an edit takes none away unseen
    is_unread = len(re.findall(r"^— \S+ \S+$", text, re.MULTILINE)) > len(found)
    return [*found, Head("", 0, b"", b"", path.name)] if is_unread else found


def keys_in(text: str) -> list[bytes]:
    """Find the public keys in a text that has them as "name+id+base64" (signed-note)."""
    return [_bytes(key)[1:] for key in re.findall(rf"[^\s+]+\+[0-9a-f]{{8}}\+({_B64})", text)]


def keys_of(archive: Path) -> list[bytes]:
    """Read the public keys of an archive; none where there are none."""
    file = archive / FOLDER / KEYS
    return keys_in(file.read_text("utf-8", "replace")) if file.is_file() else []


@dataclass(frozen=True)
class Proof:
    """That `entry` (the bytes of a leaf: hash before, line feed, JSON) is the leaf `index` under a signed head."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    head: Head

    def holds(self, keys: Iterable[bytes], verifier: Verifier = is_signed_by) -> bool:
        """Tell whether the entry leads to the head's root, and one of the keys has signed the head."""
        root = root_of_path(self.index, self.head.size, leaf_hash(self.entry), self.path)
        return root == self.head.root and self.head.is_genuine(keys, verifier)


def read_proof(text: str) -> Proof | None:
    """Read a proof (tlog-proof, or the texts of both codes of its page); None where there is no whole one."""
    try:
        codes = {
            mark: zlib.decompressobj().decompress(base64.b32decode(code + "=" * (-len(code) % 8)), 2**20)
            for mark, code in re.findall("(VT[PE]1):([A-Z2-7]+)", text)
        }
    except (ValueError, zlib.error):
        return None
    text = codes.get("VTP1", text.encode()).decode("utf-8", "replace")
    found = re.search(rf"{PROOF}\n(?:extra (\S+)\n)?index (\d{{1,12}})\n((?:\S+\n)*)\n", text)
    heads = heads_in(text)
    if found is None or not heads:
        return None
    entry = codes.get("VTE1", _bytes(found[1] or ""))
    return Proof(entry, int(found[2]), tuple(map(_bytes, found[3].split())), heads[-1])


@dataclass(frozen=True)
class Line:
    """One line of the journal; `said` is None where it is a hash alone."""

    number: int
    leaf: bytes
    previous: str
    hash: str
    said: dict[str, Any] | None
    text: str = ""


def parsed(number: int, line: str) -> Line | None:
    """Read one line of the journal; None for what is no such line."""
    previous, blank, text = line.partition(" ")
    # one spelling only: the same hash in capitals is an edit, too
    if re.fullmatch("[0-9a-f]{64}", previous) is None:
        return None
    if not blank:
        return Line(number, bytes.fromhex(previous), "", "", None)
    try:
        said, data = json.loads(text), f"{previous}\n{text}".encode()
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    return Line(number, leaf_hash(data), previous, hashlib.sha256(data).hexdigest(), said, line)


def file_name(first: int) -> str:
    """Name the journal file whose first line has this number, counted from 0."""
    return f"{first:09d}.txt"


def journal(archive: Path, faults: list[Fault]) -> Iterator[Line]:
    """Read the journal line by line; what is no journal becomes a fault and ends it."""
    number = 0
    for path in sorted((archive / FOLDER).glob("[0-9]*.txt")):
        first, where = number, f"{FOLDER}/{path.name}"
        if path.name != file_name(first):
            faults.append(Fault("journal.gap", where, {"line": number}))
            return
        with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            for text in lines:
                line = parsed(number, text.removesuffix("\n")) if text.endswith("\n") else None
                if line is None:
                    faults.append(Fault("journal.line", where, {"line": number - first + 1}))
                    return
                yield line
                number += 1


def _chain_fault(line: Line, said: dict[str, Any], ends: dict[str, tuple[str, int, int]]) -> Fault | None:
    """Follow the chain of a series to its next entry: hash to hash, entry to entry, number to number."""
    series, act, number = str(said["series"]), said["act"], said["no"]
    previous, entries, given = ends.get(series, (GENESIS, 0, 0))
    is_gap = (act == "begin" and number <= given) or (act == "number" and number != given + 1)
    given = {"begin": number - 1, "number": given + 1}.get(act, given)
    ends[series] = (line.hash, entries + 1, given)
    if line.previous != previous or said["entry"] != entries + 1:
        return Fault("chain.changed", series, {"line": line.number + 1})
    return Fault("chain.gap", series, {"line": line.number + 1, "number": given}) if is_gap else None


def filed_by(said: dict[str, Any]) -> dict[str, str]:
    """Give path -> sha256 of the files that a line says are filed."""
    told = json.loads(said.get("facts") or said.get("detail") or "{}")
    files = {}
    if "sidecar_sha256" in told:
        path = PurePosixPath(told["path"])
        files = {str(path): str(told["sha256"]), str(path.with_suffix(".json")): str(told["sidecar_sha256"])}
    return files | {name: sha256 for sha256, _, name in (more.partition(" ") for more in told.get("more", ()))}


def verify(
    archive: Path, heads: Iterable[Head], verifier: Verifier = is_signed_by, sees: Callable[[str], object] = str
) -> list[Fault]:
    """Verify an archive by itself and against heads that were kept elsewhere; no fault is an empty list.

    `sees` is told the name of each file that is gone through. Memory does not grow with the archive.
    """
    keys, genuine, faults = keys_of(archive), list[Head](), list[Fault]()
    for head in sorted(set(heads), key=lambda head: (head.size, head.where)):
        if head.is_genuine(keys, verifier):
            genuine.append(head)
        else:
            faults.append(Fault("head.signature", head.where, {"size": head.size}))
    # two heads of one size and two roots need no archive: there are two books
    faults += [
        Fault("head.split", f"{one.where}, {other.where}", {"size": one.size})
        for one, other in itertools.pairwise(genuine)
        if one.size == other.size and one.root != other.root
    ]
    with contextlib.closing(sqlite3.connect("")) as known:
        known.execute("CREATE TABLE filed (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID")
        _follow(archive, genuine, known, faults)
        _compare(archive, known, faults, sees)
    return faults


def _follow(archive: Path, heads: list[Head], known: sqlite3.Connection, faults: list[Fault]) -> None:
    """Go along the journal: tree, chains, heads; what it says is filed is put into `known`."""
    tree, ends, good, waiting = Frontier(), dict[str, tuple[str, int, int]](), 0, deque(heads)
    for line in journal(archive, faults):
        tree.append(line.leaf)
        said = line.said or {}
        try:
            broken = _chain_fault(line, said, ends) if "series" in said else None
            known.executemany("INSERT OR REPLACE INTO filed VALUES (?, ?)", filed_by(said).items())
        except (KeyError, TypeError, ValueError, AttributeError):
            broken = Fault("journal.line", FOLDER, {"line": line.number + 1})
        faults += [broken] if broken else []
        while waiting and waiting[0].size <= tree.size:
            head = waiting.popleft()
            if (head.size, head.root) == (tree.size, tree.root()):
                good = head.size
            else:
                faults.append(Fault("journal.changed", head.where, {"size": head.size, "good": good}))
    faults += [Fault("journal.cut", head.where, {"size": head.size, "lines": tree.size}) for head in waiting]
    if not tree.size:
        faults.append(Fault("journal.missing", FOLDER))
    elif heads and heads[-1].size < tree.size:
        faults.append(Fault("head.none-since", FOLDER, {"lines": tree.size - heads[-1].size}))


def _compare(archive: Path, known: sqlite3.Connection, faults: list[Fault], sees: Callable[[str], object]) -> None:
    for path, sha256 in known.execute("SELECT path, sha256 FROM filed ORDER BY path"):
        sees(path)
        if not (archive / path).is_file():
            faults.append(Fault("paper.missing", path))
            continue
        with (archive / path).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                faults.append(Fault("paper.changed", path))
    for path in (file.relative_to(archive).as_posix() for file in files_below(archive)):
        is_journal = re.fullmatch(rf"{FOLDER}/({SELF}|{KEYS}|{re.escape(MARKER)}|\d+\.txt)", path) is not None
        if not is_journal and known.execute("SELECT 1 FROM filed WHERE path = ?", (path,)).fetchone() is None:
            faults.append(Fault("paper.unknown", path))


def files_below(folder: Path) -> Iterator[Path]:
    """Give every file in a folder and below, by name; links are files, wherever they lead."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            yield from files_below(path)
        else:
            yield path


def main(words: list[str]) -> int:
    """Verify from the command line; 0 when all is as it was."""
    if {"-h", "--help"} & set(words):
        print(str(__doc__).partition("English:")[0].rstrip())
        return 0
    archive = Path(words[0]) if words else Path(__file__).resolve().parent.parent
    heads, wrong = list[Head](), 0
    for file in map(Path, words[1:]):
        proof = read_proof(file.read_text("utf-8", "replace"))
        if proof is None:
            heads += heads_of(file)
        elif proof.holds(keys_of(archive)):
            print(f"{file.name}: đúng, mục này có trong sổ:", proof.entry.partition(b"\n")[2].decode())
        else:
            print(f"{file.name}: không chứng minh được")
            wrong += 1
    faults = verify(archive, heads)
    print(*faults, sep="\n", end="\n" if faults else "")
    if not heads:
        print("Chưa so với mốc nào để ngoài kho: hãy nêu tệp mốc (moc.txt) hay biên nhận.")
    wrong += sum(fault.code not in MERELY_TOLD for fault in faults)
    print(f"Có {wrong} sai lệch." if wrong else "Nguyên vẹn.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
