"""From an exception to what a template's author reads: where, what, and what to do."""

import functools
import re
from types import TracebackType

from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError

from pipeline import messages
from pipeline.filling.compiled import CompiledTemplate, Tagged
from pipeline.filling.errors import ValueRefused
from pipeline.filling.limits import TooMuch
from pipeline.filling.printing import NothingToPrint
from pipeline.filling.tag_places import located
from pipeline.filling.tags import Tag, numbered
from pipeline.filling.values import Value
from pipeline.model import Finding, Message, Place, Severity

# Jinja gives the names in its sentences only
_UNDEFINED = re.compile(r"^'(?P<name>.*)' is undefined$")
_NO_ATTRIBUTE = re.compile(r"^'?(?P<owner>.*?)'? has no (?:attribute|element) '?(?P<name>.*?)'?$")
_NO_FILTER = re.compile(r"^No filter named '(?P<name>.*)' found\.$")


def at_tag(
    compiled_content: bytes, tagged: Tagged, tag: Tag | None, code: str, what: Message, mend: Message
) -> Finding:
    """A problem of one tag of a part or property, told with the text around the tag."""
    place, around, shown = _spot(compiled_content, tagged, tag)
    if shown:
        what = messages.say("tag {tag} in “{around}”: {what}", tag=shown, around=around, what=what)
    return Finding(code, Severity.BLOCK, what, place, found=shown, mend=mend)


def _spot(content: bytes, tagged: Tagged, tag: Tag | None) -> tuple[Place, str, str]:
    """Where a tag stands, the text around it, and the tag as it stands in Word."""
    if tagged.field:
        place = Place(part=tagged.member, label=tagged.field)
        return place, tagged.text.replace("\n", ""), tag.text if tag else ""
    if tag is None:
        return Place(part=tagged.member), "", ""
    spot, shown = located(content, tagged.member, tags_of(tagged), tag)
    return spot.place, spot.around(shown), shown


# a check of a kind asks where hundreds of tags of the same part stand
@functools.lru_cache(maxsize=16)
def tags_of(tagged: Tagged) -> list[Tag]:
    """The tags of a part, with the lines Jinja knows them by."""
    # the line feeds are in the text already: counting them again gives the same lines, one further for each tag
    text = re.sub(r"(\{[{%][-+]?)\n", r"\1", tagged.text)
    return numbered(text)[1]


def on_line(
    compiled: CompiledTemplate, tagged: Tagged, line: int, code: str, what: Message, mend: Message
) -> Finding:
    """A problem of the tag on a line."""
    return at_tag(compiled.content, tagged, _tag_on(tagged, line), code, what, mend)


def place_of(compiled: CompiledTemplate, tagged: Tagged, line: int) -> Place:
    """Where the tag on a line stands."""
    return _spot(compiled.content, tagged, _tag_on(tagged, line))[0]


def _tag_on(tagged: Tagged, line: int) -> Tag | None:
    # one tag a line in the numbered text, so the last that begins by then is meant
    return next((tag for tag in reversed(tags_of(tagged)) if tag.line <= line), None)


def raised(compiled: CompiledTemplate, tagged: Tagged, error: Exception) -> Finding:
    """What a template raised while it was rendered."""
    what, mend = _said(error)
    line = _line_of(error.__traceback__)
    return on_line(compiled, tagged, line, "template.value", what, mend)


