"""What a reader must know to read: the form of every kind, the names of the units and of the contents, the year.

A `ReadingContext` is plain data, so that it can be sent to a guarded child as JSON.
"""

from dataclasses import dataclass

from pipeline.model import Field, FormTree


@dataclass(frozen=True)
class KindForm:
    """A kind as reading sees it: how its forms call themselves, and their fields."""

    kind: str
    title: str
    titles: tuple[str, ...]
    tree: FormTree
    abbreviation: str = ""
    #: an order workbook: known by its own mark or title alone, and named to nobody who asks what a file may be
    is_order: bool = False

    @property
    def root(self) -> Field:
        """The whole form."""
        return self.tree.root


@dataclass(frozen=True)
class UnitNames:
    """A unit's code and everything it is called: its code again, its name, its office, then other spellings."""

    code: str
    names: tuple[str, ...]

    @property
    def own_names(self) -> tuple[str, ...]:
        """What it is properly called."""
        return self.names[:3]

    @property
    def name(self) -> str:
        """What people call it; its code where it has no name."""
        return self.names[1] if len(self.names) > 1 else self.code


@dataclass(frozen=True)
class ContentName:
    """A content of the year: its code and title."""

    code: str
    title: str


@dataclass(frozen=True)
class ReadingContext:
    """Everything reading knows."""

    kinds: tuple[KindForm, ...]
    units: tuple[UnitNames, ...] = ()
    contents: tuple[ContentName, ...] = ()
    year: int = 0
    standing: tuple[str, ...] = ()  #: what every form prints, "…" in the place of what differs

    def form(self, kind: str) -> KindForm | None:
        """The form of a kind id."""
        return next((form for form in self.kinds if form.kind == kind), None)
