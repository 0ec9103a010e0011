"""The dirty inputs of noi-dung §10, each a real file dropped into a real inbox, with what must be said of it.

Exactly that and nothing else is said, but for remarks on the look of a Word file (TT…): the files are typed as people
type, not set as the official form wants it. Where the product weighs something otherwise than the list, it says why.
"""

import copy
import datetime as dt
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from openpyxl.styles import Font

from pipeline import years
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Finding, JsonObject, State
from pipeline.workspace import Workspace
from tests.folders import Clock, drop, opened, working_folder
from tests.reading import writers
from tests.reading.conftest import ROOT, context_of_2022, example
from tests.reading.office import needs_office, saved_as
from tests.reading.test_dirt import beside, cell_with
from tests.said import vi
from tests.sample_papers import signed_paper

CONTEXT = context_of_2022()
SPELL = writers.plain(CONTEXT)
NOW = Rhythm(1, 0)
MAY, NOVEMBER = (dt.datetime(2022, month, day, 2, 0, tzinfo=dt.UTC) for month, day in ((5, 27), (11, 15)))
Message = list[tuple[str, str, str]]  # code, weight, where


@dataclass
class Answered:
    """What became of each dropped file at first, by its name."""

    states: dict[str, State] = field(default_factory=dict)
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def said(self, name: str) -> Message:
        """Code, weight and place (cell, or table:row:column, or pointer) of what is said, looks left out."""
        return [
            (finding.code, finding.severity.value, _where(finding))
            for finding in self.findings[name]
            if not finding.code.startswith("TT") and finding.code != "form.more"
        ]

    def work(self, workspace: Workspace) -> None:
        """Work off the inbox and note what became of everything."""
        serve_once(Worker(workspace), NOW)
        for job in workspace.ledger.in_states(State):
            self.states.setdefault(job.name, job.state)
            self.findings[job.name] = workspace.findings(job)


def _where(finding: Finding) -> str:
    place = finding.place
    if place.cell:
        return f"{place.sheet}!{place.cell}"
    return f"{place.table}:{place.row}:{place.column}" if place.table else str(place.pointer)


def book(values: JsonObject, kind: str = "dang-ky", *, one_sheet: bool = True) -> openpyxl.Workbook:
    form = CONTEXT.form(kind)
    assert form is not None
    return openpyxl.load_workbook(io.BytesIO(writers.as_xlsx(form, values, SPELL, one_sheet=one_sheet)))


def word(values: JsonObject, kind: str = "dang-ky") -> Any:
    form = CONTEXT.form(kind)
    assert form is not None
    document = docx.Document(io.BytesIO(writers.as_docx(form, values, SPELL)))
    document.add_paragraph("Thủ trưởng đơn vị")
    return document


def registration(unit: str) -> Any:
    return copy.deepcopy(example("dang-ky", f"pass-{unit.lower()}"))


def below(sheet: Any, label: str, rows: int = 1) -> Any:
    head = cell_with(sheet, label)
    return sheet.cell(head.row + rows, head.column)


# What the units sent ------------------------------------------------------------------------------------------------


def two_activities_in_one_cell() -> bytes:
    document = word(registration("CATP"))
    table = document.tables[1]
    table.rows[1].cells[1].text = "Tọa đàm bảo vệ bí mật nhà nước trong văn thư điện tử\nHội thao giao lưu các đơn vị"
    return writers.saved(document)


def no_activity_and_a_short_date() -> bytes:
    workbook = book(registration("SATRA") | {"activities": []})
    sheet = workbook.worksheets[0]
    sheet.title = "Sheet1"
    for area in list(sheet.merged_cells.ranges):  # openpyxl does not move them
        sheet.unmerge_cells(area.coord)
    sheet.insert_rows(cell_with(sheet, "Chỉ tiêu").row + 3, 3)
    below(sheet, "Thời gian hoàn thành").value = "26.8.22"
    return writers.saved(workbook)


def decomposed() -> bytes:
    document = word(registration("KNH"))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    runs += [
        run
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
    ]
    for run in runs:
        run.text = unicodedata.normalize(
            "NFD", run.text.replace("Thành ủy", "Thành uỷ").replace("Đảng ủy", "Đảng uỷ")
        )
    return writers.saved(document)


def old_font() -> bytes:
    workbook = book(registration("BDBPTP"))
    cell = beside(workbook.worksheets[0], "Đầu mối liên hệ")
    cell.value, cell.font = "Vâ Hoµng NhËt Ph­¬ng", Font(name=".VnTime")
    return writers.saved(workbook)


