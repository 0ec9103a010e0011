"""The board as one HTML file: no scripts, nothing fetched from anywhere, ready to print on A4 landscape."""

import functools
from pathlib import Path
from typing import Final

import jinja2

from pipeline.messages import shown_in
from pipeline.status.views import words
from pipeline.status.views.facts import Board, Status

_TEMPLATE: Final = "page.html.j2"


def page(board: Board, language: str) -> bytes:
    """Write the board as a page; everything that people typed is escaped."""
    text = _template().render(
        board=board,
        language=language,
        labels={name: shown_in(message, language) for name, message in words.labels().items()},
        heading=shown_in(words.heading_text(board), language),
        as_of=shown_in(words.as_of_text(board), language),
        # colours are named in words: printed in black and white the board must tell as much
        legend=[(stand.value, shown_in(words.status_text(stand), language)) for stand in Status],
        said=functools.partial(shown_in, language=language),
        cell_text=words.cell_text,
        days_text=words.days_text,
        sent_text=words.sent_text,
        warning_text=words.warning_text,
        day_text=words.day_text,
    )
    return text.encode()


@functools.cache
def _template() -> jinja2.Template:
    # names of units, files and reasons come from people: escaped, and a missing one is an error, not an empty place
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(Path(__file__).with_name(_TEMPLATE).read_text(encoding="utf-8"))
