"""The server's process ends in every way, and is started again: nobody is called twice, and no run or draft is lost."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from campaign.domain.model import RowState
from campaign.ledger.store import open_ledger
from tests.soak.campaigner import stand_in
from tests.web.supervised import Supervised, launch, launch_draft, sheet_of, wait_until

AREAS = [*range(202, 211), *range(212, 220), *range(301, 306), *range(312, 322), *range(404, 411), *range(601, 605)]
"""Area codes that there are; each sheet has one of its own."""
WAITING = (RowState.PENDING, RowState.SENDING, RowState.RETRY_WAIT)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Supervised]:
    """A server that calls a stand-in of the tests."""
    with stand_in(tmp_path, latency=0.05) as place:
        made = Supervised(tmp_path, place, rate=20)
        yield made
        if made.process is not None and made.process.poll() is None:
            made.kill()


def counts_of(server: Supervised) -> dict[str, dict[RowState, int]]:
    """How many rows of each run stand where, from beside the server."""
    with open_ledger(server.home, now=lambda: datetime.now(UTC)) as ledger:
        return {run.name: dict(ledger.read.rows.count_states(run.id)) for run in ledger.read.runs.all()}


def all_called(server: Supervised) -> bool:
    """Whether no row of any run waits any more."""
    return not any(counts.get(state) for counts in counts_of(server).values() for state in WAITING)


class Launches:
    """Sheets that are launched by somebody who tries again whenever the server was gone.

    Attributes:
        drafts: addresses of uploads that were acknowledged.
        runs: names of runs that were acknowledged.
    """

    def __init__(self, server: Supervised) -> None:
        self._server, self._stop = server, threading.Event()
        self.drafts: list[str] = []
        self.runs: list[str] = []
        self.launched = 0

    def go_on(self, *, rows: int, pause: float) -> None:
        """Launches one sheet after the other until it is told to stop."""
        while not self._stop.is_set():
            self._launch(sheet_of(AREAS[self.launched], rows))
            self.launched += 1
            self._stop.wait(pause)

    def stop(self) -> None:
        """No other sheet is begun."""
        self._stop.set()

    def _launch(self, sheet: str) -> None:
        draft = len(self.drafts)
        while True:
            with suppress(httpx.TransportError), self._server.client() as client:
                if len(self.drafts) == draft:
                    launch(client, sheet, seen=self._seen)
                else:
                    launch_draft(client, self.drafts[draft], seen=self._seen)
                return
            time.sleep(0.1)

    def _seen(self, address: str) -> None:
        (self.runs if address.startswith("/runs/") else self.drafts).append(address.rsplit("/", 1)[1])
        if address.startswith("/drafts/"):
            self.drafts[-1] = address


def killed_again_and_again(server: Supervised, *, kills: int, rows: int, seed: int) -> Launches:
    """Kills the server at random moments while sheets are uploaded, launched and dialled; then lets it finish."""
    moments = random.Random(seed)
    launches = Launches(server)
    server.start()
    worker = threading.Thread(target=launches.go_on, kwargs={"rows": rows, "pause": 1.0})
    worker.start()
    try:
        for _ in range(kills):
            time.sleep(moments.uniform(0.0, 2.0))
            server.kill()
            server.start()
    finally:
        launches.stop()
        worker.join(120)
    wait_until(lambda: all_called(server), seconds=240)
    return launches


def require_kept(server: Supervised, launches: Launches) -> None:
    """Nobody was called twice, nobody forgotten, and all that was acknowledged is there."""
    rings, counts = server.rings(), counts_of(server)
    assert [phone for phone, times in rings.items() if times > 1] == []
    assert set(launches.runs) <= set(counts)
    assert len(counts) == launches.launched
    made = sum(one.get(RowState.CREATED, 0) for one in counts.values())
    lost = sum(one.get(RowState.UNKNOWN, 0) for one in counts.values())
    assert made <= len(rings) <= made + lost
    assert made + lost == sum(sum(one.values()) for one in counts.values())


def test_a_server_killed_three_times_calls_everybody_once(server: Supervised) -> None:
    """A power cut in the middle of a run must cost nobody a second call, and nobody their first."""
    launches = killed_again_and_again(server, kills=3, rows=30, seed=1)
    require_kept(server, launches)
    assert launches.launched > 0


def test_a_server_that_starts_removes_the_sheets_that_no_upload_wants(server: Supervised) -> None:
    """People's data whose server was killed, or whose week is over, must not lie there until somebody uploads again."""
    left = server.home / "uploads" / f"{'c' * 32}.csv"
    left.parent.mkdir(parents=True)
    left.write_text("name,phone\nAda Example,+12025550110\n")
    server.start()
    assert not left.exists()
    server.terminate()


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_server_killed_fifty_times_calls_everybody_once(server: Supervised) -> None:
    """The same for long: every moment of an upload, a launch and a dialling is struck sooner or later."""
    begun = time.monotonic()
    launches = killed_again_and_again(server, kills=50, rows=40, seed=2)
    require_kept(server, launches)
    rings = server.rings()
    lost = sum(one.get(RowState.UNKNOWN, 0) for one in counts_of(server).values())
    print(  # noqa: T201 - the figures of a soak are what it is run for
        f"50 kills in {time.monotonic() - begun:.0f} s: {launches.launched} runs, {len(rings)} phones rang, "
        f"{sum(rings.values()) - len(rings)} twice, {lost} rows unknown"
    )


