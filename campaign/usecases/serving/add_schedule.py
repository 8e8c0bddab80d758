"""Use case: a schedule as a page says it; its sheet is a file of the server, or an uploaded one that is kept for it.

upload --> HOME/scheduled-sheets/1a2b3c4d/NAME.xlsx --> schedule --> removed with it
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from campaign.domain.cures import Message, Setting
from campaign.domain.errors import UsageError
from campaign.intake.files.uploads import SUFFIXES, received
from campaign.ledger.port.ledger import Ledger
from campaign.preparation.drafts.publish import refuse_unusable_name
from campaign.scheduler.definitions import named_schedule
from campaign.scheduler.dry_check import doubts
from campaign.usecases.context import Context
from campaign.usecases.schedules import (
    PresetAnswers,
    ScheduleOptions,
    ScheduleView,
    add,
    plan_schedule,
    remove_schedule,
)

__all__ = [
    "DAYS",
    "PresetAnswers",
    "ScheduleSaid",
    "add_said_schedule",
    "obstacles",
    "place_for",
    "remove_kept",
    "remove_with_sheet",
    "scheduled_folder",
]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
_CHUNK = 1_048_576


@dataclass(frozen=True, slots=True)
class ScheduleSaid:
    """A schedule as a person says it. Exactly one of `at`, `cron` and `days` with `time` says when.

    Attributes:
        sheet: a file of the server, or a pattern whose newest file is taken; empty where one is uploaded.
        at: once, `2026-12-01T09:00` on the clocks of `timezone`.
        cron: a cron line.
        days: of the week, as in `DAYS`; at `time`, `09:00`.
        grace: the longest delay with which it is still fired.
    """

    name: str
    sheet: str
    template: Path
    timezone: str
    grace: str
    said: PresetAnswers
    at: str = ""
    cron: str = ""
    days: Sequence[str] = ()
    time: str = ""
    notify_url: str | None = None


def add_said_schedule(
    ledger: Ledger, said: ScheduleSaid, *, upload: tuple[str, BinaryIO] | None, most_bytes: int, context: Context
) -> ScheduleView:
    """Adds the schedule; an uploaded sheet (name, content) is kept for it as long as there is the schedule.

    Raises:
        UsageError: a setting will not do, the name is taken, or it is not plain which sheet is meant; nothing is kept.
        LedgerError: the disk fails.
    """
    refuse_unusable_name(said.name)
    if (upload is None) == (not said.sheet):
        raise UsageError("give either the path of a sheet on the server, or upload one")
    if any(record.name == said.name for record in ledger.schedules.all()):
        raise UsageError(f"there is a schedule called {said.name!r} already; give it another name")
    if upload is None:
        if not Path(said.sheet).expanduser().is_absolute():
            raise UsageError(f"{said.sheet!r}: write the whole path of the sheet, from the root of the server's disk")
        return _added(ledger, said, sheet=said.sheet, context=context)
    name, source = upload
    suffix = PurePosixPath(name).suffix.lower()
    kept = place_for(ledger, said.name, suffix=suffix if suffix in SUFFIXES else "")
    chunks: Iterable[bytes] = iter(partial(source.read, _CHUNK), b"")
    try:
        with received(kept, chunks, most_bytes=most_bytes):
            pass  # Closed before it is looked at: a file that is open for writing is not whole.
        return _added(ledger, said, sheet=str(kept), context=context)
    except BaseException:
        remove_kept(ledger, kept)
        raise


def remove_with_sheet(ledger: Ledger, name: str) -> None:
    """Removes a schedule, and the sheet that was kept for it; a run of it that has begun goes on.

    Raises:
        UsageError: there is no such schedule.
    """
    record = named_schedule(ledger, name)
    remove_schedule(ledger, name)
    remove_kept(ledger, Path(record.sheet))


def obstacles(ledger: Ledger, name: str, *, context: Context) -> list[Message]:
    """What would keep the schedule from firing, as things are now.

    Raises:
        UsageError: there is no such schedule; or its sheet leaves open how it is to be read, or lacks a column.
    """
    record = named_schedule(ledger, name)
    return list(doubts(record, environment=context.environment, now=context.now))


def scheduled_folder(ledger: Ledger) -> Path:
    """Where the sheets are kept that were uploaded for schedules."""
    return ledger.home / "scheduled-sheets"


def place_for(ledger: Ledger, name: str, *, suffix: str) -> Path:
    """A new path for the sheet of a schedule.

    Of two who add a schedule of one name in the same moment, the one who is refused must neither replace nor remove
    the other's sheet.
    """
    folder = scheduled_folder(ledger)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / secrets.token_hex(4) / f"{name}{suffix}"


def remove_kept(ledger: Ledger, sheet: Path) -> None:
    """Removes a sheet that was kept for a schedule; one of somebody else stays."""
    if scheduled_folder(ledger) == sheet.parent.parent:
        sheet.unlink(missing_ok=True)
        if sheet.parent.exists():
            sheet.parent.rmdir()


def _added(ledger: Ledger, said: ScheduleSaid, *, sheet: str, context: Context) -> ScheduleView:
    options = ScheduleOptions(
        name=said.name,
        sheet=sheet,
        template=said.template,
        at=said.at or None,
        cron=_cron(said),
        timezone=said.timezone,
        grace=said.grace,
        results_folder=ledger.home / "results" / said.name,
        notify_url=said.notify_url,
        said=said.said,
    )
    draft, _ = plan_schedule(options, context=context)
    return add(draft, context=context)


def _cron(said: ScheduleSaid) -> str | None:
    ways = [bool(said.at), bool(said.cron), bool(said.days or said.time)]
    if sum(ways) != 1:
        raise UsageError("say when in one of the three ways: once, on days of the week, or by a cron line")
    if said.at or said.cron:
        return said.cron or None
    found = _TIME.fullmatch(said.time)
    if found is None:
        raise UsageError(Setting.AT, f" {said.time!r} is no time of day; write it as 09:00")
    if not said.days or not set(said.days) <= set(DAYS):
        raise UsageError("choose at least one day of the week")
    days = "*" if set(said.days) == set(DAYS) else ",".join(day for day in DAYS if day in said.days)
    return f"{int(found[2])} {int(found[1])} * * {days}"
