"""Settings of the server in words; of the key only whether there is one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from campaign.config.settings import account_from
from campaign.config.template import PaceSection, Template
from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.usecases.serving.templates.folder import ListedTemplate
from campaign.usecases.serving.try_key import KeyTrial, KeyVerdict


@dataclass(frozen=True, slots=True)
class KeyState:
    """Whether there is a key, and where from; `why` it cannot be used, where it cannot."""

    text: str
    is_usable: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """A template in one line of a list; `why` it is none, where it is none."""

    name: str
    title: str
    pace: str
    team_id: str
    call_template_id: str
    why: str


def key_state(environment: Mapping[str, str]) -> KeyState:
    """Where the key comes from; no part of it."""
    if environment.get("AICALLER_API_KEY_FILE"):
        source = "in the file that AICALLER_API_KEY_FILE names"
    elif environment.get("AICALLER_API_KEY"):
        source = "in the environment, as AICALLER_API_KEY"
    else:
        return KeyState("There is no key: only the sandbox can be called.", is_usable=False)
    try:
        account_from(environment)
    except UsageError as error:
        return KeyState(f"A key is set {source}, and cannot be used.", is_usable=False, why=page_text(error.message))
    return KeyState(f"A key is there, {source}.", is_usable=True)


def trial_text(trial: KeyTrial) -> str:
    """How a trial of the key ended, in one sentence."""
    match trial.verdict:
        case KeyVerdict.ACCEPTED:
            return f"{trial.service} accepts the key and lists the calls."
        case KeyVerdict.REFUSED:
            return (
                f"{trial.service} refuses the key (status {trial.status}): it is wrong, revoked or of another account."
            )
        case KeyVerdict.RATE_LIMITED:
            return f"{trial.service} says that it was asked too often (status {trial.status}); try again in a minute."
        case KeyVerdict.UNCLEAR:
            return f"{trial.service} answered, and not about the key: {trial.why}."
        case KeyVerdict.NO_ANSWER:
            return f"{trial.service} could not be asked: {trial.why}."


def template_lines(listed: Iterable[ListedTemplate]) -> list[TemplateSummary]:
    """The templates of the folder."""
    return [_line(one) for one in listed]


def pace_text(pace: PaceSection) -> str:
    """A pace in words."""
    number, unit = (pace.calls_per_minute, "minute") if pace.calls_per_minute else (pace.per_second, "second")
    return f"{number:g} {'call' if number == 1 else 'calls'} a {unit}, {pace.max_in_flight} at a time"


def _line(one: ListedTemplate) -> TemplateSummary:
    found: Template | None = one.template
    if found is None:
        return TemplateSummary(one.name, "", "", "", "", one.why)
    call = found.call
    return TemplateSummary(
        one.name, found.title, pace_text(found.pace), call.team_id or "", call.call_template_id or "", ""
    )
