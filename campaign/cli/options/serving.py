"""The options of `campaign user` and `campaign token`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class UserAddOptions:
    """Options of `user add`."""

    name: str
    role: Literal["operator", "viewer"]
    password_file: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class UserPasswordOptions:
    """Options of `user password`."""

    name: str
    password_file: Path | None


@dataclass(frozen=True, slots=True)
class TokenAddOptions:
    """Options of `token add`."""

    name: str
    role: Literal["operator", "viewer"]
    as_json: bool


@dataclass(frozen=True, slots=True)
class NameOptions:
    """Options of `user remove` and `token revoke`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Options of `user list` and `token list`."""

    as_json: bool
