"""A template's syntax, tag by tag: everything wrong is told at once, each at its own place."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jinja2 import TemplateSyntaxError

from pipeline import messages
from pipeline.filling.compiled import Tagged
from pipeline.filling.generator import StrictGenerator
from pipeline.filling.problems import at_tag, tags_of
from pipeline.filling.sandbox import TEXT_ENVIRONMENT
from pipeline.filling.tags import Tag
from pipeline.model import Finding, Message

_BLOCKS: Final = frozenset({"if", "for", "macro", "call", "filter", "set", "with", "block", "raw", "autoescape"})
_MIDDLES: Final = {"elif": ("if",), "else": ("if", "for")}
#: docxtpl's own tags, which patching has turned into something else when they stand where they belong.
_DOCXTPL: Final = frozenset({"vm", "hm", "colspan", "cellbg", "p", "r", "tr", "tc"})
# docxtpl makes “ ” ‘ ’ straight; these it leaves as they are
_ODD_QUOTES: Final = "„‟«»‹›`´′″ʺʼ＂＇"


def problems(content: bytes, parts: Sequence[Tagged]) -> list[Finding]:
    """Everything wrong with the syntax of a template's parts."""
    found: list[Finding] = []
    for part in parts:
        tags = tags_of(part)
        # Jinja names only the first fault of a text; each tag is asked about by itself when there is one
        whole = list(_as_a_whole(part, tags))
        told = [*_of_tags(tags, is_sound=not whole), *_of_blocks(tags)] or whole
        ordered = sorted(told, key=lambda one: one[0].start if one[0] else 0)
        found += [at_tag(content, part, tag, "template.tag", what, mend) for tag, what, mend in ordered]
    return found


_Told = tuple[Tag | None, Message, Message]


def _of_tags(tags: Sequence[Tag], *, is_sound: bool) -> Iterator[_Told]:
    """Tags that are wrong by themselves; where Jinja takes the whole as sound, only for us."""
    is_raw = False
    for tag in tags:
        if tag.keyword in ("raw", "endraw"):
            is_raw = tag.keyword == "raw"
        elif is_raw:
            continue
        elif not tag.is_closed:
            closing = "}}" if tag.text.startswith("{{") else "%}" if tag.text.startswith("{%") else "#}"
            yield (
                tag,
                messages.say("the tag is not closed."),
                messages.say(
                    "End it with {closing}; a quote or bracket left open inside it has the same effect.",
                    closing=closing,
                ),
            )
        else:
            error = _error_of(tag, is_sound=is_sound)
            if error:
                yield tag, *_said(tag, error)


def _error_of(tag: Tag, *, is_sound: bool) -> str:
    """What is wrong with one tag, by our rules, then by Jinja in a template of its own; "" when it is right."""
    keyword = tag.keyword
    # escaping off let a value `A & B <c>` end the document in silence (docxtpl recovers from broken XML by dropping)
    if keyword == "autoescape" and tag.inside != "autoescape true":
        return keyword
    if keyword.startswith("end") and keyword[3:] in _BLOCKS:
        # an endblock may name its block; no other end takes a word
        return "" if keyword in (tag.inside, "endblock") else f"unexpected text after {keyword}"
    if is_sound:
        return ""
    # each given what it needs around it, so that only its own words are judged
    if tag.text.startswith("{{"):
        alone = f"{{{{ {tag.inside} }}}}"
    elif keyword == "else":
        return "" if tag.inside == "else" else "unexpected text after else"
    elif keyword == "elif":
        alone = f"{{% if true %}}{{% {tag.inside} %}}{{% endif %}}"
    elif keyword in _BLOCKS and not _is_plain_set(tag):
        alone = f"{{% {tag.inside} %}}{{% end{keyword} %}}"
    else:
        alone = f"{{% {tag.inside} %}}"
    try:
        tree = TEXT_ENVIRONMENT.parse(alone)
        generator = StrictGenerator(TEXT_ENVIRONMENT, None, None)
        # an unknown test shows only when code is generated
        generator.visit(tree)
    except TemplateSyntaxError as error:
        return error.message or str(error)
    except RecursionError:
        return "too deeply nested"
    return ""


