"""Plants deviations in real papers: what is told of the spoilt paper and was not told before counts as found.

Each deviation changes the text or the look of one line that the checker itself took for the block, so that it says
nothing of blocks it does not see.
"""

import argparse
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from benchmarks.form.told import told_of
from benchmarks.pages import write_section

_Spoil = Callable[[Document], bool]


@dataclass(frozen=True)
class Deviation:
    """A deviation: the rule that must tell it, and how it is planted; False where the paper has no place for it."""

    name: str
    rule: str
    spoil: _Spoil


def _paragraphs(paper: Document) -> list[Paragraph]:
    cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
    return [*(each for cell in cells for each in cell.paragraphs), *paper.paragraphs]


def _worded(old: str, new: str) -> _Spoil:
    def spoil(paper: Document) -> bool:
        for run in (run for each in _paragraphs(paper) for run in each.runs):
            if old in run.text:
                run.text = run.text.replace(old, new, 1)
                return True
        return False

    return spoil


def _long(paper: Document) -> Paragraph | None:
    """A paragraph of the text that surely takes several lines, before Nơi nhận."""
    found = [each for each in paper.paragraphs if len(each.text) > 250 and not each.text.startswith("Căn cứ")]
    return found[0] if found else None


def _looking(change: Callable[[Paragraph], None]) -> _Spoil:
    def spoil(paper: Document) -> bool:
        paragraph = _long(paper)
        if paragraph is not None:
            change(paragraph)
        return paragraph is not None

    return spoil


def _margin(paper: Document) -> bool:
    paper.sections[0].left_margin = Mm(22)
    return True


def _small(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(11)


def _other_font(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.name = "Arial"


def _marked(paragraph: Paragraph) -> None:
    paragraph.runs[0].font.highlight_color = WD_COLOR_INDEX.YELLOW


def _at_the_margin(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.first_line_indent = Mm(0)
    paragraph.paragraph_format.left_indent = Mm(0)


def _double(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.line_spacing = 2.0


def _dotted(paragraph: Paragraph) -> None:
    paragraph.add_run(" ..........")


DEVIATIONS: Final = (
    Deviation("left margin of 22 mm", "TT01", _margin),
    Deviation("title misspelt", "TT06", _worded("NGHĨA VIỆT", "NGHĨA VIÊT")),
    Deviation("motto misspelt", "TT06", _worded("Độc lập", "Đôc lập")),
    Deviation("colon left out of the number", "TT05", _worded("Số:", "Số")),
    Deviation("month in one figure too many", "TT08", _worded("tháng 1", "tháng 01")),
    Deviation("./. left out", "TT12", _worded("./.", ".")),
    Deviation("KT. written K/T", "TT05", _worded("KT. ", "K/T ")),
    Deviation("TL. written T/L", "TT05", _worded("TL. ", "T/L ")),
    Deviation("Nơi nhận without its colon", "TT14", _worded("Nơi nhận:", "Nơi nhận")),
    Deviation("a recipient ends in a comma", "TT14", _worded("- Như trên;", "- Như trên,")),
    Deviation("11 pt in the text", "TT10", _looking(_small)),
    Deviation("Arial in the text", "TT02", _looking(_other_font)),
    Deviation("highlighted letters", "TT15", _looking(_marked)),
    Deviation("no indent", "TT10", _looking(_at_the_margin)),
    Deviation("two lines apart", "TT10", _looking(_double)),
    Deviation("a dotted blank", "TT15", _looking(_dotted)),
)


def planted(content: bytes) -> list[tuple[Deviation, bool]]:
    """The deviations that could be planted in a paper judged by a form, and whether each was told."""
    profile, before = told_of(content)
    if not profile:
        return []
    known = {one.key for one in before}
    rows = []
    for deviation in DEVIATIONS:
        paper = docx.Document(io.BytesIO(content))
        if any(one.rule == deviation.rule for one in before) or not deviation.spoil(paper):
            continue  # the paper is not clean of that rule
        target = io.BytesIO()
        paper.save(target)
        after = told_of(target.getvalue())[1]
        rows.append((deviation, any(one.rule == deviation.rule and one.key not in known for one in after)))
    return rows


def report(rows: list[tuple[str, bool]]) -> str:
    """The table: how many of each deviation were planted, how many told."""
    lines = [
        "Planted in the real papers above that are judged by a form and clean of the rule, one at a time",
        "(`python -m benchmarks.form.planting FOLDER`); told is what was not told before, by the same rule.",
        "",
        "| deviation | planted | told |",
        "|---|---|---|",
    ]
    for name in sorted({name for name, _ in rows}):
        told = [is_told for each, is_told in rows if each == name]
        lines.append(f"| {name} | {len(told)} | {sum(told)} |")
    found = sum(is_told for _, is_told in rows)
    lines.append(f"| together | {len(rows)} | {found} ({found / max(1, len(rows)):.1%}) |")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    files = [path for path in sorted(given.folder.rglob("*.docx")) if zipfile.is_zipfile(path)]
    text = report([(one.name, is_told) for path in files for one, is_told in planted(path.read_bytes())])
    print(text)
    if given.write:
        write_section("measures.md", "form/planting.py", "Deviations planted in real papers", text)


if __name__ == "__main__":
    main()
