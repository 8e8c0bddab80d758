"""Programs with tokens, on the site of `tests/web`."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.tokens import Role, add_token
from campaign.web.app import application
from campaign.web.site import Site
from tests.web.conftest import ADDRESS


@pytest.fixture
def program(site: Site, ledger: Ledger) -> Iterator[TestClient]:
    """A program with an operator's token."""
    with TestClient(application(site), base_url=ADDRESS) as made:
        made.headers["authorization"] = f"Bearer {add_token(ledger, 'crm', role=Role.OPERATOR, by='test')}"
        yield made


@pytest.fixture
def viewer(site: Site, ledger: Ledger) -> TestClient:
    """A program with a viewer's token."""
    made = TestClient(application(site), base_url=ADDRESS)
    made.headers["authorization"] = f"Bearer {add_token(ledger, 'board', role=Role.VIEWER, by='test')}"
    return made
