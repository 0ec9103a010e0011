"""Draw our own templates (templates/*/template.docx, templates/_answers/*.docx) on the common frame.

They are drawn once and then belong to the clerk, who edits them in Word; run this again only to change the frame:

    python scripts/draw_templates.py [NAME …]
"""

import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.layout.frame import Column, Sheet

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

PERSON = "{{ doc.%s.full_name }}, {{ doc.%s.position }}, {{ year.unit[doc.%s.unit_code].name }}"


def names(codes: str) -> str:
    """The names of the units of a list of codes, one after the other."""
    return "{% for code in " + codes + " %}{{ year.unit[code].name }}{% if not loop.last %}; {% endif %}{% endfor %}"


def ke_hoach() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.title()
    sheet.grounds()
    sheet.text(
        "VTThan",
        "Thực hiện kết quả Hội nghị triển khai công tác thi đua năm {{ doc.emulation_year }}"
        "{% if doc.launch_conference.date %} ngày {{ doc.launch_conference.date | date_short }}{% endif %}"
        "{% if doc.launch_conference.doc_ref %} ({{ doc.launch_conference.doc_ref }}){% endif %}, "
        "{{ year.cluster.name }} xây dựng Kế hoạch tổ chức các hoạt động thi đua năm {{ doc.emulation_year }} "
        "như sau:",
    )
    sheet.text("VTMuc", "MỤC ĐÍCH, YÊU CẦU")
    sheet.text("VTMucNho", "Mục đích")
    sheet.each("item in doc.objectives", ("VTThan", "- {{ item | trim(' .;') }}."))
    sheet.text("VTMucNho", "Yêu cầu")
    sheet.each("item in doc.requirements", ("VTThan", "- {{ item | trim(' .;') }}."))
    sheet.when(
        "doc.city_party_theme",
        ("VTThan", "- Gắn phong trào thi đua với việc thực hiện: {{ doc.city_party_theme | trim(' .;') }}."),
    )
    sheet.text("VTMuc", "NỘI DUNG THI ĐUA")
    sheet.text(
        "VTThan", "Các đơn vị thành viên thi đua thực hiện tốt {{ doc.contents | length | two }} nội dung sau:"
    )
    sheet.tag("{%p for content in doc.contents %}")
    sheet.text(
        "VTMucNho", "{{ content.title }}{% if content.weight %} ({{ content.weight | number }} điểm){% endif %}"
    )
    sheet.each("task in content.tasks", ("VTThan", "- {{ task | trim(' .;') }}."))
    sheet.text("VTThan", "- Chỉ tiêu: {{ content.target | trim(' .;') }}.")
    sheet.when("content.lead", ("VTThan", "- Chủ trì: {{ content.lead | trim(' .;') }}."))
    sheet.tag("{%p endfor %}")
    _plan_activities(sheet)
    sheet.text("VTMuc", "TIẾN ĐỘ THỰC HIỆN")
    sheet.table(
        "milestone in doc.milestones",
        (
            Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
            Column("Công việc", 78, "{{ milestone.task }}"),
            Column("Đơn vị thực hiện", 46, "{{ milestone.owner }}"),
            Column("Thời hạn", 30, "{{ milestone.due | date_short }}", "VTBangGiua"),
        ),
    )
    sheet.text("VTMuc", "KINH PHÍ")
    sheet.text("VTThan", "{{ doc.funding_source | trim(' .;') }}.")
    sheet.when(
        "doc.budget_total",
        ("VTThan", "Tổng kinh phí dự kiến của các hoạt động cấp cụm: {{ doc.budget_total | money }}."),
    )
    _plan_duties(sheet)
    sheet.text(
        "VTThanCuoi",
        "Trên đây là Kế hoạch tổ chức các hoạt động thi đua năm {{ doc.emulation_year }} của "
        "{{ year.cluster.name }}; "
        "đề nghị các đơn vị thành viên triển khai thực hiện nghiêm túc, kịp thời, hiệu quả{{ form.content_end }}",
    )
    sheet.foot()
    _plan_contacts(sheet)
    return sheet


