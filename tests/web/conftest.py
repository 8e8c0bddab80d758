"""A site over a home in a temporary folder, driven through Starlette's client: no socket, and no other process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger, opened_ledger
from campaign.web.app import application
from campaign.web.serve import ServerOptions, site_of
from campaign.web.site import Binding, Site
from campaign.web.surroundings import ServerSurroundings
from tests.soak.campaigner import stand_in
from tests.soak.checking.checker import KEY

PORT = 8123
ADDRESS = f"http://127.0.0.1:{PORT}"
TEMPLATE = """
[call]
team_id = "team"
call_template_id = "template"

[columns]
name = "name"
phone = "phone"

[phone]
region = "US"

[variables.appointment]
column = "appointment"
"""
AT_ONCE = "\n[pace]\ncalls_per_second = 100\n"
"""For templates of what is about something else than pace: they call one person a second by themselves."""
_ROWS = "".join(f"Person {n},+1 202 555 01{n:02},tomorrow at nine\n" for n in range(10, 15))
SHEET = f"name,phone,appointment\n{_ROWS}"


@pytest.fixture
def around(tmp_path: Path) -> ServerSurroundings:
    """A home of its own, and no key: only the sandbox."""
    return ServerSurroundings(now=lambda: datetime.now(UTC), environment={"CAMPAIGN_HOME": str(tmp_path / "home")})


@pytest.fixture
def site(around: ServerSurroundings, tmp_path: Path) -> Iterator[Site]:
    """A site with one template."""
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "visit.toml").write_text(TEMPLATE + AT_ONCE)
    made = site_of(ServerOptions(Binding("127.0.0.1", PORT), templates), around)
    yield made
    made.loader.close()
    made.desk.close(within_seconds=5)


@pytest.fixture
def ledger(site: Site) -> Iterator[Ledger]:
    """The ledger of the site, open as long as the server's own."""
    with opened_ledger(site.around) as opened:
        yield opened


@pytest.fixture
def client(site: Site, ledger: Ledger) -> Iterator[TestClient]:
    """A browser without JavaScript."""
    del ledger
    with TestClient(application(site), base_url=ADDRESS) as made:
        yield made


@pytest.fixture
def uploaded(client: TestClient, site: Site) -> Callable[..., str]:
    """Uploads a sheet, waits until it is loaded, and returns the address of its draft."""

    def upload(sheet: str = SHEET, *, name: str = "people.csv", template: str = "visit.toml") -> str:
        answer = client.post(
            "/new",
            data={"template": template, "where": "sandbox"},
            files={"sheet": (name, sheet.encode())},
            follow_redirects=False,
        )
        assert answer.status_code == 303, answer.text
        address = answer.headers["location"].rsplit("/", 1)[0]
        assert site.loader.wait(address.rsplit("/", 1)[1], seconds=60)
        return address

    return upload


@pytest.fixture
def with_stand_in(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes sites that call a stand-in of the tests, with faults; of one home, one after the other."""
    with ExitStack() as ends:
        templates = tmp_path / "templates"
        templates.mkdir(exist_ok=True)

        def make(*, faults: str = "", latency: float = 0.0, rate: float = 100) -> Site:
            pace = f"[pace]\ncalls_per_second = {rate}\n"
            (templates / "visit.toml").write_text(f"{TEMPLATE}\n{pace}")
            # A stand-in of its own, but one truth: as AICaller is after a restart of the server.
            folder = tmp_path / f"place-{len(list(tmp_path.glob('place-*')))}"
            folder.mkdir()
            place = ends.enter_context(stand_in(folder, faults=faults, latency=latency))
            environment = {
                "CAMPAIGN_HOME": str(tmp_path / "home"),
                "AICALLER_BASE_URL": place.url,
                "AICALLER_API_KEY": KEY,
            }
            around = ServerSurroundings(now=lambda: datetime.now(UTC), environment=environment)
            made = site_of(ServerOptions(Binding("127.0.0.1", PORT), templates), around)
            # Open as long as the server lives, as `serve` has it.
            ends.enter_context(opened_ledger(around))
            ends.callback(made.desk.close, within_seconds=5)
            ends.callback(made.loader.close)
            return made

        yield make
