"""`Address`: the one way to name a field of a form, and every spelling of it that leaves the program.

An address is the way from the whole form to a field: names of fields, numbers of rows from 0, and `*` for every row.
It is a tuple, so that it is compared, hashed and cut as fast as one; names of fields never are figures (fields.yaml
sees to that), so a number always is a row.

| spelling | of | looks like |
|---|---|---|
| JSON pointer (RFC 6901) | fields, values, findings, recorded JSON, `--at` | `/targets/3/due`, `/targets/*/due` |
| field name | PDF fields, tags of content controls in Word | `targets.3.due`; of every row `targets.due` |
| box name | one value of a list to be ticked, in PDF and Word | `units_missing=CATP` |
| Excel name | defined names of cells | `f_targets.3.due` |
| dotted | CEL, names in kind.yaml and fields.yaml, behind `doc.` | `signing.place` |

The word for people ("mục …") is `messages.place`: it is of the form's label first, and comes in two languages.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pipeline.model.json_value import Json, JsonObject

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

#: Stands for every row of a table, every item of a list.
EVERY: Final = "*"

Step: TypeAlias = str | int

# A row number as JSON Pointer writes it; nine figures are more rows than any file has, and `int` stays cheap.
_ROW: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_ANY_ROW: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_BETWEEN: Final = re.compile(r"[./\[\]]+")
_EXCEL: Final = "f_"
_TICK: Final = "="


class Address(tuple[Step, ...]):
    """The way to a field: `Address.of("/targets/3/due")` is `("targets", 3, "due")`; empty, it is the whole form."""

    __slots__ = ()

    def __str__(self) -> str:
        """The JSON pointer."""
        return _pointer(self)

    def __repr__(self) -> str:
        return f"Address.of({str(self)!r})"

    @classmethod
    def of(cls, pointer: str) -> "Address":
        """The address a JSON pointer spells. Raises ValueError without a leading slash."""
        return _of(pointer)

    @classmethod
    def of_steps(cls, steps: Iterable[Step]) -> "Address":
        """The address of a path as libraries give it: figures as text or as numbers."""
        return cls(int(one) if isinstance(one, str) and _ROW.fullmatch(one) else one for one in steps)

    @classmethod
    def of_dotted(cls, dotted: str) -> "Address":
        """The address of "signing.place", the part behind `doc.`; "" is the whole form."""
        return cls.of_steps(dotted.split(".")) if dotted else cls()

    @property
    def name(self) -> str:
        """The last step: a field's name, `*` or a row number; "" of the whole form."""
        return str(self[-1]) if self else ""

    @property
    def parent(self) -> "Address":
        """What it stands in; that of the whole form is itself."""
        return Address(self[:-1])

    @property
    def is_pattern(self) -> bool:
        """Whether it names a field of every row."""
        return EVERY in self

    @property
    def is_of_row(self) -> bool:
        """Whether a row number stands on the way."""
        return any(isinstance(step, int) for step in self)

    @property
    def table(self) -> "Address":
        """What the first row number on the way counts the rows of; itself, where there is none."""
        at = next((at for at, step in enumerate(self) if isinstance(step, int)), len(self))
        return Address(self[:at])

    @property
    def generic(self) -> "Address":
        """The pattern of a place: every row number becomes `*`."""
        return Address([EVERY if isinstance(step, int) else step for step in self])

    @property
    def dotted(self) -> str:
        """As CEL and our templates write it: "signing.place"."""
        return ".".join(map(str, self))

    @property
    def field_name(self) -> str:
        """As PDF fields and content controls are called: rows that are not said are left out ("targets.due").

        In a table within a table only the row of the outer one is said: the columns of both stand side by side.
        """
        return ".".join([str(step) for step in self if step != EVERY])

    @property
    def excel_name(self) -> str:
        """As a cell is called in a workbook; without the "f_" the name "t1" would be a cell's own."""
        return f"{_EXCEL}{self.field_name}"

    def box_name(self, code: str) -> str:
        """As the box is called by which one value of a list is ticked."""
        return f"{self.field_name}{_TICK}{code}"

    def child(self, *steps: Step) -> "Address":
        """What stands below it."""
        return Address(self + steps)

    def below(self, above: "Address") -> "Address":
        """The way to it from `above`, which it is inside of."""
        return Address(self[len(above) :])

    def is_inside(self, above: "Address") -> bool:
        """Whether it is below `above` (and not `above` itself)."""
        return len(self) > len(above) and self[: len(above)] == above

    def at_row(self, row: int) -> "Address":
        """The same of one row: the first `*` becomes a row number."""
        at = self.index(EVERY)
        return Address((*self[:at], row, *self[at + 1 :]))

    def matches(self, place: "Address") -> bool:
        """Whether `place` is one of the places that this pattern names."""
        return len(self) == len(place) and all(
            want == got or want == EVERY  # noqa: PLR1714 - called for every rule of every form
            for want, got in zip(self, place, strict=True)
        )

    def seen_from(self, place: "Address") -> "Address":
        """This pattern with its leading `*`s made rows as far as it runs along `place`.

        /rows/*/total seen from /rows/3/sum is /rows/3/total: within a row, the other fields of it are the same row's.
        """
        bound: list[Step] = []
        for want, got in zip(self, place, strict=False):
            if want not in (EVERY, got):
                break
            bound.append(got)
        return Address((*bound, *self[len(bound) :]))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: "GetCoreSchemaHandler") -> "CoreSchema":  # noqa: ANN401 - pydantic's own
        """In JSON an address is its pointer, as the ledgers hold it since before there were addresses."""
        from pydantic_core import core_schema

        text = core_schema.str_schema()
        spelled = core_schema.plain_serializer_function_ser_schema(str, return_schema=text)
        return core_schema.no_info_after_validator_function(_of, text, serialization=spelled)


