"""The archive: signed originals, written once, each with a sidecar that proves it without the program."""

from pipeline.archive.filing import Filing, file, sidecar_of

__all__ = ["Filing", "file", "sidecar_of"]
