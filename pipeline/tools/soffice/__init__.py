"""LibreOffice, the program that makes PDFs of Word documents."""

from pipeline.tools.soffice.office import Office
from pipeline.tools.soffice.seat import DraftRefused

__all__ = ["DraftRefused", "Office"]
