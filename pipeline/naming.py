"""File names: those of published and filed documents, those shown to people, those passed over in the inbox.

Every name we give is ASCII (Vietnamese folded), at most 120 characters, safe on Windows shares, and (but in the
archive, and where there is no job) says which job it belongs to; `parse(str(name)) == name` holds for all of them.
The accented title stays in the metadata: folded codes collide (ĐA and DA), so nothing is ever *decided* by a name
(the-thuc.md §10.2).

    PublishedName   CTD4_2022_DK_EVNHCMC_v1_hs17.docx              outbox/cho-ky, unit folders (noi-dung.md §8.4)
    AnswerName      Dang ky thi dua.phieu-tra-lai.hs17.docx        the answer to a file, named after it
    ArchiveName     2022-05-27_KH_0001_CTD4_hoat-dong-thi-dua.pdf  the archive (the-thuc.md §10.2)
                    ….lan2.pdf  ….lan2.json  ….ghichu1.json        a further paper beside it; what was decided later
"""

import datetime as dt
import enum
import fnmatch
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Self

MAX_CHARACTERS: Final = 120

_TOKEN: Final = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,8}(?:\.[a-z0-9]{1,8}){0,2}")
# Windows opens a device for these names, whatever the extension; clients of a share would see no file.
_RESERVED: Final = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9]|CONIN\$|CONOUT\$)(?:\.|$)", re.IGNORECASE)

#: Letters that have no decomposition, look-alikes of đ and typographic signs (the-thuc.md §11).
_BY_HAND: Final = str.maketrans(
    {"đ": "d", "ð": "d", "ɖ": "d", "Đ": "D", "Ð": "D", "Ɖ": "D", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}
)

_IGNORED: Final = (
    "~$*",  # Word and Excel, while the file is open
    ".*",  # also .~lock*, ._* and our own temporary files
    "*.tmp",
    "*.part",
    "*.partial",
    "*.crdownload",
    "*.download",
    "*.swp",
    "*~",
    "~wr[dl]*.tmp",
    "thumbs.db",
    "desktop.ini",
    "ehthumbs.db",
)


def ignored(name: str) -> bool:
    """Tell whether a name in the inbox is a temporary file: owner files of Office, downloads, thumbnails."""
    return any(fnmatch.fnmatchcase(name.casefold(), pattern) for pattern in _IGNORED)