def content_twice_and_nine_figures() -> bytes:
    values = registration("DHQG")
    values["targets"][5]["content_code"] = "ND5"
    workbook = book(values)
    beside(workbook.worksheets[0], "Điện thoại").value = int(values["focal_point"]["phone"])
    return writers.saved(workbook)


def no_such_day() -> bytes:
    document = word(registration("KDCD"))
    table = document.tables[1]
    column = [cell.text for cell in table.rows[0].cells].index("Ngày tổ chức")
    table.rows[1].cells[column].text = "31/06/2022"
    return writers.saved(document)


def position_of_later() -> bytes:
    values = registration("KCXCN")
    values["leader"]["position"] = "Chánh Văn phòng"
    return writers.saved(word(values))


def scan() -> bytes:
    """A PDF of one picture."""
    page = pypdfium2.PdfDocument(signed_paper(""))[0].render(scale=1).to_pil().convert("L")
    out = io.BytesIO()
    page.save(out, format="PDF", resolution=72)
    return out.getvalue()


UNITS: tuple[tuple[str, str, Callable[[], bytes], State, Message], ...] = (
    ("CATP", "CATP.docx", two_activities_in_one_cell, State.RETURNED, [("DK02", "block", "2:2:2")]),
    ("SATRA", "SATRA.xlsx", no_activity_and_a_short_date, State.RETURNED, [
        ("DK02", "block", "Sheet1!B34"), ("date.short-year", "warn", "Sheet1!G21")]),
    ("KNH", "KNH.docx", decomposed, State.DELIVERED, [("I12", "info", "")]),
    ("BDBPTP", "BDBPTP.xlsx", old_font, State.DELIVERED, [("I11", "warn", "ThongTin!C11")]),
    ("DHQG", "DHQG.xlsx", content_twice_and_nine_figures, State.RETURNED, [
        ("DK03", "block", "ThongTin!B26"), ("DK08", "warn", "ThongTin!C13")]),
    ("KDCD", "KDCD.docx", no_such_day, State.RETURNED, [("F03", "block", "2:2:5")]),
    ("KCXCN", "KCXCN.docx", position_of_later, State.RETURNED, [("F08", "block", "/leader/position")]),
    # A07 is a mere remark on a signed scan; a form that is only a scan cannot be read, so it goes back, saying how
    # its values are keyed in.
    ("BTLTP", "BTLTP.pdf", scan, State.RETURNED, [("A07", "block", "")]),
)  # fmt: skip


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answered]:
    folder = working_folder(tmp_path_factory.mktemp("units") / "office")
    for unit, name, content, _, _ in UNITS:
        drop(folder, name, content(), unit)
    answered = Answered()
    with opened(folder, Clock(MAY)) as workspace:
        answered.work(workspace)
        yield answered


@pytest.mark.parametrize(
    ("name", "state", "said"), [row[1:2] + row[3:] for row in UNITS], ids=[row[1] for row in UNITS]
)
def test_what_a_unit_sends_gets_exactly_its_findings(units: Answered, name: str, state: State, said: Message) -> None:
    assert units.said(name) == said
    assert units.states[name] is state
    assert all(finding.mend is not None and vi(finding.message) for finding in units.findings[name])


def test_what_was_read_in_an_old_font_is_shown_before_and_after(units: Answered) -> None:
    (told,) = units.findings["BDBPTP.xlsx"]
    assert told.found == "Vâ Hoµng NhËt Ph­¬ng"
    assert "Võ Hoàng Nhật Phương" in vi(told.message)


def test_only_the_names_of_the_two_activities_are_listed(units: Answered) -> None:
    told = next(finding for finding in units.findings["CATP.docx"] if finding.code == "DK02")
    assert "Hội thao giao lưu các đơn vị" in vi(told.message)


@pytest.mark.slow
@needs_office
def test_a_word_97_file_is_read_and_the_unit_told(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "SAWACO.doc", saved_as(writers.saved(word(registration("SAWACO"))), "docx", "doc"), "SAWACO")
    answered = Answered()
    with opened(folder, Clock(MAY)) as workspace:
        answered.work(workspace)

    assert answered.said("SAWACO.doc") == [("I01", "warn", "")]
    assert answered.states["SAWACO.doc"] is State.DELIVERED


