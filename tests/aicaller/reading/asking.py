"""A process that asks a server once, under a deadline of a second, and prints what it got; it is stopped from outside.

python -m tests.aicaller.reading.asking WHAT BACKEND BASE_URL [CA_FILE]
"""

import ssl
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

import anyio
from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient
from campaign.aicaller.read_client import ReadingClient
from campaign.config.settings import Account
from campaign.domain.model import Unknown
from tests.aicaller.calling import KEY, request_for

DEADLINE_SECONDS = 1.0
PHONE = "+12025550143"


async def ask(what: str, base_url: str, trusted: ssl.SSLContext | None) -> str:
    account = Account(api_key=SecretStr(KEY), base_url=base_url, service="loopback")

    def now() -> datetime:
        return datetime.now(UTC)

    if what == "post":
        async with AICallerClient(account, now=now, deadline_seconds=DEADLINE_SECONDS, ssl_context=trusted) as client:
            outcome = await client.send(request_for(PHONE))
        return type(outcome).__name__ + (f": {outcome.reason}" if isinstance(outcome, Unknown) else "")
    async with ReadingClient(
        account, now=now, deadline_seconds=DEADLINE_SECONDS, list_seconds=DEADLINE_SECONDS, ssl_context=trusted
    ) as reader:
        if what == "call":
            return type(await reader.get_call("call-0001")).__name__
        taken = list[Mapping[str, Any]]()

        def take(entries: Sequence[Mapping[str, Any]]) -> None:
            taken.extend(entries)

        listed = await reader.list_calls("template-1", take=take)
        return f"{len(taken)} {listed.trouble}"


def main() -> None:
    what, backend, base_url, *trust = sys.argv[1:]
    trusted = ssl.create_default_context(cafile=trust[0]) if trust else None
    name, options = ("asyncio", {"use_uvloop": True}) if backend == "uvloop" else (backend, {})
    if backend == "uvloop" and find_spec("uvloop") is None:
        options = {}
    print(anyio.run(ask, what, base_url, trusted, backend=name, backend_options=options))  # noqa: T201 - its only output


if __name__ == "__main__":
    main()
