"""The first order of a run: given once, by whoever launches; a repetition of the launch orders nothing."""

from typing import Any

from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.tokens import Role, add_token
from campaign.usecases.serving.dialling import OrderedDialling, ordered_of
from campaign.usecases.serving.drafts.ordered_canary import OrderedCanary
from campaign.usecases.serving.orders import Wanted, order_of, withdraw_order
from campaign.web.site import Site
from tests.web.conftest import SHEET, TEMPLATE
from tests.web.launching import counts_of, launched, wait_for_phase

CANARY = '\n[canary]\nrefused = 0.1\nfailed = 0.2\ndo_not_call = 0.05\nwait = "1m"\n'


def begun(client: TestClient, ledger: Ledger, **parts: str) -> str:
    """Starts a run as a program does; its name."""
    token = add_token(ledger, "crm", role=Role.OPERATOR, by="test")
    answer = client.post(
        "/api/v1/runs",
        data={"template": "visit", "sandbox": "true", **parts},
        files={"sheet": ("people.csv", SHEET.encode())},
        headers={"authorization": f"Bearer {token}", "idempotency-key": "the same"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["name"])


def test_a_launch_that_is_repeated_calls_nobody_beyond_its_limit(
    client: TestClient, site: Site, ledger: Ledger
) -> None:
    """Two click Launch at once, or a program asks again after a crash: the limit does not count anew."""
    run = begun(client, ledger, limit="1")
    wait_for_phase(site, run, "following")
    site.desk.dial_first(ledger, run, OrderedDialling(limit=1, plan="old"), who="bob")
    assert site.desk.snapshot(run) is not None
    order = order_of(ledger, run)
    assert order is not None
    assert order.ordered_by != "bob"
    assert counts_of(ledger, run) == {"created": 1, "pending": 4}


def test_a_launch_that_is_repeated_does_not_undo_a_stop(client: TestClient, site: Site, ledger: Ledger) -> None:
    run = launched(client, site)
    client.post(f"/runs/{run}/stop")
    site.desk.dial_first(ledger, run, OrderedDialling(plan="old"), who="bob")
    order = order_of(ledger, run)
    assert order is not None
    assert order.wanted is Wanted.STOP


def test_a_program_gets_the_canary_that_it_asks_for(client: TestClient, site: Site, ledger: Ledger) -> None:
    """Else all of a sheet is called, where two rows were to show first whether it should be."""
    (site.templates / "visit.toml").write_text(TEMPLATE + CANARY)
    order = order_of(ledger, begun(client, ledger, canary="2"))
    assert order is not None
    canary = ordered_of(order).canary
    assert isinstance(canary, OrderedCanary)
    assert (canary.rows, canary.bounds.do_not_call) == (2, 0.05)


def _nothing(*_args: Any, **_more: Any) -> None:
    """What a server does that was killed after the commit."""


def test_a_server_that_ends_right_after_the_publishing_dials_the_run_at_its_next_start(
    client: TestClient, site: Site, ledger: Ledger
) -> None:
    """Else the run waits for a person who believes that it was launched."""
    dial_first = site.desk.dial_first
    site.desk.dial_first = _nothing  # type: ignore[method-assign]  # the moment after the commit
    run = begun(client, ledger)
    site.desk.dial_first = dial_first  # type: ignore[method-assign]  # as it was
    assert counts_of(ledger, run) == {"pending": 5}
    site.desk.restore()
    wait_for_phase(site, run, "following")
    assert counts_of(ledger, run) == {"created": 5}


def test_an_order_that_cannot_be_carried_out_is_taken_back(site: Site, client: TestClient, ledger: Ledger) -> None:
    """A launch that was refused says so to a person; the server does not try again behind their back."""
    run = launched(client, site)
    wait_for_phase(site, run, "following")
    order = order_of(ledger, run)
    assert order is not None
    assert withdraw_order(ledger, order)
    assert order_of(ledger, run) is None
    assert not withdraw_order(ledger, order)
