"""A call that may not be sent any more is not: not a byte of it leaves, though the connection stands."""

import pytest

from campaign.domain.model import NEVER_LEFT, Attempt, Cause, Created, NotSent
from tests.aicaller.calling import client_for, request_for
from tests.aicaller.conftest import Certificates
from tests.aicaller.endings import answer, reply
from tests.aicaller.hostile import Hostile, Line

pytestmark = pytest.mark.anyio
PHONE = "+12025550101"


class Hours:
    """Says that it is too late, once it is."""

    def __init__(self) -> None:
        self.late: str | None = None
        self.asked = 0

    def __call__(self, _attempt: Attempt) -> str | None:
        self.asked += 1
        return self.late


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("kept", [False, True], ids=["new connection", "kept connection"])
async def test_not_a_byte_of_a_late_call_leaves(tls: bool, kept: bool, certificates: Certificates) -> None:  # noqa: FBT001 - cases of the table
    """Also after the connection and its TLS, which may take long themselves."""

    def script(line: Line) -> None:
        line.take(1)
        line.say(answer(200, reply(_id="call-1", toPhoneNumber=PHONE)))

    hours, context = Hours(), certificates.trusted if tls else None
    with Hostile(script, tls=certificates.right if tls else None) as server:
        client = client_for(server.base_url, reuse_within=30.0, ssl_context=context, why_too_late=hours)
        async with client:
            before = await client.send(request_for(PHONE)) if kept else None
            hours.late = "its claim was 60 s old"
            late = await client.send(request_for(PHONE))
    assert sum(line.requests for line in server.lines) == kept
    assert kept or not any(line.heard for line in server.lines)
    assert before == (Created("call-1") if kept else None)
    assert late == NotSent(Cause.LATE, reason="not sent: its claim was 60 s old")
    assert late.cause in NEVER_LEFT
    assert hours.asked == 1 + kept
