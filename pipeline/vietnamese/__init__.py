"""Vietnamese text, dates, numbers and names: read as people type them, printed as official documents do.

`read_…` gives the value with notes on what was unusual (`Typed`), `parse_…` the value alone or None. Texts in old
encodings are `pipeline.vietnamese.legacy`'s.
"""

from pipeline.vietnamese.dates import (
    Span,
    date_long,
    date_parts,
    date_short,
    parse_date,
    parse_span,
    parse_time,
    read_date,
)
from pipeline.vietnamese.names import PersonName, is_name, same_person, split_name, title_in, titled, with_title
from pipeline.vietnamese.numbers import (
    money_vn,
    number_vn,
    parse_email,
    parse_phone,
    percent_vn,
    read_money,
    read_number,
    read_percent,
    read_phone,
    two,
)
from pipeline.vietnamese.text import (
    clean,
    clean_lines,
    compare_key,
    fold,
    new_tones,
    search_key,
    shortened,
    sort_key,
    upper,
)
from pipeline.vietnamese.typed import Note, Typed
from pipeline.vietnamese.words import parse_words, words

__all__ = [
    "Note",
    "PersonName",
    "Span",
    "Typed",
    "clean",
    "clean_lines",
    "compare_key",
    "date_long",
    "date_parts",
    "date_short",
    "fold",
    "is_name",
    "money_vn",
    "new_tones",
    "number_vn",
    "parse_date",
    "parse_email",
    "parse_phone",
    "parse_span",
    "parse_time",
    "parse_words",
    "percent_vn",
    "read_date",
    "read_money",
    "read_number",
    "read_percent",
    "read_phone",
    "same_person",
    "search_key",
    "shortened",
    "sort_key",
    "split_name",
    "title_in",
    "titled",
    "two",
    "upper",
    "with_title",
    "words",
]
