"""Schema of AICaller's documented API: the body of `POST /v1/phoneCalls`, and the fields of its reply that we rely on.

Only documented properties are ever sent, an empty optional one is left out, and every prompt variable is text.
The reply is hostile input: only an id and the echoed number are read from it, and both are checked.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr
from pydantic.alias_generators import to_camel

CREATE_CALL_PATH = "/v1/phoneCalls"
KEY_HEADER = "aicaller-api-key"
STAND_IN_HEADER = "x-campaign-stand-in"
"""With it the stand-in says of each answer that nothing in it is real; AICaller does not know it."""

NonEmpty = Annotated[StrictStr, Field(min_length=1)]
E164 = Annotated[StrictStr, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
# Ids have no fixed shape, so this is not a check of their shape: it keeps out what could harm a terminal, a path or
# a spreadsheet (control characters, `../`, `=cmd`), and what is no id at all.
CallId = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.:~@+-]{0,127}$")]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class PromptVariable(_Sent):
    """One entry of `promptVariableValues`."""

    key: NonEmpty
    value: StrictStr


class PhoneCallWebhook(_Sent):
    """One entry of `phoneCallWebhooks`."""

    url: NonEmpty
    subscribed_event: NonEmpty
    secret: StrictStr | None = None


class CallRequest(_Sent):
    """The body of one `POST /v1/phoneCalls`: CreatePhoneCallDto, without `status`, which is not ours to send."""

    team_id: NonEmpty
    call_template_id: NonEmpty
    name_of_human: NonEmpty
    to_phone_number: E164
    prompt_variable_values: tuple[PromptVariable, ...]
    phone_number_id: NonEmpty | None = None
    from_phone_number: NonEmpty | None = None
    to_email_address: NonEmpty | None = None
    telephony_provider: Literal["twilio", "plivo", "telnyx"] | None = None
    record: StrictBool | None = None
    call_delayed_until: NonEmpty | None = None
    phone_call_webhooks: tuple[PhoneCallWebhook, ...] | None = None

    def to_body(self) -> bytes:
        """The exact bytes to send: UTF-8 JSON without empty properties.

        Raises:
            ValueError: a text cannot be written as UTF-8 (a lone surrogate).
        """
        return self.model_dump_json(by_alias=True, exclude_none=True).encode("utf-8")


class CreatedCall(BaseModel):
    """The part of a reply's `data` that is relied on; other fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: CallId = Field(alias="_id")
    to_phone_number: StrictStr | None = Field(default=None, alias="toPhoneNumber")


class CallReply(BaseModel):
    """The reply to a successful request: ResponseCreatePhoneCallDto."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    data: CreatedCall
