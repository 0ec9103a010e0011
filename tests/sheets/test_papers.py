"""Every kind in every official form printed at its shortest, as its example and at its longest; 1 to 40 parties."""

import functools
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest

from pipeline.authoring.samples import Size
from pipeline.layout.applying import parts_of
from pipeline.ooxml import packed
from tests.layout.paper import office_in
from tests.sheets import printing
from tests.sheets.faults import faults, spread, torn_names
from tests.sheets.measuring import Sheet, sheets_of
from tests.sheets.printing import FORMS, KINDS, PARTIES

Press = Callable[[bytes], list[Sheet]]

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Prints a Word document and measures the pages."""
    # not by `render`: its proof of the text wants papers that people wrote, not one sentence a hundred times over
    with office_in(tmp_path_factory.mktemp("office")) as office:
        yield lambda document: sheets_of(office.convert(document))


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """Makes a pledge of so many parties."""
    folder = tmp_path_factory.mktemp("years")

    def made(parties: int, form: str, letters: int | None) -> bytes:
        year, known = printing.office(max(2, parties), folder)
        # the parties are the members of the year, unless the form names them
        size = Size(is_full=letters is not None or parties == 1, items=parties, letters=letters)
        return printing.sample("giao-uoc", form, size, year, known)

    return functools.cache(made)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_stands_in_its_place_at_every_length(press: Press, kind: str, form: str) -> None:
    made = {name: printing.sample(kind, form, size) for name, size in printing.sizes_of(kind).items()}
    made["example"] = printing.example(kind, form)
    assert {name: faults(press(document)) for name, document in made.items()} == {name: [] for name in made}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("parties", PARTIES)
def test_a_pledge_stands_in_its_place_with_any_number_of_parties(
    press: Press, offices: Callable[..., bytes], parties: int, form: str
) -> None:
    found = {letters: faults(press(offices(parties, form, letters))) for letters in (None, 1, 300)}
    assert found == {letters: [] for letters in found}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_lead_signs_at_the_right_and_columns_keep_apart(
    press: Press, offices: Callable[..., bytes], form: str
) -> None:
    for parties in (3, 14):
        sheets = press(offices(parties, form, None))
        names = [block for sheet in sheets for block in sheet.blocks if block.style == "VT Họ và tên"]
        assert len(names) == parties
        second, lead, *others = names
        assert lead.text.startswith("TrầnVănAn")
        assert lead.box.left > 30 + 165 / 2 > second.box.right
        assert all(name.box.top > lead.box.bottom for name in others if name.page == lead.page)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contents", "columns"),
    [
        (3, ["TT", "Đơn vị, nội dung thi đua", "Điểm"]),
        (8, ["TT", "Đơn vị", *(f"ND{at}" for at in range(1, 9)), "Tổng"]),
    ],
)
def test_the_table_of_scores_has_a_column_for_each_of_eight_contents_and_else_a_row(
    tmp_path: Path, contents: int, columns: list[str]
) -> None:
    year, known = (printing.example_year(), None) if contents == 8 else printing.office(3, tmp_path)
    made = docx.Document(io.BytesIO(printing.sample("bao-cao-tong-ket", "dang-hd05", Size(items=3), year, known)))
    heads = [cell.text.replace("\u00a0", " ") for cell in made.tables[-1].rows[0].cells]
    assert heads == columns


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_ends_within_a_name_nor_is_it_spread_for_that(press: Press, kind: str, form: str) -> None:
    persons = [signer.name for unit in printing.example_year().units for signer in unit.signatories]
    found = [
        (name, fault)
        for name, document in {
            "example": printing.example(kind, form),
            "shortest": printing.sample(kind, form, printing.SHORTEST),
        }.items()
        for sheet in press(document)
        for fault in (*torn_names(sheet, persons), *spread(sheet))
    ]
    assert found == []


def test_the_rules_under_the_names_of_a_state_paper_are_drawn_in_one_piece(press: Press) -> None:
    page = press(printing.example("bao-cao-tong-ket", "nd30"))[0]
    head = [rule for rule in page.rules if rule.top < 75 and rule.right - rule.left > 1]
    # under the motto, the name of the body, and the title
    assert {round(rule.right - rule.left, -1) for rule in head} == {20, 50, 60}


SPOILED = (
    ("bang-diem", "VTThan", '<w:ind w:left="-600" w:firstLine="0"/>', "beside the margin"),
    ("bang-diem", "VTBangChu", '<w:ind w:left="-400" w:right="-400"/>', "across an upright line"),
    ("dang-ky", "VTBangChu", '<w:ind w:left="-80" w:right="-80"/>', "between two columns"),
    ("ke-hoach", "VTThan", '<w:spacing w:line="200" w:lineRule="exact"/>', "on each other"),
    ("ke-hoach", "VTMuc", "<w:pageBreakBefore/>", "only "),
    ("ke-hoach", "VTMucNho", '<w:spacing w:after="9000"/>', "a heading alone"),
    ("ke-hoach", "VTMucNho", "<w:pageBreakBefore/>", "what is announced at its foot comes on the next"),
    ("ke-hoach", "VTHoTen", '<w:spacing w:before="12500"/>', "the first signature is on page"),
    ("cong-van", "VTThanCuoi", "<w:pageBreakBefore/>", "one line stands over the signature"),
    ("cong-van", "VTTrichYeuCV", '<w:ind w:left="900" w:right="900"/>', "a word alone on a line"),
    ("bang-diem", "VTBangChu", '<w:jc w:val="center"/>', "a long text set in the middle"),
    ("cong-van", "VTNoiNhan", '<w:ind w:left="400"/>', "mm from the margin"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "style", "look", "fault"), SPOILED)
def test_the_measure_sees_what_a_spoiled_style_does(
    press: Press, kind: str, style: str, look: str, fault: str
) -> None:
    parts = parts_of(printing.example(kind, "dang-hd36"))
    start = parts["word/styles.xml"].index(f'w:styleId="{style}"'.encode())
    end = parts["word/styles.xml"].index(b"</w:pPr>", start)
    own = parts["word/styles.xml"][start:end]
    # the style's own figures of that sort give way, and what keeps it with the next
    sort = re.sub(r"\W.*", "", look[3:]).encode()
    own = re.sub(rb"<w:(keepNext|" + sort + rb" [^>]*)/>", b"", own)
    parts["word/styles.xml"] = parts["word/styles.xml"][:start] + own + look.encode() + parts["word/styles.xml"][end:]
    assert fault in "; ".join(faults(press(packed(parts))))


@pytest.mark.slow
def test_the_measure_sees_a_number_that_is_torn_at_the_end_of_a_line(press: Press) -> None:
    parts = parts_of(printing.example("bang-diem", "dang-hd36"))
    bound = parts["word/document.xml"]
    plain = bound.replace("\u00a0".encode(), b" ").replace(
        b'</w:t><w:noBreakHyphen/><w:t xml:space="preserve">', b"-"
    )
    assert plain != bound
    sheets = press(packed(parts | {"word/document.xml": plain}))
    assert "torn" in "; ".join(faults(sheets))
