"""What a template lets Word or LibreOffice work out for themselves: there, the paper need not say what was filled in.

Both print a field, a bound content control or a part of the date anew, each at a time of its own: the date of today,
the name of a file in a spool. What only follows from the pages (PAGE, NUMPAGES) stays; everything else is refused.
"""

import re
from collections.abc import Iterator
from typing import Final

from pipeline.filling.tag_places import place_in
from pipeline.filling.values import Value
from pipeline.messages import say
from pipeline.model import Finding, Message, Severity
from pipeline.ooxml.word_fields import Fields, W, WordField

# tried with LibreOffice 7.4: EQ and SYMBOL are printed otherwise than by Word, SEQ counts where Word does not
#: Fields that print what stands in the template, or nothing, whenever they are looked at.
_STANDING: Final = frozenset({
    "ADVANCE", "BIDIOUTLINE", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "GOTOBUTTON", "HYPERLINK",
    "MACROBUTTON", "PRIVATE", "RD", "TA", "TC", "XE",
})  # fmt: skip
#: Fields whose result is never made anew: a tag in it is printed as filled in.
_KEEPING: Final = frozenset({"HYPERLINK", "FORMTEXT"})
#: Fields that are filled in from a list of recipients, which this program does not have.
MERGING: Final = frozenset({
    "ADDRESSBLOCK", "ASK", "COMPARE", "DATABASE", "FILLIN", "GREETINGLINE", "IF", "MERGEFIELD", "MERGEREC",
    "MERGESEQ", "NEXT", "NEXTIF", "SET", "SKIPIF",
})  # fmt: skip
#: Parts of today's date that stand among the letters of a run (17.3.3: dayShort and the like).
_TODAY: Final = tuple(f"{W}{part}{size}" for part in ("day", "month", "year") for size in ("Short", "Long"))
_TAG: Final = re.compile(r"\{[{%]")
_FORM_TYPES: Final = frozenset({"currentDate", "currentTime", "calculated"})


def computed_in(root: Value, member: str) -> Iterator[Finding]:
    """Everything in a part that works out by itself what it prints, each with its place."""
    for one in Fields(root).all:
        if told := _of_field(one):
            code, what, mend = told
            shown = f"{{ {' '.join(one.instruction.split())} }}"[:80]
            yield Finding(code, Severity.BLOCK, what, place_in(one.elements[0], member), found=shown, mend=mend)
    for binding in root.iter("{*}dataBinding"):
        yield _of_binding(binding, member)
    for part in root.iter(*_TODAY):
        yield Finding(
            "template.computed",
            Severity.BLOCK,
            say("here stands a part of today's date, which is another one whenever the paper is printed."),
            place_in(part, member),
            mend=say("Delete it, and write a tag of the date instead."),
        )


def _of_field(one: WordField) -> tuple[str, Message, Message] | None:
    """The code of what is wrong with a field, what it is, and how to mend it; None when it may stay."""
    name = one.name
    if name in MERGING:
        return (
            "template.merge-field",
            say("the mail merge field {name} would print what stood in it when the template was saved.", name=name),
            say("Delete the field, and write a tag, or an {{% if %}}, in its place."),
        )
    kinds = {kind.get(f"{W}val") for kind in one.form.iter(f"{W}type")} if one.form is not None else set()
    stands = (one.follows_pages or name in _STANDING) and not kinds & _FORM_TYPES
    is_tagged = _TAG.search(one.shown if name == "HYPERLINK" and stands else one.instruction + one.shown)
    if stands and (name in _KEEPING or not is_tagged):
        return None
    mend = say("Click into it and press Ctrl+Shift+F9: its text then stands by itself; or delete it and write a tag.")
    if is_tagged:
        what = say("the field {name} works out by itself what it prints: the tag in it would be lost.", name=name)
    else:
        what = say("the field {name} works out by itself what it prints, each time anew.", name=name)
    return "template.computed", what, mend


def _of_binding(binding: Value, member: str) -> Finding:
    control = next(binding.iterancestors(f"{W}sdt"), binding)
    text = "".join(piece.text or "" for piece in control.iter(f"{W}t"))
    if _TAG.search(text):
        what = say("the content control prints data kept elsewhere in the file: the tag in it would be lost.")
    else:
        what = say("the content control prints data kept elsewhere in the file, not what stands in it.")
    return Finding(
        "template.computed",
        Severity.BLOCK,
        what,
        place_in(control, member),
        found=text[:80],
        mend=say("Right-click it, Remove Content Control, and write the tag as plain text."),
    )
