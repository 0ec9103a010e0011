"""The office of the board's tests is also that of the audit's."""

from tests.status.conftest import office

__all__ = ["office"]
