"""Connecting: a TCP stream to a host, by the cheap stream where the event loop is asyncio's, by anyio's elsewhere.

The addresses of a name race each other as in anyio (RFC 6555, without a memory): IPv6 first, the next one a quarter of
a second later, or at once when one has failed. The first that connects is taken.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import anyio
import anyio.abc

from campaign.aicaller.wire.asyncio_stream import AsyncioStream

_HEAD_START_SECONDS = 0.25


async def connect_tcp(host: str, port: int) -> anyio.abc.ByteStream:
    """Connects to a host, by its name or address.

    Raises:
        socket.gaierror: the name has no address, or no server answers for it.
        OSError: none of its addresses takes the connection; its cause says why.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return await anyio.connect_tcp(host, port)  # another event loop's
    return await first_of(await _addresses(host, port), port=port)


async def first_of(addresses: Sequence[str], *, port: int) -> AsyncioStream:
    """Connects to the first of some addresses that takes the connection.

    Raises:
        OSError: none does; its cause says why.
    """
    won, errors = list[AsyncioStream](), list[OSError]()
    try:
        async with anyio.create_task_group() as runners:
            for address in addresses:
                tried = anyio.Event()
                runners.start_soon(_try, address, port, won, errors, tried, runners.cancel_scope)
                with anyio.move_on_after(_HEAD_START_SECONDS):
                    await tried.wait()
    except BaseException:
        for stream in won:
            await anyio.aclose_forcefully(stream)
        raise
    if not won:
        cause = errors[0] if len(errors) == 1 else ExceptionGroup("no address", errors)
        raise OSError("no address of the host takes a connection") from cause
    return won[0]


async def _try(  # noqa: PLR0917 - one runner of the race above
    address: str,
    port: int,
    won: list[AsyncioStream],
    errors: list[OSError],
    tried: anyio.Event,
    everyone: anyio.CancelScope,
) -> None:
    try:
        _, stream = await asyncio.get_running_loop().create_connection(AsyncioStream, address, port)
    except OSError as error:
        errors.append(error)
    else:
        if won:
            await anyio.aclose_forcefully(stream)
            return
        won.append(stream)
        everyone.cancel()
    finally:
        tried.set()


async def _addresses(host: str, port: int) -> Sequence[str]:
    """Of a name: an IPv6 address before all others, and an IPv4 address after it."""
    try:
        return [ipaddress.ip_address(host).compressed]
    except ValueError:
        pass
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    sixes = [str(address[0]) for family, *_, address in found if family == socket.AF_INET6]
    others = [str(address[0]) for family, *_, address in found if family != socket.AF_INET6]
    return [*sixes[:1], *others[:1], *sixes[1:], *others[1:]]
