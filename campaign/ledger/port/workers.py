"""Ports of who dials: workers with their heartbeat, and what is wanted of a run."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from campaign.domain.stop import Stop
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.workers import ControlRecord, Reaped, WorkerRecord


class WorkerReader(Protocol):
    """Reads who is on duty, and what is wanted of runs."""

    def on_duty(self) -> list[WorkerRecord]:
        """The processes that have begun and not ended, oldest first; one that died too, until it is noticed."""

    def holding(self, run_id: int) -> WorkerRecord | None:
        """Who made the run's last claim; None where nobody did, or it is not known any more."""

    def control(self, run_id: int) -> ControlRecord | None:
        """What is wanted of a run; None where nothing was ever said: it may go."""


class Workers(Protocol):
    """Workers: a process that holds a run is one by itself; a process that takes other runs says so."""

    def duty(self, *, name: str, takes: str) -> AbstractContextManager[WorkerRecord]:
        """Registers this process, and gives heartbeats while the block lasts.

        Args:
            name: for people.
            takes: the queue that it takes runs from.

        Raises:
            LedgerError: the ledger cannot be written.
        """

    def reap(self, *, patience: timedelta) -> Sequence[Reaped]:
        """Takes for dead who was seen to give no heartbeat for so long: their open attempts are `unknown`, no more.

        To be asked every few seconds: what counts is what this process has seen itself, while it gave heartbeats: after
        an outage all were silent, and no two machines' clocks are compared.

        Raises:
            LedgerError: the ledger cannot be written.
        """


class RunControl(Protocol):
    """What is wanted of a run: all who dial it obey before their next claim."""

    def stop(self, record: RunRecord, stop: Stop, *, who: str | None) -> bool:
        """Stops a run; False, and nothing is changed, where a stop is there already.

        Args:
            record: the run.
            stop: why, and the exit code of that.
            who: who says so; None where the program stops itself.

        Raises:
            LedgerError: the ledger cannot be written.
        """

    def go(self, record: RunRecord, *, over_person: bool) -> bool:
        """Lets a stopped run go again; False where it was not stopped, or only a person may let it go.

        Args:
            record: the run.
            over_person: also where a person stopped it; only another act of a person may say that.

        Raises:
            LedgerError: the ledger cannot be written.
        """
