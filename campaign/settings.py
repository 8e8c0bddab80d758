"""Settings: what the environment and the flags say, checked, with the key masked wherever it might be printed."""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from campaign.errors import UsageError

DEFAULT_BASE_URL = "https://api.aicaller.io"
SANDBOX_SERVICE = "sandbox"
LOOPBACK_SERVICE = "loopback"

_PLACEHOLDER = re.compile(r"(?i)^<?(your|my|the)?[-_ ]*(api)?[-_ ]*key(here)?>?$|^x+$|^changeme$")


class Account(BaseModel):
    """Where calls are made, and as whom.

    Attributes:
        api_key: sent as `aicaller-api-key`, never printed.
        base_url: scheme and host (and path, if any), without a slash at the end.
        service: names the place for the ledger: "sandbox", "loopback", or the base URL. Calls made to one service say
            nothing about calls made to another.
    """

    model_config = ConfigDict(frozen=True)

    api_key: SecretStr
    base_url: str
    service: str


def account_from(environment: Mapping[str, str]) -> Account:
    """The account that the environment names.

    Raises:
        UsageError: no key, a key that cannot be one, or a base URL that is not safe. The key is never in the message.
    """
    base_url = checked_base_url(environment.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL)
    return Account(api_key=SecretStr(_api_key(environment)), base_url=base_url, service=service_of(base_url))


def home_from(environment: Mapping[str, str]) -> Path:
    """The folder of the ledger: CAMPAIGN_HOME, or this system's place for a program's data."""
    if named := environment.get("CAMPAIGN_HOME"):
        return Path(named).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 - only needed without CAMPAIGN_HOME; keeps start-up fast

    return user_data_path("campaign", appauthor=False)


def checked_base_url(text: str) -> str:
    """The base URL without its last slash.

    Raises:
        UsageError: not https (loopback excepted), or with a user, query or fragment in it.
    """
    cure = f"AICALLER_BASE_URL must look like {DEFAULT_BASE_URL}"
    try:
        url = urlsplit(text)
        host, _port = url.hostname or "", url.port
    except ValueError:
        raise UsageError(f"AICALLER_BASE_URL: not a URL; {cure}") from None
    if url.username or url.password:
        raise UsageError(f"AICALLER_BASE_URL: a user or password does not belong in it; {cure}")
    if not host or url.query or url.fragment or not text.isascii() or any(c.isspace() for c in text):
        raise UsageError(f"AICALLER_BASE_URL {text!r}: not the address of an API; {cure}")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(host)):
        raise UsageError(f"AICALLER_BASE_URL {text!r}: only https keeps the key and the contacts private; {cure}")
    return text.rstrip("/")


def service_of(base_url: str) -> str:
    """The name under which the ledger keeps calls made there; every loopback port is one service."""
    return LOOPBACK_SERVICE if is_loopback(urlsplit(base_url).hostname or "") else base_url


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by name or by address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _api_key(environment: Mapping[str, str]) -> str:
    source, key = "AICALLER_API_KEY", environment.get("AICALLER_API_KEY", "")
    path = environment.get("AICALLER_API_KEY_FILE", "")
    if key and path:
        raise UsageError("AICALLER_API_KEY and AICALLER_API_KEY_FILE are both set; unset one of them")
    if path:
        source, key = f"AICALLER_API_KEY_FILE {path}", _key_of(path)
    if not key:
        raise UsageError(f"{source}: no key; set it to your AICaller API key, or try the command with --sandbox")
    # The key itself is never shown: what is wrong with it is.
    if not key.isascii() or not key.isprintable() or any(c in " \"'`" for c in key):
        raise UsageError(
            f"{source}: the key holds a space, a quote, a line break or another character that no key has; copy it anew"
        )
    if _PLACEHOLDER.match(key):
        raise UsageError(f"{source}: still a placeholder; put your AICaller API key there")
    return key


def _key_of(path: str) -> str:
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not text"
        raise UsageError(f"AICALLER_API_KEY_FILE {path}: {reason}; it must be a readable file with the key") from None
    # An editor ends a file with a line break; that one is not the key's.
    return text.removesuffix("\n").removesuffix("\r")
