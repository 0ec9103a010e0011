"""Documents as the core would give them to a template: ordinary ones, very short ones and very long ones."""

import copy
import datetime as dt
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from pipeline import filling, years
from pipeline.layout import Profile, blocks
from pipeline.model import Json, JsonObject
from pipeline.vietnamese.filters import FILTERS

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
KINDS = ("ke-hoach", "phu-luc-hoat-dong", "giao-uoc", "quy-che", "bien-ban", "dang-ky")
LONG_NAME = " ".join(["Tổng công ty Đầu tư và Phát triển Hạ tầng Kỹ thuật Đô thị"] * 6)[:300].strip()

YEAR_2022 = years.load(ROOT / "years" / "2022.yaml")


def _date(text: object) -> dt.date:
    return dt.date.fromisoformat(str(text))


@functools.cache
def _compiled(template: bytes) -> filling.CompiledTemplate:
    return filling.compile_template(template)


def filled(template: bytes, values: JsonObject) -> bytes:
    """The template filled as the program fills it."""
    return filling.fill(_compiled(template), values, filters=FILTERS)


def year_values(units: int = 10, on: dt.date = dt.date(2022, 6, 2), *, long_names: bool = False) -> dict[str, Any]:
    """The sample year, with as many member units as wanted."""
    values: dict[str, Any] = copy.deepcopy(YEAR_2022.as_values(on))
    own = values["units"]
    members = []
    for index in range(units):
        unit = copy.deepcopy(own[index % len(own)])
        if index >= len(own):
            unit["code"] = f"U{index}"
            unit["name"] = f"Đơn vị thành viên thứ {index + 1}"
            unit["org"] = f"Văn phòng Đảng ủy {unit['name']}"
        if long_names:
            unit["name"] = LONG_NAME
            unit["org"] = f"Văn phòng {LONG_NAME}"[:300]
        members.append(unit)
    values["units"] = members
    values["unit"] = {unit["code"]: unit for unit in members}
    values["citations"].setdefault("giao-uoc", [])
    return values


