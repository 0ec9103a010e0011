"""Puts what was measured on a page of the documentation, between the marks of its section."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGINNINGS = {
    "performance.md": "# Performance\n\nWritten by the programs under `benchmarks/`.\n",
    "measures.md": "# Measures\n\nHow well it works, counted; written by the programs under `benchmarks/`.\n",
}


def write_section(page: str, name: str, title: str, report: str, docs: Path = DOCS) -> None:
    """Put a report between its marks on a page; page and section are made when they are not there."""
    path = docs / page
    text = path.read_text("utf-8") if path.exists() else BEGINNINGS[page]
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in text:
        text += f"\n## {title} (`benchmarks/{name}`)\n\n{begin}\n{end}\n"
    made = re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{report}\n{end}", text, flags=re.DOTALL)
    path.write_text(made, "utf-8")
