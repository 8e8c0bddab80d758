"""Template: the TOML file that says how sheets of one kind become calls.

Frozen, typed, and strict: an unknown key is an error that names the key and the nearest known one, since a misspelt
limit that is ignored is a limit that does not hold.
"""

import hashlib
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, StrictInt, Tag, field_validator, model_validator

from campaign.config.answers_section import AnswersSection
from campaign.config.outcome_sections import CanarySection, RetrySection
from campaign.config.sheet_section import SheetSection
from campaign.config.spoken_format import IN_WORDS, Language, SpokenFormat, letters_of
from campaign.config.timing_sections import HoursSection, StaggerSection
from campaign.config.values import ColumnNames, DateAndTime, Duration, Section, Text, names
from campaign.domain.bounds import FASTEST_PER_SECOND, MOST_COUNTED, SLOWEST_PER_SECOND

# Names of union members; they appear in the path of an error, but the user did not write them.
ONE_OF, JOINED, ORDERED = "(one of)", "(joined)", "(ordered)"
_FEWEST_JOINED = 2
_SOONEST_FOLLOWED = timedelta(minutes=15)
# Keys newer than the first ledgers: while unused, they must not change the fingerprint of an earlier run.
_YOUNGER = (
    ("columns", "opted_out"),
    ("columns", "country"),
    ("columns", "call_at"),
    ("columns", "timezone"),
    ("columns", "state"),
    ("columns", "zip"),
    ("phone", "allow"),
)


Counted = Annotated[StrictInt, Field(ge=1, le=MOST_COUNTED)]
Cost = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
AllowedKind = Literal["premium_rate", "shared_cost", "pager", "voicemail", "uan", "satellite", "vanity", "fictitious"]
"""Numbers that are called only when the template says so; emergency and short numbers are not among them."""


class WebhookSection(Section):
    """A webhook that every call gets. `secret_env` names the environment variable with its secret."""

    url: Annotated[str, Field(pattern=r"^https?://")]
    subscribed_event: Text = "phoneCall.completed"
    secret_env: Text | None = None


class CallSection(Section):
    """`[call]`: fields that go unchanged into every request. Team and call template may come from the environment.

    `reference` names a prompt variable that carries a reference of our own, by which a call can be found again.
    """

    team_id: Text | None = None
    call_template_id: Text | None = None
    record: StrictBool | None = None
    phone_number_id: Text | None = None
    from_phone_number: Text | None = None
    telephony_provider: Literal["twilio", "plivo", "telnyx"] | None = None
    webhooks: tuple[WebhookSection, ...] = ()
    reference: Text | None = None


class JoinSection(Section):
    """A name that is spread over several columns: joined with one space in this order, blank cells left out."""

    join: tuple[Text, ...]

    @model_validator(mode="after")
    def _several(self) -> "JoinSection":
        if len(self.join) < _FEWEST_JOINED:
            raise ValueError("join two columns or more; one column is written without join")
        return self


class OrderedNameSection(Section):
    """A name that is written `Last, First` in one column, and spoken `First Last`."""

    column: ColumnNames
    order: Literal["last, first"]


def _form(value: object) -> str:
    in_order = isinstance(value, dict) and ("column" in value or "order" in value)
    if in_order or isinstance(value, OrderedNameSection):
        return ORDERED
    return JOINED if isinstance(value, dict | JoinSection) else ONE_OF


NameColumns = Annotated[
    Annotated[ColumnNames, Tag(ONE_OF)]
    | Annotated[JoinSection, Tag(JOINED)]
    | Annotated[OrderedNameSection, Tag(ORDERED)],
    Discriminator(_form),
]


class ColumnsSection(Section):
    """`[columns]`: which columns of the sheet hold what every call needs.

    `"#3"` names the third column. Only rows for which `consent` says yes are called, and no row for which one of the
    columns of `opted_out` does. `country` says of which country a row's number is, where it is written without one.
    `call_at` is when to call, in the person's local time; `timezone`, `state` and `zip` say where that is.
    """

    name: NameColumns
    phone: ColumnNames
    email: ColumnNames | None = None
    consent: ColumnNames | None = None
    opted_out: ColumnNames | None = None
    country: ColumnNames | None = None
    call_at: ColumnNames | None = None
    timezone: ColumnNames | None = None
    state: ColumnNames | None = None
    zip: ColumnNames | None = None


class VariableSection(Section):
    """One prompt variable: from a column, or the same `value` for everyone.

    `format` is how a date or a time is spoken, `"%A, %B %-d"`; a cell that holds none is then a problem of its row.
    """

    column: ColumnNames | None = None
    value: Text | None = None
    optional: StrictBool = False
    format: SpokenFormat | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"column": value} if isinstance(value, str | list) else value

    @model_validator(mode="after")
    def _one_source(self) -> "VariableSection":
        if (self.column is None) == (self.value is None):
            raise ValueError("give it either a column or a value")
        if self.optional and self.value is not None:
            raise ValueError("a fixed value cannot be optional")
        if self.format is not None and self.value is not None:
            raise ValueError("a fixed value is spoken as it is written; take the format out")
        return self


