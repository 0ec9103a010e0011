"""Rendition: from the Word document to the PDF that is printed and signed."""

from pipeline.rendition.rendering import UnsoundRendition, render

__all__ = ["UnsoundRendition", "render"]
