"""The launch: one run of one draft, however often and by whomever it is launched, as it was looked at."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.schedules import view_schedules
from campaign.usecases.serving.acts import acts
from campaign.usecases.serving.orders import order_of
from campaign.web.app import application
from campaign.web.loading.loader import Loader
from campaign.web.site import Site
from tests.web.conftest import ADDRESS
from tests.web.drafts.forms import MESSY, forms_of
from tests.web.test_way import settled

Uploaded = Callable[..., str]


def launch_form(client: TestClient, draft: str) -> dict[str, str]:
    """What the form of the launch sends."""
    [form] = forms_of(client.get(f"{draft}/launch").text, "/launch")
    return {**form.fields, "act": "launch"}


def test_eight_launches_at_once_are_one_run(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    """Double click, back button, two tabs, two users."""
    draft = uploaded()
    form, ready = launch_form(client, draft), threading.Barrier(8)

    def launch(_: int) -> str:
        other = TestClient(application(site), base_url=ADDRESS)
        ready.wait(30)
        answer = other.post(f"{draft}/launch", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    with ThreadPoolExecutor(8) as several:
        found = set(several.map(launch, range(8)))
    [record] = ledger.read.runs.all()
    assert found == {f"/runs/{record.name}"}
    settled(site, record.name)
    states = ledger.read.rows.count_states(record.id)
    assert {state.shown: count for state, count in states.items() if count} == {"created": 5}
    assert [act.what for act in acts(ledger)].count("launch") == 1


def test_an_old_form_and_an_old_address_lead_to_the_run(
    client: TestClient, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded()
    form = launch_form(client, draft)
    run = client.post(f"{draft}/launch", data=form, follow_redirects=False).headers["location"]
    for page in ("check", "launch", "rows/2"):
        assert client.get(f"{draft}/{page}", follow_redirects=False).headers["location"] == run
    for name in ("launch", "answers", "rows/2", "schedule"):
        again = client.post(f"{draft}/{name}", data=form, follow_redirects=False)
        assert again.headers["location"] == run
    assert len(ledger.read.runs.all()) == 1


def test_the_file_is_removed_once_it_is_a_run(client: TestClient, ledger: Ledger, *, uploaded: Uploaded) -> None:
    draft = uploaded()
    assert list((ledger.home / "uploads").glob("*.csv"))
    client.post(f"{draft}/launch", data=launch_form(client, draft))
    assert not list((ledger.home / "uploads").glob("*.csv"))


def test_settings_that_were_not_looked_at_are_shown_and_not_launched(
    client: TestClient, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    """Whoever types a limit and presses Launch must not have called everybody."""
    draft = uploaded()
    page = client.post(f"{draft}/launch", data={**launch_form(client, draft), "limit": "2", "rate": "0.5"})
    assert ledger.read.runs.all() == []
    assert "nothing is sent yet" in page.text
    assert "Launch 2 calls" in page.text
    assert 'value="0.5"' in page.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rate": "fast"}, "calls a second"),
        ({"rate": "nan"}, "calls a second"),
        ({"max_in_flight": "0"}, "calls in flight"),
        ({"limit": "-2"}, "the limit"),
        ({"canary": "2"}, "[canary]"),
        ({"start": "yesterday"}, "start"),
        ({"start": "2001-01-01"}, "is over"),
        ({"name": "../../etc"}, "cannot be a run's name"),
    ],
)
def test_a_setting_that_will_not_do_is_refused(
    client: TestClient, ledger: Ledger, *, said: dict[str, str], words: str, uploaded: Uploaded
) -> None:
    draft = uploaded()
    answer = client.post(f"{draft}/launch", data={**launch_form(client, draft), **said})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert ledger.read.runs.all() == []


def test_a_start_in_words_is_the_instant_that_it_was_then(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded()
    page = client.post(f"{draft}/launch", data={**launch_form(client, draft), "start": "tomorrow 9am", "act": "apply"})
    form = launch_form(client, draft)
    assert form["start"].endswith("+00:00")
    assert "the first phone rings" in page.text


def test_an_open_question_keeps_it_from_being_launched(
    client: TestClient, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded(MESSY)
    page = client.get(f"{draft}/launch").text
    assert "2 questions are open" in page
    assert "Launch 5 calls" not in page
    assert client.post(f"{draft}/launch", data=launch_form(client, draft)).status_code == 422
    assert ledger.read.runs.all() == []


def test_real_calls_need_their_number_typed_in(site: Site, ledger: Ledger) -> None:
    environment = {**site.around.environment, "AICALLER_API_KEY": "key-of-a-test", "AICALLER_TEAM_ID": "team"}
    around = replace(site.around, environment=environment)
    site = replace(site, around=around, loader=Loader(around))
    with TestClient(application(site), base_url=ADDRESS) as real:
        sheet = "name,phone,appointment\nAda Example,+1 415 200 0110,now\nBen Example,+1 415 200 0111,now\n"
        answer = real.post(
            "/new", data={"template": "visit.toml", "where": "real"}, files={"sheet": ("a.csv", sheet)},
            follow_redirects=False,
        )  # fmt: skip
        draft = answer.headers["location"].rsplit("/", 1)[0]
        assert site.loader.wait(draft.rsplit("/", 1)[1], seconds=60)
        page = real.get(f"{draft}/launch").text
        assert "type the number of calls" in page
        form = launch_form(real, draft)
        for typed in ("", "1", "3", "all"):
            assert real.post(f"{draft}/launch", data={**form, "calls": typed}).status_code == 422
    assert ledger.read.runs.all() == []
    site.loader.close()


def test_a_schedule_keeps_the_sheet_with_its_corrections(
    client: TestClient, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded()
    [form] = [one for one in forms_of(client.get(f"{draft}/rows/3").text, "/rows/3") if one.fields.get("place") == "0"]
    client.post(f"{draft}/rows/3", data={**form.fields, "value": "Corrected Example"})
    [form] = forms_of(client.get(f"{draft}/launch").text, "/schedule")
    said = {"schedule_name": "later", "when": "once", "at": "2031-01-01 09:00", "timezone": "America/New_York"}
    answer = client.post(f"{draft}/schedule", data={**form.fields, **said}, follow_redirects=False)
    assert answer.headers["location"] == "/schedules"
    [view] = view_schedules(ledger)
    [kept] = (ledger.home / "scheduled-sheets").glob("*/later.csv")
    assert view.record.sheet == str(kept)
    assert "Corrected Example" in view.record.answers
    assert not list((ledger.home / "uploads").glob("*.csv"))
    assert client.get(f"{draft}/check").status_code == 410


@pytest.mark.parametrize(
    "said",
    [
        {"schedule_name": "", "when": "once", "at": "2031-01-01 09:00", "timezone": "UTC"},
        {"schedule_name": "../x", "when": "once", "at": "2031-01-01 09:00", "timezone": "UTC"},
        {"schedule_name": "x", "when": "once", "at": "", "timezone": "UTC"},
        {"schedule_name": "x", "when": "again", "cron": "no cron", "timezone": "UTC"},
        {"schedule_name": "x", "when": "once", "at": "2031-01-01 09:00", "timezone": "Nowhere"},
    ],
)
def test_a_schedule_that_will_not_do_keeps_the_draft(
    client: TestClient, ledger: Ledger, said: dict[str, str], *, uploaded: Uploaded
) -> None:
    draft = uploaded()
    [form] = forms_of(client.get(f"{draft}/launch").text, "/schedule")
    assert client.post(f"{draft}/schedule", data={**form.fields, **said}).status_code == 422
    assert view_schedules(ledger) == []
    assert not list((ledger.home / "scheduled-sheets").glob("*"))
    assert client.get(f"{draft}/check").status_code == 200


def test_the_order_carries_the_canary(client: TestClient, site: Site, ledger: Ledger, *, uploaded: Uploaded) -> None:
    template = (site.templates / "visit.toml").read_text()
    canary = '[canary]\nrefused = 0.1\nfailed = 0.2\ndo_not_call = 0.05\nwait = "1m"\n'
    (site.templates / "careful.toml").write_text(f"{template}\n{canary}")
    draft = uploaded(template="careful.toml")
    client.post(f"{draft}/launch", data={**launch_form(client, draft), "canary": "2"})
    page = client.get(f"{draft}/launch").text
    assert "2 rows of them first" in page
    run = client.post(f"{draft}/launch", data=launch_form(client, draft), follow_redirects=False)
    name = run.headers["location"].removeprefix("/runs/")
    order = order_of(ledger, name)
    assert order is not None
    assert '"canary":{"rows":2' in order.options


def test_a_launch_says_who_is_left_out_and_that_phones_may_ring_at_night(
    client: TestClient, *, uploaded: Callable[..., str]
) -> None:
    """Whoever launches part of a sheet, or at midnight, must not learn it afterwards."""
    page = client.get(f"{uploaded(MESSY)}/launch").text
    assert "4 that cannot be called as they are and 1 on purpose" in page
    assert "Phones may ring at any hour of the day and of the night" in page
    assert "call_again_after: 24h (a number that any run called within this time is skipped)" in page