def _plan_activities(sheet: Sheet) -> None:
    sheet.text("VTMuc", "CÁC HOẠT ĐỘNG CẤP CỤM")
    sheet.text("VTThan", "Mỗi đơn vị thành viên đăng ký và chủ trì tổ chức 01 hoạt động cấp cụm trong năm.")
    sheet.tag("{%p if doc.activities %}")
    sheet.text("VTDanBang", "Các hoạt động cấp cụm năm {{ doc.emulation_year }} gồm:")
    sheet.table(
        "activity in doc.activities",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Tên hoạt động", 43, "{{ activity.title }}"),
            Column("Nội dung số", 17, "{{ activity.content_code | replace('ND', '') }}", "VTBangGiua"),
            Column(
                "Đơn vị chủ trì, phối hợp",
                36,
                "{{ year.unit[activity.unit_code].name }}{% if activity.co_units %}; phối hợp: "
                + names("activity.co_units")
                + "{% endif %}",
            ),
            Column("Thời gian, địa điểm", 34, "Ngày {{ activity.date | date_short }}, {{ activity.venue }}"),
            Column(
                "Kinh phí (đồng)", 25, "{% if activity.budget %}{{ activity.budget | number }}{% endif %}", "VTBangSo"
            ),
        ),
    )
    sheet.tag("{%p else %}")
    sheet.text(
        "VTThan",
        "Danh mục các hoạt động cấp cụm được ban hành bằng phụ lục kèm theo Kế hoạch này sau khi các đơn vị "
        "hoàn thành đăng ký.",
    )
    sheet.tag("{%p endif %}")


def _plan_duties(sheet: Sheet) -> None:
    sheet.text("VTMuc", "TỔ CHỨC THỰC HIỆN")
    for key, heading in (
        ("cum_truong", "Cụm trưởng"),
        ("cum_pho", "Cụm phó"),
        ("thanh_vien", "Các đơn vị thành viên"),
        ("thu_ky", "Thư ký Cụm"),
        ("de_nghi_vptu", "Đề nghị Văn phòng Thành ủy"),
    ):
        sheet.tag("{%p if doc.responsibilities." + key + " %}")
        sheet.text("VTMucNho", heading)
        sheet.each(f"item in doc.responsibilities.{key}", ("VTThan", "- {{ item | trim(' .;') }}."))
        sheet.tag("{%p endif %}")


def _plan_contacts(sheet: Sheet) -> None:
    sheet.tag("{%p if doc.contacts %}")
    sheet.new_section()
    sheet.text("VTPhuLuc", "{{ form.appendix_heading }}")
    sheet.text("VTPhuLucTen", "DANH SÁCH ĐẦU MỐI LIÊN HỆ CỦA CÁC ĐƠN VỊ THÀNH VIÊN")
    sheet.text("VTPhuLucKem", "{{ document.own_guide_line }}")
    sheet.text("VTDauTrichYeu", "{{ form.appendix_mark }}")
    sheet.table(
        "contact in doc.contacts",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Đơn vị", 48, "{{ year.unit[contact.unit_code].name }}"),
            Column("Họ và tên", 38, "{{ contact.name }}"),
            Column("Chức vụ", 30, "{{ contact.position or '' }}"),
            Column(
                "Điện thoại, email",
                39,
                "{{ contact.phone or '' }}{% if contact.email %} {{ contact.email }}{% endif %}",
            ),
        ),
    )
    sheet.tag("{%p endif %}")


