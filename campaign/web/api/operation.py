"""Operations of the API: each declares what it takes and answers, and one endpoint checks, carries out and words it.

token? --> role? --> query and body as declared? --> handler in a worker thread --> JSON | problem document
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from json import dumps, loads
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from campaign.domain.errors import CampaignError
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.serving.access.tokens import ApiUser, token_user
from campaign.web.api.problems import ApiError, document, problem_of, refusal
from campaign.web.site import Site

Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B", bound=BaseModel)
Needs = Literal["viewer", "operator"]
_SCHEME = "bearer"
MOST_FIELDS = 64


class Nothing(BaseModel):
    """No query, or no body."""


@dataclass(frozen=True, slots=True)
class ApiCall(Generic[Q, B]):
    """One request, as a handler sees it.

    Attributes:
        site: what pages and API share.
        ledger: open while the handler runs.
        user: the program, by its token.
        path: the parts of the address.
        query: as the operation declares it; `body` likewise.
        form: the parts of a multipart body; empty for none.
        headers: of the request, by names in small letters.
    """

    site: Site
    ledger: Ledger
    user: ApiUser
    path: Mapping[str, Any]
    query: Q
    body: B
    form: FormData = field(default_factory=FormData)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is more than a document: with another status, or with headers."""

    body: BaseModel
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One act of the API.

    Attributes:
        method, path: where; the path is relative to `/api/v1`.
        name: its operationId.
        summary: one line.
        handler: carries it out, in a worker thread.
        answer: the shape of its answer.
        needs: the role that it asks for.
        query, body: the shapes of what it takes; None for nothing.
        multipart: the body is a form with files, as `multipart` describes; the handler reads `form`.
        status: of the answer when it is carried out.
        statuses: further statuses that it may answer with, beside those that all may.
        key: whether the header Idempotency-Key is required.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    handler: Callable[[ApiCall[Any, Any]], BaseModel | Answered]
    answer: type[BaseModel]
    needs: Needs = "viewer"
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    multipart: Mapping[str, Any] | None = None
    status: HTTPStatus = HTTPStatus.OK
    statuses: Sequence[HTTPStatus] = ()
    key: bool = False


def endpoint(operation: Operation) -> Callable[[HttpRequest], Awaitable[Response]]:
    """The endpoint of an operation."""

    async def answer(request: HttpRequest) -> Response:
        site: Site = request.app.state.site
        try:
            user = await run_in_threadpool(_admitted, site, request, operation)
            query = _checked(operation.query or Nothing, _parameters(request), what="query")
            if operation.multipart is not None:
                async with request.form(max_files=2, max_fields=MOST_FIELDS) as form:
                    return await run_in_threadpool(
                        _carried_out, site, request, operation, user=user, query=query, form=form
                    )
            body = await _body(request, operation)
            return await run_in_threadpool(_carried_out, site, request, operation, user=user, query=query, body=body)
        except CampaignError as error:
            problem = problem_of(error)
            asks = {"www-authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}
            return refusal(problem, headers=asks)
        except HTTPException as error:
            status = HTTPStatus(error.status_code)
            return refusal(document(status, error.detail or status.phrase, code="http"))

    return answer


def _admitted(site: Site, request: HttpRequest, operation: Operation) -> ApiUser:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    user = None
    if scheme.lower() == _SCHEME and token:
        with opened_ledger(site.around) as ledger:
            user = token_user(ledger, token.strip())
    if user is None:
        raise ApiError(HTTPStatus.UNAUTHORIZED, "send a token: Authorization: Bearer TOKEN", code="no_token")
    if operation.needs == "operator" and user.role != "operator":
        raise ApiError(HTTPStatus.FORBIDDEN, "a viewer's token looks only; nothing was done", code="viewer")
    return user


def _carried_out(
    site: Site,
    request: HttpRequest,
    operation: Operation,
    *,
    user: ApiUser,
    query: BaseModel,
    body: BaseModel | None = None,
    form: FormData | None = None,
) -> Response:
    with opened_ledger(site.around) as ledger:
        call = ApiCall(
            site=site,
            ledger=ledger,
            user=user,
            path=request.path_params,
            query=query,
            body=body or Nothing(),
            form=form or FormData(),
            headers=dict(request.headers),
        )
        found = operation.handler(call)
    if not isinstance(found, Answered):
        found = Answered(found, operation.status)
    return JSONResponse(found.body.model_dump(mode="json"), status_code=found.status, headers=dict(found.headers))


def _parameters(request: HttpRequest) -> dict[str, str]:
    found = request.query_params
    twice = [name for name in found if len(found.getlist(name)) > 1]
    if twice:
        raise ApiError(HTTPStatus.BAD_REQUEST, f"query: {twice[0]} is given more than once", code="malformed")
    return dict(found)


async def _body(request: HttpRequest, operation: Operation) -> BaseModel | None:
    if operation.body is None:
        return None
    text = await request.body()
    if not text:
        return _checked(operation.body, {}, what="body")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON: Content-Type: application/json", code="not_json")
    try:
        # 4.0 is a whole number in JSON, and in the document.
        value = loads(text, parse_float=_number)
    except (ValueError, RecursionError):
        raise ApiError(HTTPStatus.BAD_REQUEST, "the body is no JSON", code="malformed") from None
    return _checked(operation.body, value, what="body")


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


def _checked(shape: type[BaseModel], value: Any, *, what: str) -> BaseModel:
    """The value in its shape: of a body strictly, where "7" is no number; a query has nothing but texts.

    Raises:
        ApiError: it has another shape.
    """
    try:
        return shape.model_validate(value) if what == "query" else shape.model_validate_json(dumps(value), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or what
        raise ApiError(HTTPStatus.BAD_REQUEST, f"{what}: {where}: {first['msg']}", code="malformed") from None
