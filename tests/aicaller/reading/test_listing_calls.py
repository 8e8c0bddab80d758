"""Lists of calls that are late, endless, broken or refused: what was read is handed on, and nothing raises."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from campaign.aicaller.read_client import FoundCall, Listed, NotRead, ReadingClient
from campaign.config.settings import Account
from campaign.domain.errors import LedgerError
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.list_endings import ENDINGS, Listing
from campaign.sandbox.server import Sandbox, serve
from tests.aicaller.calling import KEY, NOON

pytestmark = pytest.mark.anyio
BODY = {
    "teamId": "team",
    "callTemplateId": "template",
    "nameOfHuman": "Ada",
    "toPhoneNumber": "+12025550143",
    "promptVariableValues": [],
}


def reader(stand_in: Sandbox, **settings: Any) -> ReadingClient:
    account = Account(api_key=SecretStr(KEY), base_url=stand_in.base_url, service="loopback")
    return ReadingClient(account, now=lambda: NOON, retry_wait=lambda _: 0.0, **settings)


async def made(stand_in: Sandbox, count: int) -> list[str]:
    async with httpx.AsyncClient(base_url=stand_in.base_url, headers={"aicaller-api-key": KEY}) as client:
        answers = [await client.post("/v1/phoneCalls", json=BODY) for _ in range(count)]
    return [answer.json()["data"]["_id"] for answer in answers]


async def listed(stand_in: Sandbox, **settings: Any) -> tuple[Listed, list[str]]:
    ids: list[str] = []

    def take(entries: Sequence[Mapping[str, Any]]) -> None:
        ids.extend(str(entry.get("_id")) for entry in entries)

    async with reader(stand_in, **settings) as client:
        return await client.list_calls("template", take=take), ids


# How each ending of a list leaves its reader: (is it whole, what is said, are its sound entries handed on).
LEFT: dict[str, tuple[bool, str | None, bool]] = {
    "list_cut": (False, "broke off", True),
    "list_endless": (False, "longer than", True),
    "list_long": (True, None, True),
    "list_odd": (False, None, True),
    "list_twice": (False, None, True),
    "list_huge_entry": (False, "broken, or too long", True),
    "list_broken": (False, "broken", True),
    "list_deep": (False, "broken", True),
    "list_behind": (False, "behind the list", True),
    "list_html": (False, "no list", False),
    "list_empty": (False, "too early", False),
    "list_none": (False, "no list", False),
    "list_paged": (False, None, True),
    "list_401": (False, "status 401", False),
    "list_404": (False, "status 404", False),
    "list_500": (False, "status 500", False),
    "list_429": (False, "status 429", False),
    "list_moved": (False, "status 302", False),
    "list_reset": (False, "broke off", False),
    "list_hang": (False, "not whole within", False),
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_bad_list_hands_on_what_is_sound_and_says_what_is_wrong(ending: str) -> None:
    whole, said, handed_on = LEFT[ending]
    async with serve(SandboxConfig(listing=Listing(ending=ending))) as stand_in:
        ids = await made(stand_in, 3)
        seconds = 0.2 if ending == "list_hang" else 60.0
        bound = {"most_list_bytes": 1 << 20} if "endless" in ending else {}
        found, seen = await listed(stand_in, list_seconds=seconds, **bound)
    assert found.whole is whole
    assert (found.trouble is None) if said is None else (said in (found.trouble or ""))
    assert (set(ids) & set(seen) != set()) is handed_on
    assert KEY not in str(found)


async def test_a_list_that_is_too_long_is_read_once_and_says_what_can_be_done() -> None:
    """A second try would meet the same gigabytes."""
    async with serve(SandboxConfig(listing=Listing(ending="list_endless", failing=1))) as stand_in:
        found, _ = await listed(stand_in, most_list_bytes=1 << 20)
    assert found.trouble == (
        "the list of this call template's calls is longer than 1 MiB; a copy of the call template has a list of its "
        "own, which begins empty"
    )
    assert (found.whole, found.is_hopeless) == (False, True)


async def test_a_list_that_fails_for_a_while_is_read_in_the_end(tmp_path: Path) -> None:
    async with serve(SandboxConfig(truth=tmp_path / "t", listing=Listing(ending="list_500", failing=3))) as stand_in:
        ids = await made(stand_in, 2)
        found, seen = await listed(stand_in)
    assert replace(found, ahead=None) == Listed(entries=2, whole=True, status=200)
    assert seen == ids


async def test_what_the_taker_raises_is_not_taken_for_the_lists_fault() -> None:
    def take(_: Sequence[Mapping[str, Any]]) -> None:
        raise LedgerError("the disk is full")

    async with serve(SandboxConfig()) as stand_in:
        await made(stand_in, 1)
        async with reader(stand_in) as client:
            with pytest.raises(LedgerError):
                await client.list_calls("template", take=take)


async def test_one_call_is_read_by_its_id_and_no_other_path_can_be_asked_for() -> None:
    async with serve(SandboxConfig()) as stand_in:
        (call_id,) = await made(stand_in, 1)
        async with reader(stand_in) as client:
            found = await client.get_call(call_id)
            assert isinstance(found, FoundCall)
            assert found.call["_id"] == call_id
            strange = await client.get_call("../phoneCalls?x=1")
            assert isinstance(strange, NotRead)
            assert strange.status == 404
