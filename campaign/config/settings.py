"""Settings from the environment and flags: checked, with the API key masked wherever it could be printed."""

import ipaddress
import os
import re
import stat
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from campaign.domain.attempt_end import LOOPBACK, RINGS_NOBODY
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError

DEFAULT_BASE_URL = "https://api.aicaller.io"
SANDBOX_SERVICE = RINGS_NOBODY
LOOPBACK_SERVICE = LOOPBACK
_LONGEST_KEY = 4096

_PLACEHOLDER = re.compile(
    r"(?i)[<{\[]?((your|my|the|insert|put)[-_]*)*(aicaller[-_]*)?(api[-_]*)?key[-_]*(goes[-_]*)?(here)?[>}\]]?"
    r"|[x.*]+|change[-_]?me|placeholder|todo"
)
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/*")
_PORTS = {"https": 443, "http": 80}


class Account(BaseModel):
    """An AICaller account: base URL, key and identity under which calls are made.

    Attributes:
        api_key: sent as `aicaller-api-key`, never printed.
        base_url: scheme and host (and path, if any), without a slash at the end.
        service: its name in the ledger: "sandbox", "loopback", or the base URL. Calls made to one service say nothing
            about calls made to another.
        connect: opens a connection to a host and a port, for one that is inside this process; None for TCP.
    """

    model_config = ConfigDict(frozen=True)

    api_key: SecretStr
    base_url: str
    service: str
    connect: Callable[[str, int], Awaitable[Any]] | None = None


def account_from(environment: Mapping[str, str]) -> Account:
    """The account that the environment configures.

    Raises:
        UsageError: no key, a key that cannot be one, or a base URL that is not safe. The key is never in the message.
    """
    base_url = checked_base_url(environment.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL)
    return Account(api_key=SecretStr(_api_key(environment)), base_url=base_url, service=service_of(base_url))


def checked_base_url(text: str) -> str:
    """The base URL in one normal form: the ledger identifies a service by it, so two spellings would be two services.

    Raises:
        UsageError: not https (loopback excepted), or with a user, query or fragment in it.
    """
    cure = f"AICALLER_BASE_URL must look like {DEFAULT_BASE_URL}"
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        raise UsageError(f"AICALLER_BASE_URL: not a URL; {cure}") from None
    if "@" in text:
        raise UsageError(f"AICALLER_BASE_URL: a user or password does not belong in it; {cure}")
    # An empty query or fragment counts too: the path of a call would be added to it, and called somewhere else.
    if not _is_host(host) or port == 0 or not _PATH.fullmatch(url.path) or not set(text).isdisjoint("?# \t\r\n"):
        raise UsageError(f"AICALLER_BASE_URL {text!r}: not the address of an API; {cure}")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(host)):
        raise UsageError(f"AICALLER_BASE_URL {text!r}: only https keeps the key and the contacts private; {cure}")
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port in (None, _PORTS[url.scheme]) else f":{port}"
    return f"{url.scheme}://{shown_host}{shown_port}{url.path.rstrip('/')}"


def service_of(base_url: str) -> str:
    """The name under which the ledger stores calls made at this URL; every loopback port is the same service."""
    return LOOPBACK_SERVICE if is_loopback(urlsplit(base_url).hostname or "") else base_url


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by name or by address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    try:
        return not getattr(ipaddress.ip_address(host), "scope_id", None)
    except ValueError:
        return bool(_HOST_NAME.fullmatch(host))


def _api_key(environment: Mapping[str, str]) -> str:
    source, key = "AICALLER_API_KEY", environment.get("AICALLER_API_KEY", "")
    path = environment.get("AICALLER_API_KEY_FILE", "")
    if key and path:
        raise UsageError("AICALLER_API_KEY and AICALLER_API_KEY_FILE are both set; unset one of them")
    if path:
        source, key = "AICALLER_API_KEY_FILE", _key_of(path)
    if not key:
        raise UsageError(f"{source}: no key", cure=Cure(CureCode.SET_KEY_OR_REHEARSE))
    # The key itself is never shown: what is wrong with it is.
    if not key.isascii() or not key.isprintable() or any(c in " \"'`" for c in key):
        raise UsageError(
            f"{source}: the key holds a space, a quote, a line break or another character that no key has; copy it anew"
        )
    if len(key) > _LONGEST_KEY:
        raise UsageError(f"{source}: longer than {_LONGEST_KEY} characters; it must be the key alone")
    if _PLACEHOLDER.fullmatch(key):
        raise UsageError(f"{source}: still a placeholder; put your AICaller API key there")
    return key


def _refuse_open_to_others(descriptor: int) -> None:
    """Refuses a key file that others can read, as ssh does: only one of this user's, who can close it.

    What another user or a read-only mount provides (the secrets of a container) is its provider's to close.
    """
    if os.name != "posix":
        return
    found = os.fstat(descriptor)
    read_only = bool(os.fstatvfs(descriptor).f_flag & os.ST_RDONLY)
    if is_ours_to_close(found.st_mode, owner=found.st_uid, user=os.getuid(), read_only=read_only):
        raise UsageError(
            f"AICALLER_API_KEY_FILE: others on this machine can read it (mode {stat.S_IMODE(found.st_mode):04o}), and "
            "with it call on your account; close it to them with chmod 600, and consider a new key"
        )


def is_ours_to_close(mode: int, *, owner: int, user: int, read_only: bool) -> bool:
    """Whether others can read a file of that mode, and this user can close it to them.

    Args:
        mode: the file's type and mode.
        owner: the id of the user whose file it is.
        user: that of this process.
        read_only: the file stands on a mount that cannot be written.
    """
    return stat.S_ISREG(mode) and owner == user and bool(mode & 0o077) and not read_only


def _key_of(path: str) -> str:
    try:
        with Path(path).expanduser().open(encoding="utf-8-sig") as file:
            _refuse_open_to_others(file.fileno())
            text = file.read(_LONGEST_KEY + 2)
    except UnicodeDecodeError:
        raise UsageError(
            f"AICALLER_API_KEY_FILE{_shown(path)}: not text; it must be a readable file with the key"
        ) from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
        raise UsageError(
            f"AICALLER_API_KEY_FILE{_shown(path)}: {reason}; it must name a readable file with the key"
        ) from None
    # An editor ends a file with a line break; that one is not the key's.
    return text.removesuffix("\n").removesuffix("\r")


def _shown(path: str) -> str:
    """The path, for a message, when it lies in a folder that there is; else it may be the key itself, by mistake."""
    try:
        parent = Path(path).expanduser().parent
        named = any(mark and mark in path for mark in (os.sep, os.altsep)) and parent.is_dir()
    except (OSError, ValueError, RuntimeError):
        return ""
    return f" ({path})" if named else ""
