"""Use case: a template is edited as a form; what was not changed keeps its place, its spelling and its comments.

file --form_of--> fields --a person--> fields --edited_text--> text, or faults beside the fields
"""

import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from campaign.config.reference.template_keys import VARIABLES, TemplateKey, template_keys
from campaign.config.template import Template
from campaign.config.template_file import faults_of
from campaign.domain.errors import UsageError
from campaign.usecases.serving.templates.fields import FieldError, FieldText, read_field, shown_field

__all__ = ["FormFields", "TemplateFaultsError", "VariableText", "edited_text", "faults_in", "form_of"]


@dataclass(frozen=True, slots=True)
class VariableText:
    """One variable: its key, and either the columns, one on a line, or the value that is the same for everyone."""

    key: str = ""
    columns: str = ""
    value: str = ""
    optional: bool = False
    format: str = ""


@dataclass(frozen=True, slots=True)
class FormFields:
    """All fields of a template's form: by path of the key, and the variables in their order."""

    keys: Mapping[str, FieldText]
    variables: tuple[VariableText, ...]


class TemplateFaultsError(UsageError):
    """The fields make no template; nothing was written.

    Attributes:
        faults: by path of the key, or of its table; an empty one for the template as a whole.
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = faults


@dataclass(slots=True)
class _Edit:
    """Changes of a template: `set` by path, None to take the key out."""

    values: dict[tuple[str, ...], Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def form_of(text: str) -> FormFields:
    """The fields of a template's text.

    Raises:
        UsageError: it is no TOML: only its text can be edited.
    """
    raw = _parsed(text)
    keys = {key.path: shown_field(key, _at(raw, tuple(key.path.split(".")))) for key in template_keys()}
    found = raw.get(VARIABLES)
    variables = found.items() if isinstance(found, Mapping) else ()
    return FormFields(keys, tuple(_variable(name, value) for name, value in variables))


def edited_text(text: str, said: FormFields) -> str:
    """The template's text with what was changed in its fields.

    Raises:
        TemplateFaultsError: they make no template.
        UsageError: the text is no TOML, or is written so that only its text can be edited.
    """
    before, edit = form_of(text), _Edit()
    for key in template_keys():
        if said.keys.get(key.path, FieldText()) != before.keys[key.path]:
            _change(edit, key, said.keys.get(key.path, FieldText()))
    _change_variables(edit, before.variables, said.variables)
    wanted = _changed(_parsed(text), edit)
    if faults := {**_faults(wanted), **edit.faults}:
        raise TemplateFaultsError(faults)
    return _rewritten(text, edit, wanted=wanted)


def faults_in(text: str) -> Mapping[str, str]:
    """What is wrong with a template's text, as in `TemplateFaultsError`; nothing where it is one."""
    try:
        return _faults(_parsed(text))
    except UsageError as error:
        return {"": str(error)}


def _change(edit: _Edit, key: TemplateKey, said: FieldText) -> None:
    try:
        edit.values[tuple(key.path.split("."))] = read_field(key, said)
    except FieldError as error:
        edit.faults[key.path] = str(error)


def _change_variables(edit: _Edit, before: tuple[VariableText, ...], said: tuple[VariableText, ...]) -> None:
    old, new = {one.key: one for one in before}, dict[str, VariableText]()
    for one in said:
        if one == VariableText():
            continue
        if not one.key or one.key in new:
            why = f"there are two variables {one.key!r}" if one.key else "a variable has no key"
            edit.faults[f"{VARIABLES}.{one.key}" if one.key else VARIABLES] = why
            continue
        new[one.key] = one
    for key in old.keys() - new.keys():
        edit.values[VARIABLES, key] = None
    for key, one in new.items():
        if old.get(key) != one:
            edit.values[VARIABLES, key] = _variable_value(one)


def _variable(name: str, value: Any) -> VariableText:
    if not isinstance(value, Mapping):
        return VariableText(name, columns=_joined(value))
    return VariableText(
        name,
        columns=_joined(value.get("column", "")),
        value=str(value.get("value", "")),
        optional=value.get("optional") is True,
        format=str(value.get("format", "")),
    )


def _variable_value(said: VariableText) -> Any:
    lines = [line.strip() for line in said.columns.splitlines() if line.strip()]
    column: Any = lines[0] if len(lines) == 1 else lines
    given = {
        "column": column or None,
        "value": said.value or None,
        "optional": said.optional or None,
        "format": said.format or None,
    }
    kept = {name: value for name, value in given.items() if value is not None}
    return column if kept.keys() == {"column"} else kept


def _joined(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"this is not valid TOML: {error}") from None
    except (ValueError, RecursionError):
        raise UsageError("a number is too long, or a list too deep, to be meant; take it out") from None


def _faults(raw: Mapping[str, Any]) -> dict[str, str]:
    try:
        Template.model_validate(raw)
    except ValidationError as error:
        found: dict[str, str] = {}
        for key, why in faults_of(error, raw):
            found[key] = f"{found[key]}; {why}" if key in found else why
        return found
    return {}


def _at(raw: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        raw = raw.get(part) if isinstance(raw, Mapping) else None
    return raw


def _changed(raw: dict[str, Any], edit: _Edit) -> dict[str, Any]:
    wanted = deepcopy(raw)
    for path, value in _in_order(edit):
        _set(wanted, path, value, new_table=dict)
    return wanted


def _rewritten(text: str, edit: _Edit, *, wanted: Mapping[str, Any]) -> str:
    try:
        document = tomlkit.parse(text)
        for path, value in _in_order(edit):
            _set(document, path, _item(value), new_table=tomlkit.table)
        made = document.as_string()
    except (TOMLKitError, ValueError, TypeError, AttributeError, KeyError):
        made = ""
    # The library that keeps comments is not trusted with the values.
    if not made or _parsed(made) != wanted:
        raise UsageError("this template is written so that the form cannot change it; edit its text instead")
    return made


def _in_order(edit: _Edit) -> Iterator[tuple[tuple[str, ...], Any]]:
    # What is taken out comes last: a table that gets another key meanwhile is never empty, and stays where it is.
    yield from sorted(edit.values.items(), key=lambda one: one[1] is None)


def _set(raw: MutableMapping[str, Any], path: tuple[str, ...], value: Any, *, new_table: Any) -> None:
    """Sets a value, or takes it out with the tables that it leaves empty."""
    name, *rest = path
    if not rest:
        if value is None:
            raw.pop(name, None)
        else:
            raw[name] = value
        return
    inner = raw.get(name)
    if not isinstance(inner, MutableMapping):
        if value is None:
            return
        raw[name] = new_table()
        inner = raw[name]
    _set(inner, tuple(rest), value, new_table=_inline if new_table is not dict else dict)
    if not inner:
        del raw[name]


def _inline() -> Any:
    return tomlkit.inline_table()


def _item(value: Any) -> Any:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, inner in value.items():
            table[name] = _item(inner)
        return table
    return None if value is None else tomlkit.item(value)
