"""Use case idempotency: a request that is sent again, with the key that it had, does nothing twice.

claim_request --> NewRequest ----> load --> note_draft --> publish --> answer_request
             |--> LeftRequest ---> its draft, if it has one, says what became of it; else as a new one
             |--> SameRequest ---> its answer, or that it is under way
             `--> OtherRequest --> the key is another request's
"""

import hashlib
from collections.abc import Iterable

from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import Claimed, KeyRecord, LeftRequest, NewRequest, OtherRequest, SameRequest

__all__ = [
    "Claimed",
    "KeyRecord",
    "LeftRequest",
    "NewRequest",
    "OtherRequest",
    "SameRequest",
    "answer_request",
    "claim_request",
    "fingerprint_of",
    "note_draft",
    "release_request",
]

_LONGEST = 255


def fingerprint_of(parts: Iterable[str]) -> str:
    """What tells one request from another: a hash of its parts, such as the sheet's hash and each named field."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def claim_request(ledger: Ledger, *, who: str, key: str, fingerprint: str) -> Claimed:
    """Claims the request of that key for this process; of several at once, one gets it.

    Raises:
        UsageError: the key is none: 1 to 255 printable ASCII characters.
    """
    if not 0 < len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
        raise UsageError(
            f"the idempotency key {key[:_LONGEST]!r} is none; nothing was done; send 1 to {_LONGEST} printable "
            "ASCII characters, others for each request"
        )
    return ledger.serving.keys.claim(who, key, fingerprint)


def note_draft(ledger: Ledger, claimed: KeyRecord, draft_token: str) -> bool:
    """Ties the request to the draft that it made, before that is published; False where it is not ours any more."""
    return ledger.serving.keys.note_draft(claimed, draft_token)


def answer_request(ledger: Ledger, claimed: KeyRecord, *, run: str | None, status: int, answer: str) -> bool:
    """Keeps the answer for those who ask again; False where it was answered, or is not ours any more."""
    return ledger.serving.keys.answer(claimed, run=run, status=status, answer=answer)


def release_request(ledger: Ledger, claimed: KeyRecord) -> bool:
    """Gives the key back, where the request came to nothing through no fault of its own and may be sent again."""
    return ledger.serving.keys.release(claimed)