@pytest.mark.slow
def test_a_second_file_of_a_unit_takes_the_place_of_the_first(tmp_path: Path) -> None:
    folder, answered = working_folder(tmp_path / "office"), Answered()
    with opened(folder, Clock(MAY)) as workspace:
        for name, title in (("EVNHCMC_v1.xlsx", "Hội thảo chuyển đổi số"), ("EVNHCMC_v2.xlsx", "Tập huấn ký số")):
            values = registration("EVNHCMC")
            values["activities"][0]["title"] = title
            drop(folder, name, writers.saved(book(values)), "EVNHCMC")
            answered.work(workspace)

        now = [(job.name, job.state) for job in workspace.ledger.in_states(State)]

    assert answered.said("EVNHCMC_v1.xlsx") == []
    assert answered.said("EVNHCMC_v2.xlsx") == [("I09", "warn", "")]
    assert sorted(now) == [("EVNHCMC_v1.xlsx", State.SUPERSEDED), ("EVNHCMC_v2.xlsx", State.DELIVERED)]


@pytest.mark.parametrize("name", ["MẬT.docx", "ke hoach.docx"])
def test_of_a_marked_file_nothing_is_copied(tmp_path: Path, name: str) -> None:
    folder, answered = working_folder(tmp_path / "office"), Answered()
    document = word(registration("CATP"))
    document.paragraphs[0].insert_paragraph_before("MẬT")
    content = writers.saved(document)
    drop(folder, name, content, "CATP")
    with opened(folder, Clock(MAY)) as workspace:
        answered.work(workspace)

    assert answered.states == {}
    assert [path.name for path in (folder / "inbox" / ".cach-ly").iterdir()] == ["su-co-1"]
    kept = [path for path in (folder / "var").rglob("*") if path.is_file()]
    assert content not in [path.read_bytes() for path in kept]


# What the cluster's office sent -------------------------------------------------------------------------------------

CLUSTER_FIRST = (("bien-ban", "pass-trien-khai"), ("ke-hoach", "pass-2022"), ("quy-che", "pass-2022"))


def parties(without: str = "") -> list[JsonObject]:
    year = years.load(ROOT / "years" / "2022.yaml")
    return [
        {
            "unit_code": unit.code,
            "org_display": unit.org,
            "representative": unit.signatories[0].name,
            "position": unit.signatories[0].position_full,
        }
        for unit in year.units
        if unit.code != without
    ]


def pledge(**changes: Any) -> bytes:
    return writers.saved(book(of("giao-uoc", "pass-2022", **changes), "giao-uoc", one_sheet=False))


def without_the_bankers() -> bytes:
    return pledge(parties=parties("KNH"), originals_count=10)


def by_another_name() -> bytes:
    form = CONTEXT.form("giao-uoc")
    assert form is not None
    content = pledge(parties=parties(), sign_date="2022-06-02")
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet = workbook["CacBen"]
    cell_with(sheet, "Công an TP.HCM").value = "Công an TP"
    return writers.saved(workbook)


def on_a_sunday() -> bytes:
    return pledge(sign_date="2022-06-12")


def of(kind: str, name: str, **changes: Any) -> JsonObject:
    return copy.deepcopy(example(kind, name)) | changes


def minutes(**changes: Any) -> bytes:
    return writers.saved(word(of("bien-ban", "pass-trien-khai", **changes), "bien-ban"))


def votes(**changes: Any) -> list[Any]:
    decisions: Any = of("bien-ban", "pass-trien-khai")["decisions"]
    return [*decisions[:-1], decisions[-1] | changes]


def three_faults() -> bytes:
    chair = example("bien-ban", "pass-trien-khai")["chair"]
    decisions = votes(**{"for": 8, "against": 1, "abstain": 1, "percent": None})
    return minutes(decisions=decisions, secretary=chair, start_at="11:00", end_at="08:30")


def all_in_favour() -> bytes:
    return minutes(decisions=votes(percent=100))


def plan(**changes: Any) -> bytes:
    return writers.saved(word(of("ke-hoach", "pass-2022", **changes), "ke-hoach"))


def seven_contents() -> bytes:
    contents = example("ke-hoach", "pass-2022")["contents"]
    assert isinstance(contents, list)
    needs = ["Triển khai đầy đủ 08 nội dung thi đua đến từng bộ phận", "Các đơn vị phối hợp chặt chẽ"]
    return plan(contents=contents[:7], requirements=needs)


