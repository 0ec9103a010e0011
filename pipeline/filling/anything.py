"""What a template's values may be."""

from typing import Any, TypeAlias

#: Anything Python can hold: a template is given values of every kind, and asks them what they can do.
Value: TypeAlias = Any
