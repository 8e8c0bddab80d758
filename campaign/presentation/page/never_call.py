"""The suppression list as a page shows it: of a number only its last digits, of a text no number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from campaign.domain.instants import from_text
from campaign.presentation.calls_ahead import MOST_SHOWN, ahead_line
from campaign.presentation.masking import masked_phone, masked_text
from campaign.presentation.wording import counted
from campaign.usecases.suppress.entries import Added, CallAhead, Suppressed
from campaign.usecases.suppress.import_sheet import Imported

_SOURCES = {"cli": "command line", "page": "page", "api": "program", "outcome": "said so in a call"}
MOST_PROBLEMS = 200
"""Unreadable rows of an import that are shown one by one."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the list; `digits` is how it may be named to be taken off."""

    digits: str
    since: str
    instant: str
    reason: str
    source: str
    removed: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of numbers: lines to read, and calls to them that no list can hold back."""

    lines: tuple[str, ...]
    ahead: tuple[str, ...]
    more_ahead: int = 0


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of a sheet's rows.

    Attributes:
        text: all of them, counted.
        problems: the unreadable ones, as far as they are shown.
        more: unreadable rows beside those.
    """

    text: str
    problems: tuple[str, ...]
    more: int
    ahead: tuple[str, ...]
    more_ahead: int


def entry_line(entry: Suppressed) -> EntryLine:
    """The line of an entry."""
    only = f", only at the {entry.service}" if entry.service else ""
    removed = None
    if entry.removed_at:
        removed = f"{day_of(entry.removed_at)}: {masked_text(entry.removed_reason or '')}"
    return EntryLine(
        digits=entry.last_digits,
        since=day_of(entry.added_at),
        instant=entry.added_at,
        reason=masked_text(entry.reason),
        source=_SOURCES.get(entry.source, entry.source) + only,
        removed=removed,
    )


def added_outcome(added: Sequence[Added]) -> Outcome:
    """What became of numbers that were added."""
    lines = tuple(
        f"{masked_phone(one.phone)}: {masked_text(str(one.before)) + ' already' if one.before else 'added'}"
        for one in added
    )
    ahead = [call for one in added for call in one.ahead]
    return Outcome(lines, _ahead(ahead), max(0, len(ahead) - MOST_SHOWN))


def checked_outcome(phone: str, entry: Suppressed | None, ahead: Sequence[CallAhead]) -> Outcome:
    """Where a number stands."""
    stands = masked_text(str(entry)) if entry else "not on the list"
    lines = (f"{masked_phone(phone)}: {stands}",)
    return Outcome(lines, tuple(map(ahead_line, ahead)))


def import_outcome(imported: Imported, reasons: Sequence[str]) -> ImportOutcome:
    """What became of an imported sheet; `reasons` are the lines of its problems, worded for the page."""
    text = (
        f"{counted(imported.rows, 'row')}, numbers from column “{imported.column}”: {imported.added} added, "
        f"{imported.known} on the list already, {imported.unreadable} unreadable"
    )
    shown = tuple(map(masked_text, reasons[:MOST_PROBLEMS]))
    more_ahead = max(0, len(imported.ahead) - MOST_SHOWN)
    return ImportOutcome(text, shown, imported.unreadable - len(shown), _ahead(imported.ahead), more_ahead)


def day_of(instant: str) -> str:
    """The day of a stored instant, on the clocks of this machine, `5 Dec 2026, 09:30`."""
    return moment(from_text(instant))


def moment(instant: datetime) -> str:
    """An instant on the clocks of this machine, `5 Dec 2026, 09:30 CET`."""
    local = instant.astimezone(UTC).astimezone()
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def _ahead(calls: Sequence[CallAhead]) -> tuple[str, ...]:
    return tuple(map(ahead_line, calls[:MOST_SHOWN]))
