"""Rendering of pages from templates; every value is escaped, and hidden characters in it are made visible."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse

from campaign.presentation.page.environment import page_environment


class Pages:
    """Renders the templates of this package."""

    def __init__(self) -> None:
        self._environment = page_environment("campaign.web")

    def text(self, template: str, values: Mapping[str, Any]) -> str:
        """The rendered template.

        Raises:
            jinja2.UndefinedError: the template names a value that is not there.
        """
        text: str = self._environment.get_template(template).render(values)
        return text

    def page(self, template: str, values: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
        """The rendered template as an answer."""
        return HTMLResponse(self.text(template, values), status_code=status)
