"""Reruns, lost answers, files and the end of a run, without JavaScript."""

import csv
import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no types
from starlette.testclient import TestClient

from campaign.sandbox.truth import read_truth
from campaign.usecases.context import Ledger
from campaign.usecases.serving.acts import acts
from campaign.web.site import Site
from tests.web.launching import counts_of, launched, wait_for_phase, wait_until
from tests.web.test_desk import begin_stopped, served

Sites = Callable[..., Site]


class Fields(HTMLParser):
    """The fields of a page's forms, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.values.setdefault(given["name"] or "", []).append(given.get("value") or "")


def rung(folder: Path) -> list[str]:
    """The phones that rang, at all stand-ins of the test."""
    return [ring.phone for path in sorted(folder.glob("place-*/truth.jsonl")) for ring in read_truth(path)]


def test_rejected_rows_are_chosen_by_their_reason_looked_at_and_called_again(
    with_stand_in: Sites, tmp_path: Path
) -> None:
    """A rerun calls whom nobody was called for, once, and shows what it does before it does it."""
    site = with_stand_in(faults="400=1")
    with served(site) as (client, ledger):
        run = launched(client, site)
        wait_for_phase(site, run, "ended")
        assert counts_of(ledger, run) == {"rejected": 5}
    site = with_stand_in()
    with served(site) as (client, ledger):
        page = client.get(f"/runs/{run}/rerun")
        groups = Fields(page.text).values["group"]
        assert client.post(f"/runs/{run}/rerun", data={}).status_code == 422
        preview = client.post(f"/runs/{run}/rerun", data={"group": groups}, follow_redirects=False)
        address = preview.headers["location"]
        page = client.get(address)
        assert "5 rows would be called again" in page.text
        assert rung(tmp_path) == []
        revision = Fields(page.text).values["revision"][0]
        assert client.post(address, data={"revision": "99"}).status_code == 409
        for _ in range(2):
            answer = client.post(address, data={"revision": revision}, follow_redirects=False)
            assert answer.headers["location"] == f"/runs/{run}"
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})
        assert len(rung(tmp_path)) == len(set(rung(tmp_path))) == 5
        assert "rerun" in [act.what for act in acts(ledger)]


def test_a_cell_is_corrected_in_place_and_its_row_alone_is_called_again(with_stand_in: Sites, tmp_path: Path) -> None:
    site = with_stand_in(faults="400=1")
    with served(site) as (client, _):
        run = launched(client, site)
        wait_for_phase(site, run, "ended")
    site = with_stand_in()
    with served(site) as (client, ledger):
        fields = Fields(client.get(f"/runs/{run}/rerun").text).values
        cells = {name: values[0] for name, values in fields.items() if name.startswith("cell-3-")}
        number = next(name for name, value in cells.items() if value.startswith("+1"))
        preview = client.post(f"/runs/{run}/rerun", data={**cells, number: "+1 202 555 0177"})
        assert "1 row would be called again" in preview.text
        assert "Row 3: phone" in preview.text
        client.post(preview.url.path, data={"revision": Fields(preview.text).values["revision"][0]})
        wait_until(lambda: counts_of(ledger, run) == {"created": 1, "rejected": 4})
        assert rung(tmp_path) == ["+12025550177"]
        story = client.get(f"/runs/{run}/rows/3").text
        assert "corrected" in story
        assert "5550111" in story


def test_a_correction_that_says_no_number_or_a_taken_one_is_not_called(with_stand_in: Sites, tmp_path: Path) -> None:
    site = with_stand_in(faults="400=1")
    with served(site) as (client, _):
        run = launched(client, site)
        wait_for_phase(site, run, "ended")
        fields = Fields(client.get(f"/runs/{run}/rerun").text).values
        phones = [name for name, values in fields.items() if values[0].startswith("+1")]
        for wrong in ("nobody", "+1 202 555 0110"):
            preview = client.post(f"/runs/{run}/rerun", data={phones[2]: wrong}).text
            assert "0 rows would be called again" in preview
            assert "Row 4" in preview
        for place in ("cell-3-99", "cell-99-0"):
            assert client.post(f"/runs/{run}/rerun", data={place: "x"}).status_code == 422
    assert rung(tmp_path) == []


def test_a_rerun_of_another_run_is_not_found_under_this_one(with_stand_in: Sites) -> None:
    site = with_stand_in(faults="400=1")
    with served(site) as (client, _):
        run = launched(client, site)
        wait_for_phase(site, run, "ended")
        groups = Fields(client.get(f"/runs/{run}/rerun").text).values["group"]
        token = client.post(f"/runs/{run}/rerun", data={"group": groups}, follow_redirects=False).headers["location"]
        other = launched(client, site, "name,phone,appointment\nZoe,+12125550110,x\n")
        assert client.get(f"/runs/{other}/rerun/{token.rsplit('/', 1)[1]}").status_code == 404
        assert client.post(f"{token}/discard", follow_redirects=False).headers["location"] == f"/runs/{run}"
        assert client.get(token).status_code == 404


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_lost_answers_are_looked_up_and_a_person_may_say_that_nobody_was_called(
    with_stand_in: Sites, tmp_path: Path
) -> None:
    """An unknown row is called again on a person's word alone, and the word is asked for plainly."""
    site = with_stand_in(faults="hang_before=1")
    with served(site) as (client, ledger):
        run = launched(client, site, "name,phone,appointment\nAda,+12025550110,x\n")
        wait_until(lambda: counts_of(ledger, run).get("unknown", 0) == 1, seconds=100)
        client.post(f"/runs/{run}/stop")
        wait_until(lambda: (found := site.desk.snapshot(run)) is not None and found.is_over)
    site = with_stand_in()
    with served(site) as (client, ledger):
        client.post(f"/runs/{run}/resolve")
        wait_until(lambda: (found := site.look_ups.of(run)) is not None and not found.goes_on)
        page = client.get(f"/runs/{run}/resolve").text
        assert "not in AICaller&#39;s list, which proves nothing" in page
        assert client.post(f"/runs/{run}/not-called", data={"row": "2"}).status_code == 422
        assert client.post(f"/runs/{run}/not-called", data={"sure": "yes"}).status_code == 422
        assert counts_of(ledger, run) == {"unknown": 1}

        def said() -> bool:
            client.post(f"/runs/{run}/not-called", data={"row": "2", "sure": "yes"})
            wait_until(lambda: (found := site.look_ups.of(run)) is not None and not found.goes_on)
            return counts_of(ledger, run) == {"pending": 1}

        # Nobody's word counts for a call that is younger than two minutes.
        wait_until(said, seconds=150)
        wait_until(lambda: (found := site.look_ups.of(run)) is not None and not found.goes_on)
        assert "waits again, on your word" in client.get(f"/runs/{run}/resolve").text
        assert rung(tmp_path) == []


