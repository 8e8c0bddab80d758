"""Addresses of the API, with problem documents also where no operation is reached."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campaign.web.api.openapi import openapi
from campaign.web.api.operation import Operation, endpoint
from campaign.web.api.operations import OPERATIONS
from campaign.web.api.problems import document as problem, refusal
from campaign.web.site import Site

_MOST_BODY_BYTES = 1024 * 1024


def api(site: Site) -> Starlette:
    """The application behind `/api/v1`."""
    by_path: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, []).append(operation)
    # One route for each address, so that a method that is not there is told all that are.
    routes = [
        Route(
            path,
            _one_of(operations),
            methods=[operation.method for operation in operations],
            max_body_size=_MOST_BODY_BYTES + (site.most_bytes if any(one.multipart for one in operations) else 0),
        )
        for path, operations in by_path.items()
    ]
    document = JSONResponse(openapi(OPERATIONS))

    async def described(_request: Request) -> Response:
        return document

    handlers = {HTTPException: _http, 500: _fault}
    app = Starlette(routes=[Route("/openapi.json", described), *routes], exception_handlers=handlers)
    app.state.site = site
    return app


def _one_of(operations: Sequence[Operation]) -> Callable[[Request], Awaitable[Response]]:
    found: dict[str, Callable[[Request], Awaitable[Response]]]
    found = {operation.method: endpoint(operation) for operation in operations}

    async def chosen(request: Request) -> Response:
        return await found["GET" if request.method == "HEAD" else request.method](request)

    return chosen


async def _http(_request: Request, error: Exception) -> Response:
    status = HTTPStatus(getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR))
    headers = dict(getattr(error, "headers", None) or {})
    return refusal(problem(status, status.phrase.lower(), code="http"), headers=headers)


async def _fault(_request: Request, _error: Exception) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return refusal(problem(status, "a fault of this program; the ledger says what was done", code="fault"))
