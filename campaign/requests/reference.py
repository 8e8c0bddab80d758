"""A reference that only one sending has, for templates that name a prompt variable to carry it.

It is made of the run, the row and the attempt alone: a copy of the ledger would make the same, and so finds the calls
that the other one made. Nothing of a person is in it.
"""

import hashlib

_DIGITS = 20


def reference_of(run: str, *, row_id: int, attempt: int) -> str:
    """The value for one attempt of one row.

    Args:
        run: what names the run in every copy of its ledger.
        row_id: the ledger's own number of the row.
        attempt: 1 for the first.
    """
    return hashlib.sha256(f"{run}\n{row_id}\n{attempt}".encode()).hexdigest()[:_DIGITS]
