"""Office files (Word, Excel) as containers."""
