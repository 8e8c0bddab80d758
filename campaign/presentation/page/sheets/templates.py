"""Templates as a page offers them: each in one line that says what it is for, when phones ring, and what is spoken."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaign.config.template import Template
from campaign.config.timing_sections import HoursSection
from campaign.presentation.cures.page import page_text
from campaign.usecases.serving.reading.offered import OfferedTemplate

_MOST_SPOKEN = 6
_WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
_ALL_DAYS = (*_WORKDAYS, "sat", "sun")


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template of a list.

    Attributes:
        name: of its file.
        title: what it is for.
        about: hours and spoken variables; where it cannot be used, why.
        usable: whether it can be chosen.
    """

    name: str
    title: str
    about: str
    usable: bool


def template_line(offered: OfferedTemplate) -> TemplateLine:
    """The line of a template."""
    stem = offered.name.removesuffix(".toml")
    if offered.template is None:
        why = page_text(offered.fault.message) if offered.fault else ""
        return TemplateLine(offered.name, stem, f"cannot be used: {_without_folder(why, offered.name)}", usable=False)
    about = f"{hours_words(offered.template.hours)}; {_spoken(offered.template)}"
    return TemplateLine(offered.name, offered.template.title or stem, about, usable=True)


def hours_words(hours: HoursSection | None) -> str:
    """When phones ring, in one line."""
    if hours is None or not hours.restricts:
        return "rings at any hour"
    times = [(each.begin, each.until) for each in hours.windows]
    if hours.begin is not None and hours.until is not None:
        times.append((hours.begin, hours.until))
    said = " and ".join(f"{begin:%H:%M} to {until:%H:%M}" for begin, until in times)
    where = "where the person is" if hours.fixed_zone is None else f"in {hours.fixed_zone}"
    law = "within the US rules" if hours.rules == "us" else ""
    parts = [part for part in (said and f"{_days(hours.days)} {said}", law) if part]
    return f"rings {', '.join(parts)} {where}"


def _days(days: Sequence[str]) -> str:
    if tuple(days) == _ALL_DAYS:
        return "every day"
    return "Mon to Fri" if tuple(days) == _WORKDAYS else ", ".join(day.capitalize() for day in days)


def _spoken(template: Template) -> str:
    keys = list(template.variables)
    if not keys:
        return "speaks nothing of the sheet but the name"
    more = f" and {len(keys) - _MOST_SPOKEN} more" if len(keys) > _MOST_SPOKEN else ""
    return f"speaks {', '.join(keys[:_MOST_SPOKEN])}{more}"


def _without_folder(why: str, name: str) -> str:
    """The server's folders are nothing to those who read the page."""
    head, found, tail = why.partition(f"{name}: ")
    return tail if found and head.startswith("template ") else why
