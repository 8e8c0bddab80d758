"""A number that was restored is called only after a person has seen it before and after."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in

BRITISH = TEMPLATE.replace('region = "US"', 'region = "GB"')


@pytest.fixture
def server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with stand_in(desk.folder) as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


def test_a_lost_zero_is_shown_and_not_called_without_a_word(desk: Desk, server: StandIn) -> None:
    """Also not with --yes: the 0 may have been another digit."""
    sheet, template = desk.sheet("Ada Example,2079460018,Monday"), desk.template(BRITISH)
    report = json.loads(desk("check", sheet, "-t", template, "--json").out)
    assert report["noted"]["repaired"] == 1
    ended = desk("run", sheet, "-t", template, "--yes")
    assert ended.code == 2
    assert "'…0018': called as …0018: the 0 before it is missing" in ended.err
    assert "--accept-repairs" in ended.err
    assert server.rings() == []
    assert desk("run", sheet, "-t", template, "--yes", "--accept-repairs").code == 0
    assert server.rings() == ["+442079460018"]
