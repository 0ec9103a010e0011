"""The trouble of a database, told as ours: what SQLite says in words, and PostgreSQL by its codes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from sqlalchemy.exc import DBAPIError

from pipeline.errors import ConfigError, IntegrityError, NoSpaceError, StoreBusy, StoreGone, VanthuError
from pipeline.files import CannotWrite
from pipeline.messages import tr

# a write transaction takes milliseconds and never waits for a program (rule 4): longer is a stuck process
BUSY_SECONDS: Final = 30

#: Beginnings of PostgreSQL's codes (its manual, appendix A), the longest first, and what each is to us.
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "53100": "full",
        "57014": "gone",  # cancelled by an administrator, or by `statement_timeout`
        "25006": "closed",  # a standby, or set to read only
        "55P03": "busy",  # `lock_timeout`
        "42501": "refused",
        "40": "busy",  # a deadlock or a conflict that the same again will not meet
        "08": "gone",
        "53": "gone",  # no memory, too many connections
        "57P": "gone",
        "28": "refused",
        "3D": "refused",
        "58": "closed",
        "XX00": "damaged",
    }
)
#: A connection that is refused has no code, only the server's words.
_REFUSALS: Final = ("does not exist", "authentication failed", "no password supplied", "no pg_hba.conf entry")


class LedgerDamaged(IntegrityError):  # noqa: N818 - names a state of the world
    """The ledger's database cannot be read as one."""

    exit_code = 56


@contextmanager
def telling() -> Iterator[None]:
    """Say the database's own trouble as ours; anything else it raises is a bug and passes."""
    try:
        yield
    except DBAPIError as trouble:
        if (ours := _ours(trouble)) is not None:
            raise ours from trouble
        raise


def _ours(trouble: DBAPIError) -> VanthuError | None:
    said = " ".join(str(trouble.orig).split())
    is_server = hasattr(trouble.orig, "sqlstate")
    what = _of_postgresql(trouble, said) if is_server else _of_sqlite(said)
    return _told(what, said)


def _of_sqlite(said: str) -> str:
    if "locked" in said or "busy" in said:
        return "busy"
    if "disk is full" in said:
        return "full"
    if "readonly database" in said or "unable to open database" in said or "disk I/O error" in said:
        return "closed"
    if "not a database" in said or "malformed" in said:
        return "damaged"
    return ""


def _of_postgresql(trouble: DBAPIError, said: str) -> str:
    code = getattr(trouble.orig, "sqlstate", None)
    if code:
        return next((what for start, what in _CODES.items() if code.startswith(start)), "")
    if any(words in said for words in _REFUSALS):
        return "refused"
    # without a code the driver itself speaks: there is no connection, or it has ended
    kinds = {kind.__name__ for kind in type(trouble.orig).__mro__}  # "ConnectionTimeout" is an "OperationalError"
    return "gone" if kinds & {"OperationalError", "InterfaceError"} else ""


def _told(what: str, said: str) -> VanthuError | None:
    match what:
        case "busy":
            return StoreBusy(
                tr(
                    "The ledger is locked by another process for more than {seconds} s. Look for a stuck vanthu "
                    "process, then run the command again.",
                    seconds=BUSY_SECONDS,
                )
            )
        case "gone":
            return StoreGone(
                tr(
                    "The database of the ledger does not answer ({reason}). Nothing is lost; the work goes on when "
                    "the server is there again.",
                    reason=said,
                )
            )
        case "refused":
            return ConfigError(
                tr(
                    "The database of the ledger does not let us in ({reason}). Check `database.url`, and that its "
                    "user owns that database.",
                    reason=said,
                )
            )
        case "full":
            return NoSpaceError(tr("The disk of the ledger is full. Make room; the work then goes on."))
        case "closed":
            return CannotWrite(
                tr(
                    "The ledger cannot be written ({reason}). Check the rights and the disk of its folder.",
                    reason=said,
                )
            )
        case "damaged":
            return LedgerDamaged(
                tr(
                    "The ledger is damaged ({reason}). Bring it back from a backup, then run `vanthu check`.",
                    reason=said,
                )
            )
    return None
