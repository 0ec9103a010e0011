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

import contextlib
import hashlib
import itertools
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.proof.ed25519 import is_signed_by
from pipeline.proof.heads import Head, Verifier, heads_of, is_genuine, read_keys
from pipeline.proof.inclusion import read_proof
from pipeline.proof.tree import Frontier, leaf_hash

FOLDER, KEYS, SELF, ANCHORS = "nhat-ky", "khoa-cong-khai.txt", "verify.py", "moc.txt"
LINES = 4096  #: never to be changed: the names of the journal's files follow from it
GENESIS = "0" * 64


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
    text: str = ""


def parsed(number: int, line: str) -> Line | None:
    """Read one line of the journal; None for what is no such line."""
    previous, blank, text = line.partition(" ")
    try:
        # one spelling only: the same hash in capitals is an edit, too
        if re.fullmatch("[0-9a-f]{64}", previous) is None:
            return None
        if not blank:
            return Line(number, bytes.fromhex(previous), "", "", None)
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
    # two heads of one size and two roots need no archive: there are two books
    faults += [
        Fault("head.split", f"{one.where}, {other.where}", {"size": one.size})
        for one, other in itertools.pairwise(kept)
        if one.size == other.size
        and one.root != other.root
        and all(is_genuine(head, keys, verifier) for head in (one, other))
    ]
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
    for file in files_below(archive):
        path = file.relative_to(archive).as_posix()
        # the journal's own folder was looked at with the journal
        if (
            not path.startswith(f"{FOLDER}/")
            and known.execute("SELECT 1 FROM filed WHERE path = ?", (path,)).fetchone() is None
        ):
            faults.append(Fault("paper.unknown", path))


def files_below(folder: Path) -> Iterator[Path]:
    """Give every file in a folder and below, by name; links are files, wherever they lead."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            yield from files_below(path)
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
    "head.split": "{where}: hai mốc cùng {size} dòng mà khác nhau, đều có chữ ký: có hai quyển sổ",
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
    keys_file = archive / FOLDER / KEYS
    keys = read_keys(keys_file.read_text("utf-8")) if keys_file.is_file() else {}
    heads, wrong = list[Head](), 0
    for file in map(Path, words[1:]):
        proof = read_proof(file.read_text("utf-8", "replace"))
        if proof is None:
            heads += heads_of(file)
        elif proof.holds(keys):
            print(f"{file.name}: đúng, mục này có trong sổ:", proof.entry.partition(b"\n")[2].decode())  # noqa: T201
        else:
            print(f"{file.name}: không chứng minh được")  # noqa: T201
            wrong += 1
    faults = verify(archive, heads)
    for fault in faults:
        print(fault)  # noqa: T201 - there is no other face here
    if not heads:
        print("Chưa so với mốc nào để ngoài kho: hãy nêu tệp mốc (moc.txt) hay biên nhận.")  # noqa: T201
    wrong += sum(fault.code not in MERELY_TOLD for fault in faults)
    print(f"Có {wrong} sai lệch." if wrong else "Nguyên vẹn.")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
