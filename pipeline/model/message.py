"""Messages: what is said to people, as a value that any language can be made of when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias


@dataclass(frozen=True)
class Number:
    """A quantity, written as the language writes numbers ("1.234,5", "1,234.5"); a bare `int` stays figures only.

    `places` fixes the decimals; without it zeros at the end are left out.
    """

    number: int | float
    places: int | None = None


#: What may stand in a placeholder; a message there is shown in the language of the one around it.
Value: TypeAlias = "str | int | float | Message | Number"


@dataclass(frozen=True)
class Message:
    """One sentence with its values, not yet in any language; `messages.say` makes it, `messages.shown` shows it.

    `id` is the English sentence with {placeholders}, by which the catalogues know it; with `plural` the sentence is
    one of two by the value {count}. `texts` holds the sentence by language instead, where it is not a catalogue's but
    a YAML file's. `params` are names with values. `Message("")` says nothing.
    """

    id: str
    params: tuple[tuple[str, Value], ...] = ()
    plural: str = ""
    texts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_texts(cls, texts: Mapping[str, str], params: Mapping[str, Value] | None = None) -> Self:
        """A sentence given by language; without `params` it has no {placeholders}, and every brace is a brace."""
        given = {code: text if params is not None else _escaped(text) for code, text in texts.items()}
        return cls("", tuple((params or {}).items()), texts=tuple(given.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Self], handler: Any) -> Any:  # noqa: ANN401 - pydantic's own
        """Let records written before messages were values be read: {"vi": …, "en": …} is a sentence by language."""
        from pydantic_core import core_schema  # only whoever reads or writes JSON has pydantic loaded

        made = handler(source)
        # inside the dataclass's own schema, as pydantic puts a validator of mode "before": one around it is lost
        # wherever the class is referred to a second time
        itself = handler.resolve_ref_schema(made)
        itself["schema"] = core_schema.no_info_before_validator_function(_of_record, itself["schema"])
        return made


def _of_record(found: object) -> object:
    """A recorded message; ledgers written before November 2026 hold both rendered sentences."""
    if isinstance(found, dict) and found.keys() == {"vi", "en"}:
        return {"id": "", "texts": Message.of_texts(found).texts}
    return found


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
