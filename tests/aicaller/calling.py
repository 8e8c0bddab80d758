"""A client as the tests use it, and what it sends."""

import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient, in_time
from campaign.aicaller.wire.transport import SingleUseTransport
from campaign.config.settings import Account
from campaign.domain.model import Attempt

KEY = "key-9f3c-planted-77aa"
NOON = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def client_for(
    base_url: str,
    *,
    key: str = KEY,
    reuse_within: float = 0.0,
    connect_seconds: float = 10.0,
    deadline_seconds: float = 20.0,
    ssl_context: ssl.SSLContext | None = None,
    transport: SingleUseTransport | None = None,
    why_too_late: Callable[[Attempt], str | None] = in_time,
) -> AICallerClient:
    return AICallerClient(
        Account(api_key=SecretStr(key), base_url=base_url, service="loopback"),
        now=lambda: NOON,
        why_too_late=why_too_late,
        reuse_within=reuse_within,
        connect_seconds=connect_seconds,
        deadline_seconds=deadline_seconds,
        ssl_context=ssl_context,
        transport=transport,
    )


def request_for(phone: str, **changes: Any) -> Attempt:
    body = {
        "teamId": "team-1",
        "callTemplateId": "template-1",
        "nameOfHuman": "Ada Example",
        "toPhoneNumber": phone,
        "promptVariableValues": [],
        **changes,
    }
    return Attempt(row_id=1, row_number=2, number=1, phone=phone, body=json.dumps(body).encode())
