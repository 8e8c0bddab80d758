"""`[hours]`, `[stagger]` and their neighbours: what decides when phones ring is read to the letter, or refused."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from campaign.config.run_plan import RunPlan, plan_of
from campaign.config.template import Template
from campaign.domain.errors import TemplateError, UsageError
from campaign.preparation.load_template import read_template

LEAST = '[columns]\nname = "Patient"\nphone = "Mobile"\n'
HOURS = LEAST + "[hours]\nfrom = 09:00:00\nuntil = 20:00:00\n"
MOST = (
    LEAST
    + """
call_at = "Call at"
timezone = ["Time zone", "TZ"]
state = "State"
zip = "ZIP"

[hours]
windows = [{ from = 09:00:00, until = 12:30:00 }, { from = 13:30:00, until = 20:00:00 }]
days = ["mon", "tue", "wed", "thu", "fri"]
timezone = "recipient"
fallback = "Eastern"
skip = [2026-12-24, 2026-12-31]
holidays = "US"
rules = "us"
deliver = "wait"

[stagger]
start = 2026-12-01T09:00:00
timezone = "America/New_York"
every = "30s"
jitter = "5s"
seed = 7
order = "zones"

[limits]
finish_by = 2026-12-05T20:00:00-06:00
cost_per_call = 0.05
cost_per_minute = 0.10
minutes_per_call = 2.5
"""
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reminder.toml"


def read(file: Path, text: str, *, timezone: str | None = None) -> Template:
    file.write_text(text, encoding="utf-8")
    return read_template(file, timezone=timezone)


def refusal(file: Path, text: str, *, timezone: str | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        read(file, text, timezone=timezone)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_key_loads_and_outlives_being_written_down(file: Path) -> None:
    """A resume goes by the plan that stands with its run, and by no other."""
    made = read(file, MOST)
    assert made.hours is not None
    assert made.stagger is not None
    assert [(one.begin, one.until) for one in made.hours.windows] == [
        (time(9), time(12, 30)),
        (time(13, 30), time(20)),
    ]
    assert made.hours.fallback == "America/New_York"
    assert made.hours.skip == (date(2026, 12, 24), date(2026, 12, 31))
    assert made.stagger.start == datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert made.stagger.every == timedelta(seconds=30)
    assert made.limits.finish_by == datetime(2026, 12, 6, 2, tzinfo=UTC)
    plan = plan_of(made, environment={}, sandbox=True)
    assert plan.cost_of_call == pytest.approx(0.05 + 0.10 * 2.5)
    # Of the template only what reads rows is written down with it.
    written = RunPlan.model_validate_json(plan.model_dump_json())
    assert written.model_copy(update={"template": plan.template}) == plan
    assert written.model_dump_json() == plan.model_dump_json()


def test_a_plan_of_an_older_run_has_no_hours() -> None:
    written = '{"call":{"team_id":"t","call_template_id":"c"},"calls_per_second":1.0,"max_in_flight":8,'
    plan = RunPlan.model_validate_json(written + '"call_again_after":"PT24H"}')
    assert not plan.is_timed


def test_times_do_not_make_a_sheet_look_new(file: Path) -> None:
    """A run that goes slower calls the same people: the sheet must be known again."""
    before = read(file, LEAST).fingerprint()
    assert read(file, HOURS).fingerprint() == before
    assert read(file, LEAST + '[stagger]\nevery = "30s"\n').fingerprint() == before
    assert read(file, LEAST + 'call_at = "At"\n').fingerprint() != before


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        (HOURS, True),
        (HOURS + 'deliver = "delay"\n', False),
        (LEAST + '[stagger]\nevery = "30s"\n', False),
        (HOURS + '[stagger]\nevery = "30s"\n', True),
        (LEAST + 'call_at = "At"\n', False),
        (LEAST + 'call_at = "At"\n[hours]\ndeliver = "wait"\n', True),
    ],
)
def test_what_is_submitted_ahead_of_its_time_is_said_or_has_no_hours(file: Path, text: str, *, waits: bool) -> None:
    """A call that was submitted cannot be taken back."""
    assert plan_of(read(file, text), environment={}, sandbox=True).delays is not waits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HOURS + "form = 1\n", "'hours.form'; did you mean 'from'?"),
        (LEAST + "[hours]\nwindows = [{ form = 09:00:00 }]\n", "did you mean 'from'?"),
        (LEAST + "[stagger]\nevry = '30s'\n", "'stagger.evry'; did you mean 'every'?"),
        (LEAST + "[hours]\nfrom = '9'\nuntil = 20:00:00\n", "write a time of day: 09:00:00"),
        (LEAST + "[hours]\nfrom = 9\nuntil = 20:00:00\n", "write a time of day: 09:00:00"),
        (LEAST + "[hours]\nfrom = '13pm'\nuntil = 20:00:00\n", "write a time of day: 09:00:00"),
        (LEAST + "[hours]\nfrom = 09:00:00\n", "give both from and until"),
        (LEAST + "[hours]\nfrom = 20:00:00\nuntil = 09:00:00\n", "goes over midnight"),
        (LEAST + "[hours]\nfrom = 09:00:00\nuntil = 09:00:30\n", "too short"),
        (HOURS + "windows = [{ from = 09:00:00, until = 10:00:00 }]\n", "not both"),
        (LEAST + '[hours]\ndays = ["mon"]\n', "days, skip and holidays need from and until"),
        (HOURS + 'days = ["monday"]\n', "'hours.days.0'"),
        (HOURS + "days = []\n", "must not be empty"),
        (HOURS + 'timezone = "Mars/Olympus"\n', "no time zone that is known"),
        (HOURS + 'fallback = "EST5"\n', "no time zone that is known"),
        (HOURS + 'skip = ["2026-12-24"]\n', "write a date without quotes"),
        (HOURS + 'holidays = "usa"\n', "'hours.holidays'"),
        (HOURS + 'holidays = "ZZ"\n', "no public holidays are known"),
        (HOURS + 'rules = "uk"\n', "'hours.rules'"),
        (HOURS + 'deliver = "now"\n', "'hours.deliver'"),
        (LEAST + 'timezone = "TZ"\n[hours]\nfrom = 09:00:00\nuntil = 20:00:00\ntimezone = "UTC"\n', "take one of them"),
        (LEAST + "[stagger]\njitter = '5s'\n", "give one of every, per_hour and over"),
        (LEAST + "[stagger]\nevery = '5s'\nover = '3h'\n", "give one of every, per_hour and over"),
        (LEAST + "[stagger]\nevery = '0s'\n", "more than nothing"),
        (LEAST + "[stagger]\nevery = 30\n", "write a whole number and a unit"),
        (LEAST + "[stagger]\nper_hour = 0\n", "'stagger.per_hour'"),
        (LEAST + "[stagger]\nevery = '5s'\nstart = 2026-12-01T09:00:00\n", "in which time zone?"),
        (LEAST + "[limits]\nfinish_by = 2026-12-01T09:00:00\n", "in which time zone?"),
        (LEAST + "[limits]\ncost_per_minute = 0.1\n", "cost_per_minute and minutes_per_call go together"),
    ],
)
def test_what_is_not_plain_is_refused(file: Path, text: str, said: str) -> None:
    """Passed over in silence, it would ring people at night."""
    assert said in refusal(file, text)


def test_a_flag_says_where_hours_hold(file: Path) -> None:
    """It wins over the template, and says where the template's own times are meant."""
    stagger = '[stagger]\nevery = "30s"\nstart = 2026-12-01T09:00:00\n'
    made = read(file, HOURS + stagger, timezone="Europe/Berlin")
    assert made.hours is not None
    assert made.stagger is not None
    assert made.hours.timezone == "Europe/Berlin"
    assert made.stagger.start == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert "timezone = 'Nowhere'" in refusal(file, LEAST, timezone="Nowhere")
    alone = read(file, LEAST, timezone="Europe/Berlin")
    assert alone.hours is not None
    assert not alone.hours.restricts


def test_times_of_day_are_those_of_toml() -> None:
    """A typed cell and a template's value are two things; TOML has a time of day of its own."""
    assert tomllib.loads("at = 09:00:00")["at"] == time(9)


def test_refusals_name_the_file(file: Path) -> None:
    with pytest.raises(TemplateError, match="reminder"):
        read(file, LEAST + "[hours]\nfrom = 09:00:00\n")
