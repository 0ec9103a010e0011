"""The cascade of one file: its defaults, styles, lists and theme, asked for the format of a paragraph or a run."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from lxml import etree

from pipeline.layout.applying import w
from pipeline.layout.check.formatting import (
    NOTHING,
    ParagraphFormat,
    Properties,
    RunFormat,
    is_on,
    layered,
    paragraph_format,
    paragraph_properties,
    run_format,
    run_properties,
    toggled,
    value,
)
from pipeline.ooxml import Package
from pipeline.ooxml.package import Element

K = TypeVar("K")
V = TypeVar("V")
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# styles based on each other in a circle end here
_MOST_BASES: Final = 40
#: Which attribute of the theme a theme font's name means.
_THEME: Final = {"Ascii": "latin", "HAnsi": "latin", "EastAsia": "ea", "Bidi": "cs"}
#: Conditional formats of a table style, the weakest first (ECMA-376, 17.7.6).
_CONDITIONS: Final = ("firstCol", "lastCol", "firstRow", "lastRow")


@dataclass(frozen=True)
class CellPosition:
    """Where a cell stands in its table: the table style's id, and the conditions of it that hold there."""

    style: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Style:
    kind: str
    based_on: str
    paragraph: Properties
    run: Properties
    conditions: dict[str, tuple[Properties, Properties]] = field(default_factory=dict)


#: Documents made of one template have its styles; so many templates and files of others are remembered.
_MOST_KEPT: Final = 16
_MOST_FORMATS: Final = 2048
_KEPT: "Final[dict[tuple[bytes, ...], Cascade]]" = {}


def cascade_of(package: Package) -> "Cascade":
    """The styles of a file; those of files that say the same of them are worked out once. Raises Unfit."""
    key = tuple(package.parts.get(_part(package, kind), b"") for kind in ("/styles", "/numbering", "/theme"))
    found = _KEPT.get(key)
    if found is None:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        found = _KEPT[key] = Cascade(package)
    return found


class Cascade:
    """The styles of one file."""

    def __init__(self, package: Package) -> None:
        tree = _related(package, "/styles")
        self._styles: dict[str, _Style] = {}
        self._default: dict[str, str] = {}
        self._run_defaults: Properties = NOTHING
        self._paragraph_defaults: Properties = NOTHING
        if tree is not None:
            self._read_styles(tree)
        self._levels = _levels(_related(package, "/numbering"))
        self.theme = _theme(_related(package, "/theme"))
        self._chains: dict[tuple[str, str], tuple[Properties, Properties]] = {}
        self._paragraphs: dict[tuple[bytes, CellPosition], tuple[ParagraphFormat, str, str]] = {}
        self._runs: dict[tuple[bytes, str, CellPosition], RunFormat] = {}

    def _read_styles(self, tree: Element) -> None:
        defaults = tree.find(w("docDefaults"))
        if defaults is not None:
            self._run_defaults = run_properties(defaults.find(f"{w('rPrDefault')}/{w('rPr')}"))
            self._paragraph_defaults = paragraph_properties(defaults.find(f"{w('pPrDefault')}/{w('pPr')}"))
        for style in tree.iter(w("style")):
            style_id, kind = style.get(w("styleId"), ""), style.get(w("type"), "paragraph")
            conditions = {
                each.get(w("type"), ""): (
                    paragraph_properties(each.find(w("pPr"))),
                    run_properties(each.find(w("rPr"))),
                )
                for each in style.iterchildren(w("tblStylePr"))
            }
            self._styles[style_id] = _Style(
                kind,
                value(style, "basedOn"),
                paragraph_properties(style.find(w("pPr"))),
                run_properties(style.find(w("rPr"))),
                conditions,
            )
            if is_on(style.get(w("default"), "")):
                self._default.setdefault(kind, style_id)

    def paragraph(self, properties: Element | None, position: CellPosition) -> tuple[ParagraphFormat, str, str]:
        """The format of a paragraph, the id of its style, and the pattern of the number it carries ("%1-") or ""."""
        return _kept(
            self._paragraphs, (_written(properties), position), lambda: self._paragraph(properties, position)
        )

    def run(self, properties: Element | None, paragraph_style: str, position: CellPosition) -> RunFormat:
        """The format of a run in a paragraph of that style."""
        return _kept(
            self._runs,
            (_written(properties), paragraph_style, position),
            lambda: self._run(properties, paragraph_style, position),
        )

    def _paragraph(self, properties: Element | None, position: CellPosition) -> tuple[ParagraphFormat, str, str]:
        style = self._known(value(properties, "pStyle"), "paragraph")
        of_style = self._chain(style, "paragraph")[0]
        direct = paragraph_properties(properties)
        # what a list says is weaker than the style that names the list, and stronger than one that does not
        listed = self._listed(layered(of_style, direct))
        values = (
            layered(self._paragraph_defaults, self._table(position)[0], of_style, listed, direct)
            if "numId" in direct
            else layered(self._paragraph_defaults, self._table(position)[0], listed, of_style, direct)
        )
        return paragraph_format(values), style, listed.get("text", "")

    def _run(self, properties: Element | None, paragraph_style: str, position: CellPosition) -> RunFormat:
        of_paragraph = self._chain(paragraph_style, "paragraph")[1]
        character = self._known(value(properties, "rStyle"), "character")
        of_character = self._chain(character, "character")[1]
        styles = (self._table(position)[1], of_paragraph, of_character)
        return run_format(toggled(self._run_defaults, styles, run_properties(properties)), self.theme)

    def _known(self, style: str, kind: str) -> str:
        # a style the file does not define counts as the default one
        known = self._styles.get(style)
        return style if known is not None and known.kind == kind else self._default.get(kind, "")

    def _chain(self, style: str, kind: str) -> tuple[Properties, Properties]:
        """What a style and all it is based on say, of paragraphs and of runs."""
        if (style, kind) not in self._chains:
            paragraphs: list[Properties] = []
            runs: list[Properties] = []
            here = self._styles.get(style)
            while here is not None and here.kind == kind and len(runs) < _MOST_BASES:
                paragraphs.insert(0, here.paragraph)
                runs.insert(0, here.run)
                here = self._styles.get(here.based_on)
            self._chains[style, kind] = layered(*paragraphs), layered(*runs)
        return self._chains[style, kind]

    def _table(self, position: CellPosition) -> tuple[Properties, Properties]:
        if not position.style:
            return NOTHING, NOTHING
        paragraph, run = self._chain(position.style, "table")
        style = self._styles.get(position.style)
        for condition in position.conditions if style is not None else ():
            values = style.conditions.get(condition) if style is not None else None
            if values is not None:
                paragraph, run = layered(paragraph, values[0]), layered(run, values[1])
        return paragraph, run

    def positions(self, table: Element) -> Callable[[tuple[bool, bool, bool, bool]], CellPosition]:
        """What gives the position of a table's cell: is it in the first or last column, in the first or last row."""
        properties = table.find(w("tblPr"))
        style = self._known(value(properties, "tblStyle"), "table")
        look = None if properties is None else properties.find(w("tblLook"))
        wanted = {name: _is_wanted(look, name) for name in _CONDITIONS}

        @functools.cache
        def position(place: tuple[bool, bool, bool, bool]) -> CellPosition:
            held = (name for name, is_there in zip(_CONDITIONS, place, strict=True) if is_there and wanted[name])
            return CellPosition(style, tuple(held))

        return position

    def _listed(self, values: Properties) -> Properties:
        return self._levels.get((values.get("numId", ""), values.get("ilvl", "0")), NOTHING)


