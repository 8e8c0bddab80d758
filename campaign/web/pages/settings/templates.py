"""Pages of one template: its fields as a form, and its text beside it; both are saved to what was seen."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from campaign.config.reference.template_keys import VARIABLES, table_words, template_keys
from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.templates.edit import FormFields, TemplateFaultsError, VariableText, faults_in, form_of
from campaign.usecases.serving.templates.fields import NAME_FORMS, FieldText
from campaign.usecases.serving.templates.folder import OvertakenError, TemplateFile, read_file
from campaign.usecases.serving.templates.save import save_fields, save_text
from campaign.web.asking import Ask, PageError, see_other

SPARE_ROWS = 3
MOST_VARIABLES = 200


def show(ask: Ask) -> Response:
    """Shows the form of a template, or its text where it is no TOML."""
    file = seen_file(ask)
    return _form(ask, file, faults=faults_in(file.text))


def save(ask: Ask) -> Response:
    """Saves the fields."""
    file, said = seen_file(ask), _said(ask)
    try:
        _refuse_other(ask, file)
        save_fields(ask.site.templates, file, said)
    except OvertakenError as error:
        return _form(ask, error.now, said=said, message=str(error), status=HTTPStatus.CONFLICT)
    except TemplateFaultsError as error:
        return _form(ask, file, said=said, faults=error.faults, message="Nothing was saved: see the marked fields.")
    except UsageError as error:
        return _form(ask, file, said=said, message=page_text(error.message))
    return _saved(ask, file.name)


def show_text(ask: Ask) -> Response:
    """Shows the text of a template."""
    return _text(ask, seen_file(ask))


def save_as_text(ask: Ask) -> Response:
    """Saves the text."""
    file, typed = seen_file(ask), _typed(ask)
    try:
        _refuse_other(ask, file)
        save_text(ask.site.templates, file, typed)
    except OvertakenError as error:
        return _text(ask, error.now, typed=typed, message=str(error), status=HTTPStatus.CONFLICT)
    except UsageError as error:
        return _text(ask, file, typed=typed, message=page_text(error.message))
    return _saved(ask, file.name)


def seen_file(ask: Ask) -> TemplateFile:
    """The template that the address names, as it is now.

    Raises:
        PageError: there is none of that name, or it is no text.
    """
    try:
        return read_file(ask.site.templates, ask.path("template"))
    except UsageError as error:
        raise PageError(HTTPStatus.NOT_FOUND, page_text(error.message)) from None


def address_of(name: str) -> str:
    """The address of a template's page."""
    return f"/settings/templates/{quote(name, safe='')}"


def _refuse_other(ask: Ask, file: TemplateFile) -> None:
    # What a form does not show as changed is taken from the file: it must be the one that the form was made from.
    if ask.value("revision") != file.revision:
        raise OvertakenError(file)


def _saved(ask: Ask, name: str) -> Response:
    record_act(ask.ledger, who=ask.visitor.name, what="template_save", target=name)
    return see_other(f"{address_of(name)}?saved=1")


def _typed(ask: Ask) -> str:
    found = ask.form.get("text")
    return found.replace("\r\n", "\n") if isinstance(found, str) else ""


def _said(ask: Ask) -> FormFields:
    keys = {}
    for key in template_keys():
        form = ask.value(f"{key.path}-form")
        keys[key.path] = FieldText(
            ask.value(key.path).replace("\r\n", "\n") if key.kind != "several" else "",
            tuple(value for value in ask.values(key.path) if value in key.options) if key.kind == "several" else (),
            form if form in NAME_FORMS else NAME_FORMS[0],
        )
    rows = int(ask.value("rows")) if ask.value("rows").isdecimal() else 0
    return FormFields(keys, tuple(_variable(ask, row) for row in range(min(rows, MOST_VARIABLES))))


def _variable(ask: Ask, row: int) -> VariableText:
    start = f"{VARIABLES}-{row}-"
    return VariableText(
        key=ask.value(f"{start}key"),
        columns=ask.value(f"{start}columns").replace("\r\n", "\n"),
        value=ask.value(f"{start}value"),
        optional=bool(ask.value(f"{start}optional")),
        format=ask.value(f"{start}format"),
    )


def _form(
    ask: Ask,
    file: TemplateFile,
    *,
    said: FormFields | None = None,
    faults: Any = None,
    message: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    try:
        fields = said or form_of(file.text)
    except UsageError as error:
        return _text(ask, file, message=page_text(error.message))
    faults = dict(faults or {})
    variables = [*(one for one in fields.variables if one != VariableText()), *[VariableText()] * SPARE_ROWS]
    paths = {key.path for key in template_keys()}
    return ask.page(
        "settings/template.html.jinja",
        status=status if message else HTTPStatus.OK,
        file=file,
        fields=fields.keys,
        variables=variables,
        tables=_tables(),
        words=table_words(),
        faults=faults,
        # What belongs to no field stands above all of them.
        others=[why for key, why in faults.items() if key not in paths and not key.startswith(VARIABLES)],
        wrong_variables=[why for key, why in faults.items() if key.startswith(VARIABLES)],
        message=message,
        saved=bool(ask.query("saved")),
    )


def _tables() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key in template_keys():
        # The rules of retries stand together, as they do in a file.
        table = key.table.partition(".")[0]
        label = key.path.removeprefix(f"{table}.") if table else key.path
        found.setdefault(table, []).append((key, label.replace(".", ": ").replace("_", " ")))
    return found


def _text(
    ask: Ask,
    file: TemplateFile,
    *,
    typed: str | None = None,
    message: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    return ask.page(
        "settings/template_text.html.jinja",
        status=status if message and typed is not None else HTTPStatus.OK,
        file=file,
        typed=file.text if typed is None else typed,
        message=message,
        overtaken=status == HTTPStatus.CONFLICT,
    )
