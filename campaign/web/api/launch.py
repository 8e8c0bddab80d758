"""Operation `POST /runs`: a sheet goes in with its answers, and a run is dialled, or one document says why not.

key claimed? --> upload --> load --> questions? --> publish, once --> order --> answer, kept under the key
     `--> the same request again: the same answer, or the rest of what a killed server had begun
"""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from json import dumps, loads
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile

from campaign.domain.errors import CampaignError, LedgerError
from campaign.presentation.cures.page import page_text
from campaign.usecases.dialling.drafts import PublishedDraft, SheetDraft, look_at_draft, publish_draft
from campaign.usecases.dialling.ready_run import RunRecord
from campaign.usecases.dialling.run_sheet import Answers, Choices, stem_of
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling, first_order
from campaign.usecases.serving.drafts.launch_upload import canary_of
from campaign.usecases.serving.idempotency import (
    KeyRecord,
    LeftRequest,
    OtherRequest,
    SameRequest,
    answer_request,
    claim_request,
    fingerprint_of,
    note_draft,
    release_request,
)
from campaign.usecases.serving.load_upload import UploadFailure, UploadRecord, UploadSettings
from campaign.usecases.serving.uploads import change_upload, discard_upload, find_upload, keep_upload, shown_name
from campaign.web.api import models
from campaign.web.api.operation import Answered, ApiCall, Nothing
from campaign.web.api.problems import ApiError, not_found, problem_of
from campaign.web.api.questions import open_question, undecided
from campaign.web.api.runs import run_of
from campaign.web.api.start_form import FORM

_ANSWERS: TypeAdapter[Answers] = TypeAdapter(Answers)
_CHOICES: TypeAdapter[Choices] = TypeAdapter(Choices)
_LOADED_WITHIN_SECONDS = 600
_FILE_NAME = "template_file.name"
"""Of a template that came as a file: what its run is called after."""
_MOST_TEMPLATE_BYTES = 256 * 1024


def start_run(call: ApiCall[Nothing, Nothing]) -> Answered:
    """Loads the sheet, and dials it if no question is open; the same key gives the same run."""
    key = call.headers.get("idempotency-key", "")
    if not key:
        text = "send a header Idempotency-Key, another for each request, so that nobody is called twice"
        raise ApiError(HTTPStatus.BAD_REQUEST, text, code="no_key")
    sheet, parts = _parts(call)
    settings = _settings(call, parts)
    print_of = fingerprint_of([_digest(sheet), *(f"{name}={parts[name]}" for name in sorted(parts))])
    match claim_request(call.ledger, who=call.user.who, key=key, fingerprint=print_of):
        case SameRequest(record):
            return _again(record)
        case OtherRequest():
            text = "this Idempotency-Key was another request's; nothing was done"
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, text, code="key_reused")
        case LeftRequest(record) if (run := _left_run(call, record)) is not None:
            return _answered(call, record, run, ordered=_ordered(settings))
        case claimed:
            return _first(call, claimed.key, sheet, settings=settings)


def _first(call: ApiCall[Any, Any], record: KeyRecord, sheet: UploadFile, *, settings: UploadSettings) -> Answered:
    try:
        # Before there is a run: a template that will not do any more leaves none behind.
        ordered = _ordered(settings)
        run = _launched(call, record, sheet, settings=settings, ordered=ordered)
    except LedgerError:
        raise
    except CampaignError as error:
        problem = problem_of(error)
        if problem.status in (HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE):
            # Not this request's fault: it may be sent again as it is.
            release_request(call.ledger, record)
        else:
            body = dumps(problem.model_dump(mode="json", exclude_none=True))
            answer_request(call.ledger, record, run=None, status=problem.status, answer=body)
        raise
    return _answered(call, record, run, ordered=ordered)


def _ordered(settings: UploadSettings) -> OrderedDialling:
    # By the plan that was loaded, whatever becomes of the template's file.
    return OrderedDialling(limit=settings.limit, plan="old", canary=canary_of(settings))


