"""A folder with checksums of everything in it (RFC 8493, BagIt 1.0): any program of archives can check it."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from pipeline.files import write_once

_DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LONGEST_LINE: Final = 79


def write_bag(folder: Path, payload: Mapping[PurePosixPath, Callable[[], bytes]], info: Mapping[str, str]) -> str:
    """Write a bag into a new folder; `payload` gives each file below `data/`, asked for one after the other.

    Gives the sha256 of its tag manifest, by which the whole bag is known.
    """
    sums, size_bytes = {}, 0
    for path, content_of in sorted(payload.items()):
        content = content_of()
        write_once(folder / "data" / path, content)
        sums[f"data/{path.as_posix()}"] = hashlib.sha256(content).hexdigest()
        size_bytes += len(content)
    said = {**info, "Payload-Oxum": f"{size_bytes}.{len(sums)}"}
    tags = {
        "bagit.txt": _DECLARATION.encode(),
        "bag-info.txt": "".join(map(_line, said.items())).encode(),
        "manifest-sha256.txt": _manifest(sums),
    }
    for name, content in tags.items():
        write_once(folder / name, content)
    # last: a bag that was cut off has no tag manifest, and counts as none
    manifest = _manifest({name: hashlib.sha256(content).hexdigest() for name, content in tags.items()})
    write_once(folder / "tagmanifest-sha256.txt", manifest)
    return hashlib.sha256(manifest).hexdigest()


def _manifest(sums: Mapping[str, str]) -> bytes:
    # percent signs and line ends are written as codes, and nothing else (RFC 8493, 2.1.3)
    return "".join(f"{of}  {_coded(path)}\n" for path, of in sorted(sums.items())).encode()


def _coded(path: str) -> str:
    return "".join(quote(char) if char in "%\r\n" else char for char in path)


def _line(said: tuple[str, str]) -> str:
    """A line of bag-info: long ones go on after a blank (RFC 8493, 2.2.2)."""
    words = f"{said[0]}: {' '.join(said[1].split())}".split(" ")
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= _LONGEST_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return "\n".join(lines) + "\n"
