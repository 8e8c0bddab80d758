"""A wish is read through what stands on this machine: a stand-in says that it made it up, and a proxy says nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.abc
import pytest

from campaign.config.settings import LOOPBACK_SERVICE, Account
from campaign.domain.api_schema import STAND_IN_HEADER
from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.store import Ledger
from tests.followup.day import WISH, DayClock, a_day

pytestmark = pytest.mark.anyio
HAL = "+12125550107"


@asynccontextmanager
async def proxied(account: Account, *, drops: bytes) -> AsyncIterator[Account]:
    """A proxy on this machine before that account; the header lines that begin with `drops` do not come through."""
    port = int(account.base_url.rsplit(":", 1)[1])

    async def pass_on(client: anyio.abc.SocketStream) -> None:
        async with client, await anyio.connect_tcp("127.0.0.1", port) as server:
            await server.send(await client.receive())
            lines = (await server.receive()).split(b"\r\n")
            await client.send(b"\r\n".join(line for line in lines if not line.lower().startswith(drops)))

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, pass_on)
        here = listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 - anyio's word, not Django's
        yield account.model_copy(update={"base_url": f"http://127.0.0.1:{here}"})
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("drops", [b"nothing", STAND_IN_HEADER.encode()], ids=["stand-in", "proxy"])
async def test_a_wish_binds_real_runs_unless_the_answer_says_that_it_is_made_up(
    clock: DayClock, ledger: Ledger, drops: bytes
) -> None:
    """Who asked AICaller not to be called, through a proxy of this machine, must not be called again by any run."""
    async with (
        a_day(ledger.home, ledger=ledger, clock=clock, script={HAL: [WISH]}, service=LOOPBACK_SERVICE) as day,
        proxied(day.account, drops=drops) as account,
    ):
        day.account = account
        record = day.start(HAL)
        await day.dial(record)
        await day.follow(record, watch=False)
    assert ledger.suppression.of([HAL], service=LOOPBACK_SERVICE).keys() == {HAL}
    assert set(ledger.suppression.of([HAL], service=EVERYWHERE)) == (set() if drops == b"nothing" else {HAL})
