"""The lines of somebody's paper as its own text has them, to propose from; runs in a guarded child."""

import os
from pathlib import Path

from pipeline.files.refusals import Unfit
from pipeline.model import ShownLines
from pipeline.reading.contents import raw_form
from pipeline.reading.raw import Grid, Line


def lines(path_hex: str, name: str) -> ShownLines:
    """Give the lines of a file, called `name`; `path_hex` are the bytes of its path, two hexadecimal digits each."""
    try:
        raw = raw_form(Path(os.fsdecode(bytes.fromhex(path_hex))).read_bytes(), name)
    except Unfit:
        # it passed the door as a paper: what reading cannot make of it, a person says
        return ShownLines()
    texts: list[str] = []
    for block in raw.blocks:
        if isinstance(block, Line):
            texts += block.cell.text.splitlines()
        elif isinstance(block, Grid):
            # the head of a paper is a table of two columns: each read by itself, from top to bottom
            for column in range(block.width):
                texts += [text for row in block.rows if row[column].anchor for text in row[column].text.splitlines()]
    return ShownLines(tuple(text for text in texts if text.strip()))
