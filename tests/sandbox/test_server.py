import json
import time
from pathlib import Path

import anyio
import pytest

from campaign.domain.errors import UsageError
from campaign.sandbox.faults.table import FaultPlan
from campaign.sandbox.http.wire import MAX_BODY
from campaign.sandbox.server import SandboxConfig, serve
from tests.sandbox.wiretap import ask, body, get, post, tap

pytestmark = pytest.mark.anyio


async def test_a_connection_serves_one_request_after_the_other() -> None:
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        for request in (post(), get(), post(b"{"), post()):
            await line.send(request)
            status, _ = await line.reply()
            assert status == (400 if request == post(b"{") else 200)
        assert len(sandbox.calls) == 2


async def test_requests_sent_all_at_once_are_answered_in_order() -> None:
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        await line.send(b"".join(post(body(nameOfHuman=f"Ada {n}")) for n in range(30)))
        names = [json.loads((await line.reply())[1])["data"]["nameOfHuman"] for _ in range(30)]
    assert names == [f"Ada {n}" for n in range(30)]


async def test_a_request_may_come_a_byte_at_a_time() -> None:
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        for byte in post() + get():
            await line.send(bytes([byte]))
        assert (await line.reply())[0] == 200
        assert len(json.loads((await line.reply())[1])["data"]) == 1


@pytest.mark.parametrize(
    "request_",
    [post(None, "Connection: close"), post().replace(b"HTTP/1.1", b"HTTP/1.0"), get("/x", "Connection: close")],
)
async def test_a_client_that_wants_the_end_gets_it_after_the_answer(request_: bytes) -> None:
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        await line.send(request_)
        await line.until_end()
        assert line.ended == "closed"
        assert b"\r\nConnection: close\r\n" in line.seen


async def test_a_client_that_asks_before_it_sends_is_told_to_go_on() -> None:
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        head, _, content = post(None, "Expect: 100-continue").partition(b"\r\n\r\n")
        await line.send(head + b"\r\n\r\n")
        await line.until(b"HTTP/1.1 100 Continue\r\n\r\n")
        await line.send(content)
        assert (await line.reply())[0] == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"hello\r\n\r\n",
        b"POST /v1/phoneCalls HTTP/1.1\r\n\r\n",
        post().replace(b"Content-Length: ", b"Content-Length: -"),
        post(None, "Content-Length: 1"),
        get("/", "Bad Header: x"),
        get("/", "X-Pad: " + "a" * 200_000),
    ],
)
async def test_what_is_not_http_is_turned_away(request_: bytes) -> None:
    async with serve(SandboxConfig()) as sandbox:
        async with tap(sandbox.base_url) as line:
            await line.send(request_)
            await line.until(b"HTTP/1.1 400 ", b'"payload"')
            await line.finish()
            await line.until_end()
            assert line.seen.startswith(b"HTTP/1.1 400 ")
        assert (len(sandbox.calls), sandbox.bugs) == (0, [])


async def test_a_body_beyond_measure_is_turned_away() -> None:
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        await line.send(post(b" " * (MAX_BODY + 1)))
        await line.until(b'"payload"')
        assert line.seen.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("sent", [b"", b"PO", post()[:40], post()[:-1]])
async def test_a_client_that_goes_away_harms_nobody(sent: bytes) -> None:
    async with serve(SandboxConfig()) as sandbox:
        async with tap(sandbox.base_url) as line:
            await line.send(sent)
        assert (await ask(sandbox.base_url, get()))[0] == 200
        assert (len(sandbox.calls), sandbox.bugs) == (0, [])


async def test_many_clients_are_served_at_once(truth: Path) -> None:
    async with serve(SandboxConfig(truth=truth, truth_sync=False)) as sandbox:
        async with anyio.create_task_group() as clients:
            for _ in range(100):
                clients.start_soon(ask, sandbox.base_url, post())
        assert len(sandbox.calls) == 100


