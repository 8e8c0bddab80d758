"""Runs of pages under test: sheets that are launched, and states that are waited for."""

import time
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.web.dialling.live import Phase
from campaign.web.site import Site
from tests.web.conftest import SHEET


def wait_until(reached: Callable[[], bool], *, seconds: float = 60) -> None:
    """Waits for a state."""
    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.02)


def phase_of(site: Site, run: str) -> Phase | None:
    """What the server does with the run."""
    found = site.desk.snapshot(run)
    return None if found is None else found.phase


def wait_for_phase(site: Site, run: str, *phases: Phase) -> None:
    """Waits until the server is in one of these phases with the run."""
    wait_until(lambda: phase_of(site, run) in phases)


def launched(client: TestClient, site: Site, sheet: str = SHEET, *, template: str = "visit.toml") -> str:
    """Launches a sheet; the run's name. The server begins to dial it."""
    fields = {"template": template, "where": "sandbox" if "AICALLER_API_KEY" not in site.around.environment else "real"}
    answer = client.post("/new", data=fields, files={"sheet": ("people.csv", sheet.encode())}, follow_redirects=False)
    draft = answer.headers["location"].rsplit("/", 1)[0]
    assert site.loader.wait(draft.rsplit("/", 1)[1], seconds=60)
    revision = client.get(f"{draft}/launch").text.split('name="revision" value="')[1].split('"')[0]
    answer = client.post(f"{draft}/launch", data={"revision": revision}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/runs/")


def counts_of(ledger: Ledger, run: str) -> dict[str, int]:
    """How many rows of the run stand where, as results show it."""
    record = ledger.read.runs.find(run)
    assert record is not None
    found = dict[str, int]()
    for state, count in ledger.read.rows.count_states(record.id).items():
        if count:
            found[state.shown] = found.get(state.shown, 0) + count
    return found


def change_template(site: Site, *, old: str, new: str) -> None:
    """Changes the template's file, as its owner may at any time."""
    path: Path = site.templates / "visit.toml"
    path.write_text(path.read_text().replace(old, new))