def phu_luc_hoat_dong() -> Sheet:
    sheet = Sheet(landscape=True)
    sheet.appendix_title()
    activity = "entry.activities[0]"
    totals = "{{ gathered.dang_ky | map(attribute='activities.0.%s', default=0) | select | sum | number }}"
    sheet.table(
        "entry in gathered.dang_ky",
        (
            Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
            Column("Tên hoạt động", 59, "{{ " + activity + ".title }}"),
            Column("Nội dung số", 18, "{{ " + activity + ".content_code | replace('ND', '') }}", "VTBangGiua"),
            Column("Đơn vị chủ trì", 40, "{{ entry.unit.name }}"),
            Column(
                "Đơn vị phối hợp",
                36,
                names(activity + ".co_units or []"),
            ),
            Column("Thời gian", 26, "{{ " + activity + ".planned_date | date_short }}", "VTBangGiua"),
            Column("Địa điểm", 36, "{{ " + activity + ".venue }}"),
            Column(
                "Kinh phí (đồng)",
                26,
                "{% if " + activity + ".budget_est %}{{ " + activity + ".budget_est | number }}{% endif %}",
                "VTBangSo",
            ),
        ),
        total=(
            "",
            "Tổng cộng: {{ gathered.dang_ky | length | two }} hoạt động",
            "",
            "",
            "",
            "",
            "",
            totals % "budget_est",
        ),
    )
    sheet.each("note in doc.notes", ("VTThan", "- {{ note | trim(' .;') }}."))
    sheet.text(
        "VTThanCuoi",
        "Danh mục gồm {{ gathered.dang_ky | length | two }} hoạt động cấp cụm, mỗi đơn vị thành viên chủ trì "
        "01 hoạt động"
        "{{ form.content_end }}",
    )
    sheet.foot()
    return sheet


def giao_uoc() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.text("VTTenLoai", "{{ document.type_name }}")
    sheet.text("VTTrichYeu", "{{ year.cluster.full_name }}")
    sheet.text("VTTrichYeu", "{{ document.subject }}")
    sheet.text("VTDauTrichYeu", "{{ document.subject_mark }}")
    sheet.grounds()
    sheet.text(
        "VTDanBang",
        "Hôm nay, {{ doc.sign_date | date_long }}, tại {{ doc.sign_place }}, chúng tôi gồm đại diện của "
        "{{ doc.parties | length | two }} đơn vị thành viên {{ year.cluster.name }}:",
    )
    sheet.table(
        "party in doc.parties",
        (
            Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
            Column("Đơn vị", 70, "{{ party.org_display }}"),
            Column("Người đại diện", 42, "{{ party.representative }}"),
            Column(
                "Chức vụ",
                42,
                "{{ party.position }}{% if party.authorization %} ({{ party.authorization }}){% endif %}",
            ),
        ),
    )
    sheet.text(
        "VTThan",
        "cùng thống nhất ký kết Giao ước thi đua năm {{ doc.emulation_year }} với những nội dung sau:",
    )
    sheet.text("VTMuc", "NỘI DUNG GIAO ƯỚC")
    sheet.tag("{%p for pledge in doc.pledges %}")
    sheet.text("VTMucNho", "{{ year.content[pledge.content_code].title }}")
    sheet.text("VTThan", "- {{ pledge.text | trim(' .;') }}.")
    sheet.text("VTThan", "- Chỉ tiêu: {{ pledge.target | trim(' .;') }}.")
    sheet.tag("{%p endfor %}")
    sheet.text("VTMuc", "CHỈ TIÊU PHẤN ĐẤU CHUNG")
    sheet.each(
        "goal in doc.common_targets",
        (
            "VTThan",
            (
                "- {{ goal.text | trim(' .;:') }}{% if goal.value is not none %}: {{ goal.value | number }}"
                "{% if goal.unit and goal.unit != '%' %} {% endif %}{{ goal.unit or '' }}{% endif %}."
            ),
        ),
    )
    sheet.text("VTMuc", "CAM KẾT THỰC HIỆN")
    sheet.each("item in doc.commitments", ("VTThan", "- {{ item | trim(' .;') }}."))
    sheet.text(
        "VTThan",
        "Giao ước có hiệu lực từ ngày {{ doc.effective_from | date_short }} đến hết ngày "
        "{{ doc.effective_to | date_short }}.",
    )
    sheet.text(
        "VTThanCuoi",
        "Giao ước được lập thành {{ doc.originals_count | two }} bản có giá trị như nhau, mỗi đơn vị thành viên "
        "giữ 01 bản"
        "{% if doc.originals_count > doc.parties | length %}, gửi Văn phòng Thành ủy "
        "{{ (doc.originals_count - doc.parties | length) | two }} bản{% endif %}{{ form.content_end }}",
    )
    sheet.grid()
    sheet.witness()
    sheet.recipients()
    return sheet