def law_not_in_force() -> bytes:
    return plan(legal_basis=["Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15/6/2022"])


def decree_not_in_force() -> bytes:
    return plan(legal_basis=["Nghị định số 98/2023/NĐ-CP ngày 31/12/2023 của Chính phủ"])


CLUSTER: tuple[tuple[str, Callable[[], bytes], Message], ...] = (
    ("GU 9 ben.xlsx", without_the_bankers, [("GU01", "block", "CacBen!B2")]),
    ("GU chu nhat.xlsx", on_a_sunday, [("GU07", "block", "ThongTin!C4"), ("F04", "warn", "ThongTin!C4")]),
    ("BB.docx", three_faults, [
        ("BB09", "block", "/end_at"), ("BB01", "block", "/secretary/full_name"), ("BB04", "block", "4:4:5")]),
    ("BB 100.docx", all_in_favour, [("BB06", "block", "4:4:11")]),
    ("KH 7.docx", seven_contents, [("F17", "block", "/requirements"), ("KH01", "block", "1:1:2")]),
    ("KH luat.docx", law_not_in_force, [("F11", "block", "/legal_basis/0")]),
    ("KH nghi dinh.docx", decree_not_in_force, [("F11", "block", "/legal_basis/0")]),
    ("GU ten khac.xlsx", by_another_name, [("F18", "info", "CacBen!B4")]),
)  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answered]:
    folder, answered = working_folder(tmp_path_factory.mktemp("cluster") / "office"), Answered()
    with opened(folder, Clock(MAY)) as workspace:
        for kind, name in CLUSTER_FIRST:
            form = CONTEXT.form(kind)
            assert form is not None
            drop(folder, f"{kind}.yaml", writers.as_yaml(form, example(kind, name)))
            answered.work(workspace)
        assert set(answered.states.values()) == {State.DELIVERED}
        for name, content, _ in CLUSTER:
            drop(folder, name, content())
            answered.work(workspace)
        yield answered


@pytest.mark.parametrize(("name", "said"), [(row[0], row[2]) for row in CLUSTER], ids=[row[0] for row in CLUSTER])
def test_what_the_cluster_sends_gets_exactly_its_findings(cluster: Answered, name: str, said: Message) -> None:
    assert cluster.said(name) == said
    is_faulty = any(weight == "block" for _, weight, _ in said)
    assert cluster.states[name] is (State.RETURNED if is_faulty else State.WAITING)
    assert all(finding.mend is not None and vi(finding.message) for finding in cluster.findings[name])


# At the end of the year -----------------------------------------------------------------------------------------


def total_typed_wrong() -> bytes:
    values = of("bang-diem", "pass-evnhcmc", total=97)
    return writers.saved(book(values, "bang-diem"))


def ranks_of_equals() -> bytes:
    values: Any = of("bao-cao-tong-ket", "pass-2022")
    assert [row["rank"] for row in values["ranking"][2:4]] == [3, 3]
    values["ranking"][3]["rank"] = 4
    return writers.saved(word(values, "bao-cao-tong-ket"))


def ten_of_ten_said() -> bytes:
    values: Any = of("bao-cao-tong-ket", "pass-2022", units_reported=9, units_missing=["KNH"])
    values["situation"] = ["Đã có 10/10 đơn vị gửi báo cáo về Cụm"]
    return writers.saved(word(values, "bao-cao-tong-ket"))


YEAR_END: tuple[tuple[str, str, Callable[[], bytes], Message], ...] = (
    ("EVNHCMC", "BD.xlsx", total_typed_wrong, [("BD03", "block", "ThongTin!C7")]),
    ("", "BC hang.docx", ranks_of_equals, [("BD05", "block", "3:5:8")]),
    ("", "BC 10 tren 10.docx", ten_of_ten_said, [("F17", "block", "/situation")]),
)


@pytest.mark.parametrize(("unit", "name", "content", "said"), YEAR_END, ids=[row[1] for row in YEAR_END])
def test_what_comes_at_the_end_of_the_year_gets_exactly_its_findings(
    tmp_path: Path, unit: str, name: str, content: Callable[[], bytes], said: Message
) -> None:
    folder, answered = working_folder(tmp_path / "office"), Answered()
    drop(folder, name, content(), unit)
    with opened(folder, Clock(NOVEMBER)) as workspace:
        answered.work(workspace)

    assert answered.said(name) == said
    assert answered.states[name] is State.RETURNED
