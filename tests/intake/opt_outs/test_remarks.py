"""A remark that a person is not to be called is found where people write remarks, and in no name of the living."""

import pytest

from campaign.intake.contacts.columns import Columns
from campaign.intake.opt_outs.remarks import Remarks, is_for_notes

HEADER = ("Name", "Phone", "City", "Remarks")


def remark(name: str = "Ada Lindqvist", city: str = "Albany", note: str = "") -> tuple[int, str] | None:
    return Remarks(Columns(HEADER, 0, (1,))).in_cells((name, "+14155550111", city, note))


@pytest.mark.parametrize(
    "words",
    ["DNC", "D.N.C.", "do not call", "Do Not Contact", "don't call", "DONT CALL", "donotcall", "no calls", "never call",
     "not to be called", "asked not to be contacted", "opted out", "opt-out", "unsubscribed", "deceased", "DECEASED",
     "passed away", "R.I.P.", "†", "verstorben", "Verstorbene", "nicht anrufen", "bitte nicht mehr anrufen",
     "keine Anrufe", "ne pas appeler", "Ne plus appeler", "décédé", "Décédée", "no llamar", "fallecido", "non chiamare",
     "deceduta", "não ligar", "falecido", "niet bellen", "overleden", "nie dzwonić", "zmarła", "не звонить", "умерла"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "({})", "Bo Marek - {}", "* {} *", "{}, see file", "since May: {}."])
def test_remarks_are_found_in_six_languages_and_more(words: str, around: str) -> None:
    for text in (around.format(words), around.format(words).upper()):
        assert remark(name=text) is not None, text
        found = remark(note=text)
        assert found is not None, text
        assert found[0] == HEADER.index("Remarks")


@pytest.mark.parametrize(
    "name",
    ["Rip Torn", "Ana Baja", "Dee Seased", "Duncan Dunc", "Tod Stopp", "Optima Outman", "Neil No", "Nona Call",
     "Verena Storben", "Pass Away", "Notker Calls", "Defne Unto", "Marta Fallaci", "Nicht Anders", "Nie Wiem"],
)  # fmt: skip
def test_names_of_living_people_hold_none(name: str) -> None:
    assert remark(name=name) is None


def test_only_names_notes_and_what_is_spoken_are_searched() -> None:
    """A street may be called anything."""
    assert remark(city="Do Not Call Road") is None
    assert all(map(is_for_notes, ("Notes", "Call Notes", "Bemerkungen", "Status", "Tags")))
    assert not any(map(is_for_notes, ("City", "Notar")))