def quy_che() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.text("VTTenLoai", "{{ document.type_name }}")
    sheet.text("VTTrichYeu", "{{ document.subject }}")
    sheet.when(
        "doc.adopted_at",
        (
            "VTPhuLucKem",
            "(Đã được Hội nghị {{ year.cluster.name }} thông qua ngày {{ doc.adopted_at | date_short }})",
        ),
    )
    sheet.text("VTDauTrichYeu", "{{ document.subject_mark }}")
    sheet.grounds()
    sheet.text("VTThan", "{{ year.cluster.name }} ban hành Quy chế hoạt động như sau:")
    sheet.tag("{%p for chapter in doc.chapters %}")
    sheet.text("VTChuong", "Chương {{ chapter.roman_no }}")
    sheet.text("VTTenChuong", "{{ chapter.title | upper }}")
    sheet.tag("{%p for article in chapter.articles %}")
    sheet.text("VTDieu", "Điều {{ article.number }}. {{ article.title }}")
    sheet.when("article.text", ("VTThan", "{{ article.text }}"))
    sheet.tag("{%p for clause in article.clauses or [] %}")
    sheet.text("VTKhoan", "{{ clause.number }}. {{ clause.text }}")
    sheet.each("point in clause.points or []", ("VTDiem", "{{ point.letter }}) {{ point.text }}"))
    sheet.tag("{%p endfor %}")
    sheet.tag("{%p endfor %}")
    sheet.tag("{%p endfor %}")
    sheet.text(
        "VTThanCuoi",
        "Quy chế này có hiệu lực từ ngày {{ doc.effective_date | date_short }}"
        "{% if doc.replaces %}, thay thế {{ doc.replaces | trim(' .;') }}{% endif %}{{ form.content_end }}",
    )
    sheet.foot()
    return sheet


MEETING = "{% if doc.meeting_kind == 'ky_giao_uoc' %}Buổi lễ{% else %}Hội nghị{% endif %}"


def bien_ban() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.title()
    clock = "{{ doc.%s | replace(':', ' giờ ') }} phút"
    sheet.text("VTThan", "Thời gian bắt đầu: " + clock % "start_at" + ", {{ doc.meeting_date | date_long }}.")
    sheet.text("VTThan", "Địa điểm: {{ doc.venue | trim(' .;') }}.")
    _minutes_people(sheet)
    _minutes_course(sheet)
    sheet.text("VTMuc", "KẾT LUẬN CỦA CHỦ TRÌ")
    sheet.each(
        "conclusion in doc.conclusions",
        (
            "VTThan",
            (
                "- {{ conclusion.text | trim(' .;') }}"
                "{% if conclusion.owner %}; thực hiện: {{ conclusion.owner | trim(' .;') }}{% endif %}"
                "{% if conclusion.due %}; thời hạn: {{ conclusion.due | date_short }}{% endif %}."
            ),
        ),
    )
    sheet.when("doc.next_meeting", ("VTThan", "Kỳ họp sau: {{ doc.next_meeting | trim(' .;') }}."))
    sheet.text(
        "VTThanCuoi",
        MEETING
        + " kết thúc lúc "
        + clock % "end_at"
        + " cùng ngày. Biên bản đã được đọc lại cho các đại biểu dự họp "
        "cùng nghe và thống nhất{{ form.content_end }}",
    )
    sheet.paired_foot()
    return sheet


def _minutes_people(sheet: Sheet) -> None:
    sheet.text("VTMuc", "THÀNH PHẦN THAM DỰ")
    sheet.text("VTMucNho", "Chủ trì")
    sheet.text(
        "VTThan",
        PERSON.replace("%s", "chair")
        + "{% if doc.chair.authorization %} ({{ doc.chair.authorization }}){% endif %}.",
    )
    sheet.text("VTMucNho", "Thư ký")
    sheet.text("VTThan", PERSON.replace("%s", "secretary") + ".")
    sheet.tag("{%p if doc.superiors %}")
    sheet.text("VTMucNho", "Đại biểu cấp trên")
    sheet.each("guest in doc.superiors", ("VTThan", "- {{ guest.full_name }}, {{ guest.position | trim(' .;') }}."))
    sheet.tag("{%p endif %}")
    sheet.text("VTMucNho", "Các đơn vị thành viên")
    sheet.table(
        "row in doc.attendance",
        (
            Column("TT", 11, "{{ loop.index }}", "VTBangGiua"),
            Column("Đơn vị", 52, "{{ year.unit[row.unit_code].name }}"),
            Column("Họ và tên", 40, "{{ row.delegate or '' }}"),
            Column(
                "Chức vụ", 36, "{{ row.position or '' }}{% if row.substitute %} ({{ row.substitute }}){% endif %}"
            ),
            Column(
                "Có mặt/vắng",
                26,
                "{{ choice.status[row.status] }}{% if row.reason %} ({{ row.reason }}){% endif %}",
                "VTBangGiua",
            ),
        ),
    )
    sheet.text(
        "VTThan",
        "Có mặt {{ doc.present_total | two }}/{{ doc.member_total | two }} đơn vị; "
        "vắng {{ doc.absent_total | two }} đơn vị.",
    )


