"""Which kind of document a form is: by its own marker, its title, or its labels (noi-dung I07).

A file name is the weakest sign: people call anything "dang ky". Alone it decides nothing, and is asked about; beside
it, fewer labels are enough.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.reading.context import KindForm, ReadingContext
from pipeline.reading.labels import label_key
from pipeline.reading.raw import Line, RawForm, beginning
from pipeline.vietnamese import clean, fold, search_key

_HEAD_LINES: Final = 40
_LABELS: Final = 4  # as many labels of one kind make it likely
_GENERAL: Final = 2  # words: titles as short say little
_LABELS_WITH_NAME: Final = 2  # and as many when the file is called so, too


def kind_of(raw: RawForm, name: str, context: ReadingContext) -> KindForm | None:
    """The kind of a form, or None when nothing tells."""
    if raw.tree and raw.marker:  # what a form written as text says of itself is not guessed away
        return _by_marker(raw.marker, context) or _by_title([raw.marker], context)
    return (
        _by_marker(raw.marker, context)
        or _by_title(list(head_lines(raw)), context, lambda form: _known_words(raw, form) >= _LABELS_WITH_NAME)
        or _by_labels(raw, context, by_name(name, context))
    )


def says(raw: RawForm) -> str:
    """What a file is, so that people know which one is meant: its own mark in YAML and JSON, else how it begins."""
    return raw.marker if raw.tree else beginning(head_lines(raw))


def unknown(context: ReadingContext, said: str, guess: KindForm | None) -> Finding:
    """Nothing tells what kind of document this is; `said` is what the file says, `guess` what its file is."""
    known = "; ".join(form.title for form in context.kinds if not form.is_order)
    message = say("It cannot be told what kind of document this is.")
    if guess is not None:
        message = say(
            "The file is called “{title}”, but nothing in it says what kind of document it is.", title=guess.title
        )
    return Finding(
        "kind.unknown",
        Severity.BLOCK,
        message,
        found=said,
        needed=say("one of: {kinds}", kinds=known),
        mend=say("Use the form that the cluster sent out and keep its title."),
    )


def title_lines(raw: RawForm, form: KindForm) -> list[str]:
    """The title of the form and the two lines below it."""
    lines = list(head_lines(raw))
    for at, line in enumerate(lines):
        if _by_title([line], ReadingContext((form,))):
            return lines[at : at + 3]
    return []


def head_lines(raw: RawForm) -> Iterator[str]:
    """The first lines of the file, where the title stands."""
    count = 0
    for block in raw.blocks:
        cells = [block.cell] if isinstance(block, Line) else [cell for row in block.rows[:15] for cell in row]
        for cell in cells:
            if cell.anchor and isinstance(cell.value, str):
                for line in cell.text.splitlines():
                    if line.strip():
                        yield clean(line)
                        count += 1
                    if count >= _HEAD_LINES:
                        return


def _by_marker(marker: str, context: ReadingContext) -> KindForm | None:
    key = label_key(marker.partition("/")[0])
    for form in context.kinds:
        if key and key in {label_key(name) for name in (form.kind, form.title, form.abbreviation, *form.titles)}:
            return form
    return None


def _by_title(
    lines: list[str], context: ReadingContext, is_filled: Callable[[KindForm], bool] = lambda _: True
) -> KindForm | None:
    """The longest title that a line of the head begins with; a title is in capitals or stands alone.

    With a title as general as "DANH SÁCH" a line may begin that says something else ("DANH SÁCH ĐĂNG KÝ TẬP HUẤN"):
    it counts where the file holds something of that form besides (`is_filled`).
    """
    best: tuple[int, int, KindForm] | None = None
    keys = [search_key(line).strip(" .:") for line in lines]
    texts = list(enumerate(zip(lines, keys, strict=True)))
    # a long title goes on in the next line
    texts += [(at, (lines[at], f"{one} {two}")) for at, (one, two) in enumerate(itertools.pairwise(keys))]
    titles = [(search_key(title), title, form) for form in context.kinds for title in form.titles]
    for at, (line, key) in texts:
        for wanted, title, form in titles:
            begins = key == wanted or (key.startswith(f"{wanted} ") and _is_shouted(line[: len(title)]))
            if begins and key != wanted and len(wanted.split()) <= _GENERAL and not is_filled(form):
                continue
            if begins and (best is None or (-len(wanted), at) < best[:2]):
                best = (-len(wanted), at, form)
    return best[2] if best else None


def _is_shouted(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.8 * len(letters)


def _by_labels(raw: RawForm, context: ReadingContext, named: KindForm | None) -> KindForm | None:
    """The kind that clearly more of the form's words are labels (or names) of than of any other."""
    said = _words(raw)
    scores = [(_known_words(raw, form, said), form) for form in context.kinds if not form.is_order]
    scores.sort(key=lambda score: score[0], reverse=True)
    if not scores or scores[0][0] < (_LABELS_WITH_NAME if scores[0][1] is named else _LABELS):
        return None
    second = scores[1][0] if len(scores) > 1 else 0
    # forms share labels (“Năm thi đua”, “Người ký”): a lead of a few proves nothing
    return scores[0][1] if scores[0][0] > 1.3 * second else None


def _words(raw: RawForm) -> tuple[set[str], set[str]]:
    """What of a file may be labels of a form, and what names of its fields."""
    said = {label_key(cell.text.partition(":")[0]) for cell in raw.cells() if isinstance(cell.value, str)}
    names = {part for name in raw.named for part in re.split(r"[./\[\]#]+", name) if part and not part.isdigit()}
    return said, names


def _known_words(raw: RawForm, form: KindForm, words: tuple[set[str], set[str]] | None = None) -> int:
    """How many labels of a form, and names of its fields, a file holds."""
    said, names = words or _words(raw)
    labels = {label_key(label) for node in form.root.walk() for label in node.labels if not node.is_group}
    return len(labels & said) + len({node.name for node in form.tree} & names)


def by_name(name: str, context: ReadingContext) -> KindForm | None:
    """The kind that a file name hints at, when it hints at one alone."""
    words = f" {' '.join(re.findall(r'[a-z0-9]+', fold(name.rpartition('.')[0] or name).lower()))} "
    found = []
    for form in context.kinds:
        if form.is_order:
            continue
        hints = {form.kind.replace("-", " "), *(search_key(title) for title in (form.title, *form.titles))}
        longest = max((len(hint) for hint in hints if f" {hint} " in words), default=0)
        # in capitals only: “KH” and “BB” are short enough to stand for other things in small letters
        if not longest and form.abbreviation and re.search(rf"(?<!\w){re.escape(form.abbreviation)}(?!\w)", name):
            longest = 1
        if longest:
            found.append((longest, form))
    found.sort(key=lambda hint: hint[0], reverse=True)
    return found[0][1] if found and (len(found) == 1 or found[0][0] > found[1][0]) else None
