"""Orders of the clerk, through the folder: a workbook is dropped, its rows are done, and it comes back answered."""

import dataclasses
import io
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from pipeline.app.order_workbook import NAME
from pipeline.intake import look
from pipeline.model import Job, Order, Reply, Severity, State
from pipeline.workspace import Workspace
from tests.folders import drop, registration
from tests.sample_papers import paper
from tests.status.office import Office

CHOOSE = "Chọn và ghi đúng nguyên văn một trong các mục có trong biểu mẫu."
#: What a clerk writes in a row: Việc, Hồ sơ, Ghi thêm, Lý do.
Row = tuple[str, ...]


def blank(office: Office) -> Path:
    """The empty workbook that lies ready."""
    office.serve()
    return office.lying("van-thu") / NAME


def filled(office: Office, rows: Iterable[Row], file: Path | None = None) -> bytes:
    """A workbook of ours with these rows below those it has."""
    book = openpyxl.load_workbook(file or blank(office))
    sheet = book["YeuCau"]
    head = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "TT")
    first = next(row for row in range(head + 1, sheet.max_row) if sheet.cell(row, 2).value is None)
    for at, row in enumerate(rows, start=first):
        for column, text in enumerate(row, start=2):
            sheet.cell(at, column).value = text or None
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def answered(office: Office, job: Job) -> list[str]:
    """The replies that stand in the workbook that came back, row by row."""
    (path,) = office.lying("van-thu").glob(f"*.tra-loi.hs{job.id}.xlsx")
    return [str(row[5]) for row in openpyxl.load_workbook(path)["YeuCau"].values if row[5] and row[0] != "TT"]


def order(office: Office, *rows: Row) -> list[str]:
    """Drop these rows into the clerk's folder; gives the replies."""
    return answered(office, dropped(office, *rows))


def dropped(office: Office, *rows: Row) -> Job:
    content = filled(office, rows)
    office.drop("yeu-cau.xlsx", content, "van-thu")
    return newest_order(office)


def newest_order(office: Office) -> Job:
    jobs = office.workspace.ledger.of_kind("yeu-cau", 2022, State)
    return max(jobs, key=lambda job: job.id)


def delivered(office: Office, unit: str = "CATP", **changes: object) -> Job:
    return office.drop(f"dk-{unit}.yaml", registration(unit, **changes))


def whys(office: Office, job: Job) -> list[str]:
    return [event.why for event in office.workspace.ledger.events(job.id) if event.why]


def test_an_empty_workbook_lies_ready_and_offers_what_can_be_ordered(office: Office) -> None:
    path = blank(office)
    assert (office.folder / "inbox" / "van-thu").is_dir()
    book = openpyxl.load_workbook(path)
    offered = [str(cell.value) for cell in book["_danh_sach"]["A"]]
    assert offered == [
        *("Làm biểu mẫu", "Đôn đốc", "Xin số", "Chấp nhận"),
        *("Trả lại bản ký", "Hủy hồ sơ", "Hủy số", "Làm lại"),
    ]
    (tasks,) = [one for one in book["YeuCau"].data_validations.dataValidation if one.type == "list"]
    assert "B7" in tasks.sqref
    path.unlink()
    assert blank(office).is_file()


def test_a_workbook_that_somebody_began_to_fill_in_is_left_alone(office: Office) -> None:
    path = blank(office)
    path.write_bytes(filled(office, [("Xin số", "1")], path))
    kept = path.read_bytes()
    office.workspace = dataclasses.replace(
        office.workspace,
        years={
            2022: dataclasses.replace(
                office.workspace.year(2022),
                cluster=dataclasses.replace(office.workspace.year(2022).cluster, name="Cụm khác"),
            )
        },
    )
    assert blank(office).read_bytes() == kept
    path.unlink()
    assert "Cụm khác" in str(openpyxl.load_workbook(blank(office))["YeuCau"]["A2"].value)


