"""Answers where no page is, or where one failed: a page for people, a problem document below `/api`."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from campaign.web.api.problems import document, refusal
from campaign.web.guard.headers import ALWAYS
from campaign.web.site import Site

_WORDS = {
    HTTPStatus.NOT_FOUND: "There is no such page.",
    HTTPStatus.METHOD_NOT_ALLOWED: "That cannot be done here.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is larger than this server takes; nothing was kept.",
    HTTPStatus.BAD_REQUEST: "The form came cut off or damaged; nothing was done. Send it again.",
}


async def nowhere(request: Request, error: Exception) -> Response:
    """The answer to a request that reached no page, or whose body was refused."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these alone
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if request.url.path.startswith("/api/"):
        return refusal(document(status, status.phrase.lower(), code="http"), headers=headers)
    site: Site = request.app.state.site
    words = _WORDS.get(status, status.phrase)
    answer = site.pages.page("nowhere.html.jinja", {"message": words}, status=status)
    answer.headers.update(headers)
    return answer


async def fault(request: Request, _error: Exception) -> Response:
    """The answer to a request that met a fault of this program: nothing of the fault itself, which the log has."""
    site: Site = request.app.state.site
    words = (
        "A fault of this program; what was done is kept, so look at the run, or at the history, before you repeat it."
    )
    answer = site.pages.page("nowhere.html.jinja", {"message": words}, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    # It is given outside of the guards, which have failed with the page.
    answer.headers.update(ALWAYS)
    return answer