WHOLE: Final = Address()


@lru_cache(maxsize=4096)
def _of(pointer: str) -> Address:
    if not pointer:
        return WHOLE
    if not pointer.startswith("/"):
        raise ValueError(f"“{pointer}” is not a JSON pointer; it must begin with /")
    return Address.of_steps(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


@lru_cache(maxsize=4096)
def _pointer(address: Address) -> str:
    return "".join(["/" + str(step).replace("~", "~0").replace("/", "~1") for step in address])


def of_field_name(name: str, is_table: Callable[[Address], bool]) -> Address:
    """The address a form's own file names: "targets.0.due", "targets[0].due", or "targets.due#2" for its third row.

    Excel's "f_" is left off by its reader. `is_table` tells of an address whether rows stand below it. A table whose
    row is not said gets the one behind `#` (else 0); one within a table its first item, which
    `reading.nested_tables` moves.
    """
    plain, _, nth = name.partition("#")
    waiting = int(nth) if _ANY_ROW.fullmatch(nth) else 0
    steps: list[Step] = []
    for part in filter(None, _BETWEEN.split(plain)):
        step = int(part) if _ANY_ROW.fullmatch(part) else part
        if isinstance(step, str) and is_table(Address(steps)):
            steps.append(waiting)
            waiting = 0
        steps.append(step)
    return Address(steps)


def of_box_name(name: str) -> tuple[str, str] | None:
    """The field name of the list and the value that a box stands for; None when the name is none of a box."""
    of_list, is_box, code = name.partition(_TICK)
    return (of_list, code) if is_box else None


def of_excel_name(name: str) -> str:
    """The field name that a defined name of a workbook spells; "" when it is none of ours."""
    return name.removeprefix(_EXCEL) if name.startswith(_EXCEL) else ""


def value_at(values: Json, address: Address) -> Json:
    """The value at an address without `*`, None when there is none."""
    here = values
    for step in address:
        if isinstance(here, dict):
            here = here.get(str(step))
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here


def put(values: JsonObject, address: Address, value: Json) -> None:
    """Set the value at an address without `*`, making the groups on the way; its rows must be there."""
    here: Any = values
    for step in address[:-1]:
        is_row = isinstance(step, int) and isinstance(here, list)
        here = here[step] if is_row else here.setdefault(str(step), {})
    here[address[-1]] = value
