"""The work one document may cost.

What a template may spend is counted, not timed, so the same template and values always end the same way: one unit
for every turn of a loop, a few for a filter or call, and one for every 16 characters an operation makes.
"""

from collections.abc import Iterable, Iterator, Sized
from typing import Final

from pipeline.filling.limits import LONGEST, TooMuch
from pipeline.filling.values import Value

#: The most a macro or block may write (characters).
_CAPTURED: Final = 16_000_000
#: Units of work one document may cost (a table of 2,000 rows costs some 70,000: its bytes), a call, a filter.
WORK: Final = 5_000_000
CALL: Final = 50
FILTER: Final = 5


class Budget:
    """What is left of the work one document may cost."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = WORK

    def spend(self, units: int) -> None:
        """Take `units`. Raises TooMuch when nothing is left."""
        self.left -= units
        if self.left < 0:
            raise TooMuch(f"more than {WORK} steps of work")

    def looped(self, items: Value) -> Value:
        """`items` to loop over, paid for: at once where their number is known, else one by one."""
        if isinstance(items, Sized):
            # the turns of a loop are known before it begins: paid at once, what is too long is never begun
            self.spend(len(items) + 1)
            return items
        return self._one_by_one(items)

    def _one_by_one(self, items: Iterable[object]) -> Iterator[object]:
        for item in items:
            self.spend(1)
            yield item

    def made(self, result: Value) -> Value:
        """`result` of an operation, paid for by its size. Raises TooMuch when it is too long."""
        if isinstance(result, str | bytes | list | tuple):
            size = len(result)
            if size > LONGEST:
                raise TooMuch(f"a value of {size} characters or items")
            # what an operation makes counts by its size: a text doubled thirty times is few steps and a gigabyte
            self.spend(size >> 4)
        return result

    def joined(self, pieces: Iterable[str]) -> str:
        """The output of a macro or block in one piece, paid for. Raises TooMuch when it is too long."""
        text = "".join(pieces)
        if len(text) > _CAPTURED:
            raise TooMuch(f"a macro or block of {len(text)} characters")
        self.spend(len(text) >> 4)
        return text
