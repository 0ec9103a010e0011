"""Why a file is not read at all, in words: one function for each sentence that several readers say."""

from pipeline.messages import say
from pipeline.model import Finding, Message, Place, Severity


class Unfit(Exception):  # noqa: N818 - names a state of the file
    """The file is refused; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def refusal(code: str, message: Message, mend: Message, *, found: str = "", place: Place | None = None) -> Finding:
    """A blocking finding about the file as a whole, or about a part of it."""
    return Finding(code, Severity.BLOCK, message, place or Place(), found=found, mend=mend)


def warning(code: str, message: Message, mend: Message, *, found: str = "", place: Place | None = None) -> Finding:
    """A finding that keeps nothing from being made."""
    return Finding(code, Severity.WARN, message, place or Place(), found=found, mend=mend)


def empty() -> Finding:
    """The file has no content."""
    return refusal("file.empty", say("The file is empty."), say("Save the form again and drop it once more."))


def damaged(part: str = "") -> Finding:
    """The file cannot be opened, or not to its end; `part` is the part of it that shows that."""
    return refusal(
        "file.damaged",
        say("The file is damaged and cannot be opened."),
        say("Open it on your computer, save it under a new name and drop that file."),
        place=Place(part=part),
    )


def too_heavy() -> Finding:
    """Reading it would take more memory or time than any form needs."""
    return refusal(
        "file.too-heavy",
        say("The file is far larger inside than a form can be, or is built so that reading it never ends."),
        say("Copy the content into an empty form and drop that file."),
    )


def stopped(*, is_heavy: bool) -> Finding:
    """Its reader was stopped in its guarded process: by a limit, or because it died."""
    return too_heavy() if is_heavy else damaged()


def password() -> Finding:
    """The file is protected against opening (I04)."""
    return refusal(
        "I04",
        say("The file is protected by a password."),
        say("Remove the password, save the file and drop it again."),
    )


def copy_over() -> Message:
    """What to do about a file that is built as no office program builds files."""
    return say("Copy the content into an empty form and drop that file.")


def embedded(part: str) -> Finding:
    """Another file travels inside."""
    return refusal(
        "file.embedded-object",
        say("Another file or program is embedded in the document (“{part}”).", part=part),
        say("Delete the embedded object, write its content as text, and drop the file again."),
    )


def fetches(target: str) -> Finding:
    """An office program opening it would fetch or start something."""
    return refusal(
        "file.external-link",
        say("The document would fetch or start something from outside: “{target}”.", target=target[:150]),
        say("Remove the link (or copy the content into an empty form) and drop the file again."),
    )


def macros() -> Finding:
    """A program travels inside (I05)."""
    return refusal(
        "I05",
        say("The file contains a macro program."),
        say("Save it as an ordinary .docx or .xlsx without macros and drop that file."),
    )


def old(format_: str, wanted: str) -> Finding:
    """The format is an old one, and cannot be made new here (I01)."""
    return refusal(
        "I01",
        say("The file is in an old format (.{extension}) that cannot be read here.", extension=format_),
        say("Open it in Word or Excel, save it as .{wanted}, and drop that file.", wanted=wanted),
    )


def unconvertible(format_: str, wanted: str) -> Finding:
    """LibreOffice could not make a new format of an old one (I01)."""
    return refusal(
        "I01",
        say(
            "The file is in an old format (.{extension}) and could not be converted; it may be damaged.",
            extension=format_,
        ),
        say("Open it in Word or Excel, save it as .{wanted}, and drop that file.", wanted=wanted),
    )


def converted(format_: str, wanted: str) -> Finding:
    """The format is an old one; what was read is what LibreOffice made of it (I01)."""
    return warning(
        "I01",
        say(
            "The file is in an old format (.{extension}); it was converted to .{wanted} to be read.",
            extension=format_,
            wanted=wanted,
        ),
        say("Check the values that were read; next time save the form as .{wanted}.", wanted=wanted),
    )