def test_right_rows_are_done_and_wrong_ones_are_told_each_in_its_own_row(office: Office) -> None:
    job = delivered(office)
    replies = order(
        office,
        ("Xin số", f"hs{job.id}", "", "gấp"),
        ("nhảy múa", str(job.id)),
        ("Hủy hồ sơ", str(job.id)),
        ("", str(job.id), "", "quên chọn"),
        ("Xin số", "999"),
        ("Xin số",),
        ("Đôn đốc", "dang-ky", "hôm nào đó"),
        ("Làm biểu mẫu", "dang-ky", "CATP"),
    )
    number = office.job(job.id).number
    assert number
    assert replies == [
        f"Số {number} (hồ sơ {job.id}). Ghi số lên giấy, quét rồi thả bản quét.",
        "“nhảy múa” không có trong danh sách lựa chọn. " + CHOOSE,
        "Chưa làm: việc này phải ghi Lý do.",
        "Chưa làm: cần chọn Việc trong danh sách.",
        "Chưa làm: Không có hồ sơ 999.",
        "Chưa làm: cần ghi ở cột “Hồ sơ” đó là văn bản nào.",
        "Chưa làm: “hôm nào đó” không phải là ngày.",
        "3 biểu mẫu nằm trong outbox/CATP/bieu-mau.",
    ]
    assert len(list((office.lying("CATP") / "bieu-mau").iterdir())) == 3
    assert not look(office.folder / "inbox")
    orders = newest_order(office)
    assert (orders.state, orders.reason) == (State.ANSWERED, "đã làm 2/8 yêu cầu")
    # with the reason, in the chain of the document
    assert whys(office, job)[-1] == f"gấp (yêu cầu hs{orders.id}, dòng 1)"
    # nothing that the program wrote into its own workbook is told as unread
    assert not list(office.lying("van-thu").glob("*.thong-bao.*"))


def test_rows_that_were_done_are_not_done_again_when_more_are_written_below_them(office: Office) -> None:
    job, other = delivered(office), delivered(office, "KNH")
    first = dropped(office, ("Làm lại", str(job.id), "", "đổi mẫu"), ("Hủy hồ sơ", str(other.id)))
    (path,) = office.lying("van-thu").glob("*.tra-loi.*")
    book = openpyxl.load_workbook(path)
    # the wrong row is mended where it stands, its old reply left beside it
    book["YeuCau"]["E8"] = "đơn vị rút"
    book.save(path)
    office.drop("yeu-cau.xlsx", filled(office, [("Xin số", "dang-ky CATP")], path), "van-thu")
    replies = answered(office, newest_order(office))
    assert replies[0] == (
        f"Đã làm ngày 30/05/2022 (hồ sơ {first.id}, dòng 1), không làm lại. Cần làm lại thì ghi lý do khác."
    )
    assert replies[1] == f"Đã hủy hồ sơ {other.id}."
    assert replies[2].startswith("Số ")
    registrations = office.workspace.ledger.of_kind("dang-ky", 2022, State)
    assert sorted((one.unit, one.state) for one in registrations) == [
        ("CATP", State.NUMBERED),
        ("CATP", State.SUPERSEDED),
        ("KNH", State.CANCELLED),
    ]


def test_a_row_that_could_not_be_done_is_done_when_it_comes_again_and_can_be(office: Office) -> None:
    row = ("Xin số", "dang-ky CATP")
    assert order(office, row)[0].startswith("Chưa làm: Chưa có văn bản")
    job = delivered(office)
    assert order(office, row, ("Xin số", "999"))[0].startswith("Số ")
    assert office.job(job.id).number


def test_the_same_file_dropped_twice_is_told_and_does_nothing(office: Office) -> None:
    job = delivered(office)
    content = filled(office, [("Làm lại", str(job.id), "", "đổi mẫu")])
    for name in ("yeu-cau.xlsx", "lai.xlsx"):
        office.drop(name, content, "van-thu")
    assert len(office.workspace.ledger.of_kind("yeu-cau", 2022, State)) == 1
    assert len(office.workspace.ledger.of_kind("dang-ky", 2022, State)) == 2
    assert list(office.lying("van-thu").glob("lai.da-nhan-truoc.*"))


@pytest.mark.parametrize("folder", ["CATP", "", "da-ky"])
def test_orders_from_any_other_folder_are_held_and_told_and_nothing_of_them_is_done(
    office: Office, folder: str
) -> None:
    job = delivered(office)
    office.drop("yeu-cau.xlsx", filled(office, [("Hủy hồ sơ", str(job.id), "", "đơn vị muốn")]), folder)
    orders = newest_order(office)
    assert (orders.state, office.job(job.id).state) == (State.HELD, State.DELIVERED)
    assert orders.unit == ("CATP" if folder == "CATP" else "")
    assert list(office.lying("CATP" if folder == "CATP" else "van-thu").glob(f"*.thong-bao.hs{orders.id}.docx"))
    assert f"vanthu cancel {orders.id}" in office.run("--lang", "vi", "why", str(orders.id)).out.replace("\n", " ")
    office.run("reprocess", str(orders.id))
    assert (office.job(orders.id).state, office.job(job.id).state) == (State.HELD, State.DELIVERED)


