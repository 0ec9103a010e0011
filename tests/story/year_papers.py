"""The papers of a whole year of any office, as clerks fill in the forms: each of the 18 kinds without a fault."""

import datetime as dt
import json
from typing import Any

from pipeline.authoring.samples import REQUIRED, day_of, sample_values
from pipeline.blank_forms.planning import known_values
from pipeline.kinds import Kind
from pipeline.years import Year

Form = dict[str, Any]


def registration(year: Year, at: int) -> Form:
    """A registration without fault of a unit."""
    unit = year.units[at]
    chief = unit.signatories[0]
    return {
        "kind": "dang-ky",
        "unit_code": unit.code,
        "emulation_year": year.year,
        "submit_date": f"{year.year}-05-20",
        "headcount": 20,
        "leader": {"full_name": chief.name, "position": chief.position_full},
        "focal_point": {"name": "Đỗ Thị Mai", "phone": f"09{at:08d}", "email": "mai@example.vn"},
        "targets": [
            {
                "content_code": one.code,
                "target_text": "100% hồ sơ đúng hạn",
                "measure_unit": "%",
                "target_value": 100,
                "measures": "Theo dõi hằng tuần",
                "due": f"{year.year}-10-15",
            }
            for one in year.contents
        ],
        "activities": [
            {
                "title": f"Hội thảo chuyên đề của {unit.name}",
                "content_code": year.contents[at % len(year.contents)].code,
                "planned_date": f"{year.year}-{7 + at % 3:02d}-{1 + at % 28:02d}",
                "venue": "Hội trường",
                "participants_est": 30,
                "budget_est": 5_000_000,
            }
        ],
    }


def pledge(year: Year) -> Form:
    """The clerk's form of the pledge."""
    return {
        "kind": "giao-uoc",
        "emulation_year": year.year,
        "sign_date": due(year, "M_KYGIAOUOC").isoformat(),
        "sign_place": "Hội trường lớn",
        "pledges": [{"content_code": one.code, "text": one.title, "target": "Hoàn thành"} for one in year.contents],
        "common_targets": [{"text": "Đơn vị hoàn thành chỉ tiêu", "value": 100, "unit": "%"}],
    }


def score_sheet(year: Year, at: int) -> Form:
    """A unit's score sheet: half a point less from unit to unit, so that no two have the same rank."""
    unit = year.units[at]
    chief = unit.signatories[0]
    lost = 0.5 * at
    scores = [{"content_code": one.code, "max_score": one.weight, "self_score": one.weight} for one in year.contents]
    scores[0]["self_score"] = year.contents[0].weight - lost
    return {
        "kind": "bang-diem",
        "unit_code": unit.code,
        "emulation_year": year.year,
        "submit_date": due(year, "M_TUCHAM").isoformat(),
        "scores": scores,
        "total": total(year, at),
        "prepared_by": "Đỗ Thị Mai",
        "leader": {"full_name": chief.name, "position": chief.position_full},
    }


def total(year: Year, at: int) -> float:
    """What the score sheet of a unit adds up to."""
    return year.thresholds.scoring_max - 0.5 * at


def clerks_paper(kind: Kind, year: Year) -> Form:
    """A clerk's form without fault, filled in no more than must be: what the year knows, and what the rules ask."""
    made: Form = sample_values(kind, year, day_of(year), REQUIRED)
    for name, value in known_values(kind, year, None, day_of(year)).items():
        sample = made.get(name)
        if isinstance(value, list) and isinstance(sample, list) and sample and isinstance(sample[0], dict):
            made[name] = [{**sample[0], **row} for row in value if isinstance(row, dict)]
        else:
            made[name] = value
    write = _WRITTEN.get(kind.id)
    # copied: a YAML file in which one list stands for two is refused
    told: Form = json.loads(json.dumps({"kind": kind.id, **made, **(write(made, year) if write else {})}))
    return told


def due(year: Year, code: str) -> dt.date:
    """The day of a milestone."""
    milestone = year.milestone(code)
    assert milestone is not None
    return milestone.due


def _minutes(made: Form, year: Year) -> Form:
    """All are there, and all are for the three drafts."""
    members = len(year.units)
    (vote,) = made["decisions"][:1]
    votes = {"for": members, "against": 0, "abstain": 0}
    return {
        "end_at": "10:30",
        "secretary": made["secretary"] | {"full_name": "Đỗ Thị Mai"},
        "present_total": members,
        "member_total": members,
        "absent_total": 0,
        "attendance": [row | {"delegate": "Hồ Thị Lan", "position": "Giám đốc"} for row in made["attendance"]],
        "decisions": [vote | votes | {"topic": topic} for topic in ("ke_hoach", "giao_uoc", "quy_che")],
    }


