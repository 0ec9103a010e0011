"""The fast way: finished members copied, the others written from their code."""

from collections.abc import Callable, Mapping

from markupsafe import escape

from pipeline.filling import emptied
from pipeline.filling.budget import Budget
from pipeline.filling.compiled import CompiledTemplate, Part
from pipeline.filling.links import Links
from pipeline.filling.package import (
    BODY,
    ZipEntry,
    deflated_fast,
    inflated,
    packed,
    stored,
    zip_entry,
)
from pipeline.filling.sandbox import context_of
from pipeline.filling.writer import Misplaced, Writer


def written(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    filters: Mapping[str, Callable[..., object]],
    pictures: Mapping[str, bytes],
    finish: Callable[[bytes | bytearray], bytes] | None = None,
) -> bytes:
    """The document. Raises NeedsDocxtpl, Misplaced, or anything: then the document must be made the exact way."""
    budget = Budget()
    entries = list(compiled.entries)
    links: dict[str, Links] = {}
    for index, one in enumerate(compiled.entries):
        if isinstance(one, Part):
            content, made = _written(one, values, filters, budget)
            content = finish(content) if finish is not None and one.member == BODY else content
            entries[index] = zip_entry(deflated_fast(one.member, content))
            if made:
                folder, _, leaf = one.member.rpartition("/")
                links[f"{folder}/_rels/{leaf}.rels"] = made
    if pictures or links:
        _replace(entries, compiled, pictures, links)
    return packed(entries)  # type: ignore[arg-type]  # every part is an entry by now


def _written(
    part: Part, values: Mapping[str, object], filters: Mapping[str, Callable[..., object]], budget: Budget
) -> tuple[bytes | bytearray, Links]:
    links = Links(part.known_ids)
    writer = Writer(part.codes[0].batches, budget, links, part.first_id)
    try:
        for index, code in enumerate(part.codes):
            writer.raw(part.pieces[index])
            context = context_of(code.environment, values, budget, filters, writer)
            if part.is_text:
                # Jinja sees a property as plain text; escaped here once (docxtpl escapes it twice: "&" came out as
                # "&amp;")
                writer.raw(str(escape("".join(code.root(context)))).encode())
            else:
                for _ in code.root(context):
                    raise RuntimeError("generated code gave something away instead of writing it")
        writer.raw(part.pieces[-1])
    # the writer knows the line of the tag, not the part it writes
    except Misplaced as error:
        error.member = part.member
        raise
    content = writer.finish()
    return emptied.mended(content) if part.may_be_empty else content, links


def _replace(
    entries: list[ZipEntry | Part],
    compiled: CompiledTemplate,
    pictures: Mapping[str, bytes],
    links: Mapping[str, Links],
) -> None:
    """Put the given pictures in place, and the links of rich text among the relationships."""
    replaced = {member: content for name, content in pictures.items() for member in compiled.pictures[name]}
    for index, one in enumerate(compiled.members):
        if isinstance(one, Part):
            continue
        if one.name in replaced:
            entries[index] = zip_entry(stored(one.name, replaced[one.name]))
        elif one.name in links:
            entries[index] = zip_entry(deflated_fast(one.name, links[one.name].added_to(inflated(one))))
