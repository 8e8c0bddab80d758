"""The never-call page: who is on the list is not called; numbers are masked; nothing is taken off without a reason."""

import re

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.acts import acts
from campaign.usecases.suppress.entries import add_numbers
from campaign.web.pages.never_call import PER_PAGE

NUMBER = "+12025550114"


def listed(ledger: Ledger, *phones: str) -> list[bool]:
    found = ledger.read.suppression.of(phones, service="")
    return [phone in found for phone in phones]


def test_typed_numbers_are_on_the_list_and_masked(client: TestClient, ledger: Ledger) -> None:
    """And the act is written down without a number."""
    numbers = "+1 202 555 0114\n(202) 555-0115"
    answer = client.post("/never-call/add", data={"numbers": numbers, "region": "us", "reason": "asked on the phone"})
    assert answer.status_code == 200, answer.text
    assert listed(ledger, NUMBER, "+12025550115") == [True, True]
    page = client.get("/never-call").text
    assert "…0114" in page
    assert "asked on the phone" in page
    assert "2025550114" not in re.sub(r"\D", "", page)
    [act] = acts(ledger)
    assert (act.who, act.what, act.detail) == ("local", "suppress", "2 numbers")


def test_what_cannot_be_read_changes_nothing_and_stays_typed(client: TestClient, ledger: Ledger) -> None:
    answer = client.post("/never-call/add", data={"numbers": f"{NUMBER}\nnobody", "reason": "asked"})
    assert answer.status_code == 422
    assert "nobody&#39;: no phone number" in answer.text or "nobody" in answer.text
    assert f"{NUMBER}\nnobody" in answer.text.replace("\r\n", "\n")
    assert listed(ledger, NUMBER) == [False]


def test_long_lists_come_in_pages_and_nobody_is_left_out(client: TestClient, ledger: Ledger) -> None:
    phones = [f"+1202555{n:04}" for n in range(100, 100 + PER_PAGE + 30)]
    add_numbers(ledger, phones, reason="many", source="cli")
    first = client.get("/never-call").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    shown = [re.findall(r'<th scope="row">…(\d{4})', page) for page in (first, second)]
    assert [len(one) for one in shown] == [PER_PAGE, 30]
    assert sorted(shown[0] + shown[1]) == [phone[-4:] for phone in phones]
    assert 'rel="next"' not in second


def test_a_number_is_checked_without_standing_in_an_address(client: TestClient, ledger: Ledger) -> None:
    add_numbers(ledger, [NUMBER], reason="asked", source="cli")
    assert "…0114: on the suppression list since" in client.post("/never-call/check", data={"number": NUMBER}).text
    assert "…0115: not on the list" in client.post("/never-call/check", data={"number": "+12025550115"}).text


def test_nothing_is_taken_off_without_a_reason(client: TestClient, ledger: Ledger) -> None:
    add_numbers(ledger, [NUMBER], reason="asked", source="cli")
    refused = client.post("/never-call/remove", data={"number": "…0114", "reason": " "})
    assert refused.status_code == 422
    assert "say why" in refused.text
    assert listed(ledger, NUMBER) == [True]


def test_the_masked_number_is_enough_where_it_is_the_only_one(client: TestClient, ledger: Ledger) -> None:
    add_numbers(ledger, [NUMBER, "+13035550115"], reason="asked", source="cli")
    client.post("/never-call/remove", data={"number": "…0114", "reason": "asked for a call"})
    assert listed(ledger, NUMBER, "+13035550115") == [False, True]
    add_numbers(ledger, ["+12025550115"], reason="asked", source="cli")
    refused = client.post("/never-call/remove", data={"number": "…0115", "reason": "asked for a call"})
    assert refused.status_code == 422
    assert "give the whole number" in refused.text
    assert listed(ledger, "+12025550115", "+13035550115") == [True, True]
    assert "asked for a call" in client.get("/never-call?removed=1").text


def imported(client: TestClient, sheet: str, **said: str) -> str:
    files = {"sheet": ("stop list.csv", sheet.encode())}
    return client.post("/never-call/import", data={"reason": "old list", **said}, files=files).text


def again(client: TestClient, page: str, **said: str) -> str:
    found = re.search(r'action="(/never-call/import/[0-9a-f]{32})"', page)
    assert found is not None, page
    return client.post(found[1], data={"name": "stop list.csv", "reason": "old list", **said}).text


def test_every_row_of_a_sheet_is_counted_and_unreadable_ones_are_listed(client: TestClient, ledger: Ledger) -> None:
    sheet = f"Phone\n{NUMBER}\n(202) 555-0115\n{NUMBER}\n+1 202 555 0116\n"
    page = imported(client, sheet)
    assert "4 rows, numbers from column “Phone”: 2 added, 1 on the list already, 1 unreadable" in page
    assert "row 3" in page
    assert "(202) 555-0115" not in page
    assert listed(ledger, NUMBER, "+12025550115") == [True, False]
    page = again(client, page, region="US")
    assert "1 added, 3 on the list already, 0 unreadable" in page
    assert listed(ledger, NUMBER, "+12025550115") == [True, True]


def test_of_two_columns_of_numbers_a_person_chooses(client: TestClient, ledger: Ledger) -> None:
    """Nothing is added before: the other column may hold the agents' numbers."""
    page = imported(client, f"Mobile,Phone\n{NUMBER},+12025550115\n")
    assert "2 columns could hold the numbers" in page
    assert listed(ledger, NUMBER, "+12025550115") == [False, False]
    page = again(client, page, column="2")
    assert "1 added" in page
    assert listed(ledger, NUMBER, "+12025550115") == [False, True]


def test_a_list_that_was_imported_is_not_kept(client: TestClient, ledger: Ledger) -> None:
    imported(client, f"Phone\n{NUMBER}\n")
    assert not any((ledger.home / "uploaded-lists").iterdir())
    assert client.post(f"/never-call/import/{'0' * 32}", data={"reason": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["choice-one_column", "choice-nothing", "choice-header_row"])
def test_choices_that_nobody_offered_are_refused(client: TestClient, name: str) -> None:
    page = imported(client, f"Mobile,Phone\n{NUMBER},+12025550115\n")
    assert "that choice is none" in again(client, page, **{name: "x"})
