"""Reference of the template: every key of every table, with type, default, range and an example."""

import builtins
import tomllib
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from campaign.config.template import Template
from campaign.config.values import Section
from tests.docs.making.markdown import code, notes, table

_WORDS: dict[object, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    timedelta: "duration",
    time: "time of day",
    date: "date",
    datetime: "date and time",
}
_SIGNS = {"Ge": "from", "Gt": "more than", "Le": "to", "Lt": "less than"}
_UNITS = {"h": 3_600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Key:
    """One key: its table, its own name, and what the model says of it."""

    table: str
    name: str
    field: FieldInfo

    @property
    def path(self) -> str:
        """How notes name it: `hours.from`, and `title` for one above the first table."""
        return f"{self.table}.{self.name}" if self.table else self.name


def keys() -> Iterator[Key]:
    """Every key that a template may have, in the order of the models."""
    yield from _keys_of(Template, "")


def told() -> dict[str, Any]:
    """What the program itself says of its `keys` and `tables`: on this page, and beside the fields of a form."""
    return tomllib.loads(files("campaign.config.reference").joinpath("template_keys.toml").read_text("utf-8"))


def template_page() -> str:
    """The page."""
    known = told()
    parts = [notes("template_keys")["about"]["text"].strip()]
    for name in dict.fromkeys(key.table for key in keys()):
        parts.append(f"## {f'`[{name}]`' if name else 'Above the first table'}")
        if about := known["tables"].get(name):
            parts.append(about.strip())
        rows = [_row(key, known["keys"][key.path]) for key in keys() if key.table == name]
        parts.append(table(("key", "type", "default", "range", "meaning", "example"), rows))
    return "# Template keys\n\n" + "\n\n".join(parts)


def _row(key: Key, note: dict[str, str]) -> tuple[str, ...]:
    return (
        code(key.name),
        type_words(key.field.annotation),
        default_words(key.field),
        range_words(key.field),
        note["means"],
        code(f"{key.name} = {note['example']}"),
    )


def _keys_of(section: type[Section], name: str) -> Iterator[Key]:
    inner = dict[str, type[Section]]()
    for field_name, field in section.model_fields.items():
        key = field.alias or field_name
        own = f"{name}.{key}" if name else key
        if (found := _table_in(field.annotation)) is not None and _is_table(field.annotation):
            inner[own] = found
            continue
        yield Key(name, key, field)
        if found is not None:
            inner[own] = found
    for own, found in inner.items():
        yield from _keys_of(found, own)


def _table_in(hint: Any) -> type[Section] | None:
    """The table that a value may be, or hold."""
    if isinstance(hint, type) and issubclass(hint, Section):
        return hint
    if get_origin(hint) is dict:
        return _table_in(get_args(hint)[1])
    # A name that is joined, or turned round, is told with its key.
    found = [each for each in map(_table_in, get_args(hint)) if each is not None]
    return found[0] if len(found) == 1 else None


def _is_table(hint: Any) -> bool:
    """Whether the value is always a table, not one of several forms."""
    if get_origin(hint) is dict:
        return True
    others = [each for each in get_args(hint) if each is not type(None)]
    if get_origin(hint) in (typing.Union, types.UnionType):
        return len(others) == 1 and _is_table(others[0])
    return isinstance(hint, type) and issubclass(hint, Section)


def type_words(hint: Any) -> str:
    """A type, in the words of who writes a template."""
    if hint in _WORDS:
        return _WORDS[hint]
    within = get_args(hint)
    match get_origin(hint):
        case typing.Literal:
            words = "one of " + ", ".join(code(str(each)) for each in within)
        case builtins.tuple:
            words = f"{type_words(within[0])}, or a list"
        case typing.Union | types.UnionType:
            words = " or ".join(dict.fromkeys(type_words(each) for each in within if each is not type(None)))
        case typing.Annotated:
            words = type_words(within[0])
        case _:
            words = "table"
    return words


def default_words(field: FieldInfo) -> str:
    """The default, as a template would write it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "none" if value in (None, (), "") else code(written(value))


def written(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f'"{duration_text(value)}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def duration_text(value: timedelta) -> str:
    """A duration with the largest unit that divides it, days aside."""
    seconds = int(value.total_seconds())
    unit = next((each for each in "hms" if seconds and seconds % _UNITS[each] == 0), "s")
    return f"{seconds // _UNITS[unit]}{unit}"


def range_words(field: FieldInfo) -> str:
    """What the value is held to."""
    return " ".join(dict.fromkeys(filter(None, map(_held, _constraints(field)))))


def _held(constraint: Any) -> str:
    name = type(constraint).__name__
    if name in _SIGNS:
        return f"{_SIGNS[name]} {_bound(getattr(constraint, name.lower()))}"
    if name == "MaxLen":
        return f"at most {constraint.max_length}"
    return code(getattr(constraint, "pattern", None) or "")


def _bound(value: float | timedelta) -> str:
    if isinstance(value, timedelta):
        return duration_text(value)
    return f"{value:,.10g}" if not value or value >= 1 else f"{value:.3g}"


def _constraints(field: FieldInfo) -> Iterator[Any]:
    for each in (*field.metadata, *_annotations(field.annotation)):
        if isinstance(each, FieldInfo):
            yield from each.metadata
        else:
            yield each


def _annotations(hint: Any) -> Iterator[Any]:
    if get_origin(hint) is typing.Annotated:
        yield from hint.__metadata__
    if get_origin(hint) in (typing.Union, types.UnionType):
        for each in get_args(hint):
            yield from _annotations(each)
