"""Misreads: a good answer to the POST, and later reads of that call that say what belongs to another call."""

import json
from enum import StrEnum


class Misread(StrEnum):
    """What reads of a call say wrongly, by the end of its fault's name."""

    OTHER_PHONE = "other_phone"
    OTHER_PHONE_ONCE = "other_phone_once"
    OTHER_ID = "other_id"
    OTHER_TEMPLATE = "other_template"

    @property
    def about(self) -> str:
        """What the client meets, in a few words."""
        field = self.value.removeprefix("other_").removesuffix("_once")
        what = {"phone": "number", "id": "_id", "template": "callTemplateId"}[field]
        return f"{'the first read' if self.value.endswith('_once') else 'reads'} of the call have another's {what}"

    def applied(self, call: bytes, *, reads: int) -> bytes:
        """The call as a read shows it.

        Args:
            call: as it is, JSON.
            reads: how often it was read before.
        """
        said = json.loads(call)
        match self:
            case Misread.OTHER_PHONE_ONCE if reads:
                return call
            case Misread.OTHER_PHONE | Misread.OTHER_PHONE_ONCE:
                phone = str(said["toPhoneNumber"])
                said["toPhoneNumber"] = phone[:-1] + str((int(phone[-1]) + 1) % 10)
            case Misread.OTHER_ID:
                said["_id"] = "5ca1ab1e0000000000000000"
            case Misread.OTHER_TEMPLATE:
                said["callTemplateId"] = "another-template"
        return json.dumps(said).encode()
