"""A document on which LibreOffice hangs and one on which it dies, among many: what they cost the others.

    python -m benchmarks.hanging [--documents 500] [--times 3]

The line of the program gives all of them to its LibreOffices, without the bad ones and with them, in turns. On one
LibreOffice stands still (it is stopped by a signal each time), on one it is killed; and there is a table of so many
rows that LibreOffice works on it for minutes. What counts is when the last of the letters is done.
"""

import argparse
import contextlib
import functools
import io
import itertools
import os
import signal
import statistics
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx

from benchmarks.pages import write_section
from pipeline.app.line import Line, Task, apart_of
from pipeline.errors import ToolCrashed, ToolTimeout
from pipeline.tools.soffice import Office

HANGS, DIES, LONG = "hangs", "dies", "long table"
SIGNALS = {HANGS: signal.SIGSTOP, DIES: signal.SIGKILL}
MARKS = {HANGS: 30_001, DIES: 30_002}
#: Half of what the setting has, for the sake of those who measure.
MOST_SECONDS = 60.0


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


def marked(document: bytes, mark: str) -> bytes:
    """The document with a remark in its package, by the length of which it is known on the disk."""
    out = io.BytesIO(document)
    with zipfile.ZipFile(out, "a") as package:
        package.comment = b"." * MARKS[mark]
    return out.getvalue()


@contextlib.contextmanager
def maltreated(root: Path, sizes: dict[int, signal.Signals]) -> Iterator[None]:
    """Send, as long as the block lasts, each LibreOffice that has a document of such a size in hand the signal."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            for path in root.glob("*/document-*/document.docx"):
                with contextlib.suppress(OSError):
                    if (signal_ := sizes.get(path.stat().st_size)) is not None:
                        _signal_whoever_has_open(path, signal_)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _signal_whoever_has_open(path: Path, signal_: signal.Signals) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # not while it starts: it dies on the document
            if b"soffice.bin" in (process / "cmdline").read_bytes() and any(
                fd.readlink() == path for fd in (process / "fd").iterdir()
            ):
                os.kill(int(process.name), signal_)


def seconds_for(documents: dict[str, bytes], lanes: int) -> tuple[float, dict[str, str]]:
    """Convert all; gives when the last of the good ones was done, and what became of the others, and when."""
    wake, done, failed = threading.Event(), dict[str, float](), dict[str, str]()

    def convert(office: Office, name: str, content: bytes) -> None:
        try:
            office.convert(content)
        except (ToolCrashed, ToolTimeout) as trouble:
            failed[name] = f"{type(trouble).__name__} after {time.monotonic() - begun:.0f} s"
        else:
            done[name] = time.monotonic()

    sizes = {len(documents[name]): how for name, how in SIGNALS.items() if name in documents}
    assert sum(len(content) in sizes for content in documents.values()) == len(sizes), "they are known by their size"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with (
            Office(root, workers=lanes, apart=apart_of(lanes), timeout_s=MOST_SECONDS) as office,
            maltreated(root, sizes),
            Line(lanes, wake.set) as line,
            ThreadPoolExecutor(lanes) as warming,
        ):
            # an office's LibreOffices are warm; side by side, or one of them would make all
            list(warming.map(office.convert, [letter(-number - 1) for number in range(2 * lanes)]))
            begun = time.monotonic()
            for name, content in documents.items():
                line.add(Task(name, functools.partial(convert, office, name, content)))
            line.move()
            while not line.is_empty:
                wake.wait()
                wake.clear()
                line.move()
    assert not {*failed} - {HANGS, DIES, LONG}, failed
    return max(done[name] for name in documents if name.isdigit()) - begun, failed


def measure(count: int, lanes: int, times: int) -> str:
    """Measure all, in turns; gives the report."""
    letters = {str(number): letter(number) for number in range(count)}
    hangs, dies = (marked(letter(count + number), mark) for number, mark in enumerate((HANGS, DIES)))
    bad = {
        "": {},
        "one hangs, one dies": {HANGS: hangs, DIES: dies},
        "one long table, one dies": {LONG: long_table(6000), DIES: dies},
    }
    took: dict[str, list[float]] = {sort: [] for sort in bad}
    became: dict[str, dict[str, str]] = {}
    for _ in range(times):
        for sort, others in bad.items():
            # a quarter of the letters is done by then
            first = dict(itertools.islice(letters.items(), count // 4))
            seconds, became[sort] = seconds_for(first | others | letters, lanes)
            took[sort].append(seconds)
            print(f"{sort or 'alone'}: {seconds:.1f} s {became[sort]}", flush=True)
    lines = [
        f"{count} letters, {lanes} lanes, one LibreOffice each, {times} times in turns; every letter was made.",
        "",
    ]
    lines += [
        "| | until the last letter was done | × alone, pair by pair | what became of the others |",
        "|---|---|---|---|",
    ]
    for sort, seconds_ in took.items():
        ratio = statistics.median(with_ / alone for with_, alone in zip(seconds_, took[""], strict=True))
        told = "; ".join(f"{name}: {what}" for name, what in sorted(became[sort].items()))
        lines.append(f"| {sort or 'alone'} | {statistics.median(seconds_):.1f} s | {ratio:.2f} | {told} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--lanes", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--no-page", action="store_true")
    asked = parser.parse_args()
    report = measure(asked.documents, asked.lanes, asked.times)
    print(report)
    if not asked.no_page:
        write_section("measures.md", "hanging.py", "A document on which LibreOffice hangs", report)


if __name__ == "__main__":
    main()
