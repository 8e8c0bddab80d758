"""Users: once there are some, nobody does anything without a session, and a viewer only looks."""

from http.cookies import SimpleCookie

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.users import Role, remove_user
from campaign.web.app import routes
from campaign.web.pages.sign_in import own_page
from campaign.web.site import Site
from tests.known_user import known_user

PASSWORD = "correct horse battery"
_OPEN = ("/sign-in",)


@pytest.fixture
def users(ledger: Ledger) -> None:
    known_user(ledger, "olga", role=Role.OPERATOR, password=PASSWORD)
    known_user(ledger, "vera", role=Role.VIEWER, password=PASSWORD)


def signed_in(client: TestClient, name: str) -> None:
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD, "next": "/new"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text


def filled(path: str) -> str:
    for part, value in (("{draft}", "0" * 32), ("{run}", "some"), ("{row}", "1"), ("{row:int}", "1")):
        path = path.replace(part, value)
    return path


@pytest.mark.usefixtures("users")
def test_nothing_is_shown_or_done_without_a_session(client: TestClient, site: Site) -> None:
    """Every address of the application, so that a new page cannot be forgotten."""
    tried = 0
    for route in routes(site):
        if not isinstance(route, Route) or route.path in _OPEN or route.path.startswith("/api/"):
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            answer = client.request(method, filled(route.path), follow_redirects=False)
            if method == "GET" and answer.status_code == 303:
                assert answer.headers["location"].startswith("/sign-in"), route.path
            else:
                assert answer.status_code == 401, (method, route.path)
            tried += 1
    assert tried > 8


@pytest.mark.usefixtures("users")
def test_a_viewer_changes_nothing(client: TestClient, site: Site) -> None:
    signed_in(client, "vera")
    for route in routes(site):
        own = ("/sign-in", "/sign-out")
        if not isinstance(route, Route) or "POST" not in (route.methods or set()) or route.path in own:
            continue
        if not route.path.startswith("/api/"):
            assert client.post(filled(route.path), follow_redirects=False).status_code == 403, route.path
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("users")
def test_an_operator_goes_on_where_they_wanted_to(client: TestClient) -> None:
    signed_in(client, "olga")
    assert client.get("/new").status_code == 200
    client.post("/sign-out")
    assert client.get("/new", follow_redirects=False).status_code == 303


@pytest.mark.usefixtures("users")
def test_a_session_that_was_ended_opens_nothing_even_with_its_cookie(client: TestClient) -> None:
    signed_in(client, "olga")
    cookie = client.cookies["campaign_session"]
    client.post("/sign-out")
    client.cookies.set("campaign_session", cookie)
    assert client.get("/new", follow_redirects=False).status_code == 303


@pytest.mark.usefixtures("users")
def test_a_removed_user_is_out_at_once(client: TestClient, ledger: Ledger) -> None:
    signed_in(client, "olga")
    remove_user(ledger, "olga", by="test")
    assert client.get("/new", follow_redirects=False).status_code == 303


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("forged", ["", "x", "0" * 64, "campaign", "olga"])
def test_a_forged_cookie_opens_nothing(client: TestClient, forged: str) -> None:
    client.cookies.set("campaign_session", forged)
    assert client.get("/", follow_redirects=False).status_code == 303
    assert client.post("/new", data={"x": "y"}).status_code == 401


@pytest.mark.usefixtures("users")
def test_tries_slow_down_after_failures(client: TestClient) -> None:
    wrong = {"name": "olga", "password": "wrong wrong wrong"}
    answers = [client.post("/sign-in", data=wrong).status_code for _ in range(7)]
    assert answers[:5] == [403] * 5
    assert answers[-1] == 429


@pytest.mark.usefixtures("users")
def test_the_cookie_is_for_this_site_and_no_script(client: TestClient) -> None:
    data = {"name": "olga", "password": PASSWORD}
    answer = client.post("/sign-in", data=data, follow_redirects=False)
    cookie = SimpleCookie(answer.headers["set-cookie"])["campaign_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "strict"


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "http://evil.example", "javascript:x", "/\n/x"]
)
def test_nobody_is_sent_to_another_site(address: str) -> None:
    assert own_page(address) == "/"
    assert own_page("/runs/some") == "/runs/some"
