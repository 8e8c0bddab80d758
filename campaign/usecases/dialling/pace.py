"""Pace of a run: shown or changed, also while another process dials the run."""

from dataclasses import dataclass

from campaign.config.written_pace import WrittenPace, pace_of
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.timing.account_rate import AccountPace, as_of
from campaign.timing.pace import asked_for

__all__ = ["RunPace", "asked_for", "change_pace", "run_pace"]


@dataclass(frozen=True, slots=True)
class RunPace:
    """Pace of a run and of its account.

    Attributes:
        record: the run.
        plan: of the run, with the pace that was asked for.
        account: the pace that all runs of its account share now.
        held_for: seconds until the account may send again; 0 or less when it may send now.
    """

    record: RunRecord
    plan: WrittenPace
    account: AccountPace
    held_for: float

    @property
    def calls_per_second(self) -> float:
        """Current rate, while the account is not paused."""
        return min(self.plan.calls_per_second, self.account.limit)

    @property
    def found(self) -> float | None:
        """Calls a second that AICaller was found to take from the account; None when no limit is known."""
        return self.account.limit if self.account.found.rate else None


def run_pace(ledger: ReadableLedger, name: str) -> RunPace:
    """Reads the pace of the run of that name.

    Raises:
        UsageError: there is none.
    """
    record = named_run(ledger, name)
    plan = pace_of(record.plan)
    now = ledger.now().timestamp()
    account = as_of(ledger.read.accounts.pace(service=record.service, team=plan.team_id), now)
    return RunPace(record, plan, account, held_for=account.paused_until - now)


def change_pace(ledger: Ledger, name: str, *, rate: float | None, max_in_flight: int | None) -> RunPace:
    """Stores another pace for a run: it holds at once, and after a resume.

    Raises:
        UsageError: there is no run of that name.
    """
    from campaign.engine.live_pace import at_pace  # noqa: PLC0415 - start-up: to show a pace needs none of the engine

    ledger.replan(named_run(ledger, name).id, at_pace(rate=rate, max_in_flight=max_in_flight))
    return run_pace(ledger, name)
