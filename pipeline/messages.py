"""What the program says to people: one English sentence, its Vietnamese from a gettext catalogue.

The English sentence *is* the message id. `say` renders both languages at once, because an answer printed today may
be read by a clerk and by an auditor; `tr` and `shown` give the language in use. Vietnamese lives in
`pipeline/locale/vi/<stage>.po`, compiled by `make messages` into the one catalogue this module reads.

    say("The file “{name}” is empty.", name="a.xlsx")
    -> Message(vi="Tệp “a.xlsx” rỗng.", en="The file “a.xlsx” is empty.")

Sentences are always written out where they are said (a test reads them from the source), never put together.
"""

import functools
import gettext
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from pipeline.model import Message, Place

VIETNAMESE: Final = "vi"
ENGLISH: Final = "en"
LANGUAGES: Final = (VIETNAMESE, ENGLISH)

DOMAIN: Final = "vanthu"
LOCALE_DIR: Final = Path(__file__).parent / "locale"

#: What may stand in a placeholder: a sentence in both languages is put in language by language.
Param: TypeAlias = Message | str | int | float


class _Speech:
    """The language in use: one per process, set by the entry and read by `tr` and `shown`."""

    language: str = VIETNAMESE


@functools.cache
def _catalogue() -> gettext.NullTranslations:
    """The Vietnamese catalogue, read once, when the first sentence is said.

    Raises FileNotFoundError when the installation lacks it: better loud than silently English.
    """
    return gettext.translation(DOMAIN, localedir=LOCALE_DIR, languages=[VIETNAMESE])


def _put(template: str, params: Mapping[str, Param], language: str) -> str:
    """`template` with its placeholders filled in one language."""
    if not params:
        # braces are doubled in every template, with or without placeholders
        return template.format()
    return template.format(**{name: _in(value, language) for name, value in params.items()})


def _in(value: Param, language: str) -> str | int | float:
    """A placeholder's value in one language."""
    if isinstance(value, Message):
        return value.vi if language == VIETNAMESE else value.en
    return value


def say(msgid: str, /, **params: Param) -> Message:
    """One sentence in both languages; a `Message` among `params` is put in language by language."""
    return Message(
        vi=_put(_catalogue().gettext(msgid), params, VIETNAMESE),
        en=_put(msgid, params, ENGLISH),
    )


def say_count(one: str, many: str, count: int, /, **params: Param) -> Message:
    """As `say`, with English singular or plural by `count`, which is also the placeholder {count}.

    Vietnamese has one form; both ids are translated, alike.
    """
    return say(one if count == 1 else many, count=count, **params)


def tr(msgid: str, /, **params: Param) -> str:
    """One sentence in the language in use."""
    template = _catalogue().gettext(msgid) if _Speech.language == VIETNAMESE else msgid
    return _put(template, params, _Speech.language)


def mark(msgid: str, /) -> str:
    """`msgid` itself, marked for translation: named in one place, said (by `tr_marked`) in another."""
    return msgid


def tr_marked(msgid: str, /) -> str:
    """A marked sentence without placeholders in the language in use; a sentence without translation as it is."""
    return _catalogue().gettext(msgid) if msgid and _Speech.language == VIETNAMESE else msgid


def shown(said: Message) -> str:
    """`said` in the language in use."""
    return shown_in(said, _Speech.language)


def shown_in(said: Message, language: str) -> str:
    """`said` in a given language."""
    return said.vi if language == VIETNAMESE else said.en


def verbatim(text: str) -> Message:
    """Text that is the same in both languages: a name, a code, something quoted."""
    return Message(vi=text, en=text)


def joined(parts: Iterable[Message], separator: str = ", ") -> Message:
    """Several pieces as one, in their order; empty pieces left out."""
    kept = list(parts)
    return Message(
        vi=separator.join(part.vi for part in kept if part.vi),
        en=separator.join(part.en for part in kept if part.en),
    )


def language() -> str:
    """The language in use, "vi" or "en"."""
    return _Speech.language


def use(language: str) -> None:
    """Choose the language in use for `tr`, `shown` and click's own words.

    An unknown language ("fr") leaves Vietnamese: nobody should lose a message for a misspelt switch. Codes with a
    region ("en_GB.UTF-8") count as their language. click asks the *default* gettext domain, which asks the
    environment variable LANGUAGE: both are set here.
    """
    code = language.strip().lower().replace("-", "_").split("_")[0].split(".")[0]
    _Speech.language = code if code in LANGUAGES else VIETNAMESE
    gettext.bindtextdomain(DOMAIN, str(LOCALE_DIR))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = _Speech.language


def place(place: Place) -> Message:
    """Where something stands, in words: "trang tính “DangKy”, ô B3"; empty when nothing is known."""
    parts: list[Message] = []
    if place.label:
        parts.append(say("item “{label}”", label=place.label))
    if place.part:
        parts.append(say("part “{part}”", part=place.part))
    if place.sheet:
        parts.append(say("sheet “{sheet}”", sheet=place.sheet))
    if place.cell:
        parts.append(say("cell {cell}", cell=place.cell))
    parts.extend(_counted(place))
    if not parts and place.pointer:
        parts.append(say("item {pointer}", pointer=str(place.pointer)))
    return joined(parts)


def _counted(place: Place) -> Iterable[Message]:
    """The counted coordinates, from the largest to the smallest."""
    if place.page:
        yield say("page {page}", page=place.page)
    if place.table:
        yield say("table {table}", table=place.table)
    if place.row:
        yield say("row {row}", row=place.row)
    if place.column:
        yield say("column {column}", column=place.column)
    if place.paragraph:
        yield say("paragraph {paragraph}", paragraph=place.paragraph)
    if place.line:
        yield say("line {line}", line=place.line)
