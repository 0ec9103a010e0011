"""The clean forms of every kind, and the faults that may be planted in each."""

from benchmarks.answers.faults import Planter
from benchmarks.answers.of_meetings import INVITATION, LETTER, MINUTES, PLEDGE
from benchmarks.answers.of_plans import APPENDIX, PLAN, PLAN_WITH_ACTIVITIES, REGULATIONS
from benchmarks.answers.of_reports import FULL_YEAR, HALF_YEAR, PROPOSAL
from benchmarks.answers.of_units import REGISTRATION, SCORES

#: The clean forms: kind and example, and what may be planted in each.
FORMS: dict[tuple[str, str], list[Planter]] = {
    **{("dang-ky", f"pass-{unit}"): REGISTRATION for unit in ("evnhcmc", "catp", "btltp", "sawaco", "kcxcn", "dhqg")},
    ("bang-diem", "pass-evnhcmc"): SCORES,
    ("bang-diem", "pass-self"): SCORES,
    ("bao-cao-so-ket", "pass-2022"): HALF_YEAR,
    ("bao-cao-tong-ket", "pass-2022"): FULL_YEAR,
    ("bien-ban", "pass-trien-khai"): MINUTES,
    ("cong-van", "pass-don-doc-dang-ky"): LETTER,
    ("giao-uoc", "pass-2022"): PLEDGE,
    ("giay-moi", "pass-trien-khai"): INVITATION,
    ("ke-hoach", "pass-2022"): PLAN,
    ("ke-hoach", "pass-with-activities"): PLAN_WITH_ACTIVITIES,
    ("phu-luc-hoat-dong", "pass-2022"): APPENDIX,
    ("quy-che", "pass-2022"): REGULATIONS,
    ("to-trinh", "pass-khen-thuong"): PROPOSAL,
}
#: Trees of chapters and articles are written as text only.
ONLY_TEXT = frozenset({"quy-che"})
