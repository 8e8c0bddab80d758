"""Loading: how far it is, what a killed load leaves, and what becomes of edits while a large sheet is read again."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.dialling.drafts import expire_drafts
from campaign.usecases.serving.load_upload import uploads_to_load
from campaign.usecases.serving.uploads import find_upload
from campaign.web.loading.loader import Loader
from campaign.web.site import Site
from tests.web.drafts.forms import forms_of

Uploaded = Callable[..., str]
ROWS = 2_000
_UNSPOKEN = "a note that nobody speaks; " * 5
LARGE = "name,phone,appointment,notes\nBad Example,12,now,\n" + "".join(
    f"Person,+1 {201 + n // 8000} {200 + n // 100 % 80} {n % 100:04},tomorrow at nine,{_UNSPOKEN}\n"
    for n in range(ROWS)
)


def uploaded_large(client: TestClient) -> str:
    """Uploads a sheet that is loaded in a process of its own; returns its address at once."""
    assert len(LARGE) > 256 * 1024
    answer = client.post(
        "/new",
        data={"template": "visit.toml", "where": "sandbox"},
        files={"sheet": ("large.csv", LARGE.encode())},
        follow_redirects=False,
    )
    return answer.headers["location"].rsplit("/", 1)[0]


def token_of(draft: str) -> str:
    """The upload's token."""
    return draft.rsplit("/", 1)[1]


def rows_loaded(ledger: Ledger, draft: str) -> int:
    """How far the load is."""
    upload = find_upload(ledger, token_of(draft))
    record = None if upload is None or upload.draft_token is None else ledger.read.drafts.find(upload.draft_token)
    return 0 if record is None else record.progress


def killed(site: Site, ledger: Ledger, draft: str) -> None:
    """Kills the load once it has begun, and waits until the server has seen it."""
    ends = time.monotonic() + 60
    while not rows_loaded(ledger, draft):
        assert time.monotonic() < ends
        time.sleep(0.01)
    site.loader._children[token_of(draft)].kill()
    assert site.loader.wait(token_of(draft), seconds=60)


def test_a_load_that_died_says_so_and_is_begun_again(client: TestClient, site: Site, ledger: Ledger) -> None:
    draft = uploaded_large(client)
    killed(site, ledger, draft)
    page = client.get(f"{draft}/check").text
    assert "was not read to its end" in page
    assert forms_of(page, "/load")
    client.post(f"{draft}/load")
    assert site.loader.wait(token_of(draft), seconds=120)
    assert f"<b>{ROWS:,}</b> to call" in client.get(f"{draft}/check").text


@pytest.mark.nightly
def test_a_new_server_begins_the_load_again(client: TestClient, site: Site, ledger: Ledger) -> None:
    draft = uploaded_large(client)
    killed(site, ledger, draft)
    assert [one.token for one in uploads_to_load(ledger)] == [token_of(draft)]
    other = Loader(site.around)
    other.restore()
    assert other.wait(token_of(draft), seconds=120)
    other.close()
    assert f"<b>{ROWS:,}</b> to call" in client.get(f"{draft}/check").text


def test_a_large_sheet_shows_the_new_verdict_at_once_and_is_read_again_behind_it(
    client: TestClient, site: Site, ledger: Ledger
) -> None:
    draft = uploaded_large(client)
    assert site.loader.wait(token_of(draft), seconds=120)
    form = next(one for one in forms_of(client.get(f"{draft}/check").text, "/rows/2") if "value" in one.fields)
    said = {**form.fields, "value": "+1 202 555 0110"}
    part = client.post(f"{draft}/rows/2", data=said, headers={"hx-request": "true"}).text
    assert "can be called" in part
    assert "being read again" in part
    [launch] = forms_of(client.get(f"{draft}/launch").text, "/launch")
    refused = client.post(f"{draft}/launch", data={**launch.fields, "act": "launch"})
    if site.loader.is_loading(token_of(draft)):
        assert refused.status_code == 409
        assert ledger.read.runs.all() == []
    assert site.loader.wait(token_of(draft), seconds=120)
    assert f"<b>{ROWS + 1:,}</b> to call" in client.get(f"{draft}/check").text
    assert len(ledger.read.drafts.all()) == 1


def test_edits_that_are_not_loaded_are_loaded_by_the_next_server(
    client: TestClient, site: Site, *, uploaded: Uploaded
) -> None:
    """Killed between a correction and the load: the correction is neither lost nor left out of the run."""
    draft = uploaded("name,phone,appointment\nAda Example,+1 202 555 0110,now\nBen Example,12,now\n")
    site.loader.close()  # from here on it loads nothing
    form = next(one for one in forms_of(client.get(f"{draft}/check").text, "/rows/3") if "value" in one.fields)
    client.post(f"{draft}/rows/3", data={**form.fields, "value": "+1 202 555 0111"})
    page = client.get(f"{draft}/check").text
    assert "must be read again" in page
    [launch] = forms_of(client.get(f"{draft}/launch").text, "/launch")
    assert client.post(f"{draft}/launch", data={**launch.fields, "act": "launch"}).status_code == 409
    other = Loader(site.around)
    other.restore()
    assert other.wait(token_of(draft), seconds=60)
    assert "<b>2</b> to call" in client.get(f"{draft}/check").text


def test_of_many_loads_that_wait_the_last_one_is_made(client: TestClient, site: Site, ledger: Ledger) -> None:
    draft = uploaded_large(client)
    begun = time.monotonic()
    assert site.loader.wait(token_of(draft), seconds=120)
    once = time.monotonic() - begun
    begun = time.monotonic()
    for _ in range(30):
        site.loader.load(token_of(draft), size=len(LARGE))
    assert site.loader.wait(token_of(draft), seconds=300)
    assert time.monotonic() - begun < 15 * max(once, 1.0)
    assert len(ledger.read.drafts.all()) == 1


def test_an_expired_draft_is_told(client: TestClient, ledger: Ledger, *, uploaded: Uploaded) -> None:
    draft = uploaded()
    expire_drafts(ledger, older_than=timedelta(0))
    gone = client.get(f"{draft}/check")
    assert gone.status_code == 410
    assert "expired" in gone.text
    assert forms_of(gone.text, "/load")


@pytest.mark.parametrize("cell", ["ä" * 300, "\x00", "1" * 5000])
def test_a_sheet_of_which_nothing_can_be_called_says_so(client: TestClient, cell: str, *, uploaded: Uploaded) -> None:
    draft = uploaded(f"name,phone,appointment\nAda Example,{cell},now\n")
    page = client.get(f"{draft}/check")
    assert page.status_code == 422
    assert "cannot be called as it is" in page.text


def test_a_file_that_vanished_is_told(client: TestClient, ledger: Ledger, site: Site, *, uploaded: Uploaded) -> None:
    draft = uploaded()
    for path in Path(ledger.home / "uploads").glob("*.csv"):
        path.unlink()
    client.post(f"{draft}/load")
    site.loader.wait(token_of(draft), seconds=60)
    page = client.get(f"{draft}/check")
    assert page.status_code == 422
    assert str(ledger.home) not in page.text
