"""Findings about the official form: their collector, and a paragraph compared with the style its block must have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypedDict, Unpack

from pipeline.layout.check.blocks import holds_placeholder, is_upper
from pipeline.layout.check.changes import Change, Letters, Setting
from pipeline.layout.check.word_document import Paragraph, Run
from pipeline.layout.profile import Look, Profile, all_profiles
from pipeline.messages import joined, say, verbatim
from pipeline.model import Finding, Message, Place, Severity

BLOCK: Final = Severity.BLOCK
WARN: Final = Severity.WARN

_ORDER: Final = (BLOCK, WARN, Severity.INFO)
_SHOWN: Final = 60
_FEW: Final = 2


class Details(TypedDict, total=False):
    """What a finding says beside its message."""

    found: str
    needed: Message | str | None
    mend: Message | None
    change: Change | None


@dataclass
class Findings:
    """Collects findings, and what would put them right."""

    all: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def block(
        self, code: str, message: Message, para: Paragraph | Place | None = None, **more: Unpack[Details]
    ) -> None:
        """One finding that keeps the document from being issued; else as `add`."""
        self.add(code, BLOCK, message, para, **more)

    def warn(
        self, code: str, message: Message, para: Paragraph | Place | None = None, **more: Unpack[Details]
    ) -> None:
        """One finding worth a look; else as `add`."""
        self.add(code, WARN, message, para, **more)

    def tell(
        self, code: str, message: Message, para: Paragraph | Place | None = None, **more: Unpack[Details]
    ) -> None:
        """One hint: no fault, or one that nobody sees on paper; else as `add`."""
        self.add(code, Severity.INFO, message, para, **more)

    def add(
        self,
        code: str,
        severity: Severity,
        message: Message,
        para: Paragraph | Place | None = None,
        **more: Unpack[Details],
    ) -> None:
        """One finding about a paragraph (or a place); without `found` the paragraph's own text is shown."""
        change, needed, found = more.get("change"), more.get("needed"), more.get("found", "")
        if change is not None:
            self.changes.append(change)
        place = para.place if isinstance(para, Paragraph) else (para or Place())
        if not found and isinstance(para, Paragraph):
            found = shortened(para.stripped)
        wanted = verbatim(needed) if isinstance(needed, str) else needed
        self.all.append(Finding(code, severity, message, place, found, wanted, more.get("mend")))

    def merged(self) -> tuple[Finding, ...]:
        """What was found, the same departure in many places merged once; by weight, then by rule."""
        groups: dict[tuple[str, Severity, Message, Message | None], list[Finding]] = {}
        for finding in self.all:
            key = (finding.code, finding.severity, _wherever(finding.message), finding.needed)
            groups.setdefault(key, []).append(finding)
        merged: list[Finding] = []
        for group in groups.values():
            if len(group) <= _FEW:
                merged += group
            else:
                more = say(
                    "{message} The same in {count} other places.", message=group[0].message, count=len(group) - 1
                )
                merged.append(replace(group[0], message=more))
        return tuple(sorted(merged, key=lambda finding: (_ORDER.index(finding.severity), finding.code)))


def _wherever(message: Message) -> Message:
    """A sentence without the number of the section it is about: eight sections of one width are one departure."""
    return replace(message, params=tuple(each for each in message.params if each[0] != "index"))


