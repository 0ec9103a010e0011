"""The board as one HTML file: no scripts, nothing fetched from anywhere, ready to print on A4 landscape."""

import functools
from pathlib import Path
from typing import Final

import jinja2

from pipeline.messages import shown_in
from pipeline.model import Message
from pipeline.status.views import words
from pipeline.status.views.facts import Board, Stand

_TEMPLATE: Final = "page.html.j2"


def page(board: Board, language: str) -> bytes:
    """Write the board as a page; everything that people typed is escaped."""
    text = _template().render(
        board=board,
        language=language,
        labels={name: shown_in(said, language) for name, said in words.labels().items()},
        heading=shown_in(words.heading_said(board), language),
        as_of=shown_in(words.as_of_said(board), language),
        legend=[(stand.value, shown_in(words.stand_said(stand), language)) for stand in Stand],
        said=functools.partial(_said, language=language),
        cell_said=words.cell_said,
        days_said=words.days_said,
        sent_said=words.sent_said,
        warning_said=words.warning_said,
        short=words.short,
    )
    return text.encode()


def _said(said: Message, language: str) -> str:
    return shown_in(said, language)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(Path(__file__).with_name(_TEMPLATE).read_text(encoding="utf-8"))
