"""What was seen when a paper was compared with the PDF that was issued; known on both sides of the guard."""

from dataclasses import dataclass

from pipeline.model import SeenSignature


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in millimetres from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half way between left and right."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class SeenPage:
    """A sheet of the paper (from 1), and the issued page that it is; `page` is 0 when it is none.

    `lost` is where print of the issued page is not on the sheet; `marked` the page that its mark names, 0 for none;
    `signed` are the places on it that somebody has signed (`model.PlacedPage`).
    `turn`, `half` and `scale` say how the sheet is laid to be that page (`model.PlacedPage`); `to_scan` maps the page
    to the sheet (`alignment.Affine`), None where the sheet is not simply the page.
    """

    sheet: int
    page: int
    likeness: float
    lost: tuple[Box, ...] = ()
    marked: int = 0
    turn: int = 0
    half: str = ""
    scale: float = 1.0
    to_scan: tuple[float, float, float, float, float, float] | None = None
    signed: tuple[int, ...] = ()


@dataclass(frozen=True)
class ChangedCharacter:
    """A character that does not stand on the paper as it was printed; `word` is the issued word it stands in."""

    text: str
    word: str
    box: Box


@dataclass(frozen=True)
class AddedWords:
    """Words where nothing was printed; black ones may pass for print, others are of a pen or a stamp."""

    box: Box
    is_black: bool


@dataclass(frozen=True)
class Proof:
    """Whether the characters of an issued page stand on a sheet (both from 1) as they were printed.

    `covered` are those outside the rooms of signatures over which somebody wrote or pressed a seal; `added` is what
    stands beside them; `is_clear` is False where the scan is too coarse or too blurred to tell.
    """

    sheet: int
    page: int
    characters: int
    changed: tuple[ChangedCharacter, ...] = ()
    covered: int = 0
    added: tuple[AddedWords, ...] = ()
    is_clear: bool = True


@dataclass(frozen=True)
class Comparison:
    """What was seen; `unplaced` are names that stand nowhere on the issued pages, `unseen` sheets not looked at.

    `signatures` and `rooms` are of the places where people sign, in the order in which these are numbered in
    `SeenPage.signed`, from 1; with the rooms, each with its page, then those where they write number and date;
    `proofs` are those of the pages whose characters were looked at.
    """

    pages: int
    seen: tuple[SeenPage, ...] = ()
    signatures: tuple[SeenSignature, ...] = ()
    unplaced: tuple[str, ...] = ()
    unseen: tuple[int, ...] = ()
    rooms: tuple[tuple[int, Box], ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class Likely:
    """How like the small pictures of an issued PDF are to a paper; nothing of it is known unless it `was_seen`.

    `alike` of its `pages` may be sheets of the paper; `least` is the likeness of the page that is least like any,
    `likeness` the mean of all windows: of two that are alike, the one that is more so. Both are 1 for the same
    picture and about 0 for another.
    """

    pages: int
    alike: int = 0
    least: float = 0.0
    likeness: float = 0.0
    was_seen: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every page may be a sheet of the paper."""
        return 0 < self.pages == self.alike


@dataclass(frozen=True)
class ShownPlace:
    """A place that a person is to look at: on which sheet, as which page, and how that lies on the sheet.

    `is_doubtful` is False for one that is shown beside the others: somebody has signed there.
    """

    sheet: int
    page: int
    to_scan: tuple[float, float, float, float, float, float]
    scale: float
    box: Box
    is_doubtful: bool = True


@dataclass(frozen=True)
class SeenRevision:
    """A revision of a signed PDF beside the PDF that was issued; `at` is where it ends in the file.

    `other_words`, `other_looks` and `covered` are pages (from 1) whose text differs or that only one of the two has,
    whose picture differs outside of the places for signatures, and on which print is hidden under the box of a
    signature. `was_seen` is False where it could not be looked at.
    """

    at: int
    pages: int = 0
    other_words: tuple[int, ...] = ()
    other_looks: tuple[int, ...] = ()
    covered: tuple[int, ...] = ()
    was_seen: bool = True


@dataclass(frozen=True)
class Blank:
    """A place for figures on a sheet (from 1) of a paper: "number", "day", "month", "year".

    `width` and `size` (of the font) are in points of the page that was issued; `matrix` lays a line that begins at
    the origin onto the sheet, as the PDF operator `cm` takes it.
    """

    name: str
    sheet: int
    width: float
    size: float
    matrix: tuple[float, float, float, float, float, float]


def part_of(name: str) -> str:
    """What a blank is of: "number", or "date", which is written whole or not at all."""
    return name if name == "number" else "date"


@dataclass(frozen=True)
class Blanks:
    """What of number and date is blank on a paper; `by_hand` names what somebody has written ("number", "date").

    `is_lost`: something was blank when it was issued, but where that is on the paper is not known.
    """

    blanks: tuple[Blank, ...] = ()
    by_hand: tuple[str, ...] = ()
    is_lost: bool = False


@dataclass(frozen=True)
class WordlessSheet:
    """A scanned sheet (from 1) without words of its own, and at how many dots per inch it is drawn to be read."""

    sheet: int
    dpi: int


@dataclass(frozen=True)
class WordLayer:
    """The words of a sheet (from 1): the path of a PDF of one page that shows nothing and holds them."""

    sheet: int
    path: str