async def test_a_slow_answer_does_not_hold_up_the_others() -> None:
    """A thousand seconds of `late` in one connection, and an answer in another."""
    plan = FaultPlan.parse("late=1")
    async with serve(SandboxConfig(faults=plan, late=1_000)) as sandbox, tap(sandbox.base_url) as line:
        await line.send(post())
        while not len(sandbox.calls):
            await ask(sandbox.base_url, get())
        assert line.seen == b""


async def test_latency_comes_before_every_answer() -> None:
    """Never less of it than was asked for, whatever else the machine does."""
    async with serve(SandboxConfig(latency=0.05)) as sandbox:
        started = time.perf_counter()
        await ask(sandbox.base_url, get())
        await ask(sandbox.base_url, post())
        assert time.perf_counter() - started >= 0.1


@pytest.mark.parametrize(
    "fault", ["hang", "hang_before", "late", "drip", "endless_100", "long_body", "switch_101", None]
)
async def test_the_end_of_the_context_ends_everything_at_once(fault: str | None) -> None:
    """Long before the slow ones of the faults would have ended by themselves."""
    plan = FaultPlan.parse(f"{fault}=1" if fault else "")
    config = SandboxConfig(faults=plan, late=1_000, drip=1_000)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as clients:
            async with serve(config) as sandbox:
                for _ in range(20):
                    clients.start_soon(watch, sandbox.base_url)
                while sandbox.posts < 20:
                    await ask(sandbox.base_url, get())
            assert sandbox.bugs == []


async def watch(base_url: str) -> None:
    async with tap(base_url) as line:
        await line.send(post())
        while await line.more():
            line.seen = b""


async def test_a_bug_of_the_stand_in_is_answered_and_remembered() -> None:
    """A test whose stand-in was broken must not pass."""
    asked = list[int]()

    def broken_once() -> float:
        asked.append(1)
        if len(asked) == 1:
            raise KeyError("oops")
        return 1e9

    async with serve(SandboxConfig(clock=broken_once)) as sandbox:
        status, said = await ask(sandbox.base_url, post())
        assert (status, said["error"]["message"]) == (500, ["sandbox bug: KeyError: 'oops'"])
        assert sandbox.bugs == ["KeyError: 'oops'"]
        assert (await ask(sandbox.base_url, get()))[0] == 200


async def test_an_error_of_its_user_comes_out_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        async with serve(SandboxConfig()):
            raise ZeroDivisionError


async def test_a_cancelled_user_is_not_held_up() -> None:
    with anyio.CancelScope() as scope:
        async with serve(SandboxConfig()):
            scope.cancel()
            await anyio.sleep_forever()
    assert scope.cancelled_caught


async def test_it_can_listen_on_the_other_loopback_address() -> None:
    async with serve(SandboxConfig(host="::1")) as sandbox:
        assert sandbox.base_url.startswith("http://[::1]:")
        assert (await ask(sandbox.base_url, get()))[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "localhost", ""])  # noqa: S104 - refused
def test_it_listens_to_nobody_but_this_machine(host: str) -> None:
    with pytest.raises(UsageError, match="this machine alone"):
        SandboxConfig(host=host)


async def test_a_port_that_is_taken_is_named() -> None:
    async with serve(SandboxConfig()) as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        with pytest.raises(UsageError, match=f"port {port} "):
            async with serve(SandboxConfig(port=port)):
                pass


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_named(port: int) -> None:
    with pytest.raises(UsageError, match=f"port {port}"):
        SandboxConfig(port=port)


def test_a_key_is_not_shown_with_the_rest() -> None:
    assert "k3y" not in repr(SandboxConfig(api_key="k3y"))


@pytest.mark.parametrize("wrong", [{"speed": 0.0}, {"latency": -1.0}, {"late": -1.0}, {"drip": -1.0}])
def test_a_time_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        SandboxConfig(**wrong)  # type: ignore[arg-type] # every one of these is a number of seconds
