"""Entries of a run's timetable: whose hours hold for a row, and when it is due."""

from dataclasses import dataclass

from campaign.ledger.records.runs import WaitingRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One row's.

    Attributes:
        row_id: the ledger's own number of the row; `number` is the sheet's.
        place: names whose hours hold, in its owner's own words: rows with the same text have the same hours.
        due: when it is due, as the ledger writes instants; None for as soon as it may be.
        asked: whether the sheet itself asks for that time.
    """

    row_id: int
    number: int
    place: str
    due: str | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class TimedRow:
    """A row that waits, and its entry's times."""

    row: WaitingRow
    due: str | None
    asked: bool
