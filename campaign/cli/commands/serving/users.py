"""`user`: adds, lists and removes the users of the page. A password is asked for without being shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaign.cli.options.serving import ListOptions, NameOptions, UserAddOptions, UserPasswordOptions
from campaign.cli.output import asked_secret, echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.access.users import (
    FEWEST,
    Role,
    User,
    add_user,
    all_users,
    password_from,
    remove_user,
    set_password,
)
from campaign.usecases.serving.acts import at_this_machine


def add(options: UserAddOptions, terminal: Terminal) -> int:
    """The command `user add`."""
    password = _password(options.name, file=options.password_file, terminal=terminal)
    with opened_ledger(terminal) as ledger:
        added = add_user(ledger, options.name, role=Role(options.role), password=password, by=at_this_machine())
    if options.as_json:
        echo_json(_user_dict(added), only_ascii=False)
    else:
        echo(f"user {added.name}: added as {added.role}")
    return 0


def show(options: ListOptions, terminal: Terminal) -> int:
    """The command `user list`."""
    with opened_ledger(terminal) as ledger:
        users = all_users(ledger)
    if options.as_json:
        echo_json([_user_dict(user) for user in users], only_ascii=False)
    elif users:
        echo(*(f"{to_text(user.created_at)}  {user.name}  {user.role}" for user in users))
    else:
        terminal.say("there are no users; add one with: campaign user add NAME")
    return 0


def password(options: UserPasswordOptions, terminal: Terminal) -> int:
    """The command `user password`."""
    given = _password(options.name, file=options.password_file, terminal=terminal)
    with opened_ledger(terminal) as ledger:
        set_password(ledger, options.name, password=given, by=at_this_machine())
    echo(f"user {options.name}: has another password now, and is signed out everywhere")
    return 0


def remove(options: NameOptions, terminal: Terminal) -> int:
    """The command `user remove`."""
    with opened_ledger(terminal) as ledger:
        remove_user(ledger, options.name, by=at_this_machine())
    echo(f"user {options.name}: removed, and signed out everywhere")
    return 0


def _password(name: str, *, file: Path | None, terminal: Terminal) -> str:
    if file is not None:
        return password_from(file)
    if not terminal.interactive:
        raise UsageError("there is no terminal to ask for the password at: give --password-file; nothing was changed")
    return asked_secret(f"Password of {name} (at least {FEWEST} characters)")


def _user_dict(user: User) -> Mapping[str, Any]:
    return {"name": user.name, "role": user.role.value, "created_at": to_text(user.created_at)}
