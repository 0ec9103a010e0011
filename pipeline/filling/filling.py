"""The public functions of filling."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline import messages
from pipeline.filling.problems import TemplateError, TemplateProblem
from pipeline.filling.values import checked
from pipeline.model import Place


@dataclass(frozen=True)
class CompiledTemplate:
    """A template ready to be filled; `digest` is the sha256 of the file it was made from."""

    digest: str
    content: bytes


def compile_template(template: Path | str | bytes) -> CompiledTemplate:
    """The template at a path, or given as bytes, compiled. Raises TemplateError with everything wrong in it."""
    content = template if isinstance(template, bytes) else Path(template).read_bytes()
    try:
        DocxTemplate(io.BytesIO(content)).init_docx()
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _error(str(error)) from error
    compiled = CompiledTemplate(hashlib.sha256(content).hexdigest(), content)
    return compiled


def fill(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    *,
    filters: Mapping[str, Callable[..., object]] | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The document: the template filled with `values`, the same bytes for the same template and values.

    `filters` are the names a template may use after `|` beside Jinja's own; `pictures` puts PNG bytes in the place
    of the template's pictures of that name, title or description. Raises TemplateError when the template asks for
    what is not there, ValueRefused (with the value's pointer) when a value cannot be printed.
    """
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters.update(filters or {})
    document = DocxTemplate(io.BytesIO(compiled.content))
    for name, picture in (pictures or {}).items():
        document.replace_pic(name, io.BytesIO(picture))
    try:
        document.render(checked(values), jinja_env=environment)
        properties = document.docx.core_properties
        properties.keywords = environment.from_string(properties.keywords).render(checked(values))
    except jinja2.TemplateError as error:
        raise _error(str(error)) from error
    raw = io.BytesIO()
    document.save(raw)
    return _packed(raw)


def _error(text: str) -> TemplateError:
    """A problem whose place is not known."""
    said = messages.verbatim(text)
    return TemplateError([TemplateProblem(Place(), "", "", said, said)])


def _packed(raw: io.BytesIO) -> bytes:
    """The same members with fixed times."""
    target = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w") as archive:
        for member in source.infolist():
            entry = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read(member), compresslevel=6)
    return target.getvalue()