def _minutes_course(sheet: Sheet) -> None:
    sheet.text("VTMuc", "NỘI DUNG")
    sheet.text("VTMucNho", "Diễn biến")
    sheet.each("item in doc.agenda", ("VTThan", "- {{ item | trim(' .;') }}."))
    sheet.tag("{%p if doc.opinions %}")
    sheet.text("VTMucNho", "Ý kiến thảo luận")
    sheet.each(
        "opinion in doc.opinions",
        ("VTThan", "- {{ year.unit[opinion.unit_code].name }}: {{ opinion.text | trim(' .;') }}."),
    )
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if doc.superior_opinion %}")
    sheet.text("VTMucNho", "Ý kiến của đại biểu Văn phòng Thành ủy")
    sheet.text("VTThan", "{{ doc.superior_opinion | trim(' .;') }}.")
    sheet.tag("{%p endif %}")
    sheet.text("VTMucNho", "Biểu quyết")
    sheet.table(
        "decision in doc.decisions",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Nội dung", 48, "{{ decision.item }}"),
            Column(
                "Hình thức",
                25,
                "{{ choice.method[decision.method] }}{% if decision.issued is not none %} (phát ra "
                "{{ decision.issued }}, thu về {{ decision.returned or 0 }}, "
                "không hợp lệ {{ decision.invalid or 0 }}){% endif %}",
                "VTBangGiua",
            ),
            Column("Tán thành", 17, "{{ decision.for }}", "VTBangGiua"),
            Column("Không tán thành", 19, "{{ decision.against }}", "VTBangGiua"),
            Column("Không có ý kiến", 19, "{{ decision.abstain }}", "VTBangGiua"),
            Column(
                "Kết quả",
                27,
                "{% if decision.result %}{{ choice.result[decision.result] }}{% endif %}"
                "{% if decision.percent is not none %} ({{ decision.percent | number }}%){% endif %}",
                "VTBangGiua",
            ),
        ),
    )
    sheet.tag("{%p if doc.signed_units %}")
    sheet.text("VTMucNho", "Ký kết giao ước")
    sheet.text(
        "VTThan",
        "Đại diện {{ doc.signed_units | length | two }}/{{ doc.member_total | two }} đơn vị đã ký Giao ước thi đua "
        "năm "
        "{{ doc.emulation_year }}: " + names("doc.signed_units") + ".",
    )
    sheet.tag("{%p endif %}")


