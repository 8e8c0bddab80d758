"""Use cases of uploads: a sheet that came through a page or an API, until it is a run.

keep_upload --> token --> find_upload, change_upload, ... --> its draft is published --> discard_upload
                                                      `--> expire_uploads, after a week or after a kill

Once a draft is published, the ledger has all of its rows, and results are made from them: the file is needed no longer,
and is removed by `discard_upload`, or at the latest by the next `expire_uploads`. The record stays, with the token of
its draft, so that an old address still leads to the run; erasing the run takes the record's name and hash as well.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from campaign.intake.files.file_type import START, kind_of
from campaign.intake.files.uploads import SUFFIXES, received, remove_unknown, upload_folder
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import LONGEST_NAME, Keep, NewUpload, Overtaken, UploadRecord

__all__ = [
    "START",
    "SUFFIXES",
    "Keep",
    "Overtaken",
    "UploadRecord",
    "change_upload",
    "discard_upload",
    "expire_uploads",
    "find_upload",
    "keep_upload",
    "path_of",
    "refuse_foreign_kind",
    "remove_unrecorded",
    "shown_name",
    "uploads_of",
]

_TOKEN_BYTES = 16
_CHUNK = 1_048_576
_NAMELESS = "sheet"
# Controls, direction and width marks, surrogates, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def keep_upload(
    ledger: Ledger, chunks: Iterable[bytes] | BinaryIO, *, name: str, owner: str, most_bytes: int
) -> UploadRecord:
    """Keeps an uploaded sheet for a week: whole and on the disk, or not at all; also removes those that have expired.

    Args:
        ledger: beside whose file it is kept, under a name of ours.
        chunks: the content, or a file to read it from; what they raise passes through.
        name: the file's name as its owner calls it; see `shown_name`.
        owner: who uploads it.
        most_bytes: a larger one is refused, as soon as it is.

    Raises:
        UsageError: it is too large, or empty.
        LedgerError: the disk or the ledger fails.
    """
    expire_uploads(ledger)
    token, shown = secrets.token_hex(_TOKEN_BYTES), shown_name(name)
    path = upload_folder(ledger.home) / f"{token}{_suffix(shown)}"
    with received(path, _chunks(chunks), most_bytes=most_bytes) as file:
        new = NewUpload(token, owner, name=shown, file=path.name, size=file.size, sha256=file.sha256)
        return ledger.serving.uploads.add(new)


def refuse_foreign_kind(start: bytes) -> None:
    """Refuses a file that is no sheet by its first bytes, before it is kept.

    Raises:
        SheetError: it is of another kind, or empty; names the kind and the cure.
    """
    kind_of(start)


def find_upload(ledger: Ledger, token: str) -> UploadRecord | None:
    """The upload with that token, also one that was removed; None where there never was one."""
    return ledger.serving.uploads.find(token)


def uploads_of(ledger: Ledger, *, owner: str | None = None) -> list[UploadRecord]:
    """The uploads that are not removed, newest first; of one owner, or of all."""
    return ledger.serving.uploads.all(owner=owner)


def path_of(ledger: Ledger, record: UploadRecord) -> Path:
    """Where the upload's file is."""
    return upload_folder(ledger.home) / record.file


def change_upload(
    ledger: Ledger,
    record: UploadRecord,
    *,
    settings: str | None = None,
    draft_token: str | Literal[Keep.AS_IT_IS] | None = Keep.AS_IT_IS,
    failure: str | Literal[Keep.AS_IT_IS] | None = Keep.AS_IT_IS,
) -> UploadRecord | Overtaken:
    """Changes the upload as it was last read; `Overtaken`, with what it is now, where somebody else was first."""
    return ledger.serving.uploads.change(record, settings=settings, draft_token=draft_token, failure=failure)


def discard_upload(ledger: Ledger, record: UploadRecord) -> None:
    """Removes the upload's file, its settings, and its draft, unless that was published. Repeated, does nothing."""
    draft = ledger.read.drafts.find(record.draft_token) if record.draft_token else None
    if draft is not None:
        ledger.drafts.discard(draft)
    ledger.serving.uploads.remove(record.token)
    path_of(ledger, record).unlink(missing_ok=True)


def expire_uploads(ledger: Ledger) -> int:
    """Removes uploads after their week, those that became runs, and what killed processes left; returns how many files.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    ledger.serving.uploads.expire()
    return len(remove_unrecorded(ledger))


def remove_unrecorded(ledger: Ledger) -> list[str]:
    """Removes the files of uploads that no record wants any more; returns their names."""
    return remove_unknown(upload_folder(ledger.home), is_known=partial(_is_wanted, ledger))


def shown_name(name: str) -> str:
    """A file's name as it may be shown: its last part, without hidden characters, at most 200 characters long."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(character for character in last if unicodedata.category(character) not in _HIDDEN).strip()
    if plain in ("", ".", ".."):
        return _NAMELESS
    suffix = PurePosixPath(plain).suffix if len(plain) > LONGEST_NAME else ""
    kept = suffix if len(suffix) < _TOKEN_BYTES else ""
    return plain[: LONGEST_NAME - len(kept)] + kept


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


def _chunks(source: Iterable[bytes] | BinaryIO) -> Iterable[bytes]:
    read = getattr(source, "read", None)
    # A file is an iterable of its lines, and a workbook may be one line.
    return iter(partial(read, _CHUNK), b"") if read is not None else source


def _is_wanted(ledger: Ledger, file: str) -> bool:
    record = ledger.serving.uploads.find(file.partition(".")[0])
    return record is not None and record.removed_at is None and record.file == file
