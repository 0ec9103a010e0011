"""The office of the board's tests is also that of the register's."""

from tests.status.conftest import desk, house, office

__all__ = ["desk", "house", "office"]