class PhoneSection(Section):
    """`[phone]`: the default region for numbers without a country code; it must be given.

    `allow` names the kinds of numbers that are refused otherwise; "vanity" has words read as digits (1-800-FLOWERS).
    """

    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    allow: Annotated[tuple[AllowedKind, ...], BeforeValidator(names)] = ()


class PaceSection(Section):
    """`[pace]`: calls per second or per minute, evenly spaced, and the maximum number in flight."""

    calls_per_second: Annotated[
        float, Field(strict=True, ge=SLOWEST_PER_SECOND, le=FASTEST_PER_SECOND, allow_inf_nan=False)
    ] = 1.0
    calls_per_minute: (
        Annotated[
            float, Field(strict=True, ge=60 * SLOWEST_PER_SECOND, le=60 * FASTEST_PER_SECOND, allow_inf_nan=False)
        ]
        | None
    ) = None
    max_in_flight: Annotated[StrictInt, Field(ge=1, le=1_000)] = 8

    @model_validator(mode="after")
    def _one_rate(self) -> "PaceSection":
        if self.calls_per_minute is not None and "calls_per_second" in self.model_fields_set:
            raise ValueError("give either calls_per_second or calls_per_minute, not both")
        return self

    @property
    def per_second(self) -> float:
        """The rate in calls per second, whichever unit the template uses."""
        return self.calls_per_second if self.calls_per_minute is None else self.calls_per_minute / 60


class LimitsSection(Section):
    """`[limits]`: minimum time between calls to a number, maximum calls and rows of a run, and its end.

    `calls_per_person_per_day` counts the calls to one number by all runs, in any 24 hours. What a call costs, at its
    beginning and for each minute of the `minutes_per_call` that it is thought to last, is for the forecast only.
    A run that would call people whose earlier call is open, and was not looked up `followed_within` that time, asks.
    """

    call_again_after: Duration = timedelta(hours=24)
    calls_per_person_per_day: Counted = 3
    followed_within: Duration = timedelta(hours=1)
    max_calls: Counted | None = None
    max_rows: Counted = 100_000
    finish_by: DateAndTime | None = None
    cost_per_call: Cost | None = None
    cost_per_minute: Cost | None = None
    minutes_per_call: Cost | None = None

    @field_validator("followed_within")
    @classmethod
    def _longer_than_between_looks(cls, value: timedelta) -> timedelta:
        if value < _SOONEST_FOLLOWED:
            raise ValueError("a call that goes on is looked up every ten minutes: write 15m or more")
        return value

    @model_validator(mode="after")
    def _minutes_known(self) -> "LimitsSection":
        if (self.cost_per_minute is None) != (self.minutes_per_call is None):
            raise ValueError("cost_per_minute and minutes_per_call go together")
        return self


class Template(Section):
    """A whole template, checked. `language` is that of the names of days and months in dates that are spoken."""

    title: str = ""
    language: Language | None = None
    call: CallSection = CallSection()
    columns: ColumnsSection
    variables: dict[Text, VariableSection] = Field(default_factory=dict)
    phone: PhoneSection = PhoneSection()
    pace: PaceSection = PaceSection()
    limits: LimitsSection = LimitsSection()
    hours: HoursSection | None = None
    stagger: StaggerSection | None = None
    retry: RetrySection | None = None
    canary: CanarySection | None = None
    answers: AnswersSection = AnswersSection()
    sheet: SheetSection = SheetSection()

    @model_validator(mode="after")
    def _reference_of_its_own(self) -> "Template":
        if self.call.reference in self.variables:
            raise ValueError(
                f"call.reference = {self.call.reference!r} is a variable of the sheet already; name another"
            )
        return self

    @model_validator(mode="after")
    def _language_of_names(self) -> "Template":
        for key, variable in self.variables.items():
            if self.language is None and variable.format and letters_of(variable.format) & IN_WORDS:
                raise ValueError(
                    f"variables.{key}.format speaks names of days or months: in which language? "
                    'Write language = "en" above the first table'
                )
        return self

    def fingerprint(self) -> str:
        """Identifies what this template makes of a sheet: hex, equal for templates that make the same calls.

        Title, pace, limits, hours and stagger are left out: a run that goes slower calls the same people. So are the
        team's and the call template's ids, which may stand in the environment too; they are compared apart.
        """
        # The called person never hears a reference.
        left_out: dict[str, Any] = {"call": {"team_id", "call_template_id", "reference"}}
        for section, key in _YOUNGER:
            if not getattr(getattr(self, section), key):
                left_out.setdefault(section, set()).add(key)
        as_written = {key for key, variable in self.variables.items() if variable.format is None}
        left_out["variables"] = {key: {"format"} for key in as_written}
        parts = {"call", "columns", "variables", "phone"}
        if self.variables.keys() - as_written:
            parts.add("language")
        meaning = self.model_dump_json(include=parts, exclude=left_out)
        return hashlib.sha256(meaning.encode()).hexdigest()
