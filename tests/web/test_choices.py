"""What only the owner of a sheet can say of how it is read: asked with what would come of it, never guessed."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import find_upload
from campaign.web.site import Site
from tests.web.conftest import SHEET

TITLED = f"Visits of December,,\n{SHEET}"


def field(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def answered(client: TestClient, site: Site, draft: str, **said: str) -> str:
    """Answers the question of the draft's check; returns the page that follows."""
    page = client.get(f"{draft}/check").text
    data = {"revision": field(page, "revision"), "field": field(page, "field"), **said}
    answer = client.post(f"{draft}/choice", data=data, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert site.loader.wait(draft.split("/")[2], seconds=60)
    return client.get(answer.headers["location"]).text


def test_a_title_above_the_names_is_asked_about_and_the_answer_kept(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Callable[..., str]
) -> None:
    draft = uploaded(TITLED)
    page = client.get(f"{draft}/check")
    assert page.status_code == 200
    assert "Which row holds the names of the columns?" in page.text
    assert "Row 2" in page.text
    # The first rows, as they would be read: people below their names.
    assert "+1 202 555 0110" in page.text
    assert not re.search(r'name="value"[^>]*checked', page.text)
    assert "<b>5</b> to call" in answered(client, site, draft, value="0")
    upload = find_upload(ledger, draft.split("/")[2])
    assert upload is not None
    assert settings_of(upload).choices.header_row == 2


def test_another_row_can_be_typed(client: TestClient, site: Site, *, uploaded: Callable[..., str]) -> None:
    draft = uploaded(f"One,,\nTwo,,\n{TITLED}")
    assert "<b>5</b> to call" in answered(client, site, draft, value="other", other="4")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422),
        ({"value": "99"}, 422),
        ({"value": "other", "other": "0"}, 422),
        ({"value": "other", "other": "second"}, 422),
        ({"value": "0", "field": "hidden"}, 409),
        ({"value": "0", "field": "one_column"}, 409),
        ({"value": "0", "revision": "0"}, 409),
    ],
)
def test_what_is_no_answer_changes_nothing(
    client: TestClient, ledger: Ledger, *, said: dict[str, str], status: int, uploaded: Callable[..., str]
) -> None:
    draft = uploaded(TITLED)
    page = client.get(f"{draft}/check").text
    before = find_upload(ledger, draft.split("/")[2])
    data = {"revision": field(page, "revision"), "field": field(page, "field"), **said}
    assert client.post(f"{draft}/choice", data=data).status_code == status
    assert find_upload(ledger, draft.split("/")[2]) == before


def test_answers_can_be_taken_back(client: TestClient, site: Site, *, uploaded: Callable[..., str]) -> None:
    """A wrong answer must not cost the upload."""
    draft = uploaded(TITLED)
    page = answered(client, site, draft, value="other", other="3")
    assert "cannot be called as it is" in page
    answer = client.post(
        f"{draft}/choice", data={"revision": field(page, "revision"), "act": "forget"}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert site.loader.wait(draft.split("/")[2], seconds=60)
    assert "Which row holds the names" in client.get(f"{draft}/check").text


def test_the_second_of_two_people_is_told_what_the_first_did(
    client: TestClient, site: Site, *, uploaded: Callable[..., str]
) -> None:
    draft = uploaded(TITLED)
    page = client.get(f"{draft}/check").text
    data = {"revision": field(page, "revision"), "field": "header_row", "value": "0"}
    assert client.post(f"{draft}/choice", data=data, follow_redirects=False).status_code == 303
    assert site.loader.wait(draft.split("/")[2], seconds=60)
    second = client.post(f"{draft}/choice", data={**data, "value": "1"})
    assert second.status_code == 409
    assert "local: answer, header row" in second.text
    assert "<b>5</b> to call" in client.get(f"{draft}/check").text


def test_a_sheet_can_be_read_by_another_template(
    client: TestClient, site: Site, *, uploaded: Callable[..., str]
) -> None:
    text = (site.templates / "visit.toml").read_text().replace("appointment]", "visit_day]")
    (site.templates / "other.toml").write_text(text)
    draft = uploaded()
    page = client.get(f"{draft}/columns").text
    assert "spoken as appointment" in page
    assert "/settings/templates/visit.toml" in page
    data = {"revision": field(page, "revision"), "template": "other.toml"}
    assert client.post(f"{draft}/template", data=data, follow_redirects=False).status_code == 303
    assert site.loader.wait(draft.split("/")[2], seconds=60)
    assert "spoken as visit_day" in client.get(f"{draft}/columns").text


def test_the_options_show_each_delimiter_with_its_columns(client: TestClient, *, uploaded: Callable[..., str]) -> None:
    rows = "".join(f"Ada; Example,+1 202 555 01{n};x,y\n" for n in range(10, 13))
    page = client.get(f"{uploaded(f'name;x,phone;y,appointment{chr(10)}{rows}')}/check").text
    assert "Which sign stands between the columns?" in page
    assert not re.search(r'name="value"[^>]*checked', page)
