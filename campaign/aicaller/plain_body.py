"""Plain bodies: a request written without its model, where nothing in it is in doubt. Half of the model's time.

What a run's calls share is checked by the model once, and written in its order with room for a contact's own values.
What the model might refuse is left to the model: it says why. The tests compare the two.
"""

import re
from collections.abc import Mapping
from typing import Any

import pydantic_core
from pydantic import ValidationError

from campaign.domain.api_schema import CallRequest
from campaign.domain.model import Contact

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME, _TO, _VALUES = "nameOfHuman", "toPhoneNumber", "promptVariableValues"
_EMAIL, _DELAY = "toEmailAddress", "callDelayedUntil"
_Variables = tuple[tuple[str, str], ...]


class PlainBody:
    """Writes the bodies of one plan's calls."""

    def __init__(self, shared: Mapping[str, Any]) -> None:
        """`shared` are the fields of `CallRequest` that all calls have; what the model refuses is never plain."""
        anyone = {"name_of_human": "x", "to_phone_number": "+12025550143", "prompt_variable_values": ()}
        room = {"to_email_address": "x", "call_delayed_until": "x"}
        self._shared: dict[str, Any] | None = None
        try:
            request = CallRequest.model_validate({**shared, **anyone, **room})
        except ValidationError:
            return
        self._shared = request.model_dump(mode="json", by_alias=True, exclude_none=True)

    def write(self, contact: Contact, *, variables: _Variables, delayed_until: str | None) -> bytes | None:
        """The body; None where the model is to decide."""
        if self._shared is None or not _is_plain(contact, variables):
            return None
        body = self._shared.copy()
        body[_NAME], body[_TO] = contact.name, contact.phone
        body[_VALUES] = [{"key": key, "value": value} for key, value in variables]
        if contact.email:
            body[_EMAIL] = contact.email
        else:
            del body[_EMAIL]
        if delayed_until:
            body[_DELAY] = delayed_until
        elif delayed_until is None:
            del body[_DELAY]
        else:
            return None
        try:
            return pydantic_core.to_json(body)
        except ValueError:
            return None  # half a character


def _is_plain(contact: Contact, variables: _Variables) -> bool:
    # What is no text is refused by the model, whatever the types here say: a cell may have slipped through.
    name, phone, email = contact.name, contact.phone, contact.email
    if type(name) is not str or not name or type(phone) is not str or not _PHONE.fullmatch(phone):
        return False
    for key, value in variables:
        if type(key) is not str or not key or type(value) is not str:
            return False
    return email is None or type(email) is str
