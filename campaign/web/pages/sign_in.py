"""Pages `/sign-in` and `/sign-out`: a session begins and ends."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import Response

from campaign.presentation.wording import lasting
from campaign.usecases.serving.access.users import LONGEST, sign_in, sign_out
from campaign.usecases.serving.acts import record_act
from campaign.web.asking import Ask, see_other
from campaign.web.guard.visitor import SESSION_COOKIE

_WRONG = "That name and password do not belong together."


def form(ask: Ask) -> Response:
    """Shows the form."""
    return _form(ask, next_page=ask.query("next"))


def begin(ask: Ask) -> Response:
    """Begins a session, unless too many tries have failed."""
    site, name = ask.site, ask.value("name")
    client = ask.request.client
    address = client.host if client else ""
    if wait := site.brake.admit(name, address):
        message = f"Too many tries failed; wait {lasting(max(1.0, wait))}."
        return _form(ask, next_page=ask.value("next"), message=message, status=HTTPStatus.TOO_MANY_REQUESTS)
    password = ask.form.get("password")
    signed = sign_in(ask.ledger, name, password if isinstance(password, str) else "")
    if signed is None:
        return _form(ask, next_page=ask.value("next"), message=_WRONG, status=HTTPStatus.FORBIDDEN)
    site.brake.succeeded(name, address)
    record_act(ask.ledger, who=signed.user.name, what="sign_in")
    answer = see_other(own_page(ask.value("next")))
    answer.set_cookie(
        SESSION_COOKIE,
        signed.secret,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=site.binding.secure,
    )
    return answer


def end(ask: Ask) -> Response:
    """Ends the session, in the ledger as well as in the browser."""
    if secret := ask.request.cookies.get(SESSION_COOKIE):
        sign_out(ask.ledger, secret)
        record_act(ask.ledger, who=ask.visitor.name, what="sign_out")
    answer = see_other("/sign-in")
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=ask.site.binding.secure)
    return answer


def own_page(address: str) -> str:
    """The page to go to after signing in: one of this server, whatever the address says."""
    parts = urlsplit(address)
    # A browser reads `//host` and `/\host` as another site.
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if own and address.isprintable() else "/"


def _form(ask: Ask, *, next_page: str, message: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    return ask.page("sign_in.html.jinja", next=own_page(next_page), message=message, status=status)
