"""The server as a process of its own, over a home, ended in every way and started again; its stand-in outlives it."""

import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from campaign.sandbox.truth import read_truth
from tests.soak.campaigner import StandIn, environment
from tests.soak.checking.checker import KEY
from tests.warm import Apart
from tests.web.serving import LOG, free_port, start_server

TEMPLATE = """
[columns]
name = "name"
phone = "phone"

[phone]
region = "US"

[variables.appointment]
column = "appointment"

[pace]
calls_per_second = {rate}
max_in_flight = 8

[limits]
call_again_after = "0s"
"""
_STARTS_WITHIN_SECONDS = 60


def sheet_of(area: int, rows: int) -> str:
    """A sheet of so many people, at most a hundred, with fictitious numbers of that area."""
    lines = (f"Person {area} {n},+1 {area} 555 01{n:02},tomorrow at nine\n" for n in range(rows))
    return "name,phone,appointment\n" + "".join(lines)


@dataclass
class Supervised:
    """A server that is started again whenever it has ended.

    Attributes:
        folder: of its home and templates.
        place: the stand-in that it calls.
        rate: calls a second of its runs.
    """

    folder: Path
    place: StandIn
    rate: float
    port: int = field(default_factory=free_port)
    process: Apart | None = None

    @property
    def home(self) -> Path:
        """The ledger's folder."""
        return self.folder / "home"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        templates = self.folder / "templates"
        templates.mkdir(exist_ok=True)
        (templates / "visit.toml").write_text(TEMPLATE.format(rate=self.rate))
        env = environment(CAMPAIGN_HOME=str(self.home), AICALLER_BASE_URL=self.place.url, AICALLER_API_KEY=KEY)
        words = ["--port", str(self.port), "--templates", str(templates)]
        self.process = start_server(self.folder, words, env)
        wait_until(self._answers, seconds=_STARTS_WITHIN_SECONDS)

    def kill(self) -> None:
        """Ends it at once, as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=30)

    def terminate(self) -> float:
        """Asks it to end; the seconds that it took."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=30) == 0, (self.folder / LOG).read_text()
        return time.monotonic() - begun

    def client(self) -> httpx.Client:
        """A browser without JavaScript."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)

    def rings(self) -> Counter[str]:
        """How often each phone rang."""
        return Counter(ring.phone for ring in read_truth(self.place.truth))

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / LOG).read_text()
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", self.port)) == 0


def launch(client: httpx.Client, sheet: str, *, seen: Callable[[str], None] = lambda _: None) -> str:
    """Uploads a sheet and launches it as real calls; the run's name. `seen` gets each address that was acknowledged.

    Raises:
        httpx.TransportError: the server ended meanwhile.
    """
    fields = {"template": "visit.toml", "where": "real"}
    uploaded = client.post("/new", data=fields, files={"sheet": ("people.csv", sheet.encode())})
    assert uploaded.status_code == 303, uploaded.text
    draft = uploaded.headers["location"].rsplit("/", 1)[0]
    seen(draft)
    return launch_draft(client, draft, seen=seen)


def launch_draft(client: httpx.Client, draft: str, *, seen: Callable[[str], None] = lambda _: None) -> str:
    """Launches an uploaded draft, also one that was launched before; the run's name."""
    ends = time.monotonic() + 60
    while 'name="revision"' not in (page := client.get(f"{draft}/launch")).text:
        if page.status_code == 303:
            seen(page.headers["location"])
            return str(page.headers["location"].removeprefix("/runs/"))
        assert page.status_code == 200, page.text
        assert time.monotonic() < ends
        time.sleep(0.05)
    revision = page.text.split('name="revision" value="')[1].split('"')[0]
    launched = client.post(f"{draft}/launch", data={"revision": revision})
    assert launched.status_code == 303, launched.text
    seen(launched.headers["location"])
    return str(launched.headers["location"].removeprefix("/runs/"))


def wait_until(reached: Callable[[], bool], *, seconds: float) -> None:
    """Waits for a state."""
    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.02)
