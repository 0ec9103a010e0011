"""Clean values of the example year for every kind, as readers would give them, and the shipped kinds and year."""

import copy
import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import validation, years
from pipeline.kinds import Kind
from pipeline.model import Address, Finding, JsonObject, Place, Reading
from pipeline.years import Year
from tests.folders import shipped_kinds

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2022, 6, 1)

Values = dict[str, Any]


@functools.cache
def year() -> Year:
    """The year 2022 as shipped."""
    return years.load(ROOT / "years" / "2022.yaml")


@functools.cache
def kind(name: str) -> Kind:
    """A kind as shipped."""
    loaded = shipped_kinds()
    assert not loaded.broken, [str(one) for one in loaded.broken]
    return loaded.kinds[name]


def judged(
    name: str,
    values: JsonObject,
    *,
    accepted: dict[str, Any] | None = None,
    gathered: dict[str, Any] | None = None,
    places: dict[Address, Place] | None = None,
    findings: tuple[Finding, ...] = (),
) -> tuple[Finding, ...]:
    """What validation says about values of a kind."""
    reading = Reading("yaml", name, values=values, places=places or {}, findings=findings)
    return validation.validate(
        reading, kind(name), year(), today=TODAY, gathered=gathered or {}, accepted=accepted or {}
    )


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """Code, severity and pointer of each finding."""
    return [(one.code, one.severity.value, str(one.place.pointer)) for one in findings]


def changed(values: Values, *changes: Callable[[Values], object]) -> Values:
    """A copy with something done to it."""
    made = copy.deepcopy(values)
    for change in changes:
        change(made)
    return made


def registration(unit: str = "EVNHCMC") -> Values:
    """A unit's registration without fault."""
    one = year().unit(unit)
    assert one is not None
    signer = one.signatory(dt.date(2022, 5, 27))
    assert signer is not None
    return {
        "unit_code": unit,
        "emulation_year": 2022,
        "submit_doc_no": "123-CV/ĐU",
        "submit_date": "2022-05-27",
        "headcount": 24,
        "leader": {"full_name": signer.name, "position": signer.position_full},
        "focal_point": {
            "name": "Hồ Thị Kim Duyệt",
            "position": "Chuyên viên",
            "phone": "0900000001",
            "email": "a@example.vn",
        },
        "targets": [
            {
                "content_code": content.code,
                "target_text": "100% báo cáo gửi đúng hạn",
                "measure_unit": "%",
                "target_value": 100,
                "measures": "Phân công theo dõi hằng tuần",
                "due": "2022-10-20",
            }
            for content in year().contents
        ],
        "activities": [
            {
                "title": "Hội thảo chuyển đổi số, ký số và xử lý văn bản trên môi trường mạng",
                "content_code": "ND3",
                "planned_date": "2022-06-24",
                "venue": "Hội trường A",
                "participants_est": 60,
                "budget_est": 15_000_000,
            }
        ],
    }


def plan() -> Values:
    """The cluster's plan without fault."""
    return {
        "emulation_year": 2022,
        "doc_date": "2022-05-27",
        "launch_conference": {"date": "2022-05-25"},
        "objectives": ["Tạo động lực hoàn thành nhiệm vụ.", "Thực hiện tốt 08 nội dung thi đua."],
        "requirements": ["Thiết thực, dễ kiểm tra.", "Mỗi đơn vị tổ chức 01 hoạt động."],
        "contents": [
            {
                "code": content.code,
                "title": content.title,
                "tasks": ["Thực hiện tốt"],
                "target": "100% đơn vị hoàn thành",
            }
            for content in year().contents
        ],
        "funding_source": "Đơn vị chủ trì tự cân đối",
        "responsibilities": {
            "cum_truong": ["Chủ trì tổ chức thực hiện"],
            "cum_pho": ["Phối hợp với Cụm trưởng"],
            "thanh_vien": ["Tổ chức 01 hoạt động cấp cụm"],
        },
        "legal_basis": ["Nghị định số 91/2017/NĐ-CP, ngày 31/7/2017 của Chính phủ"],
        "recipients": ["Văn phòng Thành ủy (để báo cáo)", "Các đơn vị thành viên Cụm thi đua số 4"],
    }


