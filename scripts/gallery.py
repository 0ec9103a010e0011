"""Draw the gallery: the first page of every kind in every official form, as docs/gallery/*.png with an index.

    python scripts/gallery.py            needs LibreOffice

Each document is made the way the program makes it, from the kind's first example that passes.
"""

import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline import codes, filling, kinds, yaml_text, years  # noqa: E402 - the checkout is put on the path first
from pipeline.composition import Ingredients, compose  # noqa: E402
from pipeline.form import Profile, all_profiles, dress  # noqa: E402
from pipeline.kinds import Kind  # noqa: E402
from pipeline.model import Job, JsonObject, State  # noqa: E402
from pipeline.rendition import render  # noqa: E402
from pipeline.tools.soffice import Office  # noqa: E402
from pipeline.vietnamese.filters import FILTERS  # noqa: E402
from pipeline.years import Year  # noqa: E402

GALLERY = ROOT / "docs" / "gallery"
TEMPLATES = ROOT / "templates"
YEAR = ROOT / "years" / "2022.yaml"
PIXELS_PER_POINT = 0.9


def example_of(kind: str) -> JsonObject:
    """Read the form of a kind's first example that passes and is written out whole."""
    for path in sorted((TEMPLATES / kind / "examples").glob("pass-*.yaml")):
        parsed: Any = yaml_text.parse(path.read_bytes()).values
        if "form" in parsed and "base" not in parsed:
            values: JsonObject = parsed["form"]
            return values
    raise SystemExit(f"{kind} has no example that is written out whole")


def job_of(kind: Kind, values: JsonObject, code: str) -> Job:
    """Pretend the job that such a document would have."""
    now = dt.datetime(2022, 5, 27, tzinfo=dt.UTC)
    unit = str(values.get("unit_code", "")) if kind.submitted_by == "unit" else ""
    return Job(1, State.ACCEPTED, 0, kind.id, unit, 2022, "", 1, code, "", "", "", "", now, now)


def document_of(kind: Kind, others: dict[str, Kind], year: Year, profile: Profile) -> tuple[bytes, str]:
    """Make a kind's example in a form; gives the Word file and its code."""
    example = example_of(kind.id)
    day = kind.date_of(example) or dt.date(2022, 5, 27)
    year_values = year.as_values(day)
    code = codes.new_code(f"gallery/{kind.id}/{profile.id}")
    gathered: JsonObject = {}
    for gather in kind.gathers:
        form = others[gather.kind].fields.laid_out(example_of(gather.kind))
        units: Any = year_values["units"]
        gathered[gather.kind.replace("-", "_")] = [form | {"unit": unit} for unit in units]
    values = compose(
        Ingredients(
            job=job_of(kind, example, code),
            kind=kind,
            year=year,
            day=day,
            doc=kind.completed(example, year_values),
            gathered=gathered,
            profile=profile,
            signature_style="kiem",
        )
    )
    template = filling.compile_template(dress(kind.template, profile))
    return filling.fill(template, values, filters=FILTERS, pictures={"vanthu-code": codes.picture(code)}), code


def main() -> None:
    """Draw everything."""
    year, loaded = years.load(YEAR), dict(kinds.load_all(TEMPLATES).kinds)
    GALLERY.mkdir(parents=True, exist_ok=True)
    rows = ["# Gallery", "", "The first page of every kind in every official form; `make gallery` draws it anew.", ""]
    rows += ["| | " + " | ".join(all_profiles()) + " |", "|---" * (len(all_profiles()) + 1) + "|"]
    with tempfile.TemporaryDirectory() as temporary:
        office = Office(Path(temporary))
        for kind in loaded.values():
            cells = []
            for profile in all_profiles().values():
                content, code = document_of(kind, loaded, year, profile)
                page = pypdfium2.PdfDocument(render(content, office, code).content)[0]
                name = f"{kind.id}.{profile.id}.png"
                page.render(scale=PIXELS_PER_POINT).to_pil().convert("L").quantize(16).save(
                    GALLERY / name, optimize=True
                )
                cells.append(f"![{kind.title_vi}, {profile.id}]({name})")
            rows.append(f"| {kind.title_vi} | " + " | ".join(cells) + " |")
        office.close()
    (GALLERY / "README.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
