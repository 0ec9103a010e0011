"""YAML read strictly: nothing twice, nothing guessed, every value with its line.

`declared` holds such a file to its schema.
"""

from pipeline.strict_yaml.text import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_NODES,
    NEVER_TYPED,
    Parsed,
    parse,
    pointer_of,
    scalars,
)

__all__ = ["MOST_CHARACTERS", "MOST_DEPTH", "MOST_NODES", "NEVER_TYPED", "Parsed", "parse", "pointer_of", "scalars"]
