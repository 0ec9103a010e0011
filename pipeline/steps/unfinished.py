"""What stays where it was dropped, because it is not finished or cannot be removed: people are told once."""

from pipeline.intake import Found, Wait
from pipeline.messages import say
from pipeline.model import Message
from pipeline.steps import incidents
from pipeline.workspace import Workspace


def told(workspace: Workspace, found: Found, wait: Wait) -> int:
    """Tell whoever dropped a file why it is not taken; gives the number of the incident.

    Nobody has looked into it for a mark of secrecy yet, so its name is not told either.
    """
    number = incidents.record(workspace, incidents.UNFINISHED, found, wait.value)
    incidents.tell(workspace, number, incidents.unit_of(workspace, found), _said(found, wait))
    return number


def told_of_lying(workspace: Workspace, found: Found) -> int:
    """Tell whoever dropped a file that it was taken and cannot be removed; gives the number of the incident."""
    number = incidents.record(workspace, incidents.LYING, found)
    said = say(
        "A file in the inbox ({about}) has been taken, but its folder lets nobody remove it. It is not taken again "
        "as long as nobody changes it. Remove it by hand, and let the program write in that folder.",
        about=incidents.about(found),
    )
    incidents.tell(workspace, number, incidents.unit_of(workspace, found), said)
    return number


def _said(found: Found, wait: Wait) -> Message:
    about = incidents.about(found)
    match wait:
        case Wait.WRITER:
            return say(
                "A file in the inbox ({about}) has not been taken: a program still has it open for writing. Save and "
                "close it there, or wait until it has been copied; it is taken by itself then, and this notice goes.",
                about=about,
            )
        case Wait.BUSY:
            return say(
                "A file in the inbox ({about}) has not been taken: the share or the disk gave an error each time it "
                "was to be read. It is taken by itself when it can be read, and this notice goes. If that lasts, "
                "copy the file into the folder once more.",
                about=about,
            )
        case Wait.UNENDED:
            return say(
                "A file in the inbox ({about}) has not been taken: on this share nobody can tell whether more of it "
                "is to come. End it with a line of three dots (...), as the empty YAML forms do, and save it; it is "
                "taken by itself then, and this notice goes.",
                about=about,
            )
        case Wait.CUT:
            return say(
                "A file in the inbox ({about}) has not been taken: its end or a part of it is missing. If it is "
                "still being copied, wait; it is taken by itself then, and this notice goes. If not, copy it into "
                "the folder once more.",
                about=about,
            )
