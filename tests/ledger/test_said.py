"""The content of a call as text, whose hash older ledgers hold: it must never be written in another way."""

import json

from hypothesis import given, strategies as st

from campaign.ledger.records.earlier_calls import said_to
from campaign.ledger.schema.text import read_json

texts = st.text(st.characters(exclude_categories=()), max_size=30)


@given(name=texts, email=st.none() | texts, variables=st.lists(st.tuples(texts, texts), max_size=4))
def test_what_is_said_is_written_as_json_writes_it(
    name: str, email: str | None, variables: list[tuple[str, str]]
) -> None:
    """Its hash tells that two runs say the same to one person: written in another way, both would call."""
    assert said_to(name, email, variables) == json.dumps([name, email, variables])


@given(st.recursive(st.none() | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner)))
def test_what_was_written_as_json_is_read_as_json(value: object) -> None:
    """Cells and contacts come out of the ledger as they went in."""
    assert read_json(json.dumps(value)) == value
