"""Where a phone may be: all of the places, unless somebody who knows says which."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import pytest
from phonenumbers import PhoneNumber, PhoneNumberType, geocoder
from phonenumbers.tzdata import TIMEZONE_DATA

from campaign.timing.zones import recipient_zone, us_states, zone_names
from campaign.timing.zones.recipient_zone import ZoneFault, narrowed, zone_of, zones_of_number, zones_of_person
from campaign.timing.zones.us_states import is_from, state_named, state_of_zip, zones_of_state
from campaign.timing.zones.zone_names import zones_meant

NEW_YORK, CHICAGO, DENVER, LOS_ANGELES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+12125550123", (NEW_YORK,)),
        ("+12085550123", (DENVER, LOS_ANGELES)),  # Idaho
        ("+18765550123", ("America/Jamaica",)),
        ("+442079460123", ("Europe/London",)),
        ("+493012345678", ("Europe/Berlin",)),
        ("+818012345678", ("Asia/Tokyo",)),
    ],
)
def test_a_number_is_in_the_zones_of_its_place(number: str, expected: tuple[str, ...]) -> None:
    assert zones_of_number(number) == expected


@pytest.mark.parametrize(
    ("number", "both"),
    [
        ("+12705550123", {NEW_YORK, CHICAGO}),  # western Kentucky: the library says New York, an hour too early
        ("+13645550123", {NEW_YORK, CHICAGO}),  # lies over 270
        ("+18505550123", {NEW_YORK, CHICAGO}),
        ("+19305550123", {NEW_YORK, CHICAGO}),
        ("+19285550123", {"America/Phoenix", DENVER}),
        ("+14585550123", {LOS_ANGELES, DENVER}),
        ("+6281234567890", {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}),
        ("+61412345678", {"Australia/Sydney", "Australia/Perth", "Australia/Darwin"}),
        ("+56612345678", {"America/Santiago", "America/Punta_Arenas"}),
    ],
)
def test_a_number_that_may_be_in_several_zones_is_in_all_of_them(number: str, both: set[str]) -> None:
    """One of them alone would let the others be rung before their morning."""
    assert both <= set(zones_of_number(number))


@pytest.mark.parametrize("number", ["+18005550199", "+15005550123", "+448001234567", "+80012345678", "+1212", "", "x"])
def test_a_number_without_a_place_is_in_no_zone(number: str) -> None:
    assert zones_of_number(number) == ()


def test_no_example_number_has_fewer_zones_than_the_library_gives_it() -> None:
    """What is added here is added to the library's answer; only toll-free numbers lose theirs."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            theirs = set(phonenumbers.timezone.time_zones_for_number(number)) - {"Etc/Unknown"}
            if number.country_code == 1 and len(theirs) > 30:
                continue  # the whole of North America: the area code is unknown to the library
            ours = zones_of_number(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
            assert {recipient_zone._ALIKE.get(zone, zone) for zone in theirs} <= set(ours), number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("europe/kiev", "Europe/Kiev"),
        ("America/new york", NEW_YORK),
        ("US/Eastern", "US/Eastern"),
        ("Eastern", NEW_YORK),
        ("Eastern Time", NEW_YORK),
        ("  US Eastern Standard Time ", NEW_YORK),
        ("EDT", NEW_YORK),
        ("(e.t.)", NEW_YORK),
        ("Pacific Time", LOS_ANGELES),
        ("Central European Time", "Europe/Berlin"),
        ("CEST", "Europe/Berlin"),
        ("MEZ", "Europe/Berlin"),
        ("Japan", "Japan"),
        ("UTC", "Etc/UTC"),
    ],
)
def test_a_time_zone_is_read_as_people_write_it(text: str, expected: str) -> None:
    found = zone_of(text)
    assert found is not None
    assert found.key == expected


@pytest.mark.parametrize("text", ["EST", "MST", "HST", "EST5EDT", "CET"])
def test_g07_letters_are_the_clock_that_people_mean_and_not_a_fixed_offset(text: str) -> None:
    """IANA's EST is never changed in summer: New York's nine would be rung at ten, or at eight."""
    assert zones_meant(text)[0] != text