def _line_of(traceback: TracebackType | None) -> int:
    """The template line where it happened: the innermost of the template's own frames."""
    line = 0
    while traceback is not None:
        # the name under which generated code is compiled
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _said(error: Exception) -> tuple[Message, Message]:
    if isinstance(error, UndefinedError):
        return _undefined(str(error))
    if isinstance(error, NothingToPrint):
        return (
            messages.say("the value to be printed here is empty (null)."),
            messages.say(
                "Say what to print instead: {{{{ name | default('', true) }}}}, or put the tag into an {{% if %}}."
            ),
        )
    if isinstance(error, TooMuch | OverflowError | MemoryError | RecursionError):
        return (
            messages.say("the tag asks for too much memory or time ({detail}).", detail=str(error)),
            messages.say("Write it so that it makes less."),
        )
    if isinstance(error, SecurityError):
        return (
            messages.say("the tag reaches for something a template may not use ({detail}).", detail=str(error)),
            messages.say("Use the values and filters only."),
        )
    # all values were checked before: only a text written in the tag can be refused here
    if isinstance(error, ValueRefused):
        return error.reason, messages.say("Correct the text in the tag.")
    found = _NO_FILTER.match(str(error)) if isinstance(error, TemplateRuntimeError) else None
    if found:
        return (
            messages.say("there is no filter “{name}”.", name=found["name"]),
            messages.say("Check its spelling, or use a filter that is listed in the documentation."),
        )
    return (
        messages.say("the tag fails: {detail}.", detail=f"{type(error).__name__}: {error}"),
        messages.say("Check what kind of value the tag gets (text, number, list)."),
    )


def _undefined(text: str) -> tuple[Message, Message]:
    found = _UNDEFINED.match(text)
    mend = messages.say(
        "Correct the name; where it may be missing, write {{{{ name | default('') }}}} or {{% if name is defined %}}."
    )
    if found:
        return messages.say("the values hold no “{name}”.", name=found["name"]), mend
    found = _NO_ATTRIBUTE.match(text)
    if found:
        return messages.say(
            "there is no “{name}” in what stands before it ({owner}).", name=found["name"], owner=found["owner"]
        ), mend
    return messages.say("the tag uses something that is not there ({detail}).", detail=text), mend


def misplaced(compiled: CompiledTemplate, member: str, line: int, *, is_markup: bool) -> Finding:
    """A value that would not be seen where its tag stands."""
    tagged = next(one for one in compiled.tagged if one.member == member and not one.field)
    if is_markup:
        what = messages.say("rich text printed by a plain tag is not shown by Word.")
        mend = messages.say("Write the tag with r: {{{{r name }}}}.")
    else:
        what = messages.say("plain text printed by this tag is not shown by Word.")
        mend = messages.say("Write the tag without r or p: {{{{ name }}}}; r is for rich text, p for subdocuments.")
    return on_line(compiled, tagged, line, "template.misplaced", what, mend)


def _of_file(code: str, what: Message, mend: Message) -> Finding:
    """A problem that has no place in the template."""
    return Finding(code, Severity.BLOCK, what, mend=mend)


def malformed(error: Exception) -> Finding:
    """Values and tags together made XML that cannot be read."""
    return _of_file(
        "template.structure",
        messages.say(
            "the tags open and close in different places, so that the document cannot be read ({detail}).",
            detail=str(error),
        ),
        messages.say(
            "Put the beginning and the end of each {{% if %}} and {{% for %}} into the same kind of place: both in a "
            "line of text, both in paragraphs of their own (p), or both in rows of their own (tr)."
        ),
    )


def stumbled(error: Exception) -> Finding:
    """docxtpl itself could not make the document."""
    return _of_file(
        "template.failed",
        messages.say("the document could not be made ({detail}).", detail=f"{type(error).__name__}: {error}"),
        messages.say("Open the template in Word, save it again, and look at its tables and pictures."),
    )


def lost(text: str) -> Finding:
    """Text came out where Word does not show any."""
    return _of_file(
        "template.lost",
        messages.say("the text “{text}” would come out where Word shows none.", text=text[:80]),
        messages.say("Print plain text with {{{{ name }}}} and rich text with {{{{r name }}}}."),
    )


def unreadable(detail: str) -> Finding:
    """The file is no template at all."""
    return _of_file(
        "template.file",
        messages.say("The template is no Word file (.docx) that can be opened: {detail}.", detail=detail),
        messages.say("Open it in Word and save it again as .docx."),
    )


def no_picture(name: str, known: Value) -> Finding:
    """A picture was given that the template has no place for."""
    return _of_file(
        "template.picture",
        messages.say(
            "The template has no picture named “{name}” (it has: {known}).",
            name=name,
            known=", ".join(sorted(known)) or "–",
        ),
        messages.say("Give the placeholder picture that name in its alternative text."),
    )
