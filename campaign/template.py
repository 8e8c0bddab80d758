"""The template: a TOML file that says how sheets of one kind become calls.

Frozen, typed, and strict: an unknown key is an error that names the key and the nearest known one, since a misspelt
limit that is passed over is a limit that does not hold.
"""

import difflib
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
    ValidationError,
    model_validator,
)

from campaign.duration import Duration
from campaign.errors import TemplateError
from campaign.outcome_rules import CanarySection, RetrySection

# Documented for later versions. They decide when phones ring, so they must never be passed over in silence.
_NOT_YET = {
    "stagger": "spreading calls with callDelayedUntil",
    "hours": "calling hours",
    "columns.call_at": "a time for each row",
    "columns.timezone": "a time zone for each row",
}
# How a name is given; in the path of a fault, nothing that the user wrote.
_ONE_OF, _JOINED = "(one of)", "(joined)"
_FEWEST_JOINED = 2
# Keys younger than the first ledgers: unused, they must not make a sheet that was run before look new.
_YOUNGER = (("columns", "country"), ("phone", "allow"))
_PLAINLY = {
    "model_type": "must be a table of its own",
    "dict_type": "must be a table of its own",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
ColumnNames = Annotated[tuple[Text, ...], BeforeValidator(_names), Field(min_length=1)]
"""One column name, or several to try in order: the first that the sheet has is used."""
AllowedKind = Literal["premium_rate", "shared_cost", "pager", "voicemail", "uan", "satellite", "vanity", "fictitious"]
"""Numbers that are called only when the template says so; emergency and short numbers are not among them."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class WebhookSection(_Section):
    """A webhook of every call. Its secret stands in the environment, under the name in `secret_env`."""

    url: Annotated[str, Field(pattern=r"^https?://")]
    subscribed_event: Text = "phoneCall.completed"
    secret_env: Text | None = None


class CallSection(_Section):
    """`[call]`: what goes straight into every request. Team and call template may come from the environment."""

    team_id: Text | None = None
    call_template_id: Text | None = None
    record: StrictBool | None = None
    phone_number_id: Text | None = None
    from_phone_number: Text | None = None
    telephony_provider: Literal["twilio", "plivo", "telnyx"] | None = None
    webhooks: tuple[WebhookSection, ...] = ()


class JoinSection(_Section):
    """A name that stands in several columns: joined by one space in this order, blank cells left out."""

    join: tuple[Text, ...]

    @model_validator(mode="after")
    def _several(self) -> "JoinSection":
        if len(self.join) < _FEWEST_JOINED:
            raise ValueError("join two columns or more; one column is written without join")
        return self


def _form(value: object) -> str:
    return _JOINED if isinstance(value, dict | JoinSection) else _ONE_OF


NameColumns = Annotated[
    Annotated[ColumnNames, Tag(_ONE_OF)] | Annotated[JoinSection, Tag(_JOINED)], Discriminator(_form)
]


class ColumnsSection(_Section):
    """`[columns]`: which of the sheet's columns hold what every call needs.

    `"#3"` names the third column. `country` says of which country a row's number is, where it is written without one.
    """

    name: NameColumns
    phone: ColumnNames
    email: ColumnNames | None = None
    consent: ColumnNames | None = None
    country: ColumnNames | None = None


class VariableSection(_Section):
    """One prompt variable: from a column, or the same `value` for everyone."""

    column: ColumnNames | None = None
    value: Text | None = None
    optional: StrictBool = False

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
        return self


class PhoneSection(_Section):
    """`[phone]`: the region of numbers that are written without a country; it has no default.

    `allow` names the kinds of numbers that are refused otherwise; "vanity" has words read as digits (1-800-FLOWERS).
    """

    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    allow: Annotated[tuple[AllowedKind, ...], BeforeValidator(_names)] = ()


class PaceSection(_Section):
    """`[pace]`: calls per second, evenly spaced, and how many may be on their way at once."""

    calls_per_second: Annotated[float, Field(strict=True, gt=0, le=10_000, allow_inf_nan=False)] = 1.0
    max_in_flight: Annotated[StrictInt, Field(ge=1, le=1_000)] = 8


class LimitsSection(_Section):
    """`[limits]`: how lately a number may have been called by any run, and how many calls a run may make.

    `calls_per_person_per_day` counts the calls to one number by all runs, in any 24 hours.
    """

    call_again_after: Duration = timedelta(hours=24)
    calls_per_person_per_day: Annotated[StrictInt, Field(ge=1)] = 3
    max_calls: Annotated[StrictInt, Field(ge=1)] | None = None


class Template(_Section):
    """A whole template."""

    title: str = ""
    call: CallSection = CallSection()
    columns: ColumnsSection
    variables: dict[Text, VariableSection] = Field(default_factory=dict)
    phone: PhoneSection = PhoneSection()
    pace: PaceSection = PaceSection()
    limits: LimitsSection = LimitsSection()
    retry: RetrySection | None = None
    canary: CanarySection | None = None

    def fingerprint(self) -> str:
        """Names what this template makes of a sheet: hex, the same for templates that make the same calls.

        Title, pace and limits are left out: a run that goes slower calls the same people. So are the team's and the
        call template's ids, which may stand in the environment as well; whoever compares runs compares those too.
        """
        left_out = {"call": {"team_id", "call_template_id"}}
        for section, key in _YOUNGER:
            if not getattr(getattr(self, section), key):
                left_out.setdefault(section, set()).add(key)
        meaning = self.model_dump_json(include={"call", "columns", "variables", "phone"}, exclude=left_out)
        return hashlib.sha256(meaning.encode()).hexdigest()


def load_template(path: Path) -> Template:
    """Reads a template file.

    Raises:
        TemplateError: naming the file, every wrong key and the cure, on one line.
    """
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise TemplateError(f"template {path}: {_os_reason(error)}; give the path of a .toml file") from None
    except UnicodeDecodeError as error:
        raise TemplateError(f"template {path}: not UTF-8 text at byte {error.start}; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"template {path}: not valid TOML: {error}") from None
    except (ValueError, RecursionError):
        raise TemplateError(f"template {path}: a number too long or a list too deep to be meant; take it out") from None
    try:
        return Template.model_validate(raw)
    except ValidationError as error:
        raise TemplateError(f"template {path}: " + "; ".join(_faults(error, raw))) from None


def _os_reason(error: OSError) -> str:
    return "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or type(error).__name__).lower()


def _faults(error: ValidationError, raw: Mapping[str, Any]) -> Iterator[str]:
    for fault in error.errors(include_url=False):
        # A union's or a model's own name may stand in the path; the user knows only the keys.
        path = [str(part) for part in fault["loc"] if part not in (_ONE_OF, _JOINED)]
        key = ".".join(path)
        if fault["type"] == "extra_forbidden":
            yield _unknown_key(path)
        elif fault["type"] == "missing":
            yield f"{key!r} is missing; add it"
        else:
            reason = _PLAINLY.get(fault["type"]) or fault["msg"].removeprefix("Value error, ")
            yield f"{key!r}{_shown(path, raw)}: {reason}"


def _unknown_key(path: list[str]) -> str:
    key = ".".join(path)
    if key in _NOT_YET:
        return f"{key!r} ({_NOT_YET[key]}) is not in this version yet; take it out, or wait for the version that has it"
    nearest = difflib.get_close_matches(path[-1], _known_keys(path[:-1]), n=1, cutoff=0.5)
    cure = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(_known_keys(path[:-1]))}"
    return f"unknown key {key!r}; {cure}"


def _known_keys(section: list[str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "call": CallSection,
        "columns": ColumnsSection,
        "variables": VariableSection,
        "phone": PhoneSection,
        "pace": PaceSection,
        "limits": LimitsSection,
        "retry": RetrySection,
        "canary": CanarySection,
    }
    model = WebhookSection if "webhooks" in section else models.get(section[0]) if section else Template
    model = JoinSection if section == ["columns", "name"] else model
    return list((model or Template).model_fields)


def _shown(path: list[str], raw: Mapping[str, Any]) -> str:
    value: Any = raw
    for part in path:
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ""
    return f" = {value!r}" if isinstance(value, str | int | float | bool) else ""