def test_a_server_that_is_asked_to_end_does_so_within_five_seconds_with_calls_in_flight_and_streams_open(
    server: Supervised,
) -> None:
    """Whoever updates the machine waits no longer; what was in flight is written down, and the next start goes on."""
    server.start()
    with server.client() as client, server.client() as watcher:
        run = launch(client, sheet_of(212, 90))
        with watcher.stream("GET", f"/runs/{run}/live") as stream, watcher.stream("GET", "/live") as list_stream:
            assert next(stream.iter_lines())
            assert next(list_stream.iter_lines())
            wait_until(lambda: server.rings().total() > 5, seconds=60)
            assert server.terminate() < 5
    counts = counts_of(server)[run]
    assert counts.get(RowState.SENDING, 0) == 0
    assert 0 < counts[RowState.CREATED] == server.rings().total() < 90
    server.start()
    wait_until(lambda: all_called(server), seconds=60)
    assert set(server.rings().values()) == {1}
    assert len(server.rings()) == 90
    server.terminate()


@pytest.mark.nightly
def test_two_servers_on_one_home_launch_one_draft_once_and_leave_each_others_runs_alone(server: Supervised) -> None:
    """Somebody starts a second one by mistake, or for another team: both show the same, and nobody is called twice."""
    other = Supervised(server.folder, server.place, rate=20)
    server.start()
    other.start()
    try:
        with server.client() as first, other.client() as second:
            fields = {"template": "visit.toml", "where": "real"}
            uploaded = first.post("/new", data=fields, files={"sheet": ("people.csv", sheet_of(212, 40).encode())})
            draft = uploaded.headers["location"].rsplit("/", 1)[0]
            runs = list[str]()
            both = [
                threading.Thread(target=lambda browser=browser: runs.append(launch_draft(browser, draft)))
                for browser in (first, second)
            ]
            for one in both:
                one.start()
            for one in both:
                one.join(60)
            assert len(runs) == 2
            assert len(set(runs)) == 1
            launch(second, sheet_of(213, 40))
            # The first is gone in the middle, and comes back: the other goes on with its own.
            wait_until(lambda: server.rings().total() > 10, seconds=60)
            server.kill()
            server.start()
            wait_until(lambda: all_called(server), seconds=120)
    finally:
        other.kill()
    rings, counts = server.rings(), counts_of(server)
    assert set(rings.values()) == {1}
    assert len(counts) == 2
    lost = sum(one.get(RowState.UNKNOWN, 0) for one in counts.values())
    assert 80 - lost <= len(rings) <= 80
