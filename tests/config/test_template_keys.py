"""Keys of the template: the notes that a form and a reference show are of exactly the keys that there are."""

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from campaign.config.reference.template_keys import TemplateKey, _notes, table_words, template_keys
from campaign.config.template import Template


def test_every_key_has_a_note_and_every_note_a_key() -> None:
    paths = {key.path for key in template_keys()}
    of_others = {
        path for path in _notes()["keys"] if path.startswith(("variables.", "call.webhooks.", "hours.windows."))
    }
    assert set(_notes()["keys"]) - of_others == paths
    assert {key.table for key in template_keys()} - {""} <= table_words().keys()


@pytest.mark.parametrize("key", template_keys(), ids=lambda key: str(key.path))
def test_every_example_is_a_value_of_its_key(key: TemplateKey) -> None:
    """Alone where the model allows it alone; else the fault is one of its table, and not of the value."""
    raw = tomllib.loads(f'columns = {{ name = "N", phone = "P" }}\nvalue = {key.example}')
    value = raw.pop("value")
    *tables, name = key.path.split(".")
    inner = raw
    for table in tables:
        inner = inner.setdefault(table, {})
    inner[name] = value
    assert key.path not in places_of_faults(raw)


def places_of_faults(raw: dict[str, Any]) -> list[str]:
    try:
        Template.model_validate(raw)
    except ValidationError as error:
        return [".".join(map(str, fault["loc"])) for fault in error.errors()]
    return []
