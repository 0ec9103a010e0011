"""The office of the board's tests is also that of the steps'."""

from tests.status.conftest import office

__all__ = ["office"]
