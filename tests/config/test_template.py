"""The template: every key that is documented loads, every other is refused with a way out, all faults at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from campaign.config.template import JoinSection, Template
from campaign.config.template_file import load_template
from campaign.domain.errors import TemplateError

LEAST = '[columns]\nname = "Patient"\nphone = "Mobile"\n'
MOST = """
title = "Appointment reminder"

[call]
team_id = "team-1"
call_template_id = "template-1"
record = false
phone_number_id = "number-1"
from_phone_number = "+12025550100"
telephony_provider = "plivo"
webhooks = [{ url = "https://hooks.example", subscribed_event = "phoneCall.completed", secret_env = "HOOK" }]
reference = "campaign_ref"

[columns]
name = "Patient"
phone = ["Mobile", "Phone"]
email = "Email"
consent = "Agreed to calls"

[variables]
appointment_date = "Appointment"
doctor = ["Doctor", "Physician"]
clinic = { value = "Lakeside Clinic" }
notes = { column = "Notes", optional = true }

[phone]
region = "US"

[pace]
calls_per_second = 2.5
max_in_flight = 4

[limits]
call_again_after = "72h"
max_calls = 1000
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reminder.toml"


def load(file: Path, text: str) -> Template:
    file.write_text(text, encoding="utf-8")
    return load_template(file)


def refusal(file: Path, text: str) -> str:
    """What the user is told: one line that names the file."""
    with pytest.raises(TemplateError) as caught:
        load(file, text)
    said = str(caught.value)
    assert said.startswith(f"template {file}: ")
    assert "\n" not in said
    # The words of the library, and the names of this program's classes, are not the user's.
    assert "Section" not in said
    assert "pydantic" not in said
    return said.removeprefix(f"template {file}: ")


def test_every_documented_key_loads(file: Path) -> None:
    """The reference and the program are two statements of one fact."""
    made = load(file, MOST)
    assert made.title == "Appointment reminder"
    assert made.call.model_dump() == {
        "team_id": "team-1",
        "call_template_id": "template-1",
        "record": False,
        "phone_number_id": "number-1",
        "from_phone_number": "+12025550100",
        "telephony_provider": "plivo",
        "webhooks": (
            {"url": "https://hooks.example", "subscribed_event": "phoneCall.completed", "secret_env": "HOOK"},
        ),
        "reference": "campaign_ref",
    }
    assert made.columns.phone == ("Mobile", "Phone")
    assert made.columns.consent == ("Agreed to calls",)
    assert made.variables["doctor"].column == ("Doctor", "Physician")
    assert made.variables["clinic"].value == "Lakeside Clinic"
    assert made.variables["notes"].optional
    assert list(made.variables) == ["appointment_date", "doctor", "clinic", "notes"]
    assert made.phone.region == "US"
    assert (made.pace.calls_per_second, made.pace.max_in_flight) == (2.5, 4)
    assert (made.limits.call_again_after, made.limits.max_calls) == (timedelta(hours=72), 1000)
    assert made.limits.max_rows == 100_000


def test_the_least_template_has_safe_defaults(file: Path) -> None:
    """One call a second; nobody twice within a day; no country is guessed."""
    made = load(file, LEAST)
    assert (made.pace.calls_per_second, made.pace.max_in_flight) == (1.0, 8)
    assert made.limits.call_again_after == timedelta(hours=24)
    assert made.phone.region is None
    assert made.call.record is None


def test_a_byte_order_mark_is_no_fault(file: Path) -> None:
    """Some editors write one."""
    assert load(file, "\ufeff" + LEAST).columns.name == ("Patient",)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("titel = 'x'\n" + LEAST, "'titel'; did you mean 'title'?"),
        ("[colums]\n" + LEAST, "'colums'; did you mean 'columns'?"),
        (LEAST + "mail = 'x'\n", "'columns.mail'; did you mean 'email'?"),
        (LEAST + "[call]\nteamId = 'x'\n", "'call.teamId'; did you mean 'team_id'?"),
        (LEAST + "[pace]\ncall_per_second = 1\n", "'pace.call_per_second'; did you mean 'calls_per_second'?"),
        (LEAST + "[limits]\nmaxcalls = 1\n", "'limits.maxcalls'; did you mean 'max_calls'?"),
        (LEAST + "[phone]\nregoin = 'US'\n", "'phone.regoin'; did you mean 'region'?"),
        (LEAST + "[variables]\nx = { colum = 'X' }\n", "'variables.x.colum'; did you mean 'column'?"),
        (LEAST + "[[call.webhooks]]\nurl = 'https://a.example'\nsecret = 's3cret'\n", "did you mean 'secret_env'?"),
        (LEAST + "[pace]\nzzz = 1\n", "'pace.zzz'; known here: calls_per_second, calls_per_minute, max_in_flight"),
        (LEAST + "[call]\napi_key = 's3cret'\n", "unknown key 'call.api_key'"),
        (LEAST + "[call]\nstatus = 'completed'\n", "unknown key 'call.status'"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(file: Path, text: str, known: str) -> None:
    """A misspelt limit that is passed over is a limit that does not hold."""
    said = refusal(file, text)
    assert known in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(hours=24)),
        (" 24 h ", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
        ("3650d", timedelta(days=3650)),
    ],
)
def test_a_duration_is_a_whole_number_and_a_unit(file: Path, text: str, duration: timedelta) -> None:
    """As people say it."""
    assert load(file, f'{LEAST}[limits]\ncall_again_after = "{text}"').limits.call_again_after == duration