def _is_wanted(look: Element | None, name: str) -> bool:
    if look is None:
        return False
    attribute = {
        "firstRow": "firstRow",
        "lastRow": "lastRow",
        "firstCol": "firstColumn",
        "lastCol": "lastColumn",
    }[name]
    values = look.get(w(attribute))
    if values is not None:
        return is_on(values)
    # files of older Words say it in one number of bits
    bit = {"firstRow": 0x20, "lastRow": 0x40, "firstCol": 0x80, "lastCol": 0x100}[name]
    try:
        return bool(int(look.get(w("val"), "0"), 16) & bit)
    except ValueError:
        return False


def _levels(tree: Element | None) -> dict[tuple[str, str], Properties]:
    """What each level of each list says of its paragraphs, by (number id, level)."""
    if tree is None:
        return {}
    abstract = {
        each.get(w("abstractNumId"), ""): {
            level.get(w("ilvl"), ""): {**paragraph_properties(level.find(w("pPr"))), "text": value(level, "lvlText")}
            for level in each.iterchildren(w("lvl"))
        }
        for each in tree.iterchildren(w("abstractNum"))
    }
    return {
        (number.get(w("numId"), ""), level): values
        for number in tree.iterchildren(w("num"))
        for level, values in abstract.get(value(number, "abstractNumId"), {}).items()
    }


def _theme(tree: Element | None) -> dict[str, str]:
    """The fonts of the theme by the names runs call them: "majorHAnsi", "minorEastAsia" …"""
    found: dict[str, str] = {}
    if tree is None:
        return found
    for half in ("major", "minor"):
        fonts = next(tree.iter(f"{_A}{half}Font"), None)
        for ending, tag in _THEME.items():
            font = None if fonts is None else fonts.find(f"{_A}{tag}")
            found[half + ending] = "" if font is None else font.get("typeface", "")
    return found


def _related(package: Package, kind: str) -> Element | None:
    return package.tree(_part(package, kind))


def _part(package: Package, kind: str) -> str:
    """The name of the one part of a kind that belongs to the document: "/styles", "/numbering", "/theme"; or ""."""
    return next(iter(package.related(package.main, kind)), "")


def _written(properties: Element | None) -> bytes:
    """What properties say, letter for letter: by it a format is remembered."""
    return b"" if properties is None else etree.tostring(properties, with_tail=False)


def _kept(formats: dict[K, V], key: K, made: Callable[[], V]) -> V:
    found = formats.get(key)
    if found is None:
        if len(formats) >= _MOST_FORMATS:
            formats.clear()
        found = formats[key] = made()
    return found
