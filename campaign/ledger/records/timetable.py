"""Records of a run's timetable: the calling hours that apply to a row, and when it is due."""

from dataclasses import dataclass

from campaign.ledger.records.runs import WaitingRow


@dataclass(frozen=True, slots=True)
class TimetableEntry:
    """The timetable entry of one row.

    Attributes:
        row_id: the ledger's own number of the row; `number` is the sheet's.
        place: the zone key, in its owner's format: rows with the same key have the same calling hours.
        due: when it is due, as the ledger writes instants; None for as soon as possible.
        asked: whether the sheet itself requests that time.
    """

    row_id: int
    number: int
    place: str
    due: str | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class TimedRow:
    """A waiting row, and the times of its entry."""

    row: WaitingRow
    due: str | None
    asked: bool
