"""docx to PDF/A: our warm LibreOffice against one `soffice` per file, in the same run.

    python -m benchmarks.rendition [--documents N] [--workers N] [--json FILE]

The peers take turns, so that a busy machine slows them alike; one per file is what a straightforward script does.
Times are of the wall clock, because most of the work is in LibreOffice's own processes. `together` is one call for
all files: fast too, but one bad document takes the batch with it, and nothing is known before all are done.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.papers import codes
from pipeline.rendition import render
from pipeline.rendition.comparison import differences
from pipeline.rendition.rendering import _texts_of
from pipeline.tools.soffice import Office
from pipeline.tools.soffice.instance import EXPORT
from tests.sample_papers import word_document

COLD_EVERY = 4  # one-per-file is slow: fewer of them say as much


def one_per_file(documents: list[Path], out: Path, profile: Path) -> float:
    """Seconds that `soffice --convert-to` takes for some files."""
    options = {
        name: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
        for name, value in EXPORT.items()
    }
    began = time.perf_counter()
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"),
            *("--infilter=MS Word 2007 XML", "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options)}"),
            *("--outdir", str(out), *map(str, documents)),
        ],
        check=True,
        capture_output=True,
    )
    seconds = time.perf_counter() - began
    assert all((out / f"{document.stem}.pdf").exists() for document in documents)
    return seconds


def ours(document: Path, code: str, office: Office) -> tuple[float, float]:
    """Seconds that a checked rendition takes, and those of it in which the PDF's text is held against the draft's."""
    draft = document.read_bytes()
    began = time.perf_counter()
    made = render(draft, office, code, codes.find_all)
    ended = time.perf_counter()
    # once more what `render` has done last, the reading of the text included
    assert not list(differences(draft, _texts_of(made.content)))
    return ended - began, time.perf_counter() - ended


def side_by_side(drafts: list[bytes], office: Office, workers: int) -> float:
    """Seconds a document when as many threads as there are LibreOffices ask for them."""
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(office.convert, drafts))
    return (time.perf_counter() - began) / len(drafts)


def measure(count: int, workers: int) -> tuple[dict[str, float], float]:
    """Milliseconds a document, by way; and the share of the least rendition that its least comparison takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = folder / "out"
        out.mkdir()
        named = [codes.new_code(f"benchmark {number}") for number in range(count)]
        documents = [folder / f"{code}.docx" for code in named]
        for code, document in zip(named, documents, strict=True):
            document.write_bytes(word_document(code))
        drafts = [document.read_bytes() for document in documents]
        with Office(folder / "office", workers=workers) as office:
            side_by_side(drafts[:workers], office, workers)  # starts them all
            one_per_file(documents[:1], out, folder / "profile")  # the first start makes the profile
            warm, compared, cold = [], [], []
            for number, (code, document) in enumerate(zip(named, documents, strict=True)):
                whole, comparison = ours(document, code, office)
                warm.append(whole)
                compared.append(comparison)
                if number % COLD_EVERY == 0:
                    cold.append(one_per_file([document], out, folder / "profile"))
            together = one_per_file(documents, out, folder / "profile") / count
            parallel = side_by_side(drafts, office, workers)
    return {
        "one soffice per file": statistics.median(cold) * 1000,
        "all files in one call (together)": together * 1000,
        "vanthu, one worker": statistics.median(warm) * 1000,
        f"vanthu, {workers} workers": parallel * 1000,
    }, min(compared) / min(warm)


def main() -> None:
    """Measure and print; with --json also write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures, share = measure(asked.documents, asked.workers)
    base = figures["one soffice per file"]
    print(f"{'three pages, PDF/A-2b':36}ms a document   times as fast")
    for way, milliseconds in figures.items():
        print(f"{way:36}{milliseconds:13.0f}{base / milliseconds:16.1f}")
    print(f"PDF and Word compared: {share:.1%} of a rendition")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
