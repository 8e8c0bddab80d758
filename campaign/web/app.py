"""The application: addresses, guards, and what begins and ends with the server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from campaign.web.api.routes import api
from campaign.web.asking import page
from campaign.web.guard.bodies import Bodies
from campaign.web.guard.headers import SecurityHeaders
from campaign.web.guard.host import HostCheck, names_of
from campaign.web.guard.origin import OriginCheck
from campaign.web.nowhere import fault, nowhere
from campaign.web.pages import choices, columns, home, new, sample, sign_in
from campaign.web.pages.drafts import answers, check, launch, rows
from campaign.web.pages.never_call import never_call_routes
from campaign.web.pages.runs.routes import run_routes
from campaign.web.pages.schedules import schedule_routes
from campaign.web.pages.settings.routes import settings_routes
from campaign.web.site import Site

MOST_FORM_BYTES = 2 * 1024 * 1024


def application(site: Site) -> Starlette:
    """The application over that site; the server's own threads begin with its life, and end with it."""
    binding = site.binding

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        site.maker.remove_left()
        site.desk.restore()
        site.loader.restore()
        site.firings.start()
        yield
        site.firings.stop()

    app = Starlette(
        routes=routes(site),
        lifespan=life,
        exception_handlers={HTTPException: nowhere, 500: fault},
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(HostCheck, names=names_of(binding.host, port=binding.port, allowed=binding.names)),
            Middleware(OriginCheck),
            Middleware(Bodies, pages=site.pages, most_bytes=site.most_bytes),
        ],
    )
    app.state.site = site
    return app


def routes(site: Site) -> Sequence[Route | Mount]:
    """All addresses. What takes a sheet takes large bodies; all else is a form."""
    return [
        Route("/", page(home.home)),
        Route("/new", page(new.new, needs="operator")),
        Route("/new", page(new.upload), methods=["POST"], max_body_size=site.most_bytes + MOST_FORM_BYTES),
        Route("/sample", page(sample.sample), methods=["POST"], max_body_size=MOST_FORM_BYTES),
        Route("/drafts/{draft}/columns", page(columns.columns)),
        *_of_drafts(),
        *run_routes(most_form_bytes=MOST_FORM_BYTES),
        Route("/sign-in", page(sign_in.form, needs="nobody")),
        Route("/sign-in", page(sign_in.begin, needs="nobody"), methods=["POST"], max_body_size=MOST_FORM_BYTES),
        Route("/sign-out", page(sign_in.end, needs="viewer"), methods=["POST"], max_body_size=MOST_FORM_BYTES),
        Mount("/api/v1", api(site)),
        *never_call_routes(most_form_bytes=MOST_FORM_BYTES, most_bytes=site.most_bytes),
        *schedule_routes(most_form_bytes=MOST_FORM_BYTES, most_bytes=site.most_bytes),
        *settings_routes(most_form_bytes=MOST_FORM_BYTES),
        Mount("/static", StaticFiles(packages=[("campaign.web", "static")])),
    ]


def _of_drafts() -> Sequence[Route]:
    """The addresses of a draft: what is looked at, and the forms that change it."""
    looks = {
        "check": page(check.check),
        "rows": page(check.group_rows),
        "rows/{row}": page(rows.row),
        "discard": page(check.discard_first, needs="operator"),
        "launch": page(launch.launch),
    }
    forms = {
        "rows/{row}": rows.mend,
        "edits/back": rows.take_back,
        "answers": answers.answer,
        "again": answers.begin_again,
        "go-on": answers.go_on,
        "load": check.load_again,
        "discard": check.discard,
        "launch": launch.launched,
        "schedule": launch.schedule,
        "choice": choices.choose,
        "template": choices.change_template,
        "columns": columns.save,
    }
    here = "/drafts/{draft}"
    return [
        *(Route(f"{here}/{name}", endpoint) for name, endpoint in looks.items()),
        *(
            Route(f"{here}/{name}", page(handler), methods=["POST"], max_body_size=MOST_FORM_BYTES)
            for name, handler in forms.items()
        ),
    ]
