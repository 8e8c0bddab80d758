"""Fields of a template's form: each key as text that a person edits, and read back as a value of TOML.

TOML --shown--> text of each field --a person--> text --read_field--> value, or why it is none
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from campaign.config.reference.template_keys import TemplateKey

NAME_FORMS = ("one_of", "joined", "turned")
"""How the person's name stands in the sheet: one of several columns, in several, or `Last, First` in one."""
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_WHOLE = re.compile(r"[+-]?\d{1,15}")


class FieldError(ValueError):
    """What was typed cannot be a value of that key; the text says how it is written."""


@dataclass(frozen=True, slots=True)
class FieldText:
    """What stands in a field: one text, or those of several boxes that are ticked; `form` is that of a name."""

    text: str = ""
    chosen: tuple[str, ...] = ()
    form: str = NAME_FORMS[0]


def shown_field(key: TemplateKey, value: Any) -> FieldText:
    """The field of a value as the file has it; None for a key that is not there."""
    if value is None:
        return FieldText()
    match key.kind:
        case "name":
            return _shown_name(value)
        case "several":
            return FieldText(chosen=tuple(map(str, value if isinstance(value, list) else [value])))
        case "texts" | "dates":
            return FieldText(_lines(value))
        case "toml":
            return FieldText(as_toml(value))
        case _:
            return FieldText(_plain(value))


def read_field(key: TemplateKey, said: FieldText) -> Any:
    """The value that a field says; None for an empty one. The template's model judges it further.

    Raises:
        FieldError: it says none.
    """
    text = said.text.strip()
    if key.kind == "several":
        return list(said.chosen) or None
    if not text:
        return None
    if key.kind == "name":
        return _read_name(said)
    return _READERS[key.kind](text) if key.kind in _READERS else text


def as_toml(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_bare(key)} = {as_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return _plain(value)


def _shown_name(value: Any) -> FieldText:
    if isinstance(value, Mapping) and isinstance(value.get("join"), list):
        return FieldText(_lines(value["join"]), form="joined")
    if isinstance(value, Mapping):
        return FieldText(_lines(value.get("column", "")), form="turned")
    return FieldText(_lines(value))


def _read_name(said: FieldText) -> Any:
    columns = _one_or_more(said.text.splitlines())
    if said.form == "joined":
        return {"join": columns if isinstance(columns, list) else [columns]}
    if said.form == "turned":
        return {"column": columns, "order": "last, first"}
    return columns


def _one_or_more(lines: Sequence[str]) -> str | list[str]:
    kept = [line.strip() for line in lines if line.strip()]
    return kept[0] if len(kept) == 1 else kept


def _lines(value: Any) -> str:
    return "\n".join(map(_plain, value if isinstance(value, list | tuple) else [value]))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, str) else as_toml(value) if isinstance(value, list | dict) else str(value)


def _read_number(text: str, *, whole: bool) -> int | float:
    try:
        return int(text) if whole or _WHOLE.fullmatch(text) else float(text)
    except ValueError:
        raise FieldError("write a whole number" if whole else "write a number, such as 0.5") from None


def _read_time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise FieldError("write a time of day, such as 09:00")
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldError(f"{text!r} is no day; write each as 2026-12-24, on a line of its own") from None


def _read_moment(text: str) -> datetime:
    try:
        found = _read_toml(text)
    except FieldError:
        found = None
    if not isinstance(found, datetime):
        raise FieldError("write a date and time, such as 2026-12-01T09:00:00 or 2026-12-01T09:00:00-05:00")
    return found


def _read_toml(text: str) -> Any:
    try:
        read = tomllib.loads(f"value = {' '.join(text.splitlines())}")
    except (ValueError, RecursionError) as error:
        raise FieldError(f"this is not valid TOML: {error}") from None
    return read["value"]


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else as_toml(key)


def _read_dates(text: str) -> list[date]:
    return [_read_date(line.strip()) for line in text.splitlines() if line.strip()]


_READERS: Mapping[str, Callable[[str], Any]] = {
    "texts": lambda text: _one_or_more(text.splitlines()),
    "dates": _read_dates,
    "yes_no": lambda text: text == "true",
    "whole": lambda text: _read_number(text, whole=True),
    "number": lambda text: _read_number(text, whole=False),
    "time": _read_time,
    "moment": _read_moment,
    "toml": _read_toml,
}