def pledge() -> Values:
    """The pledge agreement without fault, its parties written out."""
    parties = []
    for unit in year().units:
        signer = unit.signatory(dt.date(2022, 6, 2))
        assert signer is not None
        parties.append(
            {
                "unit_code": unit.code,
                "org_display": unit.org,
                "representative": signer.name,
                "position": signer.position_full,
            }
        )
    return {
        "emulation_year": 2022,
        "sign_date": "2022-06-02",
        "sign_place": "Hội trường A",
        "parties": parties,
        "pledges": [
            {"content_code": content.code, "text": content.title, "target": "100% đơn vị hoàn thành"}
            for content in year().contents
        ],
        "common_targets": [{"text": "Đơn vị hoàn thành các chỉ tiêu đã đăng ký", "value": 100, "unit": "%"}],
        "effective_to": "2022-12-31",
        "originals_count": 11,
    }


def minutes() -> Values:
    """The minutes of the launch conference without fault (noi-dung §9.3): 9 of 10 present, KNH absent with leave."""
    attendance = []
    for unit in year().units:
        signer = unit.signatory(dt.date(2022, 5, 25))
        assert signer is not None
        row = {"unit_code": unit.code, "delegate": signer.name, "position": signer.position_full, "status": "co_mat"}
        attendance.append(
            {"unit_code": unit.code, "status": "vang_co_phep", "reason": "Đi công tác"} if unit.code == "KNH" else row
        )
    votes = {"method": "gio_tay", "against": 0, "result": "thong_qua"}
    return {
        "emulation_year": 2022,
        "meeting_kind": "trien_khai",
        "meeting_date": "2022-05-25",
        "start_at": "08:30",
        "end_at": "11:00",
        "venue": "Hội trường A",
        "chair": {"full_name": "Đặng Thị Thuỳ Nhiên", "position": "Chánh Văn phòng Đảng ủy", "unit_code": "EVNHCMC"},
        "secretary": {"full_name": "Hồ Thị Kim Duyệt", "position": "Chuyên viên", "unit_code": "EVNHCMC"},
        "superiors": [{"full_name": "Kiều Thế Hiển", "position": "Phó Trưởng phòng Hành chính - Lưu trữ"}],
        "attendance": attendance,
        "member_total": 10,
        "present_total": 9,
        "absent_total": 1,
        "agenda": ["Thông qua các dự thảo"],
        "opinions": [{"unit_code": "CATP", "text": "Đề nghị bổ sung tiêu chí điểm thưởng"}],
        "decisions": [
            {"item": "Dự thảo Kế hoạch", "topic": "ke_hoach", "for": 9, "abstain": 0, "percent": 100, **votes},
            {"item": "Nội dung Giao ước", "topic": "giao_uoc", "for": 9, "abstain": 0, "percent": 100, **votes},
            {"item": "Dự thảo Quy chế", "topic": "quy_che", "for": 8, "abstain": 1, "percent": 88.9, **votes},
        ],
        "conclusions": [
            {"text": "Các đơn vị gửi bản đăng ký", "owner": "Các đơn vị thành viên", "due": "2022-05-31"}
        ],
    }


def topics() -> list[str]:
    """What regulations must have an article on."""
    field = kind("quy-che").fields.at(Address.of("/chapters/*/articles/*/topic"))
    assert field is not None
    return [code for code in field.choices if code != "khac"]


def regulations() -> Values:
    """The cluster's regulations without fault."""
    articles = [
        {"number": at, "title": f"Điều về {topic}", "topic": topic, "text": "Nội dung."}
        for at, topic in enumerate(topics(), 1)
    ]
    articles[6]["text"] = "Thực hiện theo Điều 3 của Quy chế này."
    return {
        "emulation_year": 2022,
        "doc_date": "2022-05-27",
        "adopted_at": "2022-05-25",
        "effective_date": "2022-05-27",
        "head_unit": "EVNHCMC",
        "deputy_unit": "CATP",
        "quorum_rule": "2/3 số đơn vị thành viên",
        "pass_rule": {"fraction": "trên 1/2", "base": "present"},
        "scoring_max": 100,
        "bonus_cap": 10,
        "report_deadlines": [{"code": "M_SOKET", "due": "2022-07-15"}, {"code": "M_BAOCAO", "due": "2022-11-15"}],
        "chapters": [
            {"roman_no": "I", "title": "Quy định chung", "articles": articles[:4]},
            {"roman_no": "II", "title": "Tổ chức", "articles": articles[4:8]},
            {"roman_no": "III", "title": "Điều khoản thi hành", "articles": articles[8:]},
        ],
    }
