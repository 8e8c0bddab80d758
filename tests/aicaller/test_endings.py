"""Every way in which a POST can end, and the one law: what the server may have heard is never resent."""

import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import anyio
import anyio.abc
import pytest

from campaign.aicaller.wire.transport import SingleUseTransport
from campaign.domain.model import Cause, Created, NotSent, Outcome, Unknown
from tests.aicaller.calling import client_for, request_for
from tests.aicaller.conftest import Certificates
from tests.aicaller.endings import CASES, DOUBTFUL_SUCCESSES, LOST, PHONE, Case, not_sent, over_tls, rejected, told
from tests.aicaller.hostile import Hostile

pytestmark = pytest.mark.anyio
ALL = CASES | dict(over_tls())
HUGE = ("endless", "without an end", "MB", "gzipped")
ENDLESS = [name for name, case in ALL.items() if any(word in name for word in HUGE) and not case.hangs]


async def ending_of(case: Case, certificates: Certificates, *, reuse_within: float = 0.0) -> tuple[Outcome, Hostile]:
    """The outcome, and the server as it stands when all of its connections are over."""
    tls: ssl.SSLContext | None = getattr(certificates, case.tls) if case.tls else None
    with Hostile(case.script, tls=tls) as server:
        https = bool(tls) if case.https is None else case.https
        url = f"{'https' if https else 'http'}://127.0.0.1:{server.port}"
        async with client_for(
            url,
            reuse_within=reuse_within,
            connect_seconds=0.2 if case.hangs and case.told[0] is NotSent else 10.0,
            deadline_seconds=0.3 if case.hangs else 20.0,
            ssl_context=certificates.trusted,
        ) as client:
            # A send that did not end by its own deadline would still be waiting for these.
            with anyio.fail_after(60):
                outcome = await client.send(request_for(PHONE))
    return outcome, server


def assert_the_law(outcome: Outcome, server: Hostile) -> None:
    """If the server held the whole request, it is never resent, unless the server itself says that it took nothing."""
    if server.held_whole_request and isinstance(outcome, NotSent):
        assert outcome.cause in (Cause.LIMITED, Cause.UNAVAILABLE, Cause.ACCOUNT)


@pytest.mark.parametrize(
    ("name", "reuse_within"),
    [
        *(pytest.param(name, 0.0, id=f"{name}, fresh") for name in ALL),
        # Who hangs does not learn whether the connection would have been kept.
        *(pytest.param(name, 1.0, id=f"{name}, kept") for name, case in ALL.items() if not case.hangs),
    ],
)
async def test_an_ending_proves_what_its_row_says(name: str, reuse_within: float, certificates: Certificates) -> None:
    """A row of this table that is wrong is a phone that rings twice, or a person who is never called."""
    case = ALL[name]
    outcome, server = await ending_of(case, certificates, reuse_within=reuse_within)
    assert_the_law(outcome, server)
    assert told(outcome) == case.told, outcome
    if case.whole is not None:
        assert server.held_whole_request is case.whole


def test_the_table_is_as_long_as_it_should_be() -> None:
    """A dictionary forgets a row whose name is used twice."""
    assert len(ALL) > 120


@pytest.mark.parametrize("name", ENDLESS)
async def test_no_answer_takes_more_than_some_megabytes(name: str, certificates: Certificates) -> None:
    """An endless answer, or one that unpacks to an endless one, must not take the machine with it."""
    tracemalloc.start()
    try:
        outcome, _ = await ending_of(ALL[name], certificates)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not isinstance(outcome, NotSent | Created)
    # Four times what is read of a body at the most, and what the server itself needs to say 5 MB.
    assert peak < 20_000_000


async def test_an_endless_body_is_left_after_a_megabyte(certificates: Certificates) -> None:
    """Reading on would cost the time of everybody else's calls."""
    _, server = await ending_of(DOUBTFUL_SUCCESSES["200 without an end"], certificates)
    # What the kernels of both ends hold comes on top.
    assert server.lines[0].sent < 16_000_000


async def test_a_refused_connection_sent_nothing() -> None:
    """The commonest trouble of all: nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with client_for(f"http://127.0.0.1:{port}") as client:
        assert told(await client.send(request_for(PHONE))) == not_sent(Cause.CONNECT)


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue of waiting connections is full."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(full.getsockname())
        yield full.getsockname()[1]
        for one in waiting:
            one.close()


async def test_a_connection_that_does_not_come_about_sent_nothing(full_port: int) -> None:
    """A server too busy to accept has heard nothing."""
    async with client_for(f"http://127.0.0.1:{full_port}", connect_seconds=0.2) as client:
        assert told(await client.send(request_for(PHONE))) == not_sent(Cause.CONNECT)


async def test_a_host_without_an_address_sent_nothing() -> None:
    """It is told apart from other trouble, since it befalls every row."""

    async def nobody(_host: str, _port: int) -> anyio.abc.ByteStream:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    transport = SingleUseTransport(connect_seconds=1.0, connect=nobody)
    async with client_for("http://no-such-host.invalid:1", transport=transport) as client:
        outcome = await client.send(request_for(PHONE))
    assert told(outcome) == not_sent(Cause.NAME)
    assert isinstance(outcome, NotSent)
    assert "no-such-host.invalid" in outcome.reason


@pytest.mark.parametrize(
    ("certificate", "said"),
    [("unknown", "issuer"), ("expired", "expired"), ("elsewhere", "127.0.0.1")],
)
async def test_what_is_wrong_with_a_certificate_is_said(
    certificate: str, said: str, certificates: Certificates
) -> None:
    """CERTIFICATE_VERIFY_FAILED alone tells nobody whether to renew it or to mistrust the network."""
    outcome, _ = await ending_of(replace(CASES["certificate expired"], tls=certificate), certificates)
    assert isinstance(outcome, NotSent)
    assert said in outcome.reason


async def test_the_status_of_a_lost_answer_is_kept_as_evidence(certificates: Certificates) -> None:
    """Who looks the call up wants to know that it was a 200 before the body broke."""
    outcome, _ = await ending_of(LOST["end in the body"], certificates)
    assert isinstance(outcome, Unknown)
    assert outcome.status == 200
    assert outcome.evidence["ended"] == "RemoteProtocolError"
    assert "200" in outcome.reason


async def test_a_refusal_carries_what_the_server_said(certificates: Certificates) -> None:
    """The user corrects the row by it."""
    outcome, _ = await ending_of(CASES["422"], certificates)
    assert told(outcome) == rejected(422)
    assert getattr(outcome, "reason", "").startswith("422: no (")
