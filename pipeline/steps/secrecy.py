"""The secrecy gate (the-thuc.md §9): only a file that was looked at and bears no mark is copied, read and logged.

Of a marked file neither name nor content is recorded. It is moved aside within the share it lies on, readable by its
owner only, under the number of an incident. A file that could not be looked into stays where it was dropped, and is
neither copied nor named until a person has looked at it and lets it in (decision 0019). In both cases the sender and
the clerk read a note that says so and nothing of the file.
"""

import contextlib
import functools
import itertools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pipeline import intake, reading
from pipeline.errors import NoSpaceError
from pipeline.files import CannotWrite, Reason, is_same, make_folder, sync_folder
from pipeline.intake import Found
from pipeline.messages import say
from pipeline.model import Finding, Job, Message, Severity
from pipeline.reading import Look, Unseen
from pipeline.steps import incidents
from pipeline.tools.tesseract import PACKAGES
from pipeline.workspace import Workspace

#: Beside the files of the inbox, so that moving is renaming and never copying; the dot keeps `intake.look` out of it.
ASIDE: Final = ".cach-ly"


#: The code of the finding that pictures were let in unseen.
PICTURES_UNSEEN: Final = "file.pictures-unseen"


def look(workspace: Workspace, found: Found) -> Look:
    """Ask, in a guarded child, whether a file that still lies in the inbox bears a mark of secrecy."""
    path = workspace.folders.inbox / found.name
    return reading.look_guarded(workspace.guard, path, found.shown_name, workspace.converter, workspace.sight)


def set_aside(workspace: Workspace, found: Found) -> int:
    """Move a marked file aside and tell people; gives the number of the incident, which is all that is recorded.

    Where its folder lets nobody move it, it stays, and is told of as lying there. 0 when it is no longer there, or
    its share cannot say so now.
    """
    inbox = workspace.folders.inbox
    if not is_same(inbox, found.name, found.stamp):
        return 0
    number = incidents.record(workspace, incidents.MARKED, found)
    unit = incidents.unit_of(workspace, found)
    folder = (inbox / found.name).parent
    said = _marked(number) if os.access(folder, os.W_OK | os.X_OK) else _marked_and_lying(number)
    # told before it is moved: after a crash in between the file is found again and told of again, never forgotten
    is_new = incidents.tell(workspace, number, unit, said)
    if not _moved(inbox, found, number) and is_new and is_same(inbox, found.name, found.stamp):
        incidents.tell_otherwise(workspace, number, unit, _marked_and_lying(number))
    return number


def close_to(workspace: Workspace, found: Found, seen: Look) -> int | None:
    """Leave a file that could not be looked into where it is, and tell people; gives the number of the incident.

    None when a person has let it in; 0 when it is no longer the file that was found, or its share cannot say so now.
    """
    if not is_same(workspace.folders.inbox, found.name, found.stamp):
        return 0
    number = incidents.record(workspace, incidents.UNSEEN, found, seen.why)
    if incidents.is_admitted(workspace, number):
        return None
    said = say(
        "A file in the inbox ({about}) has not been taken. {trouble} Nobody could look whether it bears a mark of "
        "secrecy, so it was neither copied nor recorded, and lies where it was dropped. {mend} If it has to be taken "
        "as it is, the clerk of the cluster looks at it and lets it in as incident {incident}.",
        about=incidents.about(found),
        trouble=_trouble(workspace, found, seen.why),
        mend=_mend(seen.why),
        incident=number,
    )
    incidents.tell(workspace, number, incidents.unit_of(workspace, found), said)
    return number


def unseen_pictures(workspace: Workspace, job: Job) -> tuple[Finding, ...]:
    """Say with a job that its pictures were let in unseen; nothing where they were looked at."""
    why = workspace.unseen(job)
    if not why:
        return ()
    said = {
        Unseen.NO_READER: say(
            "Nobody has looked for a mark of secrecy on its scanned pages and pictures: no program is installed here "
            "that could."
        ),
        Unseen.TOO_MANY: say(
            "Not all of its scanned pages and pictures were looked at for a mark of secrecy: there are too many."
        ),
    }.get(
        Unseen(why),
        say("Some of its scanned pages and pictures could not be looked at for a mark of secrecy."),
    )
    mend = say("Look at the paper; if it bears a mark, tell the person in charge of state secrets at once.")
    return (Finding(PICTURES_UNSEEN, Severity.INFO, said, mend=mend),)


def _moved(inbox: Path, found: Found, number: int) -> bool:
    """Rename a file into a private folder near it; False where there can be none, or when it is gone."""
    # a unit's folder may be a mount of its own, out of which nothing can be renamed
    parents = [inbox, *(inbox.joinpath(*found.name.parts[:depth]) for depth in range(1, len(found.name.parts)))]
    return any(_moved_below(inbox / found.name, parent / ASIDE, number) for parent in parents)


