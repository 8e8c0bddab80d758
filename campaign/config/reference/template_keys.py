"""Keys of a template, as its models have them, with their meaning: what a form and a reference are made from."""

import tomllib
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from campaign.config.template import Template
from campaign.config.values import Section

Kind = Literal[
    "text", "yes_no", "whole", "number", "duration", "time", "moment", "choice", "several", "texts", "dates", "name",
    "toml",
]  # fmt: skip
_PLAIN: dict[object, Kind] = {
    str: "text",
    bool: "yes_no",
    int: "whole",
    float: "number",
    timedelta: "duration",
    time: "time",
    datetime: "moment",
}
VARIABLES = "variables"
"""The one table whose keys its writer chooses."""
_OF_ITS_OWN: dict[str, Kind] = {"columns.name": "name", "call.webhooks": "toml", "hours.windows": "toml"}


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """One key.

    Attributes:
        path: how people name it: `hours.from`, and `title` for one above the first table.
        kind: what its value is; `several` are some of the options, `texts` and `dates` lists, `toml` any other form.
        options: of `choice` and `several`.
        required: a template without it is none.
        default: what holds without it, as a template would write it; empty for nothing.
        means: its meaning, with code between backticks.
        example: a value, as TOML.
    """

    path: str
    kind: Kind
    options: tuple[str, ...]
    required: bool
    default: str
    means: str
    example: str

    @property
    def table(self) -> str:
        """The table that it stands in; empty above the first."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition(".")[2]


@cache
def template_keys() -> tuple[TemplateKey, ...]:
    """Every key but those of `[variables]`, in the order of the models."""
    return tuple(_keys_of(Template, ""))


@cache
def table_words() -> dict[str, str]:
    """What each table is about, with code between backticks."""
    tables: dict[str, str] = _notes()["tables"]
    return tables


@cache
def _notes() -> dict[str, Any]:
    return tomllib.loads(files("campaign.config.reference").joinpath("template_keys.toml").read_text("utf-8"))


def _keys_of(section: type[BaseModel], table: str) -> Iterator[TemplateKey]:
    for field_name, field in section.model_fields.items():
        name = field.alias or field_name
        path = f"{table}.{name}" if table else name
        if path == VARIABLES:
            continue
        hint = _bare(field.annotation)
        if path not in _OF_ITS_OWN and isinstance(hint, type) and issubclass(hint, Section):
            yield from _keys_of(hint, path)
            continue
        kind, options = _kind(path, hint)
        default = "" if field.is_required() else _written(field.get_default(call_default_factory=True))
        note = _notes()["keys"][path]
        yield TemplateKey(path, kind, options, field.is_required(), default, note["means"], note["example"])


def _bare(hint: Any) -> Any:
    """The type itself, without what it is held to, and without None."""
    if get_origin(hint) is typing.Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (typing.Union, types.UnionType):
        others = [each for each in get_args(hint) if each is not type(None)]
        return _bare(others[0]) if len(others) == 1 else hint
    return hint


def _kind(path: str, hint: Any) -> tuple[Kind, tuple[str, ...]]:
    if path in _OF_ITS_OWN:
        return _OF_ITS_OWN[path], ()
    if get_origin(hint) is Literal:
        return "choice", tuple(map(str, get_args(hint)))
    if get_origin(hint) is tuple:
        inner = _bare(get_args(hint)[0])
        if get_origin(inner) is Literal:
            return "several", tuple(map(str, get_args(inner)))
        return ("dates" if inner is date else "texts"), ()
    return _PLAIN[hint], ()


def _written(value: object) -> str:
    """A value as a template writes it, for people: without quotation marks."""
    if value in (None, (), ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return _duration(value)
    return ", ".join(map(_written, value)) if isinstance(value, tuple) else str(value)


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
