"""Schedules on a page: said in plain words, fired by the server, which survives what goes wrong."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from starlette.testclient import TestClient

from campaign.domain.errors import UsageError
from campaign.ledger.records.schedules import FiringRecord
from campaign.usecases.context import Ledger
from campaign.usecases.schedules import view_schedules
from campaign.usecases.serving.acts import acts
from campaign.usecases.serving.add_schedule import PresetAnswers, ScheduleSaid, add_said_schedule
from campaign.web.app import application
from campaign.web.dialling.firings import Firings
from campaign.web.site import Site
from campaign.web.surroundings import ServerSurroundings
from tests.web.conftest import ADDRESS, SHEET

ONCE = {
    "name": "reminders",
    "template": "visit.toml",
    "where": "sandbox",
    "when": "once",
    "at": "2099-12-01T09:00",
    "timezone": "America/New_York",
}
WEEKLY = {**ONCE, "when": "days", "day": ["mon", "wed"], "time": "09:30"}


def add(client: TestClient, said: Mapping[str, object], sheet: str | None = SHEET) -> tuple[int, str]:
    files = {} if sheet is None else {"upload": ("people.csv", sheet.encode())}
    answer = client.post("/schedules/add", data=said, files=files or None)
    return answer.status_code, answer.text


def test_an_uploaded_sheet_is_kept_as_long_as_its_schedule(client: TestClient, ledger: Ledger) -> None:
    status, text = add(client, ONCE)
    assert status == 200, text
    assert "Nothing would keep it from firing" in text
    [kept] = (ledger.home / "scheduled-sheets").glob("*/reminders.csv")
    assert kept.read_text() == SHEET
    assert "Tuesday, 1 December 2099, 09:00 EST" in client.get("/schedules").text
    assert "Remove the schedule" in client.get("/schedules/reminders/remove").text
    client.post("/schedules/reminders/remove")
    assert not kept.exists()
    assert view_schedules(ledger) == []
    assert [act.what for act in acts(ledger)] == ["schedule_remove", "schedule_add"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"at": "yesterday"}, "is not a time"),
        ({"name": "../x"}, "name"),
        ({"template": "none.toml"}, "not there any more"),
        ({"timezone": "Mars/Base"}, "Mars/Base"),
        ({"when": "days", "time": "09:00"}, "at least one day"),
        ({"when": "days", "day": "mon", "time": "25:00"}, "no time of day"),
        ({"when": ""}, "one of the three ways"),
        ({"where": ""}, "where calls go"),
        ({"max_calls": "many"}, "no number of calls"),
        ({"repairs": "perhaps"}, "none of those"),
        ({"sheet": "/srv/people.csv"}, "either"),
    ],
)
def test_what_will_not_do_is_said_and_nothing_is_kept(
    client: TestClient, ledger: Ledger, *, change: Mapping[str, object], why: str
) -> None:
    status, text = add(client, {**ONCE, **change})
    assert status == 422
    assert why in text
    assert view_schedules(ledger) == []
    folder = ledger.home / "scheduled-sheets"
    assert not folder.exists() or not any(folder.iterdir())


def test_days_of_the_week_are_a_timetable(client: TestClient, ledger: Ledger, site: Site) -> None:
    template = site.templates / "visit.toml"
    template.write_text(template.read_text() + '\n[limits]\ncall_again_after = "20h"\n')
    status, text = add(client, WEEKLY)
    assert status == 200, text
    [view] = view_schedules(ledger)
    assert view.record.cron == "30 9 * * mon,wed"
    assert len(view.following) == 3
    client.post("/schedules/reminders/pause")
    assert "Paused" in client.get("/schedules").text
    client.post("/schedules/reminders/resume")
    assert "Paused" not in client.get("/schedules").text


def test_a_sheet_of_the_server_is_named_by_its_whole_path(client: TestClient, tmp_path: Path) -> None:
    status, text = add(client, {**ONCE, "sheet": "people.csv"}, sheet=None)
    assert (status, "the whole path" in text) == (422, True)
    status, text = add(client, {**ONCE, "sheet": str(tmp_path / "people-*.csv")}, sheet=None)
    assert status == 200
    assert "it is looked for at each firing" in text


@pytest.mark.parametrize("act", ["pause", "resume", "remove"])
def test_a_schedule_that_is_gone_is_said_so(client: TestClient, act: str) -> None:
    assert client.post(f"/schedules/none/{act}").status_code == 404


def wait_for(found: Callable[[], object]) -> None:
    ends = time.monotonic() + 60
    while not found():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.nightly
@pytest.mark.usefixtures("ledger")
def test_the_server_fires_what_is_due_and_writes_it_down(site: Site, ledger: Ledger) -> None:
    """As an earlier server would have left it: the schedule is there before this one starts."""
    with TestClient(application(site), base_url=ADDRESS) as client:
        soon = (datetime.now(UTC) + timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S")
        assert add(client, {**ONCE, "at": soon, "timezone": "UTC", "skip_invalid": "1"})[0] == 200
    with TestClient(application(site), base_url=ADDRESS) as client:
        wait_for(lambda: (last := _last(ledger)) is not None and last.state == "ended")
        page = client.get("/schedules").text
    last = _last(ledger)
    assert last is not None
    assert f'href="/runs/{last.run}"' in page
    noted = {act.what: act for act in acts(ledger)}
    assert noted["schedule_loaded"].detail == "reminders.csv: 5 to call, 0 invalid"
    assert (noted["schedule_ended"].who, noted["schedule_ended"].target) == ("server", "reminders")
    assert "5 created" in noted["schedule_ended"].detail


def _last(ledger: Ledger) -> FiringRecord | None:
    [view] = view_schedules(ledger)
    return view.last


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[tuple[ServerSurroundings, Path]]:
    """A home that is no folder."""
    home = tmp_path / "no-home"
    home.write_text("a file")
    environment = {"CAMPAIGN_HOME": str(home)}
    yield ServerSurroundings(now=lambda: datetime.now(UTC), environment=environment), home
    home.unlink(missing_ok=True)


def test_the_scheduler_outlives_trouble_and_says_what_it_is(broken: tuple[ServerSurroundings, Path]) -> None:
    around, home = broken
    firings = Firings(around, retry_seconds=0.1)
    firings.start()
    wait_for(lambda: firings.trouble)
    home.unlink()
    wait_for(lambda: not firings.trouble)
    assert home.is_dir()
    firings.close(within_seconds=10)
    assert not [thread for thread in threading.enumerate() if thread.name == "schedules"]
    for path in sorted(home.rglob("*"), reverse=True):
        path.unlink()
    home.rmdir()


@pytest.mark.nightly
def test_an_error_of_the_program_does_not_end_the_scheduler(around: ServerSurroundings) -> None:
    """An error that nobody has thought of: the next round is tried all the same."""
    asked = list[int]()

    def now() -> datetime:
        if threading.current_thread().name == "schedules":
            asked.append(1)
            if len(asked) == 1:
                raise RuntimeError
        return datetime.now(UTC)

    firings = Firings(replace(around, now=now), retry_seconds=0.1)
    firings.start()
    wait_for(lambda: len(asked) > 3)
    firings.close(within_seconds=10)


class _AddedMeanwhile(BytesIO):
    """A sheet while which is read something else happens."""

    def __init__(self, content: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(content)
        self._meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        """Reads, after what happens meanwhile has happened once."""
        meanwhile, self._meanwhile = self._meanwhile, lambda: None
        meanwhile()
        return super().read(size)


def test_of_two_who_add_one_name_at_once_the_first_keeps_the_sheet(site: Site, ledger: Ledger) -> None:
    """A double click must not leave a schedule without a sheet, nor one name lead to another's people."""

    def added(content: BinaryIO) -> None:
        said = ScheduleSaid(
            name="reminders",
            sheet="",
            template=site.templates / "visit.toml",
            timezone="UTC",
            grace="30m",
            said=PresetAnswers(sandbox=True),
            at="2099-12-01T09:00",
        )
        add_said_schedule(ledger, said, upload=("people.csv", content), most_bytes=10_000, context=site.around)

    with pytest.raises(UsageError, match="reminders"):
        added(
            _AddedMeanwhile(
                b"name,phone,appointment\nAnother,+1 202 555 0199,now\n", lambda: added(BytesIO(SHEET.encode()))
            )
        )
    [view] = view_schedules(ledger)
    assert Path(view.record.sheet).read_text() == SHEET
    assert len(list((ledger.home / "scheduled-sheets").iterdir())) == 1
