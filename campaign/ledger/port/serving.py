"""Port for serving: what a page and an API keep in the ledger beside the runs. Every write returns after its commit.

Secrets never come here: sessions and tokens are known by hashes, passwords by theirs.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import (
    KEPT_FOR,
    ActRecord,
    Claimed,
    Keep,
    KeyRecord,
    NewUpload,
    OrderRecord,
    Overtaken,
    Role,
    SessionRecord,
    TokenRecord,
    UploadRecord,
    UserRecord,
)


class Uploads(Protocol):
    """Uploaded sheets that are no run yet. The files themselves are the caller's."""

    def add(self, new: NewUpload, *, kept_for: timedelta = KEPT_FOR) -> UploadRecord:
        """Adds an upload whose file is whole and on the disk."""

    def find(self, token: str) -> UploadRecord | None:
        """The upload with that token, removed or not."""

    def all(self, *, owner: str | None = None) -> list[UploadRecord]:
        """The uploads that are not removed, newest first; of one owner, or of all."""

    def change(
        self,
        record: UploadRecord,
        *,
        settings: str | None = None,
        draft_token: str | Literal[Keep.AS_IT_IS] | None = Keep.AS_IT_IS,
        failure: str | Literal[Keep.AS_IT_IS] | None = Keep.AS_IT_IS,
    ) -> UploadRecord | Overtaken:
        """Changes an upload as the caller last read it; what is not given stays.

        Returns:
            The changed upload; `Overtaken` with what stands now, and nothing changed, where another change was first.
        """

    def remove(self, token: str) -> str | None:
        """Removes an upload, with its settings; returns the name of the file to be deleted, None if it is gone."""

    def expire(self) -> Sequence[str]:
        """Removes uploads that have expired or became runs; returns the names of the files to be deleted."""


class Users(Protocol):
    """Who may use the page."""

    def add(self, name: str, *, role: Role, password_hash: str) -> UserRecord | None:
        """Adds a user; None, and nothing is written, where there is one of that name."""

    def find(self, name: str) -> UserRecord | None:
        """The user of that name who is not removed."""

    def all(self) -> list[UserRecord]:
        """The users who are not removed, oldest first."""

    def set_password(self, user: UserRecord, password_hash: str) -> bool:
        """Replaces the password's hash, and ends the user's sessions; False where the user was removed."""

    def remove(self, user: UserRecord) -> bool:
        """Removes a user with their hash and their sessions; False where that was done before."""


class Sessions(Protocol):
    """Who is signed in."""

    def add(self, id_hash: str, user: UserRecord, *, expires_at: datetime) -> bool:
        """Begins a session, and removes those that are over; False where the user was removed or changed since."""

    def find(self, id_hash: str) -> SessionRecord | None:
        """The session with that hash, over or not, of a user who is not removed."""

    def seen(self, id_hash: str) -> None:
        """Records that the session is used now."""

    def remove(self, id_hash: str) -> bool:
        """Ends a session; returns whether there was one."""


class Tokens(Protocol):
    """What lets programs in."""

    def add(self, name: str, *, role: Role, token_hash: str, created_by: str) -> TokenRecord | None:
        """Adds a token; None, and nothing is written, where one of that name is not revoked."""

    def find(self, token_hash: str) -> TokenRecord | None:
        """The token with that hash, unless it was revoked."""

    def all(self) -> list[TokenRecord]:
        """The tokens that are not revoked, oldest first."""

    def used(self, record: TokenRecord) -> None:
        """Records that the token is used now."""

    def revoke(self, name: str) -> bool:
        """Revokes the token of that name; returns whether there was one."""


class Acts(Protocol):
    """Who did what: append-only."""

    def add(self, *, who: str, what: str, target: str, detail: str) -> ActRecord:
        """Records an act. The caller has seen to it that no phone number is in it."""

    def page(self, *, before: int | None = None, limit: int) -> list[ActRecord]:
        """The newest acts, or the newest ones before the one with that id; newest first."""


class RequestKeys(Protocol):
    """Requests that name themselves by a key, so that their repetition does nothing twice."""

    def claim(self, who: str, key: str, fingerprint: str) -> Claimed:
        """Claims a key for this process, where it is new or its process has ended; of several at once, one gets it."""

    def note_draft(self, record: KeyRecord, draft_token: str) -> bool:
        """Records the draft that the request made, before it is published; False where the key is not ours any more."""

    def answer(self, record: KeyRecord, *, run: str | None, status: int, answer: str) -> bool:
        """Records the answer, once; False where it was answered, or is not ours any more."""

    def release(self, record: KeyRecord) -> bool:
        """Gives a key of ours without an answer back, for a request that came to nothing and may be sent again."""


class DialOrders(Protocol):
    """Which runs a server is told to dial, and with what."""

    def order(self, record: RunRecord, options: str, who: str) -> OrderRecord:
        """Orders that the run is dialled; in place of what was ordered before."""

    def order_first(self, record: RunRecord, options: str, who: str) -> OrderRecord | None:
        """Orders that the run is dialled, where nothing was ever ordered of it; else None, and nothing is changed."""

    def withdraw(self, order: OrderRecord) -> bool:
        """Removes an order that cannot be carried out, as if never given; False where another was given since."""

    def stop(self, record: RunRecord, who: str) -> OrderRecord | None:
        """Orders that the run is not dialled; None where nothing was ever ordered."""

    def advance(self, order: OrderRecord, options: str) -> OrderRecord | None:
        """Notes how far an order is; None, and nothing is changed, where another was given since."""

    def done(self, order: OrderRecord, who: str, *, options: str | None = None) -> bool:
        """Ends an order that was carried out, with new options if any; False where another was given since."""

    def of(self, record: RunRecord) -> OrderRecord | None:
        """What was last ordered of the run."""

    def to_go(self) -> list[tuple[RunRecord, OrderRecord]]:
        """The runs that are to be dialled, oldest first."""


class Serving(Protocol):
    """All that a page and an API keep."""

    uploads: Uploads
    users: Users
    sessions: Sessions
    tokens: Tokens
    acts: Acts
    keys: RequestKeys
    orders: DialOrders
