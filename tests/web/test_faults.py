"""A fault of the program itself: people read one sentence, nothing of the fault, and under the same guards."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.web.app import application
from campaign.web.loading.loader import Loader
from campaign.web.site import Site
from tests.web.conftest import ADDRESS, SHEET
from tests.web.launching import launched

SECRET = "key-of-a-test-in-a-fault"


class _Broken(Loader):
    def load(self, token: str, *, size: int) -> None:
        """Fails as no code should."""
        raise RuntimeError(SECRET, token, size)


def test_a_fault_is_one_sentence_and_shows_nothing_of_itself(site: Site, ledger: Ledger) -> None:
    del ledger
    broken = replace(site, loader=_Broken(site.around))
    with TestClient(application(broken), base_url=ADDRESS, raise_server_exceptions=False) as client:
        answer = client.post(
            "/new", data={"template": "visit.toml", "where": "sandbox"}, files={"sheet": ("people.csv", SHEET.encode())}
        )
    assert answer.status_code == 500
    assert "A fault of this program" in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("digits", ["²", "٣", "1" * 30])
def test_digits_that_are_no_number_are_no_fault(client: TestClient, site: Site, *, digits: str) -> None:
    run = launched(client, site)
    assert client.get(f"/runs/{run}/rerun", params={"after": digits}).status_code < 500
