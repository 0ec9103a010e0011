"""LibreOffice, the program that makes PDFs of Word documents."""

from pipeline.tools.soffice.office import DraftRefused, Office

__all__ = ["DraftRefused", "Office"]