def dang_ky() -> Sheet:
    sheet = Sheet()
    sheet.head()
    sheet.title()
    sheet.addressee("{{ form.addressee }}", " Cụm trưởng {{ year.cluster.name }}")
    sheet.text("VTMuc", "THÔNG TIN ĐƠN VỊ")
    sheet.text("VTThan", "- Đơn vị: {{ year.unit[doc.unit_code].name }}.")
    sheet.when(
        "doc.headcount", ("VTThan", "- Số cán bộ, công chức, nhân viên văn phòng: {{ doc.headcount | two }} người.")
    )
    sheet.when("doc.submit_doc_no", ("VTThan", "- Gửi kèm văn bản số {{ doc.submit_doc_no }}."))
    sheet.text("VTMuc", "ĐĂNG KÝ THỰC HIỆN {{ doc.targets | length | two }} NỘI DUNG THI ĐUA")
    sheet.table(
        "target in doc.targets",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Nội dung thi đua", 37, "{{ year.content[target.content_code].title }}"),
            Column("Chỉ tiêu", 36, "{{ target.target_text }}"),
            Column(
                "Mức, đơn vị tính",
                20,
                "{% if target.target_value is not none %}{{ target.target_value | number }}"
                "{% if target.measure_unit and target.measure_unit != '%' %} {% endif %}{% endif %}"
                "{{ target.measure_unit or '' }}",
                "VTBangGiua",
            ),
            Column("Biện pháp thực hiện", 36, "{{ target.measures }}"),
            Column("Thời gian hoàn thành", 26, "{{ target.due | date_short }}", "VTBangGiua"),
        ),
    )
    sheet.text("VTMuc", "ĐĂNG KÝ HOẠT ĐỘNG CẤP CỤM")
    _registered_activity(sheet)
    sheet.tag("{%p if doc.titles_collective or doc.titles_individual_count %}")
    sheet.text("VTMuc", "ĐĂNG KÝ DANH HIỆU THI ĐUA")
    sheet.when(
        "doc.titles_collective",
        (
            "VTThan",
            (
                "- Tập thể: {% for title in doc.titles_collective %}{{ choice.titles_collective[title] }}"
                "{% if not loop.last %}; {% endif %}{% endfor %}."
            ),
        ),
    )
    for key, label in (
        ("tien_tien", "Lao động tiên tiến, Chiến sĩ tiên tiến"),
        ("chien_si_thi_dua", "Chiến sĩ thi đua cơ sở"),
    ):
        value = f"doc.titles_individual_count.{key}"
        sheet.when(
            f"doc.titles_individual_count and {value}",
            ("VTThan", f"- Cá nhân đạt {label}: " + "{{ " + value + " | two }} người."),
        )
    sheet.tag("{%p endif %}")
    sheet.text("VTMuc", "ĐẦU MỐI LIÊN HỆ")
    sheet.text(
        "VTThanCuoi",
        "{{ doc.focal_point.name }}{% if doc.focal_point.position %}, {{ doc.focal_point.position }}{% endif %}, "
        "điện thoại {{ doc.focal_point.phone }}"
        "{% if doc.focal_point.email %}, thư điện tử {{ doc.focal_point.email }}{% endif %}"
        "{{ form.content_end }}",
    )
    sheet.foot()
    return sheet


def _registered_activity(sheet: Sheet) -> None:
    sheet.tag("{%p for activity in doc.activities %}")
    sheet.text("VTThan", "- Tên hoạt động: {{ activity.title | trim(' .;') }}.")
    sheet.text("VTThan", "- Gắn với nội dung thi đua: {{ year.content[activity.content_code].title }}.")
    sheet.when("activity.objective", ("VTThan", "- Mục đích: {{ activity.objective | trim(' .;') }}."))
    sheet.text("VTThan", "- Thời gian: ngày {{ activity.planned_date | date_short }}.")
    sheet.text("VTThan", "- Địa điểm: {{ activity.venue | trim(' .;') }}.")
    sheet.when(
        "activity.participants_est", ("VTThan", "- Số người dự kiến: {{ activity.participants_est | two }} người.")
    )
    sheet.when(
        "activity.co_units",
        (
            "VTThan",
            "- Đơn vị phối hợp: " + names("activity.co_units") + ".",
        ),
    )
    sheet.when("activity.budget_est", ("VTThan", "- Kinh phí dự kiến: {{ activity.budget_est | money }}."))
    sheet.when("activity.contact", ("VTThan", "- Người phụ trách: {{ activity.contact }}."))
    sheet.tag("{%p endfor %}")


def answer(title: str) -> Sheet:
    """What every answer to a unit has: who answers, its short reference, what was dropped."""
    sheet = Sheet(code_tag="{{ note.code }}", title_tag="{{ note.file_name }}", with_code=False)
    sheet.sides("{{ note.cluster }}", "Số phiếu: {{ note.code }}")
    sheet.text("VTTenLoai", title)
    sheet.text("VTDauTrichYeu", "")
    facts = [
        ("Đơn vị", "note.unit"),
        ("Biểu mẫu", "note.kind"),
        ("Tệp", "note.file_name"),
        ("Nhận lúc", "note.received"),
        ("Bản đánh dấu", "note.marked"),
    ]
    sheet.facts(facts, optional=("note.unit", "note.kind", "note.marked"))
    sheet.each("line in note.replaces", ("VTThan", "{{ line }}"))
    return sheet