@pytest.mark.parametrize(
    "value",
    ['"24"', "24", "24.0", "true", '"-1h"', '"1.5h"', '"1h30m"', '"24H"', '"1w"', '"h"', '""', '"PT24H"', '"1 day"',
     '"24:00:00"', "09:00:00", "2026-12-01", '"\u0662h"', '"99999999999999999999d"', '"999999999d"', '"3651d"', "[]"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(file: Path, value: str) -> None:
    """24 is a day to its writer and 24 seconds to a program: everybody would be called again."""
    assert "'limits.call_again_after'" in refusal(file, f"{LEAST}[limits]\ncall_again_after = {value}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "5"),
        ("call", "5"),
        ("call.record", '"no"'),
        ("call.record", "0"),
        ("call.team_id", "17"),
        ("call.team_id", '""'),
        ("call.telephony_provider", '"vonage"'),
        ("call.webhooks", "5"),
        ("call.webhooks", '["https://a.example"]'),
        ("call.webhooks", '[{ url = "ftp://a.example" }]'),
        ("call.webhooks", '[{ url = "https://a.example", secret_env = "" }]'),
        ("columns.email", "5"),
        ("columns.email", "[]"),
        ("columns.email", '""'),
        ("columns.email", '["Mail", 5]'),
        ("columns.email", '["Mail", ""]'),
        ("variables", "5"),
        ("variables.x", "5"),
        ("variables.x", "true"),
        ("variables.x", "{}"),
        ("variables.x", '""'),
        ("variables.x", "[]"),
        ("variables.x", '{ column = "X", value = "y" }'),
        ("variables.x", '{ value = "y", optional = true }'),
        ("variables.x", '{ value = "" }'),
        ("variables.x", "{ value = 5 }"),
        ("variables.x", '{ column = "X", optional = "no" }'),
        ('variables.""', '"X"'),
        ("phone.region", '"us"'),
        ("phone.region", '"USA"'),
        ("phone.region", "1"),
        ("phone.region", '""'),
        ("pace.calls_per_second", "0"),
        ("pace.calls_per_second", "-1.0"),
        ("pace.calls_per_second", "inf"),
        ("pace.calls_per_second", "nan"),
        ("pace.calls_per_second", "10001"),
        ("pace.calls_per_second", '"1"'),
        ("pace.calls_per_second", "true"),
        ("pace.max_in_flight", "0"),
        ("pace.max_in_flight", "1001"),
        ("pace.max_in_flight", "8.0"),
        ("pace.max_in_flight", "true"),
        ("pace.max_in_flight", '"8"'),
        ("limits.max_calls", "0"),
        ("limits.max_rows", "0"),
        ("limits.max_rows", '"many"'),
        ("limits.max_calls", "1.5"),
        ("limits.max_calls", "false"),
        ("limits.max_calls", '"1000"'),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_and_named(file: Path, key: str, value: str) -> None:
    """Nothing is turned into something else: the text "no" is not false, and 8.0 is not a number of calls."""
    said = refusal(file, f'columns.name = "Patient"\ncolumns.phone = "Mobile"\n{key} = {value}\n')
    assert "TOML" not in said
    assert said.startswith("'" + key.replace('""', ""))


def test_all_faults_are_told_at_once(file: Path) -> None:
    """Nobody wants to run a program eight times to find eight faults."""
    said = refusal(
        file,
        'titel = "x"\n[call]\nrecord = "no"\n[columns]\nname = ""\n[pace]\ncalls_per_second = 0\nrate = 5\n'
        '[limits]\ncall_again_after = 24\nmax_calls = 0\n[variables]\nx = {}\n[hours]\nfrom = 09:00:00\n',
    )  # fmt: skip
    for key in ("titel", "call.record", "columns.name", "columns.phone", "pace.calls_per_second", "pace.rate",
                "limits.call_again_after", "limits.max_calls", "variables.x", "hours"):  # fmt: skip
        assert f"'{key}" in said, key
    assert said.count("; ") >= 9


@pytest.mark.parametrize(
    "text",
    ["", "[", "= 5", "title = 'x", "a = 1\na = 2", LEAST + LEAST, "title = 2026-13-45", "x = 1" * 3, "<xml/>",
     "{}", "title: x", "x = " + "9" * 5_000, "x = " + "[" * 50_000, "\0", 'title = "\\ud800"'],
    ids=lambda text: repr(text)[:20],
)  # fmt: skip
def test_a_file_that_is_no_template_is_refused(file: Path, text: str) -> None:
    """In one line, whatever the parser makes of it."""
    refusal(file, text)


@pytest.mark.parametrize("data", [LEAST.encode("utf-16"), b'title = "caf\xe9"', b"PK\x03\x04\xff\xfe"], ids=repr)
def test_a_file_that_is_no_text_is_refused(file: Path, data: bytes) -> None:
    """A sheet given in the template's place, say."""
    file.write_bytes(data)
    with pytest.raises(TemplateError, match="UTF-8"):
        load_template(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With what to give instead."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(TemplateError, match=r"\.toml"):
            load_template(path)


@pytest.mark.parametrize(
    ("more", "same"),
    [
        ("[pace]\ncalls_per_second = 9\n", True),
        ("[limits]\nmax_calls = 9\n", True),
        ('[call]\nteam_id = "team-2"\n', True),
        ("[call]\nrecord = true\n", False),
        ('[variables]\ndoctor = "Doctor"\n', False),
        ('[phone]\nregion = "GB"\n', False),
        ('email = "Email"\n', False),
        ('country = "Country"\n', False),
    ],
)
def test_a_template_is_the_same_as_long_as_it_makes_the_same_calls(file: Path, more: str, same: bool) -> None:  # noqa: FBT001 - a case of the table
    """A sheet that was run under it is recognised by this: too easily, and people are called twice; too hard, too."""
    assert (load(file, LEAST + more).fingerprint() == load(file, LEAST).fingerprint()) is same


def test_how_a_date_is_spoken_makes_another_call(file: Path) -> None:
    """And the language does, where a date is spoken in it; elsewhere nobody hears it."""
    spoken = '[variables]\nday = { column = "Day", format = "%A" }\n'
    plain = LEAST + '[variables]\nday = "Day"\n'
    english, german = (load(file, f'language = "{code}"\n' + LEAST + spoken).fingerprint() for code in ("en", "de"))
    assert len({english, german, load(file, plain).fingerprint()}) == 3
    assert load(file, 'language = "de"\n' + plain).fingerprint() == load(file, plain).fingerprint()


def test_a_key_that_a_later_version_brought_changes_no_sheet_that_was_run_before(file: Path) -> None:
    """The names that ledgers of the first version hold: a sheet under another name would be run a second time."""
    assert load(file, LEAST).fingerprint() == "c3ecc588ba28bb903f5ae46ec1e5da21640f253c0941cab0cbf6850326efc3a0"
    more = 'columns.name = ["A", "B"]\ncolumns.phone = ["Mobile"]\ncolumns.email = "E"\nphone.region = "US"\n'
    made = load(file, more + 'variables.d = "D"\nvariables.c.value = "x"\n')
    assert made.fingerprint() == "28d8d9feab451ef5b7d63d233740fdeb4016429718fd88c7b5b729456b11cda1"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ('{ join = ["First", "Last"] }', None),
        ('{ join = ["First"] }', "'columns.name': join two columns or more"),
        ('{ join = "First" }', "'columns.name.join' = 'First': must be a list"),
        ('{ join = ["First", ""] }', "'columns.name.join.1' = '': must not be empty"),
        ('{ joint = ["First", "Last"] }', "unknown key 'columns.name.joint'; did you mean 'join'?"),
        ("{}", "'columns.name.join' is missing"),
        ("5", "'columns.name' = 5: must be a list"),
    ],
)
def test_a_name_may_be_joined_of_several_columns(file: Path, name: str, says: str | None) -> None:
    text = f'[columns]\nname = {name}\nphone = "Phone"\n'
    if says is None:
        assert load(file, text).columns.name == JoinSection(join=("First", "Last"))
    else:
        assert says in refusal(file, text)
