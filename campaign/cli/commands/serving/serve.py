"""`serve`: the page, until a signal."""

from campaign.cli.options.serve import ServeOptions
from campaign.cli.terminal import Terminal
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError


def serve(options: ServeOptions, terminal: Terminal) -> int:
    """The command `serve`.

    Raises:
        UsageError: what it needs is not installed, or others could reach it and there are no users.
    """
    try:
        from campaign.web import serve as page  # noqa: PLC0415 - an extra, which may not be installed
        from campaign.web.site import Binding  # noqa: PLC0415 - likewise
        from campaign.web.surroundings import ServerSurroundings  # noqa: PLC0415 - likewise
    except ModuleNotFoundError as error:
        raise UsageError(f"serve: {error.name} is not installed", cure=Cure(CureCode.INSTALL_WEB)) from None
    binding = Binding(options.host, options.port, names=options.names, secure=options.secure)
    asked = page.ServerOptions(binding, options.templates.absolute())
    around = ServerSurroundings(now=terminal.now, environment=terminal.environment)
    page.serve(asked, around, say=terminal.say)
    return 0
