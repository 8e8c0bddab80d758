"""The whole way without JavaScript: a sheet goes in, calls come out, once."""

import time
from collections.abc import Callable

from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.web.site import Site


def settled(site: Site, run: str) -> None:
    """Waits until the server has dialled the run: its calls are made, and followed now."""
    ends = time.monotonic() + 60
    while (live := site.desk.snapshot(run)) is None or live.phase in ("starting", "dialling"):
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_sheet_is_uploaded_checked_launched_and_dialled(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Callable[..., str]
) -> None:
    draft = uploaded()
    assert "<b>5</b> to call" in client.get(f"{draft}/check").text
    launch = client.get(f"{draft}/launch").text
    revision = launch.split('name="revision" value="')[1].split('"')[0]
    answer = client.post(f"{draft}/launch", data={"revision": revision}, follow_redirects=False)
    assert answer.status_code == 303
    run = answer.headers["location"].removeprefix("/runs/")
    settled(site, run)
    record = ledger.read.runs.find(run)
    assert record is not None
    assert record.sheet == "people.csv"
    assert {state.shown: count for state, count in ledger.read.rows.count_states(record.id).items() if count} == {
        "created": 5
    }
    again = client.post(f"{draft}/launch", data={"revision": revision}, follow_redirects=False)
    assert again.headers["location"] == f"/runs/{run}"
    assert [one.name for one in ledger.read.runs.all()] == [run]
