"""What the environment says: a key that is one, an address that is safe, and no secret in any message."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.config.home import home_from
from campaign.config.settings import (
    DEFAULT_BASE_URL,
    LOOPBACK_SERVICE,
    Account,
    account_from,
    checked_base_url,
    is_ours_to_close,
    service_of,
)
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError

KEY = "key-9f3c-planted-77aa"


def refusal(**environment: str) -> str:
    """What the user is told."""
    with pytest.raises(UsageError) as caught:
        account_from(environment)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_a_key_makes_an_account_at_aicaller() -> None:
    """The common case needs one variable."""
    account = account_from({"AICALLER_API_KEY": KEY})
    assert account.api_key.get_secret_value() == KEY
    assert (account.base_url, account.service) == (DEFAULT_BASE_URL, DEFAULT_BASE_URL)


def test_an_account_never_shows_its_key() -> None:
    """It is in every traceback that shows its locals, and in every dump."""
    account = account_from({"AICALLER_API_KEY": KEY})
    for shown in (repr(account), str(account), account.model_dump_json(), f"{account.model_dump()}"):
        assert KEY not in shown
    assert isinstance(account, Account)


BAD_KEYS = {
    "newline": KEY + "\n",
    "return": KEY + "\r",
    "newline first": "\n" + KEY,
    "header injected": KEY + "\r\nX: y",
    "space": KEY + " ",
    "space first": " " + KEY,
    "space inside": "key " + KEY,
    "tab": KEY + "\t",
    "double quotes": f'"{KEY}"',
    "single quotes": f"'{KEY}'",
    "backquote": f"`{KEY}",
    "curly quotes": f"\u201c{KEY}\u201d",
    "zero width": KEY + "\u200b",
    "byte order mark": "\ufeff" + KEY,
    "no-break space": KEY + "\u00a0",
    "other letters": KEY + "é",
    "look-alike letters": KEY.replace("e", "\u0435"),
    "full width": KEY + "\uff11",
    "surrogate": KEY + "\udcff",
    "null": KEY + "\0",
    "escape": KEY + "\x1b",
    "delete": KEY + "\x7f",
    "too long": KEY * 1_000,
}


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str, tmp_path: Path) -> None:
    """It fails on every row otherwise, and the library's message would show it."""
    said = refusal(AICALLER_API_KEY=key)
    assert "AICALLER_API_KEY" in said
    assert KEY not in said
    with contextlib.suppress(UnicodeEncodeError):
        file = tmp_path / "key"
        file.write_text(key + "\n", encoding="utf-8", newline="")
        if key not in (KEY + "\r", "\ufeff" + KEY):
            assert KEY not in refusal(AICALLER_API_KEY_FILE=str(file))


@pytest.mark.parametrize(
    "key",
    ["YOUR_KEY", "your-api-key", "<YOUR_API_KEY>", "YOUR_API_KEY_HERE", "yourkeyhere", "api_key", "key", "xxxxxxxx",
     "XXX", "...", "***", "changeme", "change-me", "{api_key}", "[API-KEY]", "insert-key-here", "TODO", "placeholder",
     "YOUR_AICALLER_API_KEY"],
)  # fmt: skip
def test_a_placeholder_is_no_key(key: str) -> None:
    """Copied from a README; AICaller's 401 would come after the first promise."""
    assert "placeholder" in refusal(AICALLER_API_KEY=key)


@pytest.mark.parametrize("key", [KEY, "k", "sk_live_xxx1", "your-friend-4711", "monkey", "a.b-c_d~e+f/g=", "keys-1"])
def test_a_key_that_only_resembles_a_placeholder_is_taken(key: str) -> None:
    """Its shape is not ours to guess."""
    assert account_from({"AICALLER_API_KEY": key}).api_key.get_secret_value() == key


@pytest.mark.parametrize("environment", [{}, {"AICALLER_API_KEY": ""}, {"AICALLER_API_KEY_FILE": ""}], ids=repr)
def test_without_a_key_the_sandbox_is_offered(environment: dict[str, str]) -> None:
    """A newcomer has no account yet."""
    with pytest.raises(UsageError) as caught:
        account_from(environment)
    assert caught.value.cures == (Cure(CureCode.SET_KEY_OR_REHEARSE),)


