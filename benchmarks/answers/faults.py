"""What is planted: each fault changes a clean form and carries, by construction, its code and its place.

A fault says which codes may name it, at which pointer, and which findings follow from it of themselves (a row taken
out also breaks the sum over the rows). Nothing here asks the validation or the rules of a kind.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from benchmarks.answers.papers import Blank, Typed
from pipeline.model import Field, Json, JsonObject
from pipeline.reading import KindForm

Values = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    `codes` may name it, at `pointer` or one of `or_at`; `also` are patterns "code@pointer" of what follows from it;
    `touches` are the places it changes or rests on: no other fault of the same form may touch them.
    """

    name: str
    codes: tuple[str, ...]
    pointer: str
    also: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    or_at: tuple[str, ...] = ()
    is_absent: bool = False  #: nothing stands there, so it is enough to name what stands around it

    @property
    def pointers(self) -> tuple[str, ...]:
        """Where the fault may be named."""
        return (self.pointer, *self.or_at)

    def explains(self, code: str, pointer: str) -> bool:
        """Whether a finding is the fault itself or follows from it."""
        if code in self.codes and pointer in self.pointers:
            return True
        return any(fnmatchcase(f"{code}@{pointer}", pattern) for pattern in self.also)

    def meets(self, other: "Fault") -> bool:
        """Whether the two would be planted in one place."""
        return any(_is_around(one, two) for one in self._places for two in other._places)

    @property
    def _places(self) -> tuple[str, ...]:
        return (self.pointer, *self.touches)


def _is_around(one: str, two: str) -> bool:
    return one == two or two.startswith(f"{one}/") or one.startswith(f"{two}/")


#: Changes the values it is given, and tells what it planted; None when the form has no place for it.
Planter = Callable[[random.Random, Values, KindForm], Fault | None]

#: What is typed instead of a value, and the codes that may name it, by x-type.
BAD: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "date": [
        ("31/06/2022", ("F03",)),
        ("29/2/2022", ("F03",)),
        ("31/4/2022", ("F03",)),
        ("ngày 31 tháng 11 năm 2022", ("F03",)),
        ("tuần sau", ("value.date",)),
        ("tháng 6/2022", ("value.date",)),
        ("sau hội nghị", ("value.date",)),
        ("quý III", ("value.date",)),
    ],
    "unit_code": [("Sở Ngoại vụ", ("F18",)), ("CATPHN", ("F18",)), ("Đơn vị A", ("F18",))],
    "content_code": [
        ("ND9", ("content.unknown",)),
        ("Nội dung khác", ("content.unknown",)),
        ("Nội dung 12", ("content.unknown",)),
    ],
    "number": [
        ("nhiều", ("value.number",)),
        ("1.5.0", ("value.number",)),
        ("một trăm phần", ("value.number",)),
    ],
    "integer": [("vài", ("value.number",)), ("2,5", ("value.number",)), ("khoảng mươi người", ("value.number",))],
    "percent": [("hết", ("value.number",)), ("gần 100", ("value.number",)), ("%", ("value.number",))],
    "money": [("mười củ", ("value.money",)), ("-5", ("value.money",)), ("chưa rõ", ("value.money",))],
    "time": [("sáng", ("value.time",)), ("25:00", ("value.time",)), ("8g75", ("value.time",))],
    "choice": [("không rõ", ("value.choice",)), ("khác nữa", ("value.choice",))],
    "phone": [("12345", ("DK08",)), ("903123456", ("DK08",)), ("0900 000", ("DK08",))],
    "email": [("a@", ("DK08",)), ("vanphong.example.vn", ("DK08",))],
    "person": [("ThS. Lê Thị Bình", ("F10",)), ("Đại tá Lê Văn Bình", ("F10",)), ("Tâm", ("F22", "F10"))],
    "year": [("năm nay", ("value.year",))],
}
#: What forms print where something is to be written, and what people leave there.
LEFT_OPEN = ("", "", "……", "..........", "xxx", "N/A", "[ ]")
OF_ABSENCE = ("field.required", "F01")


def leaves(form: KindForm, values: JsonObject) -> list[tuple[Field, str]]:
    """Every value of a form with its field, items of lists one by one."""
    return list(_leaves(form.root, values, ""))


