"""What the register remarks of a number after its paper was filed: a further paper, an amendment (NĐ30 Điều 18).

The facts are those that entered the chain with the act; a document without a number has the same ones in its history.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from pipeline.messages import say
from pipeline.model import Amendment, Message, Standing

#: A further paper was filed. Facts: `as`, the standing of the paper.
REPLACE: Final = "replace"
#: The document amends another, or is amended by it. Facts: `how`, the amendment; `amends` or `amended`, the other's
#: job; `number`, `document_on` (ISO) and `title` of the other.
AMEND: Final = "amend"


def remark(act: str, facts: Mapping[str, object], why: str, at: dt.datetime) -> Message:
    """Say in one sentence what an act upon a filed document was."""
    if act == REPLACE:
        return _refiled(Standing(str(facts["as"])), why, f"{at.astimezone():%d/%m/%Y}")
    other = _named(facts)
    how = Amendment(str(facts["how"]))
    if "amends" in facts:
        return {
            Amendment.CORRECTS: say("Corrects document {other}.", other=other),
            Amendment.REPLACES: say("Replaces document {other}.", other=other),
            Amendment.WITHDRAWS: say("Withdraws document {other}.", other=other),
        }[how]
    return {
        Amendment.CORRECTS: say("Corrected by document {other}.", other=other),
        Amendment.REPLACES: say("Replaced by document {other}.", other=other),
        Amendment.WITHDRAWS: say("Withdrawn by document {other}.", other=other),
    }[how]


def _refiled(standing: Standing, why: str, day: str) -> Message:
    return {
        Standing.RESCAN: say("A better scan was filed on {day}, the earlier one kept: {why}", day=day, why=why),
        Standing.WRONG: say(
            "The paper filed before was another one; the right one was filed on {day}: {why}", day=day, why=why
        ),
        Standing.ORIGINAL: say(
            "Paper and electronic original are filed together, the second on {day}: {why}", day=day, why=why
        ),
    }[standing]


def _named(facts: Mapping[str, object]) -> Message:
    """Name the other document by its number, else by its title."""
    dated = str(facts.get("document_on", ""))
    day = f"{dt.date.fromisoformat(dated):%d/%m/%Y}" if dated else "–"
    if number := str(facts.get("number", "")):
        return say("no. {number} of {day}", number=number, day=day)
    return say("“{title}” of {day}", title=str(facts.get("title", "")), day=day)