@pytest.fixture(autouse=True)
def private() -> Iterator[None]:
    """Files that a test writes are its own alone, whatever the umask of who runs it."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660, 0o666, 0o777], ids=oct)
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """As ssh refuses its own: the warning of a program that goes on is read by nobody."""
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(mode)
    told = refusal(AICALLER_API_KEY_FILE=str(file))
    assert "others on this machine can read it" in told
    assert "chmod 600" in told
    assert KEY not in told


@pytest.mark.parametrize(
    ("mode", "owner", "read_only", "ours"),
    [
        pytest.param(stat.S_IFREG | 0o444, 1, False, True, id="ours, open to others"),
        pytest.param(stat.S_IFREG | 0o400, 1, False, False, id="ours, closed to them"),
        pytest.param(stat.S_IFREG | 0o444, 2, False, False, id="another's"),
        pytest.param(stat.S_IFREG | 0o444, 1, True, False, id="on a read-only mount"),
        pytest.param(stat.S_IFIFO | 0o644, 1, False, False, id="a pipe"),
    ],
)
def test_a_key_file_that_is_not_ours_to_close_is_left_to_others(
    *, mode: int, owner: int, read_only: bool, ours: bool
) -> None:
    """The secrets of a container are mode 444 on a mount of their own, and of an orchestrator's user."""
    assert is_ours_to_close(mode, owner=owner, user=1, read_only=read_only) is ours


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_user_is_read(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o444)
    os.chown(file, 12_345, -1)
    assert account_from({"AICALLER_API_KEY_FILE": str(file)}).api_key.get_secret_value() == KEY


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"], ids=repr)
@pytest.mark.parametrize("beginning", ["", "\ufeff"], ids=ascii)
def test_a_key_file_holds_the_key_as_editors_save_it(beginning: str, ending: str, tmp_path: Path) -> None:
    """With a line break at its end, and on Windows with a mark at its beginning."""
    file = tmp_path / "key"
    file.write_bytes(f"{beginning}{KEY}{ending}".encode())
    assert account_from({"AICALLER_API_KEY_FILE": str(file)}).api_key.get_secret_value() == KEY


@pytest.mark.parametrize("text", [f"{KEY}\n\n", f"{KEY}\nsecond\n", f"AICALLER_API_KEY={KEY} ", "", "\n"], ids=repr)
def test_a_key_file_with_more_or_less_than_a_key_is_refused(text: str, tmp_path: Path) -> None:
    """Which of its lines is the key is not guessed."""
    file = tmp_path / "key"
    file.write_text(text)
    assert KEY not in refusal(AICALLER_API_KEY_FILE=str(file))


def test_a_key_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Nor are its bytes shown."""
    file = tmp_path / "key"
    file.write_bytes(KEY.encode("utf-16"))
    assert "not text" in refusal(AICALLER_API_KEY_FILE=str(file))


def test_a_key_file_that_is_not_there_is_refused_without_its_name(tmp_path: Path) -> None:
    """People put the key itself into the variable for its file."""
    assert KEY not in refusal(AICALLER_API_KEY_FILE=KEY)
    for path in (str(tmp_path), str(tmp_path / "none"), "~nobody-of-this-name/key", "a\0b"):
        assert "AICALLER_API_KEY_FILE" in refusal(AICALLER_API_KEY_FILE=path)


def test_a_key_file_that_is_missing_from_a_folder_is_named(tmp_path: Path) -> None:
    """A typing error in a path is seen at once; what lies in no folder that there is may be the key."""
    path = str(tmp_path / "kye.txt")
    assert f"({path})" in refusal(AICALLER_API_KEY_FILE=path)
    for key in (KEY, f"{KEY}/{KEY}", f"/{KEY}/{KEY}"):
        assert KEY not in refusal(AICALLER_API_KEY_FILE=key)


def test_a_key_file_without_an_end_is_refused() -> None:
    """Reading it whole would take the machine's memory."""
    assert "AICALLER_API_KEY_FILE" in refusal(AICALLER_API_KEY_FILE="/dev/zero")