def test_an_order_whose_reply_a_crash_kept_from_being_recorded_is_not_carried_out_twice(office: Office) -> None:
    job = delivered(office)
    really = office.workspace.obey

    def power_cut(workspace: Workspace, one: Order) -> Reply:
        really(workspace, one)
        raise SystemExit("power cut")

    drop(office.folder, "yeu-cau.xlsx", filled(office, [("Làm lại", str(job.id), "", "đổi mẫu")]), "van-thu")
    office.workspace = dataclasses.replace(office.workspace, obey=power_cut)
    with pytest.raises(SystemExit):
        office.serve()
    office.workspace = dataclasses.replace(office.workspace, obey=really)
    office.serve()
    assert answered(office, newest_order(office)) == [f"Đã xử lý hồ sơ {job.id}."]
    states = [one.state for one in office.workspace.ledger.of_kind("dang-ky", 2022, State)]
    assert sorted(states) == [State.DELIVERED, State.SUPERSEDED]


def test_a_signed_paper_that_waits_is_taken_or_sent_back_by_the_clerks_word(office: Office) -> None:
    job, other = delivered(office), delivered(office, "KNH")
    # without ink on it a paper waits for a person
    papers = [office.drop(f"quet-{one.id}.pdf", paper(one.code), "da-ky") for one in (job, other)]
    assert [one.state for one in papers] == [State.HELD, State.HELD]
    replies = order(
        office,
        ("Chấp nhận", str(papers[0].id), "", "tờ thừa là bìa"),
        ("Trả lại bản ký", str(papers[1].id), "", "ký nhầm người"),
    )
    assert replies == [
        f"Đã nhận bản ký (hồ sơ {papers[0].id}).",
        f"Đã trả lại bản ký (hồ sơ {papers[1].id}) kèm lý do.",
    ]
    assert office.job(job.id).state is State.ARCHIVED
    assert office.job(other.id).state is State.DELIVERED
    assert "paper.refused" in {one.code for one in office.workspace.findings(office.job(papers[1].id))}


def test_a_warning_is_accepted_by_its_rule_and_without_it_when_it_is_the_only_one(office: Office) -> None:
    office.on("2022-06-01")
    late = delivered(office, submit_date="2022-06-01")
    (code,) = {one.code for one in office.workspace.findings(office.job(late.id)) if one.severity is Severity.WARN}
    replies = order(
        office,
        ("Chấp nhận", str(late.id), "", "Cụm trưởng đồng ý"),
        ("Chấp nhận", str(late.id), code.lower(), "hỏi lại"),
        ("Chấp nhận", str(late.id), "", "lần nữa"),
    )
    assert replies[0] == f"Đã chấp nhận 1 cảnh báo {code} của hồ sơ {late.id}."
    assert replies[1] == f"{code} của hồ sơ {late.id} đã được chấp nhận trước đây."
    assert replies[2] == f"Chưa làm: hồ sơ {late.id} không còn cảnh báo nào chờ xem."


def test_units_are_reminded_and_a_number_is_made_void(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP", "KNH")
    job = delivered(office)
    replies = order(
        office,
        ("Xin số", str(job.id)),
        ("Hủy số", str(job.id), "", "Lãnh đạo cho dừng"),
        ("Đôn đốc", "Bản đăng ký thi đua", "10/6"),
        ("Đôn đốc", "", "10/6", "mọi loại"),
    )
    assert replies[1].startswith("Đã hủy số ")
    assert office.job(job.id).state is State.DELIVERED
    (letter,) = office.workspace.ledger.of_kind("cong-van", 2022, State)
    units = "Tổng công ty Điện lực TP.HCM, Đảng ủy Khối Ngân hàng TP"
    assert replies[2] == f"Đang lập công văn: #{letter.id} ({units}). Lập xong nằm ở outbox/cho-ky."
    assert office.workspace.reading(letter).values["due"] == "2022-06-10"
    # the same letter, asked for in two ways, is one letter
    assert replies[3] == replies[2]


def test_a_letter_that_is_ordered_on_a_day_of_rest_bears_the_next_day_on_which_people_work(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP", "KNH")
    office.on("2022-06-04")
    order(office, ("Đôn đốc", "Bản đăng ký thi đua"))
    (letter,) = office.workspace.ledger.of_kind("cong-van", 2022, State)
    assert office.workspace.reading(letter).values["doc_date"] == "2022-06-06"
