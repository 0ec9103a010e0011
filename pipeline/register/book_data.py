"""The register for machines and for tables of people's own: every column with the source it is from."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Final

from pipeline.model import Direction
from pipeline.register.books import COLUMNS, Volume

#: What a spreadsheet program takes for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_FIRST: Final = {"book": "Sổ", "series": "Dãy số", "day": "Ngày vào sổ", "state": "Trạng thái"}
_BOOKS: Final = {Direction.OUTGOING: "đi", Direction.INCOMING: "đến"}


def register_csv(volumes: Sequence[Volume]) -> bytes:
    """Write one table of all volumes, a row for each number; UTF-8 with the mark by which Excel knows it."""
    heads: dict[str, str] = dict(_FIRST)
    for direction in {volume.direction: None for volume in volumes} or {Direction.OUTGOING: None}:
        # "Số đến" and "Số, ký hiệu" are told apart: the second is the sender's
        heads |= {column.name: column.head for column in COLUMNS[direction] if column.name not in heads}
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(heads.values())
    for volume in volumes:
        for line in volume.lines:
            row = {
                "book": _BOOKS[volume.direction],
                "series": volume.series,
                "day": f"{line.day:%d/%m/%Y}",
                "state": "hủy" if line.is_void else "",
            } | {column.name: fact.text for column, fact in zip(volume.columns, line.facts, strict=True)}
            table.writerow([_harmless(row.get(name, "")) for name in heads])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(text: str) -> str:
    """A text that no spreadsheet program runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def register_json(volumes: Sequence[Volume]) -> bytes:
    """Write the volumes with their covers; each column with its source."""
    told = [
        {
            "series": volume.series,
            "direction": volume.direction.value,
            "cover": {
                "parent": list(volume.cover.parent_lines),
                "issuer": volume.cover.issuer,
                "title": volume.cover.title,
                "of": volume.cover.of,
                "term": volume.cover.term,
                "years": volume.cover.years,
                "from_day": volume.cover.days[0].isoformat(),
                "to_day": volume.cover.days[1].isoformat(),
                "from_number": volume.cover.numbers[0],
                "to_number": volume.cover.numbers[1],
                "volume": volume.cover.volume,
            },
            "columns": {column.name: column.head for column in volume.columns},
            "passed_by": [{"first": one.first, "last": one.last, "why": one.why} for one in volume.passed_by],
            "numbers": [
                {
                    "no": line.no,
                    "number": line.number,
                    "day": line.day.isoformat(),
                    "is_void": line.is_void,
                    "facts": {
                        column.name: {"text": fact.text, "source": fact.source.value}
                        | ({"by": fact.by} if fact.by else {})
                        for column, fact in zip(volume.columns, line.facts, strict=True)
                    },
                }
                for line in volume.lines
            ],
        }
        for volume in volumes
    ]
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
