"""The faults of what units send (noi-dung.md §4.4, §4.8): what is changed, which code, where, what follows.

`*` in a pointer is any row, `#` the same row again. Only what a form says of itself is here: rules across documents
have their own tests.
"""

from benchmarks.answers.changes import again, changed, rows, twice, without_a_row, without_rows
from benchmarks.answers.faults import Planter
from benchmarks.answers.sorts import ABSENT, more, rank_before, signer

REGISTRATION: list[Planter] = [
    changed("day off", "F04", "/submit_date", "2022-05-29"),
    changed("holiday", "F04", "/submit_date", "2022-05-02"),
    changed("late", "DK10", "/submit_date", "2022-06-01"),
    changed("other year", "F02.submit", "/submit_date", "2021-05-26", also="F08*@/leader*"),
    changed("before the signing", "DK04", "/activities/*/planned_date", "2022-05-30"),
    changed("after self-scoring", "DK04", "/activities/*/planned_date", "2022-12-20"),
    changed("other year", "F02.activity", "/activities/*/planned_date", "2023-06-23"),
    changed("other year", "F02.due", "/targets/*/due", "2023-01-31"),
    changed("percent above 100", "DK05", "/targets/0/target_value", 120, touches="/targets/0/measure_unit"),
    changed("percent above 100", "DK05", "/targets/1/target_value", 100.5, touches="/targets/1/measure_unit"),
    rows("content twice", "DK03", "/targets", twice("content_code")),
    rows("row missing", "DK03", "/targets", without_a_row),
    rows("row too many", "DK03", "/targets", again("content_code")),
    rows("two activities", "DK02", "/activities", again("title")),
    rows("no activity", f"DK02 {ABSENT}", "/activities", without_rows),
    changed(
        "two activities in one cell",
        "DK02",
        "/activities/0/title",
        lambda title: f"1. {title}\n2. Hội thao chào mừng ngày truyền thống",
        at_="/activities",
        or_at="/activities/0 /activities/1 /activities/0/title /activities/1/title",
        touches="/activities",
    ),
    *signer("/leader", "F08"),
    *rank_before("/leader/full_name"),
    changed(
        "more titles than staff", "DK06.advanced", "/titles_individual_count/tien_tien", 500, touches="/headcount"
    ),
    changed(
        "more titles than staff",
        "DK06.fighters",
        "/titles_individual_count/chien_si_thi_dua",
        400,
        touches="/headcount",
    ),
    changed("nobody", "field.too-small", "/headcount", 0, touches="/titles_individual_count"),
    changed("nobody", "field.too-small", "/activities/*/participants_est", 0),
    changed(
        "title of others",
        "DK06.armed DK06.civil",
        "/titles_collective/0",
        lambda title: (
            "don_vi_quyet_thang" if title in {"tap_the_xuat_sac", "tap_the_tien_tien"} else "tap_the_xuat_sac"
        ),
        touches="/titles_collective",
    ),
    changed("last year's title", "F05", "/activities/*/title", lambda title: f"{title} năm 2021"),
    changed("one word for a name", "F22", "/focal_point/name", "Duyệt"),
    changed("figures in the name", "F22", "/focal_point/name", "Hồ Thị Kim Duyệt 2"),
]

SCORES: list[Planter] = [
    changed("wrong sum", "BD03.review BD03.self", "/total", more(1), touches="/scores /bonuses /penalties"),
    rows("content twice", "BD01.contents", "/scores", twice("content_code"), also="BD01.weight@/scores/*"),
    rows(
        "row missing",
        "BD01.contents",
        "/scores",
        without_a_row,
        also="BD03.*@/total BD01.sum@/scores",
        touches="/total",
    ),
    changed(
        "other maximum",
        "BD01.weight",
        "/scores/*/max_score",
        more(5),
        also="BD01.sum@/scores BD01.criteria@/scores/*",
        touches="/scores",
    ),
    changed(
        "score above the maximum",
        "BD02.self",
        "/scores/*/self_score",
        40,
        also="BD0[3489]*@/scores/#/* BD03*@/total",
        touches="/scores /total",
    ),
    changed(
        "score in odd steps",
        "BD02.step",
        "/scores/*/self_score",
        9.3,
        also="BD0[3489]*@/scores/#/* BD03*@/total",
        touches="/scores /total",
    ),
    changed(
        "bonus above the cap",
        "BD03.cap",
        "/bonuses/0/points",
        12,
        at_="/bonuses",
        also="BD03.*@/total",
        touches="/total /scores",
    ),
    changed("bonus without proof", f"BD03.evidence {ABSENT}", "/bonuses/*/evidence", ""),
    changed("late", "I13", "/submit_date", "2022-11-01"),
    # a sheet that bears reviewed scores is not dated before the review
    changed("day off", "F04", "/submit_date", "2022-10-23", also="BD06.date@/reviewer/date"),
    changed("other year", "F02.date", "/submit_date", "2021-10-27", also="F08*@/leader* BD06.date@/reviewer/date"),
    changed("other year", "F02.review", "/reviewer/date", "2023-01-05", also="BD06.date@/reviewer/date"),
    *signer("/leader", "F08"),
    *rank_before("/leader/full_name"),
    changed("one word for a name", "F22", "/prepared_by", "Duyệt"),
]