def completed(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A form's values with nothing for what was left out, as the core hands them to a template."""
    whole: dict[str, Any] = {}
    for name, shape in schema["properties"].items():
        value = values.get(name)
        if shape["type"] == "array":
            rows = value or []
            whole[name] = [
                completed(shape["items"], row) if shape["items"]["type"] == "object" else row for row in rows
            ]
        elif shape["type"] == "object":
            whole[name] = completed(shape, value) if value is not None else None
        else:
            whole[name] = value
    return whole


def choices(schema: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What the values of choice fields are called on paper, by field name."""
    found: dict[str, dict[str, str]] = {}

    def walk(name: str, shape: Mapping[str, Any]) -> None:
        if "x-choices" in shape:
            found[name] = {value: labels[0] for value, labels in shape["x-choices"].items()}
        if shape.get("type") == "array":
            walk(name, shape["items"])
        for child, inner in shape.get("properties", {}).items():
            walk(child, inner)

    walk("", schema)
    return found


@functools.cache
def schema_of(kind: str) -> dict[str, Any]:
    """The form of a kind."""
    text = (TEMPLATES / kind / "fields.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


TITLES = {
    "ke-hoach": ("Kế hoạch", "KH", "tổ chức các hoạt động thi đua năm 2022 của Cụm thi đua số 4"),
    "phu-luc-hoat-dong": ("Phụ lục", "PL", "danh mục các hoạt động cấp cụm năm 2022"),
    "giao-uoc": ("Giao ước thi đua", "GƯ", "năm 2022"),
    "quy-che": ("Quy chế", "QC", "hoạt động của Cụm thi đua số 4"),
    "bien-ban": ("Biên bản", "BB", "Hội nghị triển khai công tác thi đua năm 2022 của Cụm thi đua số 4"),
    "dang-ky": ("Bản đăng ký thi đua", "ĐK", "năm 2022"),
}


def context(
    kind: str, profile: Profile, doc: Mapping[str, Any], year: dict[str, Any], *, number: int | None = None
) -> JsonObject:
    """Everything a template of that kind is given."""
    schema = schema_of(kind)
    whole = completed(schema, doc)
    whole = _defaults(kind, whole, year)
    on = _date(
        whole.get("doc_date") or whole.get("sign_date") or whole.get("meeting_date") or whole.get("submit_date")
    )
    title, type_code, subject = TITLES[kind]
    if kind == "bien-ban" and whole["meeting_kind"] == "ky_giao_uoc":
        subject = "Lễ ký kết giao ước thi đua năm 2022 của Cụm thi đua số 4"
    unit = year["units"][0]
    facts = blocks.DocumentFacts(
        code="VT7K2M9QXW4T8B6C",
        title=title,
        type_code=type_code,
        subject=whole.get("subject") or subject,
        symbol="CTĐ4",
        on=on,
        place=year["cluster"]["places"].get(profile.id, "Thành phố Hồ Chí Minh"),
        parent_lines=tuple(unit["head_lines"][:-1] if kind == "dang-ky" else year["cluster"]["parent_lines"]),
        issuer=unit["head_lines"][-1] if kind == "dang-ky" else year["cluster"]["issuer"],
        issuer_name=year["cluster"]["name"],
        number=number,
        is_numbered=kind not in ("giao-uoc", "dang-ky", "phu-luc-hoat-dong"),
        is_minutes=kind == "bien-ban",
        grounds=tuple(whole.get("legal_basis") or ()),
        attached_to=whole.get("plan_ref") or "",
    )
    values: JsonObject = {
        "doc": whole,
        "year": year,
        "form": profile.texts(),
        "document": blocks.document(profile, facts),
        "signers": _signers(kind, profile, whole, year),
        "recipients": _recipients(kind, profile, year),
        "recipients_below": False,
        "choice": choices(schema),  # type: ignore[dict-item]
        "gathered": {"dang_ky": [registration(unit) | {"unit": unit} for unit in year["units"]]},
    }
    return values


def _defaults(kind: str, whole: dict[str, Any], year: dict[str, Any]) -> dict[str, Any]:
    if kind in year["citations"] and not whole.get("legal_basis"):
        whole["legal_basis"] = year["citations"][kind]
    if kind == "ke-hoach":
        whole["milestones"] = whole["milestones"] or year["milestones"]
        whole["launch_conference"] = whole["launch_conference"] or {
            "date": "2022-05-25",
            "doc_ref": None,
        }
    if kind == "giao-uoc":
        whole["effective_from"] = whole["effective_from"] or whole["sign_date"]
    if kind == "quy-che":
        whole["effective_date"] = whole["effective_date"] or whole["doc_date"]
    return whole


def _signers(kind: str, profile: Profile, doc: Mapping[str, Any], year: dict[str, Any]) -> JsonObject:
    unit = year["units"][0]
    values: JsonObject = {"main": None, "left": None, "right": None, "columns": 0, "rows": [], "witness": None}
    if kind == "dang-ky":
        values["main"] = blocks.unit_signer(profile, "Chánh Văn phòng", doc["leader"]["full_name"])
    elif kind == "bien-ban":
        values["left"], values["right"] = blocks.minutes_signers(
            profile, doc["secretary"]["full_name"], doc["chair"]["full_name"]
        )
    elif kind == "giao-uoc":
        parties = [
            blocks.Party(each["org_display"], each["position"], each["representative"]) for each in doc["parties"]
        ]
        values["columns"], values["rows"] = 2, blocks.grid(profile, parties)
        if doc["witness"]:
            values["witness"] = blocks.witness(
                profile, "Văn phòng Thành ủy", doc["witness"]["position"], doc["witness"]["full_name"]
            )
    else:
        values["main"] = blocks.cluster_signer(
            profile,
            blocks.ClusterSigner(
                "Đặng Thị Thuỳ Nhiên", "Chánh Văn phòng Đảng ủy", unit["org"], "Cụm trưởng", year["cluster"]["name"]
            ),
        )
    return values


def _recipients(kind: str, profile: Profile, year: dict[str, Any]) -> list[Json]:
    keys = {"dang-ky": ("head", "file"), "giao-uoc": ("vptu", "members"), "phu-luc-hoat-dong": ()}
    lines = [year["recipients"][key] for key in keys.get(kind, ("vptu", "members", "file"))]
    return list(blocks.recipients(profile, lines))


# --- forms -------------------------------------------------------------------------------------------------------

ACTIVITIES = (
    ("Hội thảo chuyển đổi số, ký số và xử lý văn bản trên môi trường mạng", "ND3", "2022-06-24", 60, 15_000_000),
    ("Tọa đàm bảo vệ bí mật nhà nước trong văn thư điện tử", "ND5", "2022-07-15", 50, 10_000_000),
    ("Về nguồn, giáo dục truyền thống tại Củ Chi", "ND7", "2022-07-22", 45, 20_000_000),
    ("Thăm, tặng quà gia đình chính sách xã đảo Thạnh An", "ND8", "2022-07-29", 40, 25_000_000),
    ("Hội thi nghiệp vụ văn thư - lưu trữ", "ND4", "2022-08-12", 80, 18_000_000),
    ("Hội thao giao lưu cầu lông, bóng bàn các đơn vị trong Cụm", "ND8", "2022-08-26", 120, 30_000_000),
    ("Tập huấn kỹ năng tham mưu, tổng hợp", "ND1", "2022-09-16", 70, 12_000_000),
    ("Tọa đàm nâng cao chất lượng soạn thảo, ban hành văn bản của Đảng", "ND2", "2022-09-23", 50, 8_000_000),
    ("Chuyên đề quản lý tài chính, tài sản đảng", "ND6", "2022-10-07", 40, 9_000_000),
    ("Hội thi học tập và làm theo Bác gắn chuyên đề của Thành ủy", "ND7", "2022-10-21", 90, 22_000_000),
)
TASKS = (
    (
        "Chủ động tham mưu, theo dõi, đôn đốc việc thực hiện chương trình công tác năm của cấp ủy; bảo đảm "
        "thông tin, báo cáo chính xác, kịp thời"
    ),
    "Rà soát, bổ sung quy chế làm việc, phân công rõ người, rõ việc, rõ thời hạn hoàn thành",
)


def registration(unit: Mapping[str, Any], index: int | None = None) -> dict[str, Any]:
    """A unit's accepted registration, completed."""
    codes = [each.code for each in YEAR_2022.units]
    place = codes.index(unit["code"]) if unit["code"] in codes else 0
    title, content, on, people, budget = ACTIVITIES[index if index is not None else place]
    doc = {
        "unit_code": unit["code"],
        "emulation_year": 2022,
        "submit_date": "2022-05-27",
        "submit_doc_no": "123-CV/VPĐU",
        "headcount": 24,
        "leader": {"full_name": "Đặng Thị Thuỳ Nhiên", "position": "Chánh Văn phòng Đảng ủy"},
        "focal_point": {
            "name": "Hồ Thị Kim Duyệt",
            "position": "Chuyên viên",
            "phone": "0900000001",
            "email": "daumoi@example.vn",
        },
        "targets": [
            {
                "content_code": each.code,
                "target_text": "100% văn bản, báo cáo được xử lý và gửi đúng thời hạn quy định",
                "measure_unit": "%",
                "target_value": 100,
                "measures": "Phân công cán bộ theo dõi, kiểm tra hằng tuần",
                "due": "2022-10-31",
            }
            for each in YEAR_2022.contents
        ],
        "activities": [
            {
                "title": title,
                "content_code": content,
                "objective": "Trao đổi kinh nghiệm, nâng cao chất lượng công tác văn phòng cấp ủy",
                "planned_date": on,
                "venue": "Hội trường A, trụ sở đơn vị",
                "participants_est": people,
                "co_units": [YEAR_2022.units[1].code],
                "budget_est": budget,
                "contact": "Hồ Thị Kim Duyệt",
            }
        ],
        "titles_collective": ["tap_the_tien_tien", "co_thi_dua"],
        "titles_individual_count": {"tien_tien": 20, "chien_si_thi_dua": 3},
    }
    return completed(schema_of("dang-ky"), doc)


def plan(*, with_activities: bool = False, with_contacts: bool = False) -> dict[str, Any]:
    """A plan of ordinary length."""
    doc: dict[str, Any] = {
        "emulation_year": 2022,
        "doc_date": "2022-05-27",
        "city_party_theme": YEAR_2022.theme,
        "launch_conference": {"date": "2022-05-25", "doc_ref": "Biên bản số 01-BB/CTĐ4, ngày 25/5/2022"},
        "objectives": [
            "Tạo động lực hoàn thành nhiệm vụ chính trị năm 2022 của các đơn vị trong Cụm.",
            "Nâng cao chất lượng công tác tham mưu, phục vụ cấp ủy; tăng cường đoàn kết, chia sẻ kinh nghiệm",
        ],
        "requirements": [
            "Nội dung thi đua thiết thực, có chỉ tiêu cụ thể, dễ kiểm tra.",
            "Mỗi đơn vị chủ động tổ chức thực hiện, bảo đảm tiết kiệm, hiệu quả",
        ],
        "contents": [
            {
                "code": each.code,
                "title": each.title,
                "tasks": list(TASKS),
                "target": "100% đơn vị hoàn thành chương trình công tác năm",
                "weight": each.weight,
                "lead": "Các đơn vị thành viên",
            }
            for each in YEAR_2022.contents
        ],
        "funding_source": "Đơn vị chủ trì tự cân đối; khuyến khích xã hội hóa",
        "budget_total": 169_000_000,
        "responsibilities": {
            "cum_truong": [
                "Chủ trì tổ chức thực hiện, theo dõi, đôn đốc, tổng hợp kết quả báo cáo Văn phòng Thành ủy"
            ],
            "cum_pho": ["Phối hợp với Cụm trưởng theo dõi các hoạt động cấp cụm"],
            "thanh_vien": ["Mỗi đơn vị đăng ký và tổ chức 01 hoạt động cấp cụm", "Báo cáo kết quả đúng thời hạn"],
            "thu_ky": ["Tổng hợp đăng ký, đôn đốc các đơn vị"],
        },
    }
    if with_activities:
        doc["activities"] = [
            {
                "unit_code": unit.code,
                "title": title,
                "content_code": content,
                "date": on,
                "venue": "Hội trường A, trụ sở đơn vị",
                "co_units": ["CATP"] if unit.code != "CATP" else [],
                "participants": people,
                "budget": budget,
            }
            for unit, (title, content, on, people, budget) in zip(YEAR_2022.units, ACTIVITIES, strict=True)
        ]
    if with_contacts:
        doc["contacts"] = [
            {"unit_code": unit.code, "name": "Hồ Thị Kim Duyệt", "position": "Chuyên viên", "phone": "0900000001"}
            for unit in YEAR_2022.units
        ]
    return doc


def pledge(year: dict[str, Any], *, witness: bool = False) -> dict[str, Any]:
    """A pledge of all members of `year`."""
    doc: dict[str, Any] = {
        "emulation_year": 2022,
        "sign_date": "2022-06-02",
        "sign_place": "Hội trường A, trụ sở Tổng công ty Điện lực TP.HCM",
        "parties": [
            {
                "unit_code": unit["code"],
                "org_display": unit["org"],
                "representative": unit["signatory"]["name"],
                "position": unit["signatory"]["position_full"],
            }
            for unit in year["units"]
        ],
        "pledges": [
            {"content_code": each.code, "text": TASKS[0], "target": "100% đơn vị hoàn thành"}
            for each in YEAR_2022.contents
        ],
        "common_targets": [
            {"text": "Đơn vị hoàn thành các chỉ tiêu đã đăng ký", "value": 100, "unit": "%"},
            {"text": "Không có cán bộ, nhân viên vi phạm kỷ luật"},
            {"text": "Hoạt động cấp cụm do mỗi đơn vị chủ trì", "value": 1, "unit": "hoạt động"},
        ],
        "commitments": ["Các đơn vị kiểm tra chéo và báo cáo đúng hạn", "Thực hiện nghiêm các nội dung đã ký kết"],
        "effective_to": "2022-12-31",
        "originals_count": len(year["units"]) + 1,
    }
    if witness:
        doc["witness"] = {
            "full_name": "Kiều Thế Hiển",
            "position": "Phó Trưởng phòng Hành chính - Lưu trữ Văn phòng Thành ủy",
        }
    return doc


CHAPTERS = (
    ("I", "Quy định chung", ("Phạm vi, đối tượng áp dụng", "Nguyên tắc hoạt động")),
    ("II", "Tổ chức", ("Cơ cấu tổ chức", "Cụm trưởng", "Cụm phó", "Đơn vị thành viên", "Thư ký Cụm")),
    (
        "III",
        "Nội dung, chế độ hoạt động",
        (
            "Nội dung hoạt động",
            "Hoạt động cấp cụm",
            "Chế độ hội họp",
            "Chế độ thông tin, báo cáo",
            "Kinh phí hoạt động",
        ),
    ),
    (
        "IV",
        "Chấm điểm, bình xét",
        ("Nguyên tắc chấm điểm", "Tiêu chí, thang điểm", "Quy trình bình xét", "Biểu quyết, bỏ phiếu"),
    ),
    ("V", "Điều khoản thi hành", ("Trách nhiệm thi hành", "Sửa đổi, bổ sung")),
)


def regulations(repeat: int = 1) -> dict[str, Any]:
    """Regulations of 18 articles, `repeat` times."""
    chapters, number = [], 0
    for roman, title, articles in CHAPTERS * repeat:
        made = []
        for article in articles:
            number += 1
            made.append(
                {
                    "number": number,
                    "title": article,
                    "text": "Quy chế này quy định tổ chức và hoạt động của Cụm thi đua số 4."
                    if number % 3 == 1
                    else None,
                    "clauses": [
                        {
                            "number": 1,
                            "text": "Hoạt động trên cơ sở tự nguyện, tự giác, công khai, đoàn kết và cùng "
                            "phát triển; mọi vấn đề của Cụm được bàn bạc dân chủ, quyết định theo đa số.",
                            "points": [
                                {"letter": "a", "text": "Đôn đốc các đơn vị đăng ký;"},
                                {"letter": "b", "text": "Tổng hợp, báo cáo kết quả."},
                            ],
                        },
                        {
                            "number": 2,
                            "text": "Chịu trách nhiệm trước Văn phòng Thành ủy về kết quả hoạt động của Cụm.",
                        },
                    ],
                }
            )
        chapters.append({"roman_no": roman, "title": title, "articles": made})
    return {
        "emulation_year": 2022,
        "doc_date": "2022-05-27",
        "adopted_at": "2022-05-25",
        "replaces": "Quy chế số 01-QC/CTĐ4, ngày 20/5/2021",
        "chapters": chapters,
    }


def minutes(meeting_kind: str = "trien_khai") -> dict[str, Any]:
    """Minutes of the launch, or of the signing."""
    signing = meeting_kind == "ky_giao_uoc"
    return {
        "emulation_year": 2022,
        "meeting_kind": meeting_kind,
        "meeting_date": "2022-06-02" if signing else "2022-05-25",
        "start_at": "08:00" if signing else "08:30",
        "end_at": "09:30" if signing else "11:00",
        "venue": "Hội trường A, trụ sở Tổng công ty Điện lực TP.HCM",
        "chair": {
            "full_name": "Đặng Thị Thuỳ Nhiên",
            "position": "Chánh Văn phòng Đảng ủy",
            "unit_code": "EVNHCMC",
        },
        "secretary": {
            "full_name": "Hồ Thị Kim Duyệt",
            "position": "Chuyên viên Văn phòng Đảng ủy",
            "unit_code": "EVNHCMC",
        },
        "superiors": [
            {"full_name": "Kiều Thế Hiển", "position": "Phó Trưởng phòng Hành chính - Lưu trữ Văn phòng Thành ủy"}
        ],
        "attendance": [
            {
                "unit_code": unit.code,
                "delegate": unit.signatories[0].name,
                "position": unit.signatories[0].position_full,
                "status": "vang_co_phep" if unit.code == "KNH" and not signing else "co_mat",
                "reason": "đi công tác" if unit.code == "KNH" and not signing else None,
            }
            for unit in YEAR_2022.units
        ],
        "member_total": 10,
        "present_total": 10 if signing else 9,
        "absent_total": 0 if signing else 1,
        "agenda": [
            "Chủ trì tuyên bố lý do, giới thiệu đại biểu",
            "Trình bày các dự thảo Kế hoạch, nội dung giao ước và Quy chế hoạt động của Cụm",
        ],
        "opinions": []
        if signing
        else [
            {"unit_code": "CATP", "text": "Đề nghị bổ sung tiêu chí điểm thưởng"},
            {"unit_code": "SAWACO", "text": "Thống nhất với các dự thảo; đề nghị thống nhất mốc thời gian báo cáo"},
        ],
        "superior_opinion": "Thống nhất với các dự thảo; đề nghị Cụm bám sát chuyên đề năm 2022 của Thành ủy",
        "decisions": [
            {"item": item, "topic": topic, "method": "gio_tay", "for": yes, "against": 0, "abstain": 9 - yes,
             "percent": share, "result": "thong_qua"}
            for item, topic, yes, share in (
                ("Thông qua dự thảo Kế hoạch tổ chức các hoạt động thi đua năm 2022", "ke_hoach", 9, 100),
                ("Thông qua nội dung ký kết giao ước thi đua năm 2022", "giao_uoc", 9, 100),
                ("Thông qua dự thảo Quy chế hoạt động của Cụm", "quy_che", 8, 88.9),
            )
        ],
        "conclusions": [
            {"text": "Các đơn vị gửi bản đăng ký thi đua", "owner": "Các đơn vị thành viên", "due": "2022-05-31"},
            {"text": "Tổ chức lễ ký kết giao ước thi đua", "owner": "Cụm trưởng", "due": "2022-06-02"},
        ],
        "signed_units": [unit.code for unit in YEAR_2022.units] if signing else [],
        "next_meeting": "tháng 7/2022",
    }  # fmt: skip


def appendix() -> dict[str, Any]:
    """The appendix of activities."""
    return {
        "emulation_year": 2022,
        "doc_date": "2022-06-01",
        "plan_ref": "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022 của Cụm thi đua số 4",
        "notes": ["Đơn vị thay đổi thời gian báo Cụm trưởng trước 05 ngày làm việc."],
    }


def document_of(kind: str, year: dict[str, Any]) -> dict[str, Any]:
    """The ordinary form of a kind."""
    if kind == "dang-ky":
        return registration(year["units"][0])
    if kind == "giao-uoc":
        return pledge(year)
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "ke-hoach": plan,
        "phu-luc-hoat-dong": appendix,
        "quy-che": regulations,
        "bien-ban": minutes,
    }
    return made[kind]()
