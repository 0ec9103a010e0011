"""Draw the templates of invitation, official letter, petition, reports and score sheet on the common frame.

Like `draw_templates.py`: drawn once, then the clerk's; run again only to change the frame.

    python scripts/draw_more_templates.py [NAME …]
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docx.shared import Pt

from pipeline.layout.cells import CellWriter, fill, fill_bold, mark_row, styled_table, tag_row, write_recipients
from pipeline.layout.frame import Column, Sheet
from pipeline.layout.styles import FOOT_TABLE, LINED_TABLE

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

CLUSTER = "{{ year.cluster.name }}"
CLOCK = "{{ doc.start_at | replace(':', ' giờ ') }} phút"
ITEM = "- {{ item | trim(' .;') }}{% if loop.last %}.{% else %};{% endif %}"
SENTENCE = "- {{ item | trim(' .;') }}."
FOLLOWING = "{% if doc.basis %}Thực hiện {{ doc.basis | trim(' .;') }}, {% endif %}" + CLUSTER + " "
BY_THEN = " chậm nhất ngày {{ doc.due | date_short }}"


def names(codes: str) -> str:
    """The names of the units of a list of codes, one after the other."""
    return "{% for code in " + codes + " %}{{ year.unit[code].name }}{% if not loop.last %}; {% endif %}{% endfor %}"


def figure(value: str) -> str:
    """A number, or nothing where there is none."""
    return "{% if " + value + " is not none %}{{ " + value + " | number }}{% endif %}"


def listed(sheet: Sheet, heading: str, items: str, *, level: str = "VTMuc", style: str = SENTENCE) -> None:
    """A heading and a line for each item of a list; nothing when the list is empty."""
    sheet.tag("{%p if " + items + " %}")
    sheet.text(level, heading)
    sheet.each(f"item in {items}", ("VTThan", style))
    sheet.tag("{%p endif %}")


# --- invitation --------------------------------------------------------------------------------------------------


def giay_moi() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.title()
    sheet.text("VTThan", CLUSTER + " trân trọng kính mời:")
    sheet.each("item in doc.superiors", ("VTThan", "- {{ item | trim(' .;') }};"))
    sheet.text(
        "VTThan",
        "- {{ (doc.delegates or 'Đại diện lãnh đạo') | trim(' .;') }} "
        "{% if doc.invited | length == year.units | length %}của {{ year.units | length | two }} đơn vị thành viên "
        + CLUSTER
        + "{% else %}của các đơn vị: "
        + names("doc.invited")
        + "{% endif %}.",
    )
    # the trích yếu begins with “dự”; the line says it again
    sheet.text(
        "VTThan",
        "Tới dự: {{ document.subject[3:] if document.subject[:3] | lower == 'dự ' else document.subject }}.",
    )
    _in_line(sheet, "Nội dung", "doc.agenda")
    sheet.text(
        "VTThan",
        "Chủ trì: {{ doc.chair.full_name }}, {{ doc.chair.position }}, {{ year.unit[doc.chair.unit_code].name }}.",
    )
    sheet.text("VTThan", "Thời gian: " + CLOCK + ", {{ doc.meeting_date | date_long }}.")
    sheet.text("VTThan", "Địa điểm: {{ doc.venue | trim(' .;') }}.")
    _in_line(sheet, "Tài liệu gửi kèm", "doc.attachments")
    sheet.each("item in doc.notes", ("VTThan", "{{ item | trim(' .;') }}."))
    sheet.tag("{%p if doc.rsvp_due %}")
    sheet.text(
        "VTThan",
        "Đề nghị các đơn vị xác nhận thành phần tham dự"
        + BY_THEN.replace("doc.due", "doc.rsvp_due")
        + "{% if doc.contact %} qua đồng chí {{ doc.contact.name }}, điện thoại {{ doc.contact.phone }}{% endif %}.",
    )
    sheet.tag("{%p endif %}")
    sheet.text(
        "VTThanCuoi",
        "Kính mời các đồng chí đến dự đúng thành phần, thời gian, địa điểm{{ form.content_end }}",
    )
    sheet.foot()
    return sheet


def _in_line(sheet: Sheet, label: str, items: str) -> None:
    """A label and the items of a list on one line; an invitation should be one page."""
    sheet.when(
        items,
        (
            "VTThan",
            label + ": {% for item in " + items + " %}{{ item | trim(' .;') }}"
            "{% if not loop.last %}; {% endif %}{% endfor %}.",
        ),
    )


# --- official letter ---------------------------------------------------------------------------------------------


def cong_van() -> Sheet:
    sheet = Sheet()
    sheet.head()
    subject = "{{ document.subject[:1] | lower }}{{ document.subject[1:] }}"
    number = sheet.document.tables[0].cell(1, 0)
    line = fill(number.add_paragraph(), "VTTrichYeuCV", "{{ form.letter_subject_start }}" + subject)
    line.paragraph_format.space_after = Pt(6)
    sheet.tag("{%p if doc.addressees | length == 1 %}")
    sheet.addressee("{{ form.addressee }}", " {{ doc.addressees[0] | trim(' .,;') }}")
    sheet.tag("{%p else %}")
    sheet.text("VTKinhGui", "{{ form.addressee }}")
    sheet.each(
        "item in doc.addressees",
        (
            "VTKinhGuiMuc",
            (
                "- {{ item | trim(' .,;') }}"
                "{% if loop.last %}{{ form.recipient_last }}{% else %}{{ form.recipient_end }}{% endif %}"
            ),
        ),
    )
    sheet.tag("{%p endif %}")
    for purpose, write in LETTERS.items():
        sheet.tag("{%p if doc.purpose == '" + purpose + "' %}")
        write(sheet)
        sheet.tag("{%p endif %}")
    sheet.each("item in doc.body", ("VTThan", "{{ item | trim(' .;') }}."))
    sheet.when(
        "doc.contact",
        (
            "VTThan",
            "Cần trao đổi thêm, xin liên hệ đồng chí {{ doc.contact.name }}, điện thoại {{ doc.contact.phone }}.",
        ),
    )
    sheet.text("VTThanCuoi", "Trân trọng{{ form.content_end }}")
    sheet.foot()
    return sheet


def _drafts(sheet: Sheet) -> None:
    sheet.text("VTThan", FOLLOWING + "gửi các đơn vị nghiên cứu, góp ý các dự thảo sau:")
    sheet.each("item in doc.attachments", ("VTThan", ITEM))
    sheet.when(
        "doc.due",
        (
            "VTThan",
            "Ý kiến góp ý gửi về Cụm trưởng " + CLUSTER + BY_THEN + " để tổng hợp, hoàn chỉnh trước khi trình "
            "Hội nghị thông qua.",
        ),
    )


def _registrations(sheet: Sheet) -> None:
    sheet.text(
        "VTThan",
        FOLLOWING + "đề nghị mỗi đơn vị thành viên đăng ký chỉ tiêu thực hiện {{ year.contents | length | two }} nội "
        "dung thi đua và 01 hoạt động cấp cụm trong năm {{ doc.emulation_year }}.",
    )
    _late_ones(sheet, "bản đăng ký")
    sheet.when("doc.due", ("VTThan", "Bản đăng ký gửi về Cụm trưởng " + CLUSTER + BY_THEN + "."))


def _reports(sheet: Sheet) -> None:
    sheet.text(
        "VTThan",
        FOLLOWING + "đề nghị các đơn vị thành viên gửi báo cáo và bảng chấm điểm thi đua năm "
        "{{ doc.emulation_year }} của đơn vị.",
    )
    _late_ones(sheet, "báo cáo")
    sheet.when("doc.due", ("VTThan", "Báo cáo, bảng chấm điểm gửi về Cụm trưởng " + CLUSTER + BY_THEN + "."))


def _late_ones(sheet: Sheet, what: str) -> None:
    sheet.when(
        "doc.reminded_units",
        (
            "VTThan",
            "Đến ngày {{ doc.doc_date | date_short }}, còn {{ doc.reminded_units | length | two }} đơn vị chưa gửi "
            + what + ": " + names("doc.reminded_units") + ".",
        ),
    )  # fmt: skip


def _corrections(sheet: Sheet) -> None:
    sheet.text("VTDanBang", CLUSTER + " đính chính {{ doc.corrected_doc | trim(' .;') }} như sau:")
    sheet.table(
        "row in doc.corrections",
        (
            Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
            Column("Vị trí", 48, "{{ row.where }}"),
            Column("Đã ghi", 53, "{{ row.wrong }}"),
            Column("Sửa thành", 53, "{{ row.right }}"),
        ),
    )
    sheet.text("VTThan", "Các nội dung khác của văn bản được giữ nguyên.")


def _handing_in(sheet: Sheet) -> None:
    sheet.text("VTThan", FOLLOWING + "kính gửi {{ doc.addressees[0] | trim(' .,;') }} các văn bản sau:")
    sheet.each("item in doc.attachments", ("VTThan", ITEM))
    sheet.text("VTThan", "Kính đề nghị {{ doc.addressees[0] | trim(' .,;') }} xem xét, cho ý kiến chỉ đạo.")


LETTERS: dict[str, Callable[[Sheet], None]] = {
    "gui_du_thao": _drafts,
    "don_doc_dang_ky": _registrations,
    "don_doc_bao_cao": _reports,
    "dinh_chinh": _corrections,
    "nop_bao_cao": _handing_in,
}


# --- petition ----------------------------------------------------------------------------------------------------

NOMINEE = "{% if row.person %}{{ row.person }}, {% endif %}{{ year.unit[row.unit_code].name }}"
VOTES = "{% if row.ballots is not none %}{{ row.vote_for or 0 }}/{{ row.ballots }}{% endif %}"


def to_trinh() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.title()
    sheet.addressee("{{ form.petition_addressee }}", " {{ doc.addressee or year.cluster.parent }}")
    sheet.grounds()
    sheet.text(
        "VTThan",
        "{% if doc.conference %}Trên cơ sở kết quả Hội nghị bình xét ngày {{ doc.conference.date | date_short }}"
        "{% if doc.conference.doc_ref %} ({{ doc.conference.doc_ref | trim(' .;') }}){% endif %}, {% endif %}"
        + CLUSTER + " kính trình {{ doc.addressee or year.cluster.parent }} như sau:",
    )  # fmt: skip
    listed(sheet, "CƠ SỞ ĐỀ NGHỊ", "doc.situation")
    sheet.text("VTMuc", "NỘI DUNG ĐỀ NGHỊ")
    sheet.tag("{%p if doc.proposals %}")
    sheet.text(
        "VTDanBang",
        "Đề nghị khen thưởng {{ doc.proposals | length | two }} trường hợp có thành tích trong công tác thi đua năm "
        "{{ doc.emulation_year }}:",
    )
    sheet.table("row in doc.proposals", _nominees(with_reason=True))
    sheet.tag("{%p endif %}")
    sheet.each("item in doc.requests", ("VTThan", SENTENCE))
    listed(sheet, "TÀI LIỆU KÈM THEO", "doc.attachments", style=ITEM)
    sheet.text(
        "VTThanCuoi",
        CLUSTER + " kính trình {{ doc.addressee or year.cluster.parent }} xem xét, quyết định{{ form.content_end }}",
    )
    sheet.foot()
    return sheet


def _nominees(*, with_reason: bool) -> tuple[Column, ...]:
    """The columns of a table of proposed awards, 165 mm wide."""
    reason = (Column("Thành tích", 58, "{{ row.reason }}"),) if with_reason else ()
    return (
        Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
        Column("Tập thể, cá nhân", 48 if with_reason else 90, NOMINEE),
        Column("Hình thức", 25 if with_reason else 38, "{{ choice.award[row.award] }}", "VTBangGiua"),
        *reason,
        Column("Phiếu tán thành", 23 if with_reason else 26, VOTES, "VTBangGiua"),
    )


# --- reports -----------------------------------------------------------------------------------------------------


def bao_cao_so_ket() -> Sheet:
    sheet = _report("6 tháng đầu năm {{ doc.emulation_year }}")
    _outcome(sheet)
    _next(sheet)
    listed(sheet, "KIẾN NGHỊ, ĐỀ XUẤT", "doc.requests")
    return _report_end(sheet, "6 tháng đầu năm {{ doc.emulation_year }}")


def bao_cao_tong_ket() -> Sheet:
    sheet = _report("năm {{ doc.emulation_year }}")
    sheet.text("VTMucNho", "Kết quả chấm điểm, xếp hạng")
    _ranking(sheet)
    _outcome(sheet)
    listed(sheet, "BÀI HỌC KINH NGHIỆM", "doc.lessons")
    _next(sheet)
    sheet.when(
        "doc.next_head",
        (
            "VTThan",
            (
                "Hội nghị thống nhất giới thiệu {{ year.unit[doc.next_head].name }} làm Cụm trưởng"
                "{% if doc.next_deputy %}, {{ year.unit[doc.next_deputy].name }} làm Cụm phó{% endif %} năm "
                "{{ doc.emulation_year + 1 }}."
            ),
        ),
    )
    sheet.tag("{%p if doc.requests or doc.award_proposals %}")
    sheet.text("VTMuc", "KIẾN NGHỊ, ĐỀ XUẤT KHEN THƯỞNG")
    sheet.each("item in doc.requests", ("VTThan", SENTENCE))
    sheet.tag("{%p if doc.award_proposals %}")
    sheet.text("VTDanBang", "Đề nghị khen thưởng các tập thể, cá nhân sau:")
    sheet.table("row in doc.award_proposals", _nominees(with_reason=False))
    sheet.tag("{%p endif %}")
    sheet.tag("{%p endif %}")
    _report_end(sheet, "năm {{ doc.emulation_year }}")
    _score_appendix(sheet)
    return sheet


def _report(period: str) -> Sheet:
    """Head, opening, situation and what was done: the first sections of either report."""
    sheet = Sheet()
    sheet.head()
    sheet.title()
    sheet.tag("{%p if form.family == 'state' %}")  # the Party form has no Kính gửi on a report
    sheet.addressee("{{ form.addressee }}", " {{ year.cluster.parent }}")
    sheet.tag("{%p endif %}")
    sheet.text(
        "VTThan",
        CLUSTER + " báo cáo kết quả công tác thi đua " + period + " (từ ngày {{ doc.period_from | date_short }} đến "
        "ngày {{ doc.period_to | date_short }}) như sau:",
    )
    listed(sheet, "ĐẶC ĐIỂM TÌNH HÌNH", "doc.situation")
    sheet.text("VTMuc", "KẾT QUẢ THỰC HIỆN")
    listed(sheet, "Công tác chỉ đạo, triển khai", "doc.leadership", level="VTMucNho")
    sheet.text(
        "VTThan",
        "- Có {{ doc.units_reported | two }}/{{ year.units | length | two }} đơn vị gửi báo cáo"
        "{% if doc.units_missing %}; chưa gửi: " + names("doc.units_missing") + "{% endif %}.",
    )
    sheet.text("VTMucNho", "Kết quả thực hiện {{ doc.results | length | two }} nội dung thi đua")
    sheet.table(
        "row in doc.results",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Nội dung thi đua", 45, "{{ year.content[row.content_code].title }}"),
            Column(
                "Kết quả",
                41,
                "{{ row.result | trim(' .;') }}{% if row.note %} ({{ row.note | trim(' .;') }}){% endif %}",
            ),
            Column("Chỉ tiêu", 15, figure("row.target"), "VTBangGiua"),
            Column("Thực hiện", 17, figure("row.actual"), "VTBangGiua"),
            Column("Tỷ lệ (%)", 15, figure("row.percent"), "VTBangGiua"),
            Column("Đánh giá", 22, "{{ choice.evaluation[row.evaluation] }}", "VTBangGiua"),
        ),
    )
    sheet.text("VTMucNho", "Hoạt động cấp cụm")
    _held(sheet)
    return sheet


def _held(sheet: Sheet) -> None:
    sheet.text(
        "VTDanBang",
        "Đã tổ chức {{ doc.activities | selectattr('status', 'equalto', 'da_to_chuc') | list | length | two }}/"
        "{{ doc.activities | length | two }} hoạt động"
        "{% if doc.participants_total is not none %}, {{ doc.participants_total | number }} lượt người dự{% endif %}"
        "{% if doc.cost_total is not none %}, tổng kinh phí {{ doc.cost_total | money }}{% endif %}:",
    )
    sheet.table(
        "row in doc.activities",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Đơn vị chủ trì", 37, "{{ year.unit[row.unit_code].name }}"),
            Column("Tên hoạt động", 46, "{{ row.title }}"),
            Column("Ngày tổ chức", 25, "{{ (row.actual_date or row.planned_date) | date_short }}", "VTBangGiua"),
            Column("Số người", 15, figure("row.participants"), "VTBangGiua"),
            Column(
                "Kết quả",
                32,
                "{{ choice.status[row.status] }}{% if row.reason %} ({{ row.reason | trim(' .;') }}){% endif %}",
                "VTBangGiua",
            ),
        ),
    )


def _ranking(sheet: Sheet) -> None:
    sheet.text("VTDanBang", "Kết quả sau thẩm định (điểm chi tiết tại phụ lục kèm theo):")
    sheet.table(
        "row in doc.ranking",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Đơn vị", 52, "{{ year.unit[row.unit_code].name }}"),
            Column("Tự chấm", 17, figure("row.self"), "VTBangGiua"),
            Column("Thẩm định", 18, figure("row.reviewed"), "VTBangGiua"),
            Column("Thưởng", 22, figure("row.bonus"), "VTBangGiua"),
            Column("Trừ", 13, figure("row.penalty"), "VTBangGiua"),
            Column("Tổng", 17, figure("row.total"), "VTBangGiua"),
            Column("Hạng", 16, "{{ row.rank }}", "VTBangGiua"),
        ),
    )


def _outcome(sheet: Sheet) -> None:
    sheet.text("VTMuc", "HẠN CHẾ, NGUYÊN NHÂN")
    listed(sheet, "Hạn chế", "doc.shortcomings", level="VTMucNho")
    listed(sheet, "Nguyên nhân", "doc.causes", level="VTMucNho")


def _next(sheet: Sheet) -> None:
    listed(sheet, "PHƯƠNG HƯỚNG, NHIỆM VỤ", "doc.next_tasks")


def _report_end(sheet: Sheet, period: str) -> Sheet:
    sheet.text(
        "VTThanCuoi",
        "Trên đây là báo cáo kết quả công tác thi đua " + period + ", " + CLUSTER + " kính báo cáo "
        "{{ year.cluster.parent }}{{ form.content_end }}",
    )
    sheet.foot()
    return sheet


def _score_appendix(sheet: Sheet) -> None:
    sheet.tag("{%p if gathered.bang_diem %}")
    sheet.new_section()
    sheet.text("VTPhuLuc", "{{ form.appendix_heading }}")
    sheet.text("VTPhuLucTen", "BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM {{ doc.emulation_year }}")
    sheet.text("VTPhuLucKem", "{{ document.own_guide_line }}")
    sheet.text("VTDauTrichYeu", "{{ form.appendix_mark }}")
    scores = "sheet.scores | selectattr('content_code', 'equalto', 'ND%d')"
    best = (
        "{%% for row in %s %%}{{ (row.review_score if row.review_score is not none else row.self_score) | number }}"
    )
    sheet.table(
        "sheet in gathered.bang_diem",
        (
            Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
            Column("Đơn vị", 38, "{{ sheet.unit.name }}"),
            *(
                Column(f"ND {number}", 12.5, best % (scores % number) + "{% endfor %}", "VTBangGiua")
                for number in range(1, 9)
            ),
            Column("Tổng", 16, "{{ sheet.total | number }}", "VTBangGiua"),
        ),
    )
    sheet.text(
        "VTThan",
        "Ghi chú: ND 1 đến ND 8 là các nội dung thi đua theo thứ tự của Kế hoạch; tổng điểm đã gồm điểm thưởng, "
        "điểm trừ.",
    )
    sheet.tag("{%p endif %}")


# --- score sheet -------------------------------------------------------------------------------------------------

HEADINGS = (
    ("TT", 11, "VTBangGiua"),
    ("Nội dung, tiêu chí", 49, "VTBangChu"),
    ("Điểm tối đa", 15, "VTBangGiua"),
    ("Điểm tự chấm", 16, "VTBangGiua"),
    ("Minh chứng", 32, "VTBangChu"),
    ("Điểm thẩm định", 18, "VTBangGiua"),
    ("Lý do chênh lệch", 24, "VTBangChu"),
)


def bang_diem() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.title()
    _scores(sheet)
    sheet.tag("{%p if doc.bonuses %}")
    sheet.text("VTThan", "Điểm thưởng:")
    sheet.each(
        "item in doc.bonuses",
        (
            "VTThan",
            (
                "- {{ item.reason | trim(' .;') }}{% if item.evidence %} ({{ item.evidence | trim(' .;') }})"
                "{% endif %}: {{ item.points | number }} điểm."
            ),
        ),
    )
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if doc.penalties %}")
    sheet.text("VTThan", "Điểm trừ:")
    sheet.each(
        "item in doc.penalties", ("VTThan", "- {{ item.reason | trim(' .;') }}: {{ item.points | number }} điểm.")
    )
    sheet.tag("{%p endif %}")
    sheet.when(
        "doc.activity_held",
        ("VTThan", "Hoạt động cấp cụm đã đăng ký: {{ choice.activity_held[doc.activity_held] | lower }}."),
    )
    sheet.when("doc.award", ("VTThan", "Đề nghị khen thưởng: {{ choice.award[doc.award] }}."))
    sheet.when(
        "doc.reviewer",
        (
            "VTThan",
            (
                "Người thẩm định: {{ doc.reviewer.full_name }}, {{ year.unit[doc.reviewer.unit_code].name }}"
                "{% if doc.reviewer.date %}, ngày {{ doc.reviewer.date | date_short }}{% endif %}."
            ),
        ),
    )
    sheet.text(
        "VTThanCuoi",
        "{{ year.unit[doc.unit_code].name }} đạt tổng số {{ doc.total | number }} điểm{{ form.content_end }}",
    )
    _makers(sheet)
    return sheet


def _scores(sheet: Sheet) -> None:
    """The contents with their criteria below them, then the sums."""
    reviewed = "doc.scores | selectattr('review_score', 'number') | list"
    lines: list[str | Sequence[str]] = [
        "{%tr for row in doc.scores %}",
        (
            "{{ loop.index }}", "{{ year.content[row.content_code].title }}", "{{ row.max_score | number }}",
            "{{ row.self_score | number }}", "{{ row.evidence or '' }}", figure("row.review_score"),
            "{{ row.diff_reason or '' }}",
        ),
        "{%tr for part in doc.criteria %}",
        "{%tr if part.content_code == row.content_code %}",
        (
            "-", "{{ part.title }}", "{{ part.max_score | number }}", "{{ part.self_score | number }}",
            "{{ part.evidence or '' }}", "", "",
        ),
        "{%tr endif %}",
        "{%tr endfor %}",
        "{%tr endfor %}",
        (
            "", "Cộng", "{{ doc.scores | sum(attribute='max_score') | number }}",
            "{{ doc.scores | sum(attribute='self_score') | number }}", "",
            "{% if " + reviewed + " %}{{ " + reviewed + " | sum(attribute='review_score') | number }}{% endif %}", "",
        ),
        _sum_line("Điểm thưởng", "doc.bonuses | sum(attribute='points')", reviewed),
        _sum_line("Điểm trừ", "doc.penalties | sum(attribute='points')", reviewed),
        _sum_line("TỔNG ĐIỂM", "doc.total", reviewed),
    ]  # fmt: skip
    table = styled_table(sheet.document, len(lines) + 1, LINED_TABLE[0], [width for _, width, _ in HEADINGS])
    for cell, (heading, _, _) in zip(table.rows[0].cells, HEADINGS, strict=True):
        CellWriter(cell).text("VTBangDau", heading)
    mark_row(table, 0, "cantSplit", "tblHeader")
    for index, line in enumerate(lines, start=1):
        if isinstance(line, str):
            tag_row(table, index, line)
            continue
        mark_row(table, index, "cantSplit")
        for cell, (_, _, style), text in zip(table.rows[index].cells, HEADINGS, line, strict=True):
            paragraph = CellWriter(cell).text(style, text)
            if not line[0]:
                fill_bold(paragraph)


def _sum_line(label: str, value: str, reviewed: str) -> tuple[str, ...]:
    """A row of the sums: under the own scores, or under the reviewed ones when there are any."""
    own = "{% if not (" + reviewed + ") %}{{ " + value + " | number }}{% endif %}"
    final = "{% if " + reviewed + " %}{{ " + value + " | number }}{% endif %}"
    return ("", label, "", own, "", final, "")


def _makers(sheet: Sheet) -> None:
    """Who made the sheet at the left, the head of the unit at the right, their names level; Nơi nhận below."""
    table = styled_table(sheet.document, 2, FOOT_TABLE[0], (75, 90))
    mark_row(table, 0, "cantSplit")
    mark_row(table, 1, "cantSplit")
    left, right = CellWriter(table.cell(0, 0)), CellWriter(table.cell(0, 1))
    left.text("VTChucVu", "NGƯỜI LẬP BẢNG")
    left.when("signers.main.authority", "VTChucVu", "")
    left.each("line in signers.main.titles[1:]", "VTChucVu", "")
    left.text("VTHoTen", "{{ doc.prepared_by }}")
    right.when("signers.main.authority", "VTQuyenHan", "{{ signers.main.authority }}")
    right.each("line in signers.main.titles", "VTChucVu", "{{ line }}")
    right.text("VTHoTen", "{{ signers.main.name }}")
    write_recipients(CellWriter(table.cell(1, 0)))
    CellWriter(table.cell(1, 1)).text("VTNoiNhanMuc", "")
    sheet.text("VTHetBang", "")


KINDS: dict[str, Callable[[], Sheet]] = {
    "giay-moi": giay_moi,
    "cong-van": cong_van,
    "to-trinh": to_trinh,
    "bao-cao-so-ket": bao_cao_so_ket,
    "bao-cao-tong-ket": bao_cao_tong_ket,
    "bang-diem": bang_diem,
}


def main(wanted: list[str]) -> None:
    for name, draw in KINDS.items():
        if not wanted or name in wanted:
            target = TEMPLATES / name / "template.docx"
            target.write_bytes(draw().save())
            print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
