"""Reading one form against the plain libraries (docs/performance.md)."""
