"""What a template reads: every name of the values it asks for, down to "units[].signatory.name"."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.filling.compiled import CompiledTemplate

if TYPE_CHECKING:
    from pipeline.filling.origins import Read
    from pipeline.model import Place


class Use(NamedTuple):
    """One path a template reads.

    `path` names keys with dots and the elements of a list with "[]". `uses` tells how it is used: "text" (printed),
    "list" (looped over or asked for its elements), "test" (in a condition), "value" (anything else). `is_optional`
    is true when every reading has a fallback (`default`, `is defined`), so that the value may be missing. `places`
    are where the tags stand.
    """

    path: str
    uses: frozenset[str]
    is_optional: bool
    places: "tuple[Place, ...]"


class Inventory(NamedTuple):
    """Everything a template reads from the values and beside them."""

    uses: tuple[Use, ...]
    filters: frozenset[str]
    pictures: frozenset[str]

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths alone, sorted."""
        return tuple(use.path for use in self.uses)

    @property
    def names(self) -> frozenset[str]:
        """The topmost names: the keys the values must have."""
        return frozenset(path.split(".")[0].replace("[]", "") for path in self.paths)


def inventory(compiled: CompiledTemplate) -> Inventory:
    """Everything the template reads: body, headers, footers, notes, comments and properties; both branches of every
    condition, loops, macros and the arguments of filters.
    """
    # here: who only fills needs neither
    from pipeline.filling.data_flow import DataFlow
    from pipeline.filling.sandbox import TEXT_ENVIRONMENT

    reads: dict[str, list[tuple[int, Read]]] = {}
    filters: set[str] = set()
    for index, tagged in enumerate(compiled.tagged):
        trace = DataFlow()
        trace.through(TEXT_ENVIRONMENT.parse(tagged.text))
        filters |= trace.filters
        for read in trace.reads:
            reads.setdefault(read.path, []).append((index, read))
    uses = tuple(_use(compiled, path, found) for path, found in sorted(reads.items()))
    return Inventory(uses, frozenset(filters), frozenset(compiled.pictures))


def _use(compiled: CompiledTemplate, path: str, found: "Sequence[tuple[int, Read]]") -> Use:
    from pipeline.filling.problems import place_of

    places = dict.fromkeys(place_of(compiled, compiled.tagged[index], read.line) for index, read in found)
    return Use(
        path,
        frozenset(read.use for _, read in found),
        # one reading without a fallback is enough to need the value
        all(read.is_optional for _, read in found),
        tuple(places),
    )
