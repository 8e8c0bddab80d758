"""What is said in a call, and to whom, as text: older ledgers hold it and its hash, so it stays as it was."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, strategies as st

from campaign.domain.model import Contact
from campaign.ledger.records.earlier_calls import said_to
from campaign.ledger.schema.text import read_json, texts_json
from campaign.ledger.writes.load import contact_text

texts = st.text(st.characters(exclude_categories=()), max_size=30)


@given(name=texts, email=st.none() | texts, variables=st.lists(st.tuples(texts, texts), max_size=4))
def test_what_is_said_is_written_as_json_writes_it(
    name: str, email: str | None, variables: list[tuple[str, str]]
) -> None:
    """Its hash tells that two runs say the same to one person: written in another way, both would call."""
    assert said_to(name, email, variables) == json.dumps([name, email, variables])


@given(
    name=texts,
    email=st.none() | texts,
    variables=st.lists(st.tuples(texts, texts), max_size=4).map(tuple),
    zones=st.lists(texts, max_size=2).map(tuple),
    call_at=st.none() | st.just(datetime(2026, 12, 1, 9, tzinfo=UTC)),
)
def test_a_contact_is_written_as_json_writes_it(**fields: Any) -> None:
    """Ledgers of every version hold it, and it is read with the same names."""
    contact = Contact(2, phone="+12025550143", states=("CA",), **fields)
    kept = {"name": contact.name, "email": contact.email, "variables": contact.variables}
    places = {"zones": contact.zones, "states": contact.states} if contact.zones else {}
    at = {"call_at": "2026-12-01T09:00:00.000Z"} if contact.call_at else {}
    assert contact_text(contact) == json.dumps(kept | places | at)
    assert texts_json(contact.zones) == json.dumps(contact.zones)


@given(st.recursive(st.none() | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner)))
def test_what_was_written_as_json_is_read_as_json(value: object) -> None:
    """Cells and contacts come out of the ledger as they went in."""
    assert read_json(json.dumps(value)) == value
