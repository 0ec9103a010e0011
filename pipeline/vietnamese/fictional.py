"""The mark of invented sample data, and where a text bears it."""

from typing import Final

from pipeline.vietnamese.text import compare_key

#: How the example's invented facts are marked.
FICTIONAL: Final = "[hư cấu]"


def is_fictional(text: str) -> bool:
    """Whether a text bears the mark, with whatever letters and blanks it was copied."""
    return FICTIONAL in compare_key(text).replace("[ ", "[").replace(" ]", "]")
