"""A signed document that is filed goes out: copies with its number lie for the units of its Nơi nhận."""

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from pipeline import papers
from pipeline.model import Job, Role, State
from scripts.pretend_signature import scan, sign_text_layer
from tests.flow.test_signed_home import Home
from tests.folders import UNITS, opened, working_folder
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.reading.office import needs_office

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
