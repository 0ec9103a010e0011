"""What a template reads."""

import io
from dataclasses import dataclass

from docxtpl import DocxTemplate

from pipeline.filling.filling import CompiledTemplate


@dataclass(frozen=True)
class Inventory:
    """The names a template reads: `paths` holds "units[].signatory.name" and the like."""

    paths: tuple[str, ...]


def inventory(compiled: CompiledTemplate) -> Inventory:
    """Everything the template reads."""
    document = DocxTemplate(io.BytesIO(compiled.content))
    return Inventory(tuple(sorted(document.get_undeclared_template_variables())))
