"""Problem documents (RFC 9457) of errors: the same line as a page shows, and its parts for programs."""

from http import HTTPStatus

from starlette.responses import JSONResponse

from campaign.domain.errors import (
    AuditError,
    BusyError,
    CampaignError,
    ClockError,
    LedgerError,
    SheetError,
    TemplateError,
    UnansweredError,
    UndecidedError,
    UsageError,
)
from campaign.presentation.cures.page import page_text, page_words
from campaign.web.api.models import OpenQuestionAnswer, ProblemDocument

MEDIA_TYPE = "application/problem+json"
# The first that fits: what is more special stands first.
_CODES: tuple[tuple[type[CampaignError], str, HTTPStatus], ...] = (
    (UndecidedError, "undecided", HTTPStatus.UNPROCESSABLE_ENTITY),
    (SheetError, "sheet", HTTPStatus.UNPROCESSABLE_ENTITY),
    (TemplateError, "template", HTTPStatus.UNPROCESSABLE_ENTITY),
    (UnansweredError, "unanswered", HTTPStatus.UNPROCESSABLE_ENTITY),
    (UsageError, "not_possible", HTTPStatus.UNPROCESSABLE_ENTITY),
    (BusyError, "busy", HTTPStatus.CONFLICT),
    (LedgerError, "ledger", HTTPStatus.SERVICE_UNAVAILABLE),
    (AuditError, "audit", HTTPStatus.SERVICE_UNAVAILABLE),
    (ClockError, "clock", HTTPStatus.SERVICE_UNAVAILABLE),
)


class ApiError(CampaignError):
    """A request that the API refuses.

    Attributes:
        status: of the answer.
        code: for programs.
        questions: what would have to be answered.
        run: the run that it is about.
    """

    def __init__(
        self,
        status: HTTPStatus,
        text: str,
        *,
        code: str,
        questions: tuple[OpenQuestionAnswer, ...] = (),
        run: str | None = None,
    ) -> None:
        super().__init__(text)
        self.status, self.code, self.questions, self.run = status, code, questions, run


def not_found(what: str) -> ApiError:
    """The error for what is not there."""
    return ApiError(HTTPStatus.NOT_FOUND, f"there is no {what}", code="not_found")


def problem_of(error: CampaignError) -> ProblemDocument:
    """The problem document of an error."""
    if isinstance(error, ApiError):
        made = document(error.status, str(error), code=error.code)
        return made.model_copy(update={"questions": error.questions, "run": error.run})
    code, status = next(
        ((code, status) for kind, code, status in _CODES if isinstance(error, kind)),
        ("error", HTTPStatus.UNPROCESSABLE_ENTITY),
    )
    made = document(status, page_text(error.message), code=code)
    questions = made.questions
    if isinstance(error, UndecidedError):
        values = tuple(value for value, _ in error.options)
        questions = (OpenQuestionAnswer(answer=f"reading.{error.choice}", rows=0, values=values, text=str(error)),)
    elif isinstance(error, UnansweredError):
        questions = (OpenQuestionAnswer(answer=error.argument, rows=0, text=str(error)),)
    cures = tuple(filter(None, map(page_words, error.cures)))
    return made.model_copy(update={"cures": cures, "questions": questions})


def document(status: HTTPStatus, detail: str, *, code: str) -> ProblemDocument:
    """A problem document."""
    kind = "about:blank" if code == "http" else f"urn:campaign:{code}"
    return ProblemDocument(type=kind, title=status.phrase, status=status, detail=detail, code=code)


def refusal(problem: ProblemDocument, *, headers: dict[str, str] | None = None) -> JSONResponse:
    """The answer that carries a problem document."""
    body = problem.model_dump(mode="json", exclude_none=True)
    return JSONResponse(body, status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)
