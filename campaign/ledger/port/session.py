"""What a ledger gives to those who dial: a run that is held, the pace of an account, receipts for what is written."""

from collections.abc import Coroutine, Generator
from typing import Any, Protocol, TypeVar

from campaign.domain.model import Attempt, CalledRecently, Outcome, RowState
from campaign.ledger.records.runs import RunRecord
from campaign.timing.account_rate import AccountPace, ComeAgain, Span

T_co = TypeVar("T_co", covariant=True)


class Receipt(Protocol[T_co]):
    """What is given for work that was handed over: awaited, it says what stands in the ledger."""

    @property
    def done(self) -> bool:
        """Whether it is committed, or failed: awaiting it takes no time then."""

    def result(self) -> T_co:
        """What an await gives; only when it is done."""

    def __await__(self) -> Generator[Any, Any, T_co]:
        """Waits for the commit.

        Raises:
            LedgerError: it is not committed.
        """


class HeldRun(Protocol):
    """The ledger as the dialling of one run sees it.

    Attributes:
        record: the run.
        recovered: how many attempts the last holder had left open, which are `unknown` now.
        lost: endings that neither the ledger nor the journal could take; they are told to the user as they are.
    """

    record: RunRecord
    recovered: int
    lost: list[str]

    async def claim(self, attempt: Attempt) -> CalledRecently | None:
        """Claims the attempt; None when the claim is on the disk, and only then may it be sent.

        Raises:
            LedgerError: it is not; nothing may be sent.
        """

    def settle(
        self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = RowState.RETRY_WAIT
    ) -> Coroutine[Any, Any, Outcome]:
        """Hands over what became of a claimed attempt, at once; awaited, says what stands in the ledger.

        It is on the disk before any claim that is made after it is acknowledged: nobody needs to wait for it before
        going on, and somebody must await it, since only then is an ending kept that the ledger could not take.

        Raises:
            LedgerError: the ledger could not take it. It is in the emergency journal then, and the run must stop.
        """


class AccountLedger(Protocol):
    """The pace of one account, as the dialling of one run sees it.

    Attributes:
        seen: the account's pace as this process has seen it last; the ledger's own thread replaces it.
    """

    seen: AccountPace

    def hand_out(self, *, interval: float, not_before: float) -> Receipt[Span | ComeAgain]:
        """Asks for the run's next span; see `timing.account_rate.hand_out`.

        Raises:
            LedgerError: at once, or when it is awaited.
        """

    def slow_down(self, *, until: float, sent_at: float, halve: bool, why: str) -> None:
        """Makes all runs of the account pause, and go slower; see `timing.account_rate.slowed_down`.

        Raises:
            LedgerError: the ledger is closed.
        """

    def look(self) -> AccountPace:
        """The pace as it stands."""
