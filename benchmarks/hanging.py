"""A document on which LibreOffice hangs and one on which it dies, among many: what they cost the others.

    python -m benchmarks.hanging [--documents 500]

The line of the program gives all of them to its LibreOffices, once without and once with the two. One is a table of
so many rows that LibreOffice lays it out for minutes; under the other LibreOffice is killed each time. What counts is
when the last of the others is done.
"""

import argparse
import contextlib
import functools
import io
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docx

from benchmarks.pages import write_section
from pipeline.app.line import Line, Task, apart_of
from pipeline.errors import ToolCrashed, ToolTimeout
from pipeline.tools.soffice import Office

HANGS, DIES = "hangs", "dies"


def letter(number: int) -> bytes:
    """A letter of one page, none like another."""
    document = docx.Document()
    for paragraph in range(12):
        document.add_paragraph(f"Văn bản số {number}, đoạn {paragraph}: nội dung thi đua của cụm. " * 3)
    return _bytes(document)


def long_table(rows: int) -> bytes:
    """A table that LibreOffice takes minutes for: more than linear in its rows."""
    document = docx.Document()
    table = document.add_table(rows, 6)
    first = table._tbl.tr_lst[0]
    for cell in table.rows[0].cells:
        cell.text = "Chỉ tiêu thi đua của đơn vị"
    for row in table._tbl.tr_lst[1:]:
        row.getparent().replace(row, _copy(first))
    return _bytes(document)


def _copy(element: object) -> object:
    import copy

    return copy.deepcopy(element)


def _bytes(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]  # python-docx names its class otherwise
    return out.getvalue()


@contextlib.contextmanager
def killer(root: Path, size: int) -> Iterator[None]:
    """Kill, as long as the block lasts, each LibreOffice that has a document of this size in hand."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            for path in root.glob("*/document-*/document.docx"):
                with contextlib.suppress(OSError):
                    if path.stat().st_size == size:
                        _kill_whoever_has_open(path)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _kill_whoever_has_open(path: Path) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # not while it starts: it dies on the document
            if b"soffice.bin" in (process / "cmdline").read_bytes() and any(
                fd.readlink() == path for fd in (process / "fd").iterdir()
            ):
                os.kill(int(process.name), signal.SIGKILL)


def seconds_for(documents: dict[str, bytes], lanes: int, *, most_s: float) -> tuple[float, dict[str, str]]:
    """Convert all; gives when the last of the good ones was done, and what became of the others."""
    wake, done, failed = threading.Event(), dict[str, float](), dict[str, str]()

    def convert(office: Office, name: str, content: bytes) -> None:
        try:
            office.convert(content)
        except (ToolCrashed, ToolTimeout) as trouble:
            failed[name] = type(trouble).__name__
        else:
            done[name] = time.monotonic()

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = len(documents.get(DIES, b""))
        with (
            Office(root, workers=lanes + apart_of(lanes), timeout_s=most_s) as office,
            killer(root, size),
            Line(lanes, wake.set) as line,
        ):
            for warm in range(lanes):  # an office's LibreOffices are warm
                office.convert(letter(-warm - 1))
            begun = time.monotonic()
            for name, content in documents.items():
                line.add(Task(name, functools.partial(convert, office, name, content)))
            line.move()
            while not line.is_empty:
                wake.wait()
                wake.clear()
                line.move()
    return max(done.values()) - begun, failed


def measure(count: int, lanes: int) -> str:
    """Measure both; gives the report."""
    letters = {str(number): letter(number) for number in range(count)}
    without, _ = seconds_for(letters, lanes, most_s=60)
    names = [*letters]
    among = {**{name: letters[name] for name in names[: count // 4]}, HANGS: long_table(6000), DIES: letter(10**9)}
    among |= letters
    begun = time.monotonic()
    with_them, failed = seconds_for(among, lanes, most_s=60)
    assert set(failed) == {HANGS, DIES}, failed
    return f"""{count} letters, {lanes} lanes, one LibreOffice each; none of the letters failed.

| | until the last letter was done |
|---|---|
| alone | {without:.1f} s |
| with one that hangs ({failed[HANGS]}) and one that dies ({failed[DIES]}) among them | {with_them:.1f} s, {with_them / without:.2f}× |

The one that hangs was given up apart, {time.monotonic() - begun:.0f} s after the beginning."""  # noqa: E501


def main() -> None:
    """Measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--lanes", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--no-page", action="store_true")
    asked = parser.parse_args()
    report = measure(asked.documents, asked.lanes)
    print(report)
    if not asked.no_page:
        write_section("performance.md", "hanging.py", "A document on which LibreOffice hangs", report)


if __name__ == "__main__":
    main()
