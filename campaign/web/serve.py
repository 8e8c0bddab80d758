"""Serves the pages until a signal: the first ends the server within seconds, and leaves its runs to the next start."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from campaign.config.settings import is_loopback
from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.errors import UsageError
from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.access.sign_in_brake import SignInBrake
from campaign.usecases.serving.access.users import all_users
from campaign.usecases.serving.uploads import expire_uploads
from campaign.web.app import application
from campaign.web.dialling.desk import Desk
from campaign.web.dialling.firings import Firings
from campaign.web.dialling.lookups import LookUps
from campaign.web.dialling.watcher import Watcher
from campaign.web.loading.loader import Loader
from campaign.web.making.maker import Maker
from campaign.web.rendering import Pages
from campaign.web.site import Binding, Site
from campaign.web.surroundings import ServerSurroundings

_STREAMS_END_WITHIN_SECONDS = 1
_CALLS_END_WITHIN_SECONDS = 3.0
MOST_SHEET_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Options of the server.

    Attributes:
        binding: where it listens.
        templates: the folder of templates; made if it is not there.
    """

    binding: Binding
    templates: Path


def serve(options: ServerOptions, around: ServerSurroundings, *, say: Callable[[str], None]) -> None:
    """Serves until a signal; `say` is told the address.

    Raises:
        UsageError: others could reach it, and there are no users.
        LedgerError: the ledger cannot be opened.
    """
    # Open as long as the server lives: a file that the last of its openings closes loses its locks.
    with opened_ledger(around) as ledger:
        if not options.binding.is_private and not all_users(ledger):
            raise UsageError(*_reached(options.binding), cure=Cure(CureCode.ADD_USER))
        options.templates.mkdir(parents=True, exist_ok=True)
        # People's data that nobody came back for, also where nobody uploads any more.
        expire_uploads(ledger)
        site = site_of(options, around)
        config = uvicorn.Config(
            application(site),
            host=options.binding.host,
            port=options.binding.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_STREAMS_END_WITHIN_SECONDS,
        )
        say(f"campaign: open {address_of(options.binding)} in a browser; Ctrl-C stops, and the next start goes on")
        try:
            _Server(config, on_exit=site.maker.close).run()
        finally:
            site.loader.close()
            ends = time.monotonic() + _CALLS_END_WITHIN_SECONDS
            site.firings.stop()
            site.desk.close(within_seconds=_CALLS_END_WITHIN_SECONDS)
            site.firings.close(within_seconds=max(0.0, ends - time.monotonic()))


def _reached(binding: Binding) -> Sequence[str | Setting]:
    if is_loopback(binding.host):
        return ["others can reach this server through a proxy, and there are no users"]
    return [Setting.HOST, f" {binding.host} can be reached by others, and there are no users"]


def site_of(options: ServerOptions, around: ServerSurroundings) -> Site:
    """The site of these options."""
    return Site(
        around=around,
        binding=options.binding,
        templates=options.templates,
        pages=Pages(),
        desk=Desk(around),
        watcher=Watcher(),
        look_ups=LookUps(around),
        maker=Maker(around),
        firings=Firings(around),
        loader=Loader(around),
        brake=SignInBrake(time.monotonic),
        most_bytes=MOST_SHEET_BYTES,
    )


class _Server(uvicorn.Server):
    """Ends well at the first signal, with exit code 0; at once at the second: what is on its way stays claimed."""

    def __init__(self, config: uvicorn.Config, *, on_exit: Callable[[], None]) -> None:
        """`on_exit` is called at the signal, to end what requests wait for."""
        super().__init__(config)
        self._on_exit = on_exit

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own raises the signal again at the end, which would be told as a crash."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Asks the server to end; asked twice, leaves."""
        if self.should_exit:
            os._exit(128 + sig)
        self._on_exit()
        super().handle_exit(sig, frame)


def address_of(binding: Binding) -> str:
    """The address to open in a browser on this machine."""
    host = f"[{binding.host}]" if ":" in binding.host else binding.host
    return f"http://{host}:{binding.port}/"