def _is_plain_set(tag: Tag) -> bool:
    # `{% set x = 1 %}` has no end, `{% set x %}` has one; an = in quotes decides nothing
    return tag.keyword == "set" and re.search(r"=", re.sub(r"'[^']*'|\"[^\"]*\"", "", tag.inside)) is not None


def _said(tag: Tag, error: str) -> tuple[Message, Message]:
    odd = sorted({char for char in tag.inside if char in _ODD_QUOTES})
    if odd:
        return (
            messages.say("the tag holds typographic quotes ({quotes}).", quotes=" ".join(odd)),
            messages.say("Write straight quotes (' or \") in tags."),
        )
    if tag.keyword in _DOCXTPL:
        return (
            messages.say("“{keyword}” does not stand where it can work.", keyword=tag.keyword),
            messages.say(
                "vm, hm, colspan and cellbg belong into a table cell; p, tr, tc and r are written without a space "
                "after {{% and need one after them."
            ),
        )
    if "autoescape" in error:
        return (
            messages.say("escaping cannot be switched off."),
            messages.say("Remove the tag; use RichText for formatted values."),
        )
    return (
        messages.say("the tag cannot be understood ({detail}).", detail=error.rstrip(".")),
        messages.say("Check its spelling: names, quotes, brackets and dots."),
    )


def _of_blocks(tags: Sequence[Tag]) -> Iterator[_Told]:
    """Beginnings without an end and ends without a beginning."""
    opened: list[Tag] = []
    for tag in tags:
        keyword = tag.keyword if tag.is_closed else ""
        if keyword in _BLOCKS and not _is_plain_set(tag):
            opened.append(tag)
        elif keyword in _MIDDLES:
            if not opened or opened[-1].keyword not in _MIDDLES[keyword]:
                yield _without_beginning(tag, _MIDDLES[keyword][0])
        elif keyword.startswith("end") and keyword[3:] in _BLOCKS:
            yield from _closed(opened, tag)
    for tag in opened:
        yield _without_end(tag)


def _closed(opened: list[Tag], tag: Tag) -> Iterator[_Told]:
    """Take from `opened` what `tag` ends; what stands open inside it has no end."""
    wanted = tag.keyword[3:]
    if not any(one.keyword == wanted for one in opened):
        yield _without_beginning(tag, wanted)
        return
    while (last := opened.pop()).keyword != wanted:
        yield _without_end(last)


def _without_end(tag: Tag) -> _Told:
    return (
        tag,
        messages.say("the tag {{% {keyword} %}} has no end.", keyword=tag.keyword),
        messages.say("Add {{% end{keyword} %}} after what belongs to it.", keyword=tag.keyword),
    )


def _without_beginning(tag: Tag, keyword: str) -> _Told:
    return (
        tag,
        messages.say("there is no open {{% {keyword} %}} for this tag.", keyword=keyword),
        messages.say("Add {{% {keyword} … %}} before it, or remove it.", keyword=keyword),
    )


def _as_a_whole(part: Tagged, tags: Sequence[Tag]) -> Iterator[_Told]:
    """What Jinja says of the whole part."""
    try:
        generator = StrictGenerator(TEXT_ENVIRONMENT, None, None)
        generator.visit(TEXT_ENVIRONMENT.parse(part.text))
    except TemplateSyntaxError as error:
        tag = next((one for one in reversed(tags) if one.line <= error.lineno), None)
        yield (
            tag,
            messages.say("the tag cannot be understood ({detail}).", detail=(error.message or "").rstrip(".")),
            messages.say("Check its spelling: names, quotes, brackets and dots."),
        )
