"""Visitor: who asks, by the session cookie; before there are users, the person at this machine."""

from dataclasses import dataclass

from starlette.requests import Request

from campaign.usecases.context import Ledger
from campaign.usecases.serving.access.users import Role, all_users, signed_in
from campaign.web.site import Binding

SESSION_COOKIE = "campaign_session"
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        name: for the history of acts.
        role: a viewer sees masked numbers, and changes nothing.
    """

    name: str
    role: Role


def visitor_of(ledger: Ledger, request: Request, *, binding: Binding) -> Visitor | None:
    """Who asks; None where they must sign in first."""
    secret = request.cookies.get(SESSION_COOKIE)
    user = signed_in(ledger, secret) if secret else None
    if user is not None:
        return Visitor(user.name, user.role)
    if binding.is_private and not all_users(ledger):
        return Visitor(LOCAL, Role.OPERATOR)
    return None
