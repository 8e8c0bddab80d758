"""Addresses of the API, with problem documents also where no operation is reached."""

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campaign.web.api.openapi import openapi
from campaign.web.api.operation import endpoint
from campaign.web.api.operations import OPERATIONS
from campaign.web.api.problems import document, refusal
from campaign.web.site import Site

_MOST_BODY_BYTES = 1024 * 1024


def api(site: Site) -> Starlette:
    """The application behind `/api/v1`."""
    routes = [
        Route(
            operation.path,
            endpoint(operation),
            methods=[operation.method],
            max_body_size=(site.most_bytes if operation.multipart is not None else 0) + _MOST_BODY_BYTES,
        )
        for operation in OPERATIONS
    ]
    app = Starlette(
        routes=[Route("/openapi.json", _document), *routes], exception_handlers={HTTPException: _http, 500: _fault}
    )
    app.state.site = site
    return app


async def _document(_request: Request) -> Response:
    return JSONResponse(openapi(OPERATIONS))


async def _http(_request: Request, error: Exception) -> Response:
    status = HTTPStatus(getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR))
    headers = dict(getattr(error, "headers", None) or {})
    return refusal(document(status, status.phrase.lower(), code="http"), headers=headers)


async def _fault(_request: Request, _error: Exception) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return refusal(document(status, "a fault of this program; the ledger says what was done", code="fault"))
