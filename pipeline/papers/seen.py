"""What was seen when a paper was compared with the PDF that was issued; known on both sides of the guard."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeenPage:
    """A sheet of the paper (from 1), and the issued page that it is; `page` is 0 when it is none."""

    sheet: int
    page: int
    likeness: float


@dataclass(frozen=True)
class SeenSignature:
    """A place where somebody signs, and what was seen there; `sheet` is 0 when its page did not come back."""

    name: str
    page: int
    sheet: int = 0
    has_signature: bool = False
    has_seal: bool = False


@dataclass(frozen=True)
class Comparison:
    """What was seen; `unplaced` are names that stand nowhere on the issued pages, `unseen` sheets not looked at."""

    pages: int
    seen: tuple[SeenPage, ...] = ()
    signatures: tuple[SeenSignature, ...] = ()
    unplaced: tuple[str, ...] = ()
    unseen: tuple[int, ...] = ()
