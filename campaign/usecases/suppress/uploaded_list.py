"""Use case: a sheet of numbers that came through a page is imported into the suppression list.

keep_list --> token --> import_list --> Imported
                           `--> Undecided: what only its owner knows, with what can be chosen; then once more

The file is kept for a day at most: a person chooses, or imports it once more with another region. It holds numbers.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from campaign.domain.errors import CampaignError, SheetError, UndecidedError, UsageError
from campaign.intake.files.read_options import UNDECIDED, Choices, chosen
from campaign.intake.files.uploads import SUFFIXES, received
from campaign.ledger.port.ledger import Ledger
from campaign.usecases.context import Context
from campaign.usecases.suppress.entries import refuse_unusable_reason
from campaign.usecases.suppress.import_sheet import Imported, columns_of, import_sheet

__all__ = ["Imported", "SaidOfList", "Undecided", "import_list", "keep_list", "kept_list"]

_FOLDER = "uploaded-lists"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_TOKEN_BYTES, _CHUNK = 16, 1_048_576
_KEPT_SECONDS = 24 * 3600
_OFFERED = frozenset(Choices.__slots__) - {"one_column"}


@dataclass(frozen=True, slots=True)
class SaidOfList:
    """What a person has said of a list.

    Attributes:
        name: the file's, as its owner calls it.
        column: place of the one with the numbers among those that were offered, from 1; None to find it.
        region: of numbers without a country.
        reason: why, the same for all of them.
        chosen: (field, value) of each choice that was made among what `Undecided` offered.
    """

    name: str
    column: int | None
    region: str | None
    reason: str
    chosen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nothing was added: only the sheet's owner knows how it is meant, or it cannot be read.

    Attributes:
        why: one line for a person.
        columns: to choose the numbers' from, where that is the question.
        choice: a field of `Choices`, where that is the question.
        options: (value for that field, what the sheet would be with it).
    """

    why: str
    columns: tuple[str, ...] = ()
    choice: str | None = None
    options: tuple[tuple[str, str], ...] = ()


def keep_list(ledger: Ledger, source: BinaryIO, *, name: str, most_bytes: int) -> str:
    """Keeps an uploaded list beside the ledger, and returns its token; lists of yesterday are removed.

    Raises:
        UsageError: it is too large, or empty.
        LedgerError: the disk fails.
    """
    folder = _folder(ledger)
    _remove_old(folder, now=ledger.now())
    token, suffix = secrets.token_hex(_TOKEN_BYTES), PurePosixPath(name).suffix.lower()
    chunks: Iterable[bytes] = iter(partial(source.read, _CHUNK), b"")
    path = folder / f"{token}{suffix if suffix in SUFFIXES else ''}"
    with received(path, chunks, most_bytes=most_bytes):
        return token


def kept_list(ledger: Ledger, token: str) -> Path | None:
    """The file of that token; None where it is not kept any more."""
    if not _TOKEN.fullmatch(token):
        return None
    return next((path for path in _folder(ledger).glob(f"{token}*") if path.suffix != ".part"), None)


def import_list(ledger: Ledger, sheet: Path, options: SaidOfList, *, context: Context) -> Imported | Undecided:
    """Imports the list; its file is removed once every row of it could be read.

    Raises:
        UsageError: the reason or the region will not do.
        LedgerError: it is not written.
    """
    refuse_unusable_reason(options.reason)
    choices = _choices(options.chosen)
    try:
        column = None if options.column is None else _column(sheet, choices, options.column)
        imported = import_sheet(
            ledger,
            sheet,
            column=column,
            region=options.region,
            reason=options.reason,
            choices=choices,
            called=options.name,
        )
    except UndecidedError as error:
        return Undecided(_why(error, sheet, options, context=context), choice=error.choice, options=error.options)
    except SheetError as error:
        return Undecided(_why(error, sheet, options, context=context), columns=_columns(sheet, choices))
    if not imported.unreadable:
        sheet.unlink(missing_ok=True)
    return imported


def _choices(said: tuple[tuple[str, str], ...]) -> Choices:
    choices = UNDECIDED
    for field, value in said:
        if field not in _OFFERED:
            raise UsageError("that choice is none; nothing was added")
        try:
            choices = chosen(choices, field, value)
        except ValueError:
            raise UsageError("that choice is none; nothing was added") from None
    return replace(choices, one_column=True)


def _column(sheet: Path, choices: Choices, place: int) -> str:
    columns = columns_of(sheet, choices=choices)
    if not 0 < place <= len(columns):
        raise UsageError("there is no such column; choose one of those that are offered")
    return columns[place - 1]


def _columns(sheet: Path, choices: Choices) -> tuple[str, ...]:
    try:
        return tuple(columns_of(sheet, choices=choices))
    except SheetError:
        return ()


def _why(error: CampaignError, sheet: Path, options: SaidOfList, *, context: Context) -> str:
    # The file has a name of ours, which says nothing to its owner.
    return context.wording(error.message.masked(lambda part: part.replace(str(sheet), options.name)))


def _folder(ledger: Ledger) -> Path:
    return ledger.home / _FOLDER


def _remove_old(folder: Path, *, now: datetime) -> None:
    oldest = now.timestamp() - _KEPT_SECONDS
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
