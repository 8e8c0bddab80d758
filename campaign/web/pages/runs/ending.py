"""Pages that end a run: its waiting rows cancelled, its people erased. Both ask, and neither can be undone."""

from http import HTTPStatus

from starlette.responses import Response

from campaign.presentation.calls_ahead import ahead_line
from campaign.usecases.ending.cancel_run import cancel_run, run_to_cancel
from campaign.usecases.ending.forget import candidate, forget_run, left_elsewhere, remove_leftovers
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import results_file
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.runs.found import found_run


def cancel(ask: Ask) -> Response:
    """Asks whether the waiting rows are to be cancelled, and why."""
    found = run_to_cancel(ask.ledger, found_run(ask).name)
    lines = [ahead_line(call) for call in found.next_ahead]
    return ask.page("runs/cancel.html.jinja", name=found.record.name, run=found, ahead_lines=lines)


def cancelled(ask: Ask) -> Response:
    """Cancels them."""
    found = run_to_cancel(ask.ledger, found_run(ask).name)
    name, reason = found.record.name, ask.value("reason")
    if ask.value("waiting") != str(found.waiting):
        text = (
            f"{found.waiting} rows wait by now, and not as many as you were shown; nothing was cancelled. Look again."
        )
        raise PageError(HTTPStatus.CONFLICT, text)
    cancel_run(ask.ledger, found, reason=reason)
    record_act(ask.ledger, who=ask.visitor.name, what="cancel", target=name, detail=f"{found.waiting} rows: {reason}")
    return see_other(f"/runs/{name}")


def forget(ask: Ask) -> Response:
    """Asks whether the people of the run are to be erased."""
    if ask.visitor.role != "operator":
        raise PageError(HTTPStatus.FORBIDDEN, "Viewers look only; an operator can do this.")
    one = candidate(ask.ledger, found_run(ask).name)
    lines = [ahead_line(call) for call in one.next_ahead]
    return ask.page("runs/forget.html.jinja", name=one.record.name, run=one, ahead_lines=lines, left=None)


def forgotten(ask: Ask) -> Response:
    """Erases them; the server's own files of the run go as well, and others are named."""
    one = candidate(ask.ledger, found_run(ask).name)
    name = one.record.name
    if ask.value("name") != name:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, f"Type {name} to erase its people; nothing was erased.")
    if one.ahead and ask.value("ahead") != "yes":
        text = "Calls of it are still to ring. Tick that its people are erased all the same; nothing was erased."
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, text)
    here = ask.site.desk.snapshot(name)
    if here is not None and not here.is_over:
        raise PageError(HTTPStatus.CONFLICT, "This server works on the run: stop it first; nothing was erased.")
    rows = forget_run(ask.ledger, one, unfinished=ask.value("unfinished") == "yes")
    results_file(name, context=ask.site.around).unlink(missing_ok=True)
    remove_leftovers([one.record])
    record_act(ask.ledger, who=ask.visitor.name, what="forget", target=name, detail=f"{rows} rows")
    left = [str(path) for path in left_elsewhere(ask.ledger, [one.record])]
    return ask.page(
        "runs/forget.html.jinja", name=name, run=candidate(ask.ledger, name), ahead_lines=[], left=left
    )  # fmt: skip
