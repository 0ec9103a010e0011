"""The scan that archives want, 300 dpi in colour without loss, is many times larger than any form."""

import zlib
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import State
from tests.folders import drop, opened, registration, working_folder
from tests.papers.test_hostile_papers import CATALOGUE, _objects
from tests.sample_papers import signed_paper
from tests.sample_pictures import as_tiff, pictures_of

PAGES = 5


def lossless_scan(pdf: bytes) -> bytes:
    """Each page as one deflated picture of 300 dpi, with the grain of a scanner, which nothing compresses."""
    chance, document = np.random.default_rng(1), pypdfium2.PdfDocument(pdf)
    kids = b" ".join(b"%d 0 R" % (3 + 3 * at) for at in range(len(document)))
    bodies = [CATALOGUE, b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, len(document))]
    for at, page in enumerate(document):
        seen = np.asarray(page.render(scale=300 / 72).to_pil().convert("RGB")).astype(np.int16)
        grained = np.clip(seen - chance.integers(0, 12, seen.shape), 0, 255).astype(np.uint8)
        height, width, _ = grained.shape
        data, drawn = zlib.compress(grained.tobytes(), 1), b"q 595 0 0 842 0 0 cm /I Do Q"
        bodies += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>"
            % (4 + 3 * at, 5 + 3 * at),
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (width, height, len(data), data),
            b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        ]
    document.close()
    return _objects(*bodies)


@pytest.mark.slow
def test_the_scan_that_archives_want_comes_home(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        (document,) = serve_once(Worker(workspace), Rhythm(1, 0))
        content = lossless_scan(signed_paper(*[document.code] * PAGES))
        assert len(content) > 65_000_000
        drop(folder, "da ky.pdf", content, "CATP")
        (paper,) = serve_once(Worker(workspace), Rhythm(1, 0))[:1]
        assert workspace.ledger.job(document.id).state is State.ARCHIVED, workspace.findings(paper)


@pytest.mark.slow
def test_the_same_scan_as_a_tiff_comes_home_as_it_came(tmp_path: Path) -> None:
    folder, chance = working_folder(tmp_path / "office"), np.random.default_rng(1)
    with opened(folder) as workspace:
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        (document,) = serve_once(Worker(workspace), Rhythm(1, 0))
        seen = [
            np.asarray(page).astype(np.int16) for page in pictures_of(signed_paper(*[document.code] * PAGES), 300)
        ]
        grained = [np.clip(page - chance.integers(0, 12, page.shape), 0, 255).astype(np.uint8) for page in seen]
        content = as_tiff([Image.fromarray(page) for page in grained], 300, compression="tiff_lzw")
        assert len(content) > 65_000_000
        drop(folder, "da ky.tif", content, "CATP")
        (paper,) = serve_once(Worker(workspace), Rhythm(1, 0))[:1]
        assert workspace.ledger.job(document.id).state is State.ARCHIVED, workspace.findings(paper)
    (filed,) = (folder / "archive").rglob("*.tif")
    assert filed.read_bytes() == content
