"""LibreOffice: makes PDFs of our Word documents, and new formats of the old ones that units drop."""

from pipeline.tools.soffice.converter import Converter, Unconvertible
from pipeline.tools.soffice.instance import DraftRefused
from pipeline.tools.soffice.office import Office

__all__ = ["Converter", "DraftRefused", "Office", "Unconvertible"]