def _moved_below(path: Path, folder: Path, number: int) -> bool:
    # whatever is in the way, the text of the error holds the file's name: it is not passed on
    with contextlib.suppress(OSError, CannotWrite, NoSpaceError):
        # on the disk before anything is in it: a power cut would else take the folder away with the file
        make_folder(folder)
        if folder.is_symlink():
            return False
        folder.chmod(0o700)
        place = next(place for place in _names(folder, number) if not os.path.lexists(place))
        path.rename(place)
        sync_folder(folder)
        sync_folder(path.parent)
        with contextlib.suppress(OSError):  # another user's file
            if not place.is_symlink():
                place.chmod(0o600)
        return True
    return False


def _names(folder: Path, number: int) -> Iterator[Path]:
    """Another ledger may have given this number before, and what it set aside is not overwritten."""
    yield folder / f"su-co-{number}"
    yield from (folder / f"su-co-{number}-{again}" for again in itertools.count(2))


def _marked(number: int) -> Message:
    return say(
        "A file seems to bear a mark of secrecy. It was not read, copied or recorded, and was set aside as incident "
        "{incident}. This system must not hold secret papers: tell the person in charge of state secrets, who "
        "decides what happens to it.",
        incident=number,
    )


def _marked_and_lying(number: int) -> Message:
    return say(
        "A file seems to bear a mark of secrecy (incident {incident}). It was not read, copied or recorded, but "
        "could not be set aside: its folder lets nobody move it, and it lies where it was dropped. This system must "
        "not hold secret papers: tell the person in charge of state secrets at once, who decides what happens to it.",
        incident=number,
    )


def _trouble(workspace: Workspace, found: Found, why: str) -> Message:
    """Say what was in the way, in words that hold nothing of the file."""
    limit_bytes = workspace.practice.limits.of(workspace.folders.inbox, found)
    refused = intake.refusal(workspace.folders.inbox, found, limit_bytes=limit_bytes)
    if refused is not None and refused.reason is Reason.TOO_LARGE:
        return refused.message
    return trouble_of(why)


def trouble_of(why: str) -> Message:
    """Say what kept the gate from looking, by its code."""
    return _words().get(why, _words()[""])[0]


def _mend(why: str) -> Message:
    return _words().get(why, _words()[""])[1]


@functools.cache
def _words() -> Mapping[str, tuple[Message, Message]]:
    """Trouble and mend by the code of what was in the way; "" for any other."""
    another_kind = (
        say("It is a picture, an archive, a mail, or of another kind that is not read here."),
        say("Send .docx, .xlsx, .csv, fillable .pdf, .yaml or .json, one document a file, not packed."),
    )
    again = say("Open it on your computer, save it under a new name and drop that file.")
    return {
        "": (say("The file is damaged, or is not built as office programs build files."), again),
        "I01": another_kind,
        "I02": another_kind,
        "I04": (
            say("The file is protected by a password."),
            say("Remove the password, save the file and drop it again."),
        ),
        "I05": (
            say("The file contains a macro program."),
            say("Save it as an ordinary .docx or .xlsx without macros and drop that file."),
        ),
        "file.external-link": (
            say("The file would fetch or start something from outside, a linked picture perhaps."),
            say("Remove the link (or copy the content into an empty form) and drop the file again."),
        ),
        "file.embedded-object": (
            say("Another file or program is embedded in it."),
            say("Delete the embedded object, write its content as text, and drop the file again."),
        ),
        "file.program": (
            say("The PDF contains a program or an action."),
            say("Print the document to a new PDF and drop that file."),
        ),
        "file.too-heavy": (
            say("The file is far larger inside than a form can be, or is built so that reading it never ends."),
            say("Copy the content into an empty form and drop that file."),
        ),
        "picture.too-large": (
            say("The picture has more pages, or more points or bytes a page, than are taken."),
            say("Scan it anew at 300 dpi, or let the telephone take a smaller photo, and drop that file."),
        ),
        "picture.animated": (
            say("The file is a moving picture, no photo or scan of a paper."),
            say("Photograph or scan each page anew as JPG, PNG or PDF, and drop that file."),
        ),
        "file.unreadable": (
            say("The file cannot be opened."),
            say("Check its rights, or copy it into the folder again."),
        ),
        "gate.no-reader": (
            say("It shows pages or pictures, and no program is installed here that could look for a mark on them."),
            say("Whoever runs this machine installs it: {command}", command=PACKAGES),
        ),
        "gate.too-many": (
            say("It shows more pages or pictures than could be looked at for marks in the time there is."),
            say("Scan each document into a file of its own and drop these."),
        ),
        "gate.unreadable": (
            say("Some page or picture in it could not be looked at."),
            say("Scan it anew at 300 dpi, or save the picture as JPG or PNG, and drop that file."),
        ),
        "gate.fault": (say("The program failed when it looked at it."), again),
    }
