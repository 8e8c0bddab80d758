"""Sandbox server: an AICaller stand-in on this machine that makes no call, logs the truth, and fails on demand.

connection -> request -> (fault drawn) -> api: the phone rings, the truth has it -> answer, or the fault's ending
"""

import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, nullcontext, suppress
from dataclasses import dataclass, field, replace

import anyio
import h11
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from campaign.domain.api_schema import KEY_HEADER, STAND_IN_HEADER
from campaign.sandbox.api import AcceptedCall, Api, Reply
from campaign.sandbox.calls import Calls
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.scripts import End, Occasion, Script, Step
from campaign.sandbox.faults.table import Fault, Moment
from campaign.sandbox.http.in_process import ClientStream, Connect, ServerLine, connected
from campaign.sandbox.http.raw_socket import RawConnection, accepted, listen
from campaign.sandbox.http.wire import ByteLine, Request, Requests, TooLargeError, phrase, refusal, reply
from campaign.sandbox.truth import Truth

__all__ = ["Sandbox", "SandboxConfig", "serve", "serve_in_process"]

_GONE = (OSError, anyio.EndOfStream)
_POST = b"POST "
_MADE_UP = {STAND_IN_HEADER: "1"}
_BREATH = 0.01  # seconds
_FAREWELL = 2.0  # seconds


@dataclass(slots=True)
class Sandbox:
    """A running stand-in.

    Attributes:
        base_url: `http://127.0.0.1:PORT`.
        calls: all calls that it has accepted.
        posts: how many POSTs have met the plan.
        bugs: what went wrong in the stand-in itself; empty, or its answers are not to be trusted.
        read: the call of that id as a GET shows it, JSON; None if there is none.
    """

    base_url: str
    calls: Calls
    read: Callable[[str], bytes | None]
    posts: int = 0
    bugs: list[str] = field(default_factory=list)


@asynccontextmanager
async def serve(config: SandboxConfig) -> AsyncIterator[Sandbox]:
    """Runs the stand-in for the duration of the context; leaving it ends every connection at once.

    Raises:
        UsageError: the port is taken, or the truth file cannot be written.
    """
    failure: BaseException | None = None
    fsync = config.fsync if config.truth_sync else None
    with closing(Truth(config.truth, fsync=fsync)) if config.truth else nullcontext() as truth:
        api = Api(config, truth=truth)
        with listen(config.host, config.port) as listener:
            async with anyio.create_task_group() as tasks:
                host = f"[{config.host}]" if ":" in config.host else config.host
                sandbox = Sandbox(f"http://{host}:{listener.getsockname()[1]}", api.calls, api.read_call)
                tasks.start_soon(_accept, listener, _Server(config, api, sandbox), tasks)
                try:
                    yield sandbox
                except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - raised again below, not in a group of one
                    failure = error
                tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure


@asynccontextmanager
async def serve_in_process(config: SandboxConfig) -> AsyncIterator[tuple[Sandbox, Connect]]:
    """Runs the stand-in without a socket, for a client of this event loop: (the stand-in, how to connect to it).

    It keeps no truth file: `Sandbox.calls` has every call, and when it was made.
    """
    api = Api(config, truth=None)
    sandbox = Sandbox("http://127.0.0.1", api.calls, api.read_call)
    server = _Server(config, api, sandbox)
    failure: BaseException | None = None
    async with anyio.create_task_group() as tasks:

        async def connect(_host: str, _port: int) -> ClientStream:
            stream, line = connected()
            if server.strikes_on_accept():
                line.reset()
            else:
                tasks.start_soon(server.connection, line)
            return stream

        try:
            yield sandbox, connect
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - raised again below, not in a group of one
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure


