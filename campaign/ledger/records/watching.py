"""Records for those who watch a run: its rows at a glance, its latest attempts."""

from dataclasses import dataclass

from campaign.domain.model import RowState


@dataclass(frozen=True, slots=True)
class RowGlance:
    """A row as a list shows it.

    Attributes:
        number: the sheet's.
        name: of its contact; None where there is none, or it was erased.
        phone: E.164; None likewise.
        reason: why it stands there, in full; None for nothing to say.
        ended_as: how its call ended, as a code; None while that is not known.
        call_status: of its call, as AICaller last said it; None where it was not polled.
    """

    number: int
    state: RowState
    name: str | None
    phone: str | None
    cells: tuple[str, ...]
    reason: str | None
    attempts: int
    call_id: str | None
    submitted_at: str | None
    ended_as: str | None
    call_status: str | None


@dataclass(frozen=True, slots=True)
class AttemptGlance:
    """An attempt as a list of the latest shows it; `outcome` is None while it is on its way."""

    row: int
    attempt: int
    phone: str | None
    claimed_at: str
    ended_at: str | None
    outcome: str | None
    status: int | None
    state: RowState
    reason: str | None
