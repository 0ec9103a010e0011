"""Fields of Word that compute their text themselves: what is stored is what was seen when the file was saved."""

import re
from typing import Final

#: The first words of their instructions (ECMA-376, 17.16.5).
COMPUTED: Final = frozenset(
    {"DATE", "TIME", "SAVEDATE", "CREATEDATE", "PRINTDATE", "EDITTIME"}
    | {"FILENAME", "FILESIZE", "AUTHOR", "LASTSAVEDBY", "USERNAME", "TITLE", "SUBJECT", "DOCPROPERTY"}
    | {"NUMPAGES", "NUMWORDS", "NUMCHARS", "SECTIONPAGES", "REVNUM", "TEMPLATE", "COMMENTS", "KEYWORDS", "INFO"}
    | {"USERADDRESS", "USERINITIALS", "DOCVARIABLE", "PAGE", "SECTION"}
)
#: What Word puts in the place of a result that it cannot work out, and of one that was never filled in.
_NO_RESULT: Final = re.compile(r"\s*(?:(?:Error|Lỗi)!.*|«[^«»]*»)\s*", re.IGNORECASE | re.DOTALL)
#: Stands before the word of a field that LibreOffice must not compute while it converts an old file.
FROZEN: Final = "VANTHU"


def computes(instruction: str) -> bool:
    """Whether a field with this instruction computes its text: a day, a file name, a sum."""
    word = next(iter(instruction.split()), "").upper()
    return word.startswith("=") or word.removeprefix(FROZEN) in COMPUTED


def has_no_result(shown: str) -> bool:
    """Whether what a field shows is only that it has nothing to show: "Error! …", or the name of a merge field."""
    return _NO_RESULT.fullmatch(shown) is not None


def is_frozen(instruction: str) -> bool:
    """Whether a field was seen to be kept from computing while its file was converted."""
    return instruction.lstrip().upper().startswith(FROZEN)


#: They show their own instruction, nothing is stored (17.16.5): a sign, a formula, a number, a button's words.
_SHOWN_ITSELF: Final = frozenset(
    {"SYMBOL", "EQ", "LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "MACROBUTTON", "GOTOBUTTON"}
    | {"DISPLAYBARCODE", "BARCODE", "CITATION", "BIDIOUTLINE"}
)
_SYMBOL: Final = re.compile(r"\s*SYMBOL\s+(?:0x([0-9A-F]{1,4})|([0-9]{1,5}))\b(.*)", re.IGNORECASE | re.DOTALL)
_SYMBOL_FONT: Final = re.compile(r'\\f\s+(?:"([^"]+)"|(\S+))', re.IGNORECASE)
_IS_UNICODE: Final = re.compile(r"\\u\b", re.IGNORECASE)
_PLAIN: Final = 0x7F


def shows_itself(name: str) -> bool:
    """Whether a field of this name is seen though no result of it is stored."""
    return name in _SHOWN_ITSELF


def words_of(instruction: str) -> str:
    """What of such a field's instruction people see: all but its name, and of a button but the macro it calls."""
    name, *rest = instruction.split()
    return " ".join(rest[1:] if name.upper().endswith("BUTTON") else rest)


def sign_of(instruction: str) -> tuple[str, str] | None:
    """The sign of a SYMBOL field and its font (17.16.5.61); None for any other, and for a letter of a code page."""
    match = _SYMBOL.match(instruction)
    if match is None:
        return None
    code = int(match[1], 16) if match[1] else int(match[2])
    font = _SYMBOL_FONT.search(match[3])
    if code > _PLAIN and font is None and not _IS_UNICODE.search(match[3]):
        return None
    return chr(min(code, 0xFFFF)), (font[1] or font[2]) if font else ""
