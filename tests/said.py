"""Messages in a language, for tests that look at sentences."""

from pipeline.messages import ENGLISH, VIETNAMESE, shown_in
from pipeline.model import Message


def vi(said: Message | None) -> str:
    """A message in Vietnamese; "" for none."""
    return shown_in(said, VIETNAMESE) if said else ""


def en(said: Message | None) -> str:
    """A message in English; "" for none."""
    return shown_in(said, ENGLISH) if said else ""
