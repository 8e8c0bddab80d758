"""`campaign serve` in a process that is a fork of one that has loaded all of it."""

from campaign.cli.main import main
from campaign.web import serve
from campaign.web.loading import child as loading
from campaign.web.making import child as making

LOADED = (serve, loading, making)
"""What the server would load."""


def serve_here(words: list[str]) -> None:
    """Serves with these flags until a signal, and ends the process."""
    main(["serve", *words])
