"""Signs typed in the symbol fonts of office programs, as the Unicode characters that people see.

Such a font draws a sign of its own at the code of a letter: "³" in Symbol is shown as "≥". Word writes the code as it
is, or 0xF000 above it in the private use area (ECMA-376, 17.3.3.30), and both mean the same. Only signs that the
fonts of official documents have are given; of any other one people are asked to type it anew.
"""

from typing import Final

_FIRST: Final = 0x20
_PRIVATE: Final = 0xF000
_NONE: Final = "\0"

# Adobe's encoding of Symbol (which Microsoft's font keeps), from 0x20; the pieces of large brackets are no characters
# anybody types, and left out
_SYMBOL: Final = (
    " !∀#∃%&∍()*+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~"
    + _NONE * 33
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…\0\0↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊\0®©™∑"
)
# Of Microsoft's picture fonts what stands in forms: ticks and boxes, bullets, arrows, numbers in circles.
_WINGDINGS: Final = {
    0x46: "☞", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆", 0x75: "◆",
    0x76: "❖", 0x77: "◆", 0x78: "☒", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x81 + at: chr(0x2460 + at) for at in range(10)},
    **{0x8C + at: chr(0x2776 + at) for at in range(10)},
}  # fmt: skip
_WINGDINGS_2: Final = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA2: "■", 0xA3: "□"}
_WEBDINGS: Final = {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"}

_FONTS: Final[dict[str, dict[int, str]]] = {
    "symbol": {_FIRST + at: sign for at, sign in enumerate(_SYMBOL) if sign != _NONE},
    "wingdings": {_FIRST: " ", **_WINGDINGS},
    "wingdings 2": {_FIRST: " ", **_WINGDINGS_2},
    "wingdings 3": {_FIRST: " "},
    "webdings": {_FIRST: " ", **_WEBDINGS},
    # the same signs under the name by which LibreOffice writes them
    "opensymbol": {},
}


def is_symbol_font(font: str) -> bool:
    """Whether a font draws signs in the place of letters."""
    return font.strip().lower() in _FONTS


def sign_at(code: int, font: str) -> str:
    """The sign that a font shows at a code, "" when it is none that can be printed in another font."""
    code = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    return _FONTS.get(font.strip().lower(), {}).get(code, "")


def as_signs(text: str, font: str) -> tuple[str, str]:
    """Text typed in a symbol font as people see it, and the characters of it that cannot be said.

    Text in any other font is given back as it is. What stands outside the font's own codes, Word shows in another
    font: it stays.
    """
    if not is_symbol_font(font):
        return text, ""
    shown, lost = "", ""
    for character in text:
        code = ord(character)
        if character in "\t\n\u00a0" or 0xFF < code < _PRIVATE or code > _PRIVATE + 0xFF:
            shown += character
        elif sign := sign_at(code, font):
            shown += sign
        else:
            lost += character
    return shown, lost
