"""A page to look at, for text that cannot hold comments: the lines of the file, the faults under theirs."""

import html
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.answers.marking.marks import Mark, by_target, headline
from pipeline.messages import say, shown_in
from pipeline.model import Severity
from pipeline.ooxml.own_marks import COLOURS

_AROUND: Final = 5  # lines shown before and after a fault of a long file
_LONG: Final = 400  # lines
_WIDEST: Final = 300  # characters of a line

_STYLE: Final = f"""
body {{ font-family: "Times New Roman", serif; font-size: 12pt; margin: 1.5cm; color: #000; background: #fff; }}
h1 {{ font-size: 15pt; }}
table {{ border-collapse: collapse; width: 100%; }}
td {{ vertical-align: top; padding: 1px 6px; }}
td.number {{ width: 3em; text-align: right; color: #595959; font-family: monospace; font-size: 10pt; }}
td.source {{ white-space: pre-wrap; overflow-wrap: anywhere; font-family: monospace; font-size: 10pt; }}
td.said {{ border: 1px solid #7f7f7f; }}
td.said p {{ margin: 2px 0; }}
td.said p:first-child {{ font-weight: bold; }}
tr {{ break-inside: avoid; }}
{"".join(f".{weight.value} {{ background: #{rgb}; }} " for weight, rgb in COLOURS.items())}
@page {{ size: A4; margin: 1.5cm; }}
"""


def page_of(text: str, name: str, marks: Sequence[Mark]) -> bytes:
    """The page as HTML: nothing runs in it and nothing is fetched."""
    language = marks[0].language
    lines = text.splitlines()
    # a file that broke off may have its fault on the line after the last
    by_line = by_target(marks, [min(mark.place.line, len(lines)) for mark in marks])
    title = shown_in(say("Marked faults in the file “{name}”", name=name), language)
    advice = shown_in(
        say("This page is only for reading. Mend the file itself in the lines named here and drop it again."),
        language,
    )
    rows = "\n".join(_rows(lines, by_line))
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>
<h1>{html.escape(title)}</h1>
<p>{html.escape(headline(marks, language))}. {html.escape(advice)}</p>
<table>
{rows}
</table></body></html>
""".encode()


def _rows(lines: Sequence[str], by_line: dict[int, list[Mark]]) -> Iterator[str]:
    """The lines, and under each what is wrong there; before them what concerns the whole file."""
    yield from map(_said, by_line.get(0, ()))
    skipped = False
    for number, line in enumerate(lines, start=1):
        if len(lines) > _LONG and not any(abs(number - at) <= _AROUND for at in by_line if at):
            skipped = True
            continue
        if skipped:
            yield '<tr><td class="number">⋮</td><td></td></tr>'
            skipped = False
        here = by_line.get(number, ())
        weight = f" {min((mark.severity for mark in here), key=list(Severity).index).value}" if here else ""
        shown = line if len(line) <= _WIDEST else f"{line[:_WIDEST]}…"
        yield f'<tr><td class="number">{number}</td><td class="source{weight}">{html.escape(shown)}</td></tr>'
        yield from map(_said, here)


def _said(mark: Mark) -> str:
    words = "".join(f"<p>{html.escape(line)}</p>" for line in mark.lines())
    return f'<tr><td></td><td class="said {mark.severity.value}">{words}</td></tr>'