def _leaves(node: Field, value: Json, pointer: str) -> Iterator[tuple[Field, str]]:
    if isinstance(value, dict):
        for child in node.children:
            yield from _leaves(child, value.get(child.name), f"{pointer}/{child.name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(node, item, f"{pointer}/{number}")
    elif value is not None and not isinstance(value, Typed | Blank) and not node.is_group:
        yield node, pointer


def at(values: Json, pointer: str) -> Any:
    """The value at a pointer; None when there is none."""
    here: Any = values
    for part in pointer.split("/")[1:]:
        if isinstance(here, list):
            here = here[int(part)] if part.isdigit() and int(part) < len(here) else None
        elif isinstance(here, dict):
            here = here.get(part)
        else:
            return None
    return here


def put(values: Values, pointer: str, value: Json) -> None:
    """Set the value at a pointer."""
    head, _, last = pointer.rpartition("/")
    holder = at(values, head)
    holder[int(last) if isinstance(holder, list) else last] = value


def take_out(values: Values, pointer: str) -> None:
    """Remove what stands at a pointer."""
    head, _, last = pointer.rpartition("/")
    holder = at(values, head)
    del holder[int(last) if isinstance(holder, list) else last]


def unreadable(chance: random.Random, values: Values, form: KindForm) -> Fault | None:
    """A value that is none of its type: of every type in turn, so that rare ones are not forgotten."""
    found = [(node, pointer) for node, pointer in leaves(form, values) if node.value_type in BAD]
    kind_of = chance.choice(sorted({node.value_type for node, _ in found})) if found else ""
    found = [(node, pointer) for node, pointer in found if node.value_type == kind_of and pointer not in OF_IDENTITY]
    if not found:
        return None
    node, pointer = chance.choice(found)
    typed, codes = chance.choice(BAD[node.value_type])
    put(values, pointer, Typed(typed))
    also: tuple[str, ...] = ()
    if node.value_type == "person":  # a rank or half a name is also not the name on the list of signatories
        around = pointer.rpartition("/")[0]
        also = (f"F08*@{around}*", f"GU04@{around}*", f"BB10*@{around}*", f"F10*@{pointer}", f"F22*@{pointer}")
    return Fault(f"value: {node.value_type}", codes, pointer, also)


#: The unit and the year of the whole form: judged before the form is, see `identity`.
OF_IDENTITY = frozenset({"/unit_code", "/emulation_year"})


def left_out(required: tuple[str, ...]) -> Planter:
    """A required value is not filled in, or holds only what the form printed there."""

    def plant(chance: random.Random, values: Values, form: KindForm) -> Fault | None:
        patterns = [re.compile(pattern.replace("*", "[0-9]+")) for pattern in required]
        found = [
            pointer
            for _, pointer in leaves(form, values)
            if any(pattern.fullmatch(pointer) for pattern in patterns) and pointer not in OF_IDENTITY
        ]
        if not found:
            return None
        pointer = chance.choice(found)
        put(values, pointer, Blank(chance.choice(LEFT_OPEN)))
        return Fault("left out", OF_ABSENCE, pointer, is_absent=True)

    return plant


def too_long(limits: dict[str, int]) -> Planter:
    """A text longer than the form allows."""

    def plant(chance: random.Random, values: Values, form: KindForm) -> Fault | None:
        found = [
            (pointer, limit)
            for pattern, limit in sorted(limits.items())
            for _, pointer in leaves(form, values)
            if re.fullmatch(pattern.replace("*", "[0-9]+"), pointer) and limit <= 400
        ]
        if not found:
            return None
        pointer, limit = chance.choice(found)
        words = str(at(values, pointer)).split() or ["dài"]
        text = " ".join(words * (1 + limit // len(" ".join(words))) + words)[: limit + 40].strip()
        put(values, pointer, Typed(text if len(text) > limit else text.ljust(limit + 1, "i")))
        around = pointer.rpartition("/")[0]
        return Fault(
            "too long",
            ("field.too-long",),
            pointer,
            (f"F08*@{around}*", f"GU04@{around}*", f"BB10*@{around}*", f"*@{pointer}"),
        )

    return plant
