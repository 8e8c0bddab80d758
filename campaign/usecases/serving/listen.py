"""Use case listen: receives webhooks as hints only, and polls AICaller for the calls that they name."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import anyio

from campaign.aicaller.read_client import ReadingClient
from campaign.config.settings import Account, account_from
from campaign.domain.stop import Stop
from campaign.engine.beside import beside, started_beside
from campaign.engine.events import Unread
from campaign.followup.clock import WallClock
from campaign.followup.poller import Poller
from campaign.followup.webhook_listener import MOST_WAITING, SECRET_VARIABLE, poll_hinted, refuse_public_without_secret
from campaign.followup.webhook_receiver import Receiver
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked
from campaign.usecases.context import Context

__all__ = ["SECRET_VARIABLE", "ListenOptions", "Listening", "account_to_listen_for", "listening"]


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """Options of listening; `rate` is polls per second."""

    host: str
    port: int
    rate: float


class Listening:
    """Running webhook listener.

    Attributes:
        url: where it listens.
        events: outcomes of the hinted calls; the caller must iterate to the end.
    """

    def __init__(
        self, url: str, events: AsyncGenerator[Looked | Unread], *, receiver: Receiver, poller: Poller
    ) -> None:
        self.url, self.events = url, events
        self._receiver, self._poller = receiver, poller

    @property
    def refused(self) -> int:
        """Number of webhooks refused for a wrong secret."""
        return self._receiver.refused

    @property
    def stopped(self) -> Stop | None:
        """Why polling has stopped, if it has."""
        return self._poller.stopped


def account_to_listen_for(context: Context, options: ListenOptions) -> Account:
    """Account whose calls the webhooks name.

    Raises:
        UsageError: any host could post to that address, or the environment names no account.
    """
    refuse_public_without_secret(options.host, secret=context.environment.get(SECRET_VARIABLE))
    return account_from(context.environment)


@asynccontextmanager
async def listening(
    ledger: Ledger, account: Account, *, options: ListenOptions, context: Context, stop: anyio.Event
) -> AsyncIterator[Listening]:
    """Listens until `stop` is set.

    Raises:
        UsageError: the address cannot be listened on.
    """
    clock = WallClock(context.now)
    send, hints = anyio.create_memory_object_stream[tuple[str, ...]](MOST_WAITING)
    with send, hints:
        receiver = Receiver(secret=context.environment.get(SECRET_VARIABLE) or None, ids=send)

        async def end_on_stop() -> None:
            await stop.wait()
            send.close()

        serve = partial(receiver.serve, options.host, port=options.port)
        async with (
            ReadingClient(account, now=clock.now) as reader,
            started_beside(serve) as port,
            beside(end_on_stop),
        ):
            poller = Poller(ledger, reader=reader, clock=clock, stop=stop, rate=options.rate, patient=True)
            events = poll_hinted(ledger, service=account.service, poller=poller, hints=hints)
            yield Listening(f"http://{options.host}:{port}/", events, receiver=receiver, poller=poller)
