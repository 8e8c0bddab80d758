"""Pages `/settings/users` and `/settings/tokens`: who may use this server, and which programs may."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import Response

from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.presentation.page.never_call import moment
from campaign.usecases.serving.access.tokens import add_token, all_tokens, revoke_token
from campaign.usecases.serving.access.users import FEWEST, Role, add_user, all_users, remove_user, set_password
from campaign.web.asking import Ask, PageError, see_other

_ROLES = {Role.OPERATOR: "Operator: does everything", Role.VIEWER: "Viewer: looks only, and sees masked numbers"}


def users(ask: Ask) -> Response:
    """Shows all users."""
    return _users(ask)


def add(ask: Ask) -> Response:
    """Adds a user."""

    def act() -> None:
        add_user(ask.ledger, ask.value("name"), role=_role(ask), password=_password(ask), by=_by(ask))

    return _changed(ask, act)


def change_password(ask: Ask) -> Response:
    """Gives a user another password; their sessions end."""
    return _changed(ask, lambda: set_password(ask.ledger, ask.path("user"), password=_password(ask), by=_by(ask)))


def password_form(ask: Ask) -> Response:
    """Asks for another password."""
    return ask.page("settings/password.html.jinja", name=_known(ask), fewest=FEWEST, message="")


def remove_form(ask: Ask) -> Response:
    """Asks whether a user is to be removed."""
    name = _known(ask)
    others = [user for user in all_users(ask.ledger) if user.name != name]
    operators = [user for user in others if user.role is Role.OPERATOR]
    return ask.page(
        "settings/remove_user.html.jinja",
        name=name,
        is_last=not others,
        is_last_operator=bool(others) and not operators,
        is_oneself=name == ask.visitor.name,
    )


def remove(ask: Ask) -> Response:
    """Removes a user; their sessions end."""
    return _changed(ask, lambda: remove_user(ask.ledger, ask.path("user"), by=_by(ask)))


def tokens(ask: Ask) -> Response:
    """Shows all tokens, without their secrets."""
    return _tokens(ask)


def make_token(ask: Ask) -> Response:
    """Makes a token, and shows it this once."""
    try:
        secret = add_token(ask.ledger, ask.value("name"), role=_role(ask), by=_by(ask))
    except UsageError as error:
        return _tokens(ask, message=page_text(error.message))
    # No redirect: nothing keeps the secret but this answer.
    return _tokens(ask, made=secret)


def revoke_form(ask: Ask) -> Response:
    """Asks whether a token is to be revoked."""
    name = ask.path("token")
    if all(token.name != name for token in all_tokens(ask.ledger)):
        raise PageError(HTTPStatus.NOT_FOUND, f"There is no token {name!r} any more.")
    return ask.page("settings/revoke.html.jinja", name=name)


def revoke(ask: Ask) -> Response:
    """Revokes a token."""
    try:
        revoke_token(ask.ledger, ask.path("token"), by=_by(ask))
    except UsageError as error:
        return _tokens(ask, message=page_text(error.message))
    return see_other("/settings/tokens")


def _users(ask: Ask, *, message: str = "") -> Response:
    return ask.page(
        "settings/users.html.jinja",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        users=[
            {"name": user.name, "role": user.role.value, "since": moment(user.created_at)}
            for user in all_users(ask.ledger)
        ],
        roles=[(role.value, words) for role, words in _ROLES.items()],
        fewest=FEWEST,
        message=message,
        name=ask.value("name"),
        role=ask.value("role"),
    )


def _tokens(ask: Ask, *, message: str = "", made: str = "") -> Response:
    return ask.page(
        "settings/tokens.html.jinja",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        tokens=[
            {
                "name": token.name,
                "role": token.role.value,
                "by": token.created_by,
                "since": moment(token.created_at),
                "used": moment(token.used_at) if token.used_at else "never",
            }
            for token in all_tokens(ask.ledger)
        ],
        roles=[(role.value, words) for role, words in _ROLES.items()],
        message=message,
        made=made,
        name=ask.value("name"),
        role=ask.value("role"),
    )


def _changed(ask: Ask, act: Callable[[], object]) -> Response:
    try:
        act()
    except UsageError as error:
        return _users(ask, message=page_text(error.message))
    return see_other("/settings/users")


def _known(ask: Ask) -> str:
    name = ask.path("user")
    if any(user.name == name for user in all_users(ask.ledger)):
        return name
    raise PageError(HTTPStatus.NOT_FOUND, f"There is no user {name!r} any more.")


def _role(ask: Ask) -> Role:
    try:
        return Role(ask.value("role"))
    except ValueError:
        raise UsageError("choose a role; nothing was changed") from None


def _password(ask: Ask) -> str:
    # As it was typed: blanks around it are part of it.
    typed, again = ask.form.get("password"), ask.form.get("again")
    if not isinstance(typed, str) or typed != again:
        raise UsageError("the two passwords are not the same; nothing was changed")
    return typed


def _by(ask: Ask) -> str:
    return ask.visitor.name
