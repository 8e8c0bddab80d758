"""Addresses of settings. Viewers see the first page of them, and nothing of users, tokens and acts."""

from starlette.routing import Route

from campaign.web.asking import Handler, page
from campaign.web.pages.history import history
from campaign.web.pages.settings import files, overview, people, templates

_TEMPLATE = "/settings/templates/{template}"


def settings_routes(*, most_form_bytes: int) -> list[Route]:
    """All addresses of settings, and the history of acts."""

    def form(path: str, handler: Handler) -> Route:
        return Route(path, page(handler), methods=["POST"], max_body_size=most_form_bytes)

    def shown(path: str, handler: Handler) -> Route:
        return Route(path, page(handler, needs="operator"))

    return [
        shown("/history", history),
        Route("/settings", page(overview.show)),
        form("/settings/test", overview.test),
        form("/settings/templates", files.take_over),
        shown(_TEMPLATE, templates.show),
        form(_TEMPLATE, templates.save),
        shown(f"{_TEMPLATE}/text", templates.show_text),
        form(f"{_TEMPLATE}/text", templates.save_as_text),
        shown(f"{_TEMPLATE}/copy", files.ask_name),
        form(f"{_TEMPLATE}/copy", files.copy),
        shown(f"{_TEMPLATE}/rename", files.ask_name),
        form(f"{_TEMPLATE}/rename", files.rename),
        shown(f"{_TEMPLATE}/delete", files.ask_delete),
        form(f"{_TEMPLATE}/delete", files.delete),
        shown("/settings/users", people.users),
        form("/settings/users", people.add),
        shown("/settings/users/{user}/password", people.password_form),
        form("/settings/users/{user}/password", people.change_password),
        shown("/settings/users/{user}/remove", people.remove_form),
        form("/settings/users/{user}/remove", people.remove),
        shown("/settings/tokens", people.tokens),
        form("/settings/tokens", people.make_token),
        shown("/settings/tokens/{token}/revoke", people.revoke_form),
        form("/settings/tokens/{token}/revoke", people.revoke),
    ]
