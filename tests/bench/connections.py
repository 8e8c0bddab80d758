"""What it costs to give every call a connection of its own, at several paces, with and without TLS."""

import ssl
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import anyio
import trustme
from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient
from campaign.config.settings import Account
from campaign.domain.model import Attempt, Created
from campaign.timing.pace import Pacer
from tests.bench.loopback import serving

BODY = (
    b'{"teamId":"team","callTemplateId":"template","nameOfHuman":"Person","toPhoneNumber":"+12125550101",'
    b'"promptVariableValues":[{"key":"day","value":"Monday the first"}]}'
)
ATTEMPT = Attempt(row_id=1, row_number=2, number=1, phone="+12125550101", body=BODY)


async def paced(
    base_url: str, *, rate: float, calls: int, reuse: float, context: ssl.SSLContext | None
) -> tuple[float, float]:
    """(median milliseconds a call, CPU milliseconds a call)."""
    account = Account(api_key=SecretStr("bench"), base_url=base_url, service="loopback")
    pacer, times = Pacer(rate), list[float]()
    numbers: Iterator[int] = iter(range(calls))

    async def work(client: AICallerClient) -> None:
        for number in numbers:
            await anyio.sleep_until(pacer.reserve(anyio.current_time()))
            began = time.perf_counter()
            outcome = await client.send(ATTEMPT._replace(row_id=number))
            times.append(time.perf_counter() - began)
            assert isinstance(outcome, Created), outcome

    before = time.process_time()
    client = AICallerClient(account, now=lambda: datetime.now(UTC), reuse_within=reuse, ssl_context=context)
    async with client, anyio.create_task_group() as workers:
        for _ in range(min(50, calls)):
            workers.start_soon(work, client)
    return median(times) * 1000, (time.process_time() - before) / calls * 1000


def measure(*, seconds: float) -> None:
    """Prints what a connection of its own costs a call."""
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "server.pem"
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
        print("\nA connection for each call, beside connections used again within a second")
        for tls in (False, True):
            with serving(latency=0, certificate=certificate if tls else None) as port:
                base_url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
                for rate in (1, 50, 500):
                    _compare(base_url, rate=rate, calls=max(5, int(rate * seconds)), context=trusting if tls else None)


def _compare(base_url: str, *, rate: float, calls: int, context: ssl.SSLContext | None) -> None:
    async def one(reuse: float) -> tuple[float, float]:
        return await paced(base_url, rate=rate, calls=calls, reuse=reuse, context=context)

    own, again = anyio.run(one, 0.0), anyio.run(one, 1.0)
    print(
        f"  {'TLS  ' if context else 'plain'} {rate:4.0f} calls/s: own {own[0]:6.2f} ms, {own[1]:5.2f} CPU ms;"
        f" again {again[0]:6.2f} ms, {again[1]:5.2f} CPU ms; a core is {own[1] * rate / 10:5.1f} % and"
        f" {again[1] * rate / 10:5.1f} % busy"
    )
