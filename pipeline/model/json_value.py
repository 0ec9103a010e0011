"""JSON as Python values: what is given to a template, and what YAML and JSON files say."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    # pydantic, which carries these values between processes, cannot follow an alias that names itself
    Json = Any
JsonObject: TypeAlias = dict[str, Json]

NOTHING: Mapping[str, str] = MappingProxyType({})
