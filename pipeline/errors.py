"""Our own troubles: one root, one class per kind of trouble, one exit code each.

A class decides everything by attributes: its exit code, whether the work is retried, whether a traceback belongs
in the log. The sentence given at construction says what happened, where, and what to do. Problems of a
*submission* are never exceptions: they are findings (`pipeline.model.Finding`).

Translated at two places only: `pipeline.app.worker` (to a job state) and `pipeline.cli` (to an exit code).

    VanthuError
    ├─ OperatorError       mend the set-up
    │  ├─ ConfigError  KindError  YearError  MissingToolError  SchemaVersionError  UnsafeSetupError
    │  └─ UnknownThing     a job, number, kind or file that is not known
    │     └─ AmbiguousName  a name that means several
    ├─ TransientError      the same again later
    │  └─ StoreBusy  StoreGone  WatchedAlready  PlaceTaken  ToolTimeout  ToolCrashed  NoSpaceError
    └─ IntegrityError      stop and look
       └─ HashMismatch  StateConflict
"""

from typing import ClassVar


class VanthuError(Exception):
    """Root of every trouble of our own; `str()` is the whole sentence for the person who can mend it."""

    exit_code: ClassVar[int] = 1
    is_retried: ClassVar[bool] = False
    wants_traceback: ClassVar[bool] = False


# 8 to 29: a service that met one of these is not started again by itself (docs/operating.md)
class OperatorError(VanthuError):
    """The set-up must be mended by the person who runs the machine."""

    exit_code = 9


class ConfigError(OperatorError):
    """config.yaml or a VANTHU_* variable says something we cannot use."""

    exit_code = 10


class KindError(OperatorError):
    """A document kind's bundle is broken; only that kind is held."""

    exit_code = 11


class MissingToolError(OperatorError):
    """An outside program is not installed."""

    exit_code = 12
    is_retried = True


class SchemaVersionError(OperatorError):
    """The ledger was written by another version of the program."""

    exit_code = 13


class UnsafeSetupError(OperatorError):
    """The folders are arranged so that documents could be lost (an inbox inside the outbox, say)."""

    exit_code = 14


class YearError(OperatorError):
    """The file of an emulation year is broken or missing."""

    exit_code = 15


class UnknownThing(OperatorError):  # noqa: N818 - names a state of the world, as borg's classes do
    """No job, document, number, kind, unit or file of that name is known."""

    exit_code = 16


class AmbiguousName(UnknownThing):
    """A name means several numbers or documents; the sentence lists them."""

    exit_code = 26


class NotAllowedNow(OperatorError):  # noqa: N818 - names a state of the world
    """The command does not fit the state the document is in."""

    exit_code = 17


class NotAcceptable(OperatorError):  # noqa: N818 - names a state of the world
    """Only warnings can be accepted: what blocks is mended, what is for information needs nobody."""

    exit_code = 20


# 30 and above: a service is started again, for the cause may have gone
class TransientError(VanthuError):
    """Trying the same again later may succeed."""

    exit_code = 30
    is_retried = True


class StoreBusy(TransientError):  # noqa: N818 - names a state of the world
    """Another process holds the ledger's write lock for too long."""

    exit_code = 31


class StoreGone(TransientError):  # noqa: N818 - names a state of the world
    """The database server that keeps the ledger does not answer."""

    exit_code = 36


class WatchedAlready(TransientError):  # noqa: N818 - names a state of the world
    """Another `vanthu watch` serves this inbox; a second one may take its place when it has ended."""

    exit_code = 37


class PlaceTaken(TransientError):  # noqa: N818 - names a state of the world
    """The address and port to listen at cannot be had: another program has them, or they are not this machine's."""

    exit_code = 40


class ToolTimeout(TransientError):  # noqa: N818 - names a state of the world
    """An outside program did not answer in time and was stopped."""

    exit_code = 32


class ToolCrashed(TransientError):  # noqa: N818 - names a state of the world
    """An outside program or a guarded child died."""

    exit_code = 33


class NoSpaceError(TransientError):
    """The disk is full."""

    exit_code = 34


# 50 to 57: nothing may go on before a person has looked
class IntegrityError(VanthuError):
    """What is on the disk is not what the ledger says: stop and look."""

    exit_code = 50
    wants_traceback = True


class HashMismatch(IntegrityError):  # noqa: N818 - names a state of the world
    """Recorded bytes have changed."""

    exit_code = 51


class StateConflict(IntegrityError):  # noqa: N818 - names a state of the world
    """A job was moved by somebody else since it was read; the result in hand does not count."""

    exit_code = 54
