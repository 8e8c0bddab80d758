"""A list of calls as text that comes in pieces: what is complete is read, what is broken ends it, nothing raises."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from campaign.aicaller.pagination import MOST_ENTRY_CHARACTERS, CallList, ListReading

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


def test_a_key_that_stands_twice_is_read_twice_and_the_list_is_not_whole() -> None:
    """The calls of both lists did exist, and what is missing from one proves nothing."""
    found, calls = read(json.dumps({"data": CALLS[:2]})[:-1] + ', "data": ' + json.dumps(CALLS[2:]) + "}", size=7)
    assert found == CALLS
    assert calls.broken is None
    assert not calls.whole


def test_a_field_that_stands_twice_with_two_values_says_nothing() -> None:
    """One of them would be another person's call, or another's number."""
    text = '{"data": [{"_id": "a", "_id": "b", "x": 1, "x": 1, "n": {"k": 1, "k": 2, "k": 2}}, {"_id": "c"}]}'
    found, calls = read(text, size=10_000)
    assert found == [{"_id": None, "x": 1, "n": {"k": None}}, {"_id": "c"}]
    assert not calls.whole


@pytest.mark.parametrize("entry", ["null", "5", '"text"', "[]", "true"])
def test_a_list_with_an_entry_that_is_no_object_hands_on_the_others_and_is_not_whole(entry: str) -> None:
    """It may stand for a call."""
    taken = list[Mapping[str, Any]]()
    reading = ListReading(taken.extend)
    reading.feed(('{"data": [' + json.dumps(CALLS[0]) + f", {entry}, " + json.dumps(CALLS[1])).encode())
    reading.finish(b"]}")
    assert taken == CALLS[:2]
    assert (reading.entries, reading.broken, reading.whole) == (2, None, False)
