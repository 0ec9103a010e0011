"""Draw the gallery: the first page of every kind in every official form, as docs/gallery/*.png with an index.

    python scripts/gallery.py            needs LibreOffice

Each document is made the way the program makes it, from the kind's first example that passes.
"""

import sys
import tempfile
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.layout import all_profiles  # noqa: E402 - the checkout is put on the path first
from pipeline.rendition import render  # noqa: E402
from pipeline.tools.soffice import Office  # noqa: E402
from tests.kinds import examples  # noqa: E402
from tests.kinds.test_papers import paper  # noqa: E402

GALLERY = ROOT / "docs" / "gallery"
PIXELS_PER_POINT = 0.9


def first_example(kind: str) -> str:
    """Name a kind's first example that passes."""
    return min(path.stem for path in (ROOT / "templates" / kind / "examples").glob("pass-*.yaml"))


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
                content = render(paper(kind.id, first_example(kind.id), form), office).content
                name = f"{kind.id}.{form}.png"
                picture = pypdfium2.PdfDocument(content)[0].render(scale=PIXELS_PER_POINT).to_pil()
                picture.convert("L").quantize(16).save(GALLERY / name, optimize=True)
                cells.append(f"![{kind.title_vi}, {form}]({name})")
            rows.append(f"| {kind.title_vi} | " + " | ".join(cells) + " |")
        office.close()
    (GALLERY / "README.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
