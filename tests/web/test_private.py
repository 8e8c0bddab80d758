"""Who is at this machine needs no password before there are users; who comes through a proxy is somebody else."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from campaign.domain.errors import UsageError
from campaign.usecases.context import Ledger
from campaign.web.app import application
from campaign.web.serve import ServerOptions, serve
from campaign.web.site import Binding, Site
from tests.web.conftest import ADDRESS, PORT

BEHIND_A_PROXY = Binding("127.0.0.1", PORT, names=("campaign.example.com",))


@pytest.mark.parametrize(
    ("binding", "private"),
    [
        (Binding("127.0.0.1", PORT), True),
        (Binding("127.0.0.1", PORT, names=("localhost:9000", "[::1]:9000")), True),
        (Binding("127.0.0.1", PORT, names=("campaign.example.com",)), False),
        (Binding("127.0.0.1", PORT, secure=True), False),
        (Binding("10.0.0.5", PORT), False),
    ],
)
def test_a_server_behind_a_proxy_is_reached_by_others(binding: Binding, *, private: bool) -> None:
    assert binding.is_private is private


def test_a_server_behind_a_proxy_is_not_served_without_users(site: Site) -> None:
    with pytest.raises(UsageError, match="through a proxy"):
        serve(ServerOptions(BEHIND_A_PROXY, site.templates), site.around, say=print)


def test_who_comes_through_a_proxy_is_nobody_once_the_last_user_is_removed(site: Site, ledger: Ledger) -> None:
    """Else whoever knows the address would launch calls."""
    del ledger
    app = application(replace(site, binding=BEHIND_A_PROXY))
    with TestClient(app, base_url="http://campaign.example.com") as outside:
        assert "Sign in" in outside.get("/").text
        assert outside.post("/new").status_code == 401
    with TestClient(application(site), base_url=ADDRESS) as here:
        assert here.get("/new").status_code == 200
