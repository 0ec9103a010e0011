"""The formats in which the register goes out, by the ending of the file's name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline.register import book_data
from pipeline.register.books import Volume
from pipeline.register.pages import Mark


def _xlsx(volumes: Sequence[Volume], mark: Mark) -> bytes:
    from pipeline.register.workbook import register_workbook

    return register_workbook(volumes, mark)


def _docx(volumes: Sequence[Volume], mark: Mark) -> bytes:
    from pipeline.register.book_word import register_word

    return register_word(volumes, mark)


def _pdf(volumes: Sequence[Volume], mark: Mark) -> bytes:
    from pipeline.register.book_pdf import register_pdf  # a heavy library, loaded when it is wanted

    return register_pdf(volumes, mark)


#: What is printed bears the mark at the foot of its pages; what machines read has the chain itself.
FORMATS: Final[Mapping[str, Callable[[Sequence[Volume], Mark], bytes]]] = {
    "xlsx": _xlsx,
    "docx": _docx,
    "pdf": _pdf,
    "csv": lambda volumes, _mark: book_data.register_csv(volumes),
    "json": lambda volumes, _mark: book_data.register_json(volumes),
}
