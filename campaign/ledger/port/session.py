"""The dialling port: a run that is held, the pace of an account, receipts for writes."""

from collections.abc import Coroutine, Generator
from typing import Any, Protocol, TypeVar

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, ClaimRefused, Outcome, RowState
from campaign.ledger.records.runs import RunRecord
from campaign.timing.account_rate import AccountPace, NoSlotYet, Refusal, SlotRange

T_co = TypeVar("T_co", covariant=True)


class Receipt(Protocol[T_co]):
    """Receipt for queued work: awaiting it returns what stands in the ledger."""

    @property
    def done(self) -> bool:
        """Whether the work is committed or has failed, so that awaiting it returns at once."""

    def result(self) -> T_co:
        """What an await returns; valid only when `done`."""

    def __await__(self) -> Generator[Any, Any, T_co]:
        """Waits for the commit.

        Raises:
            LedgerError: it is not committed.
        """


class HeldRun(Protocol):
    """A held run: claims its attempts and settles them.

    Attributes:
        record: the run.
        recovered: how many attempts the last holder left open; they are `unknown` now.
        lost: endings that neither the ledger nor the journal could take; they are shown to the user verbatim.
    """

    record: RunRecord
    recovered: int
    lost: list[str]

    def trouble(self) -> LedgerError | None:
        """Why nothing can be claimed any more, noticed within a second; None while all is well."""

    async def claim(self, attempt: Attempt) -> ClaimRefused | None:
        """Claims the attempt; returns None when the claim is on the disk. Only then may it be sent.

        Raises:
            ClaimsStoppedError: the run is to stop.
            TakenForDeadError: others may decide about what this process has claimed.
            LedgerError: the claim is not on the disk; nothing may be sent, likewise.
        """

    def why_too_late(self, attempt: Attempt) -> str | None:
        """Why an attempt may not be sent any more, asked right before its first byte; None while it may.

        Its claim is too old, or this process has been silent for too long: others may decide about it by now.
        """

    def settle(
        self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = RowState.RETRY_WAIT
    ) -> Coroutine[Any, Any, Outcome]:
        """Queues the ending of a claimed attempt and returns at once; the receipt says what stands in the ledger.

        The ending is on the disk before any later claim is acknowledged: the caller need not wait for it before
        going on, but must await it at some point, since only the await saves an ending that the ledger could not take.

        Raises:
            LedgerError: the ledger could not take it. It is in the emergency journal then, and the run must stop.
        """


class AccountLedger(Protocol):
    """The pace of one account, for the dialling of one run.

    Attributes:
        seen: the account's pace as this process last read it; the ledger's own thread replaces it.
    """

    seen: AccountPace

    def hand_out(self, *, interval: float, not_before: float, accepted: int = 0) -> Receipt[SlotRange | NoSlotYet]:
        """Requests the run's next span of send times; see `timing.account_rate.hand_out`.

        Raises:
            LedgerError: at once, or when it is awaited.
        """

    def slow_down(self, refusal: Refusal, *, accepted: int = 0) -> None:
        """Makes all runs of the account pause, and go slower; see `timing.account_rate.slowed_down`.

        Raises:
            LedgerError: the ledger is closed.
        """

    def look(self) -> AccountPace:
        """The pace as it stands now."""
