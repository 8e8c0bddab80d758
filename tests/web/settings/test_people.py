"""Users, tokens and the history of acts: for operators alone; secrets are shown once, or never."""

import re
from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.tokens import token_user
from campaign.usecases.serving.access.users import Role, all_users
from campaign.usecases.serving.acts import MOST_LOOKED_AT, PER_PAGE, find_acts, record_act
from campaign.web.site import Site
from tests.known_user import known_user

PASSWORD = "correct horse battery"


def added(client: TestClient, **said: str) -> tuple[int, str]:
    form = {"name": "olga", "role": "operator", "password": PASSWORD, "again": PASSWORD, **said}
    answer = client.post("/settings/users", data=form)
    return answer.status_code, answer.text


def signed_in(client: TestClient, name: str, password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"name": name, "password": password}, follow_redirects=False).status_code


def test_the_first_user_is_added_by_whoever_is_at_the_machine(client: TestClient, ledger: Ledger) -> None:
    """From then on everybody signs in."""
    status, text = added(client)
    assert (status, "<h1>Sign in</h1>" in text) == (200, True)
    assert [user.name for user in all_users(ledger)] == ["olga"]
    assert signed_in(client, "olga") == 303
    assert "olga" in client.get("/settings/users").text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"again": "another password"}, "not the same"),
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"name": "two words"}, "one word"),
        ({"role": "king"}, "choose a role"),
    ],
)
def test_what_will_not_do_adds_nobody(client: TestClient, ledger: Ledger, *, said: dict[str, str], why: str) -> None:
    status, text = added(client, **said)
    assert (status, why in text) == (422, True)
    assert all_users(ledger) == []
    assert PASSWORD not in text


def test_a_password_is_changed_and_the_sessions_with_the_old_one_end(client: TestClient, ledger: Ledger) -> None:
    added(client)
    signed_in(client, "olga")
    added(client, name="vera", role="viewer")
    cookie = client.cookies["campaign_session"]
    client.post("/settings/users/olga/password", data={"password": "another horse", "again": "another horse"})
    client.cookies.set("campaign_session", cookie)
    assert client.get("/settings/users", follow_redirects=False).status_code == 303
    assert signed_in(client, "olga", "another horse") == 303
    assert "last operator" in client.get("/settings/users/olga/remove").text
    client.post("/settings/users/vera/remove")
    assert [user.name for user in all_users(ledger)] == ["olga"]
    assert "last user" in client.get("/settings/users/olga/remove").text


def test_a_token_is_shown_once_and_revoked_for_good(client: TestClient, ledger: Ledger) -> None:
    answer = client.post("/settings/tokens", data={"name": "n8n", "role": "operator"})
    found = re.search(r"cmp_[\w-]+", answer.text)
    assert found is not None
    user = token_user(ledger, found[0])
    assert user is not None
    assert found[0] not in client.get("/settings/tokens").text
    assert client.post("/settings/tokens", data={"name": "n8n", "role": "operator"}).status_code == 422
    assert client.get("/settings/tokens/n8n/revoke").status_code == 200
    client.post("/settings/tokens/n8n/revoke")
    assert token_user(ledger, found[0]) is None
    assert client.get("/settings/tokens/n8n/revoke").status_code == 404


def test_viewers_see_nothing_of_users_tokens_and_acts(client: TestClient, ledger: Ledger) -> None:
    for name, role in (("olga", Role.OPERATOR), ("vera", Role.VIEWER)):
        known_user(ledger, name, role=role, password=PASSWORD)
    signed_in(client, "vera")
    for address in ("/settings/users", "/settings/tokens", "/history", "/settings/templates/visit.toml"):
        answer = client.get(address)
        assert (answer.status_code, "olga" in answer.text) == (403, False), address
    shown = client.get("/settings")
    assert (shown.status_code, '<form method="post" action="/settings' in shown.text) == (200, False)
    for address in ("/never-call", "/schedules"):
        page = client.get(address)
        assert page.status_code == 200
        assert f'action="{address}' not in page.text


def test_acts_come_in_pages_and_by_who_and_what(client: TestClient, ledger: Ledger, *, site: Site) -> None:
    del site
    for number in range(PER_PAGE + 5):
        record_act(ledger, who="olga", what="launch", target=f"run-{number}")
    record_act(ledger, who="vera", what="stop", target="run-3", detail="asked by +1 202 555 0114")
    first = client.get("/history").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    assert first.count("<tr>") - 1 == PER_PAGE
    assert second.count("<tr>") - 1 == 6
    assert "2025550114" not in re.sub(r"\D", "", first)
    of_vera = client.get("/history", params={"who": "vera"}).text
    assert (of_vera.count("<tr>") - 1, "stopped" in of_vera) == (1, True)
    assert client.get("/history", params={"target": "run-3"}).text.count("<tr>") - 1 == 2
    assert "were looked through" in client.get("/history", params={"who": "nobody"}).text


def test_a_search_of_the_history_is_bounded(ledger: Ledger) -> None:
    """The history of years must not be walked for one page."""

    class Acts:
        asked = 0

        def page(self, *, before: int | None, limit: int) -> Sequence[object]:
            del before
            Acts.asked += limit
            return list(ledger.serving.acts.page(limit=1)) * limit

    class Serving:
        acts = Acts()

    class Many:
        serving = Serving()

    record_act(ledger, who="olga", what="launch")
    found = find_acts(Many(), who="nobody")  # type: ignore[arg-type]  # it asks for nothing else
    assert found.before is not None
    assert Acts.asked == found.looked_at == MOST_LOOKED_AT
