"""Pages of runs without JavaScript: the list, a run, its rows; viewers see no number."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from campaign.ledger.store import Ledger as StoredLedger
from campaign.presentation.page.runs.row_lines import search_for
from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.users import Role, sign_in
from campaign.usecases.watching.rows import rows_page
from campaign.web.guard.visitor import SESSION_COOKIE
from campaign.web.site import Site
from tests.known_user import known_user
from tests.ledger.backend import load, people
from tests.web.launching import change_template, launched, wait_for_phase

INVALID = "Ghost,12,tomorrow at nine\n"


@pytest.fixture
def run(client: TestClient, site: Site) -> str:
    """A run of five people that is followed."""
    name = launched(client, site)
    wait_for_phase(site, name, "following")
    return name


@pytest.fixture
def viewer(client: TestClient, ledger: Ledger) -> TestClient:
    """The browser of somebody who only looks."""
    known_user(ledger, "vera", role=Role.VIEWER, password="a long enough password")
    signed = sign_in(ledger, "vera", "a long enough password")
    assert signed is not None
    client.cookies.set(SESSION_COOKIE, signed.secret)
    return client


def test_an_empty_home_offers_a_campaign_and_a_sample(client: TestClient) -> None:
    page = client.get("/").text
    assert 'action="/sample"' in page
    assert 'href="/new"' in page


def test_the_list_shows_runs_newest_first_and_goes_on_to_older_ones(client: TestClient, ledger: Ledger) -> None:
    assert isinstance(ledger, StoredLedger)
    for number in range(60):
        load(ledger, people(), name=f"run{number:02}")
    page, seen = client.get("/").text, list[str]()
    while True:
        seen += [part.split('"')[0] for part in page.split('href="/runs/')[1:]]
        if 'rel="next"' not in page:
            break
        page = client.get(_next(page)).text
    assert seen == [f"run{number:02}" for number in range(59, -1, -1)]


def _next(page: str) -> str:
    return page.split('" rel="next"', maxsplit=1)[0].rsplit('href="', 1)[1]


def test_a_draft_is_listed_until_it_is_launched(client: TestClient, uploaded: Callable[..., str]) -> None:
    draft = uploaded(name="autumn.csv")
    page = client.get("/").text
    assert f'href="{draft}/check"' in page
    assert "checked, not launched" in page
    revision = client.get(f"{draft}/launch").text.split('name="revision" value="')[1].split('"')[0]
    client.post(f"{draft}/launch", data={"revision": revision})
    assert f'href="{draft}/check"' not in client.get("/").text


def test_a_run_says_in_words_what_goes_on_and_what_may_be_done(client: TestClient, run: str) -> None:
    page = client.get(f"/runs/{run}").text
    assert "All calls that were asked for are made" in page
    assert ">Stop looking<" in page
    assert "<b>5</b> created" in page
    assert 'aria-label="Calls a minute"' in page
    assert "call made" in page


def test_a_run_that_is_not_there_is_said_so_and_so_is_its_stream(client: TestClient) -> None:
    for address in (
        "",
        "/live",
        "/rows",
        "/rows/2",
        "/rerun",
        "/resolve",
        "/report",
        "/report.html",
        "/cancel",
        "/plan",
    ):
        assert client.get(f"/runs/none{address}").status_code == 404, address


def test_the_pace_is_changed_and_a_number_that_is_none_is_refused(client: TestClient, site: Site) -> None:
    run = launched(client, site)
    assert client.post(f"/runs/{run}/pace", data={"rate": "2,5", "in_flight": "3"}).status_code == 200
    assert "2.5 calls/s, at most 3 on their way" in client.get(f"/runs/{run}").text
    for wrong in ({"rate": "fast"}, {"rate": "-1"}, {"rate": "1e9"}, {"in_flight": "1.5"}, {"rate": "nan"}, {}):
        assert client.post(f"/runs/{run}/pace", data=wrong).status_code == 422, wrong


def test_a_changed_template_is_asked_about_with_its_differences_before_anything_is_sent(
    client: TestClient, site: Site
) -> None:
    run = launched(client, site)
    client.post(f"/runs/{run}/stop")
    wait_for_phase(site, run, "stopped", "following")
    client.post(f"/runs/{run}/stop")
    wait_for_phase(site, run, "stopped")
    change_template(site, old="[phone]", new="[limits]\ncall_again_after = '48h'\n[phone]")
    asked = client.post(f"/runs/{run}/resume", follow_redirects=False)
    assert asked.headers["location"] == f"/runs/{run}/plan"
    page = client.get(asked.headers["location"]).text
    assert "call_again_after" in page
    assert 'value="new" required' in page
    assert "checked" not in page
    assert client.post(f"/runs/{run}/resume", data={"plan": "new"}, follow_redirects=False).headers["location"] == (
        f"/runs/{run}"
    )
    wait_for_phase(site, run, "following")


def test_rows_are_shown_by_status_and_found_by_name_and_digits(client: TestClient, site: Site) -> None:
    sheet = "name,phone,appointment\nAda Stone,+12025550110,x\nBob Ray,+12025550111,y\n" + INVALID
    run = launched(client, site, sheet)
    assert "Ghost" not in client.get(f"/runs/{run}/rows?status=created").text
    assert "Ghost" in client.get(f"/runs/{run}/rows?status=invalid").text
    found = client.get(f"/runs/{run}/rows?q=5550111").text
    assert "Bob Ray" in found
    assert "Ada Stone" not in found
    found = client.get(f"/runs/{run}/rows?q=ada").text
    assert "Ada Stone" in found
    assert "Bob Ray" not in found
    assert "has “nobody”" in client.get(f"/runs/{run}/rows?q=nobody").text


def test_pages_of_rows_follow_one_another_and_none_is_missing(client: TestClient, site: Site) -> None:
    lines = (f"Person {n},+1 {area} 555 01{n:02},x\n" for area in (202, 212) for n in range(70))
    run = launched(client, site, "name,phone,appointment\n" + "".join(lines))
    address, seen = f"/runs/{run}/rows", list[int]()
    while True:
        page = client.get(address).text
        seen += [
            int(part.split('"')[0]) for part in page.split(f'<th scope="row" class="n"><a href="/runs/{run}/rows/')[1:]
        ]
        if 'rel="next"' not in page:
            break
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert seen == list(range(2, 142))


def test_a_search_goes_through_no_more_rows_than_it_says(client: TestClient, site: Site, ledger: Ledger) -> None:
    """A run has millions of rows, and a page must answer at once."""
    lines = (f"Person {n},+1 202 555 01{n:02},x\n" for n in range(30))
    record = ledger.read.runs.find(launched(client, site, "name,phone,appointment\n" + "".join(lines)))
    assert record is not None
    last = search_for("Person 29", is_viewer=False, mask=str)
    after, pages = 0, 0
    while not (page := rows_page(ledger, record, status=None, after=after, takes=last, most_read=10)).rows:
        assert page.after is not None
        assert page.read_to == page.after == after + (11 if after == 0 else 10)
        after, pages = page.after, pages + 1
    assert pages == 2
    assert [row.name for row in page.rows] == ["Person 29"]


def test_a_row_tells_its_whole_story(client: TestClient, run: str) -> None:
    page = client.get(f"/runs/{run}/rows/3").text
    assert "attempt 1: claimed, then sent to" in page
    assert "AICaller has accepted the call" in page
    assert client.get(f"/runs/{run}/rows/99").status_code == 422


def test_a_viewer_sees_no_whole_number_and_finds_none_out(client: TestClient, run: str, viewer: TestClient) -> None:
    del client
    for address in ("", "/rows", "/rows/3", "/report"):
        page = viewer.get(f"/runs/{run}{address}")
        assert page.status_code == 200
        assert "+1202555" not in page.text
        assert "…0111" in page.text or address not in ("", "/rows")
    assert "Person 11" in viewer.get(f"/runs/{run}/rows?q=0111").text
    # Digits that are masked are not searched: they would tell the number, one by one.
    assert "Person 11" not in viewer.get(f"/runs/{run}/rows?q=2025550111").text
    assert "Person 11" not in viewer.get(f"/runs/{run}/rows?q=5550111").text


def test_a_viewer_changes_nothing_and_takes_no_file(client: TestClient, run: str, viewer: TestClient) -> None:
    del client
    for form in ("stop", "resume", "pace", "cancel", "forget", "rerun", "resolve", "not-called"):
        assert viewer.post(f"/runs/{run}/{form}").status_code == 403, form
    for file in ("xlsx", "csv", "json", "jsonl", "problems"):
        assert viewer.get(f"/runs/{run}/files/{file}").status_code == 403, file
    assert viewer.get(f"/runs/{run}/report.html").status_code == 200


def test_the_stream_begins_with_the_state_and_ends_with_a_run_that_is_over(client: TestClient, run: str) -> None:
    client.post(f"/runs/{run}/stop")
    with client.stream("GET", f"/runs/{run}/live") as stream:
        text = "".join(stream.iter_text())
    assert "<b>5</b> created" in text
    assert text.rstrip().endswith("event: end\r\ndata: -")
