"""Options of one dialling of a run, and the port of the rows that are called first."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import anyio

from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.model import Settled
from campaign.engine.account import CallingAccount
from campaign.engine.events import Unread
from campaign.engine.pacing.run_control import Lifts
from campaign.engine.requeue import Requeue
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.during_run import RunLookups


class FirstRows(Protocol):
    """Port of a canary: some rows are called first, and the rest only if the outcomes of their calls allow it."""

    @property
    def rows(self) -> int:
        """How many rows go first."""

    @property
    def at_most(self) -> timedelta:
        """Maximum time to wait for their outcomes."""

    def on_event(self, settled: Settled) -> None:
        """Receives the ending of one of the first rows."""

    def outcomes(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, stop: anyio.Event
    ) -> AsyncGenerator[Looked | Unread]:
        """Polls their calls until each is over, `at_most` has passed, or `stop` is set."""

    def broken(self, ledger: Ledger, record: RunRecord) -> list[str]:
        """One line for each limit that is exceeded by the outcomes so far; none when the rest may be called."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a dialling does beside its calls.

    Attributes:
        writes_results: whether the results file is written.
        pace_every: seconds between two looks for a pace that another process has changed.
        trouble_every: seconds between two looks for trouble of the ledger.
    """

    writes_results: bool = True
    pace_every: float = 0.5
    trouble_every: float = 0.25


EVERYDAY = Upkeep()
"""That of a dialling whose ledger other processes share, and whose results people read."""


@dataclass(frozen=True, slots=True)
class DialOrder:
    """Options of one dialling of a run.

    Attributes:
        plan: its pace, and the data that its calls share.
        account: where its calls are made, or one that is open already.
        secret: looks a webhook's secret up by its variable's name.
        results: the results file.
        requeue: which rows become pending before.
        look_ups: looks up what was called already, before, meanwhile and after; None to leave that out.
        limit: at most so many rows; None for all.
        first_rows: the canary; None for none.
        trust_clock: this machine's clock is taken for right, whatever AICaller's says.
        lifts: which stop of the run is lifted before it.
        upkeep: what is done beside the calls, and how often.
    """

    plan: RunPlan
    account: CallingAccount | Account
    secret: Callable[[str], str]
    results: Path
    requeue: Requeue
    look_ups: RunLookups | None
    limit: int | None = None
    first_rows: FirstRows | None = None
    trust_clock: bool = False
    lifts: Lifts = Lifts.PROGRAMS
    upkeep: Upkeep = EVERYDAY
