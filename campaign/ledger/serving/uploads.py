"""Uploads of one ledger: added, changed by revision, removed with what was said of their content.

add --> change, change, ... --> remove, expire, or the erasure of the run that it became
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from campaign.domain.errors import LedgerError
from campaign.domain.instants import to_text
from campaign.ledger.port.serving import Uploads
from campaign.ledger.records.drafts import DraftState
from campaign.ledger.records.serving import KEPT_FOR, NO_SETTINGS, Keep, NewUpload, Overtaken, UploadRecord
from campaign.ledger.schema.draft_tables import draft
from campaign.ledger.schema.serving_tables import upload
from campaign.ledger.schema.text import storable
from campaign.ledger.serving.rows import ServingTables, values_of

_NOTHING = {"settings": NO_SETTINGS, "failure": None}


class LedgerUploads(Uploads):
    """The uploads of one ledger."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def add(self, new: NewUpload, *, kept_for: timedelta = KEPT_FOR) -> UploadRecord:
        """See the port `Uploads`."""
        at = self._desk.now()
        values = {name: getattr(new, name) for name in NewUpload.__slots__}
        values |= {"owner": storable(new.owner), "name": storable(new.name), "settings": storable(new.settings)}
        values |= {"created_at": to_text(at), "expires_at": to_text(at + kept_for)}

        def work(connection: Connection) -> UploadRecord:
            connection.execute(insert(upload).values(**values))
            return _there(connection, new.token)

        return self._desk.writer.do(work)

    def find(self, token: str) -> UploadRecord | None:
        """See the port `Uploads`."""
        found = self._desk.first(select(upload).where(upload.c.token == token))
        return _upload(found) if found else None

    def all(self, *, owner: str | None = None) -> list[UploadRecord]:
        """See the port `Uploads`."""
        statement = select(upload).where(upload.c.removed_at.is_(None)).order_by(upload.c.id.desc())
        found = statement if owner is None else statement.where(upload.c.owner == owner)
        return [_upload(row) for row in self._desk.rows(found)]

    def change(
        self,
        record: UploadRecord,
        *,
        settings: str | None = None,
        draft_token: str | Literal[Keep.AS_IT_IS] | None = Keep.AS_IT_IS,
        failure: str | Literal[Keep.AS_IT_IS] | None = Keep.AS_IT_IS,
    ) -> UploadRecord | Overtaken:
        """See the port `Uploads`."""
        values: dict[str, Any] = {"revision": record.revision + 1}
        if settings is not None:
            values["settings"] = storable(settings)
        if draft_token is not Keep.AS_IT_IS:
            values["draft_token"] = draft_token
        if failure is not Keep.AS_IT_IS:
            values["failure"] = None if failure is None else storable(failure)
        as_read = (upload.c.id == record.id) & (upload.c.revision == record.revision) & upload.c.removed_at.is_(None)

        def work(connection: Connection) -> UploadRecord | Overtaken:
            changed = connection.execute(update(upload).where(as_read).values(**values)).rowcount
            there = _there(connection, record.token)
            return there if changed else Overtaken(there)

        return self._desk.writer.do(work)

    def remove(self, token: str) -> str | None:
        """See the port `Uploads`."""
        here = upload.c.removed_at.is_(None) & (upload.c.token == token)
        files = self._desk.writer.do(lambda c: _remove(c, here, at=self._desk.at))
        return files[0] if files else None

    def expire(self) -> Sequence[str]:
        """See the port `Uploads`."""
        at = self._desk.at
        published = select(draft.c.id).where(
            draft.c.token == upload.c.draft_token, draft.c.state == DraftState.PUBLISHED.value
        )
        over = upload.c.removed_at.is_(None) & ((upload.c.expires_at <= at) | published.exists())
        return self._desk.writer.do(lambda c: _remove(c, over, at=at))


def erase_uploads_of(connection: Connection, run_id: int, *, at: str) -> None:
    """Removes all that is known of the sheet that became this run: the upload, and others of the same content.

    In the transaction that erases the run; the files are deleted by their names' absence, see `usecases.serving`.
    """
    drafts = select(draft.c.token).where(draft.c.run_id == run_id)
    here = upload.c.draft_token.in_(drafts)
    contents = [one for one in connection.execute(select(upload.c.sha256).where(here)).scalars() if one]
    erased = here | (upload.c.sha256.in_(contents))
    _remove(connection, erased & upload.c.removed_at.is_(None), at=at)
    connection.execute(update(upload).where(erased).values(name="", sha256=""))


def _remove(connection: Connection, which: Any, *, at: str) -> list[str]:
    found = connection.execute(select(upload.c.id, upload.c.file).where(which)).all()
    for one in found:
        connection.execute(update(upload).where(upload.c.id == one.id).values(removed_at=at, **_NOTHING))
    return [one.file for one in found]


def _there(connection: Connection, token: str) -> UploadRecord:
    found = connection.execute(select(upload).where(upload.c.token == token)).first()
    if found is None:
        raise LedgerError("the upload is not in the ledger any more; nothing was changed; upload the sheet again")
    return _upload(found)


def _upload(row: Any) -> UploadRecord:
    return UploadRecord(**values_of(row, UploadRecord, instants=("created_at", "expires_at", "removed_at")))
