"""The register: series and numbers, entries, and the printed book."""