# what is written there is not said a second time
FINDING = (
    "{{ finding.message }}"
    "{% if finding.found and finding.found not in finding.message %} Ghi là: “{{ finding.found }}”.{% endif %}"
)
MEND = "{% if finding.needed %}Cần: {{ finding.needed | trim(' .;') }}. {% endif %}{{ finding.mend }}"


def phieu_tra_lai() -> Sheet:
    sheet = answer("PHIẾU TRẢ LẠI BIỂU MẪU")
    sheet.text(
        "VTDanBang",
        "Biểu mẫu chưa được tiếp nhận vì còn {{ '%02d' | format(note.blocking_count) }} điểm phải sửa dưới đây."
        "{% if note.other_count %} Có thêm {{ '%02d' | format(note.other_count) }} điểm nên xem lại.{% endif %}",
    )
    columns = (
        Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
        Column("Vị trí", 43, "{{ finding.place }}"),
        Column("Nội dung sai", 52, FINDING),
        Column("Cần ghi, cách sửa", 60, MEND),
    )
    sheet.table("finding in note.blocking", columns)
    sheet.tag("{%p if note.blocking_count > note.blocking | length %}")
    sheet.text(
        "VTThan",
        "Phiếu chỉ in {{ note.blocking | length }} điểm đầu; sửa xong các điểm này, gửi lại để được kiểm tra tiếp.",
    )
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if note.others %}")
    sheet.text("VTMucDam", "Điểm nên xem lại (không bắt buộc sửa)")
    sheet.table("finding in note.others", columns)
    sheet.tag("{%p endif %}")
    _what_next(sheet)
    return sheet


def giay_bien_nhan() -> Sheet:
    sheet = answer("{% if note.understood %}GIẤY BIÊN NHẬN{% else %}THÔNG BÁO{% endif %}")
    sheet.when("note.understood", ("VTThan", "Biểu mẫu đã được tiếp nhận."))
    _what_next(sheet)
    sheet.tag("{%p if note.understood %}")
    sheet.text("VTMucDam", "Nội dung đã được hiểu như sau, đề nghị đơn vị xem lại")
    sheet.table(
        "line in note.understood",
        (Column("Mục", 58, "{{ line.label }}"), Column("Nội dung", 107, "{{ line.value }}")),
    )
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if note.others %}")
    sheet.text("VTMucDam", "Điểm nên xem lại (không bắt buộc sửa)")
    sheet.table(
        "finding in note.others",
        (
            Column("TT", 10, "{{ loop.index }}", "VTBangGiua"),
            Column("Vị trí", 40, "{{ finding.place }}"),
            Column("Nội dung", 65, FINDING),
            Column("Cách sửa", 50, "{{ finding.mend }}"),
        ),
    )
    sheet.tag("{%p endif %}")
    return sheet


def _what_next(sheet: Sheet) -> None:
    sheet.text("VTMucDam", "Việc tiếp theo")
    sheet.text("VTThan", "{{ note.next_step }}")
    sheet.when("note.contact", ("VTThan", "Cần trao đổi thêm, xin liên hệ: {{ note.contact }}."))


ANSWERS: dict[str, Callable[[], Sheet]] = {
    "phieu-tra-lai.docx": phieu_tra_lai,
    "giay-bien-nhan.docx": giay_bien_nhan,
}
KINDS: dict[str, Callable[[], Sheet]] = {
    "ke-hoach": ke_hoach,
    "phu-luc-hoat-dong": phu_luc_hoat_dong,
    "giao-uoc": giao_uoc,
    "quy-che": quy_che,
    "bien-ban": bien_ban,
    "dang-ky": dang_ky,
}


def main(names: list[str]) -> None:
    for name, draw in KINDS.items():
        if not names or name in names:
            _write(TEMPLATES / name / "template.docx", draw)
    for name, draw in ANSWERS.items():
        if not names or name in names:
            _write(TEMPLATES / "_answers" / name, draw)


def _write(target: Path, draw: Callable[[], Sheet]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(draw().save())
    print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