@pytest.mark.parametrize(
    "text",
    ["../../etc/passwd", "/etc/passwd", "America/../../etc/passwd", "\0", "localtime", "Factory", "posixrules", "",
     "America", "GMT+5", "Etc/GMT+5", "UTC-5", "-05:00", "5", "Middle-earth/Shire", "nan"],
)  # fmt: skip
def test_g07_what_is_no_place_is_no_time_zone(text: str) -> None:
    """Paths are only compared, and an offset is some other zone's for half of the year."""
    assert zones_meant(text) == ()
    assert zone_of(text) is None


@pytest.mark.parametrize("text", ["IST", "BST", "GMT"])
def test_letters_of_several_continents_are_not_guessed(text: str) -> None:
    assert zone_of(text) is None


@pytest.mark.parametrize(
    ("number", "text", "expected"),
    [
        ("+12125550123", "CST", (CHICAGO,)),
        ("+8613812345678", "CST", ("Asia/Shanghai",)),
        ("+16025550123", "MST", ("America/Phoenix",)),
        ("+13035550123", "MST", (DENVER,)),
        ("+61412345678", "Eastern Time", ("Australia/Sydney", "Australia/Brisbane")),
        ("+919876543210", "IST", ("Asia/Kolkata",)),
        ("+353850123456", "IST", ("Europe/Dublin",)),
        ("+972502345678", "IST", ("Asia/Jerusalem",)),
        ("+447400123456", "BST", ("Europe/London",)),
    ],
)
def test_the_number_shows_whose_letters_are_meant(number: str, text: str, expected: tuple[str, ...]) -> None:
    assert zones_of_person(number, timezone=text) == expected


@pytest.mark.parametrize(("number", "text"), [("+12125550123", "IST"), ("+493012345678", "GMT"), ("x", "Eastern")])
def test_letters_that_are_none_of_the_numbers_country_are_refused(number: str, text: str) -> None:
    """Which of the continents is meant cannot be known."""
    fault = zones_of_person(number, timezone=text)
    assert isinstance(fault, ZoneFault)
    assert "several continents" in fault.reason


def test_what_a_person_says_narrows_what_the_number_says() -> None:
    assert zones_of_person("+12705550123", state="KY") == (CHICAGO, NEW_YORK)
    assert zones_of_person("+12085550123", state="Idaho", timezone="Pacific") == (LOS_ANGELES,)
    assert zones_of_person("+13055550123", state="FL") == (NEW_YORK,)
    assert zones_of_person("+18135550123", zip_code="33601") == (NEW_YORK,)


def test_a_number_of_another_state_does_not_show_where_in_its_state_a_person_is() -> None:
    """Who kept a number of Denver and lives in Texas is hardly in the part of it that has Denver's time."""
    assert zones_of_person("+13035550123", state="TX") == (CHICAGO, DENVER)
    assert zones_of_person("+13035550123", zip_code="75201") == (CHICAGO, DENVER)
    assert zones_of_person("+12125550123", state="TN") == (CHICAGO, NEW_YORK)


def test_a_state_and_a_zip_code_that_contradict_each_other_both_hold() -> None:
    assert zones_of_person("+13055550123", state="FL", zip_code="75201") == (CHICAGO, DENVER, NEW_YORK)


def test_the_area_codes_of_states_are_those_of_the_librarys_map() -> None:
    """Only where a state has several zones does it matter which numbers are its own."""
    assert set(us_states._AREA_CODES) == {code for code, names in us_states._ZONES.items() if len(names) > 1} - {"NU"}
    for area in range(200, 1000):
        number = PhoneNumber(country_code=1, national_number=area * 10**7 + 5550123)
        place = geocoder.description_for_number(number, "en").rpartition(", ")[2].removesuffix(" State")
        state = state_named(place)
        claimed = [code for code in us_states._AREA_CODES if is_from(str(area), code)]
        if state in us_states._AREA_CODES:
            assert claimed == [state], area
        elif state is not None:
            assert claimed == [], area


def test_what_a_person_says_wins_over_the_number() -> None:
    """People move, and keep their numbers."""
    assert zones_of_person("+12125550123", state="CA") == (LOS_ANGELES,)
    assert zones_of_person("+12125550123", zip_code="94105-1234") == (LOS_ANGELES,)
    assert zones_of_person("+12125550123", state="CA", timezone="Asia/Tokyo") == ("Asia/Tokyo",)
    assert zones_of_person("+18005550199", state="CA") == (LOS_ANGELES,)


