"""The API: a sheet becomes a run once, whatever is sent twice, and nothing is done without a word or a token."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaign.domain.errors import UsageError
from campaign.usecases.context import Ledger
from campaign.web.api.operations import OPERATIONS
from campaign.web.site import Site
from tests.web.conftest import ADDRESS, SHEET, TEMPLATE
from tests.web.test_way import settled

START = "/api/v1/runs"


def start(program: TestClient, *, key: str = "one", sheet: str = SHEET, **fields: str) -> Any:
    data = {"template": "visit.toml", "sandbox": "true", **fields}
    files = {"sheet": ("people.csv", sheet.encode())}
    return program.post(START, data=data, files=files, headers={"idempotency-key": key})


def test_a_sheet_becomes_a_run_that_is_dialled(program: TestClient, site: Site) -> None:
    answer = start(program)
    assert answer.status_code == 201, answer.text
    run = answer.json()["name"]
    assert answer.headers["location"] == f"{START}/{run}"
    settled(site, run)
    assert program.get(f"{START}/{run}").json()["counts"] == {"created": 5}
    rows = program.get(f"{START}/{run}/rows", params={"status": "created", "limit": 2}).json()
    assert [row["row"] for row in rows["rows"]] == [2, 3]
    rest = program.get(f"{START}/{run}/rows", params={"after": rows["next"], "limit": 10}).json()
    assert [row["row"] for row in rest["rows"]] == [4, 5, 6]
    assert rest["next"] is None


def test_the_same_request_with_the_same_key_gives_the_same_run(program: TestClient, ledger: Ledger) -> None:
    first, again = start(program), start(program)
    assert again.status_code == 201
    assert again.json()["name"] == first.json()["name"]
    assert again.headers["idempotency-replayed"] == "true"
    assert len(ledger.read.runs.all()) == 1


def test_twenty_at_once_with_one_key_make_one_run(program: TestClient, ledger: Ledger) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: start(program), range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["name"] for answer in answers if answer.status_code == 201}) == 1
    assert len(ledger.read.runs.all()) == 1


def test_another_request_under_a_used_key_is_refused(program: TestClient, ledger: Ledger) -> None:
    start(program)
    answer = start(program, limit="2")
    assert answer.status_code == 422
    assert answer.json()["code"] == "key_reused"
    assert len(ledger.read.runs.all()) == 1


def test_the_same_sheet_under_another_key_is_not_called_again(program: TestClient, site: Site, ledger: Ledger) -> None:
    settled(site, start(program).json()["name"])
    answer = start(program, key="two")
    assert answer.status_code == 409
    assert answer.json()["code"] == "same_sheet"
    assert len(ledger.read.runs.all()) == 1


@pytest.mark.parametrize("fields", [{"sandbox": "false"}, {"call_people": "true"}])
def test_whether_phones_ring_must_be_said(program: TestClient, fields: dict[str, str]) -> None:
    """Neither, or both: nothing is guessed."""
    answer = start(program, **fields)
    assert answer.status_code == 422
    assert answer.json()["code"] == "consent"


def test_an_open_question_is_told_with_the_field_that_answers_it(program: TestClient, ledger: Ledger) -> None:
    sheet = SHEET.replace("Person 10,+1 202 555 0110", "Person 10,2025550110")
    marked = SHEET.replace("Person 11", "Person 11 DO NOT CALL")
    assert start(program, sheet=sheet).status_code == 201
    answer = start(program, key="two", sheet=marked)
    assert answer.status_code == 422, answer.text
    questions = answer.json()["questions"]
    assert [one["answer"] for one in questions] == ["answers.marked"]
    assert set(questions[0]["values"]) == {"skip", "call"}
    said = start(program, key="three", sheet=marked, answers=json.dumps({"marked": "skip"}))
    assert said.status_code in (201, 409), said.text
    assert len(ledger.read.runs.all()) <= 2


def test_a_template_may_come_with_the_sheet(program: TestClient) -> None:
    files = {"sheet": ("people.csv", SHEET.encode()), "template_file": ("visit.toml", TEMPLATE.encode())}
    answer = program.post(START, data={"sandbox": "true"}, files=files, headers={"idempotency-key": "k"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"].startswith("visit-20")


def test_every_operation_wants_a_token_and_changes_want_an_operators(program: TestClient, viewer: TestClient) -> None:
    nobody = TestClient(program.app, base_url=ADDRESS)
    for operation in OPERATIONS:
        path = "/api/v1" + operation.path.replace("{run}", "some").replace("{schedule}", "some")
        for authorization in ("", "Bearer", "Bearer cmp_forged", "Basic eDp5"):
            answer = nobody.request(operation.method, path, headers={"authorization": authorization})
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"
        if operation.needs == "operator":
            assert viewer.request(operation.method, path).status_code == 403, path


def test_a_viewer_sees_no_number_and_no_cell(program: TestClient, viewer: TestClient, site: Site) -> None:
    run = start(program).json()["name"]
    settled(site, run)
    text = viewer.get(f"{START}/{run}/rows").text
    assert "202555" not in text.replace(" ", "")
    assert "Person" not in text
    assert "…0110" in text


def test_what_is_not_there_is_a_problem_document(program: TestClient) -> None:
    for path in ("/api/v1/nothing", f"{START}/none", f"{START}/none/rows"):
        answer = program.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert program.put(START).status_code == 405


def test_a_run_that_cannot_be_dialled_yet_is_answered_all_the_same(program: TestClient, site: Site) -> None:
    """It is there: who is told of a failure alone would send the sheet again, and not resume the run."""
    site.desk.dial_first = _refuse  # type: ignore[method-assign]  # a desk that fails at that moment
    answer = start(program)
    assert answer.status_code == 201
    assert answer.json()["dialling"]["trouble"] == "the key is gone"
    assert start(program).json()["name"] == answer.json()["name"]


def _refuse(*_args: Any, **_more: Any) -> None:
    raise UsageError("the key is gone")
