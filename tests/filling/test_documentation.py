"""The example of docs/filling.md does what the page says."""

import re
from pathlib import Path
from typing import Any

from pipeline.filling import compile_template, fill, inventory
from tests.filling.making import template, texts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "filling.md"


def test_the_example_of_the_page_works(tmp_path: Path) -> None:
    def build(document: Any) -> None:
        for line in ("{{ organ }}", "{%p for unit in units %}", "{{ unit.name }}", "{%p endfor %}"):
            document.add_paragraph(line)

    (tmp_path / "template.docx").write_bytes(template(build))
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    example = found.group(1).replace('"template.docx"', repr(str(tmp_path / "template.docx")))
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - the page is ours
    said = re.search(r"\.paths +# (\(.*\))", example)
    assert said
    assert repr(inventory(names["compiled"]).paths).replace("'", '"') == said.group(1)
    assert texts(names["content"]) == ["CỤM THI ĐUA SỐ 3", "Đảng ủy xã An Hòa", "Đảng ủy phường Mỹ Bình"]


def test_filling_stands_on_its_own() -> None:
    """No ledger, no configuration; Word files come through the one door, and only `composition` knows kinds."""
    folder = Path(fill.__code__.co_filename).parent
    imported = {
        name
        for module in folder.glob("*.py")
        if module.stem != "composition"
        for name in re.findall(r"from pipeline(?:\.(\w+))? import|import pipeline\.(\w+)", module.read_text("utf-8"))
        for name in name
        if name
    }
    assert imported <= {"filling", "ooxml", "messages", "errors", "model"}
    assert compile_template is not None
