"""A site whose texts are all such cells: sheet, reasons, names of files and people, templates, acts."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.serving.access.tokens import add_token
from campaign.usecases.serving.access.users import Role
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.templates.fields import as_toml
from campaign.usecases.suppress.entries import add_numbers
from campaign.web.app import application
from campaign.web.serve import ServerOptions, site_of
from campaign.web.site import Binding, Site
from campaign.web.surroundings import ServerSurroundings
from tests.known_user import known_user
from tests.web.conftest import ADDRESS, AT_ONCE, PORT, TEMPLATE
from tests.web.test_way import settled
from tests.web.walk import addresses

PASSWORD = "correct horse battery"
KEY = "acl_0123456789abcdefSECRET"


@dataclass(frozen=True, slots=True)
class World:
    """The site, a signed-in browser, what the parts of addresses may be, and what must be in no page."""

    site: Site
    client: TestClient
    values: dict[str, list[str]]
    secrets: list[str]

    def addresses(self) -> Iterator[str]:
        """Every address that can be looked at, with each value of its parts."""
        return addresses(self.site, self.values)


@contextmanager
def world(folder: Path, cells: Sequence[str], *, names: Sequence[str]) -> Iterator[World]:
    """Builds it; `names` are those of the cells that can be names of files, users and tokens."""
    templates = folder / "templates"
    templates.mkdir(parents=True)
    environment = {
        "CAMPAIGN_HOME": str(folder / "home"),
        "AICALLER_API_KEY": KEY,
        "AICALLER_BASE_URL": "http://127.0.0.1:9",
    }
    around = ServerSurroundings(now=lambda: datetime.now(UTC), environment=environment)
    site = site_of(ServerOptions(Binding("127.0.0.1", PORT), templates), around)
    # Its own template folder, so that a run's template has a plain name, and beside it those with the cells.
    (templates / "visit.toml").write_text(TEMPLATE + AT_ONCE)
    for number, name in enumerate(names):
        file = templates / f"{name}.toml"
        text = as_toml(cells[number].replace("\x00", ""))
        file.write_text(f"title = {text}\n{TEMPLATE}\n[variables.{as_toml(f'{number}{name}')}]\nvalue = {text}\n")
    with opened_ledger(around) as ledger, TestClient(application(site), base_url=ADDRESS) as client:
        try:
            yield _filled(site, ledger, client, cells=cells, names=names)
        finally:
            site.loader.close()
            site.desk.close(within_seconds=5)


def _filled(site: Site, ledger: Ledger, client: TestClient, *, cells: Sequence[str], names: Sequence[str]) -> World:
    known_user(ledger, "olga", role=Role.OPERATOR, password=PASSWORD)
    token = add_token(ledger, names[0], role=Role.VIEWER, by=cells[1])
    for number, cell in enumerate(cells):
        add_numbers(ledger, [f"+1202555{100 + number:04}"], reason=cell[:200], source=f"import {cell}")
        record_act(ledger, who=cell, what="launch", target=cell, detail=cell)
    signed = client.post("/sign-in", data={"name": "olga", "password": PASSWORD}, follow_redirects=False)
    assert signed.status_code == 303
    draft = _uploaded(site, client, cells)
    launch = client.get(f"/drafts/{draft}/launch").text
    assert 'name="revision" value="' in launch, launch
    revision = launch.split('name="revision" value="')[1].split('"')[0]
    run = client.post(f"/drafts/{draft}/launch", data={"revision": revision}).url.path.removeprefix("/runs/")
    settled(site, run)
    waiting = _uploaded(site, client, cells)
    said = {"name": "reminders", "template": "visit.toml", "where": "sandbox", "when": "once", "timezone": "UTC"}
    files = {"upload": ("x.csv", _sheet(cells))}
    assert client.post("/schedules/add", data={**said, "at": "2099-01-01T09:00"}, files=files).status_code == 200
    user = ledger.serving.users.find("olga")
    assert user is not None
    assert user.password_hash is not None
    secrets = [KEY, KEY[4:], token, client.cookies["campaign_session"], user.password_hash, PASSWORD]
    values = {
        "draft": [waiting],
        "run": [run],
        "row": ["2", "3"],
        "number": ["2", "3"],
        "template": [f"{_quoted(name)}.toml" for name in names] + ["visit.toml"],
        "schedule": ["reminders"],
        "user": ["olga"],
        "token": [_quoted(names[0])],
        "file": ["results.csv", "results.json"],
    }
    return World(site, client, values, secrets)


def _uploaded(site: Site, client: TestClient, cells: Sequence[str]) -> str:
    files = {"sheet": (f"{cells[2]}.csv".replace("/", "_"), _sheet(cells))}
    data = {"template": "visit.toml", "where": "sandbox"}
    answer = client.post("/new", data=data, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    draft = answer.headers["location"].split("/")[2]
    assert site.loader.wait(draft, seconds=60)
    return draft


def _sheet(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["name", "phone", "appointment", "notes"])
    for number, cell in enumerate(cells):
        # Of each kind, some that can be called and some that cannot.
        phone = f"+1 202 555 01{number % 60 + 10:02}" if number % 3 else cell
        writer.writerow([cell, phone, cell, cell])
    return text.getvalue().replace("\x00", "").encode()


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())
