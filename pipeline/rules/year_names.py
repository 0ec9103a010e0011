"""The names of the year's facts, as rules see them (docs/kinds.md): a misspelt one is refused at load.

Compared with what a year really gives by tests/rules/test_year_names.py.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from pipeline.model import EVERY, Address
from pipeline.rules.shapes import ANY, Shape

#: Names with what is below each; a list has its elements under "*", a table by codes its rows under ANY.
Names: TypeAlias = "Mapping[str, Names]"


def _names(text: str, **more: Names) -> Names:
    return {**dict.fromkeys(text.split(), _NOTHING), **more}


_NOTHING: Final[Names] = {}
_PERIOD: Final = _names("from to")
_FRACTION: Final = _names("numerator denominator text")
_SIGNATORY: Final = _names("name position_full position_sign deputy from to")
_UNIT: Final = _names(
    "code name org role type head_lines from to", signatory=_SIGNATORY, signatories={EVERY: _SIGNATORY}
)
_CONTENT: Final = _names("code title weight")
_MILESTONE: Final = _names("code task owner due")
_THRESHOLDS: Final = _names(
    "pass_base scoring_max bonus_cap score_step activities_per_unit similar_titles percent_tolerance sum_tolerance "
    "vptu_originals meetings_per_year meeting_minutes_min meeting_minutes_max reminder_working_days",
    quorum=_FRACTION,
    secret_ballot=_FRACTION,
    **{"pass": _FRACTION},
)

YEAR: Final = _names(
    "year theme activity_mode head_unit deputy_unit member_codes originals last_day",
    cluster=_names(
        "name full_name symbol slug parent parent_lines issuer head_title deputy_title group level",
        places={ANY: _NOTHING},
    ),
    signer=_names("full_name position"),
    units={EVERY: _UNIT},
    unit={ANY: _UNIT},
    parties={EVERY: _names("unit_code org_display representative position")},
    contents={EVERY: _CONTENT},
    content={ANY: _CONTENT},
    milestones={EVERY: _MILESTONE},
    milestone={ANY: _MILESTONE},
    report_deadlines={EVERY: _names("code due")},
    windows={ANY: _PERIOD},
    holidays={EVERY: _names("name from to")},
    legal_basis={EVERY: _names("key citation marks in_force from to")},
    citations={ANY: _NOTHING},
    thresholds=_THRESHOLDS,
    terms={EVERY: _names("id name from to")},
    persons={ANY: _names("name position_full unit")},
    recipients={ANY: _NOTHING},
)


def is_year_name(dotted: str) -> bool:
    """Whether the year gives something under this name: "cluster.name", "milestone.M_HOINGHI.due"."""
    below = YEAR
    for part in dotted.split("."):
        found = below.get(part, below.get(ANY, below.get(EVERY) if part.isdigit() else None))
        if found is None:
            return False
        below = found
    return True


def shape_of_year() -> Shape:
    """The year as expressions may look at it."""
    return _shape(Address(("year",)), YEAR)


def _shape(address: Address, names: Names) -> Shape:
    return Shape(address, below={name: _shape(address.child(name), below) for name, below in names.items()})
