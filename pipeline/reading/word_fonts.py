"""Which font a run of text is in: its own, its style's, its paragraph's, the document's (for old encodings)."""

from typing import Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Element = etree._Element


class Fonts:
    """Fonts by style; a document that names no old font answers "" everywhere, at no cost."""

    def __init__(self, body: Element, styles: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default = ""
        if styles is not None:
            self._styles = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
            self._default = _named(styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"))
        if not self._default:
            normal = next((style for style in self._styles.values() if style.get(f"{_W}default") == "1"), None)
            self._default = _named(normal.find(f"{_W}rPr")) if normal is not None else ""
        self._known: dict[str, str] = {}
        self._asked = self._has_old_fonts(body)

    def of_paragraph(self, paragraph: Element) -> str:
        """The font of a paragraph's style, or the document's."""
        if not self._asked:
            return ""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self._of_style(style.get(f"{_W}val", "") if style is not None else "Normal") or self._default

    def of_run(self, run: Element, paragraph_font: str) -> str:
        """The font of a run in a paragraph of that font."""
        if not self._asked:
            return ""
        properties = run.find(f"{_W}rPr")
        if properties is None:
            return paragraph_font
        style = properties.find(f"{_W}rStyle")
        of_style = self._of_style(style.get(f"{_W}val", "")) if style is not None else ""
        return _named(properties) or of_style or paragraph_font

    def _of_style(self, style_id: str) -> str:
        if style_id not in self._known:
            self._known[style_id] = ""  # a style based on itself ends here
            style = self._styles.get(style_id)
            if style is not None:
                base = style.find(f"{_W}basedOn")
                inherited = self._of_style(base.get(f"{_W}val", "")) if base is not None else ""
                self._known[style_id] = _named(style.find(f"{_W}rPr")) or inherited
        return self._known[style_id]

    def _has_old_fonts(self, body: Element) -> bool:
        named = [self._default, *(_named(style.find(f"{_W}rPr")) for style in self._styles.values())]
        named += [_named(properties) for properties in body.iter(f"{_W}rPr")]
        # fonts of TCVN3 are named .Vn…, those of VNI VNI-…: by its font alone an old text is known for certain
        return any(font.lower().startswith((".vn", "vni")) for font in named)


def _named(properties: Element | None) -> str:
    fonts = properties.find(f"{_W}rFonts") if properties is not None else None
    return (fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "") if fonts is not None else ""
