"""Serves the pages until a signal: the first ends the server within seconds, and leaves its runs to the next start."""

from dataclasses import dataclass
from pathlib import Path

import uvicorn

from campaign.config.settings import is_loopback
from campaign.domain.errors import UsageError
from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.users import all_users
from campaign.web.app import application
from campaign.web.dialling.desk import Desk
from campaign.web.loading.loader import Loader
from campaign.web.rendering import Pages
from campaign.web.site import Binding, Site
from campaign.web.surroundings import Surroundings

_STREAMS_END_WITHIN_SECONDS = 1
_CALLS_END_WITHIN_SECONDS = 3.0
MOST_SHEET_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Options of the server.

    Attributes:
        binding: where it listens.
        templates: the folder of templates; made if it is not there.
    """

    binding: Binding
    templates: Path


def serve(options: ServeOptions, around: Surroundings) -> None:
    """Serves until a signal.

    Raises:
        UsageError: others could reach it, and there are no users.
        LedgerError: the ledger cannot be opened.
    """
    # Open as long as the server lives: a file that the last of its openings closes loses its locks.
    with opened_ledger(around) as ledger:
        if not is_loopback(options.binding.host) and not all_users(ledger):
            raise UsageError(f"host {options.binding.host} can be reached by others, and there are no users; add one first")
        options.templates.mkdir(parents=True, exist_ok=True)
        site = site_of(options, around)
        config = uvicorn.Config(
            application(site),
            host=options.binding.host,
            port=options.binding.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_STREAMS_END_WITHIN_SECONDS,
        )
        try:
            uvicorn.Server(config).run()
        finally:
            site.loader.close()
            site.desk.close(within_seconds=_CALLS_END_WITHIN_SECONDS)


def site_of(options: ServeOptions, around: Surroundings) -> Site:
    """The site of these options."""
    return Site(
        around=around,
        binding=options.binding,
        templates=options.templates,
        pages=Pages(),
        desk=Desk(around),
        loader=Loader(around),
        most_bytes=MOST_SHEET_BYTES,
    )
