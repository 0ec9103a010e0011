"""What stands above a name: handwriting is a signature, all else is none. All scans are simulated."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.signature_ink.marks import MARKS
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.seals import within_seals
from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner
from tests.papers.test_comparison import ISSUED, NAMES, PAGES, PLACES


def signed_with(folder: Path, drawn: Sequence[str], how: Scanner, seed: int = 1) -> list[bool]:
    """Whose signature is seen on the last page, after one of `benchmarks.signature_ink.marks` was drawn for each."""
    chance = random.Random(seed)
    sheet = paper.printed(ISSUED, how.dpi)[-1]
    for place, name in zip(PLACES, drawn, strict=True):
        MARKS[name].draw(sheet, place, how.dpi, chance)
    issued, returned = folder / "issued.pdf", folder / "paper.pdf"
    issued.write_bytes(ISSUED)
    returned.write_bytes(paper.paper_of([sheet], how, seed))
    found = compare_pdf(str(returned), str(issued), NAMES, (), ((1, PAGES),))
    return [one.has_signature for one in found.signatures]


FINE, COARSE, GREY = Scanner(200, skew=1.5, blur=0.8), Scanner(150, skew=-2), Scanner(200, skew=1, is_grey=True)


@pytest.mark.parametrize(
    ("drawn", "how"),
    [
        (("specks of dirt", "punch holes", "staple", "stroke from elsewhere"), FINE),
        pytest.param(
            ("end of a neighbour's", "specks of dirt", "end of a neighbour's", "folds"),
            COARSE,
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ("pale seal alone", "seal alone, on the name", "pale seal alone", "smudge"),
            COARSE,
            marks=pytest.mark.slow,
        ),
        (("seal alone, beside", "seal alone, on the name", "initials at the title", "punch holes"), GREY),
        (("folds and punch holes",) * 4, GREY),
        (("name in print", "name as a stamp", "“signed” in print", "box of a signing program"), FINE),
        pytest.param(
            ("“signed” in print", "box of a signing program", "name as a stamp", "name in print"),
            COARSE,
            marks=pytest.mark.slow,
        ),
    ],
    ids=["small things", "strokes", "seals", "grey", "creases", "words", "coarse words"],
)
def test_what_no_hand_has_written_there_is_no_signature(drawn: Sequence[str], how: Scanner, tmp_path: Path) -> None:
    assert signed_with(tmp_path, drawn, how) == [False] * 4


@pytest.mark.sweep
@pytest.mark.parametrize("how", [GREY, COARSE, FINE], ids=["grey", "coarse", "fine"])
def test_a_signature_is_seen_under_a_seal_and_across_the_name(how: Scanner, tmp_path: Path) -> None:
    drawn = ("seal over all of it", "seal over its left third", "through the name", "short signature")
    assert signed_with(tmp_path, drawn, how, seed=2) == [True] * 4


@pytest.mark.slow
def test_a_signature_is_seen_where_the_sheet_was_folded(tmp_path: Path) -> None:
    assert signed_with(tmp_path, ["on folds"] * 4, GREY, seed=4) == [True] * 4


def test_a_seal_over_lines_of_print_is_told_by_what_is_seen_of_its_ring() -> None:
    per_mm, side = 6.0, 480
    picture = Image.new("1", (side, side))
    ImageDraw.Draw(picture).ellipse((132, 132, 348, 348), outline=1, width=6)
    printed = np.zeros((side, side), dtype=bool)
    printed[200:235] = printed[262:297] = printed[324:359] = True
    ring = np.asarray(picture)
    assert (ring & ~printed).sum() < 0.62 * ring.sum()
    within = within_seals(ring & ~printed, printed, per_mm)
    assert within[240, 240]
    assert not within[240, 60]
    # half a ring is none
    assert not within_seals(ring & ~printed & (np.indices(ring.shape)[1] > side / 2), printed, per_mm).any()


@pytest.mark.sweep
@pytest.mark.parametrize("name", [name for name, mark in MARKS.items() if mark.is_signature])
def test_a_signature_is_seen_whatever_it_is_written_with(name: str, tmp_path: Path) -> None:
    assert signed_with(tmp_path, [name] * 4, GREY, seed=3) == [True] * 4
