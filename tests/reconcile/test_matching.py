"""Which listed call is the one whose answer was lost: a table of evidence and verdicts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaign.aicaller.listed_call import ListedCall, read_listed, same_words
from campaign.reconcile.matching import Echo, LostAttempt, Matched, Missing, PartlyMatched, Several, match

NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 2, 9, 0, 0, 17_000, tzinfo=UTC)
WORDS = same_words([("day", "Monday")])
SENT = LostAttempt(
    phone="+12025550143",
    name="Ada",
    variables=WORDS,
    team="team",
    template="template",
    since=NINE,
    until=NINE + timedelta(seconds=3),
)
MARKED = replace(SENT, delayed_until=LATER)
REFERRED = replace(SENT, reference_key="campaign_ref", references=frozenset({"r1", "r2"}))
CALL = ListedCall(
    "a1", phone=SENT.phone, name="Ada", variables=WORDS, team="team", template="template", created_at=NINE
)


def referring(call: ListedCall, reference: str) -> ListedCall:
    return replace(call, variables=same_words([*WORDS, ("campaign_ref", reference)]))


def after(seconds: float) -> ListedCall:
    return replace(CALL, created_at=NINE + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "call",
    [CALL, after(-4), after(100), replace(CALL, team=None, template=None), replace(CALL, delayed_until=LATER)],
)
def test_number_words_and_time_find_a_call(call: ListedCall) -> None:
    assert match(SENT, [call], echo=Echo()) == Matched(call, by="number, words and time")


@pytest.mark.parametrize(
    "call",
    [
        replace(CALL, phone="+12025550144"),
        replace(CALL, phone=None),
        replace(CALL, team="another"),
        replace(CALL, template="another"),
        after(-6),
        after(124),
    ],
)
def test_what_is_another_persons_teams_or_times_is_not_found(call: ListedCall) -> None:
    assert match(SENT, [call], echo=Echo()) == Missing()


@pytest.mark.parametrize(
    "call",
    [
        replace(CALL, name="Bob"),
        replace(CALL, name=None),
        replace(CALL, variables=None),
        replace(CALL, variables=()),
        replace(CALL, created_at=None),
    ],
)
def test_what_fits_in_part_is_shown_and_not_taken(call: ListedCall) -> None:
    verdict = match(SENT, [call], echo=Echo())
    assert isinstance(verdict, PartlyMatched)
    assert verdict.call_ids == ("a1",)


@pytest.mark.parametrize(
    ("sending", "calls"),
    [
        (SENT, [CALL, replace(after(1), call_id="a2")]),
        (MARKED, [replace(CALL, call_id=one, delayed_until=LATER) for one in ("a1", "a2")]),
        (REFERRED, [referring(CALL, "r1"), replace(referring(CALL, "r2"), call_id="a2")]),
    ],
    ids=["words", "millisecond", "reference"],
)
def test_of_two_calls_that_fit_neither_is_taken(sending: LostAttempt, calls: list[ListedCall]) -> None:
    """Somebody may have been called twice, and which of the two is this row's cannot be told."""
    assert match(sending, calls, echo=Echo()) == Several(("a1", "a2"))


@pytest.mark.parametrize("ahead", [-7200.0, 7200.0])
def test_a_clock_that_is_hours_ahead_is_allowed_for(ahead: float) -> None:
    call = after(ahead)
    assert match(SENT, [call], echo=Echo()) == Missing()
    assert isinstance(match(SENT, [call], echo=Echo(ahead=ahead)), Matched)
    assert match(SENT, [CALL], echo=Echo(ahead=ahead)) == Missing()


def test_the_rows_own_millisecond_finds_a_call_whatever_its_time() -> None:
    call = replace(after(9999), delayed_until=LATER)
    assert match(MARKED, [CALL, call], echo=Echo()) == Matched(call, by="its millisecond")


def test_another_millisecond_speaks_against_a_call_only_where_the_list_is_known_to_keep_them() -> None:
    call = replace(CALL, delayed_until=LATER + timedelta(milliseconds=1))
    assert match(MARKED, [call], echo=Echo(keeps_milliseconds=True)) == Missing()
    assert isinstance(match(MARKED, [call], echo=Echo()), Matched)


def test_the_millisecond_with_other_words_is_somebody_elses_call() -> None:
    call = replace(CALL, delayed_until=LATER, name="Bob")
    assert isinstance(match(MARKED, [call], echo=Echo()), PartlyMatched)


def test_our_reference_finds_a_call_that_says_nothing_else() -> None:
    call = ListedCall("a1", variables=(("campaign_ref", "r2"),))
    assert match(REFERRED, [call], echo=Echo()) == Matched(call, by="its reference")


def test_our_reference_on_a_call_to_another_number_is_not_ours() -> None:
    call = replace(referring(CALL, "r1"), phone="+12025550144")
    assert match(REFERRED, [call], echo=Echo()) == Missing()


def test_another_reference_is_another_call_and_none_at_all_is_one_where_the_list_keeps_them() -> None:
    assert match(REFERRED, [referring(CALL, "r9")], echo=Echo()) == Missing()
    assert match(REFERRED, [CALL], echo=Echo(keeps_references=True)) == Missing()
    assert isinstance(match(REFERRED, [CALL], echo=Echo()), Matched)


@pytest.mark.parametrize("value", [None, 1, [], {}, "", "x" * 10_000, "a\nb", "=cmd", "../x", "\ud800"])
def test_an_entry_whose_id_could_be_none_is_no_call(value: object) -> None:
    assert read_listed({"_id": value, "toPhoneNumber": "+12025550143"}) is None


TEXTS = ("nameOfHuman", "toPhoneNumber", "teamId", "createdAt", "callDelayedUntil")
NO_TEXTS: tuple[object, ...] = (None, 1, [], {}, True, "")
NO_VARIABLES: tuple[object, ...] = (None, 1, {}, "x", [1], [{}], [{"key": 1, "value": "x"}], [{"key": "a"}], [[]])
NO_TIMES = ("2026-12-01", "2026-12-01T09:00:00", "yesterday", "0001-01-01T00:00:00+14:00", "9" * 99)


@pytest.mark.parametrize(
    "entry",
    [
        *(dict.fromkeys(TEXTS, value) for value in NO_TEXTS),
        *({"promptVariableValues": value} for value in NO_VARIABLES),
        *({"createdAt": value} for value in NO_TIMES),
    ],
    ids=str,
)
def test_a_field_that_cannot_be_trusted_is_as_good_as_none(entry: dict[str, object]) -> None:
    assert read_listed({"_id": "a1", **entry}) == ListedCall("a1")


def test_order_of_variables_accents_and_blanks_at_the_ends_are_no_difference() -> None:
    entry = {
        "_id": "a1",
        "nameOfHuman": " Zoe\u0308 ",
        "promptVariableValues": [{"key": "b", "value": "2 "}, {"key": "a", "value": "1"}],
    }
    call = read_listed(entry)
    assert call is not None
    assert (call.name, call.variables) == ("Zo\u00eb", (("a", "1"), ("b", "2")))
