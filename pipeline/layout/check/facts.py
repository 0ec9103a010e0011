"""What is known of a document beside its text: compared where given, believed where not."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What the document should say. Nothing given, nothing compared.

    `today` is the day the check is made (a date after it is in the future); `on` the day of the document; `symbol`
    the issuing body's symbol in the number ("CTĐ4"); `issuer` its name as the head prints it; `prints_number` is
    False for a paper without a number (a pledge); `is_final` is False while a draft is looked at: it may say so.
    """

    today: dt.date | None = None
    on: dt.date | None = None
    symbol: str = ""
    issuer: str = ""
    prints_number: bool = True
    is_final: bool = True
