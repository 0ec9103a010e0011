"""The register of numbers: series and their next numbers, its rows, and the volumes that are printed."""
