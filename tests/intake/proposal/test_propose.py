"""What init proposes is what whole names and values say; half a name, or a likely number, is somebody else's."""

# ruff: noqa: RUF001 - a table of foreign words

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, strategies as st

from campaign.domain.model import Row
from campaign.intake.contacts.columns import column_index
from campaign.intake.proposal.column_profile import profiles_of, references_of
from campaign.intake.proposal.header_words import PHONES, Use, of_others, use_of
from campaign.intake.proposal.name_column import Picked
from campaign.intake.proposal.propose import Proposal, propose
from campaign.intake.proposal.region_guess import region_fits, valid_in
from campaign.intake.proposal.variable_keys import key_of
from tests.intake.opt_outs.headers import LANGUAGES, listed

NAMES = ("Ada Example", "Bo Sample", "Cy Specimen", "Di Instance")
PHONES_US = ("(212) 555-0101", "(212) 555-0102", "+1 212 555 0103", "212-555-0104")
LANDLINES = ("(415) 555-0101", "(415) 555-0102", "", "415-555-0104")
COMPANIES = ("Blue Heron Books", "Cinder Oak", "Mill Lane", "Harbour")


def proposed(
    columns: Mapping[str, Sequence[str]], *, region: str | None = "US", said: dict[str, tuple[int, ...]] | None = None
) -> Proposal:
    header = tuple(columns)
    cells = list(zip(*columns.values(), strict=True))
    rows = [Row(number, line) for number, line in enumerate(cells, start=2)]
    return propose(profiles_of(header, rows, region=region), rows, region=region, said=said or {})


@pytest.mark.parametrize(
    ("header", "use"),
    [
        ("Full name", Use.FULL), ("First Name", Use.FIRST), ("first_name", Use.FIRST), ("LASTNAME", Use.LAST),
        ("Vorname", Use.FIRST), ("Nachname", Use.LAST), ("Prénom", Use.FIRST), ("PRENOM", Use.FIRST),
        ("Nom", Use.GENERIC),
        ("Apellidos", Use.LAST), ("Cognome", Use.LAST), ("Sobrenome", Use.LAST), ("Achternaam", Use.LAST),
        ("Imię i nazwisko", Use.FULL), ("SOYADI", Use.LAST), ("Adı Soyadı", Use.FULL), ("ФИО", Use.FULL),
        ("Ф. И. О.", Use.FULL), ("Ім’я", Use.GENERIC), ("Ім'я", Use.GENERIC), ("氏名", Use.FULL), ("姓名", Use.FULL),
        ("이름", Use.GENERIC), ("الاسم الكامل", Use.FULL), ("שם משפחה", Use.LAST), ("पूरा नाम", Use.FULL),
        ("Mobile Phone", Use.MOBILE), ("Handynummer", Use.MOBILE), ("Téléphone portable", Use.MOBILE),
        ("Celular", Use.MOBILE), ("Cellulare", Use.MOBILE), ("Telemóvel", Use.MOBILE), ("Cep Telefonu", Use.MOBILE),
        ("Tel.", Use.PHONE), ("Phone 2", Use.PHONE), ("Phone #1", Use.PHONE), ("電話番号", Use.PHONE),
        ("फ़ोन", Use.PHONE),
        ("Festnetz", Use.LANDLINE), ("Work phone", Use.WORK), ("E-Mail", Use.EMAIL), ("e mail address", Use.EMAIL),
        ("Correo electrónico", Use.EMAIL), ("Country", Use.COUNTRY), ("Einwilligung", Use.CONSENT),
        ("Do not call", Use.OPTED_OUT), ("Don't call", Use.OPTED_OUT), ("Time zone", Use.TIMEZONE),
        ("Call at", Use.CALL_AT),
    ],
)  # fmt: skip
def test_a_whole_name_tells_a_use_in_many_languages(header: str, use: Use) -> None:
    assert use_of(header) == use
    assert use_of(f"  {header.upper()}\u200b ") == use


