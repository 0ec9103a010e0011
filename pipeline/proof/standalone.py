"""Kiểm tra kho lưu trữ của vanthu mà không cần vanthu: chỉ cần Python 3.11, không cần cài thêm gì.

    python3 nhat-ky/verify.py [KHO_LUU_TRU] [TEP_MOC ...]

KHO_LUU_TRU là thư mục chứa nhat-ky; TEP_MOC là tệp mốc (moc.txt), biên nhận hay thông báo của đơn vị (.docx).
Không nêu tệp mốc nào thì chỉ kiểm tra được kho với chính nó. Kết quả: 0 là nguyên vẹn, 1 là có sai lệch.

English, for whoever maintains this: this file lies in every archive and needs nothing but the standard library. The
program verifies with it, too, so that there is one reading of the journal, the tree and the heads, not two.

A journal file (nhat-ky/<number of its first line>.txt) has one line for each leaf of the log, in order, at most
`LINES` of them: "<hash of the leaf>" alone, or for the register's entries and for filings whole
"<hash before> <canonical JSON>". A leaf's bytes are the hash before (of its series, or of the events), a line feed,
and the JSON; trees are those of RFC 9162, heads are signed notes of C2SP (tlog-checkpoint, signed-note, Ed25519).
"""

import base64
import contextlib
import hashlib
import json
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

FOLDER, KEYS, SELF, ANCHORS = "nhat-ky", "khoa-cong-khai.txt", "verify.py", "moc.txt"
LINES = 4096  #: never to be changed: the names of the journal's files follow from it
GENESIS = "0" * 64


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


# Ed25519 (RFC 8032, 5.1): verifying only, no secret is handled here -------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]


