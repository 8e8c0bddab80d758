"""The table of endings: it is the documents' own, and each of its rows is what a real server on this machine proves."""

import dataclasses
import re
from pathlib import Path

import pytest

from campaign.aicaller.endings import ENDINGS, After, EndingRow, endings_reference
from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, Unknown
from tests.aicaller.conftest import Certificates
from tests.aicaller.endings import CASES, DOUBTFUL_SUCCESSES, DOUBTS, FAULTS, LOST, MOVED, OF_ACCOUNT, REFUSALS, STRANGE
from tests.aicaller.test_endings import ending_of

pytestmark = pytest.mark.anyio
ROWS = {row.name: row for row in ENDINGS}
DOCUMENT = Path(__file__).parents[2] / "docs" / "endings.md"

SEEN: dict[str, tuple[str, ...]] = {
    "no connection": ("tls reset in the handshake", "tls end before the handshake", "tls handshake hangs"),
    "no name": (),  # Needs no server: `test_a_host_without_an_address_sent_nothing`.
    "no trust": ("certificate of nobody known", "certificate of another host", "certificate expired"),
    "created": ("200", "201", "202", "without an echo"),
    "doubtful success": tuple(DOUBTFUL_SUCCESSES),
    "redirect": tuple(map(str, MOVED)),
    "limited": ("429", "429 without a time", "429 with a bad time"),
    "asked to wait": ("503", "503 with a date"),
    "other 503": ("503 of a cache", "503 of a gateway in JSON", "503 without a time", "503 with two times"),
    "server fault": tuple(map(str, FAULTS)),
    "account refused": tuple(f"{code} in its own words" for code in OF_ACCOUNT),
    "account refused on the way": tuple(map(str, OF_ACCOUNT)),
    "template not found": ("404 of the template",),
    "row refused": (*(f"{code} in its own words" for code in REFUSALS), "403 of the number"),
    "row refused on the way": (*map(str, REFUSALS), "400 with html"),
    "doubtful refusal": tuple(map(str, DOUBTS)),
    "strange status": tuple(map(str, STRANGE)),
    "lost": ("no answer", "reset after the request", "end in the body", "400 cut off", "429 cut off"),
}
"""Row -> the servers of the tests that end a POST so."""


def kind_of(outcome: Outcome) -> tuple[str, bool]:
    """The state that a row gets, and whether the ending proves it."""
    match outcome:
        case Created():
            return "created", True
        case Rejected():
            return "rejected", outcome.proved
        case Unknown():
            return "unknown", True
        case NotSent(cause=Cause.ACCOUNT):
            return "pending", outcome.proved
        case NotSent():
            return "waits", outcome.proved


def test_the_document_has_the_table_of_the_program() -> None:
    """Who asks whether a proxy can have said it reads the document, and the program goes by its own table."""
    assert endings_reference() in DOCUMENT.read_text("utf-8")


def test_every_row_of_the_table_has_its_servers() -> None:
    """A row that no server drives is a claim."""
    assert list(SEEN) == list(ROWS)
    assert {name for names in SEEN.values() for name in names} <= set(CASES)
    assert set(LOST) & set(SEEN["lost"])


@pytest.mark.parametrize("row", ENDINGS, ids=lambda row: row.name)
def test_every_row_says_who_could_have_sent_it_and_nothing_is_resent_that_may_have_come_after_the_call(
    row: EndingRow,
) -> None:
    """The law of the table: an ending that a box can send after the call was made leads to a look, never to a call."""
    assert all(dataclasses.astuple(row))
    becomes = re.match(r"`?(\w+)", row.becomes)
    assert becomes
    match row.after:
        case After.YES:
            assert becomes[1] in ("unknown", "created")
        case After.NOT_AS_A_RULE:
            assert becomes[1] in ("pending", "rejected")
            assert "looked up before it is ever sent again" in row.becomes
        case After.NO:
            assert becomes[1] in ("waits", "pending", "rejected")


@pytest.mark.parametrize(
    ("row", "server"), [pytest.param(row, one, id=f"{row}: {one}") for row, names in SEEN.items() for one in names]
)
async def test_a_real_server_ends_a_post_as_its_row_says(row: str, server: str, certificates: Certificates) -> None:
    """Driven, not only written down."""
    outcome, _ = await ending_of(CASES[server], certificates)
    state, proved = kind_of(outcome)
    assert re.match(rf"`?{state}", ROWS[row].becomes), outcome
    assert proved is (ROWS[row].after is not After.NOT_AS_A_RULE)
    words = repr(outcome)
    assert "nothing was sent" not in words
    assert proved or "not in AICaller's own words" in words