class _Server:
    def __init__(self, config: SandboxConfig, api: Api, sandbox: Sandbox) -> None:
        self._config, self._api, self._sandbox = config, api, sandbox

    async def connection(self, line: RawConnection | ServerLine) -> None:
        """Serves one connection's requests until it ends; no error in here stops the server."""
        with line:
            try:
                await self._exchanges(line)
            except _GONE:
                pass
            except Exception as error:  # noqa: BLE001 - a bug is answered and remembered, and the server goes on
                await self._bug(line, error)

    def strikes_on_accept(self) -> bool:
        """Whether the next POST's fault strikes the connection that was just accepted."""
        fault = self._config.faults.at(self._sandbox.posts)
        if fault is None or fault.moment is not Moment.ACCEPT:
            return False
        self._sandbox.posts += 1
        return True

    async def _exchanges(self, line: ByteLine) -> None:
        requests, how = Requests(line, plain=isinstance(line, ServerLine)), End.KEEP
        try:
            while how is End.KEEP:
                how = await self._exchange(line, requests)
                # Neither a read nor a write need wait: a busy client must not keep the others out.
                await checkpoint()
        except (h11.RemoteProtocolError, TooLargeError) as error:
            await self._reject(line, requests, error)
        if how is End.HANG:
            await requests.wait_for_end()
        if how is End.RST:
            line.reset()

    async def _exchange(self, line: ByteLine, requests: Requests) -> End:
        if await requests.begin(len(_POST)) != _POST:
            return await self._answer(line, self._api.read(request := await requests.read()), request)
        fault = self._draw()
        if fault is None:
            request = await requests.read()
            return await self._answer(line, self._api.create(request), request)
        if fault.moment is Moment.MIDDLE:
            await requests.read(whole=False)
        if fault.moment is not Moment.WHOLE:
            return await self._play(line, fault.script, Occasion())
        return await self._strike(line, fault, await requests.read())

    async def _strike(self, line: ByteLine, fault: Fault, request: Request) -> End:
        occasion = Occasion(
            key=request.headers.get(KEY_HEADER, ""),
            now=self._config.clock(),
            late=self._config.late,
            drip=self._config.drip,
        )
        if fault.rings:
            for _ in range(fault.calls - 1):
                self._api.create(request, fault=fault.name)
            made = self._api.create(request, fault=fault.name)
            if isinstance(made, Reply):
                return await self._answer(line, made, request)
            occasion = replace(occasion, data=json.loads(made.data), earlier_id=made.earlier_id)
        await self._wait()
        how = await self._play(line, fault.script, occasion)
        return how if request.keep_alive or how is not End.KEEP else End.FIN

    async def _answer(self, line: ByteLine, made: AcceptedCall | Reply, request: Request) -> End:
        status, body = (
            (200, b'{"data": ' + made.data + b"}") if isinstance(made, AcceptedCall) else (made.status, made.body)
        )
        await self._wait()
        if isinstance(made, Reply) and made.steps is not None:
            return await self._steps(line, made.steps)
        at = self._config.clock() if self._config.dated else None
        await line.send(reply(status, body, headers=_MADE_UP, close=not request.keep_alive, at=at))
        return End.KEEP if request.keep_alive else End.FIN

    async def _play(self, line: ByteLine, script: Script, occasion: Occasion) -> End:
        return await self._steps(line, script(occasion))

    async def _steps(self, line: ByteLine, steps: Iterator[Step]) -> End:
        for step in steps:
            if isinstance(step, End):
                return step
            if isinstance(step, bytes):
                await line.send(step)
            else:
                await anyio.sleep(step)
            await checkpoint()
        return End.KEEP

    async def _wait(self) -> None:
        if self._config.latency:
            await anyio.sleep(self._config.latency)

    def _draw(self) -> Fault | None:
        self._sandbox.posts += 1
        return self._config.faults.at(self._sandbox.posts - 1)

    async def _reject(self, line: ByteLine, requests: Requests, error: Exception) -> None:
        status = 413 if isinstance(error, TooLargeError) else 400
        await line.send(reply(status, refusal(status, str(error) or phrase(status)), close=True))
        # Closing with bytes still unread would reset the connection, and the answer might be lost with it.
        line.finish()
        with anyio.move_on_after(_FAREWELL):
            await requests.wait_for_end()

    async def _bug(self, line: ByteLine, error: Exception) -> None:
        self._sandbox.bugs.append(f"{type(error).__name__}: {error}")
        with suppress(*_GONE):
            await line.send(reply(500, refusal(500, f"sandbox bug: {self._sandbox.bugs[-1]}"), close=True))


async def _accept(listener: socket.socket, server: _Server, tasks: TaskGroup) -> None:
    while True:
        await anyio.wait_readable(listener)
        try:
            while (line := accepted(listener)) is not None:
                if server.strikes_on_accept():
                    line.reset()
                else:
                    tasks.start_soon(server.connection, line)
        except OSError:
            # A client that has gone again, or no file handles left just now: neither may end the server.
            await anyio.sleep(_BREATH)
