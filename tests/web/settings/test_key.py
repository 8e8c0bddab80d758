"""The key on a page: whether there is one and what AICaller says of it; never any part of it."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.try_key import KeyVerdict, try_key
from campaign.web.app import application
from campaign.web.serve import ServerOptions, site_of
from campaign.web.site import Site
from campaign.web.surroundings import ServerSurroundings
from tests.web.conftest import ADDRESS

KEY = "acl_0123456789abcdefSECRET"


class Service(ThreadingHTTPServer):
    """A stand-in that answers each request alike, and remembers them."""

    status, body = 200, b'{"data": []}'
    asked: list[tuple[str, str, str]]


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers["aicaller-api-key"]))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service(("127.0.0.1", 0), _Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def with_key(site: Site, port: int, **more: str) -> Site:
    environment = {
        **site.around.environment,
        "AICALLER_API_KEY": KEY,
        "AICALLER_BASE_URL": f"http://127.0.0.1:{port}",
        **more,
    }
    around = replace(site.around, environment=environment)
    return site_of(ServerOptions(site.binding, site.templates), around)


def tried(site: Site) -> str:
    with opened_ledger(site.around), TestClient(application(site), base_url=ADDRESS) as client:
        shown = client.get("/settings").text
        assert "Test the key" in shown
        answer = client.post("/settings/test").text
        assert KEY not in shown + answer
        assert KEY[-6:] not in shown + answer
        return answer


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (200, b'{"data": []}', "accepts the key"),
        (200, b'{"data": [{"_id": "1"}, {"_id": "2"}', "accepts the key"),
        (401, b"{}", "refuses the key (status 401)"),
        (403, b"{}", "refuses the key (status 403)"),
        (429, b"{}", "asked too often"),
        (500, b"<script>alert(1)</script>", "not about the key: status 500"),
        (200, b"<html>", "not about the key"),
    ],
)
def test_what_aicaller_says_of_the_key_is_said_in_one_sentence(
    site: Site, service: Service, *, status: int, body: bytes, says: str
) -> None:
    service.status, service.body = status, body
    assert says in tried(with_key(site, service.server_port)).replace("&#39;", "'")
    assert [(method, key) for method, _, key in service.asked] == [("GET", KEY)]


def test_the_list_of_the_templates_own_calls_is_read(site: Site, service: Service) -> None:
    tried(with_key(site, service.server_port))
    tried(with_key(site, service.server_port, AICALLER_CALL_TEMPLATE_ID="of-the-environment"))
    assert [path for _, path, _ in service.asked] == [
        "/v1/phoneCalls?callTemplateId=template",
        "/v1/phoneCalls?callTemplateId=of-the-environment",
    ]


def test_a_service_that_says_nothing_does_not_keep_a_person_waiting(around: ServerSurroundings) -> None:
    """It takes the connection, and never answers."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        environment = {"AICALLER_API_KEY": KEY, "AICALLER_BASE_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        began = time.monotonic()
        trial = try_key(replace(around, environment=environment), call_template_id=None, seconds=0.3)
        assert trial.verdict is KeyVerdict.NO_ANSWER
        assert time.monotonic() - began < 5


def test_where_the_key_is_from_is_said(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o600)
    for environment, says in (
        ({}, "There is no key"),
        ({"AICALLER_API_KEY": KEY}, "in the environment"),
        ({"AICALLER_API_KEY_FILE": str(file)}, "in the file that AICALLER_API_KEY_FILE names"),
        ({"AICALLER_API_KEY_FILE": KEY}, "cannot be used"),
        ({"AICALLER_API_KEY": "your-api-key"}, "still a placeholder"),
        ({"AICALLER_API_KEY": f"{KEY} {KEY}"}, "cannot be used"),
    ):
        around = replace(site.around, environment={**site.around.environment, **environment})
        made = site_of(ServerOptions(site.binding, site.templates), around)
        with opened_ledger(around), TestClient(application(made), base_url=ADDRESS) as client:
            page = client.get("/settings").text
        assert says in page
        assert KEY not in page
