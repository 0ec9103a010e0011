"""The faults of plan, appendix and regulations (noi-dung.md §4.3, §4.6): what is changed, which code, where.

`*` in a pointer is any row, `#` the same row again. Only what a form says of itself is here: rules across documents
have their own tests.
"""

from benchmarks.answers.changes import changed, rows, swapped, twice, without_a_row
from benchmarks.answers.faults import Planter
from benchmarks.answers.sorts import more

PLAN: list[Planter] = [
    rows("content missing", "KH01", "/contents", without_a_row, also="F17.*@/*", touches="/requirements /objectives"),
    rows(
        "content twice",
        "KH01.codes",
        "/contents",
        twice("code"),
        also="KH01.order@/contents* KH01.title@/contents/*/title",
    ),
    rows("swapped rows", "KH01.order", "/contents", swapped("code")),
    changed("other title", "KH01.title", "/contents/*/title", "Làm tốt công tác văn phòng", touches="/contents"),
    changed("weights", "KH02", "/contents/*/weight", more(7), at_="/contents", touches="/contents"),
    changed(
        "conference after the plan",
        "KH08.after",
        "/launch_conference/date",
        "2022-05-30",
        at_="/doc_date",
        or_at="/launch_conference/date",
        touches="/doc_date",
    ),
    changed("day off", "F04", "/doc_date", "2022-05-28", touches="/launch_conference/date"),
    changed("other year", "F02.date", "/doc_date", "2023-05-26"),
    changed(
        "figure of contents",
        "F17.requirements",
        "/requirements/0",
        "Thực hiện đầy đủ 07 nội dung thi đua.",
        at_="/requirements",
        or_at="/requirements/0",
        touches="/contents /requirements",
    ),
]
PLAN_WITH_ACTIVITIES: list[Planter] = [
    *PLAN,
    rows("unit twice", "KH03", "/activities", twice("unit_code")),
    rows(
        "unit missing",
        "KH03",
        "/activities",
        without_a_row,
        also="KH04@/activities KH10@/budget_total",
        touches="/budget_total",
    ),
    changed("outside the window", "KH05.window", "/activities/*/date", "2022-12-21"),
    changed("other year", "F02.activity", "/activities/*/date", "2023-06-21"),
    rows("two on one day", "KH05.same-day", "/activities", twice("date")),
    changed("wrong sum", "KH10", "/budget_total", more(1_000_000), touches="/activities"),
]

APPENDIX: list[Planter] = [
    changed("day off", "F04", "/doc_date", "2022-05-29"),
    changed("other year", "F02", "/doc_date", "2021-06-01"),
]

REGULATIONS: list[Planter] = [
    changed(
        "article number",
        "QC01.articles",
        "/chapters/1/articles/0/number",
        40,
        at_="/chapters",
        or_at="/chapters/1/articles/0/number",
        also="QC08*@/chapters*",
        touches="/chapters",
    ),
    changed("scale", "QC05", "/scoring_max", 120),
    changed("bonus", "QC05.bonus", "/bonus_cap", 30),
    changed("head unit", "QC06.head", "/head_unit", "SAWACO"),
    changed("deputy unit", "QC06.deputy", "/deputy_unit", "SATRA"),
    changed(
        "in force before adopted", "QC07", "/effective_date", "2022-05-20", or_at="/adopted_at", touches="/adopted_at"
    ),
    changed("deadline", "QC04", "/report_deadlines/*/due", "2022-08-31"),
    changed("day off", "F04", "/doc_date", "2022-05-28"),
    changed("other year", "F02.date", "/doc_date", "2021-05-27", also="X04@/doc_date"),
]