def test_where_nothing_narrows_them_all_stated_zones_hold() -> None:
    assert narrowed((NEW_YORK,), (DENVER, LOS_ANGELES)) == (DENVER, LOS_ANGELES)


def test_states_and_zip_codes_are_passed_over_outside_north_america() -> None:
    """10115 is in Berlin, and WA is in Australia."""
    assert zones_of_person("+493012345678", zip_code="10115", state="Berlin") == ("Europe/Berlin",)
    assert "Australia/Sydney" in zones_of_person("+61412345678", state="WA")  # type: ignore[operator]  # no fault


def test_a_number_without_a_place_needs_a_zone_from_somewhere() -> None:
    assert zones_of_person("+18005550199", fallback=CHICAGO) == (CHICAGO,)
    fault = zones_of_person("+18005550199")
    assert isinstance(fault, ZoneFault)
    assert (fault.column, fault.value) == ("phone", "+18005550199")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"timezone": "Neverland"}, "timezone"),
        ({"state": "Neverland"}, "state"),
        ({"zip_code": "2139"}, "zip"),  # the zero is lost: 02139, or 21390
        ({"zip_code": "09012"}, "zip"),  # military mail
        ({"zip_code": "96910"}, "zip"),
        ({"zip_code": "00000"}, "zip"),
    ],
)
def test_a_cell_that_is_not_understood_is_refused_and_not_passed_over(cells: dict[str, str], column: str) -> None:
    fault = zones_of_person("+12125550123", **cells)
    assert isinstance(fault, ZoneFault)
    assert (fault.column, fault.value) == (column, next(iter(cells.values())))


def test_blank_cells_say_nothing() -> None:
    assert zones_of_person("+12125550123", timezone=" ", state="", zip_code=" ") == (NEW_YORK,)


@pytest.mark.parametrize(
    ("text", "code"),
    [("ny", "NY"), (" New  York ", "NY"), ("D.C.", "DC"), ("washington", "WA"), ("Ontario", "ON"),
     ("Neverland", None), ("", None)],
)  # fmt: skip
def test_states_are_read_in_full_and_in_short(text: str, code: str | None) -> None:
    assert state_named(text) == code


@pytest.mark.parametrize(
    ("text", "state"),
    [("10001", "NY"), ("00501", "NY"), ("06390", "CT"), ("60601", "IL"),
     ("88510", "TX"), ("73301", "TX"), ("20101", "VA"),
     ("10115x", None), ("00801", "VI"), ("00907", "PR"), ("96799", "AS"), ("96813", "HI"), ("99950", "AK"),
     ("902101234", "CA"),
     ("\u0661\u0660\u0660\u0660\u0661", None), ("100 01", None), ("34002", None)],
)  # fmt: skip
def test_zip_codes_show_their_state(text: str, state: str | None) -> None:
    assert state_of_zip(text) == state


def test_all_states_are_there_and_have_zones_and_zip_codes() -> None:
    """50 states, the district, 5 territories, 13 provinces; a ZIP range for all but the provinces, GU and MP."""
    assert len(us_states._ZONES) == 50 + 1 + 5 + 13
    provinces = {"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"}
    assert set(us_states._ZONES) - set(us_states._ZIP_STATES.values()) == provinces | {"GU", "MP", "AS"}
    assert all(zones_of_state(code) for code in us_states._ZONES)


def test_every_zone_in_the_tables_exists_and_is_called_as_the_numbers_call_it() -> None:
    """A zone by another name would narrow nothing."""
    tables = {zone for table in (zone_names._MEANT, us_states._ZONES) for names in table.values() for zone in names}
    assert tables <= available_timezones()
    library = {zone for names in TIMEZONE_DATA.values() for zone in names}
    not_in_numbers = {"America/Whitehorse", "Europe/Kaliningrad"}
    assert {recipient_zone._ALIKE.get(zone, zone) for zone in tables} - not_in_numbers <= set(
        recipient_zone._named(library)
    )


@pytest.mark.parametrize(("one", "other"), recipient_zone._ALIKE.items())
def test_zones_that_are_taken_for_one_show_the_same_time(one: str, other: str) -> None:
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=count) for count in range(2 * 8760)]
    assert all(hour.astimezone(ZoneInfo(one)).hour == hour.astimezone(ZoneInfo(other)).hour for hour in hours)
