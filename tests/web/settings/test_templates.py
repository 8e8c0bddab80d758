"""Templates on a page: what is not changed stays as it is, wrong fields say why, and nobody's change is lost."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaign.config.files.packaged import packaged_templates
from campaign.usecases.context import Ledger
from campaign.usecases.serving.acts import acts
from campaign.web.site import Site
from tests.web.settings.forms import sent

ADDRESS = "/settings/templates/visit.toml"
PACKAGED = [one.path for one in packaged_templates()]


def save(client: TestClient, page: str | None = None, **changes: str) -> tuple[int, str]:
    page = page or client.get(ADDRESS).text
    answer = client.post(ADDRESS, data=sent(page, ADDRESS, **changes))
    return answer.status_code, answer.text


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: str(path.stem))
def test_a_form_that_is_saved_unchanged_changes_not_a_byte(client: TestClient, site: Site, path: Path) -> None:
    file = site.templates / "visit.toml"
    shutil.copyfile(path, file)
    status, text = save(client)
    assert (status, "Saved." in text) == (200, True), text
    assert file.read_bytes() == path.read_bytes()


def test_changes_are_written_and_comments_stay(client: TestClient, site: Site, ledger: Ledger) -> None:
    file = site.templates / "visit.toml"
    file.write_text('title = "Visit" # for people\n\n' + file.read_text() + "# the end\n")
    status, text = save(
        client,
        title="Visits",
        pace__calls_per_second="0.5",
        hours__from="9:00",
        hours__until="20:00:00",
        retry__no_answer__after="2h",
        retry__no_answer__times="2",
        columns__phone="Mobile\nPhone",
        **{"variables-1-key": "doctor", "variables-1-columns": "Doctor", "variables-1-optional": "1"},
    )
    assert status == 200, text
    written = file.read_text()
    assert 'title = "Visits" # for people' in written
    assert "# the end" in written
    raw = tomllib.loads(written)
    assert raw["pace"] == {"calls_per_second": 0.5}
    assert {name: str(value) for name, value in raw["hours"].items()} == {"from": "09:00:00", "until": "20:00:00"}
    assert raw["retry"] == {"no_answer": {"after": "2h", "times": 2}}
    assert raw["columns"]["phone"] == ["Mobile", "Phone"]
    assert raw["variables"]["doctor"] == {"column": "Doctor", "optional": True}
    assert raw["variables"]["appointment"] == {"column": "appointment"}
    assert [(act.what, act.target) for act in acts(ledger)] == [("template_save", "visit.toml")]


def test_an_emptied_field_takes_its_key_out(client: TestClient, site: Site) -> None:
    assert save(client, phone__region="", **{"variables-0-key": "", "variables-0-columns": ""})[0] == 200
    raw = tomllib.loads((site.templates / "visit.toml").read_text())
    assert "phone" not in raw
    assert "variables" not in raw


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pace__calls_per_second": "fast"}, "write a number"),
        ({"pace__calls_per_second": "-1"}, "greater than or equal"),
        ({"limits__max_calls": "1.5"}, "write a whole number"),
        ({"limits__call_again_after": "5"}, "a whole number and a unit"),
        ({"hours__from": "25:00", "hours__until": "20:00"}, "write a time of day"),
        ({"hours__from": "09:00"}, "give both from and until"),
        ({"hours__from": "09:00", "hours__until": "20:00", "hours__timezone": "Mars/Base"}, "Mars/Base"),
        ({"hours__skip": "tomorrow"}, "is no day"),
        ({"stagger__start": "soon", "stagger__every": "30s"}, "write a date and time"),
        ({"call__webhooks": "[{"}, "not valid TOML"),
        ({"columns__name": ""}, "is missing"),
        ({"phone__region": "XX"}, "is no country"),
        ({"variables-1-columns": "Doctor"}, "a variable has no key"),
        ({"variables-1-key": "appointment", "variables-1-columns": "x"}, "two variables"),
        ({"variables-1-key": "x"}, "either a column or a value"),
        ({"variables-0-format": "%A"}, "in which language"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    client: TestClient, site: Site, *, changes: dict[str, str], why: str
) -> None:
    before = (site.templates / "visit.toml").read_bytes()
    status, text = save(client, **changes)
    assert status == 422
    assert why in text.replace("&#39;", "'")
    assert (site.templates / "visit.toml").read_bytes() == before
    for name, value in changes.items():
        if value:
            assert value in text, name


def test_of_two_people_the_second_is_told_and_neither_is_lost(client: TestClient, site: Site) -> None:
    page = client.get(ADDRESS).text
    assert save(client, page, title="first")[0] == 200
    status, text = save(client, page, title="second")
    assert status == 409
    assert "changed by somebody else" in text
    assert 'value="second"' in text
    assert "title = &#34;first&#34;" in text
    assert tomllib.loads((site.templates / "visit.toml").read_text())["title"] == "first"


def test_the_text_is_saved_only_as_a_template(client: TestClient, site: Site) -> None:
    action = f"{ADDRESS}/text"
    page = client.get(action).text
    assert client.post(action, data=sent(page, action, text="[columns]\nnaem = 3")).status_code == 422
    typed = client.post(action, data=sent(page, action, text="[[[")).text
    assert "[[[" in typed
    good = '# mine\n[columns]\nname = "N"\nphone = "P"\n'
    assert client.post(action, data=sent(page, action, text=good.replace("\n", "\r\n"))).status_code == 200
    assert (site.templates / "visit.toml").read_text() == good
    assert client.post(action, data=sent(page, action, text=good)).status_code == 409


def test_a_file_that_is_no_toml_can_be_corrected_as_text(client: TestClient, site: Site) -> None:
    (site.templates / "visit.toml").write_text("columns = [")
    page = client.get(ADDRESS).text
    assert "not valid TOML" in page
    assert "columns = [" in page
    assert "Cannot be used" in client.get("/settings").text


def test_templates_are_copied_renamed_and_deleted(client: TestClient, site: Site) -> None:
    assert client.post(f"{ADDRESS}/copy", data={"to": "second visit"}).status_code == 200
    assert client.post(f"{ADDRESS}/copy", data={"to": "second visit.toml"}).status_code == 422
    renamed = client.post("/settings/templates/second%20visit.toml/rename", data={"to": "third"})
    assert renamed.status_code == 200
    assert sorted(path.name for path in site.templates.iterdir()) == ["third.toml", "visit.toml"]
    action = "/settings/templates/third.toml/delete"
    page = client.get(action).text
    (site.templates / "third.toml").write_text(page)
    assert client.post(action, data=sent(page, action)).status_code == 409
    assert client.post(action, data=sent(client.get(action).text, action)).status_code == 200
    assert [path.name for path in site.templates.iterdir()] == ["visit.toml"]


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "", "a" * 200, "..", "a\x00b", "C:x"])
def test_no_name_leads_out_of_the_folder(client: TestClient, site: Site, name: str) -> None:
    assert client.post(f"{ADDRESS}/copy", data={"to": name}).status_code == 422
    assert [path.name for path in site.templates.iterdir()] == ["visit.toml"]
    assert [path.name for path in site.templates.parent.glob("*.toml")] == []


def test_packaged_templates_are_taken_over_once(client: TestClient, site: Site) -> None:
    taken = client.post("/settings/templates", data={"packaged": "appointment_reminder"})
    assert taken.status_code == 200
    assert (site.templates / "appointment_reminder.toml").read_bytes() == PACKAGED[0].read_bytes()
    assert client.post("/settings/templates", data={"packaged": "appointment_reminder"}).status_code == 422
    assert client.post("/settings/templates", data={"packaged": "../x"}).status_code == 422


def test_a_deleted_template_leaves_its_runs_untouched(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Callable[..., str]
) -> None:
    draft = uploaded()
    launch = client.get(f"{draft}/launch").text
    revision = launch.split('name="revision" value="')[1].split('"')[0]
    run = client.post(f"{draft}/launch", data={"revision": revision}).url.path
    action = f"{ADDRESS}/delete"
    assert client.post(action, data=sent(client.get(action).text, action)).status_code == 200
    assert not (site.templates / "visit.toml").exists()
    assert client.get(run).status_code == 200
    assert [one.sheet for one in ledger.read.runs.all()] == ["people.csv"]


def test_a_template_that_is_gone_is_said_so(client: TestClient) -> None:
    for address in ("none.toml", "..%2Fx.toml", "none.toml/text", "none.toml/delete"):
        assert client.get(f"/settings/templates/{address}").status_code == 404