def test_two_keys_are_one_too_many(tmp_path: Path) -> None:
    """Which of them is meant is not guessed."""
    assert "both" in refusal(AICALLER_API_KEY=KEY, AICALLER_API_KEY_FILE=str(tmp_path / "key"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://api.aicaller.io", "https://api.aicaller.io"),
        ("https://api.aicaller.io/", "https://api.aicaller.io"),
        ("https://api.aicaller.io//", "https://api.aicaller.io"),
        ("https://api.aicaller.io:443", "https://api.aicaller.io"),
        ("https://api.aicaller.io:", "https://api.aicaller.io"),
        ("HTTPS://API.AICaller.IO", "https://api.aicaller.io"),
        ("https://eu.aicaller.io/some/path/", "https://eu.aicaller.io/some/path"),
        ("https://eu.aicaller.io:8443", "https://eu.aicaller.io:8443"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://LOCALHOST:80/", "http://localhost"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://localhost", "https://localhost"),
    ],
)
def test_an_address_is_written_in_one_way(text: str, kept: str) -> None:
    """The ledger knows a service by it: one that is written twice is two, and a number is called once by each."""
    assert checked_base_url(text) == kept
    assert account_from({"AICALLER_API_KEY": KEY, "AICALLER_BASE_URL": text}).base_url == kept


@pytest.mark.parametrize(
    "text",
    [
        " ", "api.aicaller.io", "//api.aicaller.io", "/v1", "https://", "https:///v1", "https:api.aicaller.io", "https",
        "http://api.aicaller.io", "http://192.0.2.7", "http://0.0.0.0", "http://127.1", "http://localhost.example",
        "ftp://api.aicaller.io", "file:///etc/passwd", "ws://localhost", "javascript://localhost",
        "https://api.aicaller.io?", "https://api.aicaller.io?a=b", "https://api.aicaller.io#", "https://api.aicaller.io/#a",
        "https://api.aicaller.io ", " https://api.aicaller.io", "https://api.aicaller.io\n", "https://api.aicaller.io\t/x",
        "https://api.aic\u0430ller.io", "https://\uff41pi.aicaller.io", "https://api.aicaller.io/é",
        "https://api.aicaller.io:0", "https://api.aicaller.io:99999", "https://api.aicaller.io:x", "https://a:1:2",
        "https://api.aicaller.io\\@evil.example", "https://api.aicaller.io\\x", "https://[::1", "https://[fe80::1%25eth0]",
        "https://api.aicaller.io/../x", "https://api.aicaller.io/./x", "https://api.aicaller.io/%2e%2e/",
        "https://a..io", "https://.a.io", "https://a.io.", "https://-a.io", f"https://{'a' * 64}.io",
        f"https://{'a.' * 130}io", "https://a\0.io", "https://a,b.io", "https://*.io",
    ],
    ids=ascii,
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused(text: str) -> None:
    """The key and every contact go there."""
    with pytest.raises(UsageError, match="AICALLER_BASE_URL"):
        checked_base_url(text)
    assert DEFAULT_BASE_URL in refusal(AICALLER_API_KEY=KEY, AICALLER_BASE_URL=text)


@pytest.mark.parametrize("user", ["ada:s3cret", "s3cret", ":s3cret", "s3cret:"])
def test_a_password_in_an_address_is_refused_without_being_shown(user: str) -> None:
    """It would be sent along, and stand in the ledger."""
    assert "s3cret" not in refusal(AICALLER_API_KEY=KEY, AICALLER_BASE_URL=f"https://{user}@api.aicaller.io")


def test_an_empty_address_is_none() -> None:
    """An unset variable, as shells write it."""
    assert account_from({"AICALLER_API_KEY": KEY, "AICALLER_BASE_URL": ""}).base_url == DEFAULT_BASE_URL


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.1:2", "http://[::1]:3", "https://localhost", "http://127.3.2.1"]
)
def test_every_loopback_address_is_one_service(url: str) -> None:
    """A stand-in has another port each time; what it called is called."""
    assert service_of(url) == LOOPBACK_SERVICE


def test_every_other_address_is_a_service_of_its_own() -> None:
    """Calls made at one say nothing about the other."""
    assert service_of("https://api.aicaller.io") != service_of("https://eu.aicaller.io")


def test_the_ledgers_folder_is_what_campaign_home_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the system's place for it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert home_from({"CAMPAIGN_HOME": str(tmp_path / "x")}) == tmp_path / "x"
    assert home_from({"CAMPAIGN_HOME": "~/x"}) == tmp_path / "x"
    assert home_from({}).is_absolute()
    assert home_from({"CAMPAIGN_HOME": ""}) == home_from({})


def test_a_ledgers_folder_in_nobodys_home_is_refused() -> None:
    """A traceback says nothing about the variable."""
    with pytest.raises(UsageError, match="CAMPAIGN_HOME"):
        home_from({"CAMPAIGN_HOME": "~nobody-of-this-name/x"})
