"""Guards: nothing is answered under another's name, and nothing changed by another site's page."""

import pytest
from starlette.testclient import TestClient

FORMS = ["/new", "/runs/some/stop", "/runs/some/resume"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "localhost.evil.example:8123", ""])
def test_a_request_under_another_name_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_before_it_is_read(
    client: TestClient, address: str, headers: dict[str, str]
) -> None:
    assert client.post(address, data={"sheet": "x"}, headers=headers).status_code == 403


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    for address in ("/", "/new", "/runs/none", "/nowhere", "/static/app.css"):
        headers = client.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