@pytest.fixture
def over(client: TestClient, site: Site) -> str:
    """A run of three people, one of them with a formula for a name, and one without a number; nobody works on it."""
    sheet = 'name,phone,appointment\n"=1+2",+12025550110,x\nBob,+12025550111,y\nGhost,12,z\n'
    run = launched(client, site, sheet)
    wait_for_phase(site, run, "following")
    client.post(f"/runs/{run}/stop")
    wait_for_phase(site, run, "stopped")
    return run


def test_the_report_is_the_file_s_under_its_own_policy(client: TestClient, over: str) -> None:
    answer = client.get(f"/runs/{over}/report.html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sha256-" in policy
    assert "frame-ancestors 'self'" in policy
    assert '<meta name="generator" content="campaign">' in answer.text
    assert "+12025550110" not in answer.text
    assert f'src="/runs/{over}/report.html"' in client.get(f"/runs/{over}/report").text


def test_files_are_made_guarded_named_and_removed(client: TestClient, site: Site, over: str) -> None:
    workbook = client.get(f"/runs/{over}/files/xlsx")
    assert workbook.headers["content-disposition"] == f'attachment; filename="{over}.results.xlsx"'
    sheet = load_workbook(io.BytesIO(workbook.content)).worksheets[0]
    assert sheet["A2"].value == "=1+2"
    assert sheet["A2"].data_type == "s"
    rows = list(csv.reader(io.StringIO(client.get(f"/runs/{over}/files/csv").content.decode("utf-8-sig"))))
    assert rows[1][0] == "'=1+2"
    lines = client.get(f"/runs/{over}/files/jsonl").text.splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["created", "created", "invalid"]
    assert len(client.get(f"/runs/{over}/files/json").json()) >= 1
    problems = list(csv.reader(io.StringIO(client.get(f"/runs/{over}/files/problems").content.decode("utf-8-sig"))))
    assert [row[0] for row in problems[1:]] == ["Ghost"]
    assert client.get(f"/runs/{over}/files/exe").status_code == 404
    assert list((site.around.home / "made").glob("*")) == []


def test_the_rest_is_cancelled_with_a_reason_and_nobody_of_it_is_called(with_stand_in: Sites, tmp_path: Path) -> None:
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = begin_stopped(client, site, ledger)
        waiting = counts_of(ledger, run)["pending"]
        assert f"<b>{waiting}</b>" in client.get(f"/runs/{run}/cancel").text
        assert client.post(f"/runs/{run}/cancel", data={"waiting": "99", "reason": "x"}).status_code == 409
        assert client.post(f"/runs/{run}/cancel", data={"waiting": waiting, "reason": " "}).status_code == 422
        before = rung(tmp_path)
        client.post(f"/runs/{run}/cancel", data={"waiting": waiting, "reason": "The clinic is closed"})
        assert counts_of(ledger, run)["skipped"] == waiting
        assert rung(tmp_path) == before
        assert "The clinic is closed" in client.get(f"/runs/{run}/rows?status=skipped").text


def test_people_are_erased_once_the_run_s_name_is_typed(client: TestClient, ledger: Ledger, over: str) -> None:
    assert client.post(f"/runs/{over}/forget", data={"name": "other"}).status_code == 422
    page = client.post(f"/runs/{over}/forget", data={"name": over}).text
    assert "Its people are erased" in page
    for address in ("", "/rows", "/rows/2", "/report.html"):
        text = client.get(f"/runs/{over}{address}").text
        assert "Bob" not in text
        assert "5550110" not in text
    assert ">Resume<" not in client.get(f"/runs/{over}").text
    assert next(act.what for act in acts(ledger)) == "forget"
