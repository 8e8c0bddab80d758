"""Every address of the application that can be looked at: walked by its routes, so that none is forgotten."""

from collections.abc import Iterator, Mapping, Sequence

from starlette.routing import Route

from campaign.web.app import routes
from campaign.web.site import Site

STREAMS = ("/runs/{run}/live", "/live")
"""Addresses that never end; what they send is a part of a page that is read."""


def addresses(site: Site, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each address, with each value of its parts; `values` may have a part of one address alone, as `path name`.

    Raises:
        KeyError: an address has a part that nothing is prepared for.
    """
    for route in routes(site):
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.path not in STREAMS:
            yield from _filled(route.path, route.path, values)


def _filled(path: str, whole: str, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    before, brace, rest = path.partition("{")
    if not brace:
        yield path
        return
    name, _, after = rest.partition("}")
    part = name.partition(":")[0]
    for value in values.get(f"{whole} {part}") or values[part]:
        yield from _filled(f"{before}{value}{after}", whole, values)
