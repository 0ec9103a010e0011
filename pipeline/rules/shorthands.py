"""All shorthands by name; each is explained, with an example that is run by the tests, in docs/rules.md."""

from collections.abc import Mapping
from typing import Final

from pipeline.rules import citing, dates, lists, reference, spelling, sums, values
from pipeline.rules.making import Shorthand

SHORTHANDS: Final[Mapping[str, Shorthand]] = {
    **values.SHORTHANDS,
    **lists.SHORTHANDS,
    **sums.SHORTHANDS,
    **dates.SHORTHANDS,
    **reference.SHORTHANDS,
    **citing.SHORTHANDS,
    **spelling.SHORTHANDS,
}
