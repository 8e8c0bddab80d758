"""Boxes between us and AICaller that answer in its name, after it has made the call; and an account in trouble."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.attacks.attacker import behind_a_box, rung, say, states
from tests.soak.attacks.middlebox import Exchange
from tests.soak.campaigner import RUN

_VARNISH = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html><head><title>503 Backend fetch failed</title></head>
<body><h1>Error 503 Backend fetch failed</h1><p>Guru Meditation: XID: 3</p><hr><p>Varnish cache server</p></body></html>
"""


def varnish(exchange: Exchange) -> Exchange:
    """The stock error page of a cache, with the Retry-After that it has by default."""
    if exchange.is_call and exchange.number % 4 == 1:
        return replace(exchange, status=503, body=_VARNISH, headers={"Content-Type": "text/html", "Retry-After": "1"})
    return exchange


def gateway_in_json(exchange: Exchange) -> Exchange:
    """An API gateway's own error, as JSON, which is not AICaller's."""
    if exchange.is_call and exchange.number % 4 == 1:
        body = b'{"message": "Service Unavailable", "requestId": "7f3"}'
        return replace(
            exchange, status=503, body=body, headers={"Content-Type": "application/json", "Retry-After": "0"}
        )
    return exchange


@pytest.mark.parametrize("box", [varnish, gateway_in_json])
def test_a_503_of_a_box_is_no_proof_that_nothing_was_sent(tmp_path: Path, box: Callable[[Exchange], Exchange]) -> None:
    """The box had passed the request on: the phone has rung, and rings again with every retry."""
    with behind_a_box(tmp_path, change=box) as made:
        made.prepare(rows=12)
        made.finish()
        assert set(rung(made).values()) == {1}, rung(made)
        assert states(made)["unknown"] > 0
        code, said = say(made, "status", RUN, "--why", "3")
        assert code == 0
        assert "nothing was sent" not in said


def test_a_call_made_twice_is_told_when_no_row_is_unknown(tmp_path: Path) -> None:
    """Something between has repeated a request; every answer was good, and only the list shows it."""
    seen: list[bytes] = []

    def doubled(exchange: Exchange) -> Exchange:
        if exchange.method == "GET" and seen:
            listed = json.loads(exchange.body)
            again = json.loads(seen[0])["data"] | {"_id": "5ca1ab1e0000000000000001"}
            if isinstance(listed["data"], list):
                return replace(exchange, body=json.dumps({"data": [*listed["data"], again]}).encode())
        if exchange.is_call:
            seen.append(exchange.body)
        return exchange

    with behind_a_box(tmp_path, change=doubled, flags=("--rate", "500", "--max-in-flight", "4")) as made:
        made.prepare(rows=6)
        start = made.run()
        code = start.end()
        assert "6 created, 0 failed, 0 unknown" in start.said()
        assert "DUPLICATE AT SERVER" in start.said()
        assert states(made) == {"created": 5, "unknown": 1}
        assert code == 1


@pytest.mark.parametrize(
    ("status", "message", "called_before"),
    [
        pytest.param(401, "no", 6, id="the key was revoked in the middle"),
        pytest.param(402, "no", 6, id="the account is to be paid"),
        pytest.param(403, "no", 6, id="the team is refused"),
        pytest.param(404, "Call template not found", 0, id="the call template is missing"),
    ],
)
def test_an_account_in_trouble_rejects_nobody(*, tmp_path: Path, status: int, message: str, called_before: int) -> None:
    """No row is to blame, and `resume` needs no rerun."""
    trouble = [True]

    def account(method: str, number: int) -> Exchange | None:
        return _refused(status, message) if method == "POST" and number >= called_before and trouble else None

    with behind_a_box(tmp_path, refusal=account) as made:
        made.prepare(rows=40)
        start = made.run()
        assert start.end() == 4, start.said()
        assert states(made)["rejected"] == 0, start.said()
        trouble.clear()
        made.finish()
        assert set(rung(made).values()) == {1}
        assert len(rung(made)) == 40


def _refused(status: int, message: str) -> Exchange:
    body = json.dumps({"statusCode": status, "message": message, "error": "Refused"}).encode()
    return Exchange("POST", "", 0, status, body, {"Content-Type": "application/json"})