#: What regulations must speak of, chapter by chapter.
_TOPICS = (
    ("pham_vi", "nguyen_tac"),
    ("cum_truong", "cum_pho", "thanh_vien", "hoi_hop", "bao_cao", "hoat_dong", "kinh_phi"),
    ("cham_diem", "bieu_quyet", "hieu_luc"),
)


def _regulations(made: Form, year: Year) -> Form:
    articles = iter(range(1, 100))
    chapters = [
        {
            "roman_no": numeral,
            "title": f"Phần thứ {at}",
            "articles": [
                {"number": next(articles), "title": "Quy định", "topic": topic, "text": "Thực hiện theo quy định."}
                for topic in topics
            ],
        }
        for at, (numeral, topics) in enumerate(zip(("I", "II", "III"), _TOPICS, strict=True), start=1)
    ]
    limits = year.thresholds
    base = {"fraction": f"trên {limits.pass_share}", "base": limits.pass_base}
    quorum = f"{limits.quorum} số đơn vị thành viên"
    return {
        "chapters": chapters,
        "scoring_max": limits.scoring_max,
        "bonus_cap": 5,
        "pass_rule": base,
        "quorum_rule": quorum,
    }


def _letter(made: Form, year: Year) -> Form:
    return {"attachments": ["Dự thảo kế hoạch"], "due": due(year, "M_DANGKY").isoformat()}


def _list(made: Form, year: Year) -> Form:
    member = {"full_name": "Đỗ Thị Mai", "position": "Chuyên viên", "unit_code": year.units[0].code}
    return {"purpose": "thanh_vien", "members": [member]}


def _half_year(made: Form, year: Year) -> Form:
    """The activities are all still to come."""
    return {
        "doc_date": due(year, "M_SOKET").isoformat(),
        "period_from": f"{year.year}-01-01",
        "period_to": f"{year.year}-06-30",
        "results": [row | {"evaluation": "dat"} for row in made["results"]],
        "activities": [row | {"status": "chua_den_han"} for row in _activities(year)],
        "units_reported": len(year.units),
        "next_tasks": ["Đôn đốc các đơn vị", "Tổ chức hoạt động", "Chấm điểm cuối năm"],
    }


def _annual(made: Form, year: Year) -> Form:
    """Everything was held as it was registered."""
    held = [row | {"status": "da_to_chuc", "actual_date": row["planned_date"]} for row in _activities(year)]
    ranking = [
        {"unit_code": unit.code, "reviewed": total(year, at), "total": total(year, at), "rank": at + 1}
        for at, unit in enumerate(year.units)
    ]
    return _half_year(made, year) | {
        "doc_date": due(year, "M_BAOCAO").isoformat(),
        "period_to": f"{year.year}-10-31",
        "activities": held,
        "ranking": ranking,
    }


def _activities(year: Year) -> list[Form]:
    rows = [registration(year, at) for at in range(len(year.units))]
    return [
        {"unit_code": row["unit_code"]} | {name: row["activities"][0][name] for name in ("title", "planned_date")}
        for row in rows
    ]


def _count(made: Form, year: Year) -> Form:
    ballots = len(year.units)
    result = {"item": "Đề nghị tặng Bằng khen", "for": ballots, "against": 0, "result": "dat"}
    return {
        "meeting_date": due(year, "M_BINHXET").isoformat(),
        "end_at": "09:15",
        "secretary": made["secretary"] | {"full_name": "Đỗ Thị Mai"},
        **dict.fromkeys(("issued", "returned", "valid"), ballots),
        "invalid": 0,
        "results": [result],
    }


def _petition(made: Form, year: Year) -> Form:
    votes = {"vote_for": len(year.units), "ballots": len(year.units)}
    return {
        "doc_date": due(year, "M_BAOCAO").isoformat(),
        "purpose": "khen_thuong",
        "proposals": [{"unit_code": year.units[0].code, "award": "bang_khen", "reason": "Xếp thứ nhất", **votes}],
        "attachments": ["Biên bản bình xét", "Bảng tổng hợp điểm", "Báo cáo tổng kết"],
    }


_WRITTEN = {
    "bien-ban": _minutes,
    "quy-che": _regulations,
    "cong-van": _letter,
    "danh-sach": _list,
    "bao-cao-so-ket": _half_year,
    "bao-cao-tong-ket": _annual,
    "kiem-phieu": _count,
    "to-trinh": _petition,
}
