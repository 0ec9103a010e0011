"""A stand-in for tesseract, for what the real one does too slowly or never: it copies what it is given, or fails."""

import io
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.tools.tesseract import Tesseract

#: What is asked before pages are read; then $2 is the path of the results without their ending.
_HEAD = """#!/bin/sh
case "$1" in
--version) echo "tesseract 9.9"; exit 0;;
--list-langs) printf 'List of available languages (2):\\n%s\\nosd\\n' "{language}"; exit 0;;
esac
case "$1" in
stdin) : > "{folder}/glances/$$ $*";; # it may write nothing: a name is all that it leaves
*) echo "$*" >> "{folder}/calls";;
esac
"""
#: What is asked of it by the secrecy gate: a table of the words on a picture that comes by a pipe.
GLANCES = 'cat > /dev/null; cat "{folder}/table"'
READS = 'cp "{folder}/words.pdf" "$2.pdf"; cp "{folder}/words.txt" "$2.txt"'


def words_pdf(*lines: str, size: tuple[float, float] = (595.2, 841.92)) -> bytes:
    """A page that shows nothing and holds lines of words from its upper left corner, as tesseract writes one."""
    content = io.BytesIO()
    canvas = Canvas(content, size, invariant=1)
    for at, line in enumerate(lines, 1):
        text = canvas.beginText(50, size[1] - 50 * at)
        text.setTextRenderMode(3)
        text.textOut(line)
        canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return content.getvalue()


class PretendReader:
    """A folder with a program called tesseract."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "glances").mkdir(exist_ok=True)
        self.folder = folder
        self.reads("Cong hoa xa hoi chu nghia")
        self.does(READS)

    def reads(self, *lines: str) -> None:
        """Let it read these lines on every page."""
        (self.folder / "words.pdf").write_bytes(words_pdf(*lines))
        (self.folder / "words.txt").write_text("\n".join(lines) + "\n\f", encoding="utf-8")

    def glances(self, *lines: str) -> None:
        """Let it see these lines on every picture that comes by a pipe."""
        rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
        for number, line in enumerate(lines, 1):
            for at, word in enumerate(line.split(), 1):
                rows.append(f"5\t1\t{number}\t1\t1\t{at}\t0\t0\t9\t9\t91.5\t{word}")
        (self.folder / "table").write_text("\n".join(rows) + "\n", encoding="utf-8")
        self.does(GLANCES)

    def does(self, script: str, language: str = "vie") -> None:
        """Let it do this when it is to read a page."""
        program = self.folder / "tesseract"
        program.write_text(_HEAD.format(folder=self.folder, language=language) + script.format(folder=self.folder))
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """How it was called to read pages."""
        calls = self.folder / "calls"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []

    @property
    def glances_taken(self) -> list[str]:
        """How it was called for pictures that come by a pipe."""
        return [one.name.partition(" ")[2] for one in (self.folder / "glances").iterdir()]

    def tool(self, root: Path, timeout_s: float = 120.0) -> Tesseract:
        return Tesseract(root, program=str(self.folder / "tesseract"), timeout_s=timeout_s)

    def is_first(self, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
        """Let it be found before any other."""
        monkeypatch.setenv("PATH", f"{self.folder}:{path}")
