"""A summary that is posted: it harms nobody, whatever answers, and tells nobody who was called."""

import hmac
from http.server import BaseHTTPRequestHandler

import anyio
import pytest

from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.followup.notification import Posting, checked_notify_url, post_json, signature_of
from tests.aicaller.listening import answering, listening

SECRET = "a-secret-of-ours"


def post(url: str, *, seconds: float = 10.0, secret: str = "", waits: tuple[float, ...] = ()) -> str | None:
    async def posted() -> str | None:
        posting = Posting(secret=secret, waits=waits, deadline_seconds=seconds)
        return await post_json(url, {"state": "ended"}, posting=posting)

    return anyio.run(posted)


def test_a_summary_is_taken() -> None:
    with listening(answering(204)) as (url, posted):
        assert post(url) is None
    assert posted == [b'{"state": "ended"}']


def test_what_may_pass_is_tried_again_and_what_will_not_is_left() -> None:
    """A chat tool that restarts loses no summary; one that refuses is not asked three times."""
    with listening(answering(503)) as (url, posted):
        assert post(url, waits=(0, 0)) == "127.0.0.1 answered 503"
    assert len(posted) == 3
    with listening(answering(404)) as (url, posted):
        assert post(url, waits=(0, 0)) == "127.0.0.1 answered 404"
    assert len(posted) == 1


def test_a_summary_is_signed_and_a_further_try_is_the_same_delivery() -> None:
    """Who receives it can tell it from another's, and one summary from two."""
    heard = list[dict[str, str]]()

    def keep(handler: BaseHTTPRequestHandler) -> None:
        heard.append(dict(handler.headers))
        answering(500)(handler)

    with listening(keep) as (url, posted):
        post(url, secret=SECRET, waits=(0,))
    first, second = heard
    assert first["X-Campaign-Delivery"] == second["X-Campaign-Delivery"]
    timestamp = first["X-Campaign-Timestamp"]
    expected = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + posted[0], "sha256").hexdigest()
    assert first["X-Campaign-Signature"] == f"sha256={expected}"
    assert signature_of(posted[0], secret=SECRET, timestamp=int(timestamp)) == expected
    assert SECRET not in str(heard)


def test_a_redirect_is_not_followed_and_the_address_is_not_shown() -> None:
    with listening(answering(302, Location="/elsewhere")) as (url, posted):
        assert post(url) == "127.0.0.1 answered 302"
    assert len(posted) == 1


def test_whatever_the_other_side_does_is_one_line() -> None:
    def garbage(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\0\0 not http\r\n\r\n")

    with listening(garbage) as (url, _):
        assert post(url) == "127.0.0.1: RemoteProtocolError"
    assert post(url) == "127.0.0.1: ConnectError", "nobody listens any more"


def test_one_that_never_answers_is_left_after_the_deadline() -> None:
    """The other end hangs until ours hangs up: to wait for it would take for ever."""

    def hang(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(1)

    with listening(hang) as (url, _):
        assert post(url, seconds=0.05) == "127.0.0.1 did not answer within 0.05 s"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com",
        "https://",
        "https://user:pw@example.com/",
        "https://example.com/a b",
        "https://example.com:0/",
        "https://example.com/#part",
        "not an address",
        "https://exämple.com/",
    ],
)
def test_an_address_that_is_not_private_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_notify_url(url)
    assert caught.value.setting is Setting.NOTIFY_URL


@pytest.mark.parametrize("url", ["https://example.com/hook?x=1", "http://127.0.0.1:8080/", "http://[::1]:1/x"])
def test_https_and_this_machine_will_do(url: str) -> None:
    assert checked_notify_url(url) == url
