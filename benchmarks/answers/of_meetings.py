"""The faults of minutes, letters, pledge and invitation (noi-dung.md §4.5, §4.7): what is changed, which code, where.

`*` in a pointer is any row, `#` the same row again. Only what a form says of itself is here: rules across documents
have their own tests.
"""

from benchmarks.answers.changes import changed, moved_to_front, rows, swapped, twice, without_a_row
from benchmarks.answers.faults import Planter
from benchmarks.answers.sorts import ABSENT, fewer, rank_before, signer

MINUTES: list[Planter] = [
    changed(
        "one person twice", "BB01.same", "/secretary/full_name", "Đặng Thị Thuỳ Nhiên", touches="/chair/full_name"
    ),
    changed("chair of another unit", "BB01.chair", "/chair/unit_code", "SAWACO", touches="/attendance"),
    changed("wrong count", "BB02.total", "/member_total", 11, touches="/attendance"),
    changed("wrong count", "BB02.present", "/present_total", 5, touches="/attendance"),
    changed("wrong count", "BB02.absent", "/absent_total", 3, touches="/attendance"),
    rows(
        "unit twice",
        "BB02",
        "/attendance",
        twice("unit_code"),
        also="BB10.*@/attendance/* BB01*@/*/unit_code BB10.opinion@/opinions/*",
    ),
    changed("delegate missing", f"BB02.delegate {ABSENT}", "/attendance/0/delegate", "", touches="/attendance/0"),
    changed(
        "delegate not known",
        "BB10.delegate",
        "/attendance/2/delegate",
        "Lê Hoàng Bảo Trân",
        or_at="/attendance/2",
        touches="/attendance/2",
    ),
    changed(
        "votes lost",
        "BB04",
        "/decisions/*/for",
        fewer(2),
        also="BB06*@/decisions/#/*",
        touches="/decisions /attendance",
    ),
    changed("wrong percentage", "BB06", "/decisions/*/percent", fewer(12), touches="/decisions /attendance"),
    changed(
        "not passed",
        "BB06.pass",
        "/decisions/*/for",
        3,
        at_="/decisions/#/result",
        also="BB0[46]@/decisions/#/*",
        touches="/decisions /attendance",
    ),
    rows("draft missing", "BB07", "/decisions", without_a_row),
    changed("end before the start", "BB09.order", "/end_at", "07:15", touches="/start_at"),
    changed("too long", "BB09.duration", "/end_at", "22:30", touches="/start_at"),
    changed("other day", "BB09.launch", "/meeting_date", "2022-05-26", touches="/meeting_kind"),
    changed("day off", "F04", "/meeting_date", "2022-05-28", also="BB09.launch@/meeting_date"),
    changed(
        "other year",
        "F02.meeting",
        "/meeting_date",
        "2021-05-25",
        also="BB09.launch@/meeting_date BB10*@/attendance*",
    ),
    changed("absent unit speaks", "BB10.opinion", "/opinions/*/unit_code", "KNH", touches="/attendance"),
    changed("no owner", "BB11", "/conclusions/*/owner", "", at_="/conclusions/#", or_at="/conclusions/#/owner"),
    changed("other year", "F02.due", "/conclusions/*/due", "2023-05-31"),
    *rank_before("/chair/full_name"),
    *rank_before("/secretary/full_name"),
]
SIGNING_MINUTES: list[Planter] = [
    *(one for one in MINUTES),
    rows("unit did not sign", "BB08", "/signed_units", without_a_row),
    changed("outside the window", "BB09.signing", "/meeting_date", "2022-06-20"),
]

LETTER: list[Planter] = [
    changed("due before the day", "X04", "/due", "2022-05-20", also="X10.register@/due", touches="/doc_date"),
    changed("other deadline", "X10.register", "/due", "2022-06-03", touches="/doc_date /purpose"),
    changed("no deadline", f"F01.due {ABSENT}", "/due", "", touches="/purpose"),
    changed("day off", "F04.date", "/doc_date", "2022-05-22"),
    changed("other year", "F02.date", "/doc_date", "2021-05-27"),
    changed("other year", "F02.due", "/due", "2023-05-31", also="X10*@/due"),
    changed(
        "to nobody of the cluster",
        "F13.members",
        "/addressees/0",
        "Ông Trưởng phòng",
        at_="/addressees",
        touches="/purpose",
    ),
    changed("one word for a name", "F22", "/contact/name", "Duyệt"),
]

PLEDGE: list[Planter] = [
    rows("unit twice", "GU01", "/parties", twice("unit_code"), also="GU03@/parties* GU04@/parties/*"),
    rows(
        "unit missing",
        "GU01",
        "/parties",
        without_a_row,
        also="GU03@/parties GU08@/originals_count",
        touches="/originals_count",
    ),
    rows("head not first", "GU03", "/parties", moved_to_front),
    *signer("/parties/*", "GU04", "representative"),
    *rank_before("/parties/*/representative"),
    *rank_before("/witness/full_name"),
    rows("content twice", "GU05", "/pledges", twice("content_code"), also="GU05.order@/pledges*"),
    rows("row missing", "GU05", "/pledges", without_a_row),
    rows("swapped rows", "GU05.order", "/pledges", swapped("content_code")),
    changed("percent above 100", "GU06", "/common_targets/0/value", 140, touches="/common_targets/0"),
    changed("outside the window", "GU07", "/sign_date", "2022-06-22", also="GU04@/parties*"),
    changed("day off", "F04", "/sign_date", "2022-06-05"),
    changed("wrong number of originals", "GU08", "/originals_count", 7, touches="/parties"),
    changed("in force beyond the year", "GU09", "/effective_to", "2023-03-31"),
]

INVITATION: list[Planter] = [
    changed("chair of another unit", "BB01", "/chair/unit_code", "CATP"),
    changed("other day", "BB09.trien-khai", "/meeting_date", "2022-05-26", touches="/meeting_kind"),
    changed("day off", "F04.meeting", "/meeting_date", "2022-05-28", also="BB09.trien-khai@/meeting_date"),
    changed(
        "answer after the meeting",
        "X04.answer",
        "/rsvp_due",
        "2022-05-30",
        or_at="/meeting_date",
        touches="/meeting_date /doc_date",
    ),
    changed(
        "invited afterwards",
        "X04",
        "/doc_date",
        "2022-05-31",
        at_="/meeting_date",
        or_at="/doc_date",
        also="X04.answer@/rsvp_due",
        touches="/meeting_date /rsvp_due",
    ),
    changed("day off", "F04.date", "/doc_date", "2022-05-08"),
    changed("other year", "F02.date", "/doc_date", "2021-05-11"),
    *rank_before("/chair/full_name"),
    changed("one word for a name", "F22", "/contact/name", "Duyệt"),
]