def _add(one: _Point, other: _Point) -> _Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % _P, (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(count: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = _add(total, point)
        point, count = _add(point, point), count >> 1
    return total


def _point(text: bytes) -> _Point | None:
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def is_signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature (64 bytes) of a message is by a public key (32 bytes)."""
    key, given, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or given is None or _BASE is None or s >= _L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    one, other = _times(s, _BASE), _add(given, _times(k, key))
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (one[1] * other[2] - other[1] * one[2]) % _P == 0


# Heads --------------------------------------------------------------------------------------------------------------

_B64 = "[A-Za-z0-9+/]+={0,2}"
_NOTE = re.compile(rf"^(\S+)\n(\d{{1,15}})\n({_B64})\n\n— \S+ ({_B64})$", re.MULTILINE)
#: As receipts and pages have it: name, size, root, signature.
_SHORT = re.compile(rf"([^\s·]+) · (\d{{1,15}}) · ({_B64}) · ({_B64})")


@dataclass(frozen=True)
class Head:
    """A head of the log: how many leaves it had and their root, signed; `where` tells in which file it stands."""

    origin: str
    size: int
    root: bytes
    signature: bytes  #: four bytes that name the key, then the signature
    where: str = ""

    @property
    def body(self) -> bytes:
        """What is signed (tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def heads_in(text: str, where: str = "") -> list[Head]:
    """Find the heads in a text, written as notes or on one line."""
    return [
        Head(origin, int(size), _bytes(root), _bytes(signature), where)
        for shape in (_NOTE, _SHORT)
        for origin, size, root, signature in shape.findall(text)
    ]


def heads_of(path: Path) -> list[Head]:
    """Read the heads of an anchors file, or of a receipt in Word."""
    content = path.read_bytes()
    if content[:2] == b"PK":
        with zipfile.ZipFile(path) as parts:
            names = [name for name in parts.namelist() if re.fullmatch(r"word/(document|footer\d*)\.xml", name)]
            content = b"\n".join(re.sub(rb"<[^>]*>", b"", parts.read(name)) for name in names)
    return heads_in(content.decode("utf-8", "replace"), path.name)


def _bytes(text: str) -> bytes:
    with contextlib.suppress(ValueError):
        return base64.b64decode(text, validate=True)
    return b""


def key_id(name: str, public: bytes) -> bytes:
    """Give the four bytes by which signatures name their key (signed-note)."""
    return hashlib.sha256(f"{name}\n\x01".encode() + public).digest()[:4]


def read_keys(text: str) -> dict[bytes, tuple[str, bytes]]:
    """Read verifier keys ("name+id+base64"), one a line: by id, name and public key."""
    keys = {}
    for line in text.split():
        name, _, rest = line.partition("+")
        public = _bytes(rest.partition("+")[2])[1:]
        keys[key_id(name, public)] = (name, public)
    return keys


Verifier = Callable[[bytes, bytes, bytes], bool]


def is_genuine(head: Head, keys: dict[bytes, tuple[str, bytes]], verifier: Verifier = is_signed_by) -> bool:
    """Tell whether a head is signed by one of the keys, under the key's own name."""
    name, public = keys.get(head.signature[:4], ("", b""))
    return name == head.origin and verifier(public, head.body, head.signature[4:])


# The journal --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was: a code, the file or the place, and figures for the sentence."""

    code: str
    where: str
    facts: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {SENTENCES[self.code].format_map({'where': self.where, **self.facts})}"


@dataclass(frozen=True)
class Line:
    """One line of the journal; `said` is None where it is a hash alone."""

    number: int
    leaf: bytes
    previous: str
    hash: str
    said: dict[str, Any] | None


def parsed(number: int, line: str) -> Line | None:
    """Read one line of the journal; None for what is no such line."""
    previous, _, text = line.partition(" ")
    try:
        if len(bytes.fromhex(previous)) != 32:
            return None
        if not text:
            return Line(number, bytes.fromhex(previous), "", "", None)
        said, data = json.loads(text), f"{previous}\n{text}".encode()
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    return Line(number, leaf_hash(data), previous, hashlib.sha256(data).hexdigest(), said)


def file_name(first: int) -> str:
    """Name the journal file whose first line has this number, counted from 0."""
    return f"{first:09d}.txt"


def journal(archive: Path, faults: list[Fault]) -> Iterator[Line]:
    """Read the journal line by line; what is no journal becomes a fault and ends it."""
    number = 0
    while (path := archive / FOLDER / file_name(number)).is_file():
        with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            count = 0
            for count, text in enumerate(lines, 1):
                line = parsed(number, text[:-1]) if text.endswith("\n") and count <= LINES else None
                if line is None:
                    faults.append(Fault("journal.line", f"{FOLDER}/{path.name}", {"line": count}))
                    return
                yield line
                number += 1
        if count < LINES:
            break
    known = {KEYS, SELF, *(file_name(first) for first in range(0, number, LINES))}
    for path in sorted((archive / FOLDER).glob("*")):
        if path.name not in known:
            code = "journal.gap" if path.suffix == ".txt" else "paper.unknown"
            faults.append(Fault(code, f"{FOLDER}/{path.name}", {"line": number}))


@dataclass
class _Chains:
    """Follows the chain of each series: hash to hash, entry to entry, number to number."""

    ends: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def follow(self, line: Line, said: dict[str, Any]) -> Fault | None:
        series = str(said["series"])
        previous, entries, given = self.ends.get(series, (GENESIS, 0, 0))
        is_gap = said["act"] == "begin" and said["no"] <= given
        if said["act"] == "begin":
            given = said["no"] - 1
        given += said["act"] == "number"
        is_gap = is_gap or (said["act"] == "number" and said["no"] != given)
        self.ends[series] = (line.hash, entries + 1, given)
        if line.previous != previous or said["entry"] != entries + 1:
            return Fault("chain.changed", series, {"line": line.number + 1})
        if is_gap:
            return Fault("chain.gap", series, {"line": line.number + 1, "number": given})
        return None


def filed_by(said: dict[str, Any]) -> dict[str, str]:
    """Give path -> sha256 of the files that a line says are filed."""
    if "series" in said:
        told = json.loads(said["facts"]) if str(said["act"]).partition(".")[0] == "file" else {}
    else:
        told = json.loads(said["detail"]) if said.get("to_state") == "archived" else {}
    files = {}
    if "path" in told:
        path = PurePosixPath(told["path"])
        files[path.as_posix()] = str(told["sha256"])
        files[path.with_suffix(".json").as_posix()] = str(told["sidecar_sha256"])
    for more in told.get("more", ()):
        sha256, _, name = more.partition(" ")
        files[name] = sha256
    return files


def verify(
    archive: Path, heads: Iterable[Head], verifier: Verifier = is_signed_by, sees: Callable[[str], object] = str
) -> list[Fault]:
    """Verify an archive by itself and against heads that were kept elsewhere; no fault is an empty list.

    `sees` is told the name of each file that is gone through. Memory does not grow with the archive.
    """
    faults: list[Fault] = []
    keys_file = archive / FOLDER / KEYS
    keys = read_keys(keys_file.read_text("utf-8", "replace")) if keys_file.is_file() else {}
    kept = sorted(set(heads), key=lambda head: (head.size, head.where))
    faults += [
        Fault("head.signature", head.where, {"size": head.size})
        for head in kept
        if not is_genuine(head, keys, verifier)
    ]
    with contextlib.closing(sqlite3.connect("")) as known:
        known.execute("CREATE TABLE filed (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID")
        _follow(archive, kept, known, faults)
        _compare(archive, known, faults, sees)
    return faults


def _follow(archive: Path, kept: list[Head], known: sqlite3.Connection, faults: list[Fault]) -> None:
    tree, chains, waiting, good = Frontier(), _Chains(), list(kept), 0
    for line in journal(archive, faults):
        tree.append(line.leaf)
        if line.said is not None:
            try:
                broken = chains.follow(line, line.said) if "series" in line.said else None
                known.executemany("INSERT OR REPLACE INTO filed VALUES (?, ?)", filed_by(line.said).items())
            except (KeyError, TypeError, ValueError, AttributeError):
                broken = Fault("journal.line", f"{FOLDER}", {"line": line.number + 1})
            if broken is not None:
                faults.append(broken)
        while waiting and waiting[0].size <= tree.size:
            head = waiting.pop(0)
            if head.size == tree.size and head.root == tree.root():
                good = head.size
            else:
                faults.append(Fault("journal.changed", head.where, {"size": head.size, "good": good}))
    faults += [Fault("journal.cut", head.where, {"size": head.size, "lines": tree.size}) for head in waiting]
    if not tree.size:
        faults.append(Fault("journal.missing", FOLDER))
    elif kept and kept[-1].size < tree.size:
        faults.append(Fault("head.none-since", FOLDER, {"lines": tree.size - kept[-1].size}))


#: Told, and no fault: lines after the last head are bound by the next one.
MERELY_TOLD = frozenset({"head.none-since"})


def _compare(archive: Path, known: sqlite3.Connection, faults: list[Fault], sees: Callable[[str], object]) -> None:
    listed = known.cursor()
    for path, sha256 in listed.execute("SELECT path, sha256 FROM filed ORDER BY path"):
        sees(path)
        file = archive / path
        if not file.is_file():
            faults.append(Fault("paper.missing", path))
            continue
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                faults.append(Fault("paper.changed", path))
    for file in _files(archive):
        path = file.relative_to(archive).as_posix()
        # the journal's own folder was looked at with the journal
        if (
            not path.startswith(f"{FOLDER}/")
            and known.execute("SELECT 1 FROM filed WHERE path = ?", (path,)).fetchone() is None
        ):
            faults.append(Fault("paper.unknown", path))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


SENTENCES = {
    "journal.missing": "không có nhật ký: thư mục {where} thiếu hoặc trống, không chứng minh được gì",
    "journal.gap": "{where}: nhật ký chỉ đọc liền được đến dòng {line}; ở giữa đã mất một tệp hay nhiều dòng",
    "journal.line": "{where}: dòng {line} không phải dòng nhật ký; có người đã sửa, hoặc đĩa hỏng",
    "journal.changed": "mốc {size} trong {where} không khớp: từ dòng {good} đến dòng {size} nhật ký đã bị sửa, xoá, "
    "chèn hay đổi chỗ",
    "journal.cut": "mốc trong {where} ghi {size} dòng mà nhật ký chỉ còn {lines}: phần cuối đã bị cắt, hoặc kho được "
    "khôi phục từ bản cũ",
    "head.signature": "mốc {size} trong {where} không có chữ ký của cơ quan này",
    "head.none-since": "{lines} dòng cuối chưa có mốc nào (bình thường, nếu việc vừa mới làm)",
    "chain.changed": "sổ {where}: chuỗi đứt ở dòng nhật ký {line}; một mục đã bị sửa, xoá hay chèn",
    "chain.gap": "sổ {where}: số ở dòng nhật ký {line} lẽ ra phải là {number}",
    "paper.missing": "{where}: đã vào sổ nhưng tệp không còn",
    "paper.changed": "{where}: không còn là tệp đã vào sổ; nội dung đã bị thay",
    "paper.unknown": "{where}: không có trong sổ; có người đặt vào",
}


def main(words: list[str]) -> int:
    """Verify from the command line; 0 when all is as it was."""
    archive = Path(words[0]) if words else Path(__file__).resolve().parent.parent
    heads = [head for name in words[1:] for head in heads_of(Path(name))]
    faults = verify(archive, heads)
    for fault in faults:
        print(fault)  # noqa: T201 - there is no other face here
    if not heads:
        print("Chưa so với mốc nào để ngoài kho: hãy nêu tệp mốc (moc.txt) hay biên nhận.")  # noqa: T201
    wrong = [fault for fault in faults if fault.code not in MERELY_TOLD]
    print(f"Có {len(wrong)} sai lệch." if wrong else "Nguyên vẹn.")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
