"""What each column of a sheet is: proposed with its reason, asked where only the owner knows, saved as a template."""

import re
import tomllib
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from campaign.config.template_file import load_template
from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.users import Role
from campaign.usecases.serving.acts import acts
from campaign.web.site import Site
from tests.known_user import known_user
from tests.web.conftest import SHEET
from tests.web.forms import Form

NATIONAL = "Patient,Mobile,Office,Visit,Doctor\n" + "".join(
    f"Person {n},(202) 555-01{n},(202) 555-01{n + 40},0{n % 9 + 1}/0{n % 7 + 1}/2026,Dr. Sample\n"
    for n in range(10, 20)
)


@pytest.fixture
def columns_of(client: TestClient) -> Callable[..., str]:
    """Uploads a sheet without a template; returns the address of its columns."""

    def upload(sheet: str, *, name: str = "people.csv") -> str:
        answer = client.post(
            "/new",
            data={"template": "", "where": "sandbox"},
            files={"sheet": (name, sheet.encode())},
            follow_redirects=False,
        )
        address = answer.headers["location"]
        assert address.endswith("/columns")
        return address

    return upload


def form(client: TestClient, address: str, **said: str) -> Form:
    """The form after something was said on it; as it is first, without."""
    first = Form(client.get(address).text, address)
    if not said:
        return first
    answer = client.post(address, data={**first.fields, **said, "act": "look"})
    assert answer.status_code == 200, answer.text
    return Form(answer.text, address)


def test_a_sheet_that_tells_all_is_saved_and_read_at_once(
    client: TestClient, site: Site, ledger: Ledger, *, columns_of: Callable[..., str]
) -> None:
    address = columns_of(SHEET)
    page = client.get(address).text
    assert "5 of 5 rows would be called" in page
    assert "it is called a name" in page
    assert "+1 202 555 0110" in page
    answer = client.post(address, data={**Form(page, address).fields, "act": "save"}, follow_redirects=False)
    assert answer.status_code == 303
    draft = address.split("/")[2]
    assert site.loader.wait(draft, seconds=60)
    assert "<b>5</b> to call" in client.get(answer.headers["location"]).text
    written = site.templates / "people.toml"
    assert load_template(written).columns.phone == ("phone",)
    assert written.read_text() in written.read_bytes().decode("utf-8")
    assert ("save template", "people.csv", "people.toml") in {
        (act.what, act.target, act.detail) for act in acts(ledger)
    }


def test_what_only_the_owner_knows_is_asked_and_not_preset(
    client: TestClient, site: Site, columns_of: Callable[..., str]
) -> None:
    """The same digits ring other people in another country, and 03/04 is another day: neither is guessed."""
    address = columns_of(NATIONAL)
    first = form(client, address)
    assert first.fields["region"] == ""
    assert first.options["region"][1] == "US"
    assert "order" not in first.fields
    assert {"region", "order"} <= first.required
    refused = client.post(address, data={**first.fields, "act": "save"})
    assert refused.status_code == 422
    assert "nothing was saved" in refused.text
    assert not (site.templates / "people.toml").exists()


def test_answers_are_checked_together_and_the_first_calls_are_shown(
    client: TestClient, columns_of: Callable[..., str]
) -> None:
    address = columns_of(NATIONAL)
    first = form(client, address)
    said = {"region": "US", "order": "day_first", "key-4": "the doctor", "act": "look"}
    page = client.post(address, data={**first.fields, **said}).text
    assert "is no key" in page
    assert "would be called" not in page
    page = client.post(address, data={**first.fields, **said, "key-4": "doctor"}).text
    assert "10 of 10 rows would be called" in page
    assert "+12025550110" in page
    # The first date, 02/04/2026, with the day first, as it is spoken.
    assert re.search(r"visit: [^<]*April 2\b", page)


def test_what_was_not_seen_is_not_saved(client: TestClient, site: Site, columns_of: Callable[..., str]) -> None:
    """With the country known a column may turn out to be a state: it is shown before it decides on calling hours."""
    rows = "".join(f"Person {n},(202) 555-01{n},DC\n" for n in range(10, 15))
    address = columns_of(f"Name,Phone,State\n{rows}")
    first = form(client, address)
    assert first.fields["use-2"] == "variable"
    answer = client.post(address, data={**first.fields, "region": "US", "act": "save"})
    assert (answer.status_code, "you have not seen yet" in answer.text) == (422, True)
    assert not (site.templates / "people.toml").exists()
    seen = Form(answer.text, address)
    assert seen.fields["use-2"] == "state"
    assert client.post(address, data={**seen.fields, "act": "save"}, follow_redirects=False).status_code == 303
    assert load_template(site.templates / "people.toml").columns.state == ("State",)


