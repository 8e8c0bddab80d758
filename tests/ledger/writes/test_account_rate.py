"""The account's row: shared by all who have the ledger open, seen with every claim, and kept when they are gone."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import anyio
import pytest

from campaign.ledger.writes.account_rate import SharedAccount
from campaign.timing.account_rate import HORIZON_SECONDS, NoSlotYet, Refusal, SlotRange
from campaign.timing.pace import interval_of
from tests.ledger.backend import ADA, BOB, NOT_SENT, SERVICE, Backend, dialling, load, named, people

pytestmark = pytest.mark.anyio


async def spans(account: SharedAccount, *, rate: float) -> list[SlotRange]:
    """All that there are for now."""
    found = list[SlotRange]()
    while isinstance(given := await account.hand_out(interval=interval_of(rate), not_before=0.0), SlotRange):
        found.append(given)
    return found


@pytest.mark.parametrize("rate", [1.0, 50.0, 500.0])
async def test_two_processes_never_get_the_same_slot(backend: Backend, rate: float) -> None:
    """Each of them would call at the full rate."""
    got = dict[str, list[SlotRange]]()

    async def take(name: str, account: SharedAccount) -> None:
        got[name] = await spans(account, rate=rate)

    with (
        backend.open() as one,
        backend.open() as other,
        one.account(service=SERVICE, team="t") as first,
        other.account(service=SERVICE, team="t") as second,
    ):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(take, "one", first))
            tasks.start_soon(partial(take, "other", second))
    ordered = sorted(got["one"] + got["other"], key=lambda span: span.first)
    assert ordered[-1].first - ordered[0].first <= HORIZON_SECONDS
    assert all(later.first - sooner.last >= later.step - 1e-5 for sooner, later in pairwise(ordered))


@pytest.mark.every_database
async def test_two_machines_whose_clocks_are_apart_share_one_pace(backend: Backend) -> None:
    """The row goes by the database's clock: each sees its own times, and no slot is given twice."""
    behind = timedelta(seconds=3)
    with backend.open() as one, backend.open() as other:
        machines = [
            SharedAccount(
                service=SERVICE,
                team="t",
                writer=ledger._writer,
                reading=ledger._reading,
                now=lambda late=late: backend.clock() - late,  # type: ignore[misc]  # a default as a closure's value
                ahead=lambda _connection, late=late: late.total_seconds(),  # type: ignore[misc]  # likewise
            )
            for ledger, late in ((one, timedelta(0)), (other, behind))
        ]
        first = await machines[0].hand_out(interval=1.0, not_before=0.0)
        second = await machines[1].hand_out(interval=1.0, not_before=0.0)
        assert isinstance(first, SlotRange)
        assert isinstance(second, SlotRange)
        assert second.first + behind.total_seconds() == pytest.approx(first.last + 1.0)
        until = backend.clock().timestamp() + 60
        machines[0].slow_down(Refusal(until=until, sent_at=0.0, too_fast=False, waits=60.0, why="503"))
        await machines[0].hand_out(interval=1.0, not_before=0.0)
        assert machines[1].look().paused_until == pytest.approx(until - behind.total_seconds())


@pytest.mark.every_database
async def test_the_row_outlives_the_process(backend: Backend) -> None:
    """The pace holds over a restart, and so does what a server asked for."""
    with backend.open() as ledger, ledger.account(service=SERVICE, team="t") as account:
        given = await account.hand_out(interval=1.0, not_before=0.0)
        until = backend.clock().timestamp() + 60
        sent_at = backend.clock().timestamp() + 0.5
        refusal = Refusal(until=until, sent_at=sent_at, too_fast=True, waits=60.0, why="429")
        for late in (0.0, 1.5):
            account.slow_down(replace(refusal, sent_at=sent_at + late), accepted=3)
    assert isinstance(given, SlotRange)
    backend.clock.passes(timedelta(seconds=5))
    with backend.open() as ledger, ledger.account(service=SERVICE, team="t") as account:
        row = account.look()
        assert (row.last_slot, row.paused_until, row.why) == (given.last, until, "429")
        assert 0.4 < row.found.rate < 1.0
        assert row.found.waited == 60.0
        assert await account.hand_out(interval=1.0, not_before=0.0) == NoSlotYet(until - HORIZON_SECONDS)


async def test_another_team_or_service_has_a_limit_of_its_own(backend: Backend) -> None:
    with backend.open() as ledger:
        for service, team in ((SERVICE, "t"), (SERVICE, "u"), ("sandbox", "t")):
            with ledger.account(service=service, team=team) as account:
                assert len(await spans(account, rate=1.0)) == 2


@pytest.mark.every_database
async def test_a_claim_sees_what_another_process_was_told(backend: Backend) -> None:
    """Once it is acknowledged, there must be no doubt whether it may be sent."""
    with dialling(backend, ADA, BOB) as (held, (ada, bob)), backend.open() as other:
        with other.account(service=SERVICE, team="t") as told:
            until = backend.clock().timestamp() + 60
            told.slow_down(Refusal(until=until, sent_at=0.0, too_fast=False, waits=60.0, why="503"))
            await told.hand_out(interval=1.0, not_before=0.0)
        ledger_account = SharedAccount(
            service=SERVICE, team="t", writer=held._writer, reading=other._reading, now=backend.clock
        )
        await held.claim(ada)
        assert ledger_account.seen.paused_until == 0.0
        held._writer.with_claims.append(ledger_account.watch)
        await held.claim(bob)
        assert ledger_account.seen.paused_until == until
        for attempt in (ada, bob):
            await held.settle(attempt, NOT_SENT)


async def test_a_claim_that_is_refused_does_not_hide_it(backend: Backend) -> None:
    """Then each of the group is written by itself, and the row is looked at all the same."""
    with dialling(backend, ADA) as (held, [ada]), backend.open() as other:
        with other.account(service=SERVICE, team="t") as told:
            await told.hand_out(interval=1.0, not_before=0.0)
        account = SharedAccount(
            service=SERVICE, team="t", writer=held._writer, reading=other._reading, now=backend.clock
        )
        other.suppression.add([ADA], reason="", source="test")
        held._writer.with_claims.append(account.watch)
        assert await held.claim(ada) is not None
        assert account.seen.revision == 1


async def test_another_plan_is_made_of_the_one_that_stands_there(backend: Backend) -> None:
    """Two who change it at once must not undo each other's half."""
    with backend.open() as ledger, backend.open() as other:
        record = load(ledger, people(ADA))
        assert ledger.replan(record.id, lambda plan: plan + "+1") == "{}+1"
        assert other.replan(record.id, lambda plan: plan + "+2") == "{}+1+2"
        assert named(other, record.name).plan == "{}+1+2"
