"""What the program says to people: one English sentence, its other languages from gettext catalogues.

The English sentence *is* the message id. `say` gives it with its values as a `Message`, which is put into a language
only when it is shown: `shown` in the language in use, `shown_in` in a given one. `tr` says and shows at once.

    say("The file “{name}” is empty.", name="a.xlsx")
    -> shown_in(…, "vi") = "Tệp “a.xlsx” rỗng."

The languages are those whose catalogue lies in `pipeline/locale/<language>`, and English, whose sentences are the
ids. What a catalogue lacks is said in English; so is what a YAML file says in some languages only, or else as that
file has it. Sentences are always written out where they are said (a test reads them from the source), never put
together, and filled in one pass: no value is ever looked at as a template.
"""

import functools
import gettext
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from pipeline.model import WHOLE, Finding, Message, Number, Place, TemplateFault, TextTemplate, Value

VIETNAMESE: Final = "vi"
ENGLISH: Final = "en"

DOMAIN: Final = "vanthu"
LOCALE_DIR: Final = Path(__file__).parent / "locale"

#: Says nothing.
NOTHING: Final = Message("")


class _Speech:
    """The language in use: one per process, set by the entry and read by `tr` and `shown`."""

    language: str = VIETNAMESE


@functools.cache
def languages() -> tuple[str, ...]:
    """The codes of the languages the program speaks: Vietnamese, English, then those whose catalogues are there."""
    found = {file.parent.parent.name for file in LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return (VIETNAMESE, ENGLISH, *sorted(found - {VIETNAMESE, ENGLISH}))


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, read when the first sentence is shown in it; without one it is English.

    Raises FileNotFoundError when the installation lacks the Vietnamese: better loud than silently English.
    """
    # English is the ids themselves and needs no catalogue
    is_needed = language == VIETNAMESE
    return gettext.translation(DOMAIN, localedir=LOCALE_DIR, languages=[language], fallback=not is_needed)


def say(msgid: str, /, **params: Value) -> Message:
    """One sentence with its values; a `Message` among them is put in language by language."""
    return Message(msgid, tuple(params.items()))


def say_count(one: str, many: str, count: int, /, **params: Value) -> Message:
    """As `say`, in the form each language has for so many; `count` is also the placeholder {count}."""
    return Message(one, (("count", count), *params.items()), plural=many)


def tr(msgid: str, /, **params: Value) -> str:
    """One sentence in the language in use."""
    return shown(say(msgid, **params))


def in_vietnamese(msgid: str, /, **params: Value) -> str:
    """One sentence in Vietnamese whatever the language in use: what stands on official papers and forms."""
    return shown_in(say(msgid, **params), VIETNAMESE)


def mark(msgid: str, /) -> str:
    """`msgid` itself, marked for translation: named in one place, said (by `tr_marked`) in another."""
    return msgid


def tr_marked(msgid: str, /) -> str:
    """A marked sentence without placeholders in the language in use; a sentence without translation as it is."""
    return _catalogue(_Speech.language).gettext(msgid) if msgid else msgid


def shown(said: Message) -> str:
    """`said` in the language in use."""
    return shown_in(said, _Speech.language)


def shown_in(said: Message, language: str) -> str:
    """`said` in a given language, one of `languages()`."""
    values = dict(said.params)

    def written(name: str) -> str:
        # a record may lack what a later sentence names: that is told, not raised
        return _written(values[name], language) if name in values else f"{{{name}}}"

    return _template(_sentence(said, language)).filled_by(written)


def _sentence(said: Message, language: str) -> str:
    """The template of a message in one language."""
    if said.texts:
        return chosen(dict(said.texts), language)
    if not said.id:  # gettext answers "" with the header of the catalogue
        return ""
    catalogue = _catalogue(language)
    if said.plural:
        return catalogue.ngettext(said.id, said.plural, _count(said))
    return catalogue.gettext(said.id)


def _count(said: Message) -> int:
    """How many a message with a plural is about."""
    # a recorded message without its count is shown in the singular: it must open
    return next((value for name, value in said.params if name == "count" and isinstance(value, int)), 1)


def chosen(texts: Mapping[str, str], language: str) -> str:
    """The text of a language among those a file gives: else the English, the Vietnamese, whatever there is."""
    known = [texts[code] for code in (language, ENGLISH, VIETNAMESE) if code in texts]
    return next(iter((*known, *texts.values())), "")


@functools.lru_cache(maxsize=4096)
def _template(source: str) -> TextTemplate:
    """A sentence parsed, once; one that is no template (of a record) stands as it is."""
    try:
        return TextTemplate.parse(source)
    except TemplateFault:
        return TextTemplate((source,))


def _written(value: Value, language: str) -> str:
    """A placeholder's value in one language."""
    match value:
        case Message():
            return shown_in(value, language)
        case Number():
            return _number(value, language)
        case _:
            return str(value)


def _number(value: Number, language: str) -> str:
    """A quantity, grouped and with a decimal sign as the language's catalogue shows it."""
    # by its figures, not its bits: 2.675 rounded as a float gives 2.67
    exact = Decimal(str(value.number))
    text = f"{exact:,f}" if value.places is None else f"{exact:,.{value.places}f}"
    if value.places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    # both signs at once, because each of them may become the other (1.234,5)
    sample = _catalogue(language).gettext(mark("1,234.5"))
    return text.translate({ord(","): sample[1], ord("."): sample[5]}) if len(sample) == 7 else text


def verbatim(text: str) -> Message:
    """Text that is the same in every language: a name, a code, something quoted."""
    # as a value, never as an id: a file called “a file” is not translated, and its braces open nothing
    return Message("{text}", (("text", text),)) if text else NOTHING


def joined(parts: Iterable[Value], separator: str = ", ") -> Message:
    """Several pieces as one, in their order; pieces that say nothing left out."""
    kept = [part for part in parts if part not in ("", NOTHING)]
    names = [f"part{at}" for at in range(1, len(kept) + 1)]
    # the separator becomes part of a template, in which a brace would open a placeholder
    between = separator.replace("{", "{{").replace("}", "}}")
    return Message(between.join(f"{{{name}}}" for name in names), tuple(zip(names, kept, strict=True)))


def language() -> str:
    """The language in use, one of `languages()`."""
    return _Speech.language


def use(language: str) -> None:
    """Choose the language in use for `tr`, `shown` and click's own words.

    A language without a catalogue leaves Vietnamese: nobody should lose a message for a misspelt switch. Codes with a
    region ("en_GB.UTF-8") count as their language. click asks the *default* gettext domain, which asks the
    environment variable LANGUAGE: both are set here.
    """
    code = language.strip().lower().replace("-", "_").split("_")[0].split(".")[0]
    _Speech.language = code if code in languages() else VIETNAMESE
    gettext.bindtextdomain(DOMAIN, str(LOCALE_DIR))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = _Speech.language


def place(place: Place) -> Message:
    """Where something stands, in words: "trang tính “DangKy”, ô B3"; empty when nothing is known."""
    parts: list[Message] = [verbatim(place.file)] if place.file else []
    if place.label:
        parts.append(say("item “{label}”", label=place.label))
    if place.part:
        parts.append(_part(place.part))
    if place.sheet:
        parts.append(say("sheet “{sheet}”", sheet=place.sheet))
    if place.cell:
        parts.append(say("cell {cell}", cell=place.cell))
    parts.extend(_counted(place))
    # a pointer only where nothing else is known: people look for a cell or a page
    if not parts and place.pointer:
        parts.append(say("item {pointer}", pointer=str(place.pointer)))
    return joined(parts)


def _part(name: str) -> Message:
    """A part of an office file; its names for headers and footers ("header2") are for programs."""
    if name.startswith("header"):
        return say("the head of the page")
    return say("the foot of the page") if name.startswith("footer") else say("part “{part}”", part=name)


def located(finding: Finding) -> str:
    """A finding about a file of the office, as editors know places: "templates/ke-hoach/kind.yaml:7: …"."""
    at = finding.place
    file = f"{at.file}:{at.line}" if at.line else at.file
    # the line says it all to whoever has the file open: the pointer is for programs
    inside = replace(at, file="", line=0, pointer=WHOLE) if at.file else at
    where = ": ".join(text for text in (file if at.file else "", shown(place(inside))) if text)
    said = shown(joined((finding.message, finding.mend or NOTHING), " "))
    return f"{where}: {said}" if where else said


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
