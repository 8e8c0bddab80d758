"""Records of earlier calls under the same template, with their content."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """A call that was made, or may have been, and its content.

    Attributes:
        phone: E.164.
        at: when it was claimed, as the ledger writes it.
        run_id: of the run that made it; `run` is its name.
        row_id: the ledger's own number of the row; `row` is the sheet's.
        said: name, email and variables of the call, as `said_to` writes them.
    """

    phone: str
    at: str
    run_id: int
    run: str
    row_id: int
    row: int
    said: str


def said_to(name: str, email: str | None, variables: Sequence[Sequence[str]]) -> str:
    """The content of a call as one text: equal texts mean equal calls."""
    return json.dumps([name, email, variables])
