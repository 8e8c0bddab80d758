"""Commands of `campaign user` and `campaign token`; their code is loaded when they are called."""

import click

from campaign.cli.declarations.help import Verbs as _Verbs
from campaign.cli.declarations.options import FILE as _FILE, verb as _verb
from campaign.cli.options.serving import (
    ListOptions,
    NameOptions,
    TokenAddOptions,
    UserAddOptions,
    UserPasswordOptions,
)
from campaign.cli.terminal import Terminal

_role = click.option(
    "--role",
    type=click.Choice(["operator", "viewer"]),
    default="viewer",
    show_default=True,
    help="An operator launches and changes; a viewer looks, with numbers masked.",
)
_password_file = click.option(
    "--password-file", type=_FILE, metavar="FILE", help="Holds the password alone; without it, it is asked for."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group(
    cls=_Verbs,
    short_help="who may use the page: add, list, password, remove",
)
def user() -> None:
    """Say who may use the page. Of a password only a hash is kept."""


@user.command(
    "add",
)
@click.argument("name")
@_role
@_password_file
@_as_json
@_verb(UserAddOptions)
def user_add(options: UserAddOptions, terminal: Terminal) -> int:
    """Add the user NAME: one word, kept in small letters. Asks for their password, at least 10 characters, twice."""
    from campaign.cli.commands.serving import users  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return users.add(options, terminal)


@user.command("list")
@_as_json
@_verb(ListOptions)
def user_list(options: ListOptions, terminal: Terminal) -> int:
    """Show the users, oldest first: since when, name, role."""
    from campaign.cli.commands.serving import users  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return users.show(options, terminal)


@user.command("password")
@click.argument("name")
@_password_file
@_verb(UserPasswordOptions)
def user_password(options: UserPasswordOptions, terminal: Terminal) -> int:
    """Give the user NAME another password, and sign them out everywhere."""
    from campaign.cli.commands.serving import users  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return users.password(options, terminal)


@user.command("remove")
@click.argument("name")
@_verb(NameOptions)
def user_remove(options: NameOptions, terminal: Terminal) -> int:
    """Remove the user NAME, and sign them out everywhere. What they did stays written down."""
    from campaign.cli.commands.serving import users  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return users.remove(options, terminal)


@click.group(
    cls=_Verbs,
    short_help="what lets programs use the API: add, list, revoke",
)
def token() -> None:
    """Keep the tokens by which programs use the API. A token is shown once; only its hash is kept."""


@token.command(
    "add",
)
@click.argument("name")
@_role
@_as_json
@_verb(TokenAddOptions)
def token_add(options: TokenAddOptions, terminal: Terminal) -> int:
    """Add a token called NAME, and print it: nobody can show it again."""
    from campaign.cli.commands.serving import tokens  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return tokens.add(options, terminal)


@token.command("list")
@_as_json
@_verb(ListOptions)
def token_list(options: ListOptions, terminal: Terminal) -> int:
    """Show the tokens, oldest first: since when, name, role, who made it, its last use."""
    from campaign.cli.commands.serving import tokens  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return tokens.show(options, terminal)


@token.command("revoke")
@click.argument("name")
@_verb(NameOptions)
def token_revoke(options: NameOptions, terminal: Terminal) -> int:
    """Revoke the token NAME: it opens nothing from now on."""
    from campaign.cli.commands.serving import tokens  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return tokens.revoke(options, terminal)
