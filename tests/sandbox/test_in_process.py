"""The stand-in without a socket: the client meets what it meets by TCP."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient
from campaign.config.settings import Account
from campaign.domain.model import Attempt, NotSent, Outcome, Unknown
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FAULTS, FaultPlan
from campaign.sandbox.server import serve, serve_in_process
from tests.sandbox.wiretap import body

pytestmark = pytest.mark.anyio

NEVER_ENDS = frozenset({"hang_before", "hang", "hang_body", "drip", "endless_100", "switch_101", "gzip_bomb"})
"""What takes a deadline of a minute, or much memory, in either way."""

EVERY_DAY = frozenset({"", "429", "reset_after", "close_after", "reset_before", "reset_mid", "refuse_before", "late"})


def attempt() -> Attempt:
    sent = body()
    text = json.dumps(sent).encode()
    return Attempt(row_id=1, row_number=2, number=1, phone=sent["toPhoneNumber"], body=text)


async def outcome_of(fault: str, *, in_process: bool) -> tuple[Outcome, int]:
    """What the client makes of the fault, and how many phones rang."""
    config = SandboxConfig(faults=FaultPlan.parse(f"{fault}=1") if fault else FaultPlan(), late=0.0)
    key = SecretStr("sandbox")
    if in_process:
        async with serve_in_process(config) as (sandbox, connect):
            account = Account(api_key=key, base_url=sandbox.base_url, service="sandbox", connect=connect)
            async with AICallerClient(account, now=lambda: datetime.now(UTC)) as client:
                return await client.send(attempt()), len(sandbox.calls)
    async with serve(config) as sandbox:
        account = Account(api_key=key, base_url=sandbox.base_url, service="sandbox")
        async with AICallerClient(account, now=lambda: datetime.now(UTC)) as client:
            return await client.send(attempt()), len(sandbox.calls)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(name, marks=[] if name in EVERY_DAY else [pytest.mark.nightly])
        for name in ("", *sorted(FAULTS.keys() - NEVER_ENDS))
    ],
)
async def test_every_fault_proves_the_same_as_by_tcp(fault: str) -> None:
    """A rehearsal whose lost answers were no lost answers would promise a smooth campaign."""
    here, rang = await outcome_of(fault, in_process=True)
    there, rang_there = await outcome_of(fault, in_process=False)
    if fault == "refuse_before" and {type(here), type(there)} <= {NotSent, Unknown}:
        # Whether the reset comes before the first byte or just after it is a race by TCP as well: both are right.
        assert rang == rang_there == 0
        return
    assert (type(here), rang) == (type(there), rang_there), (here, there)


async def test_an_error_inside_the_block_comes_out_as_it_is() -> None:
    """Not in a group of one: what catches it above knows its class."""
    with pytest.raises(KeyError):
        async with serve_in_process(SandboxConfig()):
            raise KeyError
