"""Exchange: messages of the axis between offices (QCVN 102:2016, edXML) as files; no network, and nothing is sent.

`message` has the facts of a message, `writing` makes one of a filed paper, `reading` takes one apart that came in.
Which of its facts are certain and which are not: decision 0038.
"""

from pipeline.exchange.message import Attachment, Letter, Organisation, Status
from pipeline.exchange.reading import read
from pipeline.exchange.writing import status, written

__all__ = ["Attachment", "Letter", "Organisation", "Status", "read", "status", "written"]
