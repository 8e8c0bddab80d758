"""The pace row that all runs of an account share: updated in the writer's transactions, read with every claim.

Slots are handed out in spans ahead of their time, so that calls rarely wait for a commit besides their claim's. Also,
every group of claims reads the row before it is acknowledged: a claim that is committed after another process was
told to wait is never sent before that time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from campaign.ledger.port.session import AccountLedger
from campaign.ledger.queries.account_pace import COLUMNS, THIS_ACCOUNT, read_pace, see_pace, take_pace, values_of
from campaign.ledger.schema.account_table import account_pace
from campaign.ledger.schema.tables import run
from campaign.ledger.schema.text import storable
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.jobs import CommitReceipt
from campaign.ledger.writes.statements import Prepared, prepared_insert
from campaign.timing.account_rate import (
    AccountPace,
    Demand,
    NoSlotYet,
    Refusal,
    SlotRange,
    hand_out,
    shifted,
    slowed_down,
)

_WRITE = Prepared(update(account_pace).where(THIS_ACCOUNT).values({name: bindparam(name) for name in COLUMNS}))
_BEGIN = prepared_insert(account_pace, "service", "team", *COLUMNS)


def _one_clock(_connection: Connection) -> float:
    return 0.0


class SharedAccount(AccountLedger):
    """The pace of one account, for the dialling of one run.

    Attributes:
        seen: the row as this process last read it; the writer's thread replaces it.
    """

    def __init__(
        self,
        *,
        service: str,
        team: str,
        writer: Writer,
        reading: Engine,
        now: Callable[[], datetime],
        ahead: Callable[[Connection], float] = _one_clock,
    ) -> None:
        """`ahead` says by how many seconds the clock of the row is ahead of `now`: of a row that machines share."""
        self.seen, self._ahead = AccountPace(), ahead
        self._service, self._team = service, team
        self._writer, self._reading, self._now = writer, reading, now

    def hand_out(
        self, *, interval: float, not_before: float, accepted: int = 0, demand: Demand | None = None
    ) -> CommitReceipt[SlotRange | NoSlotYet]:
        """Requests the run's next span in the writer's next group; see `timing.account_rate.hand_out`.

        Raises:
            LedgerError: at once, or when it is awaited.
        """
        return self._writer.hand_over(
            partial(self._hand_out, interval=interval, not_before=not_before, accepted=accepted, demand=demand)
        )

    def slow_down(self, refusal: Refusal, *, accepted: int = 0) -> None:
        """See the port `AccountLedger`."""
        self._writer.hand_over(partial(self._slow_down, refusal=refusal, accepted=accepted))

    def look(self) -> AccountPace:
        """The row as it stands now."""
        with self._reading.connect() as connection:
            pace = read_pace(connection, service=self._service, team=self._team)
            return shifted(pace, by=-self._ahead(connection))

    def watch(self, connection: Connection) -> None:
        """Reads the row in a transaction of the writer."""
        pace = see_pace(connection, service=self._service, team=self._team)
        self.seen = shifted(pace, by=-self._ahead(connection))

    def _hand_out(
        self, connection: Connection, *, interval: float, not_before: float, accepted: int, demand: Demand | None
    ) -> SlotRange | NoSlotYet:
        self._take(connection)
        pace, given = hand_out(
            self.seen,
            now=self._now().timestamp(),
            interval=interval,
            not_before=not_before,
            accepted=accepted,
            demand=demand,
        )
        self._write(connection, pace)
        return given

    def _slow_down(self, connection: Connection, *, refusal: Refusal, accepted: int) -> None:
        self._take(connection)
        told = replace(refusal, why=storable(refusal.why))
        self._write(connection, slowed_down(self.seen, told, now=self._now().timestamp(), accepted=accepted))

    def _take(self, connection: Connection) -> None:
        """Reads the row in a transaction that changes it then; of two who begin it, one waits for the other's."""
        seen = take_pace(connection, service=self._service, team=self._team)
        if seen is None:
            whose = {"service": self._service, "team": self._team}
            with suppress(IntegrityError), connection.begin_nested():
                _BEGIN.run(connection, [{**whose, **values_of(AccountPace())}])
            seen = take_pace(connection, **whose)
        self.seen = shifted(seen or AccountPace(), by=-self._ahead(connection))

    def _write(self, connection: Connection, pace: AccountPace) -> None:
        if pace is self.seen:
            return
        row = values_of(shifted(pace, by=self._ahead(connection)))
        _WRITE.run(connection, [{"b_service": self._service, "b_team": self._team, **row}])
        self.seen = pace


@contextmanager
def sharing_account(
    *,
    service: str,
    team: str,
    writer: Writer,
    reading: Engine,
    now: Callable[[], datetime],
    ahead: Callable[[Connection], float],
) -> Iterator[SharedAccount]:
    """Shares the account's row, read with every claim while the block lasts."""
    account = SharedAccount(service=service, team=team, writer=writer, reading=reading, now=now, ahead=ahead)
    writer.with_claims.append(account.watch)
    try:
        yield account
    finally:
        writer.with_claims.remove(account.watch)


def replan(connection: Connection, run_id: int, change: Callable[[str], str]) -> str:
    """Replaces a run's plan by one computed from the stored plan; returns the new one."""
    plan = change(str(connection.execute(select(run.c.plan).where(run.c.id == run_id)).scalar_one()))
    connection.execute(update(run).where(run.c.id == run_id).values(plan=plan))
    return plan
