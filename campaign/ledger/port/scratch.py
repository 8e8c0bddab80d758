"""Scratch: texts that are kept for as long as they are compared, and are too many for the memory."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

from campaign.domain.errors import CampaignError


class NoRoomError(CampaignError):
    """There is no room for what was to be kept for a while."""


class ScratchText(NamedTuple):
    """A text, under a key of its own, and the group that it is in; neither key nor group is shown to anybody."""

    key: str
    group: str
    text: str


class Scratch(Protocol):
    """Texts by key and by group; a key that came with two texts is in no answer. It is gone when nobody has it."""

    def add(self, texts: Iterable[ScratchText]) -> None:
        """Adds texts.

        Raises:
            NoRoomError: there is no room for them.
        """

    def of_keys(self, keys: Collection[str]) -> list[str]:
        """The texts of these keys."""

    def of_groups(self, groups: Collection[str]) -> list[str]:
        """The texts of these groups."""

    def group_by_group(self, *, most: int) -> Iterator[list[str]]:
        """The texts of all groups but the empty one, of so many groups at a time; a group's texts come together."""
