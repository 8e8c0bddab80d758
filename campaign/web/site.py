"""The site: what all pages share."""

from dataclasses import dataclass, field
from pathlib import Path

from campaign.config.settings import is_loopback
from campaign.usecases.serving.access.sign_in_brake import SignInBrake
from campaign.web.dialling.desk import Desk
from campaign.web.dialling.firings import Firings
from campaign.web.dialling.lookups import LookUps
from campaign.web.dialling.watcher import Watcher
from campaign.web.guard.streams import Streams
from campaign.web.loading.forecasts import Forecasts
from campaign.web.loading.loader import Loader
from campaign.web.making.maker import Maker
from campaign.web.rendering import Pages
from campaign.web.surroundings import ServerSurroundings


@dataclass(frozen=True, slots=True)
class Binding:
    """Where the server listens.

    Attributes:
        host: the address.
        port: the port.
        names: further values of `Host` under which it is reached, through a proxy.
        secure: people reach it by https, through a proxy: cookies are sent back that way only.
    """

    host: str
    port: int
    names: tuple[str, ...] = ()
    secure: bool = False

    @property
    def is_private(self) -> bool:
        """Whether nobody but who is at this machine can reach it: no other address, and no proxy before it."""
        return is_loopback(self.host) and not self.secure and all(map(_is_of_this_machine, self.names))


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share.

    Attributes:
        around: clock, environment and words.
        binding: where the server listens.
        templates: the folder whose templates are offered, and where new ones are written.
        pages: renders them.
        desk: dials runs.
        watcher: counts what pages of runs show again and again.
        look_ups: look lost answers up.
        maker: makes files of runs.
        firings: fire schedules.
        loader: loads uploaded sheets.
        brake: slows sign-ins down after failures.
        most_bytes: the largest sheet that is taken.
        forecasts: of large sheets, which take seconds to make.
        streams: the pages that move by themselves.
    """

    around: ServerSurroundings
    binding: Binding
    templates: Path
    pages: Pages
    desk: Desk
    watcher: Watcher
    look_ups: LookUps
    maker: Maker
    firings: Firings
    loader: Loader
    brake: SignInBrake
    most_bytes: int
    forecasts: Forecasts = field(default_factory=Forecasts)
    streams: Streams = field(default_factory=Streams)


def _is_of_this_machine(name: str) -> bool:
    host = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
    return is_loopback(host.strip("[]"))
