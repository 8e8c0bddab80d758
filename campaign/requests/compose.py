"""From a contact and the template's `[call]` to the exact bytes of one request, or to why there are none."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, ValidationError

from campaign.aicaller import CallRequest, PhoneCallWebhook, PromptVariable
from campaign.model import Contact, Problem


class CallPlan(BaseModel):
    """What is the same in every call of a run; written down with the run, so that a resume sends the same.

    Attributes:
        webhooks: (url, event, name of the environment variable that holds the secret, or None): the secret itself is
            never written down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    team_id: str
    call_template_id: str
    record: bool | None = None
    phone_number_id: str | None = None
    from_phone_number: str | None = None
    telephony_provider: str | None = None
    webhooks: tuple[tuple[str, str, str | None], ...] = ()


def compose(contact: Contact, *, plan: CallPlan, secret: Callable[[str], str]) -> bytes | Problem:
    """The body of the contact's call, or the problem that keeps it from being written.

    Args:
        contact: whom to call.
        plan: what all calls of the run share.
        secret: looks a webhook's secret up by the name of its environment variable.
    """
    try:
        return to_request(contact, plan=plan, secret=secret).to_body()
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        return _unfit(contact, f"{where}: {fault['msg']}")
    except ValueError as error:
        return _unfit(contact, str(error))


def to_request(contact: Contact, *, plan: CallPlan, secret: Callable[[str], str]) -> CallRequest:
    """The request as a model.

    Raises:
        pydantic.ValidationError: a value cannot stand in a request.
    """
    shared = plan.model_dump(exclude={"webhooks"}, exclude_none=True)
    return CallRequest.model_validate(
        {
            **shared,
            "name_of_human": contact.name,
            "to_phone_number": contact.phone,
            "to_email_address": contact.email or None,
            "prompt_variable_values": tuple(PromptVariable(key=k, value=v) for k, v in contact.variables),
            "phone_call_webhooks": tuple(
                PhoneCallWebhook(url=url, subscribed_event=event, secret=secret(name) if name else None)
                for url, event, name in plan.webhooks
            )
            or None,
        }
    )


def _unfit(contact: Contact, reason: str) -> Problem:
    return Problem(row=contact.row, column="", value="", reason=f"cannot be sent: {reason}", cure="mend the cell")
