"""Records of earlier calls under the same template, with their content."""

from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as _text

from campaign.domain.model import Contact


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """A call that was made, or may have been, and its content.

    Attributes:
        phone: E.164, as it was asked for.
        at: when it was claimed, as the ledger writes it.
        run_id: of the run that made it; `run` is its name.
        row_id: the ledger's own number of the row; `row` is the sheet's.
        said: name, email and variables of the call, as `said_to` writes them.
        line: the number that was called, where it is the other spelling of the same line.
    """

    phone: str
    at: str
    run_id: int
    run: str
    row_id: int
    row: int
    said: str
    line: str = ""


def said_to(name: str, email: str | None, variables: Sequence[Sequence[str]]) -> str:
    """The content of a call as one text: equal texts mean equal calls."""
    # As `json.dumps` of the three writes it, in half of its time: ledgers hold hashes of it.
    pairs = ", ".join([f"[{_text(key)}, {_text(value)}]" for key, value in variables])
    return f"[{_text(name)}, {'null' if email is None else _text(email)}, [{pairs}]]"


def said_in(contact: Contact) -> str:
    """The content of the call to a contact."""
    return said_to(contact.name, contact.email, contact.variables)
