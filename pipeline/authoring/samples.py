"""Sample documents of a kind: its form filled in, in every size a unit may send it in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.filling.composition import Ingredients, compose
from pipeline.kinds import Kind
from pipeline.layout import Profile, profile_for
from pipeline.model import WHOLE, Address, Job, Json, JsonObject, Severity, State
from pipeline.papers import codes
from pipeline.years import Year

#: What a field of each x-type is tried with; the form's own example is for people and may be spelled loosely.
SAMPLES: dict[str, Json] = {
    "date_fuzzy": {"from": "2022-06-01", "to": "2022-06-10", "text": "đầu tháng 6"},
    "time": "08:30",
    "number": 90.5,
    "percent": 100,
    "money": 15_000_000,
    "phone": "0912345678",
    "email": "van.thu@example.vn",
    "flag": True,
    "person": "Nguyễn Thị Thử",
}
ANY_CODE = codes.new_code("proving")  # a valid one, because the QR picture is drawn too


#: How long a text without a limit of its own is tried, and how long any is; how many items “many” are.
_LONG: Final = 300
_LONGEST: Final = 2_000
_MANY: Final = 12


@dataclass(frozen=True)
class Size:
    """How a form is filled in: all fields or the required ones; lists of so many items (within their limits); texts
    of so many letters (within their limits), or as the form's example is, and ending with a sign; of each choice the
    code at this place.
    """

    is_full: bool = True
    items: int = 1
    letters: int | None = None
    choice: int = 0
    end: str = ""


FULL: Final = Size()
REQUIRED: Final = Size(is_full=False)
EMPTY_LISTS: Final = Size(items=0)
LONG_LISTS: Final = Size(items=_MANY)
LONG_TEXTS: Final = Size(letters=_LONGEST)


def day_of(year: Year) -> dt.date:
    """Give the day sample documents are of."""
    # not today: the check must give the same answer whenever it is run; and on a milestone somebody signs (R03)
    return min(milestone.due for milestone in year.milestones)


def sample_context(
    kind: Kind, year: Year, others: Mapping[str, Kind], size: Size = FULL, *, profile: Profile | None = None
) -> JsonObject:
    """Compose the values of a sample document of a kind, in the official form in force unless one is given."""
    day = day_of(year)
    doc = kind.completed(sample_values(kind, year, day, size), year.as_values(day))
    job = Job(
        id=1,
        state=State.ACCEPTED,
        sequence=0,
        kind=kind.id,
        unit=year.units[-1].code if kind.submitted_by == "unit" else "",
        year=year.year,
        variant=kind.variant_of(doc),
        revision=1,
        code=ANY_CODE,
        name="",
        folder="",
        submission_sha256="",
        bundle_sha256="",
        received_at=dt.datetime.now(dt.UTC),
        changed_at=dt.datetime.now(dt.UTC),
    )
    gathered: JsonObject = {}
    for gather in kind.gathers:
        other = others.get(gather.kind)
        values = other.fields.laid_out(sample_values(other, year, day, size)) if other else {}
        members = year.members_as_values(day).values()
        gathered[gather.kind.replace("-", "_")] = [values | {"unit": unit} for unit in members]
    return compose(
        Ingredients(
            job=job,
            kind=kind,
            year=year,
            day=day,
            doc=doc,
            gathered=gathered,
            profile=profile or profile_for(day, kind.form_family),
            signature_style="kiem",
        )
    )


def sample_values(kind: Kind, year: Year, day: dt.date, size: Size) -> JsonObject:
    """Make the values of a form from its fields. A list that the rules do not let be empty is not."""
    wanted = frozenset(
        rule.at
        for rule in kind.rules.rules
        if rule.meets_absence and rule.severity is Severity.BLOCK and not rule.when
    )
    return _Sample(year, day, size, wanted).group(kind.fields.schema, WHOLE)


@dataclass(frozen=True)
class _Sample:
    """Makes the values of one form; `wanted` are the addresses the rules do not let be empty."""

    year: Year
    day: dt.date
    size: Size
    wanted: frozenset[Address]

    def group(self, schema: JsonObject, at: Address) -> JsonObject:
        """The fields of a group."""
        required, properties = schema.get("required"), schema.get("properties")
        names = required if isinstance(required, list) else []
        return {
            key: self._value(child if isinstance(child, dict) else {}, at.child(key))
            for key, child in (properties.items() if isinstance(properties, dict) else ())
            if (self.size.is_full or key in names) and not _follows_the_year(child)
        }

    def _value(self, node: JsonObject, at: Address) -> Json:
        items = node.get("items")
        match node.get("type"):
            case "object" if "properties" in node:
                return self.group(node, at)
            case "array":
                return [
                    self._value(items if isinstance(items, dict) else {}, at.child(index))
                    for index in range(self._count(node, at))
                ]
            case _:
                return self._single(node)

    def _count(self, node: JsonObject, at: Address) -> int:
        least = _number(node, "minItems", 1 if at in self.wanted else 0)
        return max(least, min(self.size.items, _number(node, "maxItems", _number(node, "x-rows", self.size.items))))

    def _single(self, node: JsonObject) -> Json:
        choices = node.get("enum")
        if isinstance(choices, list):
            return choices[self.size.choice % len(choices)]
        match node.get("x-type"):
            case "date":
                return self.day.isoformat()
            case "year":
                return self.year.year
            case "unit_code":
                return self.year.units[0].code
            case "content_code":
                return self.year.contents[0].code
            case "integer":
                # most counts are of units: of more than there are no paper speaks
                return len(self.year.units)
            case str(x_type) if x_type in SAMPLES:
                return SAMPLES[x_type]
            case _:
                example = node.get("x-example")
                text = str(example) if example else "Nội dung thử"
                text = text if self.size.letters is None else _of_length(text, node, self.size.letters)
                return text.rstrip(".,;:") + self.size.end if self.size.end and "pattern" not in node else text


def _follows_the_year(node: Json) -> bool:
    """Whether a number is left to what the year says of it: another would contradict the paper (originals)."""
    return isinstance(node, dict) and "x-default" in node and node.get("type") in ("integer", "number")


def _number(node: JsonObject, key: str, otherwise: int) -> int:
    found = node.get(key)
    return found if isinstance(found, int) else otherwise


def _of_length(text: str, node: JsonObject, letters: int) -> str:
    """A text of so many letters, or as many as its field takes."""
    if "pattern" in node:
        return text
    length = min(_number(node, "maxLength", _LONG), letters)
    # counted, so that no two stretches of it are the same
    more = (f" {at} {text}" for at in range(2, length // (len(text) + 3) + 3))
    return "".join((text, *more))[:length].strip()
