"""Fields of Word that compute their text themselves: what is stored is what was seen when the file was saved."""

from typing import Final

#: The first words of their instructions (ECMA-376, 17.16.5).
COMPUTED: Final = frozenset(
    {"DATE", "TIME", "SAVEDATE", "CREATEDATE", "PRINTDATE", "EDITTIME"}
    | {"FILENAME", "FILESIZE", "AUTHOR", "LASTSAVEDBY", "USERNAME", "TITLE", "SUBJECT", "DOCPROPERTY"}
)
#: Stands before the word of a field that LibreOffice must not compute while it converts an old file.
FROZEN: Final = "VANTHU"


def computes(instruction: str) -> bool:
    """Whether a field with this instruction computes its text: a day, a file name, a sum."""
    word = next(iter(instruction.split()), "").upper()
    return word.startswith("=") or word.removeprefix(FROZEN) in COMPUTED


def is_frozen(instruction: str) -> bool:
    """Whether a field was seen to be kept from computing while its file was converted."""
    return instruction.lstrip().upper().startswith(FROZEN)
