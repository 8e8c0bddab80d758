"""Pages of the templates folder: templates are copied, renamed, deleted, and taken over from those of the program."""

from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response

from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.usecases.schedules import view_schedules
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.templates.folder import (
    OvertakenError,
    copy_file,
    copy_packaged,
    delete_file,
    rename_file,
)
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.settings.overview import overview
from campaign.web.pages.settings.templates import address_of, seen_file


def take_over(ask: Ask) -> Response:
    """Copies a template of the program into the folder."""
    try:
        name = copy_packaged(ask.site.templates, ask.value("packaged"))
    except UsageError as error:
        return overview(ask, message=page_text(error.message))
    record_act(ask.ledger, who=ask.visitor.name, what="template_add", target=name)
    return see_other(address_of(name))


def ask_name(ask: Ask) -> Response:
    """Asks for the name of a copy, or a new name."""
    return _name_form(ask)


def copy(ask: Ask) -> Response:
    """Copies the template."""
    file = seen_file(ask)
    try:
        name = copy_file(ask.site.templates, file.name, to=ask.value("to"))
    except UsageError as error:
        return _name_form(ask, message=page_text(error.message))
    record_act(ask.ledger, who=ask.visitor.name, what="template_add", target=name, detail=f"a copy of {file.name}")
    return see_other(address_of(name))


def rename(ask: Ask) -> Response:
    """Renames the template."""
    file = seen_file(ask)
    try:
        name = rename_file(ask.site.templates, file.name, to=ask.value("to"))
    except UsageError as error:
        return _name_form(ask, message=page_text(error.message))
    record_act(ask.ledger, who=ask.visitor.name, what="template_rename", target=file.name, detail=f"now {name}")
    return see_other(address_of(name))


def ask_delete(ask: Ask) -> Response:
    """Asks whether the template is to be deleted."""
    return _delete_form(ask)


def delete(ask: Ask) -> Response:
    """Deletes the template as it was seen."""
    file = seen_file(ask)
    try:
        delete_file(ask.site.templates, file.name, revision=ask.value("revision"))
    except OvertakenError as error:
        return _delete_form(ask, message=str(error), status=HTTPStatus.CONFLICT)
    except UsageError as error:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, page_text(error.message)) from None
    record_act(ask.ledger, who=ask.visitor.name, what="template_delete", target=file.name)
    return see_other("/settings")


def _name_form(ask: Ask, *, message: str = "") -> Response:
    file, act = seen_file(ask), ask.request.url.path.rpartition("/")[2]
    return ask.page(
        "settings/name.html.jinja",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        file=file,
        act=act,
        to=ask.value("to"),
        schedules=_schedules_with(ask, file.name),
        message=message,
    )


def _delete_form(ask: Ask, *, message: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    file = seen_file(ask)
    return ask.page(
        "settings/delete.html.jinja",
        status=status,
        file=file,
        schedules=_schedules_with(ask, file.name),
        message=message,
    )


def _schedules_with(ask: Ask, name: str) -> list[str]:
    """Schedules that read the template at each firing."""
    path = (ask.site.templates / name).absolute()
    return [view.record.name for view in view_schedules(ask.ledger) if Path(view.record.template) == path]
