"""The fast way: finished members copied, the others written from their code."""

import zlib
from collections.abc import Callable, Mapping

from markupsafe import escape

from pipeline.filling.anything import Value
from pipeline.filling.compiled import TEXT_ENVIRONMENT, XML_ENVIRONMENT, CompiledTemplate, Part
from pipeline.filling.links import Links
from pipeline.filling.package import Member, deflated_fast, packed, stored
from pipeline.filling.sandbox import Budget, FillContext
from pipeline.filling.writer import Misplaced, Writer


def written(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    filters: Mapping[str, Callable[..., object]],
    pictures: Mapping[str, bytes],
) -> bytes:
    """The document. Raises Elsewhere, Misplaced, or anything: then the document must be made the exact way."""
    budget = Budget()
    variables = {**XML_ENVIRONMENT.globals, **values}
    replaced = {member: content for name, content in pictures.items() for member in compiled.pictures[name]}
    members: list[Member] = []
    links: dict[str, Links] = {}
    for one in compiled.members:
        if isinstance(one, Part):
            member, made = _written(one, variables, filters, budget)
            members.append(member)
            if made:
                folder, _, leaf = one.member.rpartition("/")
                links[f"{folder}/_rels/{leaf}.rels"] = made
        elif one.name in replaced:
            members.append(stored(one.name, replaced[one.name]))
        else:
            members.append(one)
    return packed(_linked(members, links) if links else members)


def _written(
    part: Part, variables: dict[str, Value], filters: Mapping[str, Callable[..., object]], budget: Budget
) -> tuple[Member, Links]:
    links = Links(part.known_ids)
    writer = Writer(part.codes[0].batches, budget, links, part.first_id)
    try:
        for index, code in enumerate(part.codes):
            writer.raw(part.pieces[index])
            context = FillContext(TEXT_ENVIRONMENT if part.is_text else XML_ENVIRONMENT, variables, None, {})
            context.budget, context.given, context.writer = budget, filters, writer
            if part.is_text:
                writer.raw(str(escape("".join(code.root(context)))).encode())
            else:
                for _ in code.root(context):
                    raise RuntimeError("generated code gave something away instead of writing it")
        writer.raw(part.pieces[-1])
    except Misplaced as error:
        error.member = part.member
        raise
    content = writer.finish()
    return Member(part.member, content, writer.crc, writer.size), links


def _linked(members: list[Member], links: Mapping[str, Links]) -> list[Member]:
    """The members with the links of rich text among the relationships."""
    return [
        deflated_fast(one.name, links[one.name].added_to(zlib.decompress(one.content, -15)))
        if one.name in links
        else one
        for one in members
    ]
