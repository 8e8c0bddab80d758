"""Streams: so many pages that move by themselves that neither the calls nor the other pages stand still."""

from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.web.app import application
from campaign.web.guard.streams import Streams
from campaign.web.pages.runs.stream import streamed
from campaign.web.site import Site
from tests.web.conftest import ADDRESS
from tests.web.launching import launched


def test_a_stream_too_many_is_sent_away_and_the_page_itself_is_not(site: Site, ledger: Ledger) -> None:
    """A thousand open tabs would take all files of the process, and its runs would not dial."""
    del ledger
    full = replace(site, streams=Streams(most=0))
    with TestClient(application(full), base_url=ADDRESS) as client:
        run = launched(client, full)
        answer = client.get(f"/runs/{run}/live")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "15")
        assert client.get(f"/runs/{run}").status_code == 200


@pytest.mark.anyio
async def test_a_stream_has_its_place_before_it_first_looks(site: Site, ledger: Ledger) -> None:
    """A thousand that come at once would all look before one of them was counted."""
    del ledger
    one = replace(site, streams=Streams(most=1))
    seen: list[bool] = []

    def look(site: Site, ledger: Ledger, *, is_viewer: bool) -> tuple[str, bool]:
        del ledger
        seen.append(site.streams.is_full and not is_viewer)
        return "", False

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "app": application(one)}
    await streamed(Request(scope), look)
    assert seen == [True]
    assert not one.streams.is_full


def test_a_stream_that_is_over_makes_room_for_another() -> None:
    streams = Streams(most=1)
    with streams.one() as first, streams.one() as second:
        assert (first, second) == (True, False)
        assert streams.is_full
    assert not streams.is_full
