"""A site with something of everything, served to a browser: drafts of each kind, runs that ended and wait, lists."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from campaign.sandbox.list_endings import Listing
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.serving.access.tokens import add_token
from campaign.usecases.serving.access.users import Role
from campaign.usecases.suppress.entries import add_numbers
from campaign.web.app import application
from campaign.web.serve import ServerOptions, site_of
from campaign.web.site import Binding, Site
from campaign.web.surroundings import ServerSurroundings
from tests.known_user import known_user
from tests.soak.campaigner import stand_in
from tests.soak.checking.checker import KEY
from tests.web.conftest import SHEET, TEMPLATE
from tests.web.drafts.forms import MESSY
from tests.web.launching import counts_of, wait_until
from tests.web.serving import free_port
from tests.web.walk import addresses

PASSWORD = "correct horse battery"
_PEOPLE = "name,phone,appointment\n" + "".join(
    f"Person {n},+1 202 555 01{n:02},tomorrow at {n % 9 + 1}\n" for n in range(20, 80)
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The site, its address, the cookie of an operator, and what the parts of addresses may be."""

    site: Site
    address: str
    cookie: str
    values: Mapping[str, Sequence[str]]

    def addresses(self) -> Iterator[str]:
        """Every address that can be looked at."""
        return addresses(self.site, self.values)


@contextmanager
def prepared(folder: Path) -> Iterator[Prepared]:
    """Builds it, in a few seconds."""
    templates = folder / "templates"
    templates.mkdir(parents=True)
    (templates / "visit.toml").write_text(TEMPLATE + "[pace]\ncalls_per_second = 500\n")
    # Some are refused; of some nobody can say whether they rang, since there is no list of calls either.
    with stand_in(folder, faults="400=0.2,no_id=0.04", seed=4, listing=Listing(ending="list_404")) as place:
        environment = {
            "CAMPAIGN_HOME": str(folder / "home"),
            "AICALLER_BASE_URL": place.url,
            "AICALLER_API_KEY": KEY,
        }
        around = ServerSurroundings(now=lambda: datetime.now(UTC), environment=environment)
        site = site_of(ServerOptions(Binding("127.0.0.1", free_port()), templates), around)
        with opened_ledger(around) as ledger, listening(site) as address, httpx.Client(base_url=address) as client:
            known_user(ledger, "olga", role=Role.OPERATOR, password=PASSWORD)
            known_user(ledger, "vera", role=Role.VIEWER, password=PASSWORD)
            add_token(ledger, "crm", role=Role.OPERATOR, by="olga")
            numbers = [f"+1202555{100 + n:04}" for n in range(90, 100)]
            add_numbers(ledger, numbers, reason="asked us not to call", source="by hand")
            signed = client.post("/sign-in", data={"name": "olga", "password": PASSWORD})
            assert signed.status_code == 303, signed.text
            yield Prepared(site, address, client.cookies["campaign_session"], _filled(site, ledger, client))


@contextmanager
def listening(site: Site) -> Iterator[str]:
    """The site at its address, in a thread; what it dials and loads ends with it."""
    binding = site.binding
    config = uvicorn.Config(
        application(site), host=binding.host, port=binding.port, log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield f"http://{binding.host}:{binding.port}"
    finally:
        server.should_exit = True
        thread.join()
        site.loader.close()
        site.firings.close(within_seconds=5)
        site.desk.close(within_seconds=5)


def _filled(site: Site, ledger: Ledger, client: httpx.Client) -> dict[str, list[str]]:
    ended = _launched(site, client, _upload(site, client, _PEOPLE, name="visits.csv"))
    wait_until(lambda: not {"pending", "claimed"} & counts_of(ledger, ended).keys())
    waits = _launched(site, client, _upload(site, client, SHEET, name="later.csv"), start="tomorrow 9am")
    counts = counts_of(ledger, ended)
    assert {"created", "rejected", "unknown"} <= counts.keys(), counts
    drafts = [
        _upload(site, client, MESSY, name="messy.csv"),
        _upload(site, client, f"Visits of December,,\n{SHEET}", name="titled.csv"),
        _upload(site, client, SHEET, name="columns.csv", template=""),
        _upload(site, client, "surname,mobile\nAda,+1 202 555 0110\n", name="other columns.csv"),
    ]
    schedule = {"name": "reminders", "template": "visit.toml", "where": "sandbox", "when": "once", "timezone": "UTC"}
    files = {"upload": ("people.csv", SHEET.encode())}
    added = client.post("/schedules/add", data={**schedule, "at": "2099-01-01T09:00"}, files=files)
    assert added.status_code == 303, added.text
    return {
        "draft": drafts,
        "/runs/{run}/rerun/{draft} draft": [_rerun(client, ended)],
        "run": [ended, waits],
        "row": ["2", "3"],
        "number": ["2", "7"],
        "template": ["visit.toml"],
        "schedule": ["reminders"],
        "user": ["vera"],
        "token": ["crm"],
        "file": ["results.csv"],
    }


def _upload(site: Site, client: httpx.Client, sheet: str, *, name: str, template: str = "visit.toml") -> str:
    data, files = {"template": template, "where": "real"}, {"sheet": (name, sheet.encode())}
    answer = client.post("/new", data=data, files=files)
    assert answer.status_code == 303, answer.text
    draft = answer.headers["location"].split("/")[2]
    assert not template or site.loader.wait(draft, seconds=60)
    return draft


def _launched(site: Site, client: httpx.Client, draft: str, **said: str) -> str:
    address = f"/drafts/{draft}/launch"
    if said:
        assert client.post(address, data={**said, "act": "apply"}).status_code == 303
        site.loader.wait(draft, seconds=60)
    revision = client.get(address).text.split('name="revision" value="')[1].split('"')[0]
    answer = client.post(address, data={"revision": revision, "act": "launch"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].removeprefix("/runs/"))


def _rerun(client: httpx.Client, run: str) -> str:
    page = client.get(f"/runs/{run}/rerun").text
    groups = [part.split('value="')[1].split('"')[0] for part in page.split('name="group"')[1:]]
    answer = client.post(f"/runs/{run}/rerun", data={"group": groups})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].rsplit("/", 1)[1])
