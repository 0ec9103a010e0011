"""LibreOffice: makes PDFs of our Word documents, and new formats of the old ones that units drop."""

from pipeline.tools.soffice.allowance import MOST_BY_CLOCK, DocumentHangs, DocumentKills
from pipeline.tools.soffice.converter import Converter, Unconvertible
from pipeline.tools.soffice.instance import DraftRefused
from pipeline.tools.soffice.office import Office

__all__ = ["MOST_BY_CLOCK", "Converter", "DocumentHangs", "DocumentKills", "DraftRefused", "Office", "Unconvertible"]