def test_the_owner_decides_over_what_is_proposed(
    client: TestClient, site: Site, columns_of: Callable[..., str]
) -> None:
    address = columns_of(NATIONAL)
    said = {"region": "US", "use-2": "phone", "use-1": "phone.2", "use-4": "unused", "use-3": "variable"}
    shown = form(client, address, **said, **{"key-3": "day", "order": "month_first"})
    assert [shown.fields[f"use-{place}"] for place in range(5)] == ["name", "phone.2", "phone", "variable", "unused"]
    answer = client.post(address, data={**shown.fields, "name": "My Visits", "act": "save"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    made = tomllib.loads((site.templates / "My Visits.toml").read_text())
    assert made["columns"]["phone"] == ["Office", "Mobile"]
    assert list(made["variables"]) == ["day"]
    assert made["answers"] == {"date_order": "month_first"}
    assert made["phone"] == {"region": "US"}


def test_a_use_that_two_columns_may_have_is_asked_for(
    client: TestClient, site: Site, columns_of: Callable[..., str]
) -> None:
    """Two consents, or two names: a wrong one calls people who have not agreed, or greets a stranger."""
    rows = "".join(f"Person {n},+1 202 555 01{n},yes,no\n" for n in range(10, 15))
    address = columns_of(f"Name,Phone,Consent,Opt-in\n{rows}")
    first = form(client, address)
    assert first.options["ask-consent"] == ["2", "3", "none"]
    assert "ask-consent" not in first.fields
    refused = client.post(address, data={**first.fields, "act": "save"})
    assert (refused.status_code, "choose one of them" in refused.text) == (422, True)
    none = form(client, address, **{"ask-consent": "none"})
    assert none.fields["ask-consent"] == "none"
    chosen = form(client, address, **{"ask-consent": "2"})
    assert chosen.fields["use-2"] == "consent"
    answer = client.post(address, data={**chosen.fields, "act": "save"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert load_template(site.templates / "people.toml").columns.consent == ("Consent",)


def test_two_columns_cannot_be_the_same(client: TestClient, columns_of: Callable[..., str]) -> None:
    address = columns_of(NATIONAL)
    first = form(client, address)
    page = client.post(address, data={**first.fields, "region": "US", "use-4": "phone", "act": "look"}).text
    assert "&#39;Mobile&#39; and &#39;Doctor&#39; have the same use" in page
    assert "would be called" not in page


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("visit", "is not written over"),
        ("VISIT.toml", "is not written over"),
        ("../visits", "is no name for a template"),
        ("a/b", "is no name for a template"),
        (".hidden", "is no name for a template"),
        ("con", "is no name for a template"),
        ("", "give the template a name"),
    ],
)
def test_a_template_is_written_under_a_new_name_of_the_folder_only(
    client: TestClient, site: Site, columns_of: Callable[..., str], *, name: str, says: str
) -> None:
    before = {path: path.read_bytes() for path in site.templates.parent.rglob("*.toml")}
    address = columns_of(SHEET)
    answer = client.post(address, data={**form(client, address).fields, "name": name, "act": "save"})
    # An empty name is asked for anew with one that is free.
    assert (answer.status_code, says in answer.text) == (422, True)
    assert {path: path.read_bytes() for path in site.templates.parent.rglob("*.toml")} == before


def test_the_second_of_two_people_saves_nothing(client: TestClient, site: Site, columns_of: Callable[..., str]) -> None:
    address = columns_of(SHEET)
    fields = form(client, address).fields
    assert (
        client.post(address, data={**fields, "name": "one", "act": "save"}, follow_redirects=False).status_code == 303
    )
    assert site.loader.wait(address.split("/")[2], seconds=60)
    second = client.post(address, data={**fields, "name": "two", "act": "save"})
    assert (second.status_code, "local: save template, one.toml" in second.text) == (409, True)
    assert not (site.templates / "two.toml").exists()


def test_a_question_of_how_the_sheet_is_read_comes_first(client: TestClient, columns_of: Callable[..., str]) -> None:
    address = columns_of(f"Visits of December,,\n{SHEET}")
    page = client.get(address).text
    assert "Which row holds the names of the columns?" in page
    fields = Form(page, address.replace("columns", "choice")).fields
    answer = client.post(address.replace("columns", "choice"), data={**fields, "value": "0"}, follow_redirects=False)
    assert answer.headers["location"] == address
    assert "5 of 5 rows would be called" in client.get(address).text


def test_what_stands_in_a_sheet_is_text(client: TestClient, columns_of: Callable[..., str]) -> None:
    evil = "<img src=x onerror=alert(1)>"
    page = client.get(columns_of(f'name,phone,"{evil}"\nAda "Bo" {evil},+12025550110,"{evil}"\n')).text
    assert evil not in page
    assert "&lt;img" in page


def test_a_wide_sheet_shows_its_filled_columns(client: TestClient, columns_of: Callable[..., str]) -> None:
    """Thousands of choices would be a page that nobody's browser can hold."""
    names = ",".join(f"more{n}" for n in range(2_000))
    page = client.get(columns_of(f"name,phone,{names}\nAda Example,+12025550110{',x' * 2_000}\n")).text
    assert 100 < page.count("<select") < 130
    assert "more columns are not shown" in page


def test_a_viewer_sees_masked_numbers_and_no_form(
    client: TestClient, ledger: Ledger, columns_of: Callable[..., str], *, uploaded: Callable[..., str]
) -> None:
    new, read = columns_of(SHEET), f"{uploaded()}/columns"
    known_user(ledger, "eve", role=Role.VIEWER, password="a password that is long")
    client.post("/sign-in", data={"name": "eve", "password": "a password that is long"})
    for address in (new, read):
        page = client.get(address)
        assert page.status_code == 200
        assert "202 555" not in page.text
        assert "…0110" in page.text
        assert "<select" not in page.text
    assert client.post(new, data={"act": "save"}).status_code == 403
