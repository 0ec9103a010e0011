"""The faults of reports and of the proposal (noi-dung.md §4.8): what is changed, which code, where, what follows.

`*` in a pointer is any row, `#` the same row again. Only what a form says of itself is here: rules across documents
have their own tests.
"""

from benchmarks.answers.changes import changed, only, rows, twice, without_a_row, without_rows
from benchmarks.answers.faults import Planter
from benchmarks.answers.sorts import ABSENT, fewer, more

_REPORT: list[Planter] = [
    changed(
        "wrong percentage",
        "BC02.percent",
        "/results/*/percent",
        fewer(3),
        also="BC02.label@/results/#/*",
        touches="/results",
    ),
    changed(
        "wrong word",
        "BC02.label",
        "/results/*/evaluation",
        lambda word: "chua_dat" if word != "chua_dat" else "vuot",
        touches="/results",
        given="/results/#/percent",
    ),
    rows("content twice", "BC02.contents", "/results", twice("content_code")),
    rows("row missing", "BC02.contents", "/results", without_a_row),
    rows("unit twice", "BC03", "/activities", twice("unit_code")),
    rows(
        "unit missing",
        "BC03",
        "/activities",
        without_a_row,
        also="F16.*@/*_total",
        touches="/participants_total /cost_total",
    ),
    changed("held without a day", f"BC03.when {ABSENT}", "/activities/0/actual_date", ""),
    changed(
        "moved without a reason",
        f"BC03.moved {ABSENT}",
        "/activities/0/actual_date",
        "2022-06-29",
        at_="/activities/0/reason",
        or_at="/activities/0/actual_date",
        touches="/activities/0",
    ),
    changed(
        "held in another year",
        "F02.held",
        "/activities/0/actual_date",
        "2023-06-24",
        also="BC03.moved@/activities/0/reason",
        touches="/activities/0",
    ),
    changed(
        "wrong number of units",
        "BC04.count",
        "/units_reported",
        fewer(1),
        also="BC04.share@/units_reported",
        touches="/units_missing",
    ),
    changed("wrong sum", "F16.participants", "/participants_total", more(5), touches="/activities"),
    changed("wrong sum", "F16.cost", "/cost_total", more(500_000), touches="/activities"),
    rows("few tasks", "BC06.tasks list.too-few", "/next_tasks", only(2)),
    changed("another year's task", "BC06.next", "/next_tasks/0", "Tổ chức ký kết giao ước thi đua năm 2019"),
    changed("last year's work", "BC06.done", "/leadership/0", "Tổ chức Hội nghị triển khai năm 2021"),
    changed("last year's lack", "BC06.lacks", "/shortcomings/0", "Một số việc của năm 2020 còn chậm"),
    changed(
        "days in the wrong order",
        "BC01.order",
        "/period_from",
        "2022-11-14",
        at_="/period_to",
        or_at="/period_from",
        also="BC01.period@/period_from",
        touches="/period_to /doc_date",
    ),
    changed("other year", "F02.from", "/period_from", "2021-01-01"),
]
HALF_YEAR: list[Planter] = [
    *_REPORT,
    changed("outside the window", "BC01.window", "/doc_date", "2022-09-15"),
    changed("day off", "F04.date", "/doc_date", "2022-07-10", touches="/period_to"),
    changed("period too long", "BC01.period", "/period_to", "2022-07-10", touches="/doc_date"),
]
FULL_YEAR: list[Planter] = [
    *_REPORT,
    changed("outside the window", "BC01.window", "/doc_date", "2022-12-15"),
    changed("day off", "F04.date", "/doc_date", "2022-11-13", touches="/period_to"),
    changed("wrong sum", "BD03", "/ranking/*/total", fewer(2), also="BD05.rank@/ranking*", touches="/ranking"),
    changed(
        "wrong rank", "BD05.rank", "/ranking/0/rank", 7, at_="/ranking", or_at="/ranking/0/rank", touches="/ranking"
    ),
    rows("unit twice", "BD05.units", "/ranking", twice("unit_code")),
    rows("unit missing", "BD05.units", "/ranking", without_a_row, also="BD05.rank@/ranking*"),
    changed(
        "bonus above the cap", "BD03.bonus", "/ranking/*/bonus", 25, also="BD03@/ranking/#/total", touches="/ranking"
    ),
    changed("same unit twice", "BB13", "/next_deputy", "CATP", touches="/next_head"),
    changed("votes missing", f"BB12.votes {ABSENT}", "/award_proposals/*/vote_for", "", touches="/award_proposals"),
    changed(
        "ballots missing", f"BB12.ballots {ABSENT}", "/award_proposals/*/ballots", "", touches="/award_proposals"
    ),
    changed("too few votes", "BB06", "/award_proposals/*/vote_for", 3, touches="/award_proposals"),
    changed("more votes than ballots", "BB06.more", "/award_proposals/*/vote_for", 30, touches="/award_proposals"),
    changed(
        "two flags",
        "BB12.flags",
        "/award_proposals/1/award",
        "co_thi_dua",
        at_="/award_proposals",
        or_at="/award_proposals/0/award /award_proposals/1/award",
        touches="/award_proposals",
    ),
]

PROPOSAL: list[Planter] = [
    rows("nobody proposed", f"F01.proposals {ABSENT}", "/proposals", without_rows, touches="/purpose"),
    changed(
        "two flags",
        "BB12.flags",
        "/proposals/1/award",
        "co_thi_dua",
        at_="/proposals",
        or_at="/proposals/0/award /proposals/1/award",
        touches="/proposals",
    ),
    changed("votes missing", f"BB12.votes {ABSENT}", "/proposals/*/vote_for", "", touches="/proposals"),
    changed("ballots missing", f"BB12.ballots {ABSENT}", "/proposals/*/ballots", "", touches="/proposals"),
    changed("too few votes", "BB06", "/proposals/*/vote_for", 2, touches="/proposals"),
    changed("more votes than ballots", "BB06.more", "/proposals/*/vote_for", 30, touches="/proposals"),
    changed(
        "conference after the letter",
        "X04",
        "/conference/date",
        "2022-11-16",
        at_="/doc_date",
        or_at="/conference/date",
        touches="/doc_date",
    ),
    rows("paper missing", "X09", "/attachments", without_a_row, touches="/purpose"),
    changed("day off", "F04.date", "/doc_date", "2022-11-13"),
    changed("other year", "F02.conference", "/conference/date", "2021-11-11"),
]