@pytest.mark.parametrize(
    "header",
    ["Clinic Name", "Company name", "Doctor name", "File name", "Username", "Product name", "Name of clinic",
     "Surname 2",
     "Doctor phone", "Fax", "Emergency contact phone", "Company email", "Phoned", "Phone model", "Mobile app", "Name 2",
     "", " ", "#3", "1", "123"],
)  # fmt: skip
def test_part_of_a_name_tells_nothing(header: str) -> None:
    """A clinic greeted as a patient is the least; an emergency contact who is called for one is worse."""
    assert use_of(header) is None


def test_a_name_of_one_column_is_proposed() -> None:
    for header in ("Name", "Full name", "Patient", "Customer name"):
        assert proposed({"Phone": PHONES_US, header: NAMES, "Clinic Name": COMPANIES}).name.indices == (1,)


def test_first_and_last_name_are_joined_in_the_order_in_which_they_are_said() -> None:
    first, last = ("Ada", "Bo", "Cy", "Di"), ("Example", "Sample", "Specimen", "Instance")
    assert proposed({"Last name": last, "First name": first}).name.indices == (1, 0)
    assert proposed({"Nom": last, "Prénom": first}).name.indices == (1, 0)
    assert proposed({"Nombre": first, "Apellidos": last}).name.indices == (0, 1)
    assert proposed({"名": first, "姓": last}).name.indices == (1, 0)


def test_a_name_that_holds_the_first_name_already_is_not_joined_with_it() -> None:
    """Nobody is called Ada Ada Example."""
    assert proposed({"First name": ("Ada", "Bo", "Cy", "Di"), "Name": NAMES}).name.indices == (1,)


def test_two_columns_that_may_be_the_name_are_left_to_the_owner() -> None:
    """A wrong name with a right number is the worst of all rows."""
    made = proposed({"Name": COMPANIES, "Customer": NAMES, "Phone": PHONES_US})
    assert (made.name.indices, made.name.candidates) == ((), (0, 1))
    made = proposed({"Person X": NAMES, "Place": COMPANIES, "Phone": PHONES_US})
    assert (made.name.indices, made.name.candidates) == ((), (0, 1))


def test_a_column_of_numbers_is_no_name_whatever_it_is_called() -> None:
    made = proposed({"Customer": ("1001", "1002", "1003", "1004"), "Guest": NAMES, "Phone": PHONES_US})
    assert made.name.indices == (1,)


def test_phones_are_tried_mobile_first_then_landline_then_work() -> None:
    columns = {"Work phone": LANDLINES, "Home phone": LANDLINES, "Phone": PHONES_US, "Mobile": PHONES_US}
    assert proposed(columns).phone.indices == (3, 2, 1, 0)


def test_a_phone_column_without_numbers_is_not_proposed_and_says_so() -> None:
    made = proposed({"Name": NAMES, "Phone": ("iPhone 12", "Pixel", "n/a", "yes"), "Mobile": PHONES_US})
    assert made.phone.indices == (2,)
    assert any("'Phone' is called a phone, but 0 of its 4 filled cells" in aside for aside in made.asides)
    assert proposed({"Name": NAMES, "Phone": ("", "", "", "")}).phone.indices == ()


@pytest.mark.parametrize("header", ["Fax", "Emergency contact", "Doctor's number", "Order no", "Parent 1"])
def test_numbers_that_may_be_somebody_elses_are_never_proposed_by_their_values(header: str) -> None:
    made = proposed({"Name": NAMES, header: PHONES_US})
    assert of_others(header)
    assert made.phone.indices == ()
    assert made.phone.candidates == ()
    assert any(header.strip() in aside for aside in made.asides)


def test_two_columns_of_numbers_without_a_telling_name_are_left_to_the_owner() -> None:
    assert proposed({"Name": NAMES, "A": PHONES_US, "B": LANDLINES}).phone.candidates == (1, 2)


