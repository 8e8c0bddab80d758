"""What an answer says of the time: as much as it can prove, and nothing where it is broken."""

from datetime import UTC, datetime

import anyio
import pytest
from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient
from campaign.aicaller.read_client import ReadingClient
from campaign.aicaller.server_date import AnswerTime, answer_time
from campaign.config.settings import Account
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.server import serve
from tests.aicaller.calling import KEY, NOON, request_for

NINE = "Tue, 01 Dec 2026 09:00:00 GMT"
AT_NINE = datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("date", "age", "said"),
    [
        (NINE, None, AT_NINE),
        (NINE, "90", AT_NINE + 90),
        (NINE, " 0 ", AT_NINE),
        (NINE, "-1", None),
        (NINE, "a day", None),
        (NINE, "9" * 30, None),
        (NINE, "٣", None),
        (None, None, None),
        ("", None, None),
        ("yesterday", None, None),
        ("Tue Dec  1 09:00:00 2026", None, None),
        ("Tue, 01 Dec 99999 09:00:00 GMT", None, None),
        ("Tue, 01 Dec 2026 09:00:00 -0000", None, None),
        (f"{NINE}, {NINE}", None, None),
        ("Tue, 31 Feb 2026 09:00:00 GMT", None, None),
    ],
)
def test_a_date_is_taken_with_its_age_and_a_broken_one_is_none(
    date: str | None, age: str | None, said: float | None
) -> None:
    assert answer_time(date, age, asked=1.0, answered=2.0) == AnswerTime(said, 1.0, 2.0)


@pytest.mark.anyio
async def test_every_answer_is_seen_whatever_its_status() -> None:
    seen = list[AnswerTime]()
    async with serve(SandboxConfig(clock=lambda: AT_NINE, api_key="another")) as stand_in:
        account = Account(api_key=SecretStr(KEY), base_url=stand_in.base_url, service="loopback")
        async with AICallerClient(account, now=lambda: NOON, on_answer=seen.append) as client:
            await client.send(request_for("+12125550101"))
        async with ReadingClient(account, now=lambda: NOON, on_answer=seen.append) as client:
            await client.get_call("nobody")
            await client.list_calls("template", take=lambda _entries: None)
            await client.ask_time()
        now = anyio.current_time()
    assert [one.said for one in seen] == [AT_NINE] * 4
    assert all(one.asked <= one.answered <= now for one in seen)
