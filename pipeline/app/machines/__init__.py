"""Many machines work for one office. The ledger says what is true; a queue wakes and distributes.

Every `vanthu worker` does the same (`member`): it works off what the queue gives it, and is ready to be the one that
watches the inbox (`watcher`). Decision 0045.
"""

from pipeline.app.machines.member import OtherVersion, WorkerPruned, serve

__all__ = ["OtherVersion", "WorkerPruned", "serve"]
