"""Page `/settings`: what this server calls with, and how; the key is never shown, and can be tried."""

from http import HTTPStatus

from starlette.responses import Response

from campaign.config.files.packaged import packaged_templates
from campaign.config.template import PaceSection
from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.presentation.page.settings import key_state, pace_text, template_lines, trial_text
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.templates.folder import listed_templates
from campaign.usecases.serving.try_key import KeyTrial, try_key
from campaign.web.asking import Ask


def show(ask: Ask) -> Response:
    """Shows the settings."""
    return overview(ask)


def test(ask: Ask) -> Response:
    """Tries the key by reading AICaller's list of calls; says what it answered."""
    environment = ask.site.around.environment
    template = environment.get("AICALLER_CALL_TEMPLATE_ID") or next(
        (
            one.template.call.call_template_id
            for one in listed_templates(ask.site.templates)
            if one.template is not None and one.template.call.call_template_id
        ),
        None,
    )
    try:
        trial: KeyTrial | None = try_key(ask.site.around, call_template_id=template)
        said = trial_text(trial) if trial else ""
    except UsageError as error:
        said = page_text(error.message)
    record_act(ask.ledger, who=ask.visitor.name, what="try_key")
    return overview(ask, said=said)


def overview(ask: Ask, *, said: str = "", message: str = "") -> Response:
    """The page, with what the key's trial said, or what went wrong with a template."""
    environment, folder = ask.site.around.environment, ask.site.templates
    lines = template_lines(listed_templates(folder))
    there = {line.name for line in lines}
    return ask.page(
        "settings/overview.html.jinja",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        key=key_state(environment),
        said=said,
        message=message,
        team_id=environment.get("AICALLER_TEAM_ID") or "",
        call_template_id=environment.get("AICALLER_CALL_TEMPLATE_ID") or "",
        pace=pace_text(PaceSection()),
        home=ask.ledger.home,
        results=ask.ledger.home / "results",
        folder=folder,
        templates=lines,
        packaged=[one for one in packaged_templates() if one.path.name not in there],
    )
