"""What every section of the settings is made of: frozen, strict, with paths counted from the working folder."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo


def _absolute(path: Path, info: ValidationInfo) -> Path:
    """Make a folder absolute, counted from the working folder; "~" is the home folder."""
    return (root_in(info.context) / path.expanduser()).absolute()


def root_in(context: Any) -> Path:  # noqa: ANN401 - pydantic's context may be anything
    """Give the working folder that `load` passes to the validators; the current folder without it."""
    return Path(context["root"]) if isinstance(context, dict) else Path.cwd()


Folder = Annotated[Path, AfterValidator(_absolute)]
#: Left out where it is empty, in the file as in a variable.
OptionalPath = Annotated[Folder | None, BeforeValidator(lambda said: None if said == "" else said)]


class Section(BaseModel):
    """Frozen; an unknown key is a problem."""

    # numbers where text is wanted: a clerk's symbol or telephone may be all figures
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, coerce_numbers_to_str=True)
