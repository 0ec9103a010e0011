"""The bytes of a file taken into the spool; the file itself is removed by whoever has recorded the job."""

from pathlib import Path, PurePosixPath

from pipeline import naming
from pipeline.files import FileGrew, Reason, Refused, SourceUnreadable, Spool, Stamp, open_regular
from pipeline.intake.looking import Found
from pipeline.ledger import Drop
from pipeline.messages import say


def take(inbox: Path, found: Found, spool: Spool, *, limit_bytes: int) -> Drop | Refused:
    """Copy a file's bytes into the spool while hashing them; the file itself stays where it is.

    Returns Refused for a link, a device, a file that is too large or one that changed meanwhile.
    """
    with open_regular(inbox, found.name, limit_bytes=limit_bytes) as opened:
        if isinstance(opened, Refused):
            return opened
        try:
            sha256, size_bytes = spool.put_file(opened.fd, limit_bytes=limit_bytes)
        except (FileGrew, SourceUnreadable) as trouble:
            return Refused(Reason.UNREADABLE, say("The file could not be copied: {trouble}", trouble=str(trouble)))
        return Drop(found.shown_name, found.folder, sha256, size_bytes, fingerprint(opened.stamp, found.name))


def fingerprint(stamp: Stamp, name: PurePosixPath) -> str:
    """Tell this very file from a later drop of the same bytes under the same name."""
    return f"{stamp.device}:{stamp.inode}:{stamp.mtime_ns}:{stamp.ctime_ns}:{naming.display(str(name))}"
