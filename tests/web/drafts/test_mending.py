"""Mending in place: a corrected cell is screened anew at once, belongs to the run, and never overwrites another's."""

from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.acts import acts
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import find_upload
from campaign.web.site import Site
from tests.web.drafts.forms import MESSY, Form, forms_of
from tests.web.test_way import settled

Uploaded = Callable[..., str]
GOOD = "+1 202 555 0111"


def cell_form(client: TestClient, draft: str, row: int, *, column: int = 1) -> Form:
    """The form of one cell on the row's page."""
    forms = forms_of(client.get(f"{draft}/rows/{row}").text, f"/rows/{row}")
    return next(form for form in forms if form.fields.get("place") == str(column))


def test_a_corrected_cell_is_screened_and_called(
    client: TestClient, site: Site, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded(MESSY)
    for row, column, value in ((3, 1, GOOD), (7, 0, "Eve Example")):
        form = cell_form(client, draft, row, column=column)
        page = client.post(f"{draft}/rows/{row}", data={**form.fields, "value": value})
        assert "can be called" in page.text
    check = unescape(client.get(f"{draft}/check").text)
    assert "<b>7</b> to call" in check
    assert "<td>12</td><td>+1 202 555 0111</td>" in check
    assert any(act.what == "edit_cell" and "row 3" in act.detail for act in acts(ledger))
    assert not any("0111" in act.detail for act in acts(ledger))
    [form] = forms_of(check, "/answers")[:1]
    client.post(f"{draft}/answers", data={**form.fields, "answer-1": "opted_out:skip", "answer-2": "name_order:turned"})
    [launch] = forms_of(client.get(f"{draft}/launch").text, "/launch")
    run = client.post(f"{draft}/launch", data={**launch.fields, "act": "launch"}, follow_redirects=False)
    name = run.headers["location"].removeprefix("/runs/")
    settled(site, name)
    record = ledger.read.runs.find(name)
    assert record is not None
    mended = next(one for one in ledger.read.rows.results(record.id) if one.number == 3)
    assert (mended.status, mended.phone, mended.cells[1]) == ("created", "+12025550111", GOOD)


def test_a_corrected_number_makes_later_rows_duplicates(client: TestClient, *, uploaded: Uploaded) -> None:
    """A correction applied after screening would call one phone twice."""
    draft = uploaded(MESSY)
    form = cell_form(client, draft, 3)
    client.post(f"{draft}/rows/3", data={**form.fields, "value": "+1 202 555 0116"})
    page = unescape(client.get(f"{draft}/rows?reason=duplicate").text)
    assert "duplicate of row 3" in page
    assert "Row 8" in page


def test_a_correction_to_a_number_that_an_earlier_row_has_is_a_duplicate(
    client: TestClient, *, uploaded: Uploaded
) -> None:
    draft = uploaded(MESSY)
    form = cell_form(client, draft, 4)
    page = client.post(f"{draft}/rows/4", data={**form.fields, "value": "+1 202 555 0110"})
    assert "duplicate of row 2" in page.text


def test_a_wrong_correction_stays_a_problem(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    form = cell_form(client, draft, 3)
    page = unescape(client.post(f"{draft}/rows/3", data={**form.fields, "value": "13"}).text)
    assert "column 'phone'" in page
    assert "<b>5</b> to call" in client.get(f"{draft}/check").text


def test_a_correction_is_taken_back(client: TestClient, ledger: Ledger, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    form = cell_form(client, draft, 3)
    client.post(f"{draft}/rows/3", data={**form.fields, "value": GOOD})
    form = cell_form(client, draft, 3)
    page = client.post(f"{draft}/rows/3", data={**form.fields, "act": "back"}).text
    assert 'value="12"' in page
    assert "<b>5</b> to call" in client.get(f"{draft}/check").text
    upload = find_upload(ledger, draft.rsplit("/", 1)[1])
    assert upload is not None
    assert settings_of(upload).edits.cells == ()


def test_all_corrections_are_taken_back_at_once(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    for row in (3, 4):
        form = cell_form(client, draft, row)
        client.post(f"{draft}/rows/{row}", data={**form.fields, "value": f"+1 202 555 013{row}"})
    assert "<b>7</b> to call" in client.get(f"{draft}/check").text
    assert "<b>5</b> to call" in client.post(f"{draft}/edits/back").text


def test_a_row_is_left_out_and_taken_in_again(client: TestClient, *, uploaded: Uploaded) -> None:
    """The duplicate of a row that is left out is called in its place."""
    draft = uploaded(MESSY)
    seen = cell_form(client, draft, 2).fields["seen"]
    page = client.post(f"{draft}/rows/2", data={"seen": seen, "leave": "out"}).text
    assert "left out by its owner" in page
    check = client.get(f"{draft}/check").text
    assert "<b>5</b> to call" in check
    assert "Row 5" in check
    seen = cell_form(client, draft, 2).fields["seen"]
    assert "can be called" in client.post(f"{draft}/rows/2", data={"seen": seen, "leave": "in"}).text


def test_the_second_of_two_who_mend_one_row_sees_the_first(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    form = cell_form(client, draft, 3)
    assert client.post(f"{draft}/rows/3", data={**form.fields, "value": GOOD}).status_code == 200
    second = client.post(f"{draft}/rows/3", data={**form.fields, "value": "+1 202 555 0199"})
    assert second.status_code == 409
    assert f'value="{GOOD}"' in second.text
    assert "+1 202 555 0199" in second.text
    assert "somebody else" in second.text
    part = client.post(
        f"{draft}/rows/3", data={**form.fields, "value": "+1 202 555 0199"}, headers={"hx-request": "true"}
    )
    assert part.status_code == 409
    assert "<html" not in part.text
    assert "+1 202 555 0199" in part.text


def test_two_who_mend_different_rows_lose_nothing(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded(MESSY)
    one, two = cell_form(client, draft, 3), cell_form(client, draft, 4)
    client.post(f"{draft}/rows/3", data={**one.fields, "value": GOOD})
    assert client.post(f"{draft}/rows/4", data={**two.fields, "value": "+1 202 555 0112"}).status_code == 200
    assert "<b>7</b> to call" in client.get(f"{draft}/check").text


def test_with_javascript_only_the_row_and_what_changed_with_it_is_sent(
    client: TestClient, *, uploaded: Uploaded
) -> None:
    draft = uploaded(MESSY)
    page = client.get(f"{draft}/check").text
    form = next(one for one in forms_of(page, "/rows/3") if "value" in one.fields)
    part = client.post(f"{draft}/rows/3", data={**form.fields, "value": GOOD}, headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert f'id="r-{form.fields["group"]}-3"' in part
    assert "can be called" in part
    assert "<b>6</b> to call" in part
    assert 'hx-swap-oob="true"' in part


@pytest.mark.parametrize(
    ("row", "said", "status"),
    [
        ("3", {"place": "99", "value": "x"}, 422),
        ("3", {"place": "-1", "value": "x"}, 422),
        ("3", {"place": "1", "value": "x" * 40_000}, 422),
        ("3", {}, 422),
        ("3", {"place": "1", "act": "back"}, 422),
        ("999", {"place": "1", "value": "x"}, 422),
        ("x", {"place": "1", "value": "x"}, 404),
        ("9" * 40, {"place": "1", "value": "x"}, 404),
    ],
)
def test_a_cell_that_is_none_is_refused(  # noqa: PLR0917 - a table of what is refused
    client: TestClient, ledger: Ledger, row: str, said: dict[str, str], status: int, *, uploaded: Uploaded
) -> None:
    draft = uploaded(MESSY)
    seen = cell_form(client, draft, 3).fields["seen"]
    assert client.post(f"{draft}/rows/{row}", data={"seen": seen, **said}).status_code == status
    upload = find_upload(ledger, draft.rsplit("/", 1)[1])
    assert upload is not None
    assert settings_of(upload).edits.cells == ()


def test_what_is_hidden_in_a_cell_stays_if_the_form_is_sent_back_unchanged(
    client: TestClient, ledger: Ledger, *, uploaded: Uploaded
) -> None:
    draft = uploaded("name,phone,appointment\nAda\u200b Example,+1 202 555 0110,now\nBen Example,+1 202 555 0111,now\n")
    form = cell_form(client, draft, 2, column=0)
    client.post(f"{draft}/rows/2", data=form.fields)
    upload = find_upload(ledger, draft.rsplit("/", 1)[1])
    assert upload is not None
    assert settings_of(upload).edits.cells == ()


def test_a_mend_after_the_launch_leads_to_the_run(client: TestClient, *, uploaded: Uploaded) -> None:
    draft = uploaded()
    mend = cell_form(client, draft, 3)
    [form] = forms_of(client.get(f"{draft}/launch").text, "/launch")
    run = client.post(f"{draft}/launch", data={**form.fields, "act": "launch"}, follow_redirects=False)
    late = client.post(f"{draft}/rows/3", data={**mend.fields, "value": GOOD}, follow_redirects=False)
    assert late.status_code == 303
    assert late.headers["location"] == run.headers["location"]