def _answered(call: ApiCall[Any, Any], record: KeyRecord, run: RunRecord, *, ordered: OrderedDialling) -> Answered:
    # Of a request that is sent again the run was ordered before: nothing is ordered again.
    trouble = None
    try:
        call.site.desk.dial_first(call.ledger, run.name, ordered, who=call.user.who)
    except CampaignError as error:
        # The run is there: a refusal would have the request sent anew, and not the run resumed.
        trouble = page_text(error.message)
    body = run_of(call, run)
    if trouble is not None:
        body = body.model_copy(update={"dialling": models.DiallingAnswer(trouble=trouble)})
    answer_request(
        call.ledger, record, run=run.name, status=HTTPStatus.CREATED, answer=dumps(body.model_dump(mode="json"))
    )
    return Answered(body, HTTPStatus.CREATED, {"location": f"/api/v1/runs/{run.name}"})


def _launched(
    call: ApiCall[Any, Any],
    record: KeyRecord,
    sheet: UploadFile,
    *,
    settings: UploadSettings,
    ordered: OrderedDialling,
) -> RunRecord:
    upload = keep_upload(
        call.ledger, sheet.file, name=sheet.filename or "sheet", owner=call.user.who, most_bytes=call.site.most_bytes
    )
    try:
        change_upload(call.ledger, upload, settings=settings.model_dump_json())
        draft = _loaded(call, upload)
        if draft.same is not None and not settings.again:
            text = f"this sheet was begun as run {draft.same.name}: resume that, or say again: true"
            raise ApiError(HTTPStatus.CONFLICT, text, code="same_sheet", run=draft.same.name)
        _refuse_open(draft, settings)
        if not note_draft(call.ledger, record, draft.record.token):
            raise ApiError(HTTPStatus.CONFLICT, "another server goes on with this request", code="under_way")
        run = publish_draft(
            call.ledger,
            draft.record.token,
            revision=draft.record.revision,
            name=settings.name,
            limit=settings.limit,
            context=call.site.around,
            order=first_order(ordered, who=call.user.who),
        )
        calls = f"{draft.calls(settings.limit)} calls"
        record_act(call.ledger, who=call.user.who, what="launch", target=run.name, detail=calls)
        return run
    finally:
        # Published, its rows are in the ledger; refused, it is sent again.
        if (kept := find_upload(call.ledger, upload.token)) is not None:
            discard_upload(call.ledger, kept)


def _loaded(call: ApiCall[Any, Any], upload: UploadRecord) -> SheetDraft:
    call.site.loader.load(upload.token, size=upload.size)
    call.site.loader.wait(upload.token, seconds=_LOADED_WITHIN_SECONDS)
    found = find_upload(call.ledger, upload.token)
    if found is not None and found.failure is not None:
        failure = UploadFailure.model_validate_json(found.failure)
        questions = undecided(failure)
        code = "undecided" if questions else "sheet"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, failure.text, code=code, questions=questions)
    if found is not None and found.draft_token is not None:
        draft = look_at_draft(call.ledger, found.draft_token)
        if isinstance(draft, SheetDraft):
            return draft
    raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "the sheet was not loaded in time; nothing was sent", code="loading")


def _refuse_open(draft: SheetDraft, settings: UploadSettings) -> None:
    questions = tuple(
        open_question(one)
        for one in draft.summary.questions
        if one.stops
        and not (one.about == "calls" and one.limit is not None and draft.calls(settings.limit) <= one.limit)
    )
    if questions:
        text = f"{len(questions)} of the run's questions are not answered; nothing was sent"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, text, code="unanswered", questions=questions)


def _left_run(call: ApiCall[Any, Any], record: KeyRecord) -> RunRecord | None:
    """The run that an earlier server had begun for this request, and not answered any more."""
    if record.draft_token is None:
        return None
    found = call.ledger.read.drafts.find(record.draft_token)
    if found is None or found.published_as is None:
        return None
    draft = look_at_draft(call.ledger, record.draft_token)
    return draft.run if isinstance(draft, PublishedDraft) else None


def _again(record: KeyRecord) -> Answered:
    if record.status is None or record.answer is None:
        text = "this request is being carried out; ask again in a moment"
        raise ApiError(HTTPStatus.CONFLICT, text, code="under_way")
    told = {"idempotency-replayed": "true"}
    if record.run is None:
        problem = models.ProblemDocument.model_validate_json(record.answer)
        raise ApiError(HTTPStatus(problem.status), problem.detail, code=problem.code, questions=problem.questions)
    return Answered(models.RunAnswer.model_validate(loads(record.answer)), HTTPStatus(record.status), told)


