"""A server that is not who it says it is, or says what nobody can wait for: one line, and nobody is rung."""

import json
import os
import signal
import time
from collections.abc import Callable
from email.utils import formatdate

import httpx
import pytest

from tests.aicaller.conftest import Certificates
from tests.aicaller.endings import after_some, answer, saying
from tests.aicaller.hostile import Hostile, Line, Script
from tests.cli.conftest import KEY, Desk, Ended
from tests.cli.extremes.test_flags import within

MOST_SECONDS = 60
"""Far less than the list's own deadline, which would end everything here as well."""


def dial(desk: Desk, server: Hostile, monkeypatch: pytest.MonkeyPatch, *words: str, people: int = 3) -> Ended:
    address = f"https://127.0.0.1:{server.port}" if "https" in words else server.base_url
    for name, value in {"BASE_URL": address, "API_KEY": KEY, "TEAM_ID": "team", "CALL_TEMPLATE_ID": "template"}.items():
        monkeypatch.setenv(f"AICALLER_{name}", value)
    desk.template()
    desk.people(people)
    words = tuple(word for word in words if word != "https")
    options = ["--yes", "--allow-fictitious", "--name", "r", "--rate", "40", *words]
    with within(MOST_SECONDS):
        return desk("run", "sheet.csv", "-t", "visits.toml", *options)


def statuses(desk: Desk) -> set[str]:
    return {row["_status"] for row in desk.results("r.results.csv")}


def told(ended: Ended) -> list[str]:
    return [line for line in ended.err.splitlines() if line.startswith("campaign:")]


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def dated(status: int, *headers: str, body: bytes = b"{}", length: int | None = None) -> bytes:
    return answer(status, body, f"Date: {formatdate(time.time(), usegmt=True)}", *headers, length=length)


def by_request(post: Callable[[Line], None]) -> Script:
    """Knows no call and lists none; a POST is answered by `post`."""

    def script(line: Line) -> None:
        first = line.take().split(b"\r\n")[0]
        if first.startswith(b"POST"):
            post(line)
        elif b"?" in first:
            line.say(dated(200, body=b'{"data": []}'))
        else:
            line.say(dated(404))

    return script


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        ("unknown", "unable to get local issuer certificate"),
        ("elsewhere", "IP address mismatch"),
        ("expired", "certificate has expired"),
    ],
)
def test_a_certificate_that_will_not_do_ends_the_run_before_anything_is_sent(
    desk: Desk,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    *,
    certificate: str,
    why: str,
) -> None:
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_options: certificates.trusted)
    with Hostile(saying(answer()), tls=getattr(certificates, certificate)) as server:
        ended = dial(desk, server, monkeypatch)
    assert (ended.code, server.held_whole_request) == (5, False)
    [line] = told(ended)
    assert "no TLS with 127.0.0.1" in line
    assert why in line
    assert "given up" not in line, "no second try makes a certificate better"
    assert statuses(desk) == {"pending"}


def test_a_certificate_that_nobody_known_has_signed_is_refused_without_any_help(
    desk: Desk, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the roots that the program trusts by itself."""
    with Hostile(saying(answer()), tls=certificates.right) as server:
        ended = dial(desk, server, monkeypatch)
    assert (ended.code, server.held_whole_request, len(told(ended))) == (5, False, 1)
    assert statuses(desk) == {"pending"}


def test_a_reset_in_the_handshake_is_tried_again_and_leaves_the_rows_pending(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[None] = []

    def script(line: Line) -> None:
        seen.append(None)
        if len(seen) == 5:
            interrupt()
        after_some("reset")(line)

    with Hostile(script) as server:
        ended = dial(desk, server, monkeypatch, "https", "--no-audit")
    assert (ended.code, server.held_whole_request) == (130, False)
    assert "Traceback" not in ended.err
    assert statuses(desk) == {"pending"}


@pytest.mark.parametrize("after", ["Fri, 31 Dec 9999 23:59:59 GMT", "999999999"])
def test_a_wait_of_centuries_stops_the_run_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch, after: str) -> None:
    refuse = by_request(lambda line: line.say(dated(429, f"Retry-After: {after}")))
    with Hostile(refuse) as server:
        ended = dial(desk, server, monkeypatch)
    assert ended.code == 5
    [line] = told(ended)
    assert "go on after that" in line
    assert statuses(desk) == {"pending"}


@pytest.mark.parametrize("after", ["1e300", "-5", "nan", "inf", "9" * 400, "Fri, 31 Dec 99999 23:59:59 GMT", "\u00b2"])
def test_a_wait_that_is_none_is_as_if_none_had_been_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    posts: list[None] = []

    def post(line: Line) -> None:
        posts.append(None)
        if len(posts) == 1:
            line.say(dated(429, "Retry-After: ").replace(b"Retry-After: ", f"Retry-After: {after}".encode("latin-1")))
        else:
            phone = json.loads(line.heard.partition(b"\r\n\r\n")[2])["toPhoneNumber"]
            line.say(dated(200, body=json.dumps({"data": {"_id": f"c{len(posts)}", "toPhoneNumber": phone}}).encode()))

    with Hostile(by_request(post)) as server:
        ended = dial(desk, server, monkeypatch, people=1)
    assert (ended.code, statuses(desk), len(posts)) == (0, {"created"}, 2), ended


def test_an_endless_list_is_ended_by_a_signal_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It used to be read on until its own deadline, three minutes later, and nothing was shown meanwhile."""
    said: list[None] = []

    def script(line: Line) -> None:
        if b"?" not in line.take().split(b"\r\n")[0]:
            line.say(dated(404))
            return
        line.say(dated(200, body=b"", length=-1) + b'{"data": [')
        while True:
            line.say(b'{"_id": "x%d", "toPhoneNumber": "+12125550199"},' % len(said))
            said.append(None)
            if len(said) == 100:
                interrupt()
            time.sleep(0.01)  # an endless list that comes slowly: at full speed it would be too long before it is late

    with Hostile(script) as server:
        ended = dial(desk, server, monkeypatch)
    assert ended.code == 130
    assert not any(line.heard.startswith(b"POST") for line in server.lines)
    assert "Traceback" not in ended.err
    assert statuses(desk) == {"pending"}