def fold(text: str) -> str:
    """Take Vietnamese marks off, giving ASCII; what has no ASCII likeness becomes a space.

    Only for names: comparing what people wrote is the business of `pipeline.vietnamese`.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_BY_HAND))
    bare = (char for char in plain if not unicodedata.combining(char))
    return "".join(char if " " <= char <= "~" else " " for char in bare)


def display(name: str) -> str:
    """Give a foreign name as it may be shown and recorded: NFC, without control, direction and zero-width characters.

    A direction mark would let “fdp.exe” show as “exe.pdf”.
    """
    readable = os.fsencode(name).decode("utf-8", "replace")  # bytes that are no UTF-8 show as "�"
    kept = (char for char in unicodedata.normalize("NFC", readable) if unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join(kept)


def key(name: str) -> str:
    """Give what two spellings of one file name have in common: `vanthu why` finds a name by it."""
    return display(name).casefold()


def safe(text: str, most: int = MAX_CHARACTERS) -> str:
    """Make of any text one part of a path that every system takes: folded, nothing reserved; never empty."""
    words = re.sub(r'[<>:"/\\|?*%$~`\s]+', " ", fold(text)).strip(" .-_")
    cut = words[:most].rstrip(" .-_") or "khong-ten"
    # cut once more, it may end with what no name of Windows ends with
    return f"_{cut}"[:most].rstrip(" .-_") if _RESERVED.match(cut) else cut


def slug(text: str, most: int = 60) -> str:
    """Make lower-case words joined by "-" of text, cut between words at `most`; "van-ban" when nothing is left."""
    whole = re.sub(r"[^a-z0-9]+", "-", fold(text).lower()).strip("-")
    if len(whole) > most:
        head, dash, _ = whole[: most + 1].rpartition("-")
        whole = head if dash else whole[:most]
    return whole or "van-ban"


def token(text: str, most: int = 24) -> str:
    """Make an upper-case code for a name of text: "CTĐ4" -> "CTD4", "GƯ" -> "GU"; "X" when nothing is left."""
    return re.sub(r"[^A-Z0-9]+", "-", fold(text).upper()).strip("-")[:most].strip("-") or "X"


def _must(pattern: re.Pattern[str], what: str, text: str, most: int) -> None:
    if not pattern.fullmatch(text) or len(text) > most:
        raise ValueError(f"{what} cannot stand in a file name: {text!r}")


@dataclass(frozen=True)
class PublishedName:
    """A document in the outbox: `CTD4_2022_DK_EVNHCMC_v1_hs17.docx` ("hs" = hồ sơ, the job's id).

    Tokens as `token` makes them; `unit` is "" for the cluster's own documents; `extension` without its dot.
    """

    cluster: str
    year: int
    kind: str
    unit: str
    version: int
    job: int
    extension: str

    def __post_init__(self) -> None:
        for what, text in (("cluster", self.cluster), ("kind", self.kind), ("unit", self.unit or "X")):
            _must(_TOKEN, what, text, 24)
        _must(_EXTENSION, "extension", self.extension, 17)
        if not (1000 <= self.year <= 9999 and self.version >= 1 and self.job >= 1):
            raise ValueError(f"no such year, version or job: {self.year}, {self.version}, {self.job}")

    def __str__(self) -> str:
        unit = f"_{self.unit}" if self.unit else ""
        head = f"{self.cluster}_{self.year}_{self.kind}{unit}"
        return f"{head}_v{self.version}_hs{self.job}.{self.extension}"

    _SHAPE = re.compile(
        r"(?P<cluster>[A-Z0-9-]+)_(?P<year>\d{4})_(?P<kind>[A-Z0-9-]+)(?:_(?P<unit>[A-Z0-9-]+))?"
        r"_v(?P<version>[1-9]\d*)_hs(?P<job>[1-9]\d*)\.(?P<extension>[a-z0-9.]+)",
        re.ASCII,
    )

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read the facts in a name; None when it is not one of ours."""
        if (match := cls._SHAPE.fullmatch(name)) is None:
            return None
        part = match.groupdict("")
        try:
            return cls(
                cluster=part["cluster"],
                year=int(part["year"]),
                kind=part["kind"],
                unit=part["unit"],
                version=int(part["version"]),
                job=int(part["job"]),
                extension=part["extension"],
            )
        except ValueError:
            return None


def published_name(
    *, cluster: str, year: int, kind: str, unit: str = "", version: int, job: int, extension: str
) -> str:
    """Make the name of a published document from its facts as they are recorded ("CTĐ4", "KH", "EVNHCMC")."""
    return str(
        PublishedName(
            cluster=token(cluster),
            year=year,
            kind=token(kind),
            unit=token(unit) if unit else "",
            version=version,
            job=job,
            extension=extension.lower().lstrip("."),
        )
    )


def parse(name: str) -> PublishedName | None:
    """Read the facts in the name of a published document; None when it is not one of ours."""
    return PublishedName.parse(name)


class Answer(enum.StrEnum):
    """What is sent in answer to a file."""

    RETURNED = "phieu-tra-lai"  #: the note that lists what is wrong
    MARKED = "ban-danh-dau"  #: their file, the wrong places marked
    MENDED = "ban-sua-the-thuc"  #: their Word file, its official form put right, no word touched
    RECEIPT = "bien-nhan"  #: received and accepted
    ALREADY = "da-nhan-truoc"  #: these very bytes came before
    REPLY = "tra-loi"  #: an order workbook with a reply in each row
    NOTICE = "thong-bao"  #: anything else a unit should know


#: Copies of what was sent: dropped again, they go by the name of the file they were made of.
COPIES: Final = frozenset({Answer.MARKED, Answer.MENDED})


@dataclass(frozen=True)
class AnswerName:
    """The answer to a file, named after it: `Dang ky thi dua.phieu-tra-lai.hs17.docx`."""

    original: str
    answer: Answer
    job: int
    extension: str

    def __post_init__(self) -> None:
        if self.original != safe(self.original, 80):
            raise ValueError(f"the original name is not safe: {self.original!r}")
        _must(_EXTENSION, "extension", self.extension, 17)
        if self.job < 1:
            raise ValueError(f"no such job: {self.job}")

    def __str__(self) -> str:
        return f"{self.original}.{self.answer}.hs{self.job}.{self.extension}"

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read the facts in a name; None when it is no answer of ours."""
        words = "|".join(map(re.escape, Answer))
        match = re.fullmatch(rf"(.+)\.({words})\.hs([1-9][0-9]*)\.([a-z0-9.]+)", name, re.DOTALL)
        if match is None:
            return None
        original, answer, job, extension = match.groups()
        try:
            return cls(original, Answer(answer), int(job), extension)
        except ValueError:
            return None


def answer_name(original: str, answer: Answer, *, job: int, extension: str) -> str:
    """Make the name of an answer to the file dropped as `original` ("Công an TP - ĐK.xlsx"; its extension goes).

    A marked copy that comes back mended is answered under the name of the file it was made of.
    """
    if (copy := AnswerName.parse(original)) is not None and copy.answer in COPIES:
        original = copy.original
    stem = PurePosixPath(original).stem if PurePosixPath(original).suffix else original
    return str(AnswerName(safe(stem, 80), answer, job, extension.lower().lstrip(".")))


def is_same_file(one: str, other: str) -> bool:
    """Tell whether two files were dropped under one name; a marked copy goes by that of the file it was made of."""
    return _own_name(one) == _own_name(other)


def _own_name(name: str) -> tuple[str, str]:
    if (copy := AnswerName.parse(name)) is not None and copy.answer in COPIES:
        return copy.original.casefold(), f".{copy.extension}"
    path = PurePosixPath(name)
    return safe(path.stem if path.suffix else name, 80).casefold(), path.suffix.lower()


def notice_name(original: str) -> str:
    """Make the name of the notice that a file `original` was not taken: it has no job ("scan.pdf.thong-bao.docx")."""
    return f"{safe(original, 80)}.{Answer.NOTICE}.docx"


@dataclass(frozen=True)
class ArchiveName:
    """A filed document: `2022-05-27_KH_0001_CTD4_hoat-dong-thi-dua-2022.pdf`, in the folder of its series."""

    on: dt.date
    kind: str
    number: int
    issuer: str
    slug: str
    extension: str = "pdf"

    def __post_init__(self) -> None:
        _must(_TOKEN, "kind", self.kind, 24)
        _must(_TOKEN, "issuer", self.issuer, 24)
        _must(_SLUG, "slug", self.slug, 40)
        _must(_EXTENSION, "extension", self.extension, 16)
        if not 0 <= self.number <= 99_999_999:
            raise ValueError(f"no such number: {self.number}")

    def __str__(self) -> str:
        return f"{self.on.isoformat()}_{self.kind}_{self.number:04d}_{self.issuer}_{self.slug}.{self.extension}"

    _SHAPE = re.compile(
        r"(\d{4}-\d\d-\d\d)_([A-Z0-9-]+)_(\d{4}|[1-9]\d{4,})_([A-Z0-9-]+)_([a-z0-9-]+)\.([a-z0-9.]+)", re.ASCII
    )

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read the facts in a name; None when it is not one of ours."""
        if (match := cls._SHAPE.fullmatch(name)) is None:
            return None
        on, kind, number, issuer, words, extension = match.groups()
        try:
            return cls(dt.date.fromisoformat(on), kind, int(number), issuer, words, extension)
        except ValueError:
            return None

    @property
    def sidecar(self) -> str:
        """Give the name of the sidecar that lies beside the document."""
        return f"{str(self).removesuffix(self.extension)}json"


def archive_path(
    *, series: str, on: dt.date, kind: str, number: int, issuer: str, subject: str, extension: str = "pdf"
) -> PurePosixPath:
    """Tell where a signed document is filed, relative to the archive."""
    name = ArchiveName(on, token(kind), number, token(issuer), slug(subject, 40), extension.lower().lstrip("."))
    return PurePosixPath(series_folder(series)) / str(name)


def later_filing(first: PurePosixPath, time: int, extension: str) -> PurePosixPath:
    """Tell where a further paper of a filed document lies, beside the first: "….lan2.pdf" ("lần 2")."""
    return first.with_name(f"{first.name.partition('.')[0]}.lan{time}.{extension}")


def archive_note(first: PurePosixPath, number: int) -> PurePosixPath:
    """Tell where the note of what was decided later about a filed document lies: "….ghichu1.json"."""
    return first.with_name(f"{first.name.partition('.')[0]}.ghichu{number}.json")


def series_folder(series: str) -> str:
    """Name the archive folder of a number series ("KH 2020–2025" -> "KH-2020-2025")."""
    return safe(token(series, 60))


def unit_folder(code: str) -> str:
    """Name the folder of a unit in inbox and outbox, by its code."""
    return safe(token(code, 40))
