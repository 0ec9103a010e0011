"""A signed document that is filed goes out: copies with its number lie for the units of its Nơi nhận."""

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import ImageDraw

from pipeline import papers
from pipeline.app import numbering
from pipeline.model import Job, Role, State
from scripts.pretend_signature import as_pdf, scan, sign_text_layer
from tests.flow.test_signed_home import Home
from tests.folders import UNITS, opened, working_folder
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.reading.office import needs_office

DPI = 200
SIGNER = "Đặng Thị Thuỳ Nhiên"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        yield Home(folder, workspace)


def invitation(home: Home, *recipients: str) -> Job:
    form = context_of_2022().form("giay-moi")
    assert form is not None
    values = example("giay-moi", "pass-trien-khai") | {"recipients": list(recipients)}
    return home.dropped("giay moi.yaml", writers.as_yaml(form, values))


def lying(home: Home) -> dict[str, bytes]:
    """The copies that lie in the outbox, by the folder of their unit."""
    found = (home.folder / "outbox").glob("*/da-ban-hanh/*.pdf")
    return {path.parent.parent.name: path.read_bytes() for path in found}


def blanks(home: Home, document: Job, paper: bytes) -> papers.Blanks:
    """What of number and date is blank on a paper."""
    workspace = home.workspace
    issued = workspace.ledger.artifact(document.id, Role.RENDITION)
    assert issued is not None
    spool = workspace.spool
    return papers.blanks_of(workspace.guard, spool.path(spool.put(paper)), spool.path(issued.sha256))


@pytest.mark.slow
@needs_office
def test_copies_with_the_number_lie_for_the_units_among_the_recipients(home: Home) -> None:
    document = invitation(home, "Các đơn vị thành viên Cụm", "Văn phòng Thành ủy (để báo cáo)", "Lưu Văn phòng")
    paper = scan(sign_text_layer(home.printed(document), SIGNER), skew=2, noise=6)
    assert [blank.name for blank in blanks(home, document, paper).blanks] == ["number"]

    home.dropped("da ky.pdf", paper)

    assert (home.now(document).state, home.now(document).number) == (State.ARCHIVED, "01-GM/CTĐ4")
    (filed,) = (home.folder / "archive").rglob("*.pdf")
    assert filed.read_bytes() == paper
    copies = lying(home)
    # for the Văn phòng, which is no unit, the clerk has one
    assert sorted(copies) == sorted([*UNITS, "van-thu"])
    (copy,) = set(copies.values())
    assert blanks(home, document, copy) == papers.Blanks(by_hand=("number",))
    assert "01" in pypdf.PdfReader(io.BytesIO(copy)).pages[0].extract_text()
    said = json.loads(filed.with_suffix(".json").read_text("utf-8"))["issued_copy"]
    assert (said["sha256"], said["number"]) == (hashlib.sha256(copy).hexdigest(), "written")
    assert said["others"] == ["Văn phòng Thành ủy (để báo cáo)"]


@pytest.mark.slow
@needs_office
def test_a_number_written_by_hand_before_the_scan_goes_out_as_it_is(home: Home) -> None:
    document = invitation(home, "CATP", "Lưu Văn phòng")
    numbering.next_number(home.workspace, home.now(document))
    signed = pypdfium2.PdfDocument(sign_text_layer(home.printed(document), SIGNER))
    sheets = [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in signed]
    (blank,) = blanks(home, document, home.printed(document)).blanks
    left, base = blank.matrix[4] * DPI / 72, sheets[0].height - blank.matrix[5] * DPI / 72
    pen = ImageDraw.Draw(sheets[0])
    pen.ellipse((left + 8, base - 32, left + 22, base), outline=(40, 50, 150), width=4)
    pen.line((left + 34, base - 34, left + 30, base + 2), fill=(40, 50, 150), width=4)
    paper = as_pdf(sheets, DPI)

    returned = home.dropped("da ky.pdf", paper)

    assert (home.told(returned), home.now(document).state) == ([], State.ARCHIVED)
    assert lying(home) == {"CATP": paper}
