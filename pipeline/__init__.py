"""vanthu: make for official documents (docs/ARCHITECTURE.md is the map)."""
