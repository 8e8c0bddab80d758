"""The check of a messy sheet: all is said, every question is asked, and nothing is preset to the dangerous side."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import find_upload
from campaign.web.site import Site
from tests.web.conftest import SHEET
from tests.web.drafts.forms import MESSY, forms_of

Uploaded = Callable[..., str]
GB = (
    '[call]\nteam_id = "t"\ncall_template_id = "c"\n[columns]\nname = "name"\nphone = "phone"\n[phone]\nregion = "GB"\n'
)


def test_counts_groups_and_first_calls_are_shown(client: TestClient, *, uploaded: Uploaded) -> None:
    page = unescape(client.get(f"{uploaded(MESSY)}/check").text)
    for words in (
        "<b>5</b> to call",
        "<b>4</b> cannot be called as they are",
        "<b>1</b> left out on purpose",
        "an emergency or short number is never called",
        "no name",
        "Row 2: Ada Example, +12025550110",
        "tomorrow at nine",
        "1 duplicate",
        "if the last name is first",
    ):
        assert words in page


def test_a_duplicate_says_which_row_is_called_and_what_differs(client: TestClient, *, uploaded: Uploaded) -> None:
    page = unescape(client.get(f"{uploaded(MESSY)}/rows?reason=duplicate").text)
    assert "duplicate of row 2" in page
    assert "<td>Ada Sample</td><td>Ada Example</td>" in page


def test_all_rows_of_a_group_can_be_opened_a_page_at_a_time(client: TestClient, *, uploaded: Uploaded) -> None:
    sheet = "name,phone,appointment\nGood,+1 202 555 0110,now\n" + "".join(f"P{n},none{n},now\n" for n in range(60))
    draft = uploaded(sheet)
    page = client.get(f"{draft}/check").text
    link = page.split(f'href="{draft}/rows?group=')[1].split('"')[0]
    seen, address = [], f"{draft}/rows?group={link}"
    while address:
        html = client.get(address).text
        seen += [int(form.action.rsplit("/", 1)[1]) for form in forms_of(html, "") if "place" in form.fields]
        address = unescape(_more(html)) if "More rows" in html else ""
    assert seen == list(range(3, 63))


def test_a_question_that_stops_a_run_has_no_answer_preset(client: TestClient, *, uploaded: Uploaded) -> None:
    """Whoever only clicks through must not call people who may not be called."""
    [form] = forms_of(client.get(f"{uploaded(MESSY)}/check").text, "/answers")
    assert sorted(one for choices in form.choices.values() for one in choices) == [
        "name_order:turned",
        "name_order:written",
        "opted_out:call",
        "opted_out:skip",
    ]
    assert not form.checked


def test_answers_reach_the_draft_and_outlast_a_reload(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded(MESSY)
    [form] = forms_of(client.get(f"{draft}/check").text, "/answers")
    said = {**form.fields, "answer-1": "opted_out:skip", "answer-2": "name_order:turned"}
    page = client.post(f"{draft}/answers", data=said)
    assert "None is open" in page.text
    assert "<b>4</b> to call" in page.text
    token = draft.rsplit("/", 1)[1]
    upload = find_upload(ledger, token)
    assert upload is not None
    assert settings_of(upload).answers.opted_out == "skip"
    client.post(f"{draft}/load")
    assert site.loader.wait(token, seconds=60)
    page = client.get(f"{draft}/check")
    assert "None is open" in page.text
    assert "<b>4</b> to call" in page.text


def test_an_answer_can_be_taken_back(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    [form] = forms_of(client.get(f"{draft}/check").text, "/answers")
    page = client.post(f"{draft}/answers", data={**form.fields, "answer-1": "name_order:turned"}).text
    [again] = [one for one in forms_of(page, "/answers") if one.buttons]
    page = client.post(f"{draft}/answers", data={**again.fields, "ask-again": "name_order"}).text
    assert "name_order:turned" in page


def test_the_second_of_two_who_answer_is_told(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    [form] = forms_of(client.get(f"{draft}/check").text, "/answers")
    first = client.post(f"{draft}/answers", data={**form.fields, "answer-1": "opted_out:skip"})
    second = client.post(f"{draft}/answers", data={**form.fields, "answer-1": "opted_out:call"})
    assert first.status_code == 200
    assert second.status_code == 409
    assert "somebody has changed this draft" in second.text
    assert "<b>4</b> to call" in client.get(f"{draft}/check").text


@pytest.mark.parametrize("said", ["opted_out:maybe", "owner:me", "max_calls:-1", "limit:0", "repairs:call"])
def test_an_answer_that_is_none_is_refused(client: TestClient, said: str, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    [form] = forms_of(client.get(f"{draft}/check").text, "/answers")
    assert client.post(f"{draft}/answers", data={**form.fields, "answer-1": said}).status_code == 422


def test_restored_numbers_are_shown_before_and_after_and_asked(
    client: TestClient, site: Site, *, uploaded: Uploaded
) -> None:
    (site.templates / "gb.toml").write_text(GB)
    draft = uploaded("name,phone\nAda Example,2079460018\nBen Example,+44 20 7946 0019\n", template="gb.toml")
    page = unescape(client.get(f"{draft}/check").text)
    assert "2079460018" in page
    assert "+442079460018" in page
    [form] = forms_of(page, "/answers")
    assert form.choices["answer-1"] == ["repairs:skip", "repairs:accept"]
    page = client.post(f"{draft}/answers", data={**form.fields, "answer-1": "repairs:skip"}).text
    assert "<b>1</b> to call" in page


def test_words_of_consent_are_asked_one_by_one(client: TestClient, site: Site, *, uploaded: Uploaded) -> None:
    (site.templates / "consent.toml").write_text(GB.replace("GB", "US").replace("[phone]", 'consent = "ok"\n[phone]'))
    sheet = "name,phone,ok\nAda Example,+1 202 555 0110,yes\nBen Example,+1 202 555 0111,jawohl\n"
    draft = uploaded(sheet, template="consent.toml")
    [form] = forms_of(client.get(f"{draft}/check").text, "/answers")
    assert form.choices["answer-1"] == ["no_words:jawohl", "yes_words:jawohl"]
    assert "<b>1</b> to call" in client.get(f"{draft}/check").text
    page = client.post(f"{draft}/answers", data={**form.fields, "answer-1": "yes_words:jawohl"}).text
    assert "<b>2</b> to call" in page


def test_more_calls_than_the_limit_are_a_question_of_two_answers(
    client: TestClient, site: Site, *, uploaded: Uploaded
) -> None:
    template = (site.templates / "visit.toml").read_text()
    (site.templates / "few.toml").write_text(f"{template}\n[limits]\nmax_calls = 2\n")
    draft = uploaded(template="few.toml")
    [form] = forms_of(client.get(f"{draft}/check").text, "/answers")
    assert form.choices["answer-1"] == ["limit:2", "max_calls:5"]
    page = client.post(f"{draft}/answers", data={**form.fields, "answer-1": "limit:2"}).text
    assert "None is open" in page
    assert "Launch 2 calls" in client.get(f"{draft}/launch").text


def test_a_draft_is_discarded_after_it_was_asked(client: TestClient, ledger: Ledger, *, uploaded: Uploaded) -> None:
    draft = uploaded()
    asked = client.get(f"{draft}/discard").text
    assert "Discard people.csv?" in asked
    assert client.post(f"{draft}/discard", follow_redirects=False).headers["location"] == "/"
    for address in (f"{draft}/check", f"{draft}/launch", f"{draft}/rows/2"):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "discarded" in gone.text
    assert client.post(f"{draft}/launch", data={"revision": "1"}).status_code == 410
    assert ledger.read.runs.all() == []
    assert not list((ledger.home / "uploads").glob("*.csv"))


@pytest.mark.parametrize("page", ["check", "launch", "rows/2", "rows?group=x", "discard"])
def test_an_id_that_does_not_exist_is_not_found(client: TestClient, page: str) -> None:
    answer = client.get(f"/drafts/{'0' * 32}/{page}")
    assert answer.status_code == 404
    assert "There is no such draft" in answer.text


@pytest.mark.parametrize(
    "form", ["rows/2", "edits/back", "answers", "again", "go-on", "load", "discard", "launch", "schedule"]
)
def test_a_form_for_an_id_that_does_not_exist_does_nothing(client: TestClient, ledger: Ledger, form: str) -> None:
    assert client.post(f"/drafts/{'0' * 32}/{form}", data={"mark": "1-1"}).status_code == 404
    assert ledger.read.runs.all() == []


def test_a_template_that_was_deleted_is_told_and_nothing_is_launched(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded()
    launch = client.get(f"{draft}/launch").text
    [form] = forms_of(launch, "/launch")
    (site.templates / "visit.toml").unlink()
    assert client.post(f"{draft}/launch", data={**form.fields, "act": "launch"}).status_code == 409
    assert "must be read again" in client.get(f"{draft}/check").text
    client.post(f"{draft}/load")
    site.loader.wait(draft.rsplit("/", 1)[1], seconds=60)
    failed = client.get(f"{draft}/check")
    assert failed.status_code == 422
    assert "visit.toml" in failed.text
    assert ledger.read.runs.all() == []


def test_what_stands_in_a_sheet_is_text(client: TestClient, *, uploaded: Uploaded) -> None:
    hostile = '"<script>alert(1)</script>","<img src=x onerror=alert(1)>",\u202e{{7*7}}'
    draft = uploaded(f"name,phone,appointment\n{hostile}\nAda Example,+1 202 555 0110,=cmd|' /C calc'!A0\n")
    for address in (f"{draft}/check", f"{draft}/rows/2", f"{draft}/rows/3", f"{draft}/launch"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page


def test_the_sheet_that_was_run_before_goes_on_or_begins_again(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    first = uploaded(SHEET)
    [form] = forms_of(client.get(f"{first}/launch").text, "/launch")
    run = client.post(f"{first}/launch", data={**form.fields, "limit": "2", "act": "apply"})
    [form] = forms_of(run.text, "/launch")
    run = client.post(f"{first}/launch", data={**form.fields, "act": "launch"}, follow_redirects=False)
    name = run.headers["location"].removeprefix("/runs/")
    site.desk.stop(ledger, name, who="test")
    second = uploaded(SHEET)
    page = client.get(f"{second}/check").text
    assert f'This sheet was run before, as <a href="/runs/{name}">' in page
    [launch] = forms_of(client.get(f"{second}/launch").text, "/launch")
    assert client.post(f"{second}/launch", data={**launch.fields, "act": "launch"}).status_code == 422
    assert [one.name for one in ledger.read.runs.all()] == [name]
    again = client.post(f"{second}/again").text
    assert "This sheet was run before" not in again


def _more(html: str) -> str:
    return html.split("More rows", maxsplit=1)[0].rsplit('href="', 1)[1].split('"', maxsplit=1)[0]


def test_the_forecast_of_a_large_sheet_with_hours_is_made_when_it_is_asked_for(
    client: TestClient, site: Site, *, uploaded: Uploaded
) -> None:
    """It takes seconds: a page that made it each time would take the core from the runs that are dialled."""
    template = (site.templates / "visit.toml").read_text()
    hours = '[hours]\ntimezone = "recipient"\nfallback = "UTC"\nfrom = "09:00"\nuntil = "17:00"\n'
    # Slow enough to ring for more than an hour, whenever this runs: there is nothing to draw of one minute.
    slow = re.sub(r"calls_per_second = .*", "calls_per_second = 0.5", template)
    assert slow != template
    (site.templates / "hours.toml").write_text(f"{slow}\n{hours}")
    rows = "".join(f"Person,+1 202 {200 + n // 100 % 80} {n % 100:04},now\n" for n in range(5_001))
    draft = uploaded(f"name,phone,appointment\n{rows}", template="hours.toml")
    page = client.get(f"{draft}/check").text
    assert "Work out the forecast" in page
    assert "<svg" not in page
    assert "<svg" in client.get(f"{draft}/check?forecast=1").text
    assert "<svg" in client.get(f"{draft}/check").text