def _parts(call: ApiCall[Any, Any]) -> tuple[UploadFile, dict[str, str]]:
    """The sheet, and all other parts as text; a template file by its content."""
    found, sheet = dict[str, str](), None
    for name, value in call.form.multi_items():
        if name not in FORM["properties"] or name in found or (name == "sheet" and sheet is not None):
            raise ApiError(HTTPStatus.BAD_REQUEST, f"body: {name}: not a part, or twice", code="malformed")
        if name == "sheet" and isinstance(value, UploadFile):
            sheet = value
        elif name == "template_file" and isinstance(value, UploadFile):
            found[name] = _template_text(value)
            found[_FILE_NAME] = value.filename or "template"
        elif isinstance(value, str) and name not in ("sheet", "template_file"):
            found[name] = value.strip()
        else:
            raise ApiError(HTTPStatus.BAD_REQUEST, f"body: {name}: a file where text is, or text", code="malformed")
    if sheet is None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "body: sheet: send the spreadsheet as a file", code="malformed")
    return sheet, found


def _template_text(file: UploadFile) -> str:
    content = file.file.read(_MOST_TEMPLATE_BYTES + 1)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "template_file: not UTF-8 text", code="template") from None
    if len(content) > _MOST_TEMPLATE_BYTES:
        text = f"template_file: larger than {_MOST_TEMPLATE_BYTES:,} bytes"
        raise ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text, code="too_large")
    return text


def _settings(call: ApiCall[Any, Any], parts: Mapping[str, str]) -> UploadSettings:
    sandbox = _flag(parts, "sandbox")
    if sandbox == _flag(parts, "call_people"):
        text = "say either call_people: true, and people's phones ring, or sandbox: true; nothing was sent"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, text, code="consent")
    values: dict[str, Any] = {
        "template": _template(call, parts),
        "sandbox": sandbox,
        "again": _flag(parts, "again"),
        "answers": _object(_ANSWERS, parts, "answers"),
        "choices": _object(_CHOICES, parts, "reading"),
        "rate": parts.get("calls_per_second"),
        "start": parts.get("start_at"),
        **{name: parts.get(name) for name in ("name", "region", "timezone", "limit", "max_in_flight", "canary")},
    }
    try:
        return UploadSettings.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ApiError(HTTPStatus.BAD_REQUEST, f"body: {where}: {first['msg']}", code="malformed") from None


def _template(call: ApiCall[Any, Any], parts: Mapping[str, str]) -> Path:
    name, text = parts.get("template"), parts.get("template_file")
    if (name is None) == (text is None):
        why = "send either template or template_file; nothing was sent"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, why, code="template")
    if text is not None:
        # By its content, and kept: a run goes back to its template whenever it is resumed, and is named after its file.
        folder = call.site.around.home / "templates" / sha256(text.encode()).hexdigest()[:32]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{stem_of(Path(shown_name(str(parts.get(_FILE_NAME)))))}.toml"
        path.write_text(text, encoding="utf-8")
        return path
    found = {path.name: path for path in call.site.templates.glob("*.toml")}
    if name in found or f"{name}.toml" in found:
        return found.get(str(name)) or found[f"{name}.toml"]
    raise not_found(f"template {name!r}")


def _flag(parts: Mapping[str, str], name: str) -> bool:
    value = parts.get(name, "false")
    if value not in ("true", "false"):
        raise ApiError(HTTPStatus.BAD_REQUEST, f"body: {name}: say true or false", code="malformed")
    return value == "true"


def _object(shape: TypeAdapter[Any], parts: Mapping[str, str], name: str) -> Any:
    if name not in parts:
        return None
    try:
        return shape.validate_json(parts[name])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join([name, *map(str, first["loc"])])
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {first['msg']}", code="malformed") from None


def _digest(sheet: UploadFile) -> str:
    digest = sha256()
    sheet.file.seek(0)
    while chunk := sheet.file.read(1024 * 1024):
        digest.update(chunk)
    sheet.file.seek(0)
    return digest.hexdigest()
