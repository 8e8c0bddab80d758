"""Answers where no page is: a page for people, a problem document below `/api`."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from campaign.web.api.problems import document, refusal
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
