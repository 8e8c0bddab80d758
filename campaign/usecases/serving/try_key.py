"""Use case: the API key is tried by reading AICaller's list of calls. Nothing is changed there, and no phone rings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import anyio

from campaign.aicaller.read_client import Listed, ReadingClient
from campaign.config.settings import account_from
from campaign.domain.errors import CampaignError
from campaign.engine.dial_held_run import run_event_loop
from campaign.usecases.context import Context

SECONDS = 10.0
"""Longest wait for an answer."""
_NO_TEMPLATE = "0" * 24
_REFUSED, _FORBIDDEN, _RATE_LIMITED = 401, 403, 429


class KeyVerdict(StrEnum):
    """What AICaller said of the key."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    UNCLEAR = "unclear"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class KeyTrial:
    """How a trial ended.

    Attributes:
        service: where the key was tried.
        status: of the answer, if there was one.
        why: one line, where there was no answer that says something of the key.
    """

    verdict: KeyVerdict
    service: str
    status: int | None = None
    why: str = ""


class _EnoughError(CampaignError):
    """The list has begun to come: the key is good, and the rest of it is not wanted."""


def try_key(context: Context, *, call_template_id: str | None, seconds: float = SECONDS) -> KeyTrial:
    """Reads the beginning of the list of calls; returns within so many seconds.

    Args:
        context: its environment names the account.
        call_template_id: whose calls are listed; None where none is known.
        seconds: longest wait.

    Raises:
        UsageError: there is no key, or one that cannot be one.
    """
    account = account_from(context.environment)

    async def read() -> KeyTrial:
        listed = Listed(trouble=f"no answer within {seconds:g} s")
        # One try: a person waits, and can ask again.
        client = ReadingClient(account, now=context.now, list_seconds=seconds, retry_wait=lambda _tries: seconds)
        async with client:
            with anyio.move_on_after(seconds):
                try:
                    listed = await client.list_calls(call_template_id or _NO_TEMPLATE, take=_enough)
                except _EnoughError:
                    return KeyTrial(KeyVerdict.ACCEPTED, account.service)
        if listed.trouble is None:
            return KeyTrial(KeyVerdict.ACCEPTED, account.service, listed.status)
        return KeyTrial(_verdict(listed.status), account.service, listed.status, listed.trouble)

    return run_event_loop(read)


def _enough(entries: Sequence[Mapping[str, Any]]) -> None:
    if entries:
        raise _EnoughError("the list has begun to come")


def _verdict(status: int | None) -> KeyVerdict:
    if status in (_REFUSED, _FORBIDDEN):
        return KeyVerdict.REFUSED
    if status == _RATE_LIMITED:
        return KeyVerdict.RATE_LIMITED
    return KeyVerdict.NO_ANSWER if status is None else KeyVerdict.UNCLEAR