def test_an_email_needs_a_name_and_values_and_only_own_ones_by_values() -> None:
    mails = ("ada@example.com", "bo@example.com", "", "di@example.com")
    assert proposed({"Mail": mails, "Work": mails}).email.indices == (0,)
    assert proposed({"Write to": mails}).email.indices == (0,)
    assert proposed({"Doctor": mails}).email.indices == ()
    assert proposed({"A": mails, "B": mails}).email.indices == ()
    assert proposed({"Email": ("yes", "no", "yes", "no")}).email.indices == ()


def test_consent_is_proposed_by_its_name_and_never_by_yes_and_no() -> None:
    """A newsletter's yes is no consent; and a consent that nobody gave calls nobody, which is safe."""
    answers = ("yes", "no", "yes", "")
    assert proposed({"Agreed to calls": answers}).consent.indices == (0,)
    assert "2 of 4" in proposed({"Agreed to calls": answers}).consent.reason
    assert proposed({"Consent": ("granted", "denied", "", "")}).consent.indices == (0,)
    made = proposed({"Newsletter": answers})
    assert made.consent.indices == ()
    assert any("'Newsletter' says yes or no" in aside for aside in made.asides)
    assert proposed({"Consent": answers, "Opt in": answers}).consent.candidates == (0, 1)


