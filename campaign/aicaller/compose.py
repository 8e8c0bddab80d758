"""Composes requests: from a contact and the template's `[call]` to the exact bytes, or to why there are none."""

import hashlib
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from campaign.aicaller.plain_body import PlainBody
from campaign.config.run_plan import CallPlan
from campaign.domain.api_schema import CallRequest, PhoneCallWebhook
from campaign.domain.model import Contact, Problem

_DIGITS = 20


def reference_of(run: str, *, row_id: int, attempt: int) -> str:
    """The reference value of one attempt of one row.

    Args:
        run: what names the run in every copy of its ledger.
        row_id: the ledger's own number of the row.
        attempt: 1 for the first.
    """
    return hashlib.sha256(f"{run}\n{row_id}\n{attempt}".encode()).hexdigest()[:_DIGITS]


class Composer:
    """Composes the requests of one plan; the parts they share are made once.

    Args:
        plan: what all calls of the run share.
        secret: looks a webhook's secret up by the name of its environment variable.

    Raises:
        ValueError: a webhook of the plan cannot stand in a request.
    """

    def __init__(self, plan: CallPlan, *, secret: Callable[[str], str]) -> None:
        self._shared: dict[str, Any] = plan.model_dump(exclude={"webhooks", "reference"}, exclude_none=True)
        self._reference = plan.reference
        if plan.webhooks:
            self._shared["phone_call_webhooks"] = tuple(
                PhoneCallWebhook(url=url, subscribed_event=event, secret=secret(name) if name else None)
                for url, event, name in plan.webhooks
            )
        self._plain = PlainBody(self._shared)

    @property
    def refers(self) -> bool:
        """Whether the plan names a variable for a reference."""
        return bool(self._reference)

    def compose(
        self, contact: Contact, *, delayed_until: str | None = None, reference: str | None = None
    ) -> bytes | Problem:
        """The request body for the contact, or the problem that prevents it.

        Args:
            contact: who is called.
            delayed_until: its `callDelayedUntil`, as the API takes it; None leaves it out.
            reference: the value by which this sending is known, for a plan that names a variable for it.
        """
        variables = self._variables(contact, reference)
        if plain := self._plain.write(contact, variables=variables, delayed_until=delayed_until):
            return plain
        try:
            return self.to_request(contact, delayed_until=delayed_until, reference=reference).to_body()
        except ValueError as error:
            return _unfit(contact, _reason(error))

    def to_request(
        self, contact: Contact, *, delayed_until: str | None = None, reference: str | None = None
    ) -> CallRequest:
        """The request as a model.

        Raises:
            pydantic.ValidationError: a value cannot stand in a request.
        """
        variables = self._variables(contact, reference)
        return CallRequest.model_validate(
            {
                **self._shared,
                "name_of_human": contact.name,
                "to_phone_number": contact.phone,
                "to_email_address": contact.email or None,
                "call_delayed_until": delayed_until,
                "prompt_variable_values": tuple([{"key": key, "value": value} for key, value in variables]),
            }
        )

    def _variables(self, contact: Contact, reference: str | None) -> tuple[tuple[str, str], ...]:
        if self._reference and reference:
            return (*contact.variables, (self._reference, reference))
        return contact.variables


def compose(contact: Contact, *, plan: CallPlan, secret: Callable[[str], str]) -> bytes | Problem:
    """Composes a single body; use a `Composer` for many."""
    try:
        return Composer(plan, secret=secret).compose(contact)
    except ValueError as error:
        return _unfit(contact, _reason(error))


def plan_fault(plan: CallPlan, *, secret: Callable[[str], str]) -> str | None:
    """Why no request of this plan can be composed, for any contact; None when they can."""
    anyone = Contact(row=0, name="Ada", phone="+12025550143")
    try:
        Composer(plan, secret=secret).to_request(anyone).to_body()
    except ValueError as error:
        return _reason(error)
    return None


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    # The value is not shown: it may be a secret.
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"


def _unfit(contact: Contact, reason: str) -> Problem:
    return Problem(row=contact.row, column="", value="", reason=f"cannot be sent: {reason}", cure="correct the cell")
