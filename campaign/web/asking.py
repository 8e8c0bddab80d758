"""Requests of pages: who asks and with which form; handlers are plain functions that run in a worker thread."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from campaign.domain.errors import BusyError, CampaignError, LedgerError, UsageError
from campaign.presentation.cures.page import page_links, page_text
from campaign.presentation.page.badge import badge_of
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.serving.access.users import Role
from campaign.web.guard.visitor import Visitor, visitor_of
from campaign.web.site import Site

MOST_FIELDS = 20_000
MOST_FIELD_BYTES = 1024 * 1024


class PageError(CampaignError):
    """A request that cannot be answered as it was made.

    Attributes:
        status: of the answer.
    """

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, as a handler sees it.

    Attributes:
        site: what all pages share.
        ledger: open while the handler runs.
        visitor: who asks.
        request: Starlette's; its body is read already.
        form: the fields of the form that was sent; empty for none.
    """

    site: Site
    ledger: Ledger
    visitor: Visitor
    request: Request
    form: FormData = field(default_factory=FormData)

    @property
    def is_partial(self) -> bool:
        """Whether a script of the page asks for a part of it."""
        return self.request.headers.get("hx-request") == "true"

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """A parameter of the address; empty where it is not there."""
        return self.request.query_params.get(name, "")

    def value(self, name: str) -> str:
        """The last value of a form's field, without blanks around it; empty where it is not there."""
        found = self.form.get(name)
        return found.strip() if isinstance(found, str) else ""

    def values(self, name: str) -> list[str]:
        """All values of a form's field."""
        return [one for one in self.form.getlist(name) if isinstance(one, str)]

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """The rendered page, with what every page shows."""
        return self.site.pages.page(template, {**shared_values(self), **values}, status=status)


Handler = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
Needs = Literal["viewer", "operator", "nobody"]


def page(handler: Handler, *, needs: Needs | None = None) -> Endpoint:
    """Makes an endpoint of a handler.

    Args:
        handler: runs in a worker thread; its errors become pages.
        needs: the role that it asks for; by default a viewer for what only shows, an operator for what changes.
    """

    async def endpoint(request: Request) -> Response:
        site: Site = request.app.state.site
        changes = request.method not in ("GET", "HEAD")
        role = needs or ("operator" if changes else "viewer")
        if not changes:
            return await run_in_threadpool(_answered, site, request, FormData(), handler=handler, needs=role)
        # Nobody's file is taken in before it is known whose it is.
        refusal = await run_in_threadpool(_answered, site, request, FormData(), handler=_let_in, needs=role)
        if refusal.status_code != HTTPStatus.NO_CONTENT:
            return refusal
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES) as form:
            return await run_in_threadpool(_answered, site, request, form, handler=handler, needs=role)

    return endpoint


def _answered(site: Site, request: Request, form: FormData, *, handler: Handler, needs: Needs) -> Response:
    try:
        with opened_ledger(site.around) as ledger:
            visitor = visitor_of(ledger, request, binding=site.binding)
            if visitor is None and needs != "nobody":
                return _sign_in_first(request)
            ask = Ask(site, ledger, visitor or Visitor(name="", role=Role.VIEWER), request, form)
            try:
                if needs == "operator" and ask.visitor.role != "operator":
                    raise PageError(HTTPStatus.FORBIDDEN, "Viewers look only; an operator can do this.")
                return handler(ask)
            except CampaignError as error:
                message, links = page_text(error.message), page_links(error.message)
                return ask.page("error.html.jinja", status=status_of(error), message=message, links=links)
    except CampaignError as error:
        # The ledger itself: without it nothing is known, not even who asks.
        values = {"message": page_text(error.message)}
        return site.pages.page("trouble.html.jinja", values, status=status_of(error))


def status_of(error: CampaignError) -> HTTPStatus:
    """Status of the answer for an error."""
    match error:
        case PageError():
            return error.status
        case BusyError():
            return HTTPStatus.CONFLICT
        case LedgerError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case UsageError():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR


def see_other(address: str) -> RedirectResponse:
    """Answer to a form: look there now. Loading it again sends nothing again."""
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def shared_values(ask: Ask) -> Mapping[str, Any]:
    """What every page shows around its own part."""
    return {"visitor": ask.visitor, "path": ask.request.url.path, "badge": badge_of(ask.site.around.environment)}


def _let_in(_ask: Ask) -> Response:
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _sign_in_first(request: Request) -> Response:
    if request.method in ("GET", "HEAD") and request.headers.get("hx-request") != "true":
        return see_other(f"/sign-in?next={quote(request.url.path)}")
    return PlainTextResponse("Sign in first.\n", status_code=HTTPStatus.UNAUTHORIZED)
