"""A list of calls as text that comes in pieces: what is complete is read, what is broken ends it, nothing raises."""

import json
from typing import Any

import pytest

from campaign.aicaller.pagination import MOST_ENTRY_CHARACTERS, CallList

CALLS = [{"_id": f"a{i}", "toPhoneNumber": f"+1212555{i:04d}", "n": [1, {"x": "]},"}]} for i in range(5)]


def read(text: str, *, size: int) -> tuple[list[Any], CallList]:
    calls = CallList()
    found = [entry for at in range(0, len(text), size) for entry in calls.feed(text[at : at + size])]
    return found + calls.finish(), calls


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"data": CALLS}),
        json.dumps({"success": True, "data": CALLS, "more_words": {"data": [1]}}).replace("more_words", "words"),
        json.dumps(CALLS, indent=2),
        "\n " + json.dumps({"data": CALLS}, indent=1) + "\r\n",
    ],
    ids=["bare", "beside other keys", "a list alone", "with spaces"],
)
def test_a_list_is_read_whole_however_it_is_cut_into_pieces(text: str, size: int) -> None:
    found, calls = read(text, size=size)
    assert found == CALLS
    assert calls.whole
    assert calls.broken is None


@pytest.mark.parametrize("key", ["nextCursor", "hasMore", "total", "pagination", "page"])
def test_a_list_that_speaks_of_pages_is_never_whole(key: str) -> None:
    """What is missing from a page is proof of nothing."""
    found, calls = read(json.dumps({"data": CALLS, key: 1}), size=10_000)
    assert found == CALLS
    assert not calls.whole


WHOLE = json.dumps({"data": CALLS})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (WHOLE[:-1], 5),
        (WHOLE[:-2], 5),
        (WHOLE[:-20], 4),
        (WHOLE + "x", 5),
        ('{"data": [' + json.dumps(CALLS[0]) + ", nonsense]}", 1),
        ('{"data": [' + json.dumps(CALLS[0]) + "," + "[" * 100_000, 1),
        ('{"data": [' + json.dumps(CALLS[0]) + ',{"x": "' + "y" * (2 * MOST_ENTRY_CHARACTERS) + '"}]}', 1),
        ('{"data": {"docs": []}}', 0),
        ('{"data": null}', 0),
        ("<html>", 0),
        ('"text"', 0),
        ("", 0),
        ("{data: []}", 0),
    ],
)
def test_a_broken_list_keeps_what_was_read_and_says_that_it_is_broken(text: str, kept: int) -> None:
    found, calls = read(text, size=4096)
    assert found == CALLS[:kept]
    assert calls.broken
    assert not calls.whole


def test_a_number_of_five_thousand_digits_harms_nobody() -> None:
    found, calls = read('{"data": [{"_id": "a", "callDuration": ' + "9" * 5000 + "}]}", size=100)
    assert found == [{"_id": "a", "callDuration": None}]
    assert calls.whole
