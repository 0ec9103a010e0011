"""A dossier for tests: three papers of a year, one of them without a number of its own, one without pages."""

import datetime as dt
import hashlib
from pathlib import PurePosixPath

from pipeline.archive.hand_over.dossier import FiledFile, Filled, Paper
from pipeline.years.facts import Dossier, Fonds, Period

FONDS = Fonds("A38", "011", "07", "Phông Lưu trữ Cụm", "")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


CONTENT = {sha256(content): content for content in (b"%PDF-1.7 one", b"%PDF-1.7 two", b"JFIF photo", b"{}\n")}
ONE, TWO, PHOTO, SIDECAR = CONTENT


def entry(**changes: object) -> Dossier:
    facts: dict[str, object] = {
        "code": "01-TĐ",
        "title": "Tập kế hoạch",
        "kinds": ("ke-hoach",),
        "number": 123,
        "period": Period(dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
        "retention_years": None,
        "sheet_sides": 1,
        "keywords": ("thi đua",),
    }
    return Dossier(**(facts | changes))  # type: ignore[arg-type]


def paper(number: str = "01-KH/CTĐ4", shown: str = ONE, pages: int = 3, **changes: object) -> Paper:
    path = PurePosixPath(f"KH-2020-2025/{number[:2] or 'x'}.pdf")
    facts: dict[str, object] = {
        "document_code": "VT1",
        "number": number,
        "entered": "",
        "on": dt.date(2022, 5, 27),
        "type_name": "Kế hoạch",
        "abbreviation": "KH",
        "title": "Kế hoạch tổ chức các hoạt động",
        "author": "Cụm thi đua số 4",
        "signer": "Đặng Thị Thuỳ Nhiên",
        "pages": pages,
        "retention_years": 20,
        "is_signed_digitally": False,
        "files": (FiledFile(path, shown or PHOTO), FiledFile(path.with_suffix(".json"), SIDECAR)),
        "shown": FiledFile(path, shown) if shown else None,
        "draft": "",
        "rendition": "",
        "remarks": (),
    }
    return Paper(**(facts | changes))  # type: ignore[arg-type]


def dossier(*papers: Paper, **changes: object) -> Filled:
    return Filled(2022, FONDS, entry(**changes), "2020-2025", "Cụm thi đua số 4", papers)
