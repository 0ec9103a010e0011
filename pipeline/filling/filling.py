"""The public functions of filling.

docxtpl, which takes 0.1 s to import, is asked for when a template is new or a document needs it: a command that fills
nothing does without.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipeline.filling import fast
from pipeline.filling.compiled import CompiledTemplate
from pipeline.filling.values import checked
from pipeline.filling.writer import Misplaced

if TYPE_CHECKING:
    from pipeline.model import Finding
    from pipeline.ooxml import Package

Filters: TypeAlias = Mapping[str, Callable[..., object]]
#: What is done with the XML of a filled body before it is packed.
Finish: TypeAlias = Callable[[bytes | bytearray], bytes]


def compile_template(template: Path | str | bytes) -> CompiledTemplate:
    """The template at a path, or given as bytes, compiled; the same content is compiled once in a process.

    Raises TemplateError with everything wrong in the template, OSError when it cannot be read.
    """
    from pipeline.filling.compiling import compiled_from

    content = template if isinstance(template, bytes) else Path(template).read_bytes()
    return compiled_from(content)


def verify_template(template: Path | str | bytes) -> None:
    """Hold a template's tags against the syntax, for a quarter of what compiling costs.

    Raises TemplateError with everything wrong in it, OSError when it cannot be read.
    """
    from pipeline.filling.compiling import verified

    verified(template if isinstance(template, bytes) else Path(template).read_bytes())


def template_faults(template: Path | str | bytes) -> "tuple[Finding, ...]":
    """What in a template lets Word or LibreOffice print something else than what is filled in, each with its place.

    A field of today's date, a control tied to a property, a mail merge field, a bookmark doubled by a loop. Compiling
    takes such a template, as docxtpl does; no kind is to be made with it. Raises OSError when it cannot be read.
    """
    from pipeline.filling import template_file

    return template_file.template_faults(template if isinstance(template, bytes) else Path(template).read_bytes())


def outcomes(compiled: CompiledTemplate) -> Iterator[bytes]:
    """Documents that show a template with every condition both ways and every loop empty, once and many times.

    Their values are made up: they are for looking at the structure. Raises TemplateError when one cannot be read.
    """
    from pipeline.filling import branches

    return branches.outcomes(compiled)


def require_valid(document: "bytes | Package") -> None:
    """Hold a filled document against the rules Word keeps. Raises TemplateError with every place that breaks one."""
    from pipeline.filling.errors import TemplateError
    from pipeline.ooxml.word_rules import violations

    if found := violations(document):
        raise TemplateError(found)


def fill(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    *,
    filters: Filters | None = None,
    pictures: Mapping[str, bytes] | None = None,
    finish: Finish | None = None,
) -> bytes:
    """The document: the template filled with `values`, the same bytes for the same template and values.

    `filters` are the names a template may use after `|` beside Jinja's own; `pictures` puts PNG bytes in the place
    of the template's pictures of that name, title or description; `finish` is given the XML of the body, and what it
    gives is packed. Raises TemplateError when the template asks for
    what is not there, ValueRefused (with the value's pointer) when a value cannot be printed.
    """
    # before either way is taken: both print the same values, or refuse them
    ready = checked(values)
    given = filters or {}
    replaced = pictures or {}
    if compiled.slow or not replaced.keys() <= compiled.pictures.keys():
        return _exactly(compiled, ready, given, replaced, finish)
    try:
        return fast.written(compiled, ready, given, replaced, finish)
    except Misplaced as error:
        raise _misplaced(compiled, error) from error
    # generated code may fail on anything unusual: the exact way has the right document, or the right error
    except Exception:
        return _exactly(compiled, ready, given, replaced, finish)


def _exactly(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    filters: Filters,
    pictures: Mapping[str, bytes],
    finish: Finish | None,
) -> bytes:
    from pipeline.filling import exact

    return exact.document(compiled, values, filters, pictures, finish)


def _misplaced(compiled: CompiledTemplate, error: Misplaced) -> Exception:
    from pipeline.filling import problems
    from pipeline.filling.errors import TemplateError

    return TemplateError([problems.misplaced(compiled, error.member, error.line, is_markup=error.is_markup)])