def shortened(text: str) -> str:
    """A text as it is quoted in a finding."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def figure(number: float) -> str:
    """A number as people write it: 14, 13,5."""
    return f"{number:g}".replace(".", ",")


def span(least: float, most: float) -> str:
    """A range as people write it: 14, 14–15."""
    return figure(least) if least == most else f"{figure(least)}–{figure(most)}"


def sizes_of(look: Look) -> tuple[float, float]:
    """The sizes a look allows."""
    return look.sizes or (look.size, look.size)


@dataclass(frozen=True)
class Wanted:
    """What is compared of a block: its rule, its weight, its name in a sentence, its look."""

    code: str
    severity: Severity
    block: Message
    look: Look
    upper: bool = False
    centred: bool = False
    skip: frozenset[str] = frozenset()


def compare(findings: Findings, wanted: Wanted, paras: Iterable[Paragraph]) -> None:
    """Report where paragraphs look otherwise than the form wants them to: size, bold, italic, underline, capitals."""
    for para in paras:
        # a line divided by tabs holds two blocks, each with a style of its own
        runs = para.visible_runs if "\t" not in para.text else ()
        if not runs:
            continue
        _compare_size(findings, wanted, para, runs)
        _compare_face(findings, wanted, para, runs)
        # what stands in the place of a placeholder is not known yet
        is_known = not holds_placeholder(para.text)
        if is_known and wanted.upper and not is_upper(para.stripped) and not all(run.format.caps for run in runs):
            findings.add(
                wanted.code,
                wanted.severity,
                say("{block}: capital letters are wanted.", block=wanted.block),
                para,
                needed=para.stripped.upper(),
                mend=say("Type it in capitals."),
                change=Letters(runs, {"caps": "1"}),
            )
        if wanted.centred and para.format.align != "center":
            findings.add(
                wanted.code,
                wanted.severity,
                say("{block}: not centred.", block=wanted.block),
                para,
                mend=say("Centre the paragraph."),
                change=Setting(para, {"jc.val": "center"}),
            )


def _compare_size(findings: Findings, wanted: Wanted, para: Paragraph, runs: Sequence[Run]) -> None:
    least, most = sizes_of(wanted.look)
    wrong = sorted({run.format.size for run in runs if not least <= run.format.size <= most})
    if wrong and "size" not in wanted.skip:
        # a point more or less is seen with a ruler only: no paper is sent back for it
        findings.warn(
            wanted.code,
            say("{block}: wrong size of letters.", block=wanted.block),
            para,
            found=", ".join(f"{figure(size)} pt" for size in wrong),
            needed=f"{span(least, most)} pt",
            mend=say("Set the size of these letters to {size} pt.", size=figure(wanted.look.size)),
            change=in_size([run for run in runs if run.format.size in wrong], wanted.look.size),
        )


def _compare_face(findings: Findings, wanted: Wanted, para: Paragraph, runs: Sequence[Run]) -> None:
    look = wanted.look
    # of a hyphen or a colon nobody sees whether it is bold
    seen = [run for run in runs if any(char.isalnum() for char in run.text)]
    checks = (
        ("bold", look.bold, any(run.format.bold != look.bold for run in seen)),
        ("italic", look.italic, any(run.format.italic != look.italic for run in seen)),
        ("underline", look.underline, any(bool(run.format.underline) != look.underline for run in seen)),
    )
    for name, is_wanted, differs in checks:
        if differs and name not in wanted.skip:
            what, how = _FACES[name]()
            tag, values = _SWITCHES[name]
            sentence = (
                say("{block}: {face} letters are wanted.", block=wanted.block, face=what)
                if is_wanted
                else say("{block}: no {face} letters are wanted.", block=wanted.block, face=what)
            )
            change = Letters(tuple(runs), {tag: values[is_wanted]})
            findings.add(wanted.code, wanted.severity, sentence, para, mend=how, change=change)


def in_size(runs: Iterable[Run], size: float) -> Letters:
    """The change of letters into a size, in points."""
    return Letters(tuple(runs), {"sz": f"{size * 2:g}"})


_FACES: Final = {
    "bold": lambda: (say("bold"), say("Switch bold on or off for the whole line (Ctrl+B).")),
    "italic": lambda: (say("italic"), say("Switch italics on or off for the whole line (Ctrl+I).")),
    "underline": lambda: (say("underlined"), say("Switch underlining on or off for the whole line (Ctrl+U).")),
}


#: The switch of each face, and what it says when it is off and on.
_SWITCHES: Final = {"bold": ("b", ("0", "1")), "italic": ("i", ("0", "1")), "underline": ("u", ("none", "single"))}


def other_families(profile: Profile) -> list[Profile]:
    """The forms of the other systems, the newest first."""
    return [each for each in [*all_profiles().values()][::-1] if each.family != profile.family]


def mixed(
    findings: Findings,
    profile: Profile,
    what: Message,
    para: Paragraph,
    needed: Message | str | None = None,
    change: Change | None = None,
) -> None:
    """TT05: something of the other system."""
    # of several other systems nobody says whose it is
    others = dict.fromkeys(Message.of_texts(other.called) for other in other_families(profile))
    theirs = joined(others, " / ")
    sentence = say(
        "{what}: this is the {theirs} form in a {ours} document.",
        what=what,
        theirs=theirs,
        ours=Message.of_texts(profile.called),
    )
    # the commonest fault of all, and it shows at once: it blocks
    findings.block(
        "TT05",
        sentence,
        para,
        needed=needed,
        mend=say("Write it as the form of this document prescribes."),
        change=change,
    )