def test_who_must_not_be_called_is_never_taken_for_consent() -> None:
    """A "yes" under "Do not call" would call exactly those who forbade it."""
    made = proposed({"Name": NAMES, "Phone": PHONES_US, "Do not call": ("yes", "", "", "yes")})
    assert made.consent.indices == ()
    assert made.opted_out.indices == (2,)
    assert "do_not_call" not in [offer.key for offer in made.offers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_opt_outs_are_proposed_and_never_advised_as_consent(language: str) -> None:
    """The advice of a yes or no column, followed to the letter, must not turn an opt-out round."""
    for name in listed(LANGUAGES[language]):
        made = proposed({"Name": NAMES, "Phone": PHONES_US, name: ("Yes", "No", "No", "Yes")})
        assert (made.consent, made.opted_out.indices) == (Picked(), (2,)), name
        assert not any("consent" in aside for aside in made.asides), name


def test_times_and_zones_of_calls_are_proposed_where_they_can_be_read() -> None:
    zones = ("America/Chicago", "EST", "", "America/New_York")
    made = proposed({"Name": NAMES, "Call at": ("2026-12-07 14:30", "", "2026-12-07 09:30", ""), "Time Zone": zones})
    assert (made.call_at.indices, made.timezone.indices) == ((1,), (2,))
    made = proposed({"Name": NAMES, "Call at": ("soon", "later", "", ""), "Time Zone": ("here", "there", "", "")})
    assert (made.call_at.indices, made.timezone.indices) == ((), ())
    assert len(made.asides) == 2


def test_a_column_that_only_holds_digits_is_asked_about() -> None:
    """Numbers of somebody else, or of no telephone, look the same."""
    made = proposed({"Name": NAMES, "Ref": PHONES_US})
    assert (made.phone.indices, made.phone.candidates) == ((), (1,))


def test_addresses_of_computers_are_no_phone_numbers() -> None:
    """212.67.45.199 has as many digits as a number of the US."""
    addresses = ("212.67.45.199", "201.48.62.115", "206.34.21.188", "173.9.204.16")
    for header in ("ip_address", "Last IP", "Address", "Phone"):
        made = proposed({"Name": NAMES, header: addresses})
        assert (made.phone.indices, made.phone.candidates) == ((), ())


def test_a_country_is_proposed_where_it_is_needed_and_readable() -> None:
    assert proposed({"Phone": PHONES_US, "Country": ("US", "us", "", "GB")}).country.indices == (1,)
    made = proposed({"Phone": PHONES_US, "Country": ("US", "Atlantis", "", "GB")})
    assert made.country.indices == (1,)
    assert any("'Country' names no country that is known here in 1 rows" in aside for aside in made.asides)
    made = proposed({"Phone": PHONES_US, "Country": ("US", "Atlantis", "Lemuria", "Thule")})
    assert made.country.indices == ()
    all_told = tuple(f"+1 212 555 010{digit}" for digit in range(4))
    assert proposed({"Phone": all_told, "Country": ("US", "us", "", "GB")}).country.indices == ()


def test_what_is_left_is_offered_once_with_what_is_worth_knowing() -> None:
    made = proposed(
        {
            "Name": NAMES,
            "Phone": PHONES_US,
            "Notes": ("", "x", "", "y"),
            "Clinic Name": ("Lakeside",) * 4,
            "Visit": ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"),
            "Empty": ("",) * 4,
            "Time zone": ("UTC", "CET", "", ""),
        }
    )
    assert [(offer.index, offer.key, offer.optional, offer.reason) for offer in made.offers] == [
        (2, "notes", True, "2 of 4 rows have none"),
        (3, "clinic_name", False, "the same in all 4 rows"),
        (4, "visit", False, "dates"),
    ]
    assert "'Empty' is empty: not used" in made.asides
    assert made.timezone.indices == (6,)


def test_what_the_owner_said_wins_and_is_not_offered() -> None:
    made = proposed(
        {"Name": NAMES, "Phone": PHONES_US, "Who": NAMES, "Consent": ("yes",) * 4}, said={"name": (2,), "consent": ()}
    )
    assert (made.name.indices, made.consent.indices) == ((2,), ())
    assert [offer.index for offer in made.offers] == [0, 3]


def test_damaged_rows_say_nothing() -> None:
    """Their cells may stand in the wrong columns."""
    rows = [Row(2, ("(212) 555-0101", "Ada"), damage="too many fields"), Row(3, ("Ada", "(212) 555-0102"))]
    profiles = profiles_of(("Name", "Phone"), rows, region="US")
    assert [(each.rows, each.phones) for each in profiles] == [(1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("header", "references"),
    [
        (("Name", "", "Phone"), ("Name", "#2", "Phone")),
        (("Name", "name ", "Phone"), ("#1", "#2", "Phone")),
        (("#2", "", ""), ("#2", None, "#3")),
        (("a\ud800", "b"), ("#1", "b")),
    ],
)
def test_a_column_is_named_so_that_it_alone_is_meant(
    header: tuple[str, ...], references: tuple[str | None, ...]
) -> None:
    assert references_of(header) == references
    assert [column_index(name, header) for name in references if name] == [
        index for index, name in enumerate(references) if name
    ]


@given(st.text(), st.integers(0, 99), st.sets(st.sampled_from(["notes", "notes_2", "column_1", "a"])))
def test_a_key_is_ascii_and_nobody_elses(name: str, index: int, taken: set[str]) -> None:
    key = key_of(name, index=index, taken=taken)
    assert key not in taken
    assert key.isascii()
    assert key.replace("_", "").isalnum()


@pytest.mark.parametrize(
    ("name", "key"),
    [("Due date", "due_date"), ("Größe (cm)", "grosse_cm"), ("Łódź", "lodz"), ("Дата", "column_3"),
     ("2nd visit", "column_3"),
     ("E-Mail", "e_mail"), ("  ", "column_3"), ("Ørsted", "orsted")],
)  # fmt: skip
def test_a_key_is_the_name_in_small_latin_letters(name: str, key: str) -> None:
    assert key_of(name, index=2, taken=set()) == key


def test_regions_are_counted_and_the_numbers_that_say_their_country_speak_for_it() -> None:
    london = ["020 7946 0100", "020 7946 0101", "020 7946 0102"]
    assert dict(region_fits(london))["GB"] == 3
    assert region_fits(london, beside=["+44 20 7946 0103"] * 9)[0] == ("GB", 3)
    assert region_fits(["(212) 555-0101", "(415) 555-0102", "12"])[0] == ("US", 2)
    assert region_fits(["416 555 0101", "604-555-0102"])[0] == ("CA", 2)
    assert region_fits([]) == []
    assert region_fits(["12", "34"]) == []
    assert valid_in([*london, "020 7946"], "GB") == 3


def test_every_phone_use_has_its_place_in_the_order() -> None:
    assert {use for use in Use if "phone" in use.value or use in (Use.MOBILE, Use.LANDLINE)} == set(PHONES)
