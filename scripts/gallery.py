"""Draw the gallery: the first page of every kind in every official form, and pledges of many parties, with an index.

    python scripts/gallery.py            needs LibreOffice

Each document is made the way the program makes it, from the kind's first example that passes; a pledge from the
members of an office of so many. Into docs/gallery/*.png.
"""

import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.authoring.samples import Size  # noqa: E402 - the checkout is put on the path first
from pipeline.layout import all_profiles  # noqa: E402
from pipeline.rendition import render  # noqa: E402
from pipeline.tools.soffice import Office  # noqa: E402
from tests.kinds import examples  # noqa: E402
from tests.kinds.test_papers import paper  # noqa: E402
from tests.sheets import printing  # noqa: E402

GALLERY = ROOT / "docs" / "gallery"
PIXELS_PER_POINT = 0.9
SMALL_PIXELS_PER_POINT = 0.4
PARTY_FORM = "dang-hd05"


def pledges(office: Office, folder: Path) -> list[str]:
    """Draw all pages of a pledge of 1 to 40 parties, side by side; the lines of the index."""
    lines = ["", "## Pledges", "", f"All pages of a pledge with 1, 3, 10, 14 and 40 parties, {PARTY_FORM}.", ""]
    for parties in printing.PARTIES:
        year, known = printing.office(max(2, parties), folder)
        document = printing.sample("giao-uoc", PARTY_FORM, Size(is_full=parties == 1), year, known)
        pdf = pypdfium2.PdfDocument(render(document, office).content)
        pages = [page.render(scale=SMALL_PIXELS_PER_POINT).to_pil() for page in pdf]
        whole = Image.new("L", (sum(page.width + 4 for page in pages), max(page.height for page in pages)), 120)
        left = 0
        for page in pages:
            whole.paste(page, (left, 0))
            left += page.width + 4
        name = f"giao-uoc.{parties}.png"
        whole.quantize(16).save(GALLERY / name, optimize=True)
        lines.append(f"![Giao ước thi đua, {parties}]({name})")
    return lines


def main() -> None:
    """Draw everything."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    forms = list(all_profiles())
    rows = ["# Gallery", "", "The first page of every kind in every official form; `make gallery` draws it anew.", ""]
    rows += ["| | " + " | ".join(forms) + " |", "|---" * (len(forms) + 1) + "|"]
    with tempfile.TemporaryDirectory() as temporary:
        office = Office(Path(temporary))
        for kind in examples.loaded().kinds.values():
            cells = []
            for form in forms:
                content = render(paper(kind.id, printing.first_example(kind.id), form), office).content
                name = f"{kind.id}.{form}.png"
                picture = pypdfium2.PdfDocument(content)[0].render(scale=PIXELS_PER_POINT).to_pil()
                picture.convert("L").quantize(16).save(GALLERY / name, optimize=True)
                cells.append(f"![{kind.title_vi}, {form}]({name})")
            rows.append(f"| {kind.title_vi} | " + " | ".join(cells) + " |")
        rows += pledges(office, Path(temporary))
        office.close()
    (GALLERY / "README.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
